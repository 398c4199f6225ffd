//! The keys of one object: each is taken once, checked, and written to the canonical line as it is taken.
//!
//! Reading and writing are one act, so that the canonical form can never say other than what was read. The order in
//! which a type takes its keys *is* their canonical order. Keys that nobody took are rejected by [`Fields::close`].

use super::json::Node;
use super::rejection::{Code, Rejection, echo, nearest};
use crate::domain::Patch;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Where a value lies; spelt out only when something is wrong with it.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    above: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Line,
    Key(&'p str),
    Index(usize),
}

impl Place<'_> {
    /// The line itself.
    pub(super) const LINE: Place<'static> = Place {
        above: None,
        step: Step::Line,
    };

    /// The value of `key` in the object that lies here.
    pub(super) fn key<'k>(&'k self, key: &'k str) -> Place<'k> {
        Place {
            above: Some(self),
            step: Step::Key(key),
        }
    }

    /// Item `index` of the array that lies here.
    pub(super) fn item(&self, index: usize) -> Place<'_> {
        Place {
            above: Some(self),
            step: Step::Index(index),
        }
    }

    /// A rejection of what lies here.
    pub(super) fn reject(&self, code: Code, detail: impl Into<String>) -> Rejection {
        let mut field = String::new();
        self.spell(&mut field);
        Rejection {
            field,
            code,
            detail: detail.into(),
        }
    }

    /// The rejection of a value that is not `wanted`.
    pub(super) fn wrong_type(&self, wanted: &str, node: &Node<'_>) -> Rejection {
        self.reject(
            Code::WrongType,
            format!("this takes {wanted}, not {}", node.type_name()),
        )
    }

    fn spell(&self, path: &mut String) {
        if let Some(above) = self.above {
            above.spell(path);
        }
        match self.step {
            Step::Line => {}
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&echo(key));
            }
            Step::Index(index) => write!(path, "[{index}]").expect("a String takes every text"),
        }
    }
}

/// What was read of a value, or why it cannot be.
pub(super) type Read<T> = Result<T, Rejection>;

/// The keys of an object that were not taken yet.
pub(super) struct Fields<'a, 'p, 'o> {
    entries: Vec<(Cow<'a, str>, Node<'a>)>,
    place: &'p Place<'p>,
    out: &'o mut Vec<u8>,
    known: Vec<&'static str>,
    first: bool,
}

impl<'a, 'p, 'o> Fields<'a, 'p, 'o> {
    /// Opens the object `node`, which lies at `place`, and writes its first brace.
    pub(super) fn open(node: Node<'a>, place: &'p Place<'p>, out: &'o mut Vec<u8>) -> Read<Self> {
        let Node::Object(entries) = node else {
            return Err(place.wrong_type("a JSON object", &node));
        };
        out.push(b'{');
        Ok(Self {
            entries,
            place,
            out,
            known: Vec::with_capacity(8),
            first: true,
        })
    }

    /// Rejects the keys that nobody took, or writes the last brace.
    pub(super) fn close(self) -> Read<()> {
        if let Some((key, _)) = self.entries.first() {
            let detail = unknown_key(key, &self.known);
            return Err(self.place.key(key).reject(Code::UnknownKey, detail));
        }
        self.out.push(b'}');
        Ok(())
    }

    /// The value of a key that must be there.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Node<'a>, &Place<'_>, &mut Vec<u8>) -> Read<T>,
    ) -> Read<T> {
        match self.take(key) {
            Some(node) if node != Node::Null => self.write(key, |place, out| read(node, place, out)),
            found => {
                let why = if found.is_some() { "is null" } else { "is not there" };
                let detail = format!("`{key}` {why}, and this object needs it");
                Err(self.place.key(key).reject(Code::Missing, detail))
            }
        }
    }

    /// The value of a key that may be absent; `null` says as little as absence.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Node<'a>, &Place<'_>, &mut Vec<u8>) -> Read<T>,
    ) -> Read<Option<T>> {
        match self.take(key) {
            None | Some(Node::Null) => Ok(None),
            Some(node) => self.write(key, |place, out| read(node, place, out)).map(Some),
        }
    }

    /// The value of a key that keeps (absent), clears (`null`) or sets.
    pub(super) fn patch<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Node<'a>, &Place<'_>, &mut Vec<u8>) -> Read<T>,
    ) -> Read<Patch<T>> {
        match self.take(key) {
            None => Ok(Patch::Keep),
            Some(Node::Null) => self.write(key, |_, out| {
                out.extend_from_slice(b"null");
                Ok(Patch::Clear)
            }),
            Some(node) => self.write(key, |place, out| read(node, place, out)).map(Patch::Set),
        }
    }

    /// The value of an optional key that says how to read another: checked, and left out of the canonical line.
    pub(super) fn unwritten<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Node<'a>, &Place<'_>, &mut Vec<u8>) -> Read<T>,
    ) -> Read<Option<T>> {
        let (end, first) = (self.out.len(), self.first);
        let value = self.optional(key, read)?;
        self.out.truncate(end);
        self.first = first;
        Ok(value)
    }

    /// An optional value that may turn out to say nothing: then it is left out of the canonical line.
    pub(super) fn optional_unless_empty<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Node<'a>, &Place<'_>, &mut Vec<u8>) -> Read<Option<T>>,
    ) -> Read<Option<T>> {
        let (end, first) = (self.out.len(), self.first);
        let value = self.optional(key, read)?.flatten();
        if value.is_none() {
            self.out.truncate(end);
            self.first = first;
        }
        Ok(value)
    }

    /// A rejection of `key` of this object, for what only shows when several keys are read together.
    pub(super) fn reject(&self, key: &str, code: Code, detail: impl Into<String>) -> Rejection {
        self.place.key(key).reject(code, detail)
    }

    /// A rejection of `key` when `holds` is false.
    pub(super) fn ensure(&self, holds: bool, key: &str, detail: &str) -> Read<()> {
        if holds {
            Ok(())
        } else {
            Err(self.reject(key, Code::BadValue, detail))
        }
    }

    /// Gives a hint of its own to a key that will never be taken.
    pub(super) fn refuse(&self, key: &str, detail: &str) -> Read<()> {
        if self.entries.iter().any(|(name, _)| name == key) {
            return Err(self.reject(key, Code::UnknownKey, detail));
        }
        Ok(())
    }

    fn take(&mut self, key: &'static str) -> Option<Node<'a>> {
        self.known.push(key);
        let index = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.swap_remove(index).1)
    }

    fn write<T>(&mut self, key: &'static str, read: impl FnOnce(&Place<'_>, &mut Vec<u8>) -> Read<T>) -> Read<T> {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        read(&self.place.key(key), self.out)
    }
}

/// What to say of a key that nobody took.
fn unknown_key(key: &str, known: &[&'static str]) -> String {
    let hint = nearest(key, known.iter().copied())
        .map(|name| format!("did you mean `{name}`? "))
        .unwrap_or_default();
    format!("there is no such key here; {hint}known keys: {}", known.join(", "))
}
