//! Who is not asked, and why: the first reason that holds.

use super::{Experts, ExpertsQuery};
use crate::domain::Purpose;
use crate::pipeline::Filter;
use crate::world::{PersonIx, View};

/// Microseconds in seven days.
const WEEK_MICROS: i64 = 7 * 86_400_000_000;

/// Invitations in any seven days that a person receives at most when they set no limit.
pub const DEFAULT_ASKS_PER_WEEK: u32 = 5;

/// Why somebody is not among those who could answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exclusion {
    /// They asked the question.
    Asker,
    /// They answered it already.
    AnsweredAlready,
    /// They were invited to answer it already.
    AskedAlready,
    /// They may not read the community in which it was asked.
    NoAccess,
    /// They left.
    Left,
    /// They do not want to be named.
    OptedOut,
    /// They are away.
    Away,
    /// They were invited as often this week as they accept.
    OverCap,
}

impl Exclusion {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Asker,
        Self::AnsweredAlready,
        Self::AskedAlready,
        Self::NoAccess,
        Self::Left,
        Self::OptedOut,
        Self::Away,
        Self::OverCap,
    ];

    /// Its name in answers. What is the person's own (will, absence, load) has one name for everybody else.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asker => "asker",
            Self::AnsweredAlready => "answered_already",
            Self::AskedAlready => "asked_already",
            Self::NoAccess => "no_access",
            Self::Left => "left",
            Self::OptedOut | Self::Away | Self::OverCap => "unavailable",
        }
    }
}

/// Tests one reason.
pub struct Eligibility(pub Exclusion);

impl Filter<Experts> for Eligibility {
    fn excludes(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Option<Exclusion> {
        let holds = match self.0 {
            Exclusion::Asker => query.asker == Some(person),
            Exclusion::AnsweredAlready => query
                .question
                .is_some_and(|q| view.answers_by(person, q).next().is_some()),
            Exclusion::AskedAlready => query.question.is_some_and(|q| view.was_asked(person, q)),
            Exclusion::NoAccess => no_access(view, query, person),
            Exclusion::Left => view.has_left(person),
            Exclusion::OptedOut => !view.allows(person, Purpose::Experts, query.as_of),
            Exclusion::Away => view.is_away(person, query.as_of),
            Exclusion::OverCap => {
                let cap = view.asks_per_week(person).unwrap_or(DEFAULT_ASKS_PER_WEEK);
                view.asks_between(person, query.as_of.plus_micros(-WEEK_MICROS), query.as_of) >= cap
            }
        };
        holds.then_some(self.0)
    }
}

/// Whether the person may not read where the question was asked; a guest is at home only in their communities.
fn no_access(view: &View, query: &ExpertsQuery, person: PersonIx) -> bool {
    match query.community {
        Some(community) => !view.may_read(person, community),
        None => view.is_external(person),
    }
}
