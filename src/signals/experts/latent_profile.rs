//! How close what somebody answers is to what the question is about.

use super::{Experts, Family};
use crate::pipeline::{Round, Scale, Signal};

/// The cosine, at least 0, of the question's latent vector with the decayed mean of the vectors of the questions that the
/// person answered. In 0..=1. Better. It cites nothing: which way one answer more turns the mean is open. Cost: 128 products. The half-life is two years.
/// (S. Deerwester et al., *Indexing by latent semantic analysis*, 1990.)
pub struct LatentProfile;

impl Signal<Experts> for LatentProfile {
    fn name(&self) -> &'static str {
        "latent_profile"
    }

    fn family(&self) -> Family {
        Family::Subject
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        let Some(subject) = &round.query.subject else { return };
        for (person, strength) in round.subjects.iter().zip(out) {
            let topics = &round.world.people.get(person).evidence.topics;
            *strength = topics
                .interest()
                .map_or(0.0, |interest| interest.cosine(subject).max(0.0));
        }
    }
}
