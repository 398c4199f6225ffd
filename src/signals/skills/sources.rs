//! Where candidates come from, and in which order they stand.

use super::{Skills, SkillsQuery};
use crate::pipeline::{Seat, Selector, Source};
use crate::world::{SkillIx, View};
use std::convert::Infallible;

/// Every skill of which anything speaks.
pub struct Evidenced;

impl Source<Skills> for Evidenced {
    fn name(&self) -> &'static str {
        "evidenced"
    }

    fn propose(&self, _: &View, query: &SkillsQuery, into: &mut Vec<SkillIx>) {
        into.extend(query.evidenced());
    }
}

/// The order of scores: nothing else moves a conclusion.
pub struct ByScore;

impl Selector<Skills> for ByScore {
    fn seats(&self, _: &View, _: &SkillsQuery, ranked: &[(SkillIx, f64)]) -> Vec<Seat<Infallible>> {
        let seat = |turn| Seat {
            wave: 1,
            turn,
            moved_by: None,
        };
        (0..ranked.len()).map(seat).collect()
    }
}
