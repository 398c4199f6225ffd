//! Projects, communities and recorded contributions that are about a skill: what they have as topics, by name.
//!
//! What is sensitive counts nothing, and neither does a project that a sensitive community accompanies.

use super::deeds::{named_by, saturated};
use super::{Family, Proof, Skills, SkillsQuery};
use crate::domain::{Contribution, ContributionPlace, DAY_MICROS, FactBody, MemberRole, ProjectRole, Timestamp};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::Viewer;
use crate::world::{CommunityIx, ParticipationState, PersonIx, ProjectIx, SkillIx, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days in which a part that ended, a stay or a contribution says half as much.
const HALF_LIFE_DAYS: f64 = 730.0;
/// What leading a project counts, beside taking part.
const LEADS: f64 = 1.5;
/// What belonging to a community counts, beside animating it.
const MEMBER: f64 = 0.4;
/// What one recorded contribution counts, and how many of one record do.
const GIFT: f64 = 0.25;
const GIFTS: u32 = 8;

/// What one kind of place says of one skill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Σ of what each place is worth.
    pub worth: f64,
    /// Each with what it is worth, the weightiest first.
    pub from: Vec<(Proof, f64)>,
}

/// Projects, communities and contributions by skill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places {
    /// Projects.
    pub projects: BTreeMap<SkillIx, Told>,
    /// Communities.
    pub communities: BTreeMap<SkillIx, Told>,
    /// Contributions.
    pub gifts: BTreeMap<SkillIx, Told>,
}

impl Places {
    /// What the places of `person` say that the viewer may see. Cost: their topics.
    pub fn of(view: &View, person: PersonIx, as_of: Timestamp, viewer: &Viewer) -> Self {
        let mut places = Self::default();
        let mut parts: Vec<(ProjectIx, f64)> = parts(view, person, as_of).collect();
        parts.sort_by(|a, b| view.projects.get(a.0).id.cmp(&view.projects.get(b.0).id));
        for (project, worth) in parts {
            let topics = view
                .projects
                .get(project)
                .state
                .as_ref()
                .and_then(|s| s.topics.as_ref());
            note(view, &mut places.projects, topics, Proof::Participation(project), worth);
        }
        let mut stays: Vec<(CommunityIx, f64)> = stays(view, person, as_of).collect();
        stays.retain(|&(community, _)| viewer.sees(view, Some(community)));
        stays.sort_by(|a, b| view.communities.get(a.0).id.cmp(&view.communities.get(b.0).id));
        for (community, worth) in stays {
            let topics = view
                .communities
                .get(community)
                .state
                .as_ref()
                .and_then(|s| s.topics.as_ref());
            note(
                view,
                &mut places.communities,
                topics,
                Proof::Membership(community),
                worth,
            );
        }
        for account in view.accounts(person) {
            for (n, fact) in (0..).zip(&view.people.get(account).records) {
                let FactBody::ContributionRecorded { contribution } = &fact.body else {
                    continue;
                };
                if fact.at <= as_of && is_open(view, viewer, contribution) {
                    let worth = GIFT * f64::from(contribution.count.min(GIFTS)) * left(fact.at, as_of);
                    let proof = Proof::Contribution(account, n);
                    note(view, &mut places.gifts, Some(&contribution.topics), proof, worth);
                }
            }
        }
        let all = [&mut places.projects, &mut places.communities, &mut places.gifts];
        for told in all.into_iter().flat_map(BTreeMap::values_mut) {
            // A stable sort: equal ones stay in the order of identifiers or of time.
            told.from.sort_by(|a, b| b.1.total_cmp(&a.1));
        }
        places
    }
}

/// The projects of `person`, none twice, with what is left of their part: 1 while it lasts, half as much 730 days after it
/// or the project ended, half more for whoever leads. Projects that a sensitive community accompanies are left out.
pub fn parts(view: &View, person: PersonIx, as_of: Timestamp) -> impl Iterator<Item = (ProjectIx, f64)> + '_ {
    let mut found: BTreeMap<ProjectIx, f64> = BTreeMap::new();
    let parts = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).participations);
    for &((project, role), part) in parts.filter(|(_, part)| part.since <= as_of && !is_withdrawn(part)) {
        let state = view.projects.get(project).state.as_ref();
        let of = state.and_then(|s| view.communities.find(s.community.as_ref()?.as_str()));
        if of.is_some_and(|community| view.is_sensitive(community)) {
            continue;
        }
        let over = state.and_then(|s| s.ends).map(|day| day.plus(1).start());
        let ended = part.ended.into_iter().chain(over).min();
        let leads = if role == ProjectRole::Lead { LEADS } else { 1.0 };
        let worth = leads * ended.map_or(1.0, |ended| left(ended, as_of));
        let most = found.entry(project).or_insert(0.0);
        *most = worth.max(*most);
    }
    found.into_iter()
}

/// Whether a part was taken back: it ended in the instant in which it began.
pub fn is_withdrawn(part: &ParticipationState) -> bool {
    part.ended.is_some_and(|ended| ended <= part.since)
}

/// The communities to which `person` belongs or belonged, sensitive ones left out, with what is left of it.
fn stays(view: &View, person: PersonIx, as_of: Timestamp) -> impl Iterator<Item = (CommunityIx, f64)> + '_ {
    let mut found: BTreeMap<CommunityIx, f64> = BTreeMap::new();
    let memberships = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).memberships);
    for (community, membership) in memberships.filter(|(community, _)| !view.is_sensitive(*community)) {
        for stay in membership.stays().iter().filter(|stay| stay.since <= as_of) {
            let part = if stay.role == MemberRole::Animator { 1.0 } else { MEMBER };
            let worth = part * stay.ended.map_or(1.0, |ended| left(ended, as_of));
            let most = found.entry(*community).or_insert(0.0);
            *most = worth.max(*most);
        }
    }
    found.into_iter()
}

/// Whether a contribution was made where it may be looked at and shown.
fn is_open(view: &View, viewer: &Viewer, contribution: &Contribution) -> bool {
    let community = |id: &str| view.communities.find(id);
    let place = match &contribution.place {
        ContributionPlace::Community(id) => community(id.as_str()),
        ContributionPlace::Project(id) => view.projects.find(id.as_str()).and_then(|project| {
            let state = view.projects.get(project).state.as_ref();
            community(state?.community.as_ref()?.as_str())
        }),
        ContributionPlace::Unspecified => None,
    };
    place.is_none_or(|place| !view.is_sensitive(place) && viewer.sees(view, Some(place)))
}

/// 2^(−age / 730 days) of what ended at `at`; 1 for what lasts.
fn left(at: Timestamp, as_of: Timestamp) -> f64 {
    let age_days = (as_of.micros().saturating_sub(at.micros())).max(0) as f64 / DAY_MICROS as f64;
    libm::exp2(-age_days / HALF_LIFE_DAYS)
}

fn note(view: &View, found: &mut BTreeMap<SkillIx, Told>, topics: Option<&Vec<Arc<str>>>, proof: Proof, worth: f64) {
    let mut skills: Vec<SkillIx> = topics
        .into_iter()
        .flatten()
        .flat_map(|topic| named_by(view, topic))
        .collect();
    skills.sort_unstable();
    skills.dedup();
    for skill in skills {
        let told = found.entry(skill).or_default();
        told.worth += worth;
        told.from.push((proof, worth));
    }
}

macro_rules! signals {
    ($($(#[$doc:meta])* $signal:ident = $name:literal, $family:ident, $places:ident;)*) => {$(
        $(#[$doc])*
        pub struct $signal;

        impl Signal<Skills> for $signal {
            fn name(&self) -> &'static str {
                $name
            }

            fn family(&self) -> Family {
                Family::$family
            }

            fn scale(&self) -> Scale {
                Scale::Fixed
            }

            fn measure(&self, round: &Round<'_, Skills>, out: &mut [f64]) {
                for (skill, strength) in round.subjects.iter().zip(out) {
                    *strength = round.query.places.$places.get(&skill).map_or(0.0, |told| saturated(told.worth));
                }
            }

            fn facts(&self, _: &View, query: &SkillsQuery, skill: SkillIx) -> Vec<Proof> {
                let from = query.places.$places.get(&skill).map(|told| &*told.from).unwrap_or_default();
                from.iter().map(|&(proof, _)| proof).collect()
            }
        }
    )*};
}

signals! {
    /// 1 − 2^(−what is left of the person's parts in projects about it): a half for one that lasts. In 0..=1. Better. Cost:
    /// one look-up.
    InProjects = "projects", Project, projects;
    /// 1 − 2^(−what is left of the person's stays in communities about it), 0.4 for a member, 1 for an animator. In 0..=1.
    /// Better. Cost: one look-up.
    InCommunities = "communities", Community, communities;
    /// 1 − 2^(−what is left of what they contributed to it), a quarter each. In 0..=1. Better. Cost: one look-up.
    Contributed = "contributed", Community, gifts;
}
