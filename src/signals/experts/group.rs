//! A few people who together cover a many-sided question, instead of three who know the same side of it.
//!
//! A question has facets: its tags, the skills that it names, the past questions it resembles. Who is taken next is who
//! covers most of what nobody taken so far covers: greedy choice, which for such a gain reaches at least 1 − 1/e of the
//! best set. (G. Nemhauser, L. Wolsey, M. Fisher, *An analysis of approximations for maximizing submodular set functions*,
//! 1978.)

use super::skills::SkillMatch;
use super::waves::{Sent, animates};
use super::{Experts, ExpertsQuery, Move};
use crate::pipeline::{Seat, Selector};
use crate::signals::load::Load;
use crate::world::{PersonIx, View};

/// People in a group, at most.
pub const GROUP: usize = 3;
/// How many of the people, by score, are looked at.
const POOL: usize = 50;
/// Past questions that are facets.
const PAST_QUESTIONS: usize = 10;
/// Who adds less than this part of what the first one covers is left out.
const WORTH_ASKING: f64 = 0.1;
/// The place, among the query's decays of week buckets, of a half-life of 180 days.
const HALF_LIFE_180D: usize = 1;

/// Seats a group first, and everybody else after it by score.
pub struct Together;

/// One side of a question.
struct Facet {
    /// What it is worth; each kind of facet is worth 1 in all.
    weight: f64,
    /// How well each of the pool covers it, in 0..=1.
    covered: Vec<f64>,
}

impl Together {
    fn facets(view: &View, query: &ExpertsQuery, pool: &[PersonIx]) -> Vec<Facet> {
        let mut facets = Vec::new();
        let all_tags: f64 = query.tags.iter().map(|(_, idf)| idf).sum();
        for &(tag, idf) in &query.tags {
            let covers = |&person: &PersonIx| {
                let weeks = view.people.get(person).evidence.tag(tag);
                let answers = weeks.map_or(0.0, |weeks| weeks.decayed(&query.weeks)[HALF_LIFE_180D]);
                1.0 - libm::exp2(-answers)
            };
            facets.push(Facet {
                weight: idf / all_tags,
                covered: pool.iter().map(covers).collect(),
            });
        }
        for &skill in &query.skills {
            let covers = |&person: &PersonIx| SkillMatch::covers(view, query, person, skill);
            facets.push(Facet {
                weight: 1.0 / query.skills.len() as f64,
                covered: pool.iter().map(covers).collect(),
            });
        }
        let past = &query.similar[..query.similar.len().min(PAST_QUESTIONS)];
        let all_past: f64 = past.iter().map(|similar| similar.strength).sum();
        for similar in past {
            let votes = query.votes.iter().filter(|vote| vote.rank == similar.rank);
            let mut covered = vec![0.0; pool.len()];
            for vote in votes {
                if let Some(place) = pool.iter().position(|&person| person == vote.person) {
                    covered[place] = vote.worth;
                }
            }
            facets.push(Facet {
                weight: similar.strength / all_past,
                covered,
            });
        }
        facets
    }

    /// Places in the pool, in the order in which they were chosen. What somebody adds counts less the more they are
    /// asked: it is divided by 1 + burden.
    fn choose(facets: &[Facet], burdens: &[f64]) -> Vec<usize> {
        let mut open = vec![1.0; facets.len()];
        let mut chosen: Vec<usize> = Vec::new();
        let mut first = 0.0;
        while chosen.len() < GROUP {
            let adds = |place: usize| -> f64 {
                let sides = facets.iter().zip(&open);
                let covered = sides.map(|(facet, open)| facet.weight * open * facet.covered[place]);
                covered.sum::<f64>() / (1.0 + burdens[place])
            };
            let others = (0..burdens.len()).filter(|place| !chosen.contains(place));
            // Of equal ones the last in `max_by` wins: reversed, that is the first by score.
            let best = others
                .map(|place| (place, adds(place)))
                .rev()
                .max_by(|a, b| a.1.total_cmp(&b.1));
            let Some((place, gain)) = best.filter(|&(_, gain)| gain > WORTH_ASKING * first) else {
                break;
            };
            if chosen.is_empty() {
                first = gain;
            }
            chosen.push(place);
            for (facet, open) in facets.iter().zip(&mut open) {
                *open *= 1.0 - facet.covered[place];
            }
        }
        chosen
    }
}

impl Selector<Experts> for Together {
    fn seats(&self, view: &View, query: &ExpertsQuery, ranked: &[(PersonIx, f64)]) -> Vec<Seat<Move>> {
        let free = |&place: &usize| !animates(view, query, ranked[place].0);
        let mut places: Vec<usize> = (0..ranked.len()).filter(free).take(POOL).collect();
        if places.is_empty() {
            places = (0..ranked.len().min(POOL)).collect();
        }
        let pool: Vec<PersonIx> = places.iter().map(|&place| ranked[place].0).collect();
        let burden = |&person: &PersonIx| Load::of(view, person, query.as_of).burden();
        let burdens: Vec<f64> = pool.iter().map(burden).collect();
        let mut chosen = Self::choose(&Self::facets(view, query, &pool), &burdens);
        if chosen.is_empty() && !pool.is_empty() {
            chosen.push(0); // No side of the question is covered: whoever comes first by score.
        }
        let wave = Sent::of(view, query).waves.saturating_add(1);
        let mut seats: Vec<Seat<Move>> = (0..ranked.len())
            .map(|place| Seat {
                wave: wave.saturating_add(1),
                turn: GROUP + place,
                moved_by: Some(Move::Group),
            })
            .collect();
        for (turn, &member) in chosen.iter().enumerate() {
            let place = places[member];
            let moved_by = (turn != place).then_some(Move::Group);
            seats[place] = Seat { wave, turn, moved_by };
        }
        seats
    }
}

#[cfg(test)]
mod tests;
