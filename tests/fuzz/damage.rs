//! Damage that follows from a number, and the loop that deals it out.

use antenne::chance::Draws;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// No single case may take as long.
const PATIENCE: Duration = Duration::from_secs(5);

/// Pieces that formats stumble over.
const PIECES: [&[u8]; 38] = [
    b"<",
    b">",
    b"\"",
    b"'",
    b"&",
    b"&#0;",
    b"&#x110000;",
    b"&a;",
    b"<!DOCTYPE a [",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"-->",
    b"<?",
    b"?>",
    b"/>",
    b";",
    b",",
    b"\r",
    b"\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"9999999999999999999999",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"%",
    b"%00",
    b"%ff",
    b"&&",
    b"=",
    b"{",
    b"[[[[[[[[",
    b"null",
    b"-1",
    b"1e999",
    "e\u{301}".as_bytes(),
];

/// A case's own sequence of numbers.
pub struct Dice(Draws);

impl Dice {
    pub fn of(case: u64) -> Self {
        Self(Draws(case))
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0.below(sides.max(1))
    }

    /// `text` after one to six damages, few more often than many.
    pub fn damage(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        let most = self.roll(6) + 1;
        for _ in 0..=self.roll(most) {
            let (at, other) = (self.roll(bytes.len()), self.roll(bytes.len()));
            match self.roll(7) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at.min(other)..at.max(other))),
                2 => {
                    let copy = bytes[at.min(other)..at.max(other)].to_vec();
                    drop(bytes.splice(at..at, copy));
                }
                3 if !bytes.is_empty() => bytes[at] = self.roll(256) as u8,
                4 => {
                    let long = bytes.get(at).copied().unwrap_or(b'x');
                    let length = 1 << self.roll(14);
                    drop(bytes.splice(at..at, std::iter::repeat_n(long, length)));
                }
                _ => drop(bytes.splice(at..at, PIECES[self.roll(PIECES.len())].iter().copied())),
            }
        }
        bytes
    }
}

/// Runs cases from 0 on, `cases` of them or as many as time allows, or the one that is asked for; `run` returns how much came
/// of a case.
pub fn fuzz(name: &str, cases: u64, run: impl Fn(u64) -> usize) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(case) = number("ANTENNE_FUZZ_CASE") {
        println!("{name}: case {case}: {}", run(case));
        return;
    }
    let lasts = number("ANTENNE_FUZZ_SECONDS").map(Duration::from_secs);
    let (began, mut case, mut lines) = (Instant::now(), 0, 0);
    while lasts.map_or(case < cases, |lasts| began.elapsed() < lasts) {
        let since = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| run(case)));
        lines += outcome.unwrap_or_else(|_| panic!("{name}: ANTENNE_FUZZ_CASE={case} panics"));
        assert!(
            since.elapsed() < PATIENCE,
            "{name}: ANTENNE_FUZZ_CASE={case} takes {:?}",
            since.elapsed()
        );
        case += 1;
    }
    println!("{name}: {case} cases, of which came {lines}, in {:?}", began.elapsed());
    assert!(lines > 0, "the cases are so damaged that they show nothing");
}
