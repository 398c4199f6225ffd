//! Understanding a newcomer: everything about them that does not depend on one community, worked out once.

use super::attributes::Attributes;
use super::census::{Census, Whose};
use super::colleagues::Acquaintances;
use super::eligibility::{Openness, only_other_languages};
use super::greeting::may_be_named;
use super::profile::Profile;
use super::roll::Roll;
use super::seats::own_subjects;
use crate::domain::Timestamp;
use crate::signals::Viewer;
use crate::world::{CommunityIx, Decay, PersonIx, View, Width};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Half-lives at which joins are felt, in days.
const HALF_LIVES: [f64; 3] = [30.0, 180.0, 730.0];

/// Somebody who looks for where they belong: just arrived, or after years.
pub struct NewcomerQuery {
    /// The human.
    pub person: PersonIx,
    /// The instant of the answer.
    pub as_of: Timestamp,
    /// Who reads it.
    pub viewer: Viewer,
    /// Communities to which they belong, sensitive ones left out, in the order of identifiers.
    pub own: Vec<CommunityIx>,
    /// What they are about.
    pub profile: Profile,
    /// The communities that are about it, by a tag or a telling word.
    pub subjects: BTreeSet<CommunityIx>,
    /// What their profile says, as attributes that others may share.
    pub attributes: Attributes,
    /// Whom they know.
    pub acquaintances: Acquaintances,
    /// What was proposed to them.
    pub openness: Openness,
    /// Whether all that is left for them works in languages that they do not work in: it is shown then, so that their page
    /// is not empty.
    pub any_language: bool,
    /// Who is and was in each community.
    pub census: Census,
    /// Decay of days at half-lives of 30, 180 and 730 days.
    pub days: Decay<3>,
}

impl NewcomerQuery {
    /// Understands `person`, who stands for a human. Cost: as [`Self::on`], and reading everybody on a roll.
    pub fn of(view: &View, person: PersonIx, as_of: Timestamp, viewer: Viewer) -> Self {
        Self::on(view, &Arc::new(Roll::of(view)), person, as_of, viewer)
    }

    /// Understands `person`, who stands for a human, where `roll` was read from `view` before: it serves every newcomer of
    /// that view. Cost: a look at everybody on the roll, the people of the person's communities, and what is known of the
    /// person.
    pub fn on(view: &View, roll: &Arc<Roll>, person: PersonIx, as_of: Timestamp, viewer: Viewer) -> Self {
        let mut own: Vec<_> = view.communities_of(person).into_iter().collect();
        own.retain(|&community| !view.is_sensitive(community));
        own.sort_unstable_by(|a, b| view.communities.get(*a).id.cmp(&view.communities.get(*b).id));
        let for_own_eyes = viewer.person == Some(person);
        let profile = Profile::of(view, person, for_own_eyes);
        let mut query = Self {
            attributes: Attributes::of(view, person, &profile),
            acquaintances: Acquaintances::of(view, person, for_own_eyes),
            openness: Openness::of(view, person, as_of),
            census: Census::default(),
            days: Decay::new(as_of, HALF_LIVES, Width::Day),
            any_language: false,
            subjects: own_subjects(view, &profile),
            person,
            as_of,
            viewer,
            own,
            profile,
        };
        query.any_language = only_other_languages(view, &query);
        query.census = query.counted(view, Arc::clone(roll));
        query
    }

    /// The same person, with everything that is counted as `view` counts it: what a record was worth shows when the world
    /// lacks it and all else is held.
    #[must_use]
    pub fn counted_in(self, view: &View) -> Self {
        Self::of(view, self.person, self.as_of, self.viewer)
    }

    fn counted(&self, view: &View, roll: Arc<Roll>) -> Census {
        let whose = Whose {
            person: self.person,
            attributes: &self.attributes,
            acquaintances: &self.acquaintances,
            own: &self.own,
            as_of: self.as_of,
        };
        Census::of(view, roll, &whose)
    }

    /// Whether the person alone reads the answer.
    pub fn is_own(&self) -> bool {
        self.viewer.person == Some(self.person)
    }

    /// Whether the viewer may see who is in `community` and what happened there.
    pub fn shows(&self, view: &View, community: CommunityIx) -> bool {
        self.viewer.sees(view, Some(community))
    }

    /// Whether `other` may be named to the viewer.
    pub fn may_name(&self, view: &View, other: PersonIx) -> bool {
        let guest = self.viewer.person.filter(|&reader| view.is_external(reader));
        let meets = |reader: PersonIx| {
            let places = view.communities_of(reader);
            places.into_iter().any(|place| view.role(other, place).is_some())
        };
        may_be_named(view, other, self.as_of) && guest.is_none_or(meets)
    }
}
