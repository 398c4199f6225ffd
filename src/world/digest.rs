//! One number for what an organisation's facts say: the SHA-256 of every state of layer 1, in the order of slots.
//!
//! Two Worlds have the same digest when they show the same, whatever the order of arrival, and whether a fact never came
//! or was undone. Numbers enter in little-endian order at a fixed width, so machines agree.

use super::ledger::Ledger;
use base16ct::lower::encode_string;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A SHA-256 over the states of a World. Shown in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode_string(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The digest of `ledger`. Cost: every slot is folded and hashed once.
pub fn digest(ledger: &Ledger) -> Digest {
    let mut sink = Sink(Sha256::new());
    for key in ledger.slots() {
        if let Some(state) = ledger.state(key) {
            key.hash(&mut sink);
            state.hash(&mut sink);
        }
    }
    Digest(sink.0.finalize().into())
}

/// Lets `Hash` feed SHA-256: every value is written with its length and at a fixed width.
struct Sink(Sha256);

macro_rules! little_endian {
    ($($method:ident: $number:ty as $wide:ty;)*) => {$(
        fn $method(&mut self, value: $number) {
            self.0.update((value as $wide).to_le_bytes());
        }
    )*};
}

impl Hasher for Sink {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("only the SHA-256 is read")
    }

    little_endian! {
        write_u8: u8 as u8;
        write_u16: u16 as u16;
        write_u32: u32 as u32;
        write_u64: u64 as u64;
        write_usize: usize as u64;
        write_i8: i8 as i8;
        write_i16: i16 as i16;
        write_i32: i32 as i32;
        write_i64: i64 as i64;
        write_isize: isize as i64;
    }
}
