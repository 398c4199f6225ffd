//! Where one item of a JSON array ends, told by brackets and strings alone.

use super::MAX_LINE_BYTES;

/// An item on its way into a buffer.
#[derive(Debug, Default)]
pub(super) struct Item {
    depth: u64,
    at: At,
    size: Size,
}

/// Where the scan stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    /// Outside of strings.
    #[default]
    Value,
    /// In a string.
    String,
    /// In a string, after a backslash.
    Escape,
}

/// What was seen of the item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Size {
    /// White space at most.
    #[default]
    Empty,
    /// Something, all of it held.
    Held,
    /// More than is held.
    TooLong,
}

impl Item {
    /// Whether nothing but white space was seen.
    pub(super) fn is_empty(&self) -> bool {
        self.size == Size::Empty
    }

    /// Whether the item is longer than a line may be; then nothing of it is held.
    pub(super) fn is_too_long(&self) -> bool {
        self.size == Size::TooLong
    }

    /// The place in `chunk` of the comma or bracket that ends the item, if it lies there.
    pub(super) fn scan(&mut self, chunk: &[u8]) -> Option<usize> {
        chunk.iter().position(|&byte| self.ends_at(byte))
    }

    fn ends_at(&mut self, byte: u8) -> bool {
        self.at = match (self.at, byte) {
            (At::Value, b',' | b']') if self.depth == 0 => return true,
            (At::String, b'\\') => At::Escape,
            (At::String, b'"') => At::Value,
            (At::Value, b'"') | (At::String | At::Escape, _) => At::String,
            (At::Value, _) => {
                match byte {
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                At::Value
            }
        };
        false
    }

    /// Keeps `part` in `buffer`, unless the item is too long. White space before the item is not kept.
    pub(super) fn hold(&mut self, part: &[u8], buffer: &mut Vec<u8>) {
        let part = if self.is_empty() { part.trim_ascii_start() } else { part };
        if part.is_empty() || self.is_too_long() {
            return;
        }
        if buffer.len() + part.len() > MAX_LINE_BYTES {
            self.size = Size::TooLong;
            buffer.clear();
        } else {
            self.size = Size::Held;
            buffer.extend_from_slice(part);
        }
    }
}
