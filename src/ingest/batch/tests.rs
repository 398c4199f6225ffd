//! Batches: lines, arrays, limits, compressed files.

use super::*;
use crate::ingest::Code;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// The lines of `input`, read `chunk` bytes at a time, and how reading ended.
fn read_in(input: &[u8], chunk: usize) -> (Vec<(u64, String)>, Option<String>) {
    struct Trickle<'i>(&'i [u8], usize);
    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }
    collect(Lines::new(Trickle(input, chunk)))
}

fn collect<R: Read>(mut lines: Lines<R>) -> (Vec<(u64, String)>, Option<String>) {
    let mut found = Vec::new();
    loop {
        match lines.next_line() {
            Ok(Some(line)) => {
                let text = line
                    .bytes
                    .map_or_else(|r| r.code.to_string(), |b| String::from_utf8_lossy(b).into_owned());
                found.push((line.number, text));
            }
            Ok(None) => return (found, None),
            Err(error) => {
                assert!(matches!(lines.next_line(), Ok(None)), "nothing comes after an error");
                return (found, Some(error.to_string()));
            }
        }
    }
}

fn lines_of(input: &str) -> Vec<(u64, String)> {
    let whole = read_in(input.as_bytes(), usize::MAX);
    assert_eq!(
        whole,
        read_in(input.as_bytes(), 1),
        "the size of the pieces changes nothing"
    );
    assert_eq!(whole.1, None);
    whole.0
}

fn owned(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
    expected
        .iter()
        .map(|(number, text)| (*number, (*text).to_owned()))
        .collect()
}

#[test]
fn ndjson_is_numbered_by_line_whatever_its_ends() {
    assert_eq!(lines_of("{1}\n{2}\n"), owned(&[(1, "{1}"), (2, "{2}")]));
    assert_eq!(lines_of("{1}\r\n\r\n \n{4}"), owned(&[(1, "{1}"), (4, "{4}")]));
    assert_eq!(lines_of("\n\n{3}\n"), owned(&[(3, "{3}")]));
    assert_eq!(lines_of("\u{feff}{1}"), owned(&[(1, "{1}")]));
    assert_eq!(lines_of(""), owned(&[]));
    assert_eq!(lines_of(" \n "), owned(&[]));
    assert_eq!(lines_of("{1}\n[2]\n"), owned(&[(1, "{1}"), (2, "[2]")]));
}

#[test]
fn an_array_is_numbered_by_item() {
    assert_eq!(lines_of("[]"), owned(&[]));
    assert_eq!(lines_of("\u{feff}\n [\n]\n"), owned(&[]));
    assert_eq!(
        lines_of("[{\"a\":[1,2]},\n {\"b\":\"],\\\"}\\\\\"}]"),
        owned(&[(1, "{\"a\":[1,2]}"), (2, "{\"b\":\"],\\\"}\\\\\"}")])
    );
    assert_eq!(
        lines_of("[1,nonsense,}]\n\n"),
        owned(&[(1, "1"), (2, "nonsense"), (3, "}")])
    );
}

#[test]
fn an_array_that_cannot_be_read_says_after_which_item() {
    for (input, items) in [
        ("[", 0),
        ("[1,2", 1),
        ("[1,,2]", 1),
        ("[1,]", 1),
        ("[,]", 0),
        ("[1] x", 1),
        ("[1][2]", 1),
        ("[\"", 0),
    ] {
        let error = split(input.as_bytes()).expect_err(input);
        assert!(
            matches!(error, BatchError::Array { items: found, .. } if found == items),
            "{input}: {error}"
        );
    }
    let (lines, error) = read_in(b"[1,2] x", 1);
    assert_eq!(lines, owned(&[(1, "1"), (2, "2")]), "what came before is given out");
    assert!(error.is_some());
}

#[test]
fn a_line_that_is_too_long_is_passed_over() {
    let exact = "x".repeat(MAX_LINE_BYTES);
    let long = "x".repeat(3 * MAX_LINE_BYTES);
    for (open, comma, close) in [("", "\n", ""), ("", "\r\n", "\r\n"), ("[", ",", "]")] {
        let input = format!("{open}{exact}{comma}{exact}y{comma}{long}{comma}ok{close}");
        let (lines, error) = read_in(input.as_bytes(), usize::MAX);
        assert_eq!(error, None);
        let expected = [exact.as_str(), "too_long", "too_long", "ok"];
        assert!(lines.iter().map(|(_, text)| text.as_str()).eq(expected), "{open}");
    }
    let mut lines = Lines::new(io::repeat(b'x').take(40 << 20));
    let line = lines.next_line().expect("readable").expect("a line");
    assert_eq!(line.bytes.expect_err("too long").code, Code::TooLong);
    assert!(lines.buffer.capacity() <= 4 * MAX_LINE_BYTES, "it was never held");
}

#[test]
fn a_batch_has_its_limits() {
    let many = "1\n".repeat(MAX_BATCH_LINES);
    assert_eq!(split(many.as_bytes()).expect("just enough").len(), MAX_BATCH_LINES);
    assert!(matches!(
        split(format!("{many}1").as_bytes()),
        Err(BatchError::TooManyLines)
    ));
    assert!(matches!(
        split(&vec![b' '; MAX_BATCH_BYTES + 1]),
        Err(BatchError::TooManyBytes)
    ));
    assert!(split(&vec![b' '; MAX_BATCH_BYTES]).expect("just enough").is_empty());
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

fn read_file(bytes: &[u8]) -> (Vec<(u64, String)>, Option<String>) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for a file");
    collect(open_file(file.path()).expect("it is there"))
}

/// Numbered lines that do not compress to nothing.
fn numbered(count: u32) -> String {
    let lines: Vec<String> = (0..count)
        .map(|i| format!("{{\"n\":{}}}\n", i.wrapping_mul(2_654_435_761)))
        .collect();
    lines.concat()
}

#[test]
fn files_are_read_plain_or_compressed_with_several_members() {
    let text = numbered(5_000);
    let plain = read_file(text.as_bytes());
    assert_eq!((plain.0.len(), &plain.1), (5_000, &None));
    let half = text[..text.len() / 2].rfind('\n').expect("lines") + 4;
    let members = [gzip(&text.as_bytes()[..half]), gzip(&text.as_bytes()[half..])].concat();
    assert_eq!(read_file(&members), plain);
    assert!(open_file(Path::new("/nowhere/at/all")).is_err());
}

#[test]
fn a_bomb_is_stopped_and_says_where() {
    let bomb = gzip(&vec![b'\n'; 64 << 20]);
    let (lines, error) = read_file(&bomb);
    assert!(lines.is_empty());
    let error = error.expect("a bomb");
    assert!(error.starts_with("at byte ") && error.contains("200 times"), "{error}");
    let honest = gzip(&vec![b'\n'; 900_000]);
    assert_eq!(
        read_file(&honest),
        (vec![], None),
        "a small file of one repeated byte is no bomb"
    );
}

#[test]
fn a_truncated_file_gives_its_whole_lines_and_then_says_so() {
    let text = numbered(50_000);
    let whole = gzip(text.as_bytes());
    let (lines, error) = read_file(&whole[..whole.len() / 2]);
    assert!(lines.len() > 10_000 && lines.len() < 40_000, "{}", lines.len());
    let expected = text.lines().take(lines.len());
    assert!(
        lines.iter().map(|(_, line)| line.as_str()).eq(expected),
        "only whole lines, in order"
    );
    assert!(
        error
            .expect("truncated")
            .contains(&format!("ends at byte {}", whole.len() / 2))
    );
}

#[test]
fn a_damaged_file_says_so() {
    let mut bytes = gzip(numbered(50_000).as_bytes());
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0xff);
    assert!(read_file(&bytes).1.expect("damaged").contains("damaged near byte"));
    let trailing = [gzip(b"1\n"), b"this is not gzip".to_vec()].concat();
    let (lines, error) = read_file(&trailing);
    assert_eq!(lines, owned(&[(1, "1")]));
    assert!(error.expect("something follows").contains("damaged"));
}
