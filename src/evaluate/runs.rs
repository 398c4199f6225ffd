//! Rankings and gold in the forms that scorers of rankings read. (TREC run and qrels files.)
//!
//! A field is percent-encoded where it holds white space, a control character, `%` or `|`, or leaves ASCII: fields are
//! told apart by blanks, and `|` joins the two parts of a query's name.

use percent_encoding::{AsciiSet, CONTROLS, PercentEncode, utf8_percent_encode};
use std::io::{self, Write};

/// The name under which our runs go.
const TAG: &str = "antenne";
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'|');

fn field(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, ENCODED)
}

/// The name of a query of these parts, as a field.
fn name(parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| field(part).to_string()).collect();
    parts.join("|")
}

/// Writes `query Q0 person rank score antenne` for each of `ranking`, best first.
///
/// Scorers sort by the score alone, many of them in single precision, and break ties as they like: where two scores would
/// print the same, the lower place is given the next smaller number, so that scores always tell the ranks.
pub(super) fn write_run(out: &mut impl Write, query: &[&str], ranking: &[(&str, f64)]) -> io::Result<()> {
    let (query, mut last) = (name(query), f32::MAX);
    for (rank, (person, score)) in (1..).zip(ranking) {
        last = (*score as f32).min(last.next_down()).max(f32::MIN);
        writeln!(out, "{query} Q0 {} {rank} {last:?} {TAG}", field(person))?;
    }
    Ok(())
}

/// Writes `query 0 person 1` for each of `gold`.
pub(super) fn write_qrels(out: &mut impl Write, query: &[&str], gold: &[&str]) -> io::Result<()> {
    let query = name(query);
    gold.iter()
        .try_for_each(|person| writeln!(out, "{query} 0 {} 1", field(person)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_hold_no_blank_and_scores_fall_strictly() {
        let mut out = Vec::new();
        let ranking = [("a b", 1.5), ("é%|", 1.5), ("c", 1.5 - 1e-12), ("d", -2.0)];
        write_run(&mut out, &["q 1"], &ranking).expect("memory");
        let text = String::from_utf8(out).expect("ASCII");
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
        assert_eq!(lines[0], ["q%201", "Q0", "a%20b", "1", "1.5", "antenne"]);
        assert_eq!(lines[1][2], "%C3%A9%25%7C");
        let scores: Vec<f32> = lines.iter().map(|line| line[4].parse().expect("a number")).collect();
        assert!(scores.windows(2).all(|pair| pair[0] > pair[1]), "{scores:?}");
        assert!((scores[3] + 2.0).abs() < 1e-6);
    }

    #[test]
    fn gold_is_one_line_a_person() {
        let mut out = Vec::new();
        write_qrels(&mut out, &["q|1", "2024-01-31"], &["a", "b"]).expect("memory");
        assert_eq!(
            out, b"q%7C1|2024-01-31 0 a 1\nq%7C1|2024-01-31 0 b 1\n",
            "the bar that joins two parts is the only one"
        );
    }
}
