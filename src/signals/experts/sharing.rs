//! Sharing many questions at once: what it is worth to ask somebody, and what it costs them, in whole numbers.
//!
//! The unit is that of scores, log-odds, in thousandths: sums of whole numbers have no rounding, so that equal states give
//! equal plans. A plan weighs as the waves of one question do — relevance less burden, heads after able peers, the
//! community's own animators last — but over all questions together. Worth is a sum over pairs, filled places and
//! people, each further place worth less and each further invitation dearer: what makes the optimum exact to find.

use super::waves::{ABLE, BURDEN, animates};
use super::{Experts, ExpertsQuery, Move};
use crate::domain::Timestamp;
use crate::pipeline::{Seat, Selector};
use crate::signals::load::Load;
use crate::world::{PersonIx, View};

/// Whole numbers in one unit of score.
const UNIT: f64 = 1_000.0;
/// What the first, second and third person asked are worth. A first one outweighs whatever else can be said of a pair,
/// so that no question goes without while another has two; a second is asked when, burden included, they are within 4
/// of the one who comes first (a fiftieth of their chance), a third within what counts as able in a wave.
const PLACES: [f64; 3] = [80.0, 2.0 * ABLE, ABLE];
/// Beyond this distance from the one who comes first, less relevance costs nothing more.
const FAR: f64 = 8.0;
/// Burden that counts at most: whoever is asked four times as often as they accept.
const BURDEN_MAX: f64 = 4.0;
/// The community's own animators hold back: they cost more than all relevance and all burden of anybody else, and less
/// than a first place is worth.
const HELD_BACK: f64 = 4.0 * FAR;

/// The waves of [`Precedence`].
const PEERS: u16 = 1;
const HEADS: u16 = 2;
const ANIMATORS: u16 = 3;

/// Seats peers first, heads of the asker's unit after them, the animators of the question's community last; by score
/// within each. Cost: one look-up a person.
pub struct Precedence;

impl Selector<Experts> for Precedence {
    fn seats(&self, view: &View, query: &ExpertsQuery, ranked: &[(PersonIx, f64)]) -> Vec<Seat<Move>> {
        let seat = |(turn, &(person, _)): (usize, &(PersonIx, f64))| {
            let wave = if animates(view, query, person) {
                ANIMATORS
            } else if query.asker_unit.as_ref().is_some_and(|unit| view.heads(person, unit)) {
                HEADS
            } else {
                PEERS
            };
            Seat {
                wave,
                turn,
                moved_by: None,
            }
        };
        ranked.iter().enumerate().map(seat).collect()
    }
}

/// The terms on which questions are shared.
pub struct Sharing;

impl Sharing {
    /// People asked about one question, at most.
    pub const PEOPLE_MAX: usize = PLACES.len();

    /// What each person asked about one question is worth, the first one first: falls.
    pub fn places(people: usize) -> Vec<i64> {
        PLACES.iter().take(people).map(|&worth| whole(worth)).collect()
    }

    /// What it is worth that somebody in `wave` of [`Precedence`] is asked, whose score is `gap` ≥ 0 below the best one's:
    /// falls with the gap, and at most 0.
    pub fn value(gap: f64, wave: u16) -> i64 {
        let held_back = match wave {
            ANIMATORS => HELD_BACK,
            HEADS => ABLE,
            _ => 0.0,
        };
        -whole(gap.clamp(0.0, FAR) + held_back)
    }

    /// What each further invitation costs the person, as many as they accept at `as_of`, `most` at most: their burden
    /// before it, in the unit of scores. Rises.
    pub fn costs(view: &View, person: PersonIx, as_of: Timestamp, most: usize) -> Vec<i64> {
        let load = Load::of(view, person, as_of);
        let room = load.room(view, person, as_of).min(most as u32);
        let cost = |more| whole(BURDEN * load.burden_after(more).min(BURDEN_MAX));
        (0..room).map(cost).collect()
    }
}

fn whole(worth: f64) -> i64 {
    (worth * UNIT).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::sample::{Sample, hour};

    #[test]
    fn a_first_person_outweighs_everything_else_that_can_be_said_of_a_pair() {
        let places = Sharing::places(9);
        assert_eq!(places.len(), Sharing::PEOPLE_MAX);
        assert!(places.is_sorted_by(|a, b| a > b));
        let least = Sharing::value(f64::INFINITY, ANIMATORS) - whole(BURDEN * BURDEN_MAX);
        assert!(
            places[0] + least > places[1],
            "a first one, whoever it is, before a second"
        );
        let anybody = Sharing::value(f64::INFINITY, HEADS) - whole(BURDEN * BURDEN_MAX);
        assert!(
            anybody > Sharing::value(0.0, ANIMATORS),
            "an animator, when there is nobody else"
        );
        assert!(Sharing::value(0.0, ANIMATORS) + places[1] < 0, "never a second one");
        assert_eq!(Sharing::value(0.0, PEERS), 0);
        assert_eq!(Sharing::value(-1.0, PEERS), 0, "a head may come before every peer");
        assert!(Sharing::value(1.0, PEERS) > Sharing::value(1.0, HEADS));
    }

    #[test]
    fn invitations_cost_more_one_after_the_other_and_end_at_the_cap() {
        let mut sample = Sample::of(&["ana", "bo", "cy"]);
        sample.question("q", "cy", None, 0);
        for n in 0..3 {
            sample.ask(&format!("a{n}"), "q", "bo", n);
        }
        sample.away("ana", -30, -1);
        let costs = |person: &str, most| Sharing::costs(sample.view(), sample.ix(person), hour(10), most);
        assert_eq!(costs("cy", 99).len(), 5, "the default cap");
        assert_eq!(costs("cy", 2).len(), 2);
        assert_eq!(costs("bo", 99).len(), 2, "three were sent this week");
        assert_eq!(costs("ana", 99).len(), 1, "just back from leave");
        for person in ["ana", "bo", "cy"] {
            assert!(costs(person, 99).is_sorted_by(|a, b| a < b));
        }
        assert_eq!(costs("cy", 1), [0]);
        assert!(costs("bo", 1)[0] > 0 && costs("ana", 1)[0] > 0);
    }

    #[test]
    fn peers_come_before_heads_and_animators_last() {
        let mut sample = Sample::default();
        sample.person("asker", Some("G/it"), &[]);
        sample.person("head", Some("G"), &["G/it"]);
        sample.person("host", None, &[]);
        sample.person("peer", None, &[]);
        sample.animator("host", "club");
        sample.question("q", "asker", Some("club"), 0);
        let query = sample.query("q", 1);
        let ranked = ["host", "head", "peer"].map(|person| (sample.ix(person), 1.0));
        let waves: Vec<u16> = Precedence
            .seats(sample.view(), &query, &ranked)
            .iter()
            .map(|s| s.wave)
            .collect();
        assert_eq!(waves, [ANIMATORS, HEADS, PEERS]);
    }
}
