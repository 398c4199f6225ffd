//! The roll: everybody's part in every community, and what they say of themselves, read once for all newcomers of one state
//! of the organisation.
//!
//! Nothing here depends on the newcomer or on the instant of an answer. A newcomer's own part is taken out of what they meet
//! by reading the few communities again that they have a part in: [`Roll::without`]. Everything is kept as integers, in order
//! of index, so that the order of arrival leaves no trace. Sensitive communities are not in it.

use super::attributes::Said;
use super::tides::Tide;
use crate::domain::{ContributionPlace, FactBody, MemberRole};
use crate::world::{CommunityIx, Ix as _, PersonIx, Stay, View, Width};
use hashbrown::HashMap;
use std::ops::Range;

/// What was given to a community, by week.
type Weeks = Vec<(i32, u64)>;

/// One human's part in one community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) human: PersonIx,
    pub(super) community: CommunityIx,
    /// What they are there, while they are there and in the organisation.
    pub(super) role: Option<MemberRole>,
    /// The day of their first stay.
    pub(super) first: i32,
    /// Whether that day is known, and not only that they were there by then.
    pub(super) dated: bool,
    /// Whether they belonged nowhere when that day began.
    cold: bool,
    /// The last day on which they ceased to belong, for those who are not back.
    ended: Option<i32>,
}

/// One human who is or was in some community.
#[derive(Clone, Debug)]
pub(super) struct Human {
    pub(super) person: PersonIx,
    /// What they say of themselves, among [`Roll::said`].
    said: Range<usize>,
    /// Their parts, among those of everybody.
    parts: Range<usize>,
}

/// What one community shows of all its people.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Common {
    pub(super) present: u32,
    /// In order of index.
    pub(super) animators: Vec<PersonIx>,
    pub(super) ever: u32,
    /// Days of first joins that are known, in order.
    pub(super) joins: Vec<i32>,
    pub(super) tide: Tide,
}

impl Common {
    fn of(parts: impl Iterator<Item = Part>) -> Self {
        let mut common = Self::default();
        for part in parts {
            common.ever += 1;
            common.joins.extend(part.dated.then_some(part.first));
            common.present += u32::from(part.role.is_some());
            if part.role == Some(MemberRole::Animator) {
                common.animators.push(part.human);
            }
            common.tide.add(part.first, part.cold, part.dated, part.ended);
        }
        common.joins.sort_unstable();
        common.animators.sort_unstable();
        common.tide.close();
        common
    }
}

/// Everybody's part in every community.
#[derive(Clone, Debug, Default)]
pub struct Roll {
    /// Everything that anybody says of themself, each once.
    values: Vec<Said>,
    /// What each human says, as places among the values, human by human.
    said: Vec<u32>,
    humans: Vec<Human>,
    parts: Vec<Part>,
    /// By row of a person: where they stand among the humans.
    place_of: Vec<Option<u32>>,
    /// By community: its parts, as places among the parts, in order of people.
    inside: Vec<Vec<u32>>,
    commons: Vec<Common>,
    given: Vec<Weeks>,
}

impl Roll {
    /// Reads everybody. Cost: linear in people, memberships, answers by week, and records.
    pub fn of(view: &View) -> Self {
        let rows = view.communities.len();
        let mut roll = Self {
            place_of: vec![None; view.people.len()],
            inside: vec![Vec::new(); rows],
            ..Self::default()
        };
        let mut given: Vec<HashMap<i32, u64>> = vec![HashMap::new(); rows];
        let mut known: HashMap<Said, u32> = HashMap::new();
        let mut spans = Vec::new();
        for (human, node) in view.people.iter() {
            if node.leader.is_some() {
                continue;
            }
            each_gift(view, human, |community, week, count| {
                *given[community.row() as usize].entry(week).or_default() += count;
            });
            roll.enter(view, human, &mut spans, &mut known);
        }
        for (n, part) in roll.parts.iter().enumerate() {
            roll.inside[part.community.row() as usize].push(n as u32);
        }
        let common = |places: &Vec<u32>| Common::of(places.iter().map(|&n| roll.parts[n as usize]));
        roll.commons = roll.inside.iter().map(common).collect();
        let in_order = |weeks: HashMap<i32, u64>| {
            let mut weeks: Weeks = weeks.into_iter().collect();
            weeks.sort_unstable();
            weeks
        };
        roll.given = given.into_iter().map(in_order).collect();
        roll
    }

    /// Enters one human, with all that they say of themself, where they are or were in any community.
    fn enter(
        &mut self,
        view: &View,
        human: PersonIx,
        spans: &mut Vec<(CommunityIx, Stay)>,
        known: &mut HashMap<Said, u32>,
    ) {
        let (said, parts) = (self.said.len(), self.parts.len());
        stays_of(view, human, spans);
        let gone = !spans.is_empty() && view.has_left(human);
        let each = spans.chunk_by(|a, b| a.0 == b.0);
        self.parts.extend(each.map(|stays| part(human, stays, spans, gone)));
        if self.parts.len() == parts {
            return;
        }
        for profile in view.profiles(human) {
            Said::each(profile, |value| {
                let next = self.values.len() as u32;
                let place = *known.entry(value).or_insert_with_key(|value| {
                    self.values.push(value.clone());
                    next
                });
                self.said.push(place);
            });
        }
        self.place_of[human.row() as usize] = Some(self.humans.len() as u32);
        self.humans.push(Human {
            person: human,
            said: said..self.said.len(),
            parts: parts..self.parts.len(),
        });
    }

    /// Everybody who is or was in some community, in order of index.
    pub(super) fn humans(&self) -> &[Human] {
        &self.humans
    }

    /// One of them.
    pub(super) fn human(&self, person: PersonIx) -> Option<&Human> {
        let place = *self.place_of.get(person.row() as usize)?;
        place.map(|place| &self.humans[place as usize])
    }

    /// The parts of `human`, in order of community.
    pub(super) fn parts(&self, human: &Human) -> &[Part] {
        &self.parts[human.parts.clone()]
    }

    /// The parts of everybody, as many as first joins.
    pub(super) fn joins(&self) -> usize {
        self.parts.len()
    }

    /// Everybody's part in `community`, in order of people.
    pub(super) fn inside(&self, community: CommunityIx) -> impl Iterator<Item = &Part> {
        self.inside[community.row() as usize]
            .iter()
            .map(|&n| &self.parts[n as usize])
    }

    /// What each value that anybody says is worth to `bits_of`, in the order of values.
    pub(super) fn masks(&self, bits_of: impl Fn(&Said) -> u64) -> Vec<u64> {
        self.values.iter().map(bits_of).collect()
    }

    /// The masks of all that `human` says, together.
    pub(super) fn bits(&self, human: &Human, masks: &[u64]) -> u64 {
        let said = &self.said[human.said.clone()];
        said.iter().fold(0, |bits, &value| bits | masks[value as usize])
    }

    /// What `community` shows of all its people.
    pub(super) fn common(&self, community: CommunityIx) -> &Common {
        &self.commons[community.row() as usize]
    }

    /// What `community` shows of all but `person`. Cost: its people.
    pub(super) fn without(&self, community: CommunityIx, person: PersonIx) -> Common {
        Common::of(self.inside(community).filter(|part| part.human != person).copied())
    }

    /// By row: what was given to each community after the week `since`. Cost: the weeks since then.
    pub(super) fn given_since(&self, since: i32) -> Vec<u64> {
        let lately = |weeks: &Weeks| {
            let late = weeks.iter().rev().take_while(|(week, _)| *week > since);
            late.map(|(_, count)| count).sum()
        };
        self.given.iter().map(lately).collect()
    }
}

/// Hears of each answer and each recorded contribution of `human`, by community and week. Questions do not count: where they
/// wait, nothing is lively.
pub(super) fn each_gift(view: &View, human: PersonIx, mut each: impl FnMut(CommunityIx, i32, u64)) {
    for (community, weeks) in &view.people.get(human).evidence.communities {
        weeks
            .iter()
            .for_each(|(week, count)| each(*community, week, u64::from(count)));
    }
    for fact in view
        .accounts(human)
        .flat_map(|account| &view.people.get(account).records)
    {
        if let FactBody::ContributionRecorded { contribution } = &fact.body
            && let ContributionPlace::Community(id) = &contribution.place
            && let Some(community) = view.communities.find(id.as_str())
        {
            each(community, Width::Week.bucket(fact.at), u64::from(contribution.count));
        }
    }
}

/// Every stay of `human` outside sensitive communities, by community and then time.
fn stays_of(view: &View, human: PersonIx, spans: &mut Vec<(CommunityIx, Stay)>) {
    spans.clear();
    let memberships = view.accounts(human).flat_map(|ix| &view.people.get(ix).memberships);
    spans.extend(memberships.flat_map(|(c, membership)| membership.stays().iter().map(|stay| (*c, *stay))));
    spans.retain(|(community, _)| !view.is_sensitive(*community));
    spans.sort_by_key(|(community, stay)| (*community, stay.since));
}

/// The part that `stays`, which are in one community and in order of time, amount to; `all` are those everywhere.
fn part(human: PersonIx, stays: &[(CommunityIx, Stay)], all: &[(CommunityIx, Stay)], gone: bool) -> Part {
    let (community, first) = stays[0];
    let day = first.since.day().days();
    let belonged = |(_, stay): &(_, Stay)| {
        stay.since.day().days() < day && stay.ended.is_none_or(|ended| ended.day().days() >= day)
    };
    let open = stays
        .iter()
        .filter(|(_, stay)| stay.ended.is_none())
        .map(|(_, stay)| stay.role);
    let ended = stays.iter().map(|(_, stay)| stay.ended);
    let ended = ended.reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten();
    Part {
        human,
        community,
        role: open.max().filter(|_| !gone),
        first: day,
        dated: !first.since_unknown,
        cold: !all.iter().any(belonged),
        ended: ended.map(|ended| ended.day().days()),
    }
}
