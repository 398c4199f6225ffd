//! What is sought, topic by topic: the skills, tags and words of each, what the past says of it, and what is said of everybody.

use super::depth::efforts;
use super::glance::Glances;
use super::reading::{Names, Read, TopicKind, document, merged, tag_called};
use super::rows::{Each, Rows};
use super::sources::answerers;
use crate::domain::Timestamp;
use crate::parallel::{both, in_parts};
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
    /// The topic alone, understood as a question; none when it is the only one.
    pub(super) asked: Option<ExpertsQuery>,
    /// What answers to close questions are worth to each person, in order of index.
    efforts: Vec<(PersonIx, f64)>,
    /// Who gave them.
    authors: Rows,
    /// How many answers each person gave under its tags.
    pub(super) tagged: Each,
    /// Who answered most under its tags.
    pub(super) answerers: Vec<PersonIx>,
}

/// A topic by what was typed alone: nobody was looked up for it.
pub(super) struct Gist {
    /// As it was typed.
    words: String,
    kind: TopicKind,
    named: Vec<SkillIx>,
    /// The skills of that name and every narrower one; and wider ones.
    pub(super) skills: Vec<SkillIx>,
    pub(super) broader: Vec<SkillIx>,
    names: Names,
    /// The tags under which something was asked, in the order of names.
    known_tags: Vec<TagIx>,
    /// Its tags and words, as they are looked up.
    tags: Vec<Arc<str>>,
    document: Document,
}

/// Everything that was typed.
pub(super) struct Gists {
    pub(super) each: Vec<Gist>,
    /// The tags of all of them.
    pub(super) tags: Vec<Arc<str>>,
    /// The words of all of them.
    pub(super) words: Document,
    known_tags: Vec<TagIx>,
}

impl Gists {
    /// What was `read` out of `text`. Cost: the names of the skills.
    pub(super) fn of(view: &View, read: &[Read], text: &str) -> Self {
        let each = in_parts(read, 1, |part| {
            part.iter().map(|read| Gist::of(view, read)).collect::<Vec<_>>()
        });
        let each: Vec<Gist> = each.into_iter().flatten().collect();
        let typed = document([text]);
        Self {
            tags: each.iter().flat_map(|gist| &gist.tags).cloned().collect(),
            words: merged(each.iter().map(|gist| &gist.document).chain([&typed])),
            known_tags: in_order(view, each.iter().flat_map(|gist| &gist.known_tags).copied()),
            each,
        }
    }

    /// The topics, with what the past tells of them.
    pub(super) fn topics(self, past: Vec<PastOfTopic>) -> Vec<Topic> {
        let all = self.each.into_iter().zip(past);
        let topic = |(gist, past): (Gist, PastOfTopic)| Topic {
            words: gist.words,
            kind: gist.kind,
            named: gist.named,
            skills: gist.skills,
            broader: gist.broader,
            asked: past.asked,
            authors: Rows::of(past.efforts.iter().map(|(person, _)| person.row())),
            efforts: past.efforts,
            tagged: past.tagged,
            answerers: past.answerers,
        };
        all.map(topic).collect()
    }
}

/// What the past tells of one topic.
pub(super) struct PastOfTopic {
    asked: Option<ExpertsQuery>,
    efforts: Vec<(PersonIx, f64)>,
    tagged: Each,
    answerers: Vec<PersonIx>,
}

/// What the past tells of each of `gists`, and of all that was typed. Cost: the postings of the words and every question's
/// vector.
pub(super) fn past(
    view: &View,
    glances: &Glances,
    gists: &Gists,
    as_of: Timestamp,
    viewer: &Viewer,
) -> (ExpertsQuery, Vec<PastOfTopic>) {
    let asked = |sought: &experts::Sought<'_>| ExpertsQuery::sought(view, sought, as_of, viewer.clone());
    let whole = || {
        let any = |question, strength| gists.each.iter().any(|each| each.is_near(view, question, strength));
        asked(&experts::Sought {
            document: &gists.words,
            tags: &gists.known_tags,
            near: &any,
            related: Some(SAME_SUBJECT),
        })
    };
    let alone = |gist: &Gist| {
        let near = |question, strength| gist.is_near(view, question, strength);
        asked(&experts::Sought {
            document: &gist.document,
            tags: &gist.known_tags,
            near: &near,
            related: None,
        })
    };
    let of = |gist: &Gist, asked: &ExpertsQuery| {
        let tagged = tagged(view, asked);
        PastOfTopic {
            asked: None,
            efforts: efforts(view, gist, asked),
            answerers: answerers(view, glances, &tagged),
            tagged,
        }
    };
    if let [gist] = &*gists.each {
        let whole = whole();
        let past = of(gist, &whole);
        return (whole, vec![past]);
    }
    let each = |part: &[Gist]| {
        let past = part.iter().map(|gist| {
            let asked = alone(gist);
            let past = of(gist, &asked);
            PastOfTopic {
                asked: Some(asked),
                ..past
            }
        });
        past.collect::<Vec<_>>()
    };
    // The topics first: that takes longest.
    let (each, whole) = both(|| in_parts(&gists.each, 1, each), whole);
    (whole, each.into_iter().flatten().collect())
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

impl Gist {
    /// What was `read`, with its tags and its words.
    fn of(view: &View, read: &Read) -> Self {
        let skills = kin(view, &read.skills, narrower);
        let mut broader = kin(view, &read.skills, wider);
        broader.retain(|skill| !skills.contains(skill));
        let nodes = || skills.iter().take(KIN_NAMED).map(|&skill| view.skills.get(skill));
        let names: Vec<&str> = nodes()
            .filter_map(|node| node.state.as_deref())
            .flat_map(names_of)
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
        let called: Vec<&str> = own.flat_map(names_of).chain([read.words.as_str()]).collect();
        let document = document(called.iter().copied()).tagged(&tags);
        Self {
            words: read.words.clone(),
            kind: read.kind,
            named: read.skills.clone(),
            skills,
            broader,
            names: Names::of(called),
            known_tags: in_order(
                view,
                tags.iter().filter_map(|tag| view.tags.find(tag_name(tag)?.as_str())),
            ),
            tags,
            document,
        }
    }

    /// Whether `question` is about the topic: it bears one of its tags, or says one of its names.
    pub(super) fn is_said_by(&self, view: &View, question: QuestionIx) -> bool {
        let tags = &view.questions.get(question).tags;
        self.known_tags.iter().any(|tag| tags.contains(tag))
            || self.names.are_said(|term| view.texts.holds(question.row(), term))
    }

    /// Whether questions are near it by their words, not by a skill or a tag: these are there or they are not.
    pub(super) fn is_of_words(&self) -> bool {
        self.kind == TopicKind::Words
    }

    /// Whether `question` is about the topic, or shares so many of its words that it comes close; a skill or a tag is there
    /// or it is not.
    fn is_near(&self, view: &View, question: QuestionIx, strength: f64) -> bool {
        (self.is_of_words() && strength >= CLOSE) || self.is_said_by(view, question)
    }
}

/// Labels and aliases.
fn names_of(skill: &SkillState) -> impl Iterator<Item = &str> {
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

/// `tags`, each once, in the order of names.
fn in_order(view: &View, tags: impl Iterator<Item = TagIx>) -> Vec<TagIx> {
    let mut tags: Vec<TagIx> = tags.collect();
    tags.sort_unstable_by(|a, b| view.tags.get(*a).id.cmp(&view.tags.get(*b).id));
    tags.dedup();
    tags
}

pub(super) fn by_identifier(view: &View, skills: BTreeSet<SkillIx>) -> Vec<SkillIx> {
    let mut skills: Vec<SkillIx> = skills.into_iter().collect();
    skills.sort_unstable_by(|a, b| view.skills.get(*a).id.cmp(&view.skills.get(*b).id));
    skills
}

impl Topic {
    /// What the person's answers to close questions are worth. Cost: a look-up; where there are such, another one.
    pub(super) fn near(&self, person: PersonIx) -> f64 {
        if !self.authors.has(person.row()) {
            return 0.0;
        }
        let place = self.efforts.binary_search_by_key(&person, |effort| effort.0);
        place.map_or(0.0, |place| self.efforts[place].1)
    }
}
