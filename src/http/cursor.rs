//! Cursors: where a list goes on. Opaque to callers: hexadecimal.
//!
//! A cursor holds the instant of the list's first part and what its last item so far is ordered by, so that a list goes
//! on at the same place whatever came meanwhile.

use base16ct::lower::{decode_vec, encode_string};

/// The most characters of a cursor: identifiers and names have 200 characters of at most 4 bytes.
pub(super) const MAX_CURSOR: usize = 2 * (3 * 8 + 2 * 800);

/// `bytes` as a cursor.
pub(super) fn write(bytes: &[u8]) -> String {
    encode_string(bytes)
}

/// The bytes that [`write()`] wrote as `text`.
pub(super) fn read(text: &str) -> Option<Vec<u8>> {
    if text.len() > MAX_CURSOR {
        return None;
    }
    decode_vec(text).ok()
}

/// The first 8 bytes as a number; they are taken off.
pub(super) fn number(bytes: &mut &[u8]) -> Option<i64> {
    let (first, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    Some(i64::from_be_bytes(*first))
}

/// What is left as a text that says something.
pub(super) fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_nothing_else_is_read() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(read(&write(&bytes)), Some(bytes));
        assert_eq!(read(""), Some(vec![]));
        for other in ["0", "zz", "é", "+1", "0x", &"0".repeat(MAX_CURSOR + 2)] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
