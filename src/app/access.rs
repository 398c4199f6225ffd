//! Who calls: what they may do, and for whom they speak.

mod callers;
mod keys;
mod oidc;
mod tokens;

use super::reader::Reader;
use super::sources::Sources;
use crate::domain::{EventType, Fact, FactBody, PersonId};
use crate::store::KeyRow;
use std::collections::BTreeSet;

pub(super) use callers::Bearers;
pub use callers::Stranger;
pub(super) use keys::Keyring;
pub use keys::{KeyError, NewKey};
pub use oidc::{Oidc, OidcSettings};
pub use tokens::{IssuedToken, TOKEN_MINUTES, TokenError};

macro_rules! scopes {
    ($($(#[$doc:meta])* $scope:ident = $name:literal;)*) => {
        /// One thing that a key may do. No scope implies another.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scope { $($(#[$doc])* $scope,)* }

        impl Scope {
            /// Every scope.
            pub const ALL: &'static [Self] = &[$(Self::$scope,)*];

            /// The name by which it is granted.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$scope => $name,)* }
            }

            /// The scope called `name`.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$scope),)* _ => None }
            }
        }
    };
}

scopes! {
    /// Send events.
    EventsWrite = "events:write";
    /// Ask who could answer, and the other recommendations.
    RecommendRead = "recommend:read";
    /// Search people and skills.
    SearchRead = "search:read";
    /// Animate the communities that the key names.
    Animator = "animator";
    /// Plan for the whole network.
    Steward = "steward";
    /// Read published skill maps.
    HrRead = "hr:read";
    /// Speak for the key's person.
    Member = "member";
    /// Speak for anybody who asks the data protection officer.
    Dpo = "dpo";
    /// Make short-lived tokens for members.
    MembersDelegate = "members:delegate";
    /// Configure the service.
    Admin = "admin";
}

/// The source of the events that the service writes itself: no key may write as it.
pub const OWN_SOURCE: &str = "antenne";

/// How a caller is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// By a key.
    Key,
    /// By a short-lived token that a key made.
    Token,
    /// By a token of the identity provider.
    Oidc,
    /// By the signature of a webhook.
    Webhook,
    /// By being at the command line.
    Command,
}

impl Via {
    /// The word for it in the audit log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Token => "token",
            Self::Oidc => "oidc",
            Self::Webhook => "webhook",
            Self::Command => "command",
        }
    }
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// How they are known.
    pub via: Via,
    /// The operator's name for the key, or for the key that made the token; `oidc` for the provider's tokens.
    pub name: String,
    /// What it may do.
    pub scopes: BTreeSet<Scope>,
    /// The sources it may write as; empty means any.
    pub sources: Vec<String>,
    /// The event types it may write; empty means every type.
    pub event_types: Vec<EventType>,
    /// The person it speaks for.
    pub person: Option<PersonId>,
    /// The communities it is bound to.
    pub communities: Vec<String>,
}

impl Identity {
    fn of(row: &KeyRow) -> Self {
        Self {
            via: Via::Key,
            name: row.name.clone(),
            scopes: row.scopes.iter().filter_map(|name| Scope::from_name(name)).collect(),
            sources: row.sources.clone(),
            event_types: row
                .event_types
                .iter()
                .filter_map(|name| EventType::from_name(name))
                .collect(),
            person: row.person.as_deref().map(PersonId::new),
            communities: row.communities.clone(),
        }
    }

    /// Whoever signs the webhooks of `source`.
    pub(super) fn of_webhook(source: &str) -> Self {
        Self {
            via: Via::Webhook,
            name: format!("webhook:{source}"),
            scopes: [Scope::EventsWrite].into(),
            sources: vec![source.to_owned()],
            event_types: Vec::new(),
            person: None,
            communities: Vec::new(),
        }
    }

    /// Under which name its requests are counted: each key by itself, tokens by their person. No key's name has a space.
    pub fn counted_as(&self) -> String {
        match (&self.person, self.via) {
            (Some(person), Via::Token | Via::Oidc) => format!("person {}", person.as_str()),
            _ => self.name.clone(),
        }
    }

    /// Whether the key has `scope`.
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Who reads with this key, when it speaks for a person or for the animators of communities.
    pub fn reader(&self) -> Option<Reader> {
        let animates = self.has(Scope::Animator);
        let communities = if animates { self.communities.clone() } else { vec![] };
        (self.person.is_some() || animates).then(|| Reader {
            person: self.person.clone(),
            communities,
            animates,
        })
    }

    /// Why the key may not write `fact`: field, code and what to do. `sources` is what the operator says of them.
    pub(super) fn may_not_write(&self, fact: &Fact, sources: &Sources) -> Option<Refusal> {
        if *fact.key.source == *OWN_SOURCE {
            let detail = format!("events of the source {OWN_SOURCE} are the service's own: choose another name");
            return Some(("source", "source_not_allowed", detail));
        }
        if !self.writes_as(&fact.key.source) {
            let detail = format!("this key may write only as {}", self.sources.join(", "));
            return Some(("source", "source_not_allowed", detail));
        }
        let kind = fact.body.kind();
        if !self.event_types.is_empty() && !self.event_types.contains(&kind) {
            let detail = format!("this key may not write {}: its event types do not name it", kind.name());
            return Some(("type", "type_not_allowed", detail));
        }
        if let FactBody::FactRetracted { target } = &fact.body
            && (!self.writes_as(&target.source) || *target.source == *OWN_SOURCE)
        {
            let detail = format!("this key may undo only events of {}", self.sources.join(", "));
            return Some(("data.source", "source_not_allowed", detail));
        }
        self.may_not_bind(fact, sources)
            .map(|detail| ("type", "speaks_for_somebody", detail))
    }

    /// Why the key may not undo `target`, which the log holds: whoever may not state something for a person may not take
    /// it back either.
    pub(super) fn may_not_undo(&self, target: &Fact, sources: &Sources) -> Option<Refusal> {
        self.may_not_bind(target, sources)
            .map(|detail| ("data.id", "speaks_for_somebody", detail))
    }

    /// For whom `fact` speaks because this identity speaks for anybody who asks the data protection officer; `None` for
    /// what it says for itself or what binds nobody.
    pub(super) fn binds_another<'f>(&self, fact: &'f Fact) -> Option<&'f PersonId> {
        bound_person(&fact.body).filter(|person| self.has(Scope::Dpo) && self.person.as_ref() != Some(*person))
    }

    fn writes_as(&self, source: &str) -> bool {
        self.sources.is_empty() || self.sources.iter().any(|own| own == source)
    }

    /// What to do instead, when `fact` binds a person for whom the key does not speak.
    fn may_not_bind(&self, fact: &Fact, sources: &Sources) -> Option<String> {
        let (kind, person) = (fact.body.kind(), bound_person(&fact.body)?);
        let own = self.person.as_ref() == Some(person) && self.has(Scope::Member);
        // A key that is bound to no source is nobody's in particular, and speaks for no authority.
        let declared = !self.sources.is_empty() && sources.may_state(&fact.key.source, kind);
        (!own && !declared && !self.has(Scope::Dpo)).then(|| {
            format!(
                "{} binds a person: send it with that person's own key, with a key of scope dpo, or with a key of a source \
                 that the configuration declares authoritative for it",
                kind.name()
            )
        })
    }
}

/// Field, code, and what to do.
pub(super) type Refusal = (&'static str, &'static str, String);

/// Whether events of `kind` bind a person: their will, absence or limits, which nobody else may state.
pub(super) const fn binds_a_person(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::PreferenceSet
            | EventType::SkillVisibilitySet
            | EventType::SkillConfirmed
            | EventType::SkillContested
            | EventType::CapacitySet
            | EventType::AbsenceSet
            | EventType::AbsenceCleared
            | EventType::InterestDeclared
            | EventType::InterestWithdrawn
            | EventType::AnimationOffered
            | EventType::AnimationWithdrawn
    )
}

/// The person whom a fact binds. What binds is about one person.
fn bound_person(body: &FactBody) -> Option<&PersonId> {
    binds_a_person(body.kind())
        .then(|| body.people().first().copied())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sources::SourceRules;
    use crate::domain::{ContentHash, Day, DaySpan, EventKey, Timestamp};
    use std::sync::Arc;

    fn absence(source: &str) -> Fact {
        let span = DaySpan::new(Day::from_days(1), Day::from_days(2)).unwrap();
        Fact {
            key: EventKey {
                source: Arc::from(source),
                id: Arc::from("1"),
            },
            at: Timestamp::from_micros(0),
            content: ContentHash::default(),
            body: FactBody::AbsenceSet {
                person: PersonId::new("ana"),
                span,
            },
        }
    }

    fn key(scopes: &[&str], types: &[&str], person: Option<&str>) -> Identity {
        let new = NewKey {
            name: "k".into(),
            scopes: scopes.iter().map(|&s| s.into()).collect(),
            sources: vec!["hr".into()],
            event_types: types.iter().map(|&t| t.into()).collect(),
            person: person.map(Into::into),
            communities: vec![],
        };
        Identity::of(&new.make([7; 32], 0).unwrap().1)
    }

    #[test]
    fn what_binds_a_person_needs_a_key_that_may_speak_for_them() {
        let declared = SourceRules {
            authoritative: vec!["absence.set".into()],
            ..SourceRules::default()
        };
        let declared = Sources::new(&[("hr".to_owned(), declared)].into()).unwrap();
        let code = |identity: Identity, sources: &Sources| {
            let fact = absence("hr");
            let code = |refusal: Option<Refusal>| refusal.map(|(_, code, _)| code);
            let (written, undone) = (
                code(identity.may_not_write(&fact, sources)),
                code(identity.may_not_undo(&fact, sources)),
            );
            assert_eq!(written == Some("speaks_for_somebody"), undone.is_some());
            written
        };
        let nothing = Sources::default();
        let plain = || key(&["events:write"], &[], None);
        assert_eq!(code(plain(), &nothing), Some("speaks_for_somebody"));
        assert_eq!(code(plain(), &declared), None);
        let unbound = Identity {
            sources: vec![],
            ..plain()
        };
        assert_eq!(code(unbound, &declared), Some("speaks_for_somebody"));
        let bo = key(&["events:write", "member"], &[], Some("bo"));
        assert_eq!(code(bo, &nothing), Some("speaks_for_somebody"));
        assert_eq!(code(key(&["events:write", "member"], &[], Some("ana")), &nothing), None);
        assert_eq!(
            code(key(&["events:write"], &[], Some("ana")), &nothing),
            Some("speaks_for_somebody")
        );
        assert_eq!(code(key(&["events:write", "dpo"], &[], None), &nothing), None);
        let named = key(&["events:write"], &["absence.set"], None);
        assert_eq!(
            code(named, &nothing),
            Some("speaks_for_somebody"),
            "a key declares nothing"
        );
        let other = key(&["events:write"], &["person.left"], None);
        assert_eq!(code(other, &declared), Some("type_not_allowed"));
    }

    #[test]
    fn a_key_writes_and_undoes_as_its_own_sources_alone() {
        let code = |fact: &Fact| {
            let refusal = key(&["events:write", "dpo"], &[], None).may_not_write(fact, &Sources::default());
            refusal.map(|(field, code, _)| (field, code))
        };
        assert_eq!(code(&absence("forum")), Some(("source", "source_not_allowed")));
        let undoes = |source: &str| Fact {
            body: FactBody::FactRetracted {
                target: absence(source).key,
            },
            ..absence("hr")
        };
        assert_eq!(code(&undoes("forum")), Some(("data.source", "source_not_allowed")));
        assert_eq!(code(&undoes("hr")), None);
    }

    #[test]
    fn only_the_exact_key_opens() {
        let new = NewKey {
            name: "k".into(),
            scopes: vec!["admin".into()],
            ..NewKey::default()
        };
        let (clear, mut row) = new.make([1; 32], 0).unwrap();
        assert!(Keyring::of(&[row.clone()]).find(&clear).is_some());
        assert!(Keyring::of(&[row.clone()]).find(&clear[..clear.len() - 1]).is_none());
        row.revoked_at_micros = Some(1);
        assert!(Keyring::of(&[row]).find(&clear).is_none(), "revoked");
    }

    #[test]
    fn a_name_is_one_word_and_a_source_can_be_one() {
        let check = |name: &str, sources: &[&str]| {
            let new = NewKey {
                name: name.into(),
                scopes: vec!["admin".into()],
                sources: sources.iter().map(|&source| source.into()).collect(),
                ..NewKey::default()
            };
            new.make([1; 32], 0).map(|_| ()).map_err(|error| error.to_string())
        };
        for name in ["forum", "Forum-2", "équipe/outils", "機"] {
            assert_eq!(check(name, &["forum", "hr-2"]), Ok(()), "{name}");
        }
        for name in ["a b", " a", "a\nb", "a\tb", "a\u{a0}b", "\u{1b}[2J", " "] {
            let why = check(name, &[]).unwrap_err();
            assert!(why.contains("one word") && !why.contains(char::is_control), "{why}");
        }
        assert!(check("", &[]).unwrap_err().contains("needs a name"));
        for source in ["Forum", "the forum", "", "*"] {
            let why = check("forum", &["hr", source]).unwrap_err();
            assert!(why.contains(&format!("`{source}` is no source")), "{why}");
        }
    }

    #[test]
    fn a_bad_scope_is_named_with_those_that_exist() {
        let new = NewKey {
            name: "k".into(),
            scopes: vec!["reads".into()],
            ..NewKey::default()
        };
        let error = new.make([1; 32], 0).unwrap_err().to_string();
        assert!(error.contains("`reads`") && error.contains("recommend:read"), "{error}");
    }

    #[test]
    fn tokens_count_for_their_person_and_keys_for_themselves() {
        let ana = |via| Identity {
            via,
            ..key(&["member"], &[], Some("ana"))
        };
        assert_eq!(ana(Via::Token).counted_as(), ana(Via::Oidc).counted_as());
        assert_eq!(ana(Via::Key).counted_as(), "k");
        let bo = Identity {
            via: Via::Token,
            ..key(&["member"], &[], Some("bo"))
        };
        assert_ne!(bo.counted_as(), ana(Via::Token).counted_as());
        // No key can take a person's room: its name would have a space.
        let named = NewKey {
            name: ana(Via::Token).counted_as(),
            scopes: vec!["member".into()],
            ..NewKey::default()
        };
        assert!(named.check().is_err());
    }
}
