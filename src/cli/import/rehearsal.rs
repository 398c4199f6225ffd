//! `--dry-run`: every line is read and held against what is there, and nothing is changed.

use super::feed::{Feed, Take};
use super::progress::Progress;
use super::report::Report;
use crate::app::{Ahead, Clock as _, RejectedLine, Sources};
use crate::cli::control::wire::Outcome;
use crate::cli::failure::Failure;
use crate::cli::machine::SystemClock;
use crate::cli::session::Session;
use crate::domain::{ContentHash, EventKey};
use crate::ingest::{Code, Decoded, FutureRule, Rejection, decode};
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Characters of an event that are shown.
const SHOWN_CHARS: usize = 160;

/// The events that are there: what tells each from others, and its content.
#[derive(Default)]
pub struct There(HashMap<EventKey, ContentHash>);

impl There {
    /// Looks at everything that `session` holds. Cost: the whole log once.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn of(session: &mut Session) -> Result<Self, Failure> {
        let mut there = Self::default();
        each_line(session, &mut |line| {
            let rule = FutureRule::Accept { now: SystemClock.now() };
            if let Ok(decoded) = decode(line, rule) {
                there.0.insert(decoded.fact.key, decoded.fact.content);
            }
        })?;
        Ok(there)
    }
}

/// Calls `each` with every canonical line of the log.
///
/// # Errors
/// When the log cannot be read.
pub fn each_line(session: &mut Session, each: &mut dyn FnMut(&[u8])) -> Result<(), Failure> {
    session.export(&mut |lines| {
        lines
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .for_each(&mut *each);
        ControlFlow::Continue(())
    })
}

/// Lets `feed` give its lines, and adds to `report` what would become of them.
pub fn run(
    feed: &mut dyn Feed,
    there: There,
    (sources, ahead): (Sources, Ahead),
    progress: &Progress,
    report: &mut Report,
) {
    let now = SystemClock.now();
    let mut rehearsal = Rehearsal {
        there: there.0,
        sources,
        future: match ahead {
            Ahead::Refused => FutureRule::Reject { now },
            Ahead::Taken => FutureRule::Accept { now },
        },
        taken: 0,
        progress,
        report,
    };
    feed.run(progress, &mut rehearsal);
}

struct Rehearsal<'r> {
    there: HashMap<EventKey, ContentHash>,
    sources: Sources,
    future: FutureRule,
    taken: u64,
    progress: &'r Progress,
    report: &'r mut Report,
}

impl Rehearsal<'_> {
    /// What would become of a line that is in order.
    fn judge(&mut self, file: usize, number: u64, decoded: Decoded) -> Result<Outcome, Rejection> {
        let mut outcome = Outcome::default();
        if self.sources.leave_out(&decoded.fact) {
            outcome.ignored = 1;
            return Ok(outcome);
        }
        match self.there.get(&decoded.fact.key) {
            Some(content) if *content == decoded.fact.content => outcome.duplicate = 1,
            Some(_) => {
                let detail = "the same source and id came before with another content; the first stays";
                return Err(Rejection {
                    field: "id".to_owned(),
                    code: Code::IdReused,
                    detail: detail.to_owned(),
                });
            }
            None => {
                outcome.accepted = 1;
                outcome.ahead = u64::from(decoded.ahead_of_clock);
                self.report.would_take(file, number, &shown(&decoded.canonical));
                self.there.insert(decoded.fact.key, decoded.fact.content);
            }
        }
        Ok(outcome)
    }
}

impl Take for Rehearsal<'_> {
    fn line(&mut self, file: usize, number: u64, line: Result<&[u8], Rejection>) -> bool {
        let judged = line.and_then(|line| self.sources.decode(line, self.future));
        let outcome = judged.and_then(|decoded| self.judge(file, number, decoded));
        let outcome = outcome.unwrap_or_else(|rejection| Outcome {
            rejected: vec![RejectedLine::new(number, rejection).into()],
            ..Outcome::default()
        });
        self.taken += outcome.accepted;
        self.progress.taken(self.taken);
        self.report.add(file, outcome);
        true
    }

    fn end(&mut self, file: usize, broken: Option<String>) -> bool {
        if let Some(why) = broken {
            self.report.broke_off(file, &why);
        }
        true
    }
}

/// An event as people read it: its type and what it says, cut short.
fn shown(canonical: &[u8]) -> String {
    let text = String::from_utf8_lossy(canonical);
    let after = |mark: &str| text.split_once(mark).map_or("", |(_, after)| after);
    let kind = after(r#","type":""#).split('"').next().unwrap_or_default();
    let data = after(r#","data":"#);
    let data = data.strip_suffix('}').unwrap_or(data);
    let mut shown: String = format!("{kind} {data}").chars().take(SHOWN_CHARS).collect();
    if data.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_shown_by_type_and_data() {
        let line = br#"{"id":"1","source":"s","type":"person.left","at":"2024-05-02T00:00:00Z","data":{"person":"a"}}"#;
        assert_eq!(shown(line), r#"person.left {"person":"a"}"#);
        assert!(shown(format!(r#"x,"type":"t","data":"{}"#, "é".repeat(500)).as_bytes()).ends_with("é…"));
    }
}
