//! The recommendations that were given: what feedback may quote.
//!
//! Each answer about people has an identifier. It is kept for 90 days with the question it was about and whom it named,
//! the people only as 32 bits of a hash keyed by the data's identity: enough to tell a slip, and nobody can be read back.
//! Nothing of a draft's text is kept. Noting one is a lock and a map; a thread of its own hands batches to the writer, so
//! that no request waits for the disk. A crash loses the identifiers of the last half minute at most, never an event.
//!
//! Bounded: beyond [`MOST`] the oldest go first.

use super::writer::Cabinet;
use crate::domain::{QuestionId, Timestamp};
use crate::store::{Store, StoreError};
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How many are kept at most; 50 to 100 bytes each.
const MOST: usize = 500_000;
/// Minutes for which one may be quoted: 90 days.
const KEPT_MINUTES: u32 = 90 * 24 * 60;
/// Minutes after which it is forgotten; until then it is told to be too old.
const FORGOTTEN_MINUTES: u32 = 120 * 24 * 60;
/// The kind of artefact that holds them.
const KIND: &str = "recommendations";
/// How long one may wait to be written.
const PATIENCE: Duration = Duration::from_secs(30);
/// Batches that lie in the store before they are written anew as one.
const BATCHES: usize = 256;
/// How the text of an identifier begins.
const PREFIX: &str = "rec_";

/// The bytes of an identifier.
pub(super) type Name = [u8; 16];

/// The identifier as it is sent: `rec_` and 32 hexadecimal digits.
pub(super) fn write_name(name: Name) -> String {
    name.iter().fold(String::from(PREFIX), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The identifier that `text` writes, if it could be one of ours.
pub(super) fn read_name(text: &str) -> Option<Name> {
    let digits = text.strip_prefix(PREFIX).filter(|digits| digits.len() == 32)?;
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digits.bytes().all(lower).then_some(())?;
    let number = u128::from_str_radix(digits, 16).ok()?;
    Some(number.to_be_bytes())
}

/// What became of a quoted identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    /// No answer of the last 120 days bore it.
    Unknown,
    /// It is older than 90 days.
    Expired,
    /// It may be quoted.
    Known {
        /// Whether it named the subject.
        names_subject: bool,
    },
}

struct Given {
    minute: u32,
    question: Option<QuestionId>,
    subjects: Box<[u32]>,
}

#[derive(Default)]
struct Book {
    given: HashMap<Name, Given>,
    /// In the order in which they were noted.
    order: VecDeque<Name>,
    unwritten: Vec<Name>,
}

impl Book {
    fn insert(&mut self, name: Name, given: Given) -> bool {
        if self.given.contains_key(&name) {
            return false;
        }
        self.given.insert(name, given);
        self.order.push_back(name);
        if self.order.len() > MOST {
            self.drop_oldest();
        }
        true
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.order.pop_front() {
            self.given.remove(&oldest);
        }
    }

    /// Forgets what is too old at `minute`.
    fn forget(&mut self, minute: u32) {
        let old = |book: &Self| {
            let oldest = book.order.front().and_then(|name| book.given.get(name));
            oldest.is_some_and(|given| minute.saturating_sub(given.minute) > FORGOTTEN_MINUTES)
        };
        while old(self) {
            self.drop_oldest();
        }
    }
}

/// The recommendations that were given, in memory.
pub(super) struct Register {
    book: Mutex<Book>,
    secret: [u8; 16],
}

impl Register {
    /// Reads what `store` holds.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn load(store: &dyn Store) -> Result<Self, StoreError> {
        let register = Self::new(store.data_id());
        for info in store.artefacts(KIND)? {
            if let Some(artefact) = store.artefact(KIND, info.version)? {
                register.read(&artefact.bytes);
            }
        }
        Ok(register)
    }

    fn new(secret: [u8; 16]) -> Self {
        Self {
            book: Mutex::default(),
            secret,
        }
    }

    /// Notes an answer that was given at `as_of`; one that is known already changes nothing. Cost: constant.
    pub(super) fn note<'s>(
        &self,
        name: Name,
        as_of: Timestamp,
        question: Option<&QuestionId>,
        subjects: impl Iterator<Item = &'s str>,
    ) {
        if self.book().given.contains_key(&name) {
            return;
        }
        let given = Given {
            minute: minute(as_of),
            question: question.cloned(),
            subjects: subjects.map(|subject| self.mark(subject)).collect(),
        };
        let mut book = self.book();
        if book.insert(name, given) {
            book.unwritten.push(name);
        }
        book.forget(minute(as_of));
    }

    /// What a quotation at `now` is worth.
    pub(super) fn quote(&self, name: Name, subject: &str, now: Timestamp) -> Quoted {
        let book = self.book();
        let Some(given) = book.given.get(&name) else {
            return Quoted::Unknown;
        };
        match minute(now).saturating_sub(given.minute) {
            age if age > FORGOTTEN_MINUTES => Quoted::Unknown,
            age if age > KEPT_MINUTES => Quoted::Expired,
            _ => Quoted::Known {
                names_subject: given.subjects.contains(&self.mark(subject)),
            },
        }
    }

    /// 32 bits that stand for a person here and nowhere else.
    fn mark(&self, subject: &str) -> u32 {
        let mut hash = Sha256::new();
        hash.update(self.secret);
        hash.update(subject.as_bytes());
        let digest: [u8; 32] = hash.finalize().into();
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
    }

    /// What was noted since the last call, as bytes to keep; empty when there is nothing.
    fn take_unwritten(&self) -> (Vec<Name>, Vec<u8>) {
        let mut book = self.book();
        let names = std::mem::take(&mut book.unwritten);
        let bytes = encode(&book, &names);
        (names, bytes)
    }

    /// Everything, a part at a time so that nobody waits long.
    fn all(&self) -> Vec<u8> {
        let names: Vec<Name> = self.book().order.iter().copied().collect();
        names
            .chunks(4096)
            .flat_map(|names| encode(&self.book(), names))
            .collect()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what [`encode`] wrote; bytes of another version are left alone.
    fn read(&self, mut bytes: &[u8]) {
        let mut book = self.book();
        while let Some((name, given)) = decode(&mut bytes) {
            book.insert(name, given);
        }
    }
}

fn minute(at: Timestamp) -> u32 {
    u32::try_from(at.minutes_since(Timestamp::from_micros(0))).unwrap_or(u32::MAX)
}

/// One after the other: name, minute, length of the question's identifier, the identifier, number of people, their marks.
fn encode(book: &Book, names: &[Name]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for name in names {
        let Some(given) = book.given.get(name) else { continue };
        let question = given.question.as_ref().map_or("", QuestionId::as_str);
        bytes.extend(name);
        bytes.extend(given.minute.to_le_bytes());
        bytes.extend((question.len() as u16).to_le_bytes());
        bytes.extend(question.as_bytes());
        bytes.push(given.subjects.len() as u8);
        given.subjects.iter().for_each(|mark| bytes.extend(mark.to_le_bytes()));
    }
    bytes
}

fn decode(bytes: &mut &[u8]) -> Option<(Name, Given)> {
    let name = *take::<16>(bytes)?;
    let minute = u32::from_le_bytes(*take(bytes)?);
    let length = usize::from(u16::from_le_bytes(*take(bytes)?));
    let (question, rest) = bytes.split_at_checked(length)?;
    let question = std::str::from_utf8(question).ok()?;
    *bytes = rest;
    let count = take::<1>(bytes)?[0];
    let subjects = (0..count).map(|_| take(bytes).map(|mark| u32::from_le_bytes(*mark)));
    let given = Given {
        minute,
        question: (!question.is_empty()).then(|| QuestionId::new(question)),
        subjects: subjects.collect::<Option<_>>()?,
    };
    Some((name, given))
}

fn take<'b, const N: usize>(bytes: &mut &'b [u8]) -> Option<&'b [u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(first)
}

/// The thread that hands batches to the writer. Dropping it writes what is left.
pub(super) struct Keeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread. When the system gives none, recommendations live in memory only, and the log says so.
    pub(super) fn start(register: Arc<Register>, cabinet: Cabinet) -> Self {
        let (stop, stopped) = channel::<()>();
        let keep = move || {
            while stopped.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                keep(&register, &cabinet);
            }
            keep(&register, &cabinet);
        };
        let thread = std::thread::Builder::new()
            .name("recommendations".to_owned())
            .spawn(keep);
        if let Err(error) = &thread {
            tracing::error!(%error, "recommendations are not kept over a restart");
        }
        Self {
            stop: Some(stop),
            thread: thread.ok(),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Writes what is not written yet; what cannot be written now waits for the next time.
fn keep(register: &Arc<Register>, cabinet: &Cabinet) {
    let (names, bytes) = register.take_unwritten();
    if names.is_empty() {
        return;
    }
    let whole = Arc::clone(register);
    let kept = cabinet.change(move |store| put(store, &bytes, &whole));
    if let Err(why) = kept {
        tracing::warn!(%why, "recommendations are not kept yet: trying again later");
        register.book().unwritten.extend(names);
    }
}

/// Adds a batch; when there are many, all is written anew as one.
fn put(store: &mut dyn Store, batch: &[u8], register: &Register) -> Result<(), StoreError> {
    let kept = store.artefacts(KIND)?;
    let version = kept.last().map_or(1, |last| last.version + 1);
    if kept.len() < BATCHES {
        return store.put_artefact(KIND, version, batch, "");
    }
    store.put_artefact(KIND, version, &register.all(), "")?;
    store.delete_artefacts_below(KIND, version).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn day(n: i64) -> Timestamp {
        Timestamp::from_micros(1_700_000_000_000_000 + n * DAY)
    }

    fn noted(register: &Register, n: u8, at: Timestamp) -> Name {
        let question = QuestionId::new("forum/é 42");
        register.note([n; 16], at, Some(&question), ["ana", "bo"].into_iter());
        [n; 16]
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
    fn ninety_days_and_whom_it_named_decide() {
        let register = Register::new([7; 16]);
        let name = noted(&register, 1, day(0));
        let known = |names_subject| Quoted::Known { names_subject };
        assert_eq!(register.quote(name, "ana", day(90)), known(true));
        assert_eq!(register.quote(name, "cy", day(90)), known(false));
        assert_eq!(register.quote(name, "ana", day(91)), Quoted::Expired);
        assert_eq!(register.quote(name, "ana", day(121)), Quoted::Unknown);
        assert_eq!(register.quote([2; 16], "ana", day(0)), Quoted::Unknown);
        noted(&register, 3, day(121));
        assert_eq!(register.book().given.len(), 1, "the old one is forgotten");
    }

    #[test]
    fn what_was_kept_is_read_again_and_names_nobody() {
        let register = Register::new([7; 16]);
        let names: Vec<_> = (0..100).map(|n| noted(&register, n, day(n.into()))).collect();
        noted(&register, 1, day(1));
        let (written, bytes) = register.take_unwritten();
        assert_eq!(written, names, "the second time is no other");
        assert!(register.take_unwritten().0.is_empty());
        assert_eq!(bytes, register.all());
        assert!(!bytes.windows(3).any(|window| window == b"ana"));
        let again = Register::new([7; 16]);
        again.read(&bytes);
        assert_eq!(again.all(), bytes);
        assert_eq!(
            again.quote([99; 16], "bo", day(99)),
            Quoted::Known { names_subject: true }
        );
        for length in 0..bytes.len().min(300) {
            Register::new([7; 16]).read(&bytes[..length]);
        }
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let mut book = Book::default();
        let name = |n: usize| (n as u128).to_be_bytes();
        for n in 0..MOST + 3 {
            let given = Given {
                minute: 0,
                question: None,
                subjects: Box::default(),
            };
            book.insert(name(n), given);
        }
        assert_eq!((book.order.len(), book.given.len()), (MOST, MOST));
        assert!(!book.given.contains_key(&name(2)) && book.given.contains_key(&name(3)));
    }
}
