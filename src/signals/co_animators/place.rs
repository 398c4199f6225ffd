//! Where somebody works, and in which languages, against where the community belongs.

use super::{CoAnimators, Family};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::experts::speaks;

/// 1 for whoever works in the community's unit or below it; 0 where it has none. Better. Cost: constant.
pub struct CommunityUnit;

impl Signal<CoAnimators> for CommunityUnit {
    fn name(&self) -> &'static str {
        "community_unit"
    }

    fn family(&self) -> Family {
        Family::Place
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        let Some(unit) = &round.query.unit else { return };
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let mut units = round.world.profiles(person).filter_map(|profile| profile.unit.as_ref());
            *strength = f64::from(u8::from(units.any(|own| own.is_within(unit))));
        }
    }
}

/// How sure it is that the person works in the community's language, in 0..=1; 0 where it has none. Better. Cost: the
/// person's languages.
pub struct SharesLanguage;

impl Signal<CoAnimators> for SharesLanguage {
    fn name(&self) -> &'static str {
        "language"
    }

    fn family(&self) -> Family {
        Family::Place
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        let Some(language) = round.query.language.as_deref() else {
            return;
        };
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            *strength = speaks(round.world, person, language);
        }
    }
}
