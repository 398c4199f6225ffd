//! Whether people who say the same of themselves are in it: what a profile alone tells.

use super::attributes::Trait;
use super::{Communities, Family, NewcomerQuery};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::CommunityIx;

/// People of the place as a whole whom every community is given before its shares are told.
const SMOOTHING: f64 = 3.0;
/// Joins by people with an attribute that are added to those seen, and joins that are added to all of them: what nobody else
/// says is rare, not impossible.
const UNSEEN: f64 = 0.5;
/// The logarithm of a ratio beyond which no more is told.
const RATIO_MAX: f64 = 3.0;

/// ⅓ Σ, kept within −1..=1, over the person's attributes of one trait of ln(p(attribute | who is or was in it) /
/// p(attribute)), where p(a | c) = (people of c with it + 3 · p(a)) / (people of c + 3) and p(a) = (joins by people with
/// it + ½) / (joins + 1): above 0 where people like them are, below where they are not. Of a path each part is the prior of the
/// next: `Group/IT/Data` falls back on `Group/IT`, and a part that nobody else has tells nothing. Better. Cost: one look-up
/// an attribute. (Naive Bayes with Dirichlet smoothing, as in C. Manning, P. Raghavan, H. Schütze, *Introduction to
/// Information Retrieval*, 2008, chapter 13.)
pub struct Likeness(pub Trait);

impl Likeness {
    /// What the attributes of the trait tell of `community`.
    pub fn ratio(about: Trait, query: &NewcomerQuery, community: CommunityIx) -> f64 {
        let bits = query.attributes.range(about);
        if about.is_path() {
            return Self::path(query, community, bits);
        }
        bits.map(|bit| Self::of_bit(query, community, bit)).sum()
    }

    /// What one attribute tells of `community`, on its own.
    pub fn of_bit(query: &NewcomerQuery, community: CommunityIx, bit: usize) -> f64 {
        let census = &query.census;
        let all = (f64::from(census.sharing[bit]) + UNSEEN) / (f64::from(census.joins) + 1.0);
        let inside = f64::from(census.sharing_in(community, bit)) + SMOOTHING * all;
        libm::log(inside / (f64::from(census.place(community).ever) + SMOOTHING) / all)
    }

    fn path(query: &NewcomerQuery, community: CommunityIx, bits: std::ops::Range<usize>) -> f64 {
        let census = &query.census;
        let of = f64::from(census.place(community).ever) + SMOOTHING;
        // p(part) among all, and in the community: where a part is nobody else's, the one above it has the last word.
        let (mut all, mut inside) = (1.0, 1.0);
        for bit in bits {
            let part = share(census.sharing[bit], census.joins);
            if part <= 0.0 {
                break;
            }
            let prior = inside * part / all;
            inside = (f64::from(census.sharing_in(community, bit)) + SMOOTHING * prior) / of;
            all = part;
        }
        libm::log(inside / all)
    }
}

fn share(some: u32, of: u32) -> f64 {
    f64::from(some) / f64::from(of.max(1))
}

impl Signal<Communities> for Likeness {
    fn name(&self) -> &'static str {
        match self.0 {
            Trait::Unit => "like_unit",
            Trait::Employer => "like_employer",
            Trait::Site => "like_site",
            Trait::Title => "like_title",
            Trait::Status => "like_status",
            Trait::Language => "like_language",
            Trait::Skill => "like_skill",
            Trait::Project => "like_project",
        }
    }

    fn family(&self) -> Family {
        Family::Likeness
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        if round.query.attributes.range(self.0).is_empty() {
            return;
        }
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = (Self::ratio(self.0, round.query, community) / RATIO_MAX).clamp(-1.0, 1.0);
        }
    }
}
