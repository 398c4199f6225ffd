//! What speaks for a person beside their answers: skills that are said of them, communities that they animate or are active
//! in, projects in which they take part.

use super::held::Heard;
use super::{Family, Search, SearchQuery};
use crate::domain::MemberRole;
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::experts::{newest_answers, skill_statements_to};
use crate::signals::{Proof, Viewer};
use crate::world::text::{Document, Scratch, tag_name};
use crate::world::{Buckets, CommunityIx, Ix as _, PersonIx, ProjectIx, QuestionIx, SkillIx, View};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Communities that are taken to be of the subject at most.
const PLACES: usize = 12;
/// A community is of the subject when it has this much of the closest one's closeness.
const OF_SUBJECT: f64 = 0.5;
/// What belonging to such a community and answering there is worth; animating it is worth 1.
const ACTIVE: f64 = 0.5;
/// What having taken part in a project is worth; taking part is worth 1.
const TOOK_PART: f64 = 0.5;

/// What speaks for a person beside their answers, as the signals of this room measure it.
pub(super) struct Grounds {
    said: f64,
    wider: f64,
    places: f64,
    projects: f64,
    place_answers: [f64; 3],
}

impl Grounds {
    /// What speaks for `person`, who is deepest in the topic at place `lead`. Cost: that of the signals.
    pub(super) fn of(view: &View, query: &SearchQuery, person: PersonIx, lead: usize) -> Self {
        let heard = query.heard(person, query.glances().at(person));
        let wider = |(_, heard): (_, &Heard)| heard.wider();
        let place = |&(community, close): &(CommunityIx, f64)| close * Places::part(view, community, person);
        let parts = parts_taken(view, query, person);
        Self {
            said: heard[lead].own(),
            wider: query.topics.iter().zip(&heard).map(wider).sum(),
            places: query.places.iter().map(place).sum(),
            projects: parts.iter().map(|(_, worth)| worth).sum(),
            place_answers: PlaceAnswers::of(view, query, person),
        }
    }
}

/// Σ of what is said of the person about the topic in which they are deepest, of its skills and narrower ones, as
/// `SkillMatch` weighs it, as far as it shows to the reader. Better; rises with every statement. Cost: a look-up.
pub struct SkillsShown;

/// The same of wider skills than those that are sought: close, and no more.
pub struct Broader;

fn statements(view: &View, query: &SearchQuery, skills: &[SkillIx], person: PersonIx) -> Vec<(Proof, f64)> {
    skill_statements_to(query.audience(person), view, skills, person)
}

/// What is said of wider skills, of any topic.
fn broader_statements(view: &View, query: &SearchQuery, person: PersonIx) -> Vec<(Proof, f64)> {
    let topics = query.topics.iter().filter(|topic| !topic.broader.is_empty());
    topics
        .flat_map(|topic| statements(view, query, &topic.broader, person))
        .collect()
}

impl Signal<Search> for SkillsShown {
    fn name(&self) -> &'static str {
        "skills"
    }

    fn family(&self) -> Family {
        Family::Skill
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Search>, out: &mut [f64]) {
        for (strength, grounds) in out.iter_mut().zip(round.gathered.grounds()) {
            *strength = grounds.said;
        }
    }

    fn facts(&self, view: &View, query: &SearchQuery, person: PersonIx) -> Vec<Proof> {
        let (lead, _) = query.lead(person);
        let said = statements(view, query, &query.topics[lead].skills, person);
        said.into_iter().map(|(proof, _)| proof).collect()
    }
}

impl Signal<Search> for Broader {
    fn name(&self) -> &'static str {
        "broader_skills"
    }

    fn family(&self) -> Family {
        Family::BroaderSkill
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Search>, out: &mut [f64]) {
        for (strength, grounds) in out.iter_mut().zip(round.gathered.grounds()) {
            *strength = grounds.wider;
        }
    }

    fn facts(&self, view: &View, query: &SearchQuery, person: PersonIx) -> Vec<Proof> {
        let said = broader_statements(view, query, person);
        said.into_iter().map(|(proof, _)| proof).collect()
    }
}

/// Σ over the communities of the subject that the reader may see of closeness · (1 for whoever animates it, ½ for whoever
/// belongs to it and answered there). Better; rises with every such community. Cost: a look-up a community.
pub struct Places;

impl Places {
    /// What `community`, which is of the subject, is worth to `person`.
    pub(super) fn part(view: &View, community: CommunityIx, person: PersonIx) -> f64 {
        let answered = || {
            let weeks = view.people.get(person).evidence.community(community);
            weeks.map_or(0, Buckets::total) > 0
        };
        match view.role(person, community) {
            Some(MemberRole::Animator) => 1.0,
            Some(MemberRole::Member) if answered() => ACTIVE,
            _ => 0.0,
        }
    }
}

impl Signal<Search> for Places {
    fn name(&self) -> &'static str {
        "places"
    }

    fn family(&self) -> Family {
        Family::Community
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Search>, out: &mut [f64]) {
        for (strength, grounds) in out.iter_mut().zip(round.gathered.grounds()) {
            *strength = grounds.places;
        }
    }

    fn facts(&self, view: &View, query: &SearchQuery, person: PersonIx) -> Vec<Proof> {
        let part = |&&(community, _): &&(CommunityIx, f64)| Self::part(view, community, person) > 0.0;
        query
            .places
            .iter()
            .filter(part)
            .map(|&(community, _)| Proof::Membership(community))
            .collect()
    }
}

/// The names of [`PlaceAnswers`] at each half-life, in the order of `ExpertsQuery::weeks`.
const PLACE_NAMES: [&str; 3] = ["place_answers_30d", "place_answers_180d", "place_answers_ever"];

/// Σ over the communities of the subject that the reader may see of closeness · ln(1 + decayed answers there). Better; rises
/// with every answer. Cost: one look-up; a look-up a community for the three together. `.0` is the half-life: 0 for 30 days,
/// 1 for 180 days, 2 for none.
pub struct PlaceAnswers(pub usize);

impl PlaceAnswers {
    /// What the answers of `person` in the communities of the subject are worth, at each half-life.
    fn of(view: &View, query: &SearchQuery, person: PersonIx) -> [f64; 3] {
        let evidence = &view.people.get(person).evidence;
        let mut sums = [0.0; 3];
        for &(community, close) in &query.places {
            let Some(weeks) = evidence.community(community) else {
                continue;
            };
            for (sum, answers) in sums.iter_mut().zip(weeks.decayed(&query.whole().weeks)) {
                *sum += close * libm::log1p(answers);
            }
        }
        sums
    }
}

impl Signal<Search> for PlaceAnswers {
    fn name(&self) -> &'static str {
        PLACE_NAMES[self.0]
    }

    fn family(&self) -> Family {
        Family::Community
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn theme(&self) -> &'static str {
        "answers"
    }

    fn measure(&self, round: &Round<'_, Search>, out: &mut [f64]) {
        for (strength, grounds) in out.iter_mut().zip(round.gathered.grounds()) {
            *strength = grounds.place_answers[self.0];
        }
    }

    fn facts(&self, view: &View, query: &SearchQuery, person: PersonIx) -> Vec<Proof> {
        let there = |question: QuestionIx| {
            let community = view.questions.get(question).community;
            community.is_some_and(|community| query.places.iter().any(|&(place, _)| place == community))
        };
        let evidence = &view.people.get(person).evidence;
        let weeks = query.places.iter().filter_map(|&(place, _)| evidence.community(place));
        newest_answers(view, query.viewer(), person, weeks, there)
    }
}

/// Σ over the projects of the subject of 1 for whoever takes part, ½ for whoever took part. Better; rises with every such
/// project. Cost: the person's projects.
pub struct Projects;

/// The projects of the subject in which `person` takes or took part, once each, in the order of identifiers.
pub(super) fn parts_taken(view: &View, query: &SearchQuery, person: PersonIx) -> Vec<(ProjectIx, f64)> {
    let mut parts: Vec<(ProjectIx, f64)> = Vec::new();
    if query.projects.is_empty() {
        return parts;
    }
    for ((project, _), state) in view.accounts(person).flat_map(|ix| &view.people.get(ix).participations) {
        if !query.projects.contains(project) {
            continue;
        }
        let worth = if state.ended.is_none() { 1.0 } else { TOOK_PART };
        match parts.iter_mut().find(|(other, _)| other == project) {
            Some((_, most)) => *most = worth.max(*most),
            None => parts.push((*project, worth)),
        }
    }
    parts.sort_unstable_by(|a, b| view.projects.get(a.0).id.cmp(&view.projects.get(b.0).id));
    parts
}

impl Signal<Search> for Projects {
    fn name(&self) -> &'static str {
        "projects"
    }

    fn family(&self) -> Family {
        Family::Project
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Search>, out: &mut [f64]) {
        for (strength, grounds) in out.iter_mut().zip(round.gathered.grounds()) {
            *strength = grounds.projects;
        }
    }

    fn facts(&self, view: &View, query: &SearchQuery, person: PersonIx) -> Vec<Proof> {
        let parts = parts_taken(view, query, person);
        parts
            .into_iter()
            .map(|(project, _)| Proof::Participation(project))
            .collect()
    }
}

/// Whether the reader may be told of who belongs to `community`.
pub(super) fn shows_members(view: &View, viewer: &Viewer, community: CommunityIx) -> bool {
    let state = view.communities.get(community).state.as_deref();
    let open = state.is_some_and(|s| s.known && s.archived.is_none() && s.sensitive != Some(true));
    open && viewer.sees(view, Some(community))
}

/// Communities whose name, description or topics come close to `words`, closest first, of those that the reader may see.
pub(super) fn matching_communities(view: &View, viewer: &Viewer, words: &Document) -> Vec<(CommunityIx, f64)> {
    let id = |row: u32| &view.communities.get(CommunityIx::from_row(row)).id;
    let shown = |row: u32| shows_members(view, viewer, CommunityIx::from_row(row));
    let mut scratch = Scratch::default();
    let tie = |a, b| id(a).cmp(id(b));
    let hits = view.community_texts.top(words, PLACES, &mut scratch, tie, shown);
    let closest = hits.first().map_or(1.0, |hit| f64::from(hit.score));
    let close = hits
        .iter()
        .map(|hit| (CommunityIx::from_row(hit.doc), f64::from(hit.score) / closest));
    close.filter(|&(_, strength)| strength >= OF_SUBJECT).collect()
}

/// Projects that name one of `tags` as a topic, or that a community of the subject accompanies. A guest is told of none.
pub(super) fn matching_projects(
    view: &View,
    viewer: &Viewer,
    tags: &[Arc<str>],
    places: &[(CommunityIx, f64)],
) -> BTreeSet<ProjectIx> {
    if !viewer.sees(view, None) {
        return BTreeSet::new();
    }
    let names: BTreeSet<_> = tags.iter().filter_map(|tag| tag_name(tag)).collect();
    let lengths: BTreeSet<usize> = names.iter().map(|name| name.as_str().chars().count()).collect();
    // Folding a topic costs more than counting its letters, which rarely changes by it.
    let is_named = |topic: &Arc<str>| {
        let letters = topic.chars().count();
        let may = (letters..=letters + 2).any(|length| lengths.contains(&length));
        may && tag_name(topic).is_some_and(|name| names.contains(&name))
    };
    let accompanied = |id: &crate::domain::CommunityId| places.iter().any(|(c, _)| view.communities.get(*c).id == *id);
    let is_of_subject = |project: &ProjectIx| {
        let Some(state) = view.projects.get(*project).state.as_deref() else {
            return false;
        };
        state.community.as_ref().is_some_and(accompanied) || state.topics.iter().flatten().any(is_named)
    };
    let all = view.projects.iter().map(|(project, _)| project);
    all.filter(is_of_subject).collect()
}
