//! What the operator's wishes hold, as they travel over the control socket.

use crate::app::{Choice, NewKey};
use serde::{Deserialize, Serialize};

/// Which model is to be in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "choose", deny_unknown_fields)]
pub enum ModelWish {
    /// This one, whatever comes.
    Pin {
        /// Its version.
        version: u64,
    },
    /// The newest again.
    Unpin {},
    /// The one before.
    Rollback {},
}

impl From<ModelWish> for Choice {
    fn from(wish: ModelWish) -> Self {
        match wish {
            ModelWish::Pin { version } => Self::Pin(version),
            ModelWish::Unpin {} => Self::Unpin,
            ModelWish::Rollback {} => Self::Rollback,
        }
    }
}

/// A key to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyWish {
    /// The operator's name for it.
    pub name: String,
    /// Names of scopes.
    pub scopes: Vec<String>,
    /// Sources it may write as.
    pub sources: Vec<String>,
    /// Event types it may write.
    pub event_types: Vec<String>,
    /// The person it speaks for.
    pub person: Option<String>,
    /// Communities it is bound to.
    pub communities: Vec<String>,
}

impl From<KeyWish> for NewKey {
    fn from(wish: KeyWish) -> Self {
        Self {
            name: wish.name,
            scopes: wish.scopes,
            sources: wish.sources,
            event_types: wish.event_types,
            person: wish.person,
            communities: wish.communities,
        }
    }
}

/// Which rows of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditWish {
    /// Only those about this person, or done on their behalf.
    pub person: Option<String>,
    /// Only those of this action.
    pub action: Option<String>,
    /// Only those before this number.
    pub before: Option<u64>,
    /// How many at most.
    pub limit: usize,
}

/// Who could answer what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpertsWish {
    /// The question's identifier, or
    pub question: Option<String>,
    /// the words of one that is not asked yet.
    pub text: Option<String>,
    /// How many people at most.
    pub limit: usize,
    /// The language of the texts, as in `Accept-Language`.
    pub language: String,
}

/// Who could co-animate what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoAnimatorsWish {
    /// The community's identifier.
    pub community: String,
    /// How many people at most.
    pub limit: usize,
    /// The language of the texts, as in `Accept-Language`.
    pub language: String,
}

/// Whose communities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommunitiesWish {
    /// The person's identifier.
    pub person: String,
    /// How many communities at most.
    pub limit: usize,
    /// The language of the texts, as in `Accept-Language`.
    pub language: String,
}

/// Whose pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseWish {
    /// The person's identifier.
    pub person: String,
    /// The last day, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// Whether it begins; it ends otherwise.
    pub paused: bool,
}

/// Who knows about what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchWish {
    /// Skills, tags, words.
    pub text: String,
    /// A skill, by identifier or by name.
    pub skill: Option<String>,
    /// They work in this unit, or below it.
    pub unit: Option<String>,
    /// They work there.
    pub site: Option<String>,
    /// They work in this language.
    pub speaks: Option<String>,
    /// They belong to this community.
    pub community: Option<String>,
    /// They can be turned to now, or cannot.
    pub available: Option<bool>,
    /// By what they are found, by its name.
    pub origin: Option<String>,
    /// How many people at most.
    pub limit: usize,
    /// The language of the texts, as in `Accept-Language`.
    pub language: String,
}

/// Which questions are listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionsWish {
    /// Asked at least so many minutes ago.
    pub older_than_minutes: Option<u64>,
    /// Asked there.
    pub community: Option<String>,
    /// How many at most.
    pub limit: usize,
}

/// Which questions are shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsksPlanWish {
    /// Only those asked there.
    pub community: Option<String>,
    /// How many people a question is to have.
    pub people: usize,
    /// The language of the texts, as in `Accept-Language`.
    pub language: String,
}

/// How what is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthWish {
    /// The community; the network when there is none.
    pub community: Option<String>,
    /// The language of the texts, as in `Accept-Language`.
    pub language: String,
}

/// Which page of which skill map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillMapWish {
    /// The number of the release, or `latest`.
    pub release: String,
    /// Whether to make the next one, and show that.
    pub publish: bool,
    /// This unit and those below it.
    pub unit: String,
    /// This skill and those below it.
    pub skill: Option<String>,
    /// How many steps below them.
    pub depth: u32,
    /// The code of who is counted.
    pub counted: String,
    /// Rows, and columns, at most.
    pub limit: usize,
    /// The language of the labels, as in `Accept-Language`.
    pub language: String,
}

/// Which text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestWish {
    /// The community.
    pub community: String,
    /// Who hands it over, for the sheet by which that is done.
    pub hand_over: Option<String>,
    /// The language of the text, as in `Accept-Language`.
    pub language: String,
}
