//! What a platform calls its groups, and which community each of them is here.
//!
//! Platforms number their groups, and two platforms may keep a group for the same community. The operator writes down,
//! by source, which identifier stands for which community; what is not written down keeps its own. The names are
//! exchanged before a line is read any further, so that the log only ever holds the organisation's identifiers.
//! Knows nothing of communities that exist.

use super::json::Node;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The keys of `data` that name communities: one, or a list of them.
const NAMING: [&str; 2] = ["community", "communities"];

/// The communities that platforms' groups stand for, by source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupNames(HashMap<String, HashMap<String, String>>);

impl GroupNames {
    /// For each source, the identifier of a group there → the identifier of the community here.
    pub fn new(by_source: impl IntoIterator<Item = (String, BTreeMap<String, String>)>) -> Self {
        let some = by_source.into_iter().filter(|(_, groups)| !groups.is_empty());
        Self(
            some.map(|(source, groups)| (source, groups.into_iter().collect()))
                .collect(),
        )
    }

    /// Exchanges the names in one event. Cost: a look at its keys; nothing where no group is written down.
    pub(super) fn exchange(&self, event: &mut Node<'_>) {
        if self.0.is_empty() {
            return;
        }
        let Node::Object(envelope) = event else { return };
        let source = envelope.iter().find_map(|(key, value)| match value {
            Node::Text(source) if key == "source" => Some(&**source),
            _ => None,
        });
        let Some(groups) = source.and_then(|source| self.0.get(source)) else {
            return;
        };
        let data = envelope.iter_mut().find(|(key, _)| key == "data");
        let Some((_, Node::Object(fields))) = data else { return };
        for (_, value) in fields.iter_mut().filter(|(key, _)| NAMING.contains(&&**key)) {
            match value {
                Node::List(items) => items.iter_mut().for_each(|item| rename(item, groups)),
                one => rename(one, groups),
            }
        }
    }
}

fn rename(value: &mut Node<'_>, groups: &HashMap<String, String>) {
    if let Node::Text(text) = value
        && let Some(community) = groups.get(&**text)
    {
        *text = Cow::Owned(community.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FutureRule, decode, decode_from};
    use super::*;
    use crate::domain::Timestamp;

    fn names() -> GroupNames {
        let groups = [("42", "com/pumps"), ("43", "com/pumps")];
        let groups = groups.map(|(group, community)| (group.to_owned(), community.to_owned()));
        GroupNames::new([("forum".to_owned(), groups.into())])
    }

    fn canonical(source: &str, kind: &str, data: &str, names: &GroupNames) -> String {
        let line =
            format!(r#"{{"id":"1","source":"{source}","type":"{kind}","at":"2026-01-01T00:00:00Z","data":{data}}}"#);
        let rule = FutureRule::Accept {
            now: Timestamp::from_micros(0),
        };
        let decoded = decode_from(line.as_bytes(), rule, names).unwrap();
        // What the log holds reads the same without the names.
        assert_eq!(
            decode(&decoded.canonical, rule).unwrap().fact.content,
            decoded.fact.content
        );
        String::from_utf8(decoded.canonical).unwrap()
    }

    #[test]
    fn a_group_is_known_by_the_name_of_its_community_wherever_it_stands() {
        let joined = r#"{"person":"ana","community":"42","role":"member"}"#;
        assert!(canonical("forum", "membership.added", joined, &names()).contains(r#""community":"com/pumps""#));
        let offered = r#"{"person":"ana","communities":["7","43"]}"#;
        let offer = canonical("forum", "animation.offered", offered, &names());
        assert!(offer.contains(r#""communities":["7","com/pumps"]"#), "{offer}");
    }

    #[test]
    fn other_sources_and_other_words_keep_theirs() {
        let joined = r#"{"person":"42","community":"42","role":"member"}"#;
        assert!(canonical("wiki", "membership.added", joined, &names()).contains(r#""community":"42""#));
        assert!(canonical("forum", "membership.added", joined, &names()).contains(r#""person":"42""#));
    }
}
