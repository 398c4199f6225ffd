//! Memberships as they began and ended, day by day, and who belongs where after each.
//!
//! Days are told apart, and instants ordered, as the file wrote them; at one instant what begins comes before what ends. An
//! animator is a member; ending membership ends every role.

use crate::domain::{MemberRole, Timestamp};
use crate::replay::history::History;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Characters of an instant that name the day.
const DAY_CHARACTERS: usize = 10;

/// A membership that began or ended.
#[derive(Clone, Debug)]
pub struct Moved {
    pub person: u32,
    pub community: u32,
    pub role: MemberRole,
    pub begins: bool,
    pub since_unknown: bool,
    pub at: Timestamp,
}

/// All of them; people and communities are numbered in the order of identifiers.
pub struct Moves {
    pub people: Vec<Arc<str>>,
    pub communities: Vec<Arc<str>>,
    /// By day, in order.
    pub days: Vec<(Arc<str>, Vec<Moved>)>,
}

impl Moves {
    pub fn of(history: &History) -> Self {
        let people = distinct(history.moved().iter().map(|moved| moved.person.as_str()));
        let communities = distinct(history.moved().iter().map(|moved| moved.community.as_str()));
        let number = |ids: &[Arc<str>], id: &str| ids.partition_point(|known| **known < *id) as u32;
        let mut written: Vec<_> = history.moved().iter().collect();
        // Stable: what is the same to the protocol stays in the order of the file.
        written.sort_by_key(|moved| (day(&moved.written_at), &moved.written_at, !moved.begins));
        let mut days: Vec<(Arc<str>, Vec<Moved>)> = Vec::new();
        for moved in written {
            let day = day(&moved.written_at);
            if days.last().is_none_or(|(last, _)| **last != *day) {
                days.push((Arc::from(day), Vec::new()));
            }
            let (_, of_day) = days.last_mut().expect("one was pushed");
            of_day.push(Moved {
                person: number(&people, moved.person.as_str()),
                community: number(&communities, moved.community.as_str()),
                role: moved.role,
                begins: moved.begins,
                since_unknown: moved.since_unknown,
                at: moved.at,
            });
        }
        Self {
            people,
            communities,
            days,
        }
    }
}

fn distinct<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<Arc<str>> {
    ids.collect::<BTreeSet<_>>().into_iter().map(Arc::from).collect()
}

/// The day of an instant as it was written.
fn day(written: &str) -> &str {
    written.get(..DAY_CHARACTERS).unwrap_or(written)
}

/// On which day each person first came to each community, and how many came to each on a day.
pub struct Firsts {
    /// By person and community: the day, and whether that is only "seen by then".
    first: HashMap<(u32, u32), (usize, bool)>,
    /// By community and day.
    batch: HashMap<(u32, usize), usize>,
}

impl Firsts {
    /// Of `role`, or of any.
    pub fn of(moves: &Moves, role: Option<MemberRole>) -> Self {
        let mut first = HashMap::new();
        for (n, (_, moved)) in moves.days.iter().enumerate() {
            let wanted = moved
                .iter()
                .filter(|m| m.begins && role.is_none_or(|role| role == m.role));
            for moved in wanted {
                let place = (moved.person, moved.community);
                first.entry(place).or_insert((n, moved.since_unknown));
            }
        }
        let mut batch = HashMap::new();
        for (&(_, community), &(day, _)) in &first {
            *batch.entry((community, day)).or_default() += 1;
        }
        Self { first, batch }
    }

    /// Those of the `moved` of day `n` that are first ones, known to be of this day, and not of a batch of `max_batch` or
    /// more; 0 takes batches of any size.
    pub fn targets<'m>(
        &'m self,
        n: usize,
        moved: &'m [Moved],
        max_batch: usize,
    ) -> impl Iterator<Item = &'m Moved> + 'm {
        let is_first = move |m: &&Moved| self.first.get(&(m.person, m.community)) == Some(&(n, false));
        let is_small =
            move |m: &&Moved| max_batch == 0 || self.batch.get(&(m.community, n)).copied().unwrap_or(0) < max_batch;
        moved.iter().filter(|m| m.begins).filter(is_first).filter(is_small)
    }
}

/// Who belongs where.
pub struct State {
    roles: BTreeMap<(u32, u32), BTreeSet<MemberRole>>,
    /// Communities of each person.
    pub joined: Vec<BTreeSet<u32>>,
    /// Members of each community.
    pub members: Vec<BTreeSet<u32>>,
    /// Animators of each community.
    pub animators: Vec<BTreeSet<u32>>,
    /// Everybody of whom a membership was heard.
    pub known: BTreeSet<u32>,
    /// Every community of which a membership was heard.
    heard: BTreeSet<u32>,
}

impl State {
    /// Before anything.
    pub fn of(moves: &Moves) -> Self {
        Self {
            roles: BTreeMap::new(),
            joined: vec![BTreeSet::new(); moves.people.len()],
            members: vec![BTreeSet::new(); moves.communities.len()],
            animators: vec![BTreeSet::new(); moves.communities.len()],
            known: BTreeSet::new(),
            heard: BTreeSet::new(),
        }
    }

    pub fn apply(&mut self, moved: &Moved) {
        let (person, community) = (moved.person, moved.community);
        let roles = self.roles.entry((person, community)).or_default();
        if moved.begins {
            roles.insert(moved.role);
        } else if moved.role == MemberRole::Member {
            roles.clear();
        } else {
            roles.remove(&moved.role);
        }
        let (belongs, animates) = (!roles.is_empty(), roles.contains(&MemberRole::Animator));
        self.known.insert(person);
        self.heard.insert(community);
        keep(&mut self.members[community as usize], person, belongs);
        keep(&mut self.joined[person as usize], community, belongs);
        keep(&mut self.animators[community as usize], person, animates);
    }

    /// The communities with at least `min` members, in order.
    pub fn communities_of_size(&self, min: usize) -> Vec<u32> {
        let large = |community: &u32| self.members[*community as usize].len() >= min;
        self.heard.iter().copied().filter(large).collect()
    }
}

fn keep(set: &mut BTreeSet<u32>, item: u32, kept: bool) {
    if kept {
        set.insert(item);
    } else {
        set.remove(&item);
    }
}
