//! What the person and the asker have to do with each other.

use super::{Experts, ExpertsQuery, Family, Proof};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::discretion::openly_helped;
use crate::world::{CommunityIx, PersonIx, ProjectIx, View};
use std::collections::BTreeSet;

/// Communities and projects of the asker, with what sharing each tells: 1 / ln(2 + people there).
#[derive(Clone, Debug, Default)]
pub struct Places {
    communities: Vec<(CommunityIx, f64)>,
    projects: Vec<(ProjectIx, f64)>,
}

impl Places {
    /// The places of `asker`, in the order of identifiers. Sensitive communities tell nothing.
    pub fn of(view: &View, asker: Option<PersonIx>) -> Self {
        let Some(asker) = asker else { return Self::default() };
        let telling = |people: usize| 1.0 / libm::log(2.0 + people as f64);
        let mut communities: Vec<_> = view
            .communities_of(asker)
            .into_iter()
            .filter(|&c| !view.is_sensitive(c))
            .map(|c| (c, telling(view.communities.get(c).members.len())))
            .collect();
        communities.sort_unstable_by(|a, b| view.communities.get(a.0).id.cmp(&view.communities.get(b.0).id));
        let mut projects: Vec<_> = projects_of(view, asker)
            .into_iter()
            .map(|p| (p, telling(view.projects.get(p).people.len())))
            .collect();
        projects.sort_unstable_by(|a, b| view.projects.get(a.0).id.cmp(&view.projects.get(b.0).id));
        Self { communities, projects }
    }
}

/// The projects in which `person` takes part now.
fn projects_of(view: &View, person: PersonIx) -> BTreeSet<ProjectIx> {
    let parts = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).participations);
    parts
        .filter(|(_, part)| part.ended.is_none())
        .map(|((project, _), _)| *project)
        .collect()
}

/// Σ over shared communities and projects of 1 / ln(2 + people there). Better; a small place tells more. Cost: the
/// asker's places.
pub struct SharedPlaces;

impl SharedPlaces {
    fn shared(view: &View, query: &ExpertsQuery, person: PersonIx, mut each: impl FnMut(Proof, f64)) {
        for &(community, tells) in &query.places.communities {
            if view.role(person, community).is_some() {
                each(Proof::Membership(community), tells);
            }
        }
        if query.places.projects.is_empty() {
            return;
        }
        let projects = projects_of(view, person);
        for &(project, tells) in &query.places.projects {
            if projects.contains(&project) {
                each(Proof::Participation(project), tells);
            }
        }
    }
}

impl Signal<Experts> for SharedPlaces {
    fn name(&self) -> &'static str {
        "shared_places"
    }

    fn family(&self) -> Family {
        Family::Relation
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (person, strength) in round.subjects.iter().zip(out) {
            Self::shared(round.world, round.query, person, |_, tells| *strength += tells);
        }
    }

    fn facts(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
        let mut facts = Vec::new();
        Self::shared(view, query, person, |proof, _| match proof {
            Proof::Membership(community) if !query.shows(view, Some(community)) => {}
            visible => facts.push(visible),
        });
        facts
    }
}

/// ln(1 + answers to this asker, where it shows who asked). Either direction: some places like new pairs, some old ones.
/// Cost: one look-up, and the asker's questions for those who helped.
pub struct HelpedAsker;

impl Signal<Experts> for HelpedAsker {
    fn name(&self) -> &'static str {
        "helped_asker"
    }

    fn family(&self) -> Family {
        Family::Relation
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        let Some(asker) = round.query.shown_asker else { return };
        for (person, strength) in round.subjects.iter().zip(out) {
            *strength = libm::log1p(f64::from(openly_helped(round.world, person, asker)));
        }
    }

    fn facts(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
        let Some(asker) = query.shown_asker else {
            return Vec::new();
        };
        let asked = view.accounts(asker).flat_map(|account| &view.people.get(account).asked);
        let visible = asked.filter(|&&q| !view.is_anonymous(q) && query.shows(view, view.questions.get(q).community));
        let answers = visible.flat_map(|&q| view.answers_by(person, q));
        answers
            .filter(|&a| view.counted(a).is_some())
            .map(Proof::Answer)
            .collect()
    }
}
