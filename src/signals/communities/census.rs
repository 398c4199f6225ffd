//! Who is and was in each community, counted once for one newcomer in one walk over all memberships.
//!
//! Everything is kept as integers, so that the order of the walk leaves no trace. A stay that ended counts among the joins
//! of the past, and not among those present. **What came in a batch is no rush of joins:** a stay that was only "seen by
//! then" has no day and counts in no decayed sum; of the joins that a community saw on one day, those beyond ten count by
//! their logarithm, so that an import, or a whole department put in at once, weighs as a busy week at most, and still more
//! than a smaller batch.

use super::attributes::{Attributes, Trait};
use super::colleagues::Acquaintances;
use crate::domain::{ContributionPlace, FactBody, MemberRole, Timestamp};
use crate::world::{CommunityIx, Ix, PersonIx, Stay, View, Width};

/// Weeks over which gifts are lately.
const LATELY_WEEKS: i32 = 13;
/// Joins of one day that count in full.
const ONE_BY_ONE: f64 = 10.0;

/// One community, as one newcomer meets it. People means others than the newcomer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// People present.
    pub present: u32,
    /// Of these, those who animate it.
    pub animators: Vec<PersonIx>,
    /// People who are or were in it.
    pub ever: u32,
    /// The days of first joins that are known, in order.
    pub joins: Vec<i32>,
    /// Of these, joins of people of the newcomer's unit.
    pub unit_joins: Vec<i32>,
    /// Of these, joins of people of the newcomer's employer.
    pub employer_joins: Vec<i32>,
    /// Acquaintances present: of the unit, of a project, of an exchange.
    pub acquainted: [u32; 3],
    /// Answers and contributions of the last 13 weeks. Questions do not count: where they wait, nothing is lively.
    pub given_lately: u32,
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
    places: Vec<Place>,
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

/// One human's part in one community.
#[derive(Clone, Copy)]
struct Part {
    community: CommunityIx,
    role: Option<MemberRole>,
    first: Stay,
}

impl Census {
    /// Counts everybody but the newcomer. Cost: linear in people and memberships.
    pub fn of(view: &View, whose: &Whose<'_>) -> Self {
        let (rows, bits) = (view.communities.len(), whose.attributes.list().len());
        let mut census = Self {
            people: 0,
            joins: 0,
            sharing: vec![0; bits],
            places: vec![Place::default(); rows],
            sharing_in: vec![0; rows * bits],
            in_both: vec![vec![0; rows]; whose.own.len()],
            followed: Vec::new(),
        };
        let mut own_place = vec![None; rows];
        for (place, community) in whose.own.iter().enumerate() {
            own_place[community.row() as usize] = Some(place);
        }
        let mut parts = Vec::new();
        for (human, node) in view.people.iter() {
            if node.leader.is_some() || human == whose.person {
                continue;
            }
            parts_of(view, human, &mut parts);
            census.count_gifts(view, human, whose.as_of);
            if !parts.is_empty() {
                census.count(view, human, &parts, whose);
                census.count_pairs(&parts, &own_place);
            }
        }
        for place in &mut census.places {
            place.joins.sort_unstable();
            place.unit_joins.sort_unstable();
            place.employer_joins.sort_unstable();
            place.animators.sort_unstable();
        }
        census.followed.sort_unstable();
        census
    }

    /// What was counted of `community`.
    pub fn place(&self, community: CommunityIx) -> &Place {
        &self.places[community.row() as usize]
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

    fn count(&mut self, view: &View, human: PersonIx, parts: &[Part], whose: &Whose<'_>) {
        let shared = whose.attributes.shared_with(view, human);
        let bits = self.sharing.len();
        self.people += 1;
        let gone = view.has_left(human);
        let known = whose.acquaintances.get(human);
        let of_unit = shared & whose.attributes.mask(Trait::Unit) != 0;
        let of_employer = shared & whose.attributes.mask(Trait::Employer) != 0;
        for part in parts {
            let row = part.community.row() as usize;
            let place = &mut self.places[row];
            place.ever += 1;
            self.joins += 1;
            each_bit(shared, |bit| {
                self.sharing[bit] += 1;
                self.sharing_in[row * bits + bit] += 1;
            });
            if !part.first.since_unknown {
                let day = part.first.since.day().days();
                place.joins.push(day);
                place.unit_joins.extend(of_unit.then_some(day));
                place.employer_joins.extend(of_employer.then_some(day));
            }
            let Some(role) = part.role.filter(|_| !gone) else {
                continue;
            };
            place.present += 1;
            if role == MemberRole::Animator {
                place.animators.push(human);
            }
            for (count, knows) in place.acquainted.iter_mut().zip(known) {
                *count += u32::from(knows);
            }
        }
    }

    fn count_pairs(&mut self, parts: &[Part], own_place: &[Option<usize>]) {
        for part in parts {
            let Some(own) = own_place[part.community.row() as usize] else {
                continue;
            };
            let both = &mut self.in_both[own];
            parts.iter().for_each(|other| both[other.community.row() as usize] += 1);
            let came = part.first.since.day();
            let later = |other: &&Part| !other.first.since_unknown && came < other.first.since.day();
            let later = parts.iter().filter(later);
            let joins = later.map(|other| (own, other.community, other.first.since.day().days()));
            self.followed.extend(joins);
        }
    }

    /// Answers are evidence by week; contributions are records in order of time.
    fn count_gifts(&mut self, view: &View, human: PersonIx, as_of: Timestamp) {
        let since = Width::Week.bucket(as_of) - LATELY_WEEKS;
        for (community, weeks) in &view.people.get(human).evidence.communities {
            if weeks.latest().is_some_and(|latest| latest > since) {
                let lately = weeks.iter().filter(|&(week, _)| week > since);
                self.places[community.row() as usize].given_lately += lately.map(|(_, count)| count).sum::<u32>();
            }
        }
        for account in view.accounts(human) {
            for fact in view.people.get(account).records.iter().rev() {
                if Width::Week.bucket(fact.at) <= since {
                    break;
                }
                if let FactBody::ContributionRecorded { contribution } = &fact.body
                    && let ContributionPlace::Community(id) = &contribution.place
                    && let Some(community) = view.communities.find(id.as_str())
                {
                    let lately = &mut self.places[community.row() as usize].given_lately;
                    *lately = lately.saturating_add(contribution.count);
                }
            }
        }
    }
}

/// The parts of a human, one a community that is not sensitive: the present role, and the first stay.
fn parts_of(view: &View, human: PersonIx, parts: &mut Vec<Part>) {
    parts.clear();
    for account in view.accounts(human) {
        for (community, membership) in &view.people.get(account).memberships {
            let Some(&first) = membership.stays().first() else {
                continue;
            };
            parts.push(Part {
                community: *community,
                role: membership.role(),
                first,
            });
        }
    }
    if !view.people.get(human).accounts.is_empty() {
        parts.sort_by_key(|part| (part.community, part.first.since));
        parts.dedup_by(|later, first| {
            let same = later.community == first.community;
            if same {
                first.role = first.role.max(later.role);
            }
            same
        });
    }
    parts.retain(|part| !view.is_sensitive(part.community));
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
