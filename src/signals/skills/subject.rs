//! How close what somebody answers is to what a skill is called.

use super::{Family, Skills};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::SkillIx;
use crate::world::View;
use crate::world::latent::Vector;
use crate::world::text::Document;

/// The cosine, at least 0, of the decayed mean of the questions that the person answered with the names of the skill, in
/// the latent basis of the questions. In 0..=1. Better. It cites nothing: which way one answer more turns the mean is open.
/// Cost: the words of the names, and 128 products a skill. (S. Deerwester et al., *Indexing by latent semantic analysis*,
/// 1990.)
pub struct Subject;

impl Signal<Skills> for Subject {
    fn name(&self) -> &'static str {
        "subject"
    }

    fn family(&self) -> Family {
        Family::Subject
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Skills>, out: &mut [f64]) {
        let view = round.world;
        let Some(interest) = view.people.get(round.query.person).evidence.topics.interest() else {
            return;
        };
        for (skill, strength) in round.subjects.iter().zip(out) {
            let near = about(view, skill).map(|about| interest.cosine(&about));
            *strength = near.unwrap_or(0.0).clamp(0.0, 1.0);
        }
    }
}

/// What the names of `skill` are about, where the basis says so.
fn about(view: &View, skill: SkillIx) -> Option<Vector> {
    let basis = view.basis()?;
    let state = view.skills.get(skill).state.as_ref()?;
    let labels = state.labels.iter().flatten();
    let named = labels.map(|(language, label)| Document::of(label, "", Some(language)).tagged([label]));
    let terms: Vec<(Box<str>, u16)> = named
        .flat_map(|document| {
            document
                .terms()
                .map(|(term, count)| (term.into(), count))
                .collect::<Vec<_>>()
        })
        .collect();
    let document = Document::from_terms(terms);
    basis.fold(document.terms())
}
