//! Damaged files of other systems, many of them: nothing panics, hangs or grows, and whatever line comes out is read or
//! rejected at the door.
//!
//! Cases follow from a number, so that each can be run again. By default there are enough for a commit; for a long run:
//! `ANTENNE_FUZZ_SECONDS=600 cargo test --release --test fuzz_formats -- --nocapture`. `ANTENNE_FUZZ_CASE=n` runs one.
#![expect(clippy::disallowed_methods, reason = "a test measures how long it runs")]

use antenne::domain::Timestamp;
use antenne::ingest::hr::{History, Mapping, People};
use antenne::ingest::stackexchange::{DumpFile, Translator};
use antenne::ingest::{FutureRule, Rejection, Tally, decode};
use std::time::{Duration, Instant};

const CASES: u64 = 3_000;
/// No single damaged file may take as long.
const PATIENCE: Duration = Duration::from_secs(5);
const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

const XML: [(DumpFile, &str); 5] = [
    (
        DumpFile::Users,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<users>\n<row Id=\"-1\" CreationDate=\"2020-01-01T00:00:00.000\"/>\n\
         <row Id=\"7\" CreationDate=\"2020-01-01T00:00:00.000\" DisplayName=\"L&#xE9;a &amp; co\"/>\n</users>",
    ),
    (
        DumpFile::Badges,
        "<badges><row Id=\"2\" UserId=\"7\" Name=\"c#\" Date=\"2020-02-03T00:00:00.000\" Class=\"2\" TagBased=\"True\"/></badges>",
    ),
    (
        DumpFile::Tags,
        "<tags><row Id=\"1\" TagName=\"c#\"/><row Id=\"2\" TagName=\"sql\"/></tags>",
    ),
    (
        DumpFile::Posts,
        "<posts><row Id=\"1\" PostTypeId=\"1\" CreationDate=\"2020-03-01T10:00:00.5\" Title=\"a\" Body=\"&lt;p&gt;b&lt;/p&gt;\" \
         Tags=\"&lt;c#&gt;\" OwnerUserId=\"7\" ClosedDate=\"2020-03-09T00:00:00\"/>\n<row Id=\"2\" PostTypeId=\"2\" ParentId=\"1\" \
         CreationDate=\"2020-03-01T11:00:00.0\" Body=\"c\" LastEditDate=\"2020-03-02T11:00:00.0\"></row></posts>",
    ),
    (
        DumpFile::Votes,
        "<votes><row Id=\"1\" PostId=\"2\" VoteTypeId=\"2\" CreationDate=\"2020-03-01T00:00:00\"/>\n\
         <row Id=\"2\" PostId=\"2\" VoteTypeId=\"1\" CreationDate=\"2020-03-02T00:00:00\"/></votes>",
    ),
];

const MAPPING: &str = "complete = true\n[person]\nid = \"N°\"\nname = [\"Prénom\", \"Nom\"]\nunit = [\"Dir\"]\n\
                       languages = { column = \"L\", separator = \"/\", values = { \"Français\" = \"fr\" } }\n\
                       joined = \"Du\"\nleft = \"Au\"\nmanager = \"N+1\"\n[skills]\ncolumn = \"C\"\nlevel_after = \":\"\n\
                       level_max = 4\n[absence]\nfrom = \"A1\"\nuntil = \"A2\"\n";
const CSV: &str = "N°;Prénom;Nom;Dir;L;Du;Au;N+1;C;A1;A2\n1;Zoé;\"B;é\";D/E;Français/en;01/02/2020;;2;SQL:3,\"\"R\"\";;\n\
                   2;Ed;C;D;;2020-02-01;31/12/2020;;;01/07/2024;02/07/2024\n";

/// Pieces that formats stumble over.
const PIECES: [&[u8]; 24] = [
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
];

/// `SplitMix64`: a case's own sequence of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }

    /// `text` after one to six damages.
    fn damage(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.roll(6) {
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

/// One dump with one or more damaged files. How many lines came out.
fn dump(case: u64) -> usize {
    let mut dice = Dice(case);
    let mut translator = Translator::new("s");
    let mut lines = 0;
    for (file, text) in XML {
        let bytes = if dice.roll(2) == 0 {
            dice.damage(text)
        } else {
            text.as_bytes().to_vec()
        };
        let mut tally = Tally::default();
        let mut sink = |_: u64, line: Result<&[u8], Rejection>| {
            if let Ok(line) = line {
                serde_json::from_slice::<serde_json::Value>(line).expect("an importer writes JSON");
                let _ = decode(line, FutureRule::Accept { now: NOW });
                lines += 1;
            }
            true
        };
        let _ = translator.translate(file, &bytes[..], &mut tally, &mut sink);
        let left_out: u64 = tally.left_out().map(|(_, count)| count).sum();
        assert_eq!(tally.rows, tally.used + tally.rejected + left_out);
    }
    lines
}

/// One damaged people file, with a mapping that may be damaged too. How many lines came out.
fn people(case: u64) -> usize {
    let mut dice = Dice(case);
    let text = if dice.roll(4) == 0 {
        String::from_utf8_lossy(&dice.damage(MAPPING)).into_owned()
    } else {
        MAPPING.to_owned()
    };
    let bytes = dice.damage(CSV);
    let mapping = Mapping::parse(&text)
        .or_else(|_| Mapping::parse(MAPPING))
        .expect("the mapping is in order");
    let Ok(people) = People::read(&bytes, &mapping) else {
        return 0;
    };
    let mut history = History::new("s");
    let changes = people.compared(&mapping, "s", &history, NOW);
    let mut lines = 0;
    for line in changes.lines.iter().filter_map(|(_, line)| line.as_ref().ok()) {
        let decoded = decode(line, FutureRule::Accept { now: NOW }).expect("what was compared is in order");
        history.learn(&decoded.canonical);
        lines += 1;
    }
    let again = People::read(&bytes, &mapping).expect("it was read before");
    let again = again.compared(&mapping, "s", &history, NOW.plus_micros(86_400_000_000));
    assert!(
        !again.lines.iter().any(|(_, line)| line.is_ok()),
        "the same file says something new"
    );
    lines
}

fn fuzz(name: &str, run: fn(u64) -> usize) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(case) = number("ANTENNE_FUZZ_CASE") {
        println!("{name}: case {case}: {} lines", run(case));
        return;
    }
    let lasts = number("ANTENNE_FUZZ_SECONDS").map(Duration::from_secs);
    let (began, mut case, mut lines) = (Instant::now(), 0, 0);
    while lasts.map_or(case < CASES, |lasts| began.elapsed() < lasts) {
        let since = Instant::now();
        let outcome = std::panic::catch_unwind(|| run(case));
        lines += outcome.unwrap_or_else(|_| panic!("{name}: ANTENNE_FUZZ_CASE={case} panics"));
        assert!(
            since.elapsed() < PATIENCE,
            "{name}: ANTENNE_FUZZ_CASE={case} takes {:?}",
            since.elapsed()
        );
        case += 1;
    }
    println!(
        "{name}: {case} cases, {lines} lines of events, in {:?}",
        began.elapsed()
    );
    assert!(lines > 0, "the cases are so damaged that they show nothing");
}

#[test]
fn damaged_dumps_are_read_or_refused() {
    fuzz("dumps", dump);
}

#[test]
fn damaged_people_files_are_read_or_refused() {
    fuzz("people files", people);
}
