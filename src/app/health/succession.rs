//! How far what a community knows hangs on few people (in French: *la relève*). Counts and names of subjects only.

use super::months::Span;
use super::questions::asked_at;
use crate::domain::Timestamp;
use crate::recommend::Tongue;
use crate::signals::Decision;
use crate::world::{CommunityIx, PersonIx, QuestionIx, SkillIx, TagIx, View};
use petgraph::algo::articulation_points::articulation_points;
use petgraph::graph::UnGraph;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Days of answers that are looked at.
pub(super) const YEAR_DAYS: i64 = 365;
/// Answers under a tag from which it is a subject.
const SUBJECT_ANSWERS: u32 = 4;
/// People up to whom a subject hangs on few.
const FEW_HOLDERS: usize = 2;
/// Subjects that are named at most.
const SUBJECTS: usize = 5;

/// On how many people the answers of the last 365 days hang. Counts are exact: whoever tells them masks those under five.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Succession {
    /// Answers to others' questions.
    pub answers: usize,
    /// How many people gave them.
    pub people: usize,
    /// The smallest number of people who together gave half of them; 0 when there is none.
    pub half_from: usize,
    /// People without whom those who answer and those whom they answered would fall into more groups that share nobody:
    /// the articulation points of the graph of who answers whom.
    pub bridges: usize,
    /// Subjects that hang on one person or two, by name.
    pub subjects: Vec<String>,
}

impl Succession {
    /// That of `community`. Cost: its questions of the last year and their answers; the holders of its subjects.
    pub(super) fn of(view: &View, community: CommunityIx, as_of: Timestamp, tongue: Tongue) -> Self {
        let answers = answers(view, community, as_of);
        let mut given: BTreeMap<PersonIx, usize> = BTreeMap::new();
        for &(author, ..) in &answers {
            *given.entry(author).or_default() += 1;
        }
        Self {
            answers: answers.len(),
            people: given.len(),
            half_from: half_from(given.into_values().collect()),
            bridges: bridges(
                answers
                    .iter()
                    .filter_map(|&(author, _, question)| Some((author, view.shown_asker(question)?))),
            ),
            subjects: subjects(view, community, &answers, (as_of, tongue)),
        }
    }
}

/// Who answered whom, under which question, in the last year; one's own question does not count.
fn answers(view: &View, community: CommunityIx, as_of: Timestamp) -> Vec<(PersonIx, PersonIx, QuestionIx)> {
    let year = Span::ending(as_of, YEAR_DAYS);
    let mut found = Vec::new();
    for &question in &view.communities.get(community).questions {
        let node = view.questions.get(question);
        let Some(asker) = node
            .asker
            .filter(|_| node.state.is_some())
            .map(|asker| view.human(asker))
        else {
            continue;
        };
        let given = node.answers.iter().map(|&answer| view.answers.get(answer));
        let given = given.filter(|answer| answer.state.as_ref().is_some_and(|state| year.holds(state.at)));
        let authors = given.filter_map(|answer| answer.author.map(|author| view.human(author)));
        found.extend(
            authors
                .filter(|&author| author != asker)
                .map(|author| (author, asker, question)),
        );
    }
    found
}

/// The smallest number of people whose counts make half of all.
fn half_from(mut counts: Vec<usize>) -> usize {
    let all: usize = counts.iter().sum();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let mut sum = 0;
    let reaches = |count: &usize| {
        sum += count;
        2 * sum >= all
    };
    counts.iter().position(reaches).map_or(0, |place| place + 1)
}

/// How many articulation points the graph of these pairs has.
fn bridges(pairs: impl Iterator<Item = (PersonIx, PersonIx)>) -> usize {
    let pairs: BTreeSet<(PersonIx, PersonIx)> = pairs.map(|(a, b)| (a.min(b), a.max(b))).collect();
    let mut graph: UnGraph<(), ()> = UnGraph::default();
    let mut nodes = BTreeMap::new();
    for (a, b) in pairs {
        let [a, b] = [a, b].map(|person| *nodes.entry(person).or_insert_with(|| graph.add_node(())));
        graph.add_edge(a, b, ());
    }
    articulation_points(&graph).len()
}

/// Subjects that hang on few: tags under which one person or two, still here, gave all of several answers of the year, and
/// skills among the community's subjects that one person or two hold.
fn subjects(
    view: &View,
    community: CommunityIx,
    answers: &[(PersonIx, PersonIx, QuestionIx)],
    (as_of, tongue): (Timestamp, Tongue),
) -> Vec<String> {
    let mut by_tag: BTreeMap<TagIx, (u32, BTreeSet<PersonIx>)> = BTreeMap::new();
    for &(author, _, question) in answers {
        for &tag in &view.questions.get(question).tags {
            let entry = by_tag.entry(tag).or_default();
            entry.0 += 1;
            entry.1.insert(author);
        }
    }
    let few = |people: &BTreeSet<PersonIx>| people.len() <= FEW_HOLDERS;
    let of_tags = by_tag
        .into_iter()
        .filter(|(_, (count, people))| *count >= SUBJECT_ANSWERS && few(people));
    let mut names: BTreeSet<String> = of_tags.map(|(tag, _)| view.tags.get(tag).id.to_string()).collect();
    for skill in topic_skills(view, community) {
        let holders = holders(view, skill, as_of).len();
        if (1..=FEW_HOLDERS).contains(&holders) {
            names.insert(label(view, skill, tongue));
        }
    }
    names.into_iter().take(SUBJECTS).collect()
}

/// The skills among the subjects of `community`, in the order of identifiers.
pub(super) fn topic_skills(view: &View, community: CommunityIx) -> Vec<SkillIx> {
    let state = view.communities.get(community).state.as_ref();
    let topics = state.iter().flat_map(|state| state.topics.iter().flatten());
    let mut skills: Vec<SkillIx> = topics
        .filter_map(|topic| view.skills.find(&**topic))
        .map(|s| view.skill_root(s))
        .collect();
    skills.sort_unstable_by_key(|&skill| &view.skills.get(skill).id);
    skills.dedup();
    skills
}

/// The people still here who were said to have `skill` by `at`, as far as everybody may know: what somebody contests, or
/// shows to fewer, does not count.
pub(super) fn holders(view: &View, skill: SkillIx, at: Timestamp) -> BTreeSet<PersonIx> {
    let family = view.skill_family(skill);
    let accounts = family
        .iter()
        .flat_map(|&member| view.skills.get(member).people.iter().copied());
    let people: BTreeSet<PersonIx> = accounts.map(|account| view.human(account)).collect();
    let holds = |&person: &PersonIx| {
        let nodes = || view.accounts(person).map(|account| view.people.get(account));
        let said = nodes()
            .flat_map(|node| &node.assertions)
            .any(|((s, ..), said)| family.contains(s) && said.at <= at);
        let decision = Decision::on(view, person, view.skill_root(skill));
        said && decision.is_open() && !decision.is_contested() && !view.has_left(person)
    };
    people.into_iter().filter(holds).collect()
}

/// How a skill is called in `tongue`.
fn label(view: &View, skill: SkillIx, tongue: Tongue) -> String {
    let node = view.skills.get(skill);
    let labels: &[(Arc<str>, Arc<str>)] = node
        .state
        .as_ref()
        .and_then(|state| state.labels.as_deref())
        .unwrap_or_default();
    let own = labels
        .iter()
        .find(|(tag, _)| tag.split('-').next() == Some(tongue.tag()));
    own.or(labels.first())
        .map_or_else(|| node.id.to_string(), |(_, label)| label.to_string())
}

/// When the newest question or answer that still counts for `community` was given.
pub(super) fn newest_gift(view: &View, community: CommunityIx, as_of: Timestamp) -> Option<Timestamp> {
    let gifts = view.gifts(community);
    // A question without a name is nobody's gift, and still a sign of life.
    let questions = view.communities.get(community).questions.iter();
    let asked = questions.filter_map(|&question| asked_at(view, question));
    let given = gifts.iter().map(|gift| gift.at);
    given.chain(asked).filter(|&at| at <= as_of).max()
}

/// The questions of `community` asked in the last year.
pub(super) fn asked_in_a_year(view: &View, community: CommunityIx, as_of: Timestamp) -> Vec<QuestionIx> {
    let year = Span::ending(as_of, YEAR_DAYS);
    let questions = view.communities.get(community).questions.iter().copied();
    questions
        .filter(|&question| asked_at(view, question).is_some_and(|at| year.holds(at)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Ix as _;

    #[test]
    fn half_comes_from_as_few_as_can_be() {
        assert_eq!(half_from(vec![]), 0);
        assert_eq!(half_from(vec![3, 3]), 1);
        assert_eq!(half_from(vec![1, 1, 1]), 2);
        assert_eq!(half_from(vec![5, 1, 1, 1, 1, 1]), 1);
        assert_eq!(half_from(vec![1; 11]), 6);
    }

    #[test]
    fn whoever_joins_two_groups_is_a_bridge() {
        let p = |n: u32| PersonIx::from_row(n);
        let count = |pairs: &[(u32, u32)]| bridges(pairs.iter().map(|&(a, b)| (p(a), p(b))));
        assert_eq!(count(&[]), 0);
        assert_eq!(count(&[(1, 2), (2, 1)]), 0, "two people answer each other");
        assert_eq!(count(&[(1, 2), (2, 3)]), 1);
        assert_eq!(
            count(&[(1, 2), (2, 3), (3, 1)]),
            0,
            "a circle holds without any one of them"
        );
        assert_eq!(count(&[(1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (5, 3), (5, 6)]), 2);
    }
}
