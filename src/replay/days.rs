//! What is asked of a ranking of communities for a person, and of people who could animate a community: queries,
//! candidates and gold, worked out from memberships alone.
//!
//! Both protocols go through the days on which memberships began or ended, in the order of the days as they were written.
//! A query of a day sees what was so before it: whoever belonged at its start. Large numbers of people who come on one day
//! are an import or a reorganisation, and no choice of theirs: they are no queries. Nothing here ranks anything.

mod habits;
mod moves;
mod search;

pub use habits::Habits;

use super::history::History;
use super::protocol::{Part, PastQuery, Protocol, quote};
use crate::calendar::read_day;
use crate::domain::{Day, EventKey, Fact, FactBody, MemberRole, PersonId, Timestamp};
use moves::{Firsts, Moved, Moves, State};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// The shares of the queries that come before those kept for the test.
const COMMUNITIES_TEST_FROM: f64 = 0.75;
const CO_ANIMATORS_TEST_FROM: f64 = 0.6;
/// Communities below which there is nothing to choose among, and people below which there is nobody to choose among.
const COMMUNITIES_MIN: usize = 10;
const PEOPLE_MIN: usize = 2;
/// Candidates of all queries together that are held at most where queries are looked for to learn from; each is four bytes.
const CANDIDATES_MAX: usize = 40_000_000;

/// What counts as a query of *communities for a person*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunitiesRule {
    /// The first day of any query, written as YYYY-MM-DD.
    pub from: Arc<str>,
    /// Members that a candidate has at least.
    pub min_members: usize,
    /// From so many first joins of a community on one day on, none of them is a target; 0 takes all.
    pub max_batch: usize,
}

/// Among whom co-animators are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pool {
    /// The community's members who do not animate it.
    Members,
    /// Everybody who ever joined anything, its animators apart.
    Everyone,
}

/// What counts as a query of *co-animators of a community*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoAnimatorsRule {
    /// The first day of any query, written as YYYY-MM-DD.
    pub from: Arc<str>,
    /// From so many first-time animators of a community on one day on, none of them is a target; 0 takes all.
    pub max_batch: usize,
    /// Among whom.
    pub pool: Pool,
}

/// Somebody, or a community, on a day.
#[derive(Clone, Debug)]
pub struct DayQuery {
    part: Part,
    who: Arc<str>,
    day: Arc<str>,
    at: Timestamp,
    /// Ascending; shared among the queries of one instant, which may have the same.
    candidates: Arc<[u32]>,
    gold: Vec<u32>,
    warm: Option<bool>,
    besides: Vec<Fact>,
}

impl DayQuery {
    /// The person who joined, or the community that was animated.
    pub fn who(&self) -> &str {
        &self.who
    }

    /// Whether the person belonged to a community already; `None` for a community.
    pub fn warm(&self) -> Option<bool> {
        self.warm
    }
}

impl PastQuery for DayQuery {
    fn part(&self) -> Part {
        self.part
    }

    /// The start of the day; of something dated on the day and earlier than its start in UTC, that instant.
    fn at(&self) -> Timestamp {
        self.at
    }

    fn besides(&self) -> &[Fact] {
        &self.besides
    }

    fn name(&self) -> Vec<&str> {
        vec![&self.who, &self.day]
    }

    fn gold(&self) -> &[u32] {
        &self.gold
    }

    fn candidates(&self) -> impl Iterator<Item = u32> + '_ {
        self.candidates.iter().copied()
    }

    fn candidate_count(&self) -> usize {
        self.candidates.len()
    }

    fn is_candidate(&self, number: u32) -> bool {
        self.candidates.binary_search(&number).is_ok()
    }
}

/// The queries of a file, one of the two protocols.
#[derive(Clone, Debug)]
pub struct DaysProtocol {
    /// Subjects, in the order of identifiers: communities, or people.
    subjects: Vec<Arc<str>>,
    queries: Vec<DayQuery>,
}

impl DaysProtocol {
    /// Communities for a person. A query is a person on a day of which they first joined a community in any role; what they
    /// joined is gold, where it was a candidate: a community with enough members at the start of the day to which they did
    /// not belong. Whoever has no profile by the end of the day has an empty one. Cost: the memberships, and the candidates of each query.
    pub fn communities(history: &History, rule: &CommunitiesRule) -> Self {
        Self::of_communities(history, rule, &mut |_| true)
    }

    /// The queries from which weights are learnt: those of [`Self::communities`], or as many of them, evenly spread, as can be
    /// held with their candidates. Cost: twice that of [`Self::communities`].
    pub fn communities_to_learn(history: &History, rule: &CommunitiesRule) -> Self {
        thinned(CANDIDATES_MAX, |keep| Self::of_communities(history, rule, keep))
    }

    /// `keep` hears how many candidates a query has, query by query, and says whether it is wanted.
    fn of_communities(history: &History, rule: &CommunitiesRule, keep: &mut dyn FnMut(usize) -> bool) -> Self {
        let moves = Moves::of(history);
        let firsts = Firsts::of(&moves, None);
        let profiles = profiles(history);
        let (mut state, mut queries) = (State::of(&moves), Vec::new());
        for (n, (day, moved)) in moves.days.iter().enumerate() {
            if *day >= rule.from {
                let new = by(firsts.targets(n, moved, rule.max_batch), |m| (m.person, m.community));
                let large = state.communities_of_size(rule.min_members);
                for (person, (joined, first)) in new {
                    let mine = &state.joined[person as usize];
                    let candidates: Vec<u32> = large.iter().copied().filter(|c| !mine.contains(c)).collect();
                    if candidates.len() < COMMUNITIES_MIN {
                        continue;
                    }
                    let who = Arc::clone(&moves.people[person as usize]);
                    let mut query = DayQuery {
                        warm: Some(!mine.is_empty()),
                        ..query(who, day, first, candidates, &joined)
                    };
                    if query.gold.is_empty() || !keep(query.candidates.len()) {
                        continue;
                    }
                    let end = start(day, first).plus(1).start();
                    let own = profiles.get(&*query.who).into_iter().flatten();
                    let of_the_day = own.filter(|fact| query.at <= fact.at && fact.at < end);
                    query.besides = of_the_day.map(|&fact| fact.clone()).collect();
                    let heard = profiles.get(&*query.who).and_then(|own| own.first());
                    if heard.is_none_or(|first| first.at >= end) && !state.known.contains(&person) {
                        query.besides = vec![blank(&query.who, query.at)];
                    }
                    queries.push(query);
                }
            }
            moved.iter().for_each(|moved| state.apply(moved));
        }
        Self::cut(moves.communities, queries, COMMUNITIES_TEST_FROM)
    }

    /// Co-animators of a community. A query is a community on a day of which somebody first became animator there, where it
    /// had an animator at the start of the day; the new ones are gold, where they were candidates. Cost: as
    /// [`Self::communities`].
    pub fn co_animators(history: &History, rule: &CoAnimatorsRule) -> Self {
        Self::of_co_animators(history, rule, &mut |_| true)
    }

    /// As [`Self::communities_to_learn`], of [`Self::co_animators`].
    pub fn co_animators_to_learn(history: &History, rule: &CoAnimatorsRule) -> Self {
        thinned(CANDIDATES_MAX, |keep| Self::of_co_animators(history, rule, keep))
    }

    fn of_co_animators(history: &History, rule: &CoAnimatorsRule, keep: &mut dyn FnMut(usize) -> bool) -> Self {
        let moves = Moves::of(history);
        let firsts = Firsts::of(&moves, Some(MemberRole::Animator));
        let (mut state, mut queries) = (State::of(&moves), Vec::new());
        for (n, (day, moved)) in moves.days.iter().enumerate() {
            if *day >= rule.from {
                let new = firsts.targets(n, moved, rule.max_batch);
                let new = new.filter(|moved| moved.role == MemberRole::Animator);
                for (community, (people, first)) in by(new, |m| (m.community, m.person)) {
                    let animators = &state.animators[community as usize];
                    let pool = match rule.pool {
                        Pool::Members => &state.members[community as usize],
                        Pool::Everyone => &state.known,
                    };
                    let candidates: Vec<u32> = pool.difference(animators).copied().collect();
                    if !animators.is_empty() && candidates.len() >= PEOPLE_MIN {
                        let who = Arc::clone(&moves.communities[community as usize]);
                        let query = query(who, day, first, candidates, &people);
                        if !query.gold.is_empty() && keep(query.candidates.len()) {
                            queries.push(query);
                        }
                    }
                }
            }
            moved.iter().for_each(|moved| state.apply(moved));
        }
        Self::cut(moves.people, queries, CO_ANIMATORS_TEST_FROM)
    }

    /// Of the queries, those from `share` of them on are for the test, no day being cut in two.
    fn cut(subjects: Vec<Arc<str>>, mut queries: Vec<DayQuery>, share: f64) -> Self {
        let mut test = (share * queries.len() as f64) as usize;
        while test > 0 && test < queries.len() && queries[test - 1].day == queries[test].day {
            test -= 1;
        }
        queries[test..].iter_mut().for_each(|query| query.part = Part::Test);
        Self { subjects, queries }
    }

    /// Every query with its candidates and gold, one JSON object a line: keys `query`, `at`, `part`, `candidates`, `gold`
    /// and, for a person, `warm`; a space after each colon and comma, only control characters, quotes and backslashes
    /// escaped.
    pub fn queries_jsonl(&self) -> impl Iterator<Item = String> + '_ {
        let quoted: Vec<String> = self.subjects.iter().map(|id| quote(id)).collect();
        self.queries.iter().map(move |query| {
            let list = |numbers: &[u32]| {
                let ids: Vec<&str> = numbers.iter().map(|&number| &*quoted[number as usize]).collect();
                ids.join(", ")
            };
            let mut line = String::new();
            let written = write!(
                line,
                r#"{{"query": {}, "at": {}, "part": "{}", "candidates": [{}], "gold": [{}]"#,
                quote(&query.name().join("|")),
                quote(&query.day),
                query.part.name(),
                list(&query.candidates),
                list(&query.gold),
            );
            debug_assert!(written.is_ok(), "a String takes every line");
            if let Some(warm) = query.warm {
                line.push_str(if warm {
                    r#", "warm": true"#
                } else {
                    r#", "warm": false"#
                });
            }
            line.push('}');
            line
        })
    }
}

impl Protocol for DaysProtocol {
    type Query = DayQuery;

    fn queries(&self) -> &[DayQuery] {
        &self.queries
    }

    fn id(&self, number: u32) -> &str {
        &self.subjects[number as usize]
    }

    /// Subjects are numbered in the order of identifiers.
    fn place(&self, number: u32) -> u32 {
        number
    }
}

/// The queries that `of` finds when it is told which are wanted: as many of them, evenly spread, as have `most` candidates
/// together.
fn thinned(most: usize, of: impl Fn(&mut dyn FnMut(usize) -> bool) -> DaysProtocol) -> DaysProtocol {
    let (mut queries, mut candidates) = (0_usize, 0_usize);
    of(&mut |count| {
        queries += 1;
        candidates += count;
        false
    });
    let each = candidates.div_ceil(queries.max(1)).max(1);
    let (kept, mut n) = ((most / each).min(queries), 0);
    of(&mut |_| {
        n += 1;
        n * kept / queries > (n - 1) * kept / queries
    })
}

/// What each of one side came to on a day, with the instant of the first: person → communities, or the other way round.
type New = BTreeMap<u32, (BTreeSet<u32>, Timestamp)>;

fn by<'m>(moved: impl Iterator<Item = &'m Moved>, sides: impl Fn(&Moved) -> (u32, u32)) -> New {
    let mut new = New::new();
    for moved in moved {
        let (one, other) = sides(moved);
        let (others, first) = new.entry(one).or_insert_with(|| (BTreeSet::new(), moved.at));
        others.insert(other);
        *first = moved.at.min(*first);
    }
    new
}

/// A query of `day` before which nothing of the day may be seen: `first` is the instant of the first of what is gold.
fn query(who: Arc<str>, day: &Arc<str>, first: Timestamp, candidates: Vec<u32>, came: &BTreeSet<u32>) -> DayQuery {
    let is_candidate = |number: &&u32| candidates.binary_search(number).is_ok();
    DayQuery {
        part: Part::Fit,
        who,
        day: Arc::clone(day),
        at: start(day, first).start().min(first),
        gold: came.iter().filter(is_candidate).copied().collect(),
        candidates: candidates.into(),
        warm: None,
        besides: Vec::new(),
    }
}

/// An empty profile: whoever joins is known to be there, though nothing was said of them.
fn blank(person: &str, at: Timestamp) -> Fact {
    Fact {
        key: EventKey {
            source: "".into(),
            id: person.into(),
        },
        at,
        content: Default::default(),
        body: FactBody::PersonUpserted {
            person: PersonId::new(person),
            patch: Box::default(),
        },
    }
}

/// The day that `written` names; that of `at` for one that is written otherwise.
fn start(written: &str, at: Timestamp) -> Day {
    read_day(written).unwrap_or(at.day())
}

/// What was said of each person's profile, in the total order of facts.
fn profiles(history: &History) -> BTreeMap<&str, Vec<&Fact>> {
    let mut profiles: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
    for fact in history.facts() {
        if let FactBody::PersonUpserted { person, .. } = &fact.body {
            profiles.entry(PersonId::as_str(person)).or_default().push(fact);
        }
    }
    profiles
}

#[cfg(test)]
mod tests;
