//! Groups that a platform keeps for itself, such as everybody with an account: communities of nobody.
//!
//! A fact about such a group is left out, and counted apart: it is no error. Patterns are matched without regard to case
//! and accents; `*` stands for any characters, `?` for one. Invariant: whether a fact is left out depends on that fact
//! alone, never on what came before. So a membership is known by the id of its community; where a platform's ids say
//! nothing, the pattern to write is the id.

use crate::domain::{CommunityId, Fact, FactBody, Patch};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The source under which patterns hold for every source.
const EVERY_SOURCE: &str = "*";

/// Patterns that hold without any configuration.
const DEFAULTS: &[(&str, &[&str])] = &[
    (
        EVERY_SOURCE,
        &[
            "registered-users",
            "registered users",
            "all-users",
            "all users",
            "logged_in_users",
            "logged-in-users",
            "anonymous_users",
            "everyone",
            "everybody",
            "all-staff",
            "all staff",
            "all company",
            "all employees",
            "tout le monde",
            "tous",
            "tous les utilisateurs",
            "utilisateurs enregistres",
            "trust_level_*",
            "confluence-users",
            "jira-users",
            "jira-software-users",
        ],
    ),
    ("discourse*", &["admins", "moderators", "staff"]),
    ("zulip*", &["role:*"]),
];

/// Which communities are left out, by source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoreRules {
    /// Pattern of sources and pattern of communities, both folded; sorted.
    rules: Vec<(Vec<char>, Vec<char>)>,
}

impl Default for IgnoreRules {
    /// The system groups of common platforms.
    fn default() -> Self {
        let rules = DEFAULTS
            .iter()
            .flat_map(|(source, patterns)| patterns.iter().map(|pattern| (*source, *pattern)));
        Self::from_pairs(rules)
    }
}

impl IgnoreRules {
    /// Exactly these patterns, by source; `*` stands for every source. An empty map leaves nothing out.
    pub fn new(patterns: &HashMap<String, Vec<String>>) -> Self {
        let pairs = patterns
            .iter()
            .flat_map(|(source, patterns)| patterns.iter().map(|pattern| (source.as_str(), pattern.as_str())));
        Self::from_pairs(pairs)
    }

    /// These rules and those of `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.rules.extend(other.rules);
        self.rules.sort_unstable();
        self.rules.dedup();
        self
    }

    /// The patterns in force as they are compared, without case and accents: of sources, and of communities there.
    pub fn patterns(&self) -> impl Iterator<Item = (String, String)> {
        self.rules
            .iter()
            .map(|(source, community)| (source.iter().collect(), community.iter().collect()))
    }

    fn from_pairs<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Self {
        let mut rules: Vec<_> = pairs.map(|(source, pattern)| (fold(source), fold(pattern))).collect();
        rules.sort_unstable();
        rules.dedup();
        Self { rules }
    }

    /// Whether `fact` is about a community that is left out, by its id (whole, or what follows its last `/`) or by the
    /// name that the fact gives it.
    ///
    /// Cost: patterns × length of the names.
    pub fn matches(&self, fact: &Fact) -> bool {
        let Some((community, name)) = about(&fact.body) else {
            return false;
        };
        let id = community.as_str();
        let local = id.rsplit('/').next().unwrap_or(id);
        let named: Vec<Vec<char>> = [Some(id), Some(local), name].into_iter().flatten().map(fold).collect();
        let source = fold(&fact.key.source);
        self.rules
            .iter()
            .any(|(of, pattern)| named.iter().any(|name| glob(pattern, name)) && glob(of, &source))
    }
}

/// The community that a fact is about, and its name if the fact gives it.
fn about(body: &FactBody) -> Option<(&CommunityId, Option<&str>)> {
    match body {
        FactBody::CommunityUpserted { community, patch } => {
            let name = match &patch.name {
                Patch::Set(name) => Some(&**name),
                Patch::Keep | Patch::Clear => None,
            };
            Some((community, name))
        }
        FactBody::CommunityArchived { community }
        | FactBody::CommunityObjectiveSet { community, .. }
        | FactBody::MembershipAdded { community, .. }
        | FactBody::MembershipRemoved { community, .. } => Some((community, None)),
        _ => None,
    }
}

/// `text` without case and accents.
fn fold(text: &str) -> Vec<char> {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether `pattern` stands for the whole of `text`. Cost: the product of their lengths at most.
fn glob(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on when a guess was wrong: after the last star, one character further than last time.
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((star, from)) = retry else {
                    return false;
                };
                retry = Some((star, from + 1));
                p = star;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::ingest::{FutureRule, decode};

    fn fact(source: &str, kind: &str, data: &str) -> Fact {
        let line =
            format!(r#"{{"id":"1","source":"{source}","type":"{kind}","at":"2024-01-01T00:00:00Z","data":{data}}}"#);
        let now = Timestamp::from_micros(i64::MAX / 2);
        decode(line.as_bytes(), FutureRule::Reject { now })
            .expect("a valid line")
            .fact
    }

    fn member_of(source: &str, community: &str) -> Fact {
        let data = format!(r#"{{"person":"p","community":"{community}","role":"member"}}"#);
        fact(source, "membership.added", &data)
    }

    #[test]
    fn system_groups_are_left_out_by_default() {
        let rules = IgnoreRules::default();
        for id in [
            "registered-users",
            "Registered-Users",
            "forum/trust_level_2",
            "Tout le Monde",
            "EVERYONE",
        ] {
            assert!(rules.matches(&member_of("any", id)), "{id}");
        }
        for id in ["rust", "trust_levels", "everyone-likes-rust", "tous-azimuts"] {
            assert!(!rules.matches(&member_of("any", id)), "{id}");
        }
        assert!(rules.matches(&member_of("discourse-dev", "staff")));
        assert!(
            !rules.matches(&member_of("intranet", "staff")),
            "elsewhere a staff may be a community"
        );
    }

    #[test]
    fn a_name_is_matched_where_the_fact_gives_it() {
        let rules = IgnoreRules::default();
        let data = r#"{"community":"g/11","name":"Utilisateurs enregistrés","kind":"unspecified","access":"open"}"#;
        assert!(rules.matches(&fact("any", "community.upserted", data)));
        assert!(!rules.matches(&member_of("any", "g/11")), "its id says nothing");
        assert!(!rules.matches(&fact("any", "person.upserted", r#"{"person":"everyone"}"#)));
    }

    #[test]
    fn patterns_hold_for_their_source() {
        let patterns = HashMap::from([("hr".to_owned(), vec!["dept-*".to_owned(), "t?am".to_owned()])]);
        let rules = IgnoreRules::new(&patterns);
        assert!(rules.matches(&member_of("hr", "dept-12")) && rules.matches(&member_of("hr", "Team")));
        assert!(!rules.matches(&member_of("forum", "dept-12")) && !rules.matches(&member_of("hr", "everyone")));
        assert!(rules.and(IgnoreRules::default()).matches(&member_of("hr", "everyone")));
    }

    #[test]
    fn globs_stand_for_the_whole() {
        let stands = |pattern: &str, text: &str| glob(&fold(pattern), &fold(text));
        assert!(stands("*", "") && stands("a*b*c", "aXbXbc") && stands("**", "x") && stands("é?", "EX"));
        assert!(!stands("a*b", "abc") && !stands("?", "") && !stands("", "a"));
        let (pattern, text) = ("*a".repeat(50), "a".repeat(10_000));
        assert!(
            !stands(&format!("{pattern}b"), &text),
            "no pattern takes longer than the product"
        );
    }
}
