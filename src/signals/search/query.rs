//! Understanding what is sought: everything about it that does not depend on the person, worked out once.

use super::depth::efforts;
use super::facets::Wanted;
use super::grounds::{matching_communities, matching_projects};
use super::reading::{self, Names, Read, TopicKind, document, merged, tag_called};
use crate::domain::{Audience, Timestamp};
use crate::signals::{ExpertsQuery, Viewer, experts};
use crate::world::text::{Document, tag_name};
use crate::world::{CommunityIx, Ix as _, PersonIx, ProjectIx, QuestionIx, SkillIx, SkillState, TagIx, View};
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

/// What somebody types, and who they are.
#[derive(Clone, Debug, Default)]
pub struct Sought<'a> {
    /// Free text: names of skills, tags, words.
    pub text: &'a str,
    /// A skill, by identifier or by name: what is sought where there is no text, and a filter where there is.
    pub skill: Option<&'a str>,
    /// What the people must be like.
    pub wanted: Wanted,
    /// Who reads.
    pub viewer: Viewer,
    /// Whether the reader is an animator: skills may be shown to animators alone.
    pub animates: bool,
    /// The instant of the list's first part, when this is not that one: the order of equals holds for its day.
    pub first: Option<Timestamp>,
}

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
    asked: Option<ExpertsQuery>,
    /// What answers to close questions are worth to each person, in order of index.
    pub(super) efforts: Vec<(PersonIx, f64)>,
}

/// What is sought, understood.
pub struct SearchQuery {
    /// What was typed; the skill that was named where nothing was.
    text: String,
    /// The topics, in the order in which they were typed.
    pub topics: Vec<Topic>,
    /// Everything that was typed, understood as a question.
    whole: ExpertsQuery,
    /// Communities of the subject that the reader may see, with how close they are, 0..=1.
    pub places: Vec<(CommunityIx, f64)>,
    /// Projects of the subject.
    pub projects: BTreeSet<ProjectIx>,
    /// What the people must be like.
    pub wanted: Wanted,
    /// Whether the reader is an animator.
    pub animates: bool,
    /// The day whose order of equals holds.
    pub day: i32,
    /// Communities of which the reader sees nothing.
    pub(super) hidden: BTreeSet<CommunityIx>,
    /// The reader's communities: where they meet guests.
    pub(super) circle: BTreeSet<CommunityIx>,
    /// Who answered visible questions that are close, or about the same subject; in order of index.
    pub(super) writers: Vec<PersonIx>,
}

impl SearchQuery {
    /// Understands `sought`; `None` when it says nothing that the organisation knows.
    ///
    /// Cost: the postings of the words and every question's vector; every community and every project once.
    pub fn of(view: &View, sought: Sought<'_>, as_of: Timestamp) -> Option<Self> {
        let (read, wanted) = Self::read(view, &sought);
        if read.is_empty() {
            return None;
        }
        let viewer = sought.viewer;
        let mut topics: Vec<(Topic, Vec<Arc<str>>, Document)> = read.iter().map(|read| topic(view, read)).collect();
        let tags: Vec<Arc<str>> = topics.iter().flat_map(|(_, tags, _)| tags).cloned().collect();
        let typed = document([sought.text]);
        let all = merged(topics.iter().map(|(_, _, document)| document).chain([&typed]));
        let understood =
            |words: &str, document: &Document, tags: &[Arc<str>], near: &dyn Fn(QuestionIx, f64) -> bool| {
                let sought = experts::Sought {
                    words,
                    document,
                    tags,
                    near,
                    related: (words == sought.text).then_some(SAME_SUBJECT),
                };
                ExpertsQuery::sought(view, &sought, as_of, viewer.clone())
            };
        let any = |question, strength| topics.iter().any(|(topic, ..)| topic.is_near(view, question, strength));
        let whole = understood(sought.text, &all, &tags, &any);
        let single = topics.len() == 1;
        for (topic, tags, document) in &mut topics {
            let near = |question, strength| topic.is_near(view, question, strength);
            topic.asked = (!single).then(|| understood(&topic.words, document, tags, &near));
            topic.efforts = efforts(view, topic, topic.asked.as_ref().unwrap_or(&whole));
        }
        let places = matching_communities(view, &viewer, &all);
        let circle = circle(view, &viewer);
        let topics: Vec<Topic> = topics.into_iter().map(|(topic, ..)| topic).collect();
        let named = if sought.text.trim().is_empty() {
            sought.skill
        } else {
            None
        };
        Some(Self {
            text: named.unwrap_or(sought.text).to_owned(),
            projects: matching_projects(view, &viewer, &tags, &places),
            hidden: hidden(view, &viewer),
            writers: writers(&topics, &whole),
            places,
            circle,
            topics,
            whole,
            wanted,
            animates: sought.animates,
            day: sought.first.unwrap_or(as_of).day().days(),
        })
    }

    /// The topics of `sought`, and what the people must be like: a skill is the topic where there is no text, and a filter
    /// beside one.
    fn read(view: &View, sought: &Sought<'_>) -> (Vec<Read>, Wanted) {
        let mut wanted = sought.wanted.clone();
        let read = match sought.skill {
            Some(name) if sought.text.trim().is_empty() => {
                skill_read(name, skills_called(view, name)).into_iter().collect()
            }
            Some(name) => {
                wanted.skills = Some(kin(view, &skills_called(view, name), narrower));
                reading::read(view, sought.text)
            }
            None => reading::read(view, sought.text),
        };
        (read, wanted)
    }

    /// What was typed; the skill that was named where nothing was.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Everything that was typed, understood as a question.
    pub fn whole(&self) -> &ExpertsQuery {
        &self.whole
    }

    /// `topic` alone, understood as a question.
    pub fn asked<'q>(&'q self, topic: &'q Topic) -> &'q ExpertsQuery {
        topic.asked.as_ref().unwrap_or(&self.whole)
    }

    /// Who reads.
    pub fn viewer(&self) -> &Viewer {
        &self.whole.viewer
    }

    /// The instant of the answer.
    pub fn as_of(&self) -> Timestamp {
        self.whole.as_of
    }

    /// The narrowest audience to which the reader belongs when it comes to what `person` shows.
    pub fn audience(&self, person: PersonIx) -> Audience {
        if self.viewer().person == Some(person) {
            Audience::Me
        } else if self.animates {
            Audience::Animators
        } else {
            Audience::Organisation
        }
    }
}

/// A skill as the only topic; none when there is no such skill.
fn skill_read(name: &str, skills: Vec<SkillIx>) -> Option<Read> {
    (!skills.is_empty()).then(|| Read {
        words: name.trim().to_owned(),
        kind: TopicKind::Skill,
        skills,
        tag: None,
    })
}

/// The skills called `name`: by identifier, else by a label or alias that is all of it.
fn skills_called(view: &View, name: &str) -> Vec<SkillIx> {
    // One that nobody described is known by those who have it alone: that somebody has it may be theirs to tell.
    let known = |skill: &SkillIx| view.skills.get(*skill).state.is_some();
    if let Some(skill) = view.skills.find(name).filter(known) {
        return vec![view.skill_root(skill)];
    }
    let name = name.trim();
    let whole = |(_, range): &(u32, std::ops::Range<usize>)| range.len() == name.len();
    let found = view.labels.find(name).into_iter().filter(whole);
    let roots: BTreeSet<SkillIx> = found.map(|(row, _)| view.skill_root(SkillIx::from_row(row))).collect();
    by_identifier(view, roots)
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
fn kin(view: &View, skills: &[SkillIx], step: fn(&View, SkillIx) -> Vec<SkillIx>) -> Vec<SkillIx> {
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

fn narrower(view: &View, skill: SkillIx) -> Vec<SkillIx> {
    view.skills.get(skill).narrower.clone()
}

fn wider(view: &View, skill: SkillIx) -> Vec<SkillIx> {
    let state = view.skills.get(skill).state.as_ref();
    let ids = state.into_iter().flat_map(|state| state.broader.iter().flatten());
    ids.filter_map(|id| view.skills.find(id.as_str())).collect()
}

fn by_identifier(view: &View, skills: BTreeSet<SkillIx>) -> Vec<SkillIx> {
    let mut skills: Vec<SkillIx> = skills.into_iter().collect();
    skills.sort_unstable_by(|a, b| view.skills.get(*a).id.cmp(&view.skills.get(*b).id));
    skills
}

/// Communities of which the reader sees nothing.
fn hidden(view: &View, viewer: &Viewer) -> BTreeSet<CommunityIx> {
    let all = view.communities.iter().map(|(community, _)| community);
    all.filter(|&community| !viewer.sees(view, Some(community))).collect()
}

/// Where the reader belongs, or animates.
fn circle(view: &View, viewer: &Viewer) -> BTreeSet<CommunityIx> {
    let own = viewer.person.map(|person| view.communities_of(person));
    own.into_iter()
        .flatten()
        .chain(viewer.animates.iter().copied())
        .collect()
}

/// Who answered questions that are near a topic, or about the same subject.
fn writers(topics: &[Topic], whole: &ExpertsQuery) -> Vec<PersonIx> {
    let all = topics.iter().filter_map(|topic| topic.asked.as_ref()).chain([whole]);
    let close = all.flat_map(|asked| asked.votes.iter().chain(&asked.related_votes));
    let mut writers: Vec<PersonIx> = close.map(|vote| vote.person).collect();
    writers.sort_unstable();
    writers.dedup();
    writers
}

impl Topic {
    /// Whether `question` is about the topic: it bears one of its tags, or says one of its names.
    pub(super) fn is_said_by(&self, view: &View, question: QuestionIx) -> bool {
        let tags = &view.questions.get(question).tags;
        self.tags.iter().any(|tag| tags.contains(tag)) || self.names.are_said(&view.texts.terms_of(question.row()))
    }

    /// Whether `question` is about the topic, or shares so many of its words that it comes close; a skill or a tag is there
    /// or it is not.
    fn is_near(&self, view: &View, question: QuestionIx, strength: f64) -> bool {
        (self.kind == TopicKind::Words && strength >= CLOSE) || self.is_said_by(view, question)
    }
}
