//! What an answer about people who could co-animate holds.
//!
//! Absences, hours and activity are people's own. To those who animate the community the answer tells dates, hours and
//! bands, and on which sides each person would help; to everybody else how many days are without anybody, and bands. What
//! somebody's own days, hours and activity add to their fit decides where they stand; as a figure only they read it.

use crate::domain::{CommunityKind, DaySpan, PersonId, Timestamp};
use crate::recommend::answer::Reason;
use crate::signals::workload::Band;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How much of something is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// Less than half of it.
    Part,
    /// Half or more.
    Most,
    /// All of it.
    All,
}

impl Share {
    /// The share that `part` is of the whole, in 0..=1.
    pub fn of(part: f64) -> Self {
        if part > 1.0 - 1e-6 {
            Self::All
        } else if part >= 0.5 {
            Self::Most
        } else {
            Self::Part
        }
    }

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Part => "part",
            Self::Most => "most",
            Self::All => "all",
        }
    }
}

/// What days and hours are called together, to those who may not read one person's: it stands for everybody alike.
pub const TIME: &str = "time";

/// What somebody adds to those who animate and to those before them in the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// On which side, stable across versions: a side of the cover, or `time` for those that are the person's own.
    pub code: &'static str,
    /// How much of that side they newly cover: never a figure, which could tell of their absences or hours. `None` where
    /// even that would.
    pub share: Option<Share>,
    /// It, in the reader's language.
    pub text: String,
}

/// Somebody, or only the identifier when no name is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Someone {
    /// Who.
    pub person: PersonId,
    /// The name that colleagues use.
    pub name: Option<Arc<str>>,
}

/// Somebody who could co-animate.
#[derive(Clone, Debug, PartialEq)]
pub struct CoAnimatorPick {
    /// Who.
    pub subject: PersonId,
    /// The name that colleagues use.
    pub name: Option<Arc<str>>,
    /// Place in this answer, from 1: the order in which the set was chosen.
    pub rank: usize,
    /// Place by fit alone.
    pub base_rank: usize,
    /// Fit within this one answer, as far as the reader may know what it is made of; comparable to nothing else. What they
    /// add is told apart.
    pub score: f64,
    /// Why they fit: the three that weigh most, and whatever else counts as one. The contributions sum to the score.
    pub reasons: Vec<Reason>,
    /// What they add, the side on which they add most first.
    pub gain: Vec<Added>,
    /// Whether they offered to animate; whoever did not is to be asked.
    pub volunteer: bool,
    /// Whether they do not belong to the community yet.
    pub to_be_introduced: bool,
    /// Whether they would animate for the first time.
    pub first_time: bool,
    /// Who would accompany them, when it is their first time; `None` when whoever does may not be named.
    pub beside: Option<Someone>,
    /// Why the place is not the one by fit: `offered`, `natural`, `complement` or `later`.
    pub moved_by: Option<&'static str>,
    /// A few words to send, to be edited.
    pub invitation: String,
}

/// What the community needs, and what the set gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Needs {
    /// How many days ahead are looked at.
    pub days: u32,
    /// On how many of them no animator is available.
    pub days_without: u32,
    /// How much of those the set covers: `none`, or the code of a [`Share`]. To those who animate, where there are some: a
    /// set may be one person.
    pub covered: Option<&'static str>,
    /// Animators that are missing to the fewest that such a community has.
    pub animators_missing: u32,
    /// Whether its animators lack an hour a week or more.
    pub hours_short: bool,
    /// It, in the reader's language.
    pub text: String,
}

/// The load of the community.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadShown {
    /// What such a community takes from each of its animators against what somebody usually gives, and the same once the
    /// set has joined.
    pub band: (Band, Band),
    /// How it is spread, and how it will be.
    pub spread: (&'static str, &'static str),
}

/// The load of one of the present animators, over everything that they animate.
#[derive(Clone, Debug, PartialEq)]
pub struct AnimatorLoad {
    /// Who.
    pub person: Someone,
    /// Their load now, and once the set has joined.
    pub band: (Band, Band),
}

/// What is told to those who animate the community alone.
#[derive(Clone, Debug, PartialEq)]
pub struct InFull {
    /// The days without an animator. Not those that the set would leave: they are the absences of whoever is in it.
    pub dates: Vec<DaySpan>,
    /// The load of each of the present animators.
    pub animators: Vec<AnimatorLoad>,
    /// What the reader gives in a week and could give, when the reader is one of them.
    pub own: Option<(f64, f64)>,
}

/// Why something is as it is, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Stable across versions.
    pub code: &'static str,
    /// It, in the reader's language.
    pub text: String,
}

/// People who could co-animate a community.
#[derive(Clone, Debug, PartialEq)]
pub struct CoAnimatorsAnswer {
    /// The set, in the order in which it was chosen.
    pub items: Vec<CoAnimatorPick>,
    /// How many candidates come after them.
    pub reserve: usize,
    /// How many people were not considered, by reason.
    pub excluded: BTreeMap<&'static str, usize>,
    /// What the community is for.
    pub kind: CommunityKind,
    /// Who animates such a community.
    pub rule: String,
    /// What it needs.
    pub needs: Needs,
    /// Its load.
    pub load: LoadShown,
    /// What only its animators are told.
    pub in_full: Option<InFull>,
    /// Why the reader is not in the answer, when they were passed over.
    pub you: Option<Told>,
    /// Why there is nobody.
    pub nobody: Option<Told>,
    /// The weights that were used.
    pub model: String,
    /// The instant of the answer.
    pub as_of: Timestamp,
}
