//! From a score and its parts to a conclusion in bands; or to none, when nothing can be cited for it.

use super::{Family, Inferred, LevelBand, Skills, SkillsQuery, Sureness};
use crate::pipeline::Placed;
use std::collections::BTreeSet;

/// What the person did themself with a skill that is enough to conclude it, whatever the score.
const DONE: f64 = 0.4;
/// The score from which what others have, or what narrower skills say, is enough.
pub const LIKELY: f64 = 1.0;
/// What was done from which somebody practises, does it alone, and others turn to them: see [`SkillsQuery::practice`].
const BANDS: [f64; 3] = [1.0, 3.0, 8.0];
/// What was done from which it is sure, and likely.
const SURE: f64 = 4.0;
const LIKE: f64 = 1.5;

/// What is concluded of a skill that was scored and explained. Nothing without a record that can be cited; nothing that only
/// others have, below a score of 1. How far the command goes is read from what the person did themself alone, where a
/// project says half; sureness from how much that is, or from several kinds of evidence.
pub fn conclude(query: &SkillsQuery, placed: &Placed<Skills>) -> Option<Inferred> {
    let mut facts = Vec::new();
    let mut families = BTreeSet::new();
    let mut parts: Vec<_> = placed.parts.iter().filter(|part| part.contribution > 0.0).collect();
    parts.sort_by(|a, b| b.contribution.total_cmp(&a.contribution).then(a.family.cmp(&b.family)));
    for part in parts.iter().filter(|part| !part.facts.is_empty()) {
        families.insert(part.family);
        facts.extend(part.facts.iter().copied());
    }
    let done = query.own_doing(placed.subject);
    let enough = done >= DONE || placed.score >= LIKELY;
    (enough && !facts.is_empty()).then(|| Inferred {
        skill: placed.subject,
        band: band(query.practice(placed.subject)),
        sureness: sureness(done, &families),
        facts,
    })
}

fn band(done: f64) -> LevelBand {
    match BANDS.iter().filter(|&&from| done >= from).count() {
        0 => LevelBand::Aware,
        1 => LevelBand::Practising,
        2 => LevelBand::Autonomous,
        _ => LevelBand::Mastery,
    }
}

fn sureness(done: f64, families: &BTreeSet<Family>) -> Sureness {
    let several = families.iter().any(|family| family.is_own_doing()) && families.len() >= 3;
    if done >= SURE {
        Sureness::High
    } else if done >= LIKE || several || families.contains(&Family::Narrower) {
        Sureness::Medium
    } else {
        Sureness::Low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_and_sureness_rise_with_what_was_done() {
        let bands = [0.0, 0.99, 1.0, 2.99, 3.0, 7.99, 8.0].map(band);
        assert!(bands.is_sorted());
        assert_eq!((bands[1], bands[2]), (LevelBand::Aware, LevelBand::Practising));
        assert_eq!((bands[3], bands[4]), (LevelBand::Practising, LevelBand::Autonomous));
        assert_eq!((bands[5], bands[6]), (LevelBand::Autonomous, LevelBand::Mastery));
        let answers = BTreeSet::from([Family::Answers]);
        let sure = [0.0, 1.5, 4.0].map(|done| sureness(done, &answers));
        assert_eq!(sure, [Sureness::Low, Sureness::Medium, Sureness::High]);
        let several = BTreeSet::from([Family::Answers, Family::Project, Family::Related]);
        assert_eq!(sureness(0.5, &several), Sureness::Medium);
        let others = BTreeSet::from([Family::Colleague, Family::Related, Family::Likeness]);
        assert_eq!(
            sureness(0.0, &others),
            Sureness::Low,
            "what others have makes nothing likely"
        );
    }
}
