//! Where candidates come from.

use super::kinds::works_in;
use super::offers::offered;
use super::{CoAnimators, CoAnimatorsQuery};
use crate::domain::CommunityKind;
use crate::pipeline::Source;
use crate::world::{CommunityIx, PersonIx, View};
use std::collections::BTreeSet;

/// People of the same field who are looked at, at most.
const FIELD_PEOPLE: usize = 60;

/// Every source.
pub(super) fn all() -> Vec<Box<dyn Source<CoAnimators>>> {
    vec![
        Box::new(Members),
        Box::new(ProjectPeople),
        Box::new(UnitPeople),
        Box::new(Volunteers),
        Box::new(FieldPeople),
    ]
}

/// Everybody whom a source proposes, each once.
pub(super) fn everybody(view: &View, query: &CoAnimatorsQuery) -> BTreeSet<PersonIx> {
    let mut people = Vec::new();
    all().iter().for_each(|source| source.propose(view, query, &mut people));
    people.into_iter().collect()
}

/// Those who belong to the community.
pub struct Members;

impl Source<CoAnimators> for Members {
    fn name(&self) -> &'static str {
        "members"
    }

    fn propose(&self, view: &View, query: &CoAnimatorsQuery, into: &mut Vec<PersonIx>) {
        into.extend(view.members_of(query.community).into_iter().map(|(person, _)| person));
    }
}

/// Those who take part in the projects that the community accompanies, where its kind turns to them.
pub struct ProjectPeople;

impl Source<CoAnimators> for ProjectPeople {
    fn name(&self) -> &'static str {
        "project_people"
    }

    fn propose(&self, view: &View, query: &CoAnimatorsQuery, into: &mut Vec<PersonIx>) {
        if matches!(query.kind, CommunityKind::Project | CommunityKind::Instance) {
            let accounts = query
                .projects
                .iter()
                .flat_map(|&project| &view.projects.get(project).people);
            into.extend(accounts.map(|&account| view.human(account)));
        }
    }
}

/// Those who work in the unit of a team, and those who head it. Cost: everybody's profile.
pub struct UnitPeople;

impl Source<CoAnimators> for UnitPeople {
    fn name(&self) -> &'static str {
        "unit_people"
    }

    fn propose(&self, view: &View, query: &CoAnimatorsQuery, into: &mut Vec<PersonIx>) {
        let Some(unit) = query.unit.as_ref().filter(|_| query.kind == CommunityKind::Team) else {
            return;
        };
        let humans = view.people.iter().map(|(account, _)| view.human(account));
        into.extend(humans.filter(|&person| works_in(view, person, unit) || view.heads(person, unit)));
    }
}

/// Those who offered to animate it, communities of its topics, or any. Cost: a look at everybody.
pub struct Volunteers;

impl Source<CoAnimators> for Volunteers {
    fn name(&self) -> &'static str {
        "volunteers"
    }

    fn propose(&self, view: &View, query: &CoAnimatorsQuery, into: &mut Vec<PersonIx>) {
        let with_offer = view.people.iter().filter(|(_, account)| account.offer.is_some());
        let humans = with_offer.map(|(account, _)| view.human(account));
        into.extend(humans.filter(|&person| offered(view, query, person).is_some()));
    }
}

/// People of the communities of the same field, the nearest first by topics and then by people, at most 60: those who
/// animate one before its other members. Cost: the members of the communities looked at.
pub struct FieldPeople;

impl Source<CoAnimators> for FieldPeople {
    fn name(&self) -> &'static str {
        "field_people"
    }

    fn propose(&self, view: &View, query: &CoAnimatorsQuery, into: &mut Vec<PersonIx>) {
        let id = |community: &CommunityIx| &view.communities.get(*community).id;
        let mut found: BTreeSet<PersonIx> = BTreeSet::new();
        for near in [&query.field.topics, &query.field.people] {
            let mut near: Vec<(CommunityIx, f64)> = near.iter().map(|(&c, &nearness)| (c, nearness)).collect();
            near.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| id(&a.0).cmp(id(&b.0))));
            for (community, _) in near {
                let mut members = view.members_of(community);
                members.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| view.person_id(a.0).cmp(view.person_id(b.0))));
                let others = members.into_iter().map(|(person, _)| person);
                let others = others.filter(|&person| view.role(person, query.community).is_none());
                found.extend(others.take(FIELD_PEOPLE.saturating_sub(found.len())));
                if found.len() >= FIELD_PEOPLE {
                    into.extend(found);
                    return;
                }
            }
        }
        into.extend(found);
    }
}
