//! People: profile, absences, capacity and preferences, folded from their facts.

use super::{History, Renames};
use crate::domain::{Day, DaySpan, EventKey, FactBody, Hours, Patch, Preference, Timestamp, UnitPath};
use std::sync::Arc;

/// What is known of a person's account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PersonState {
    /// Whether a profile was given; without one, the person is only known to have left.
    pub known: bool,
    /// The name that colleagues use.
    pub name: Option<Arc<str>>,
    /// Where the person works, as the unit is called now.
    pub unit: Option<UnitPath>,
    /// Town or building.
    pub site: Option<Arc<str>>,
    /// Job title.
    pub title: Option<Arc<str>>,
    /// Employer.
    pub employer: Option<Arc<str>>,
    /// Kind of contract or position.
    pub status: Option<Arc<str>>,
    /// BCP 47 tags.
    pub languages: Option<Vec<Arc<str>>>,
    /// IANA name.
    pub time_zone: Option<Arc<str>>,
    /// First day.
    pub joined: Option<Day>,
    /// A guest: partner or supplier.
    pub external: Option<bool>,
    /// Units that this person heads, as they are called now.
    pub heads: Option<Vec<UnitPath>>,
    /// Where the platform shows the person.
    pub url: Option<Arc<str>>,
    /// When the person first left, unless a newer profile came since.
    pub left: Option<Timestamp>,
}

impl PersonState {
    /// Merges profiles by field, the newest wins; a profile newer than a departure revives.
    pub(super) fn fold(history: &History, renames: &Renames) -> Option<Self> {
        let mut state = Self::default();
        for fact in history {
            match &fact.body {
                FactBody::PersonUpserted { patch, .. } => {
                    state.known = true;
                    state.left = None;
                    patch.name.apply_to(&mut state.name);
                    patch.site.apply_to(&mut state.site);
                    patch.title.apply_to(&mut state.title);
                    patch.employer.apply_to(&mut state.employer);
                    patch.status.apply_to(&mut state.status);
                    patch.languages.apply_to(&mut state.languages);
                    patch.time_zone.apply_to(&mut state.time_zone);
                    patch.joined.apply_to(&mut state.joined);
                    patch.external.apply_to(&mut state.external);
                    patch.url.apply_to(&mut state.url);
                    current(&patch.unit, fact.at, renames).apply_to(&mut state.unit);
                    if let Patch::Set(units) = &patch.heads {
                        state.heads = Some(units.iter().map(|unit| renames.current(unit, fact.at)).collect());
                    } else {
                        patch.heads.apply_to(&mut state.heads);
                    }
                }
                FactBody::PersonLeft { .. } => {
                    state.left.get_or_insert(fact.at);
                }
                _ => {}
            }
        }
        (!history.is_empty()).then_some(state)
    }
}

/// A path patch as its unit is called now.
pub(super) fn current(unit: &Patch<UnitPath>, at: Timestamp, renames: &Renames) -> Patch<UnitPath> {
    match unit {
        Patch::Set(path) => Patch::Set(renames.current(path, at)),
        other => other.clone(),
    }
}

/// The days on which a person is away: sorted, disjoint, not adjacent. Each fact adds or frees its days, in order.
pub(super) fn absences(history: &History) -> Option<Vec<DaySpan>> {
    let mut days: Vec<DaySpan> = Vec::new();
    for fact in history {
        match &fact.body {
            FactBody::AbsenceSet { span, .. } => add_days(&mut days, *span),
            FactBody::AbsenceCleared { span, .. } => free_days(&mut days, *span),
            _ => {}
        }
    }
    (!days.is_empty()).then_some(days)
}

fn add_days(days: &mut Vec<DaySpan>, new: DaySpan) {
    let (mut from, mut until) = (new.from(), new.until());
    days.retain(|old| {
        let apart = old.until().plus(1) < from || until.plus(1) < old.from();
        if !apart {
            from = from.min(old.from());
            until = until.max(old.until());
        }
        apart
    });
    days.extend(DaySpan::new(from, until));
    days.sort_unstable();
}

fn free_days(days: &mut Vec<DaySpan>, gone: DaySpan) {
    let kept = |old: DaySpan| {
        let before = DaySpan::new(old.from(), old.until().min(gone.from().plus(-1)));
        let after = DaySpan::new(old.from().max(gone.until().plus(1)), old.until());
        before.into_iter().chain(after)
    };
    *days = days.iter().copied().flat_map(kept).collect();
}

/// A person's own limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CapacityState {
    /// Invitations accepted in any seven days.
    pub asks_per_week: Option<u32>,
    /// Hours a week for animating.
    pub animation_hours_per_week: Option<Hours>,
}

impl CapacityState {
    pub(super) fn fold(history: &History) -> Option<Self> {
        let mut state = Self::default();
        for fact in history {
            if let FactBody::CapacitySet { patch, .. } = &fact.body {
                patch.asks_per_week.apply_to(&mut state.asks_per_week);
                patch
                    .animation_hours_per_week
                    .apply_to(&mut state.animation_hours_per_week);
            }
        }
        (state != Self::default()).then_some(state)
    }
}

/// One choice that a person made, with its place in the total order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chosen {
    /// When.
    pub at: Timestamp,
    /// Which event said so: breaks ties of the same instant.
    pub key: EventKey,
    /// What.
    pub preference: Preference,
}

/// The choices that may still hold some day: the newest lasting one and those after it, which end by themselves.
pub(super) fn preferences(history: &History) -> Option<Vec<Chosen>> {
    let mut chosen = Vec::new();
    for fact in history {
        if let FactBody::PreferenceSet { preference, .. } = &fact.body {
            if preference.until.is_none() {
                chosen.clear();
            }
            chosen.push(Chosen {
                at: fact.at,
                key: fact.key.clone(),
                preference: *preference,
            });
        }
    }
    (!chosen.is_empty()).then_some(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(from: i32, until: i32) -> DaySpan {
        DaySpan::new(Day::from_days(from), Day::from_days(until)).expect("in order")
    }

    #[test]
    fn neighbouring_absences_become_one_and_a_return_splits_it() {
        let mut days = vec![];
        add_days(&mut days, span(1, 3));
        add_days(&mut days, span(4, 9));
        assert_eq!(days, [span(1, 9)]);
        free_days(&mut days, span(3, 4));
        assert_eq!(days, [span(1, 2), span(5, 9)]);
    }

    proptest! {
        #[test]
        fn spans_hold_exactly_the_days_that_were_set_last(ops in prop::collection::vec((any::<bool>(), 0..30_i32, 0..8_i32), 0..20)) {
            let (mut days, mut truth) = (vec![], [false; 40]);
            for (set, from, len) in ops {
                if set { add_days(&mut days, span(from, from + len)) } else { free_days(&mut days, span(from, from + len)) }
                for d in from..=from + len { truth[d as usize] = set; }
            }
            for (d, away) in truth.iter().enumerate() {
                prop_assert_eq!(days.iter().any(|s| s.contains(Day::from_days(d as i32))), *away);
            }
            prop_assert!(days.windows(2).all(|w| w[0].until().plus(1) < w[1].from()), "disjoint and not adjacent");
        }
    }
}
