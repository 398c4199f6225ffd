//! Understanding what a community needs: everything about it that does not depend on the candidate, worked out once.

use super::eligibility::{somebody_accompanies, somebody_eligible};
use super::field::{Field, TopicMap};
use super::kin::KinMap;
use super::kinds::has_subject;
use super::need::Need;
use super::proposals::Proposals;
use crate::domain::{CommunityKind, MemberRole, Timestamp, UnitPath};
use crate::signals::circles::{Circle, circles};
use crate::signals::viewer::Viewer;
use crate::signals::workload::is_archived;
use crate::world::{CommunityIx, Decay, Ix as _, PersonIx, ProjectIx, SkillIx, TagIx, View, Width, text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// People in a set unless more are wanted.
const SET: usize = 3;

/// A community for which somebody is looked for, understood.
pub struct CoAnimatorsQuery {
    /// Which.
    pub community: CommunityIx,
    /// What it is for.
    pub kind: CommunityKind,
    /// Those who animate it now, in the order of identifiers.
    pub animators: Vec<PersonIx>,
    /// Its topics and how much each tells: ln(1 + questions / questions under the tag), in the order of names.
    pub topics: Vec<(TagIx, f64)>,
    /// The skills that its name and its topics name, merged skills as the one they were merged into, in the order of
    /// identifiers.
    pub skills: Vec<SkillIx>,
    /// Communities of the same field, with how near each is.
    pub field: Field,
    /// Communities of the people who animate it, with how near each is.
    pub kin: KinMap,
    /// The circle of each of its people.
    pub circles: BTreeMap<PersonIx, Circle>,
    /// The projects that it accompanies, in the order of identifiers.
    pub projects: Vec<ProjectIx>,
    /// The unit that it belongs to.
    pub unit: Option<UnitPath>,
    /// Primary tag of its working language.
    pub language: Option<Arc<str>>,
    /// What those who animate it leave uncovered.
    pub need: Need,
    /// What was proposed to people, as far as it still counts.
    pub proposals: Proposals,
    /// Whether it was archived.
    pub archived: bool,
    /// Whether a first-time animator would be beside somebody who has animated before and is there.
    pub company: bool,
    /// Whether those who know a little of the subject are meant too: nobody who knows it could be proposed.
    pub novices: bool,
    /// How many are chosen so that they complement one another, ≥ 1.
    pub places: usize,
    /// The instant of the answer.
    pub as_of: Timestamp,
    /// Who reads it.
    pub viewer: Viewer,
    /// Decay of week buckets at half-lives of 30 and 180 days, and none.
    pub weeks: Decay<3>,
}

impl CoAnimatorsQuery {
    /// Understands `community` as it is at `as_of`. Cost: as [`Self::on`], and the topics of all communities.
    pub fn of(view: &View, community: CommunityIx, as_of: Timestamp, viewer: Viewer) -> Self {
        Self::on(view, &TopicMap::of(view), community, as_of, viewer)
    }

    /// Understands `community` as it is at `as_of`, where `topics` were read from `view` before: they serve every community of
    /// that view. Cost: its people and what they gave.
    pub fn on(view: &View, topics: &TopicMap, community: CommunityIx, as_of: Timestamp, viewer: Viewer) -> Self {
        let node = view.communities.get(community);
        let state = node.state.as_deref();
        let members = view.members_of(community).into_iter();
        let mut animators: Vec<PersonIx> = members
            .filter(|(_, role)| *role == MemberRole::Animator)
            .map(|(person, _)| person)
            .collect();
        animators.sort_unstable_by(|&a, &b| view.person_id(a).cmp(view.person_id(b)));
        let circles = circles(view, community, as_of);
        let need = Need::of(view, community, (&animators, &circles), as_of);
        let company = need.company(view, as_of).next().is_some();
        let mut query = Self {
            community,
            kind: state.and_then(|s| s.kind).unwrap_or(CommunityKind::Unspecified),
            topics: topics_of(view, community),
            skills: skills_of(view, community),
            field: Field::of(view, topics, community),
            circles,
            kin: KinMap::default(),
            projects: projects_of(view, community),
            unit: state.and_then(|s| s.unit.clone()),
            language: state.and_then(|s| s.language.as_deref()).map(primary),
            proposals: Proposals::of(view, as_of),
            company,
            novices: false,
            need,
            archived: is_archived(view, community),
            animators,
            places: SET,
            as_of,
            viewer,
            weeks: Decay::new(as_of, [30.0, 180.0, f64::INFINITY], Width::Week),
        };
        query.company = query.company || somebody_accompanies(view, &query);
        if has_subject(query.kind) && !somebody_eligible(view, &query) {
            query.novices = true;
            query.company = query.company || somebody_accompanies(view, &query);
        }
        query
    }

    /// Whether the reader animates the community: absences and hours of its animators are told to them alone.
    pub fn told_in_full(&self) -> bool {
        let animates = |person: PersonIx| self.animators.contains(&person);
        self.viewer.animates.contains(&self.community) || self.viewer.person.is_some_and(animates)
    }
}

/// The primary language of a BCP 47 tag.
fn primary(tag: &str) -> Arc<str> {
    Arc::from(tag.split('-').next().unwrap_or(tag))
}

fn topics_of(view: &View, community: CommunityIx) -> Vec<(TagIx, f64)> {
    let state = view.communities.get(community).state.as_deref();
    let topics = state.and_then(|s| s.topics.as_deref()).unwrap_or_default();
    let names: BTreeSet<_> = topics.iter().filter_map(|topic| text::tag_name(topic)).collect();
    let known = names.iter().filter_map(|name| view.tags.find(name.as_str()));
    let all = view.texts.len() as f64;
    known
        .map(|tag| (tag, libm::log1p(all / f64::from(view.tags.get(tag).questions.max(1)))))
        .collect()
}

/// Skills whose label or alias stands in the name or among the topics.
fn skills_of(view: &View, community: CommunityIx) -> Vec<SkillIx> {
    let state = view.communities.get(community).state.as_deref();
    let topics = state.and_then(|s| s.topics.as_deref()).unwrap_or_default();
    let texts = state.and_then(|s| s.name.as_ref()).into_iter().chain(topics);
    let found = texts.flat_map(|text| view.labels.find(text));
    let roots: BTreeSet<_> = found.map(|(row, _)| view.skill_root(SkillIx::from_row(row))).collect();
    let mut skills: Vec<_> = roots.into_iter().collect();
    skills.sort_unstable_by(|a, b| view.skills.get(*a).id.cmp(&view.skills.get(*b).id));
    skills
}

/// The projects that say they belong to the community, and the one that the community says it accompanies.
fn projects_of(view: &View, community: CommunityIx) -> Vec<ProjectIx> {
    let node = view.communities.get(community);
    let named = node.state.as_ref().and_then(|s| s.project.as_ref());
    let named = named.and_then(|id| view.projects.find(id));
    let accompanied = view.projects.iter().filter(|(_, project)| {
        let theirs = project.state.as_ref().and_then(|s| s.community.as_ref());
        theirs == Some(&node.id)
    });
    let all: BTreeSet<ProjectIx> = accompanied.map(|(ix, _)| ix).chain(named).collect();
    let mut projects: Vec<_> = all.into_iter().collect();
    projects.sort_unstable_by(|a, b| view.projects.get(*a).id.cmp(&view.projects.get(*b).id));
    projects
}
