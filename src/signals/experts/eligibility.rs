//! Who is not asked, and why: the first reason that holds.

use super::{Experts, ExpertsQuery};
use crate::domain::Purpose;
use crate::pipeline::Filter;
use crate::signals::load::Load;
use crate::world::{AskOutcome, PersonIx, QuestionIx, View};

/// Why somebody is not among those who could answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exclusion {
    /// They asked the question.
    Asker,
    /// They answered it already.
    AnsweredAlready,
    /// They were invited to answer it, and declined or named somebody else: they are not asked again.
    Declined,
    /// They were invited to answer it already.
    AskedAlready,
    /// They may not read the community in which it was asked.
    NoAccess,
    /// They are of the asker's unit, and somebody from outside is wanted.
    SameUnit,
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
    pub const ALL: [Self; 10] = [
        Self::Asker,
        Self::AnsweredAlready,
        Self::Declined,
        Self::AskedAlready,
        Self::NoAccess,
        Self::SameUnit,
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
            Self::Declined => "declined",
            Self::AskedAlready => "asked_already",
            Self::NoAccess => "no_access",
            Self::SameUnit => "same_unit",
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
            Exclusion::Declined => query.question.is_some_and(|q| declined(view, q, person)),
            Exclusion::NoAccess => no_access(view, query, person),
            Exclusion::SameUnit => query.outside_unit && same_unit(view, query, person),
            Exclusion::Left => view.has_left(person),
            Exclusion::OptedOut => !view.allows(person, Purpose::Experts, query.as_of),
            Exclusion::Away => view.is_away(person, query.as_of),
            Exclusion::OverCap => Load::of(view, person, query.as_of).is_full(view, person, query.as_of),
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

/// Whether the person was asked about `question` and passed it on or turned it down.
fn declined(view: &View, question: QuestionIx, person: PersonIx) -> bool {
    let asks = view.questions.get(question).asks.iter();
    asks.filter_map(|&ask| view.asks.get(ask).state.as_deref())
        .filter(|ask| matches!(ask.outcome, AskOutcome::Declined(_) | AskOutcome::Referred(_)))
        .any(|ask| view.person(ask.person.as_str()) == Some(person))
}

/// Whether the person works in the asker's unit or below it, by any of their profiles.
fn same_unit(view: &View, query: &ExpertsQuery, person: PersonIx) -> bool {
    let Some(of_asker) = &query.asker_unit else {
        return false;
    };
    let mut units = view.profiles(person).filter_map(|profile| profile.unit.as_ref());
    units.any(|unit| unit.is_within(of_asker))
}
