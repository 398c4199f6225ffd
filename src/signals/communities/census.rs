//! Who is and was in each community, as one newcomer meets it: what the [`Roll`] tells of everybody, without them, and how many
//! are like them, known to them, or beside them elsewhere.
//!
//! Everything is kept as integers, so that the order of the walk leaves no trace. A stay that ended counts among the joins
//! of the past, and not among those present. **What came in a batch is no rush of joins:** a stay that was only "seen by
//! then" has no day and counts in no decayed sum; of the joins that a community saw on one day, those beyond ten count by
//! their logarithm, so that an import, or a whole department put in at once, weighs as a busy week at most, and still more
//! than a smaller batch.

use super::attributes::{Attributes, Trait};
use super::colleagues::Acquaintances;
use super::roll::{Common, Human, Roll, each_gift};
use super::tides::Tide;
use crate::domain::Timestamp;
use crate::world::{CommunityIx, Ix, PersonIx, View, Width};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Weeks over which gifts are lately.
const LATELY_WEEKS: i32 = 13;
/// Joins of one day that count in full.
const ONE_BY_ONE: f64 = 10.0;

/// One community, as one newcomer meets it. People means others than the newcomer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'c> {
    /// People present.
    pub present: u32,
    /// Of these, those who animate it.
    pub animators: &'c [PersonIx],
    /// People who are or were in it.
    pub ever: u32,
    /// The days of first joins that are known, in order.
    pub joins: &'c [i32],
    /// Of these, joins of people of the newcomer's unit.
    pub unit_joins: &'c [i32],
    /// Of these, joins of people of the newcomer's employer.
    pub employer_joins: &'c [i32],
    /// Acquaintances present: of the unit, of a project, of an exchange.
    pub acquainted: [u32; 3],
    /// Answers and contributions of the last 13 weeks. Questions do not count: where they wait, nothing is lively.
    pub given_lately: u32,
}

/// What one community shows to the newcomer alone.
#[derive(Clone, Debug, Default)]
struct Mine {
    unit_joins: Vec<i32>,
    employer_joins: Vec<i32>,
    acquainted: [u32; 3],
}

/// All communities, counted.
#[derive(Clone, Debug, Default)]
pub struct Census {
    /// People who are or were in any community.
    pub people: u32,
    /// First joins of all communities: each person as often as they joined one.
    pub joins: u32,
    /// Of these, those by people who share each attribute.
    pub sharing: Vec<u32>,
    roll: Arc<Roll>,
    /// What the communities of the newcomer show without them.
    without: BTreeMap<CommunityIx, Common>,
    mine: Vec<Mine>,
    given_lately: Vec<u64>,
    /// By community, then by attribute: people who are or were in it and share it.
    sharing_in: Vec<u32>,
    /// By own community, then by community: people who are or were in both.
    in_both: Vec<Vec<u32>>,
    /// In order: an own community, a community, and the day of a dated first join of the latter by somebody who had come to
    /// the former on an earlier day.
    followed: Vec<(usize, CommunityIx, i32)>,
}

/// For whom it is counted.
pub struct Whose<'a> {
    /// The newcomer.
    pub person: PersonIx,
    /// What they say of themself.
    pub attributes: &'a Attributes,
    /// Whom they know.
    pub acquaintances: &'a Acquaintances,
    /// Where they belong.
    pub own: &'a [CommunityIx],
    /// As of when.
    pub as_of: Timestamp,
}

impl Census {
    /// Counts everybody but the newcomer. `roll` is that of `view`. Cost: a look at everybody on it, and the people of the
    /// newcomer's communities with all of theirs.
    pub fn of(view: &View, roll: Arc<Roll>, whose: &Whose<'_>) -> Self {
        let (rows, bits) = (view.communities.len(), whose.attributes.list().len());
        let own = roll.human(whose.person).map_or(&[][..], |human| roll.parts(human));
        let without = own
            .iter()
            .map(|part| (part.community, roll.without(part.community, whose.person)));
        let mut census = Self {
            people: roll.humans().len() as u32 - u32::from(!own.is_empty()),
            joins: (roll.joins() - own.len()) as u32,
            sharing: vec![0; bits],
            without: without.collect(),
            mine: vec![Mine::default(); rows],
            given_lately: given_lately(view, &roll, whose),
            sharing_in: vec![0; rows * bits],
            in_both: Vec::new(),
            followed: Vec::new(),
            roll: Arc::default(),
        };
        census.count_alike(&roll, whose);
        census.count_known(&roll, whose);
        census.in_both = whose
            .own
            .iter()
            .map(|&own| in_both(&roll, own, whose.person, rows))
            .collect();
        for mine in &mut census.mine {
            mine.unit_joins.sort_unstable();
            mine.employer_joins.sort_unstable();
        }
        census.followed = followed(&roll, whose);
        census.roll = roll;
        census
    }

    /// What was counted of `community`.
    pub fn place(&self, community: CommunityIx) -> Place<'_> {
        let (common, row) = (self.common(community), community.row() as usize);
        let mine = &self.mine[row];
        Place {
            present: common.present,
            animators: &common.animators,
            ever: common.ever,
            joins: &common.joins,
            unit_joins: &mine.unit_joins,
            employer_joins: &mine.employer_joins,
            acquainted: mine.acquainted,
            given_lately: u32::try_from(self.given_lately[row]).unwrap_or(u32::MAX),
        }
    }

    /// What came and went in `community`.
    pub(super) fn tide(&self, community: CommunityIx) -> &Tide {
        &self.common(community).tide
    }

    fn common(&self, community: CommunityIx) -> &Common {
        let without = self.without.get(&community);
        without.unwrap_or_else(|| self.roll.common(community))
    }

    /// How many people who are or were in `community` share the attribute `bit`.
    pub fn sharing_in(&self, community: CommunityIx, bit: usize) -> u32 {
        self.sharing_in[community.row() as usize * self.sharing.len() + bit]
    }

    /// How many people are or were in the own community at `own` and in `community`.
    pub fn in_both(&self, own: usize, community: CommunityIx) -> u32 {
        self.in_both[own][community.row() as usize]
    }

    /// The days, in order, on which people who had come to the own community at `own` on an earlier day first joined
    /// `community`.
    pub fn followed(&self, own: usize, community: CommunityIx) -> impl Iterator<Item = i32> {
        let pair = (own, community);
        let first = self
            .followed
            .partition_point(|&(own, community, _)| (own, community) < pair);
        let days = self.followed[first..].iter();
        days.take_while(move |&&(own, community, _)| (own, community) == pair)
            .map(|&(_, _, day)| day)
    }

    /// Counts, of each community, those who share attributes, and the joins of those of the same unit and employer.
    fn count_alike(&mut self, roll: &Roll, whose: &Whose<'_>) {
        let attributes = whose.attributes;
        let masks = roll.masks(|value| attributes.bits_of(value));
        let [unit, employer] = [Trait::Unit, Trait::Employer].map(|about| attributes.mask(about));
        let bits = self.sharing.len();
        for human in roll.humans().iter().filter(|human| human.person != whose.person) {
            let shared = roll.bits(human, &masks) | attributes.linked_with(human.person);
            if shared == 0 {
                continue;
            }
            for part in roll.parts(human) {
                let row = part.community.row() as usize;
                each_bit(shared, |bit| {
                    self.sharing[bit] += 1;
                    self.sharing_in[row * bits + bit] += 1;
                });
                if part.dated && shared & (unit | employer) != 0 {
                    let mine = &mut self.mine[row];
                    mine.unit_joins.extend((shared & unit != 0).then_some(part.first));
                    mine.employer_joins
                        .extend((shared & employer != 0).then_some(part.first));
                }
            }
        }
    }

    /// Counts, of each community, the acquaintances who are there.
    fn count_known(&mut self, roll: &Roll, whose: &Whose<'_>) {
        let known: BTreeSet<PersonIx> = whose.acquaintances.listed().iter().copied().collect();
        let humans = known.into_iter().filter_map(|person| roll.human(person));
        for human in humans.filter(|human| human.person != whose.person) {
            let how = whose.acquaintances.get(human.person);
            for part in roll.parts(human).iter().filter(|part| part.role.is_some()) {
                let counts = &mut self.mine[part.community.row() as usize].acquainted;
                counts
                    .iter_mut()
                    .zip(how)
                    .for_each(|(count, knows)| *count += u32::from(knows));
            }
        }
    }
}

/// By row: what others than the newcomer gave lately.
fn given_lately(view: &View, roll: &Roll, whose: &Whose<'_>) -> Vec<u64> {
    let since = Width::Week.bucket(whose.as_of) - LATELY_WEEKS;
    let mut given = roll.given_since(since);
    each_gift(view, whose.person, |community, week, count| {
        given[community.row() as usize] -= if week > since { count } else { 0 };
    });
    given
}

/// By own community, then by community: the days on which others who had come to the one on an earlier day first joined the
/// other; in order.
fn followed(roll: &Roll, whose: &Whose<'_>) -> Vec<(usize, CommunityIx, i32)> {
    let mut followed = Vec::new();
    for (own, &community) in whose.own.iter().enumerate() {
        for came in roll.inside(community).filter(|part| part.human != whose.person) {
            let parts = roll.human(came.human).map_or(&[][..], |human| roll.parts(human));
            let later = parts.iter().filter(|part| part.dated && came.first < part.first);
            followed.extend(later.map(|part| (own, part.community, part.first)));
        }
    }
    followed.sort_unstable();
    followed
}

/// By row: how many others are or were in `own` and in each community.
fn in_both(roll: &Roll, own: CommunityIx, newcomer: PersonIx, rows: usize) -> Vec<u32> {
    let mut both = vec![0; rows];
    let people = roll
        .inside(own)
        .map(|part| part.human)
        .filter(|&human| human != newcomer);
    let parts = people
        .filter_map(|human| roll.human(human))
        .flat_map(|human: &Human| roll.parts(human));
    parts.for_each(|part| both[part.community.row() as usize] += 1);
    both
}

fn each_bit(mut bits: u64, mut each: impl FnMut(usize)) {
    while bits != 0 {
        each(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

/// What `days` of joins amount to under `weights` of a day, at each half-life: of the joins of one day, those beyond ten
/// count by their logarithm, 10 · (1 + ln(n / 10)). Rises with every join. `days` are in order.
pub(super) fn decayed<const N: usize>(days: &[i32], weights: impl Fn(i32) -> [f64; N]) -> [f64; N] {
    let mut sums = [0.0; N];
    for same in days.chunk_by(|a, b| a == b) {
        let count = batch(same.len());
        for (sum, weight) in sums.iter_mut().zip(weights(same[0])) {
            *sum += count * weight;
        }
    }
    sums
}

/// What `joins` of one day count.
pub(super) fn batch(joins: usize) -> f64 {
    let joins = joins as f64;
    if joins <= ONE_BY_ONE {
        joins
    } else {
        ONE_BY_ONE * (1.0 + libm::log(joins / ONE_BY_ONE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_of_one_day_weighs_more_than_a_smaller_one_and_less_than_as_many_days() {
        let even = |_: i32| [1.0];
        let [one_day] = decayed(&[5; 300], even);
        let [smaller] = decayed(&[5; 200], even);
        let spread: Vec<i32> = (0..300).collect();
        assert!(smaller < one_day && one_day < 50.0, "{one_day}");
        assert!(decayed(&spread, even)[0] > 299.0);
        assert!((batch(10) - 10.0).abs() < 1e-12 && (batch(3) - 3.0).abs() < 1e-12);
    }
}
