//! What was proposed to people, as far as it still counts.

use crate::domain::{DAY_MICROS, ProposalKind, Timestamp};
use crate::world::{PersonIx, View};
use std::collections::BTreeMap;

/// Days in which somebody receives one proposal to co-animate at most, wherever it is.
const APART_DAYS: i64 = 30;
/// Days for which a no holds, wherever it was.
const NO_DAYS: i64 = 180;

/// What of it holds for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proposed {
    /// Something was proposed to them within 30 days.
    pub lately: bool,
    /// They declined within 180 days.
    pub declined: bool,
}

/// The proposals to co-animate that still count, by person.
#[derive(Clone, Debug, Default)]
pub struct Proposals(BTreeMap<PersonIx, Proposed>);

impl Proposals {
    /// Those that count at `as_of`. Cost: all proposals.
    pub fn of(view: &View, as_of: Timestamp) -> Self {
        let since = |days: i64| as_of.plus_micros(-days * DAY_MICROS);
        let mut people: BTreeMap<PersonIx, Proposed> = BTreeMap::new();
        for (_, person, proposal) in view.proposals().filter(|(.., p)| p.kind == ProposalKind::CoAnimator) {
            let said_no = proposal.answered.is_some_and(|(yes, at)| !yes && at > since(NO_DAYS));
            let proposed = people.entry(person).or_default();
            proposed.lately |= proposal.at > since(APART_DAYS);
            proposed.declined |= said_no;
        }
        Self(people)
    }

    /// What of it holds for `person`.
    pub fn to(&self, person: PersonIx) -> Proposed {
        self.0.get(&person).copied().unwrap_or_default()
    }
}
