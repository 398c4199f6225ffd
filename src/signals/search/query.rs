//! Understanding what is sought: everything about it that does not depend on the person, worked out once.

use super::facets::Wanted;
use super::glance::{Glance, Glances};
use super::grounds::{matching_communities, matching_projects};
use super::held::{Called, Heard, concerned};
use super::lens::Lens;
use super::reading::{self, Read, TOPICS, TopicKind};
use super::rows::Rows;
use super::sources::here_and_there;
use super::topics::{Gists, Topic, by_identifier, kin, narrower, past};
use crate::domain::{Audience, Timestamp};
use crate::parallel::both;
use crate::signals::{ExpertsQuery, Viewer};
use crate::world::{CommunityIx, Ix as _, PersonIx, ProjectIx, SkillIx, View};
use std::collections::BTreeSet;
use std::sync::Arc;

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
    /// The same people.
    wrote: Rows,
    /// Who has something to do with a skill that is sought, or a wider one; in order of index.
    pub(super) concerned: Vec<PersonIx>,
    /// Who animates, or answers most in, one of the places, or has a part in one of the projects.
    pub(super) here_and_there: Vec<PersonIx>,
    /// The skills of the topics.
    called: Called,
    /// Everybody, in rows.
    glances: Arc<Glances>,
    lens: Lens,
    /// Whether the reader is a guest.
    by_guest: bool,
}

impl SearchQuery {
    /// As [`Self::seen`], by whoever was not in this state before. Cost: that, and reading everybody's row.
    pub fn of(view: &View, sought: Sought<'_>, as_of: Timestamp) -> Option<Self> {
        Self::seen(view, &Arc::new(Glances::of(view, None)), sought, as_of)
    }

    /// Understands `sought`, with everybody in `glances`, which are those of `view`; `None` when it says nothing that the
    /// organisation knows.
    ///
    /// Cost: the postings of the words and every question's vector; every community, every project, and the rows of those who have
    /// something to do with a skill that is sought.
    pub fn seen(view: &View, glances: &Arc<Glances>, sought: Sought<'_>, as_of: Timestamp) -> Option<Self> {
        let (read, wanted) = Self::read(view, &sought);
        if read.is_empty() {
            return None;
        }
        let viewer = sought.viewer;
        let gists = Gists::of(view, &read, sought.text);
        let around = || {
            let places = matching_communities(view, &viewer, &gists.words);
            let projects = matching_projects(view, &viewer, &gists.tags, &places);
            let people = here_and_there(view, glances, &places, &projects);
            (people, projects, places)
        };
        let now = || both(around, || concerned(view, glances, &gists.each));
        let ((whole, past), ((here_and_there, projects, places), concerned)) =
            both(|| past(view, glances, &gists, as_of, &viewer), now);
        let topics = gists.topics(past);
        let writers = writers(&topics, &whole);
        let named = if sought.text.trim().is_empty() {
            sought.skill
        } else {
            None
        };
        Some(Self {
            text: named.unwrap_or(sought.text).to_owned(),
            called: Called::of(view, &topics),
            lens: Lens::of(glances, &wanted),
            by_guest: viewer.person.is_some_and(|reader| view.is_external(reader)),
            glances: Arc::clone(glances),
            concerned,
            here_and_there,
            projects,
            hidden: hidden(view, &viewer),
            wrote: Rows::of(writers.iter().map(|person| person.row())),
            writers,
            places,
            circle: circle(view, &viewer),
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
        audience(self.viewer().person == Some(person), self.animates)
    }

    /// Everybody, in rows.
    pub(super) fn glances(&self) -> &Glances {
        &self.glances
    }

    /// What people must be like, in terms of rows.
    pub(super) fn lens(&self) -> &Lens {
        &self.lens
    }

    /// Whether the reader is a guest.
    pub(super) fn by_guest(&self) -> bool {
        self.by_guest
    }

    /// What the row of `person` says of them about each topic, as far as it shows to the reader. Cost: the skills of the row.
    pub(super) fn heard(&self, person: PersonIx, glance: Glance<'_>) -> [Heard; TOPICS] {
        self.called.heard(glance, self.audience(person))
    }

    /// Whether `person` answered visible questions that are close, or about the same subject.
    pub(super) fn has_written(&self, person: PersonIx) -> bool {
        self.wrote.has(person.row())
    }

    /// Whether `person` gave an answer under any of the tags.
    pub(super) fn is_tagged(&self, person: PersonIx) -> bool {
        self.topics.iter().any(|topic| topic.tagged.of(person) > 0)
    }
}

/// The narrowest audience to which a reader belongs.
fn audience(own: bool, animates: bool) -> Audience {
    match (own, animates) {
        (true, _) => Audience::Me,
        (false, true) => Audience::Animators,
        (false, false) => Audience::Organisation,
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
