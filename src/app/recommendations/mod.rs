//! The recommendations that were given: what feedback may quote.
//!
//! Each answer about people has an identifier. For 90 days it is kept whom the answer named, as 32 bits each of a hash
//! keyed by the data's identity: enough to tell a slip, and nobody can be read back. Nothing of what was asked is kept.
//!
//! An identifier begins with the minute of its answer, so that what is given later is kept behind what was given before.
//! Noting one is a lock and a map; the `keeper` hands groups to the writer, so that no request waits for the disk, and only
//! the newest stay in memory. A crash loses those of the last half minute at most, never an event.
//!
//! Bounded: when those of 90 days take more room than the operator gives them, or the disk takes none for long, the oldest
//! go first, and are counted.

mod keeper;

pub(super) use keeper::Keeper;

use crate::domain::Timestamp;
use crate::store::NoteName;
use base16ct::lower::encode_string;
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes that the recommendations of 90 days may take on the disk unless the operator says otherwise: at some 45 bytes
/// each, six million.
pub const RECOMMENDATIONS_BYTES: u64 = 256 << 20;
/// Those in memory that are on the disk too: the answers of a moment ago are quoted and asked for most.
const NEWEST: usize = 20_000;
/// Those in memory at most, while the disk takes none; some 100 bytes each.
const MOST: usize = 200_000;
/// Minutes for which one may be quoted: 90 days.
const KEPT_MINUTES: u32 = 90 * 24 * 60;
/// Minutes until which a quotation is told to be too old; later, that there is no such answer.
const TOLD_MINUTES: u32 = 120 * 24 * 60;
/// How the text of an identifier begins.
const PREFIX: &str = "rec_";

/// The bytes of an identifier: the minute of the answer, then 96 bits that nobody guesses.
pub(super) type Name = NoteName;

/// The identifier of an answer that was given at `as_of`; `digest` is secret, and different for every other answer.
pub(super) fn name(as_of: Timestamp, digest: &[u8; 32]) -> Name {
    let mut name = Name::default();
    name[..4].copy_from_slice(&minute(as_of).to_be_bytes());
    name[4..].copy_from_slice(&digest[..12]);
    name
}

/// The identifier as it is sent: `rec_` and 32 hexadecimal digits.
pub(super) fn write_name(name: Name) -> String {
    format!("{PREFIX}{}", encode_string(&name))
}

/// The identifier that `text` writes, if it could be one of ours.
pub(super) fn read_name(text: &str) -> Option<Name> {
    let digits = text.strip_prefix(PREFIX).filter(|digits| digits.len() == 32)?;
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digits.bytes().all(lower).then_some(())?;
    let number = u128::from_str_radix(digits, 16).ok()?;
    Some(number.to_be_bytes())
}

/// How old an identifier is, by the minute that it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// It may be quoted.
    Fresh,
    /// It is older than 90 days.
    Expired,
    /// It is so old that nobody is told.
    Forgotten,
}

/// How old `name` is at `now`.
pub(super) fn age(name: &Name, now: Timestamp) -> Age {
    let given = u32::from_be_bytes([name[0], name[1], name[2], name[3]]);
    let minutes = minute(now).saturating_sub(given);
    if minutes <= KEPT_MINUTES {
        Age::Fresh
    } else if minutes <= TOLD_MINUTES {
        Age::Expired
    } else {
        Age::Forgotten
    }
}

/// The first identifier that may be quoted at `now`.
fn first_kept(now: Timestamp) -> Name {
    let mut name = Name::default();
    name[..4].copy_from_slice(&minute(now).saturating_sub(KEPT_MINUTES).to_be_bytes());
    name
}

fn minute(at: Timestamp) -> u32 {
    u32::try_from(at.minutes_since(Timestamp::from_micros(0))).unwrap_or(u32::MAX)
}

/// 32 bits that stand for a person in the data of one organisation, and for nobody elsewhere.
pub type Mark = [u8; 4];

/// Whom an answer named, as marks one after the other.
pub(super) type Marks = Box<[u8]>;

/// The newest recommendations, in the order in which they were noted: first those on the disk, then the others.
#[derive(Default)]
struct Book {
    given: HashMap<Name, Marks>,
    order: VecDeque<Name>,
    /// How many of them, from the first on, are on the disk.
    written: usize,
    /// How many went before the first.
    gone: u64,
    /// How many of those were never on the disk, and are not counted yet.
    lost: u64,
}

impl Book {
    fn insert(&mut self, name: Name, marks: Marks) {
        if self.given.insert(name, marks).is_some() {
            return;
        }
        self.order.push_back(name);
        while self.order.len() > NEWEST && (self.written > 0 || self.order.len() > MOST) {
            if let Some(oldest) = self.order.pop_front() {
                self.given.remove(&oldest);
            }
            self.gone += 1;
            self.lost += u64::from(self.written == 0);
            self.written = self.written.saturating_sub(1);
        }
    }
}

/// The newest recommendations that were given.
pub(super) struct Register {
    book: Mutex<Book>,
    secret: [u8; 16],
}

/// A group on its way to the disk.
struct Group {
    notes: Vec<(Name, Marks)>,
    /// How many were noted up to its last one, since the start.
    until: u64,
}

impl Register {
    /// An empty register of the data whose identity is `secret`.
    pub(super) fn new(secret: [u8; 16]) -> Self {
        Self {
            book: Mutex::default(),
            secret,
        }
    }

    /// Notes an answer; one that is known already changes nothing. Cost: constant, and a hash a subject.
    pub(super) fn note<'s>(&self, name: Name, subjects: impl Iterator<Item = &'s str>) {
        if self.book().given.contains_key(&name) {
            return;
        }
        let marks = subjects.flat_map(|subject| self.mark(subject)).collect();
        self.book().insert(name, marks);
    }

    /// Whom the answer called `name` named, when it is among the newest.
    pub(super) fn find(&self, name: &Name) -> Option<Marks> {
        self.book().given.get(name).cloned()
    }

    /// Whether `subject` is among those whom an answer named.
    pub(super) fn is_named(&self, subject: &str, marks: &[u8]) -> bool {
        let mark = self.mark(subject);
        marks.as_chunks::<4>().0.contains(&mark)
    }

    /// What stands for `subject`.
    pub(super) fn mark(&self, subject: &str) -> Mark {
        let mut hash = Sha256::new();
        hash.update(self.secret);
        hash.update(subject.as_bytes());
        let digest: [u8; 32] = hash.finalize().into();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// How many are not on the disk yet.
    fn unwritten(&self) -> usize {
        let book = self.book();
        book.order.len() - book.written
    }

    /// The oldest of those that are not on the disk yet, at most `most`.
    fn group(&self, most: usize) -> Group {
        let book = self.book();
        let names = book.order.iter().skip(book.written).take(most);
        let notes: Vec<_> = names
            .filter_map(|name| Some((*name, book.given.get(name)?.clone())))
            .collect();
        Group {
            until: book.gone + (book.written + notes.len()) as u64,
            notes,
        }
    }

    /// Notes that everything up to `until` is on the disk.
    fn is_written(&self, until: u64) {
        let mut book = self.book();
        book.written = until.saturating_sub(book.gone) as usize;
    }

    /// How many were lost since the last call, because the disk took none for too long.
    fn take_lost(&self) -> u64 {
        std::mem::take(&mut self.book().lost)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn day(n: i64) -> Timestamp {
        Timestamp::from_micros(1_700_000_000_000_000 + n * DAY)
    }

    fn named(n: u32) -> Name {
        let mut digest = [0; 32];
        digest[..4].copy_from_slice(&n.to_be_bytes());
        name(day(0), &digest)
    }

    #[test]
    fn an_identifier_is_read_as_it_was_written() {
        let name = *b"0123456789abcde\0";
        let text = write_name(name);
        assert_eq!(text, "rec_30313233343536373839616263646500");
        assert_eq!(read_name(&text), Some(name));
        for other in [
            "",
            "rec_",
            "rec_3031",
            &text.to_uppercase(),
            &text.replace("rec_", "rex_"),
            "rec_+0313233343536373839616263646500",
        ] {
            assert_eq!(read_name(other), None, "{other}");
        }
    }

    #[test]
    fn an_identifier_tells_how_old_it_is() {
        let given = name(day(0), &[7; 32]);
        for (after, told) in [
            (-1, Age::Fresh),
            (0, Age::Fresh),
            (90, Age::Fresh),
            (91, Age::Expired),
            (120, Age::Expired),
            (121, Age::Forgotten),
        ] {
            assert_eq!(age(&given, day(after)), told, "after {after} days");
        }
        assert!(first_kept(day(90)) <= given && first_kept(day(91)) > given);
        assert!(given < name(day(1), &[0; 32]), "what comes later is behind");
    }

    #[test]
    fn whom_an_answer_named_is_told_and_nobody_is_held() {
        let register = Register::new([7; 16]);
        register.note(named(1), ["ana", "bo"].into_iter());
        let marks = register.find(&named(1)).unwrap();
        assert!(register.is_named("ana", &marks) && register.is_named("bo", &marks));
        assert!(!register.is_named("cy", &marks));
        assert_eq!(marks.len(), 8);
        assert_ne!(register.mark("ana"), Register::new([8; 16]).mark("ana"), "keyed");
        assert_eq!(register.find(&named(2)), None);
    }

    #[test]
    fn only_what_is_on_the_disk_leaves_the_memory_early() {
        let register = Register::new([7; 16]);
        let note = |numbers: std::ops::Range<u32>| numbers.for_each(|n| register.note(named(n), std::iter::empty()));
        let newest = NEWEST as u32;
        note(0..newest + 10);
        note(0..5);
        assert_eq!(register.unwritten(), NEWEST + 10, "the second time is no other");
        let group = register.group(100);
        assert_eq!((group.notes.len(), group.notes[0].0), (100, named(0)));
        note(newest + 10..newest + 11);
        register.is_written(group.until);
        assert_eq!(register.unwritten(), NEWEST + 11 - 100);
        note(newest + 11..newest + 12);
        assert_eq!(
            (register.find(&named(11)), register.find(&named(12)).is_some()),
            (None, true)
        );
        assert_eq!(register.group(1).notes[0].0, named(100), "the next one follows");
        assert_eq!(register.take_lost(), 0);
    }

    #[test]
    fn while_the_disk_takes_none_the_oldest_are_lost_and_counted() {
        let register = Register::new([7; 16]);
        let group = register.group(10);
        assert_eq!((group.notes.len(), group.until), (0, 0));
        (0..MOST as u32 + 3).for_each(|n| register.note(named(n), std::iter::empty()));
        assert_eq!((register.take_lost(), register.take_lost()), (3, 0));
        assert_eq!(register.unwritten(), MOST);
        assert_eq!(
            (register.find(&named(2)), register.find(&named(3)).is_some()),
            (None, true)
        );
        // A group that was on its way meanwhile changes nothing of the count.
        register.is_written(group.until);
        assert_eq!(register.group(1).notes[0].0, named(3));
    }
}
