//! What the operator says of each source of events: what it may state for people, which of its groups are left out, what
//! its groups are called here, and what its webhooks are signed with.

use super::access::binds_a_person;
use super::webhooks::Secret;
use crate::domain::{EventType, Fact};
use crate::ingest::{Decoded, FutureRule, GroupNames, IgnoreRules, Rejection, decode_from};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is said of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceRules {
    /// Event types that bind people and that this source may state for them: absences from an HR system, say.
    pub authoritative: Vec<String>,
    /// Patterns of groups that are left out.
    pub ignore: Vec<String>,
    /// What a group of this source is called here.
    pub groups: BTreeMap<String, String>,
    /// Secrets that its webhooks are signed with, `whsec_` and base64; several while one replaces another.
    pub webhook_secrets: Vec<String>,
}

/// Everything that is said of the sources.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    authority: HashMap<String, BTreeSet<EventType>>,
    secrets: HashMap<String, Vec<Secret>>,
    ignore: IgnoreRules,
    groups: GroupNames,
}

impl Sources {
    /// Puts in order what is said, by source. Patterns under the source `*` hold for every source, beside those of common
    /// platforms' own groups.
    ///
    /// # Errors
    /// A sentence that names the source and what is not right.
    pub fn new(rules: &BTreeMap<String, SourceRules>) -> Result<Self, String> {
        let mut sources = Self::default();
        for (source, rules) in rules {
            let wrong = |what: String| format!("the source `{source}`: {what}");
            let types = rules.authoritative.iter().map(|name| binding_type(name));
            let types: BTreeSet<_> = types.collect::<Result<_, _>>().map_err(wrong)?;
            let secrets = rules.webhook_secrets.iter().map(|text| Secret::parse(text));
            let secrets: Vec<_> = secrets.collect::<Result<_, _>>().map_err(wrong)?;
            if source == "*" && !(types.is_empty() && secrets.is_empty() && rules.groups.is_empty()) {
                return Err(wrong("`*` stands for every source and takes `ignore` alone".to_owned()));
            }
            sources.authority.insert(source.clone(), types);
            sources.secrets.insert(source.clone(), secrets);
        }
        let patterns = rules
            .iter()
            .map(|(source, rules)| (source.clone(), rules.ignore.clone()));
        sources.ignore = IgnoreRules::new(&patterns.collect()).and(IgnoreRules::default());
        let groups = rules
            .iter()
            .map(|(source, rules)| (source.clone(), rules.groups.clone()));
        sources.groups = GroupNames::new(groups);
        Ok(sources)
    }

    /// Reads a line, with its groups under the names that they have here.
    ///
    /// # Errors
    /// Why it is no event.
    pub fn decode(&self, line: &[u8], future: FutureRule) -> Result<Decoded, Rejection> {
        decode_from(line, future, &self.groups)
    }

    /// The patterns of groups that are left out: of sources, and of groups there.
    pub(super) fn ignored(&self) -> impl Iterator<Item = (String, String)> {
        self.ignore.patterns()
    }

    /// Whether `fact` is about a group that is left out.
    pub fn leave_out(&self, fact: &Fact) -> bool {
        self.ignore.matches(fact)
    }

    /// Whether `source` may state `kind` for people.
    pub(super) fn may_state(&self, source: &str, kind: EventType) -> bool {
        self.authority.get(source).is_some_and(|types| types.contains(&kind))
    }

    /// The secrets of the webhooks of `source`.
    pub(super) fn secrets(&self, source: &str) -> &[Secret] {
        self.secrets.get(source).map_or(&[], Vec::as_slice)
    }
}

fn binding_type(name: &str) -> Result<EventType, String> {
    let kind = EventType::from_name(name).ok_or_else(|| format!("there is no event type `{name}`"))?;
    if binds_a_person(kind) {
        Ok(kind)
    } else {
        Err(format!(
            "`{name}` binds nobody: every source may send it, and `authoritative` need not name it"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(rules: SourceRules) -> Result<Sources, String> {
        Sources::new(&[("hr".to_owned(), rules)].into())
    }

    #[test]
    fn a_source_states_what_it_was_declared_for_and_nothing_else() {
        let sources = one(SourceRules {
            authoritative: vec!["absence.set".into()],
            ..SourceRules::default()
        });
        let sources = sources.unwrap();
        assert!(sources.may_state("hr", EventType::AbsenceSet));
        assert!(!sources.may_state("hr", EventType::PreferenceSet));
        assert!(!sources.may_state("forum", EventType::AbsenceSet));
    }

    #[test]
    fn what_is_not_right_is_named() {
        let of = |name: &str| {
            let rules = SourceRules {
                authoritative: vec![name.into()],
                ..SourceRules::default()
            };
            one(rules).unwrap_err()
        };
        assert!(of("absense.set").contains("no event type `absense.set`"));
        assert!(of("vote.added").contains("binds nobody"));
        let secret = SourceRules {
            webhook_secrets: vec!["secret".into()],
            ..SourceRules::default()
        };
        let error = one(secret).unwrap_err();
        assert!(error.contains("`hr`") && error.contains("whsec_"), "{error}");
        assert!(!error.contains("secret`"), "a secret is not repeated: {error}");
    }
}
