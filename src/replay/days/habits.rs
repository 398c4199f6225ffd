//! Which days of an organisation's own past are learnt from, read off that past where nobody says.
//!
//! A measurement is told its rule; a server that learns has nobody to ask. What is looked at are first joins alone: on which
//! day, with how many others, into how large a community. Nothing is ranked to find out, so that no choice is made in favour of
//! any weights.

use super::moves::{Firsts, Moved, Moves, State};
use super::{CoAnimatorsRule, CommunitiesRule, Pool};
use crate::domain::MemberRole;
use crate::replay::history::History;
use std::sync::Arc;

/// People who come to one community on one day from whom on they were put there, unless that is how people come here.
const BATCH: usize = 10;
/// Members from whom on a community is one, unless most join smaller ones.
const MEMBERS: usize = 3;
/// Share of the first joins that the larger communities take, at least, where the smaller ones are left out.
const LARGE_SHARE: f64 = 0.8;
/// Years that are learnt from, and how many first joins there must be in them: before them it was another organisation.
const YEARS: i16 = 5;
const FIRSTS_MIN: usize = 400;
/// The day before all days.
const EVER: &str = "0000-01-01";

/// What somebody says of the days to learn from; the rest is read off the past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// The first day that counts, written as YYYY-MM-DD.
    pub from: Option<Arc<str>>,
    /// Members that a community has at least to be ranked.
    pub min_members: Option<usize>,
    /// From so many people on one day on, a community took in a batch; 0 counts everybody.
    pub max_batch: Option<usize>,
    /// Among whom co-animators are looked for.
    pub pool: Option<Pool>,
}

/// A first join whose day is known, as it stood when the day began.
struct First {
    day: Arc<str>,
    /// How many came to the same community on the same day.
    batch: usize,
    /// Members of the community.
    members: usize,
    /// Whether somebody animated it.
    animated: bool,
    /// Whether the person belonged to it.
    belonged: bool,
}

impl CommunitiesRule {
    /// The rule by which `history` is learnt from. Where `habits` says nothing: batches of ten or more are left out, unless
    /// more than half of all first joins came in such ones; communities of three members or more are ranked, if four joins in
    /// five went to such ones, and otherwise all that have a member; the last five years count, if 400 joins fell in
    /// them, and otherwise everything. Cost: the memberships.
    pub fn to_learn(history: &History, habits: &Habits) -> Self {
        let mut firsts = firsts(history, None);
        let max_batch = habits.max_batch.unwrap_or_else(|| max_batch(&firsts));
        firsts.retain(|first| 0 < first.members && (max_batch == 0 || first.batch < max_batch));
        let large = share(&firsts, |first| first.members >= MEMBERS);
        Self {
            from: habits.from.clone().unwrap_or_else(|| from(&firsts)),
            min_members: habits
                .min_members
                .unwrap_or(if large >= LARGE_SHARE { MEMBERS } else { 1 }),
            max_batch,
        }
    }
}

impl CoAnimatorsRule {
    /// The rule by which `history` is learnt from: batches and days as for [`CommunitiesRule::to_learn`], counted on those who
    /// became animators of a community that had one. Co-animators are looked for among the members where at least half of
    /// them were members before, and otherwise among everybody. Cost: the memberships.
    pub fn to_learn(history: &History, habits: &Habits) -> Self {
        let mut firsts = firsts(history, Some(MemberRole::Animator));
        let max_batch = habits.max_batch.unwrap_or_else(|| max_batch(&firsts));
        firsts.retain(|first| first.animated && (max_batch == 0 || first.batch < max_batch));
        let known = share(&firsts, |first| first.belonged);
        let pool = if known < 0.5 { Pool::Everyone } else { Pool::Members };
        Self {
            from: habits.from.clone().unwrap_or_else(|| from(&firsts)),
            max_batch,
            pool: habits.pool.unwrap_or(pool),
        }
    }
}

/// Every first join in `role`, or in any.
fn firsts(history: &History, role: Option<MemberRole>) -> Vec<First> {
    let moves = Moves::of(history);
    let known = Firsts::of(&moves, role);
    let (mut state, mut firsts) = (State::of(&moves), Vec::new());
    for (n, (day, moved)) in moves.days.iter().enumerate() {
        let mut of_day: Vec<&Moved> = known.targets(n, moved, 0).collect();
        of_day.retain(|moved| role.is_none_or(|role| role == moved.role));
        of_day.sort_by_key(|moved| (moved.community, moved.person));
        of_day.dedup_by_key(|moved| (moved.community, moved.person));
        firsts.extend(of_day.chunk_by(|a, b| a.community == b.community).flat_map(|same| {
            let community = same[0].community as usize;
            let (members, animators) = (&state.members[community], &state.animators[community]);
            same.iter().map(move |moved| First {
                day: Arc::clone(day),
                batch: same.len(),
                members: members.len(),
                animated: !animators.is_empty(),
                belonged: members.contains(&moved.person),
            })
        }));
        moved.iter().for_each(|moved| state.apply(moved));
    }
    firsts
}

/// How large a batch is that counts for nobody: none, where most came in batches.
fn max_batch(firsts: &[First]) -> usize {
    if share(firsts, |first| first.batch >= BATCH) > 0.5 {
        0
    } else {
        BATCH
    }
}

/// The first day that counts: five years before the last of `firsts`, which are in order, if enough of them came since.
fn from(firsts: &[First]) -> Arc<str> {
    let last: Option<jiff::civil::Date> = firsts.last().and_then(|first| first.day.parse().ok());
    let day = last.and_then(|last| last.checked_sub(jiff::Span::new().years(YEARS)).ok());
    let day: Arc<str> = day.map_or(EVER.into(), |day| day.to_string().into());
    let since = firsts.len() - firsts.partition_point(|first| first.day < day);
    if since < FIRSTS_MIN { EVER.into() } else { day }
}

/// The share of `firsts` for which `holds`; 0 of none.
fn share(firsts: &[First], holds: impl Fn(&First) -> bool) -> f64 {
    firsts.iter().filter(|first| holds(first)).count() as f64 / firsts.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::super::tests::history;
    use super::*;

    fn joins(of: &[(&str, usize, usize)]) -> History {
        // Each: a day, a community, how many new people join it then.
        let mut lines = Vec::new();
        for &(day, community, people) in of {
            lines.extend((0..people).map(|n| format!("{day} joins {day}-{community}-{n} c{community} member")));
        }
        history(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn communities(history: &History) -> (String, usize, usize) {
        let rule = CommunitiesRule::to_learn(history, &Habits::default());
        (rule.from.to_string(), rule.min_members, rule.max_batch)
    }

    #[test]
    fn a_place_where_most_come_in_batches_counts_them() {
        let batches = joins(&[("2024-01-01", 0, 10), ("2024-01-02", 1, 10), ("2024-01-03", 0, 9)]);
        assert_eq!(communities(&batches).2, 0);
        let singles = joins(&[("2024-01-01", 0, 10), ("2024-01-02", 1, 9), ("2024-01-03", 0, 9)]);
        assert_eq!(communities(&singles).2, BATCH);
    }

    #[test]
    fn small_communities_are_left_out_where_four_in_five_join_larger_ones() {
        // The first to come join a community of nobody, and tell nothing.
        let founded = [("2024-01-01", 0, 3), ("2024-01-01", 1, 2), ("2024-01-01", 2, 2)];
        let with = |large: usize, small: usize| {
            let mut all = founded.to_vec();
            all.extend([("2024-02-01", 0, large), ("2024-02-02", 1, small)]);
            communities(&joins(&all)).1
        };
        assert_eq!((with(8, 2), with(7, 2)), (3, 1));
    }

    #[test]
    fn the_last_five_years_count_where_they_say_enough() {
        let mut all = vec![("2017-06-01".to_owned(), 0, 9)];
        let days = (0..50).map(|n| format!("2024-{:02}-{:02}", n % 12 + 1, n / 12 + 1));
        all.extend(days.map(|day| (day, 0, 8)));
        let of = |all: &[(String, usize, usize)]| {
            let joined: Vec<_> = all.iter().map(|(day, c, n)| (day.as_str(), *c, *n)).collect();
            communities(&joins(&joined)).0
        };
        all.sort();
        // The first eight of the last day found nothing: the last day is 2024-12-04 or later.
        assert!(of(&all).starts_with("2019-12-0"), "{}", of(&all));
        assert_eq!(of(&all[..45]), EVER);
    }

    #[test]
    fn co_animators_come_from_the_members_where_they_did_so_far() {
        let pool = |lines: &[&str]| {
            let mut all = vec![
                "2024-01-01 joins ann c member",
                "2024-01-01 joins ann c animator",
                "2024-01-02 joins bob c member",
            ];
            all.extend(lines);
            CoAnimatorsRule::to_learn(&history(&all), &Habits::default()).pool
        };
        let inside = "2024-02-01 joins bob c animator";
        let outside = ["2024-02-02 joins eve c animator", "2024-02-03 joins tom c animator"];
        assert_eq!(pool(&[inside, outside[0]]), Pool::Members);
        assert_eq!(pool(&[inside, outside[0], outside[1]]), Pool::Everyone);
    }

    #[test]
    fn what_somebody_says_holds() {
        let said = Habits {
            from: Some("2020-02-02".into()),
            min_members: Some(7),
            max_batch: Some(4),
            pool: Some(Pool::Everyone),
        };
        let history = joins(&[("2024-01-01", 0, 10)]);
        let rule = CommunitiesRule::to_learn(&history, &said);
        assert_eq!((&*rule.from, rule.min_members, rule.max_batch), ("2020-02-02", 7, 4));
        let rule = CoAnimatorsRule::to_learn(&history, &said);
        assert_eq!(
            (&*rule.from, rule.max_batch, rule.pool),
            ("2020-02-02", 4, Pool::Everyone)
        );
    }
}
