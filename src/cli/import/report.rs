//! What became of an import: counts, the lines that were not taken, and the files that broke off.

use crate::cli::control::wire::{Outcome, Refused};
use crate::cli::failure::{Done, Failure};
use crate::cli::log;
use crate::ingest::Tally;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Rejected lines, and events that would be taken, that are shown to people.
const SHOWN: usize = 20;

/// What became of the rows of one file in another system's format.
pub struct FileAccount {
    name: String,
    tally: Tally,
}

impl FileAccount {
    /// The account of the file called `name`.
    pub fn new(name: &str, tally: &Tally) -> Self {
        Self {
            name: name.to_owned(),
            tally: tally.clone(),
        }
    }

    fn as_text(&self) -> String {
        let tally = &self.tally;
        let mut text = format!("{}: {} rows, {} used", self.name, tally.rows, tally.used);
        // Writing into a string cannot fail.
        if tally.rejected > 0 {
            let _ = write!(text, ", {} rejected", tally.rejected);
        }
        for (kind, count) in tally.events() {
            let _ = write!(text, "\n  {count:>9} {kind}");
        }
        for (reason, count) in tally.left_out() {
            let _ = write!(text, "\n  {count:>9} not imported: {reason}");
        }
        text
    }

    fn as_json(&self) -> Value {
        let tally = &self.tally;
        let events: Map<String, Value> = tally
            .events()
            .map(|(kind, count)| (kind.into(), count.into()))
            .collect();
        let left_out: Map<String, Value> = tally
            .left_out()
            .map(|(why, count)| (why.into(), count.into()))
            .collect();
        json!({"file": self.name, "rows": tally.rows, "used": tally.used, "rejected": tally.rejected,
            "events": events, "not_imported": left_out})
    }
}

/// The report of one import.
pub struct Report {
    names: Vec<String>,
    json: bool,
    totals: Outcome,
    /// Rejected lines with their file; only the shown ones, unless the report is for a program.
    rejected: Vec<(usize, Refused)>,
    rejected_count: u64,
    broken: Vec<String>,
    files: Vec<FileAccount>,
    notes: Vec<String>,
    /// Whether nothing was changed, and then what would be, as it is shown.
    rehearsal: bool,
    would_take: Vec<(usize, u64, String)>,
}

impl Report {
    /// An empty report on the files called `names`.
    pub fn new(names: Vec<String>, json: bool) -> Self {
        Self {
            names,
            json,
            totals: Outcome::default(),
            rejected: Vec::new(),
            rejected_count: 0,
            broken: Vec::new(),
            files: Vec::new(),
            notes: Vec::new(),
            rehearsal: false,
            would_take: Vec::new(),
        }
    }

    /// Adds what became of some lines of the file `file`.
    pub fn add(&mut self, file: usize, outcome: Outcome) {
        self.totals.accepted += outcome.accepted;
        self.totals.duplicate += outcome.duplicate;
        self.totals.ignored += outcome.ignored;
        self.totals.ahead += outcome.ahead;
        self.totals.generation = self.totals.generation.max(outcome.generation);
        self.rejected_count += outcome.rejected.len() as u64;
        let room = self.room(self.rejected.len());
        let shown = outcome.rejected.into_iter().take(room);
        self.rejected.extend(shown.map(|line| (file, line)));
    }

    /// How many more are shown, when `shown` are.
    fn room(&self, shown: usize) -> usize {
        if self.json {
            usize::MAX
        } else {
            SHOWN.saturating_sub(shown)
        }
    }

    /// Notes that nothing is changed.
    pub fn is_rehearsal(&mut self) {
        self.rehearsal = true;
    }

    /// Notes an event, as it is `shown`, that line `line` of the file `file` would bring.
    pub fn would_take(&mut self, file: usize, line: u64, shown: &str) {
        if self.room(self.would_take.len()) > 0 {
            self.would_take.push((file, line, shown.to_owned()));
        }
    }

    /// Adds what became of rows in another system's format, and what else is worth knowing.
    pub fn explain(&mut self, files: Vec<FileAccount>, notes: Vec<String>) {
        self.files = files;
        self.notes = notes;
    }

    /// Notes that the file `file` could not be read to its end.
    pub fn broke_off(&mut self, file: usize, why: &str) {
        let name = &self.names[file];
        self.broken.push(if self.rehearsal {
            format!("{name}: {why}; it would be imported up to there")
        } else {
            format!("{name}: {why}; what came before was imported, and importing it again changes nothing")
        });
    }

    /// The report as it is printed.
    pub fn shown(&self) -> String {
        if self.json {
            format!("{}\n", self.as_json())
        } else {
            self.as_text()
        }
    }

    fn as_json(&self) -> Value {
        let rejected: Vec<Value> = self
            .rejected
            .iter()
            .map(|(file, line)| {
                json!({"file": self.names[*file], "line": line.line, "field": line.field, "code": line.code,
                    "detail": line.detail})
            })
            .collect();
        let mut report = json!({
            "accepted": self.totals.accepted,
            "duplicate": self.totals.duplicate,
            "ignored": self.totals.ignored,
            "ahead_of_clock": self.totals.ahead,
            "rejected": rejected,
            "broken": self.broken,
            "generation": self.totals.generation,
        });
        if !self.files.is_empty() {
            report["files"] = self.files.iter().map(FileAccount::as_json).collect();
            report["notes"] = json!(self.notes);
        }
        if self.rehearsal {
            report["dry_run"] = true.into();
            let changes = self.would_take.iter();
            report["would_take"] = changes
                .map(|(file, line, shown)| json!({"file": self.names[*file], "line": line, "event": shown}))
                .collect();
        }
        report
    }

    fn as_text(&self) -> String {
        let mut text = String::new();
        // Writing into a string cannot fail.
        for (file, line) in &self.rejected {
            let _ = write!(text, "{}:{}: ", self.names[*file], line.line);
            if !line.field.is_empty() {
                let _ = write!(text, "{}: ", line.field);
            }
            let _ = writeln!(text, "{}: {}", line.code, line.detail);
        }
        let more = self.rejected_count - self.rejected.len() as u64;
        if more > 0 {
            let _ = writeln!(text, "… and {more} more rejected: --json names them all");
        }
        for (file, line, shown) in &self.would_take {
            // What a file says by leaving it out has no line.
            let line = if *line > 0 { format!("{line}: ") } else { " ".to_owned() };
            let _ = writeln!(text, "{}:{line}{shown}", self.names[*file]);
        }
        let more = self.totals.accepted - self.would_take.len() as u64;
        if self.rehearsal && more > 0 {
            let _ = writeln!(text, "… and {more} more events: --json names them all");
        }
        for file in &self.files {
            let _ = writeln!(text, "{}", file.as_text());
        }
        for note in &self.notes {
            let _ = writeln!(text, "note: {note}");
        }
        if self.rehearsal {
            let _ = write!(text, "nothing was changed; an import would say: ");
        }
        let _ = writeln!(
            text,
            "accepted {}, duplicate {}, rejected {}, ignored {}",
            self.totals.accepted, self.totals.duplicate, self.rejected_count, self.totals.ignored
        );
        text
    }

    /// Whether there was nothing at all to say something about.
    fn is_empty(&self) -> bool {
        let totals = &self.totals;
        let seen = totals.accepted + totals.duplicate + totals.ignored + self.rejected_count;
        seen == 0 && self.broken.is_empty() && self.files.is_empty()
    }

    /// Says on standard error what is not as it should be and stops nothing.
    pub fn warn(&self) {
        if self.is_empty() {
            let names = self.names.join(", ");
            log::warn(&format!("there is no event in {names}: is it the right file?"));
        }
        if self.totals.ahead > 0 {
            log::warn(&format!(
                "{} of the accepted events lie more than 5 minutes ahead of the clock, and answers hold \
                 as of the newest fact: what ends before it (absences, opt-outs for a time) counts as over; check the \
                 dates, or the clock; `fact.retracted` takes an event back",
                self.totals.ahead
            ));
        }
    }

    /// How the command ends.
    ///
    /// # Errors
    /// When a file could not be read to its end.
    pub fn ending(&self) -> Result<Done, Failure> {
        if !self.broken.is_empty() {
            return Err(Failure::new(self.broken.join("\nantenne: ")));
        }
        Ok(if self.rejected_count > 0 {
            Done::WithRejectedLines
        } else {
            Done::Whole
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: u64, field: &str) -> Refused {
        Refused {
            line,
            field: field.to_owned(),
            code: "missing".to_owned(),
            detail: "say who".to_owned(),
        }
    }

    fn with(rejected: Vec<Refused>, json: bool) -> Report {
        let mut report = Report::new(vec!["a.jsonl".to_owned(), "b.jsonl".to_owned()], json);
        let outcome = Outcome {
            accepted: 2,
            rejected,
            ..Outcome::default()
        };
        report.add(1, outcome);
        report
    }

    #[test]
    fn a_rejected_line_is_named_with_its_file() {
        let text = with(vec![refused(3, "data.person"), refused(4, "")], false).shown();
        assert_eq!(
            text,
            "b.jsonl:3: data.person: missing: say who\nb.jsonl:4: missing: say who\n\
             accepted 2, duplicate 0, rejected 2, ignored 0\n"
        );
    }

    #[test]
    fn people_see_twenty_and_programs_all() {
        let many: Vec<_> = (1..=25).map(|line| refused(line, "id")).collect();
        let text = with(many.clone(), false).shown();
        assert!(text.contains("b.jsonl:20:") && !text.contains("b.jsonl:21:"));
        assert!(text.contains("… and 5 more rejected"));
        let json: Value = serde_json::from_str(&with(many, true).shown()).unwrap();
        assert_eq!(json["rejected"].as_array().unwrap().len(), 25);
        assert_eq!(json["rejected"][24]["file"], "b.jsonl");
    }

    #[test]
    fn a_file_that_broke_off_weighs_more_than_a_rejected_line() {
        let mut report = with(vec![refused(1, "")], false);
        assert_eq!(report.ending(), Ok(Done::WithRejectedLines));
        report.broke_off(0, "it ends at byte 7");
        let why = report.ending().unwrap_err().to_string();
        assert!(why.starts_with("a.jsonl: it ends at byte 7; "), "{why}");
        assert_eq!(with(vec![], false).ending(), Ok(Done::Whole));
    }
}
