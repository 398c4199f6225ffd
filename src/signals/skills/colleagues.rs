//! Colleagues of the same projects, and what they have.

use super::{Family, Holdings, Proof, Skills, SkillsQuery, places};
use crate::domain::Timestamp;
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::Viewer;
use crate::signals::communities::may_be_named;
use crate::world::{PersonIx, ProjectIx, SkillIx, View};
use std::collections::BTreeMap;

/// People of a project beyond whom it makes nobody close.
const CLOSE: usize = 50;
/// Colleagues that are looked at, the closest.
const COLLEAGUES: usize = 200;
/// Closeness by which a share is held back.
const DOUBT: f64 = 0.5;

/// What the colleagues of somebody say of one skill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Among {
    /// The share of all closeness that is to colleagues who have it, held back by half a colleague; in 0..1.
    pub share: f64,
    /// Who has it, the closest first.
    pub who: Vec<PersonIx>,
}

/// The skills of the colleagues of `person`: of those who may be named to the viewer, and only what they show to
/// everybody. Closeness is Σ over shared projects of what is left of the person's part / √people of the project. Cost: the
/// people of their projects, and the statements of 200 colleagues.
pub fn of(
    view: &View,
    person: PersonIx,
    as_of: Timestamp,
    viewer: &Viewer,
    holdings: &mut Holdings,
) -> BTreeMap<SkillIx, Among> {
    let colleagues = closest(view, person, as_of, viewer);
    let all: f64 = colleagues.iter().map(|(close, _)| close).sum();
    let mut found: BTreeMap<SkillIx, Among> = BTreeMap::new();
    for (close, colleague) in colleagues {
        for &(skill, _) in &*holdings.skills_of(view, colleague) {
            let among = found.entry(skill).or_default();
            among.share += close / (all + DOUBT);
            among.who.push(colleague);
        }
    }
    found
}

/// The colleagues of `person` with how close they are, the closest first, then by identifier.
fn closest(view: &View, person: PersonIx, as_of: Timestamp, viewer: &Viewer) -> Vec<(f64, PersonIx)> {
    let mut projects: Vec<(ProjectIx, f64)> = places::parts(view, person, as_of).collect();
    projects.sort_by(|a, b| view.projects.get(a.0).id.cmp(&view.projects.get(b.0).id));
    let mut close: BTreeMap<PersonIx, f64> = BTreeMap::new();
    for (project, left) in projects {
        let accounts = view.projects.get(project).people.iter().copied();
        let there = accounts.filter(|&account| takes_part(view, account, project));
        let mut people: Vec<PersonIx> = there.map(|account| view.human(account)).collect();
        people.sort_unstable();
        people.dedup();
        if people.len() > CLOSE {
            continue;
        }
        let each = left / (people.len() as f64).sqrt();
        let others = people.into_iter().filter(|&other| other != person);
        others.for_each(|other| *close.entry(other).or_insert(0.0) += each);
    }
    let named = close
        .into_iter()
        .filter(|&(other, _)| is_named(view, viewer, other, as_of));
    let mut colleagues: Vec<(f64, PersonIx)> = named.map(|(other, close)| (close, other)).collect();
    colleagues.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| view.person_id(a.1).cmp(view.person_id(b.1)))
    });
    colleagues.truncate(COLLEAGUES);
    colleagues
}

/// Whether the account takes or took part in `project`: what was taken back does not count.
fn takes_part(view: &View, account: PersonIx, project: ProjectIx) -> bool {
    let parts = &view.people.get(account).participations;
    parts
        .iter()
        .any(|((p, _), part)| *p == project && !places::is_withdrawn(part))
}

/// Whether `other` may be named to the viewer: a guest knows the people of their own communities alone.
fn is_named(view: &View, viewer: &Viewer, other: PersonIx, at: Timestamp) -> bool {
    let guest = viewer.person.filter(|&reader| view.is_external(reader));
    let meets = |reader: PersonIx| {
        let places = view.communities_of(reader);
        places.into_iter().any(|place| view.role(other, place).is_some())
    };
    may_be_named(view, other, at) && guest.is_none_or(meets)
}

/// The share of the person's colleagues who have it, each by how close. In 0..1. Better; rises with every one. Cost: one
/// look-up.
pub struct SharedWork;

impl Signal<Skills> for SharedWork {
    fn name(&self) -> &'static str {
        "colleagues"
    }

    fn family(&self) -> Family {
        Family::Colleague
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Skills>, out: &mut [f64]) {
        for (skill, strength) in round.subjects.iter().zip(out) {
            *strength = round.query.colleagues.get(&skill).map_or(0.0, |among| among.share);
        }
    }

    fn facts(&self, _: &View, query: &SkillsQuery, skill: SkillIx) -> Vec<Proof> {
        let who = query
            .colleagues
            .get(&skill)
            .map(|among| &*among.who)
            .unwrap_or_default();
        who.iter().map(|&colleague| Proof::Colleague(colleague)).collect()
    }
}
