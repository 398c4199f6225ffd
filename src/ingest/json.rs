//! One line of JSON as a tree, with the guards that a general reader does not have.
//!
//! Invariants: no tree is deeper than [`MAX_DEPTH`], no object repeats a key or has more than [`MAX_KEYS`]. The depth
//! is checked on the way down, so that no input can exhaust the stack. Strings without escapes are borrowed.
//! Knows nothing of events.

use super::limits::{MAX_DEPTH, MAX_KEYS};
use super::rejection::{Code, Rejection, echo};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction that fits.
    Integer(i64),
    /// Any other number; always finite.
    Number(f64),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Node<'a>>),
    /// An object, its keys in the order written.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl Node<'_> {
    /// The JSON type's name, for a rejection.
    pub(super) const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads the one JSON value that `text` holds.
///
/// # Errors
/// `not_json`, `too_deep`, `too_many` (keys) or `bad_value` (a repeated key), the latter three with their path.
pub(super) fn parse(text: &str) -> Result<Node<'_>, Rejection> {
    let problem = RefCell::new(None);
    let seed = Seed {
        depth: 0,
        problem: &problem,
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = seed
        .deserialize(&mut reader)
        .and_then(|node| reader.end().map(|()| node));
    read.map_err(|error| {
        problem.take().unwrap_or_else(|| {
            let at = error.column();
            Rejection::of_line(
                Code::NotJson,
                format!("not one JSON value: reading stopped at byte {at}; send one whole JSON object a line"),
            )
        })
    })
}

/// Whether `text` is one JSON value that no two readers can read differently: no object repeats a key, nothing is deeper or
/// larger than the lines of events may be.
pub fn is_strict_json(text: &str) -> bool {
    parse(text).is_ok()
}

/// Reads one value that lies `depth` containers deep. What is wrong beyond JSON itself is left in `problem`.
#[derive(Clone, Copy)]
struct Seed<'p> {
    depth: usize,
    problem: &'p RefCell<Option<Rejection>>,
}

impl Seed<'_> {
    /// The seed of what lies inside.
    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            let detail = format!("at most {MAX_DEPTH} objects and arrays may lie inside one another");
            return Err(self.fail(Code::TooDeep, detail));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }

    fn fail<E: Error>(self, code: Code, detail: String) -> E {
        *self.problem.borrow_mut() = Some(Rejection::of_line(code, detail));
        E::custom("rejected")
    }

    /// Puts `step` before the path of what went wrong further in.
    fn below(self, step: &str) {
        if let Some(rejection) = &mut *self.problem.borrow_mut() {
            let dot = if rejection.field.is_empty() || rejection.field.starts_with('[') {
                ""
            } else {
                "."
            };
            rejection.field = format!("{step}{dot}{}", rejection.field);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(i64::try_from(value).map_or(Node::Number(value as f64), Node::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        loop {
            match items.next_element_seed(inner) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Node::List(list)),
                Err(error) => {
                    self.below(&format!("[{}]", list.len()));
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node<'de>, A::Error> {
        let inner = self.inner()?;
        let mut object: Vec<(Cow<'de, str>, Node<'de>)> = Vec::with_capacity(6);
        while let Some(key) = entries.next_key_seed(inner)? {
            let Node::Text(key) = key else {
                return Err(A::Error::custom("a key is a string"));
            };
            if object.len() == MAX_KEYS {
                return Err(self.fail(Code::TooMany, format!("an object has at most {MAX_KEYS} keys")));
            }
            if object.iter().any(|(known, _)| *known == key) {
                let error = self.fail(Code::BadValue, "this key comes twice: send it once".to_owned());
                self.below(&echo(&key));
                return Err(error);
            }
            match entries.next_value_seed(inner) {
                Ok(value) => object.push((key, value)),
                Err(error) => {
                    self.below(&echo(&key));
                    return Err(error);
                }
            }
        }
        Ok(Node::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(text: &str) -> (String, Code) {
        let rejection = parse(text).expect_err("it must be rejected");
        (rejection.field, rejection.code)
    }

    #[test]
    fn values_keep_their_kinds() {
        let node = parse(r#"{"a":[null,true,-3,2.5,18446744073709551615,"x","\u00e9"]}"#).expect("well-formed");
        let list = Node::List(vec![
            Node::Null,
            Node::Bool(true),
            Node::Integer(-3),
            Node::Number(2.5),
            Node::Number(18_446_744_073_709_551_615.0),
            Node::Text("x".into()),
            Node::Text("é".into()),
        ]);
        assert_eq!(node, Node::Object(vec![("a".into(), list)]));
    }

    #[test]
    fn depth_is_bounded_without_recursion() {
        let nest = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nest(MAX_DEPTH)).is_ok());
        assert_eq!(rejected(&nest(MAX_DEPTH + 1)).1, Code::TooDeep);
        assert_eq!(rejected(&"[".repeat(500_000)).1, Code::TooDeep);
        assert_eq!(rejected(&r#"{"a":"#.repeat(100_000)).0, "a.a.a.a.a.a.a.a");
    }

    #[test]
    fn repeated_and_countless_keys_are_rejected_by_path() {
        assert_eq!(
            rejected(r#"{"a":[{"b":1,"b":2}]}"#),
            ("a[0].b".to_owned(), Code::BadValue)
        );
        let keys: Vec<String> = (0..=MAX_KEYS).map(|i| format!(r#""k{i}":1"#)).collect();
        assert_eq!(
            rejected(&format!(r#"{{"d":{{{}}}}}"#, keys.join(","))),
            ("d".to_owned(), Code::TooMany)
        );
    }

    #[test]
    fn what_is_not_json_says_where() {
        for text in [
            "",
            "{",
            "{} {}",
            "nul",
            r#"{"a":1e999}"#,
            r#""\ud800""#,
            "{\"a\":\"\n\"}",
        ] {
            assert_eq!(rejected(text), (String::new(), Code::NotJson), "{text}");
        }
    }
}
