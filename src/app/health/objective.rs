//! A community's own stated objective: how its measure stood before it was stated, and how it stands now.

use super::months::Span;
use super::questions::{FEW, Fares, WINDOW_DAYS, lately, newcomers_answered, ripe};
use super::succession::{holders, topic_skills};
use crate::domain::{Objective, ObjectiveMeasure, Timestamp};
use crate::world::{CommunityIx, PersonIx, View};
use std::collections::BTreeSet;

/// What a measure came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// A figure: a share (0..=1), days to the first answer, or people.
    Figure(f64),
    /// A count of people under five, which is not told.
    Few,
}

/// An objective, with its measure before and now; a measure that would give somebody away is not told.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveProgress {
    /// What was stated.
    pub stated: Objective,
    /// The measure over the 90 days before that.
    pub before: Option<Measured>,
    /// The measure over the 90 days that ended seven days ago; people who hold the subject: now.
    pub now: Option<Measured>,
}

impl ObjectiveProgress {
    /// That of `community`, when it stated one. Cost: its questions, or the holders of its subjects.
    pub(super) fn of(view: &View, community: CommunityIx, as_of: Timestamp) -> Option<Self> {
        let state = view.communities.get(community).state.as_deref()?;
        let (stated, at) = (state.objective.clone()?, state.objective_at?);
        let before = Span::ending(at, WINDOW_DAYS).up_to(ripe(as_of));
        let measure = |span: Span, at| measure(view, community, stated.measure, span, at);
        Some(Self {
            before: measure(before, at),
            now: measure(lately(as_of), as_of),
            stated,
        })
    }
}

fn measure(
    view: &View,
    community: CommunityIx,
    measure: ObjectiveMeasure,
    span: Span,
    at: Timestamp,
) -> Option<Measured> {
    let fares = || Fares::of(view, community, span);
    match measure {
        ObjectiveMeasure::UnansweredRate => fares().unanswered_rate().map(Measured::Figure),
        ObjectiveMeasure::FirstAnswer => {
            let days = |hours: f64| (hours / 24.0 * 100.0).round() / 100.0;
            fares().first_answer_hours().map(days).map(Measured::Figure)
        }
        ObjectiveMeasure::NewcomersAnswered => newcomers_answered(view, community, span).map(Measured::Figure),
        ObjectiveMeasure::Holders => {
            let skills = topic_skills(view, community);
            let people: BTreeSet<PersonIx> = skills.iter().flat_map(|&skill| holders(view, skill, at)).collect();
            let count = people.len();
            (!skills.is_empty()).then_some(if count < FEW {
                Measured::Few
            } else {
                Measured::Figure(count as f64)
            })
        }
    }
}
