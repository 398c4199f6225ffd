//! What is wrong with a configuration, in one sentence: which key, where it was set, and what it should be.
//!
//! Invariant: no value is repeated but numbers and words that a key chooses among, so that no sentence holds a secret.

use super::PREFIX;
use crate::ingest::nearest;
use figment::error::{Actual, Kind};
use figment::{Error, Source};

/// The first finding of `error`.
pub fn explain(error: &Error) -> String {
    let key = error.path.join(".");
    let named = if key.is_empty() {
        String::new()
    } else {
        format!(" `{key}`")
    };
    format!(
        "the configuration{named}{} is not right: {}",
        place(error, &key),
        what(&error.kind)
    )
}

fn place(error: &Error, key: &str) -> String {
    let Some(origin) = &error.metadata else {
        return String::new();
    };
    match &origin.source {
        Some(Source::File(path)) => format!(" in {}", path.display()),
        Some(source) => format!(" in {source}"),
        None if origin.name.contains("environment") => {
            let variable = key.to_ascii_uppercase().replace('.', "_");
            format!(" in the environment ({PREFIX}{variable})")
        }
        None => format!(" in {}", origin.name),
    }
}

fn what(kind: &Kind) -> String {
    match kind {
        Kind::Message(text) => one_line(text),
        Kind::InvalidType(found, expected) => format!("this is {}, and it takes {}", noun(found), wanted(expected)),
        Kind::InvalidValue(Actual::Signed(number), expected) => format!("{number} is not {}", wanted(expected)),
        Kind::InvalidValue(Actual::Unsigned(number), expected) => format!("{number} is not {}", wanted(expected)),
        Kind::UnknownVariant(word, known) => format!("`{word}` is none of {}", known.join(", ")),
        Kind::UnknownField(word, known) => match nearest(word, known.iter().copied()) {
            Some(meant) => format!("there is no such key; did you mean `{meant}`?"),
            None => format!("there is no such key; there are {}", known.join(", ")),
        },
        Kind::MissingField(name) => format!("`{name}` is missing"),
        Kind::DuplicateField(name) => format!("`{name}` stands there twice"),
        Kind::ISizeOutOfRange(_) | Kind::USizeOutOfRange(_) => "the number is out of range".to_owned(),
        _ => "the value is not of the right kind".to_owned(),
    }
}

/// A message of several lines without those that repeat the file: they may hold a secret.
fn one_line(text: &str) -> String {
    let repeats = |line: &&str| {
        let rest = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
        !rest.starts_with('|') && !rest.trim().is_empty()
    };
    let lines: Vec<_> = text.lines().filter(repeats).map(str::trim).collect();
    lines.join(": ")
}

fn noun(found: &Actual) -> &'static str {
    match found {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Char(_) | Actual::Str(_) => "a text",
        Actual::Seq => "a list",
        Actual::Map => "a section",
        _ => "something else",
    }
}

fn wanted(expected: &str) -> &str {
    match expected {
        "a string" | "path string" => "a text",
        "a boolean" => "true or false",
        "u32" | "a u32" => "a whole number, 0 or more",
        "a sequence" => "a list",
        "a map" => "a section",
        other if other.starts_with("struct ") => "a section",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Flags};

    fn why(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("antenne.toml");
        std::fs::write(&file, text).unwrap();
        let why = Config::gather(&Flags::default(), &file).unwrap_err();
        assert!(!why.contains('\n'), "{why}");
        why.replace(&file.display().to_string(), "FILE")
    }

    #[test]
    fn each_finding_says_the_key_the_place_and_what_to_write() {
        let not_right = |key: &str, what: &str| format!("the configuration{key} in FILE is not right: {what}");
        for (text, key, what) in [
            ("listen = 7411", " `listen`", "this is a number, and it takes a text"),
            (
                "lisen = \"x\"",
                " `lisen`",
                "there is no such key; did you mean `listen`?",
            ),
            ("language = \"de\"", " `language`", "`de` is none of en, fr"),
            (
                "allow_plaintext = \"perhaps\"",
                " `allow_plaintext`",
                "this is a text, and it takes true or false",
            ),
            (
                "[limits]\nconnections = \"many\"",
                " `limits.connections`",
                "this is a text, and it takes a whole number, 0 or more",
            ),
            (
                "[limits]\nconnections = -1",
                " `limits.connections`",
                "-1 is not a whole number, 0 or more",
            ),
            ("limits = 3", " `limits`", "this is a number, and it takes a section"),
            (
                "[sources.hr]\nignore = \"a\"",
                " `sources.hr.ignore`",
                "this is a text, and it takes a list",
            ),
            (
                "[sources.hr]\nquestions = 1",
                " `sources.hr.questions`",
                "there is no such key; there are authoritative, ignore, groups, webhook_secrets",
            ),
        ] {
            assert_eq!(why(text), not_right(key, what), "{text}");
        }
    }

    #[test]
    fn no_sentence_holds_a_secret() {
        for text in [
            "[sources.hr]\nwebhook_secrets = \"whsec_abc\"",
            "[sources.hr]\nwebhook_secrets = [\"whsec_abc\"",
            "[sources.hr]\nwebhook_secrets = [\"whsec_abc]",
        ] {
            let why = why(text);
            assert!(!why.contains("whsec") && why.contains("FILE"), "{why}");
        }
        assert!(why("x = [\n").contains("line 1"), "{}", why("x = [\n"));
    }
}
