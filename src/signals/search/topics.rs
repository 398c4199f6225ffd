//! What is sought, topic by topic: the skills, tags and words of each, what the past says of it, and what is said of everybody.

use super::depth::efforts;
use super::glance::{GRAIN, Glances};
use super::reading::{Names, Read, TopicKind, document, merged, tag_called};
use super::rows::Rows;
use crate::domain::{Audience, Timestamp};
use crate::signals::{ExpertsQuery, Viewer, experts};
use crate::world::text::{Document, tag_name};
use crate::world::{Ix as _, PersonIx, QuestionIx, SkillIx, SkillState, TagIx, View};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Skills that a wide one takes in, or that are wider than a narrow one, at most.
const KIN: usize = 500;
/// Of these, those whose names are looked up as words and tags.
const KIN_NAMED: usize = 40;
/// A related question counts as one of the same subject from this cosine on.
const SAME_SUBJECT: f64 = 0.5;
/// A past question with less of the closest one's closeness is not near mere words.
const CLOSE: f64 = 0.35;

/// One of the topics that are sought.
pub struct Topic {
    /// As it was typed.
    pub words: String,
    /// What it was recognised by.
    pub kind: TopicKind,
    /// The skills of that name, in the order of identifiers; merged ones as the one they were merged into.
    pub named: Vec<SkillIx>,
    /// These, and every narrower one.
    pub skills: Vec<SkillIx>,
    /// Wider ones: whoever has one of them is close, and no more.
    pub broader: Vec<SkillIx>,
    /// As past questions say it.
    names: Names,
    /// Its tags.
    tags: Vec<TagIx>,
    /// The topic alone, understood as a question; none when it is the only one.
    pub(super) asked: Option<ExpertsQuery>,
    /// What answers to close questions are worth to each person, in order of index.
    pub(super) efforts: Vec<(PersonIx, f64)>,
    /// How many answers each person gave under its tags.
    pub(super) tagged: Each,
    /// What statements about its skills, and about wider ones, are worth to each person, as far as they show to the reader,
    /// in [`GRAIN`]s.
    said: Each,
    wider: Each,
}

/// A number for each person, by row; none for anybody where there is no row at all.
#[derive(Clone, Debug, Default)]
pub(super) struct Each(Vec<u32>);

impl Each {
    /// Nothing of so many people yet.
    fn nothing(people: usize) -> Self {
        Self(vec![0; people])
    }

    /// That of `person`.
    pub(super) fn of(&self, person: PersonIx) -> u32 {
        self.0.get(person.row() as usize).copied().unwrap_or(0)
    }

    fn add(&mut self, person: PersonIx, more: u32) {
        self.0[person.row() as usize] += more;
    }
}

/// What was read, each topic understood alone and all of them together.
pub(super) struct Understood {
    pub(super) topics: Vec<Topic>,
    pub(super) tags: Vec<Arc<str>>,
    pub(super) words: Document,
    pub(super) whole: ExpertsQuery,
}

/// Understands what was `read` out of `text`. Cost: the postings of the words and every question's vector.
pub(super) fn understood(view: &View, read: &[Read], text: &str, as_of: Timestamp, viewer: &Viewer) -> Understood {
    let mut topics: Vec<(Topic, Vec<Arc<str>>, Document)> = read.iter().map(|read| topic(view, read)).collect();
    let tags: Vec<Arc<str>> = topics.iter().flat_map(|(_, tags, _)| tags).cloned().collect();
    let typed = document([text]);
    let all = merged(topics.iter().map(|(_, _, document)| document).chain([&typed]));
    let asked = |words: &str, document: &Document, tags: &[Arc<str>], near: &dyn Fn(QuestionIx, f64) -> bool| {
        let sought = experts::Sought {
            words,
            document,
            tags,
            near,
            related: (words == text).then_some(SAME_SUBJECT),
        };
        ExpertsQuery::sought(view, &sought, as_of, viewer.clone())
    };
    let any = |question, strength| topics.iter().any(|(topic, ..)| topic.is_near(view, question, strength));
    let whole = asked(text, &all, &tags, &any);
    let single = topics.len() == 1;
    for (topic, tags, document) in &mut topics {
        let near = |question, strength| topic.is_near(view, question, strength);
        topic.asked = (!single).then(|| asked(&topic.words, document, tags, &near));
        let alone = topic.asked.as_ref().unwrap_or(&whole);
        topic.efforts = efforts(view, topic, alone);
        topic.tagged = tagged(view, alone);
    }
    Understood {
        topics: topics.into_iter().map(|(topic, ..)| topic).collect(),
        tags,
        words: all,
        whole,
    }
}

/// How many answers each person gave under the tags of `asked`.
fn tagged(view: &View, asked: &ExpertsQuery) -> Each {
    if asked.tags.is_empty() {
        return Each::default();
    }
    let mut tagged = Each::nothing(view.people.len());
    let answerers = asked
        .tags
        .iter()
        .flat_map(|&(tag, _)| view.tags.get(tag).answerers.iter());
    answerers.for_each(|(&person, count)| tagged.add(person, count));
    tagged
}

/// Notes in each topic what is said of its skills and shows to whoever is of the audience that `shows` tells; returns of whom
/// anything is, in the order of index. Cost: the rows of everybody who has something to do with one of the skills.
pub(super) fn held(
    view: &View,
    glances: &Glances,
    topics: &mut [Topic],
    shows: &dyn Fn(PersonIx) -> Audience,
) -> Vec<PersonIx> {
    let rows = |skills: &[SkillIx]| Rows::of(skills.iter().map(|skill| skill.row()));
    let room = |skills: &[SkillIx]| {
        if skills.is_empty() {
            Each::default()
        } else {
            Each::nothing(glances.people())
        }
    };
    let mut sought = Vec::new();
    for topic in topics.iter_mut() {
        (topic.said, topic.wider) = (room(&topic.skills), room(&topic.broader));
        sought.push((rows(&topic.skills), rows(&topic.broader)));
    }
    let all: BTreeSet<SkillIx> = topics
        .iter()
        .flat_map(|topic| topic.skills.iter().chain(&topic.broader))
        .flat_map(|&skill| view.skill_family(skill))
        .collect();
    let accounts = all.iter().flat_map(|&skill| &view.skills.get(skill).people);
    // In the order of rows: what lies side by side is read together.
    let accounts = Rows::of(accounts.map(|account| account.row()));
    let human = |row| glances.human(view, PersonIx::from_row(row));
    let mut holders: Vec<PersonIx> = accounts.iter().map(human).collect();
    holders.sort_unstable();
    holders.dedup();
    holders.retain(|&person| {
        let audience = shows(person);
        let shown = glances
            .at(person)
            .skills
            .iter()
            .filter(|spoken| spoken.audience >= audience);
        let mut is_said = false;
        for spoken in shown {
            let row = spoken.skill.row();
            for (topic, (own, wide)) in topics.iter_mut().zip(&sought) {
                if own.has(row) {
                    topic.said.add(person, spoken.worth);
                    is_said = true;
                } else if wide.has(row) {
                    topic.wider.add(person, spoken.worth);
                    is_said = true;
                }
            }
        }
        is_said
    });
    holders
}

/// `read` as a topic, with its tags and its words as they are looked up.
fn topic(view: &View, read: &Read) -> (Topic, Vec<Arc<str>>, Document) {
    let skills = kin(view, &read.skills, narrower);
    let mut broader = kin(view, &read.skills, wider);
    broader.retain(|skill| !skills.contains(skill));
    let nodes = || skills.iter().take(KIN_NAMED).map(|&skill| view.skills.get(skill));
    let names: Vec<&str> = nodes()
        .filter_map(|node| node.state.as_deref())
        .flat_map(names)
        .collect();
    // Communities and projects name skills by their identifiers, too.
    let ids = nodes().map(|node| Arc::from(node.id.as_str()));
    let tag = |tag| Arc::from(view.tags.get(tag).id.as_str());
    let named = names.iter().filter_map(|name| tag_called(view, name)).map(tag);
    let tags: BTreeSet<Arc<str>> = read.tag.map(tag).into_iter().chain(named).chain(ids).collect();
    let tags: Vec<Arc<str>> = tags.into_iter().collect();
    // Of a wide skill the names of the narrower ones are found as tags; as words they would lead astray.
    let own = read
        .skills
        .iter()
        .filter_map(|&skill| view.skills.get(skill).state.as_deref());
    let called: Vec<&str> = own.flat_map(self::names).chain([read.words.as_str()]).collect();
    let document = document(called.iter().copied()).tagged(&tags);
    let topic = Topic {
        words: read.words.clone(),
        kind: read.kind,
        named: read.skills.clone(),
        skills,
        broader,
        names: Names::of(called),
        tags: tags
            .iter()
            .filter_map(|tag| view.tags.find(tag_name(tag)?.as_str()))
            .collect(),
        asked: None,
        efforts: Vec::new(),
        tagged: Each::default(),
        said: Each::default(),
        wider: Each::default(),
    };
    (topic, tags, document)
}

/// Labels and aliases.
fn names(skill: &SkillState) -> impl Iterator<Item = &str> {
    let labels = skill.labels.iter().flatten().map(|(_, label)| &**label);
    labels.chain(skill.aliases.iter().flatten().map(|alias| &**alias))
}

/// `skills` and all that `step` leads to from them, step by step: nearest first, each step in the order of identifiers, so
/// that the same ones are left out whatever came first. What was merged counts as the one it was merged into.
pub(super) fn kin(view: &View, skills: &[SkillIx], step: fn(&View, SkillIx) -> Vec<SkillIx>) -> Vec<SkillIx> {
    let mut found: Vec<SkillIx> = skills.to_vec();
    let mut seen: BTreeSet<SkillIx> = skills.iter().copied().collect();
    let mut from = 0;
    while from < found.len() && found.len() < KIN {
        let until = found.len();
        let next = found[from..until].iter().flat_map(|&skill| view.skill_family(skill));
        let next = next
            .flat_map(|skill| step(view, skill))
            .map(|skill| view.skill_root(skill));
        let next: BTreeSet<SkillIx> = next.filter(|&skill| seen.insert(skill)).collect();
        found.extend(by_identifier(view, next));
        from = until;
    }
    found.truncate(KIN);
    found
}

pub(super) fn narrower(view: &View, skill: SkillIx) -> Vec<SkillIx> {
    view.skills.get(skill).narrower.clone()
}

fn wider(view: &View, skill: SkillIx) -> Vec<SkillIx> {
    let state = view.skills.get(skill).state.as_ref();
    let ids = state.into_iter().flat_map(|state| state.broader.iter().flatten());
    ids.filter_map(|id| view.skills.find(id.as_str())).collect()
}

pub(super) fn by_identifier(view: &View, skills: BTreeSet<SkillIx>) -> Vec<SkillIx> {
    let mut skills: Vec<SkillIx> = skills.into_iter().collect();
    skills.sort_unstable_by(|a, b| view.skills.get(*a).id.cmp(&view.skills.get(*b).id));
    skills
}

impl Topic {
    /// What is said of the person about its skills is worth so much, as far as it shows to the reader.
    pub(super) fn said(&self, person: PersonIx) -> f64 {
        f64::from(self.said.of(person)) * GRAIN
    }

    /// The same of wider skills.
    pub(super) fn wider(&self, person: PersonIx) -> f64 {
        f64::from(self.wider.of(person)) * GRAIN
    }

    /// Whether `question` is about the topic: it bears one of its tags, or says one of its names.
    pub(super) fn is_said_by(&self, view: &View, question: QuestionIx) -> bool {
        let tags = &view.questions.get(question).tags;
        self.tags.iter().any(|tag| tags.contains(tag))
            || self.names.are_said(|term| view.texts.holds(question.row(), term))
    }

    /// Whether `question` is about the topic, or shares so many of its words that it comes close; a skill or a tag is there
    /// or it is not.
    fn is_near(&self, view: &View, question: QuestionIx, strength: f64) -> bool {
        (self.kind == TopicKind::Words && strength >= CLOSE) || self.is_said_by(view, question)
    }
}
