//! Who reads an answer, and what of the organisation they may see.

use crate::world::{CommunityIx, PersonIx, View};

/// Who reads the answer: what is cited must be visible to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The person, when the key speaks for one; without, only what the whole organisation sees is cited.
    pub person: Option<PersonIx>,
    /// Communities whose animators the key speaks for: what happens there shows.
    pub animates: Vec<CommunityIx>,
}

impl Viewer {
    /// Whether the viewer may see what happened in `community`: private ones show to those who belong alone, and guests
    /// see nothing elsewhere than where they belong.
    pub fn sees(&self, view: &View, community: Option<CommunityIx>) -> bool {
        match (community, self.person) {
            (Some(c), _) if self.animates.contains(&c) => true,
            (Some(c), Some(person)) => view.may_read(person, c),
            (Some(c), None) => !view.is_private(c),
            (None, person) => !person.is_some_and(|person| view.is_external(person)),
        }
    }

    /// Whether the viewer sees whatever happened, wherever. Cost: every community.
    pub fn sees_all(&self, view: &View) -> bool {
        let mut communities = view.communities.iter().map(|(community, _)| community);
        self.sees(view, None) && communities.all(|community| self.sees(view, Some(community)))
    }
}
