//! Does the person work in the question's language?

use super::{Experts, Family};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{PersonIx, View};

/// 1 when the person declares the question's language; else the share of their answers in it, drawn towards ½ by two
/// made-up answers; ½ for whoever is not known to write in any, and for a question whose language is unknown. In 0..=1.
/// Better: nobody is helped in a language they do not read. Cost: the person's languages.
pub struct Language;

impl Signal<Experts> for Language {
    fn name(&self) -> &'static str {
        "language"
    }

    fn family(&self) -> Family {
        Family::Language
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (person, strength) in round.subjects.iter().zip(out) {
            *strength = round
                .query
                .language
                .as_deref()
                .map_or(0.5, |language| speaks(round.world, person, language));
        }
    }
}

/// How sure it is that `person` works in `language`, as [`Language`] measures it: in 0..=1, ½ when nothing is known.
pub fn speaks(view: &View, person: PersonIx, language: &str) -> f64 {
    let declared = || view.profiles(person).flat_map(|p| p.languages.iter().flatten());
    if declared().any(|tag| tag.split('-').next() == Some(language)) {
        return 1.0;
    }
    let languages = &view.people.get(person).evidence.languages;
    let (mut here, mut all) = (0, 0);
    for (tag, count) in languages.iter() {
        all += count;
        here += if **tag == *language { count } else { 0 };
    }
    let share = (f64::from(here) + 1.0) / (f64::from(all) + 2.0);
    // Somebody who declares other languages and never wrote in this one is not given the benefit of the doubt.
    if here == 0 && declared().next().is_some() {
        share.min(0.25)
    } else {
        share
    }
}
