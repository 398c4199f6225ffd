//! What the raw lines of a real place say of its communities, reckoned without anything of the library: lines are JSON,
//! instants are microseconds, months are read off the calendar's own notation.

use antenne::app::{CircleCounts, Fares};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub const DAY: i64 = 86_400_000_000;

/// What the raw lines say, as of one instant.
#[derive(Default)]
pub struct Raw {
    pub communities: BTreeSet<String>,
    /// Community and person, with the first instant at which the person belonged.
    members: BTreeMap<(String, String), i64>,
    questions: BTreeMap<String, Asked>,
    /// Question, instant, answer, author.
    answers: BTreeSet<(String, i64, String, String)>,
}

struct Asked {
    at: i64,
    asker: String,
    community: Option<String>,
}

pub fn micros(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond()
}

impl Raw {
    pub fn of(events: &[Value], until: i64) -> Self {
        let mut raw = Self::default();
        for event in events {
            let at = micros(event["at"].as_str().expect("an instant"));
            if at > until {
                continue;
            }
            let data = &event["data"];
            let text = |key: &str| data[key].as_str().map(str::to_owned);
            let word = |key: &str| text(key).unwrap_or_else(|| panic!("{key}: {event}"));
            match event["type"].as_str().expect("a type") {
                "community.upserted" => _ = raw.communities.insert(word("community")),
                "person.upserted" => {}
                "membership.added" => {
                    let since = raw.members.entry((word("community"), word("person"))).or_insert(at);
                    *since = at.min(*since);
                }
                "question.created" => {
                    let (asker, community) = (word("asker"), text("community"));
                    let before = raw.questions.insert(word("question"), Asked { at, asker, community });
                    assert!(before.is_none(), "asked twice: {event}");
                }
                "answer.created" => {
                    _ = raw
                        .answers
                        .insert((word("question"), at, word("answer"), word("author")));
                }
                other => panic!("{other} would need to be counted here too"),
            }
        }
        raw
    }

    /// Everything given to `community`: who, and when.
    fn gifts(&self, community: &str) -> BTreeMap<&str, Vec<i64>> {
        let mut gifts: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for (id, asked) in self.asked_in(community) {
            gifts.entry(&asked.asker).or_default().push(asked.at);
            for (_, at, _, author) in self.answers_to(id) {
                gifts.entry(author).or_default().push(*at);
            }
        }
        gifts
    }

    fn answers_to<'a>(&'a self, question: &'a str) -> impl Iterator<Item = &'a (String, i64, String, String)> {
        self.answers.iter().filter(move |(of, ..)| of == question)
    }

    /// The first answer to a question by another person than the asker.
    fn first_answer<'a>(&'a self, question: &'a str, asked: &'a Asked) -> Option<&'a (String, i64, String, String)> {
        let others = self.answers_to(question).filter(|(.., author)| *author != asked.asker);
        others.min_by_key(|(_, at, answer, _)| (*at, answer.clone()))
    }

    fn asked_in<'a>(&'a self, community: &str) -> impl Iterator<Item = (&'a String, &'a Asked)> {
        self.questions
            .iter()
            .filter(move |(_, asked)| asked.community.as_deref() == Some(community))
    }

    pub fn circles(&self, community: &str, at: i64) -> CircleCounts {
        let gifts = self.gifts(community);
        let members = self
            .members
            .iter()
            .filter(|((of, _), since)| of == community && **since <= at);
        let mut people: BTreeSet<&str> = members.map(|((_, person), _)| person.as_str()).collect();
        people.extend(gifts.keys());
        let mut counts = CircleCounts::default();
        for person in people {
            let given = gifts.get(person).map_or(&[][..], Vec::as_slice);
            let within = |days: i64| given.iter().filter(move |&&gift| at - days * DAY < gift && gift <= at);
            let weeks: BTreeSet<i64> = within(90)
                .map(|gift| (gift.div_euclid(DAY) + 3).div_euclid(7))
                .collect();
            let belongs = self
                .members
                .get(&(community.to_owned(), person.to_owned()))
                .is_some_and(|since| *since <= at);
            match (within(90).count(), weeks.len(), within(365).count()) {
                (8.., 3.., _) => counts.core += 1,
                (3.., ..) => counts.active += 1,
                (_, _, 1..) => counts.occasional += 1,
                _ if belongs => counts.silent += 1,
                _ => {}
            }
        }
        counts
    }

    /// How the questions asked at `from` or later and before `to` fared, as far as they were asked by `ripe`.
    pub fn fares(&self, community: &str, from: i64, to: i64, ripe: i64) -> Fares {
        let mut fares = Fares::default();
        let (mut waits, mut first_answerers) = (Vec::new(), BTreeSet::new());
        for (id, asked) in self.asked_in(community) {
            if asked.at < from || asked.at >= to || asked.at > ripe {
                continue;
            }
            fares.asked += 1;
            let first = self.first_answer(id, asked);
            let wait = first.map(|(_, at, ..)| (at - asked.at).max(0) / 60_000_000);
            fares.unanswered += usize::from(wait.is_none_or(|minutes| minutes > 7 * 1440));
            waits.extend(wait);
            first_answerers.extend(first.map(|(.., author)| author.clone()));
        }
        waits.sort_unstable();
        fares.first_answerers = first_answerers.len();
        fares.median_minutes = waits.get(waits.len() / 2).map(|minutes| *minutes as u64);
        fares
    }

    /// The answers of the year to others' questions: who answered whom.
    fn answered<'a>(&'a self, community: &str, at: i64) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.asked_in(community).flat_map(move |(question, asked)| {
            let given = self
                .answers_to(question)
                .filter(move |(_, when, ..)| at - 365 * DAY < *when && *when <= at);
            let others = given.filter(move |(.., author)| *author != asked.asker);
            others.map(move |(.., author)| (author.as_str(), asked.asker.as_str()))
        })
    }

    /// Answers of the year, people who gave them, and the smallest number of these who gave half.
    pub fn succession(&self, community: &str, at: i64) -> (usize, usize, usize) {
        let mut given: BTreeMap<&str, usize> = BTreeMap::new();
        for (author, _) in self.answered(community, at) {
            *given.entry(author).or_default() += 1;
        }
        let mut counts: Vec<usize> = given.into_values().collect();
        counts.sort_unstable();
        counts.reverse();
        let all: usize = counts.iter().sum();
        let half = (0..=counts.len()).find(|&n| 2 * counts[..n].iter().sum::<usize>() >= all);
        (all, counts.len(), half.expect("all of them give all"))
    }

    /// People without whom those who answered each other in the year would fall into more groups: each is taken out, and the
    /// groups are counted again.
    pub fn bridges(&self, community: &str, at: i64) -> usize {
        let pairs: BTreeSet<(&str, &str)> = self.answered(community, at).collect();
        let people: BTreeSet<&str> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
        let groups = |without: Option<&str>| {
            let mut left: BTreeSet<&str> = people
                .iter()
                .copied()
                .filter(|&person| Some(person) != without)
                .collect();
            let mut groups = 0;
            while let Some(first) = left.pop_first() {
                groups += 1;
                let mut reached = vec![first];
                while let Some(here) = reached.pop() {
                    let next = pairs.iter().filter_map(|&(a, b)| match here {
                        _ if here == a => Some(b),
                        _ if here == b => Some(a),
                        _ => None,
                    });
                    let next: Vec<&str> = next.filter(|other| left.contains(other)).collect();
                    next.iter().for_each(|other| _ = left.remove(other));
                    reached.extend(next.into_iter().collect::<BTreeSet<_>>());
                }
            }
            groups
        };
        let all = groups(None);
        people.iter().filter(|&&person| groups(Some(person)) > all).count()
    }

    /// The first question that each person asked in `community`: when, and which.
    fn firsts<'a>(&'a self, community: &str) -> BTreeMap<&'a str, (i64, &'a str)> {
        let mut firsts: BTreeMap<&str, (i64, &str)> = BTreeMap::new();
        for (id, asked) in self.asked_in(community) {
            let first = firsts.entry(&asked.asker).or_insert((asked.at, id));
            *first = (*first).min((asked.at, id));
        }
        firsts
    }

    /// People who are new: they asked their first question in the last 90 days, or joined then and never asked before.
    fn newcomers<'a>(&'a self, community: &str, at: i64) -> BTreeSet<&'a str> {
        let lately = |when: i64| at - 90 * DAY < when && when <= at;
        let firsts = self.firsts(community);
        let joined = self
            .members
            .iter()
            .filter(|((of, _), since)| of == community && lately(**since));
        let joined = joined.map(|((_, person), _)| person.as_str());
        let mut new: BTreeSet<&str> = joined
            .filter(|person| firsts.get(person).is_none_or(|&(first, _)| lately(first)))
            .collect();
        new.extend(
            firsts
                .iter()
                .filter(|(_, (first, _))| lately(*first))
                .map(|(&person, _)| person),
        );
        new
    }

    /// How many people are new, how many of them wait for an answer, and how many have waited for three days or more.
    pub fn welcome(&self, community: &str, at: i64) -> (usize, usize, usize) {
        let new = self.newcomers(community, at);
        let waiting = |days: i64| {
            let waits = self.asked_in(community).filter(|(id, asked)| {
                asked.at <= at - days * DAY
                    && new.contains(asked.asker.as_str())
                    && self.first_answer(id, asked).is_none()
            });
            waits
                .map(|(_, asked)| asked.asker.as_str())
                .collect::<BTreeSet<_>>()
                .len()
        };
        (new.len(), waiting(0), waiting(3))
    }

    /// Answers of the last 30 days worth thanking, where nothing is ever accepted: the first one to somebody's first question,
    /// and the first after three days or more. The newest of each person, of the ten newest people, by identifier.
    pub fn thanks(&self, community: &str, at: i64) -> Vec<String> {
        let firsts = self.firsts(community);
        let mut gestures: Vec<(i64, &str, &str)> = Vec::new();
        for (id, asked) in self.asked_in(community) {
            let Some((_, when, answer, author)) = self.first_answer(id, asked) else {
                continue;
            };
            let welcomes = firsts[asked.asker.as_str()].1 == id;
            let lately = at - 30 * DAY < *when && *when <= at;
            if lately && (welcomes || when - asked.at >= 3 * DAY) {
                gestures.push((-when, answer, author));
            }
        }
        gestures.sort_unstable();
        let mut seen = BTreeSet::new();
        gestures.retain(|(.., author)| seen.insert(*author));
        let mut told: Vec<String> = gestures
            .into_iter()
            .take(10)
            .map(|(_, answer, _)| answer.to_owned())
            .collect();
        told.sort_unstable();
        told
    }

    /// What is found in a place where nobody animates, nothing bears a tag and nothing is accepted or liked: the code of each
    /// finding with its figures, themes of words apart.
    pub fn findings(&self, community: &str, at: i64) -> Vec<String> {
        let mut found = vec!["no_animator".to_owned()];
        let (.., waited) = self.welcome(community, at);
        if waited > 0 {
            let people = if waited < 5 {
                "some".to_owned()
            } else {
                waited.to_string()
            };
            found.push(format!("newcomers_waiting {people}"));
        }
        let ripe = at - 7 * DAY;
        let per_cent = |to: i64| {
            let fares = self.fares(community, to - 90 * DAY + 1, to + 1, to);
            // To the nearest whole one, halves upwards.
            (fares.asked >= 5).then(|| (200 * fares.unanswered + fares.asked) / (2 * fares.asked))
        };
        if let (Some(now), Some(before)) = (per_cent(ripe), per_cent(ripe - 90 * DAY))
            && now >= before + 15
        {
            found.push(format!("unanswered_rising {now} {before}"));
        }
        let (answers, _, half_from) = self.succession(community, at);
        if answers >= 10 && half_from <= 2 {
            found.push(format!("answers_from_few {half_from}"));
        }
        let newest = self.gifts(community).into_values().flatten().max();
        if newest.is_some_and(|newest| newest <= at - 60 * DAY) {
            found.push("quiet 60".to_owned());
        }
        found
    }

    /// Questions of the year that nobody else answered: more of a theme without an answer there cannot be.
    pub fn unanswered_in_a_year(&self, community: &str, at: i64) -> usize {
        let asked = self.asked_in(community).filter(|(_, asked)| at - 365 * DAY < asked.at);
        asked
            .filter(|(id, asked)| self.first_answer(id, asked).is_none())
            .count()
    }
}

/// The months before `as_of`, the first of which is twelve months back: their names and first instants, and the instant at
/// which the last one ends.
pub fn months(as_of: &str) -> Vec<(String, i64)> {
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let (year, month) = (number(&as_of[..4]), number(&as_of[5..7]));
    let named = (0..=12).map(|ago| {
        let count = year * 12 + month - 1 - (12 - ago);
        format!("{:04}-{:02}-01", count.div_euclid(12), count.rem_euclid(12) + 1)
    });
    named
        .map(|day| (day.clone(), micros(&format!("{day}T00:00:00Z"))))
        .collect()
}
