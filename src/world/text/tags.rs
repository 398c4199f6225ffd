//! The form in which tags and topics are compared: whole, without case or accents, words joined by hyphens.

use super::raw_tokens::folded;
use crate::domain::TagName;

/// The name under which `tag` is counted; `None` when nothing is left of it.
///
/// `Habilitation électrique`, `habilitation_electrique` and `habilitation-electrique` are one tag; `C`, `C++` and `C#`
/// are three.
pub fn tag_name(tag: &str) -> Option<TagName> {
    let folded = folded(tag);
    let words = folded
        .split(|c: char| c.is_whitespace() || c == '_' || c == '-')
        .filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    (!name.is_empty()).then(|| TagName::new(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_split_a_tag_and_signs_do() {
        let name = |tag| tag_name(tag).map(|t| t.as_str().to_owned());
        assert_eq!(name("Habilitation électrique"), name("habilitation_electrique"));
        assert_eq!(name("sql-server").as_deref(), Some("sql-server"));
        assert_ne!(name("C++"), name("C#"));
        assert_eq!(name(" - "), None);
    }
}
