//! Whom a newcomer could greet: somebody who is there these days, has the time, and may be named.

use super::NewcomerQuery;
use super::attributes::Trait;
use crate::chance::drawn;
use crate::domain::{Purpose, Timestamp};
use crate::signals::circles::near_circles;
use crate::signals::experts::speaks;
use crate::signals::load::Load;
use crate::signals::workload::Workload;
use crate::world::{CommunityIx, PersonIx, View};
use std::collections::BTreeSet;

/// Invitations felt, as a share of what somebody accepts, beyond which nobody is sent to them.
const MOST_BURDEN: f64 = 1.0;

/// Whether `person` may be named in others' answers at all: there, and not opted out of being found, asked or proposed.
pub fn may_be_named(view: &View, person: PersonIx, at: Timestamp) -> bool {
    let purposes = [Purpose::Search, Purpose::Experts, Purpose::CoAnimators];
    let known = view.profiles(person).any(|profile| profile.known);
    known && !view.has_left(person) && purposes.iter().all(|&purpose| view.allows(person, purpose, at))
}

/// Chooses whom to greet, nobody twice on one page.
#[derive(Default)]
pub struct Greeters {
    chosen: BTreeSet<PersonIx>,
}

impl Greeters {
    /// Somebody of `community`: an animator, or one of the core or active circle; not away, not asked as often as they
    /// accept, not without an hour left for animating, not opted out, and visible to the viewer. Who speaks the newcomer's language and is of their site comes
    /// first; among those who suit as well, chance by the two identifiers decides, so that not everybody is sent to the
    /// same willing person. Cost: all that was given to the community.
    pub fn choose(&mut self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Option<PersonIx> {
        if !query.shows(view, community) {
            return None;
        }
        let near = near_circles(view, community, query.as_of).into_keys();
        let near = near.filter(|&person| !view.has_left(person) && view.role(person, community).is_some());
        let animators = query.census.place(community).animators.iter().copied();
        let there: BTreeSet<PersonIx> = animators.chain(near).collect();
        let there = there.into_iter();
        let free = there.filter(|person| !self.chosen.contains(person) && available(view, query, *person));
        let suits = |person| {
            (
                suitability(view, query, person),
                chance(view, query.person, person),
                person,
            )
        };
        let best = free.map(suits).max_by(|a, b| {
            let by_id = || view.person_id(b.2).cmp(view.person_id(a.2));
            a.0.cmp(&b.0).then(a.1.cmp(&b.1)).then_with(by_id)
        });
        best.map(|(.., person)| {
            self.chosen.insert(person);
            person
        })
    }
}

fn available(view: &View, query: &NewcomerQuery, person: PersonIx) -> bool {
    if person == query.person || !query.may_name(view, person) || view.is_away(person, query.as_of) {
        return false;
    }
    let load = Load::of(view, person, query.as_of);
    load.burden() < MOST_BURDEN && !load.is_full(view, person, query.as_of) && has_hours(view, query, person)
}

/// Whether whoever animates has an hour left for it; whoever does not gives none, and what they could give says nothing of a
/// word of welcome.
fn has_hours(view: &View, query: &NewcomerQuery, person: PersonIx) -> bool {
    let animating = Workload::of(view, person, query.as_of);
    animating.hours <= 0.0 || animating.slots() > 0
}

/// What makes greeting easy, counted: a common language, then the same site.
fn suitability(view: &View, query: &NewcomerQuery, person: PersonIx) -> u8 {
    let speaks = query
        .profile
        .languages
        .iter()
        .any(|language| speaks(view, person, language) > 0.5);
    let site = query.attributes.mask(Trait::Site) & query.attributes.shared_with(view, person) != 0;
    2 * u8::from(speaks) + u8::from(site)
}

/// A number that the two identifiers give.
fn chance(view: &View, newcomer: PersonIx, person: PersonIx) -> u64 {
    drawn(&[newcomer, person].map(|person| view.person_id(person).as_str().as_bytes()))
}
