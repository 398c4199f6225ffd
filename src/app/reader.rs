//! Who reads an answer, and what of the organisation they may see.
//!
//! What a reader may not see is, for them, not there. A guest sees the communities to which they belong, and the people
//! in them. A sensitive community shows to those who belong to it alone: belonging to it says something private.

use crate::domain::{PersonId, Purpose, Timestamp};
use crate::signals::Viewer;
use crate::world::{CommunityIx, PersonIx, QuestionIx, View};

/// Who reads an answer: a person, or whoever animates communities. Without a reader a platform asks, which is shown
/// what the whole organisation may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// The person.
    pub person: Option<PersonId>,
    /// The communities that the key animates.
    pub communities: Vec<String>,
    /// Whether the reader is an animator at all.
    pub animates: bool,
}

/// The reader, as the World knows them.
pub(super) fn viewer(view: &View, reader: Option<&Reader>) -> Viewer {
    let communities = reader.into_iter().flat_map(|reader| &reader.communities);
    Viewer {
        person: reader
            .and_then(|reader| reader.person.as_ref())
            .and_then(|id| view.person(id.as_str())),
        animates: communities
            .filter_map(|id| view.communities.find(id.as_str()))
            .collect(),
    }
}

/// Whether the viewer may see that `community` is there.
pub(super) fn sees_community(view: &View, viewer: &Viewer, community: CommunityIx) -> bool {
    let known = view.communities.get(community).state.as_ref().is_some_and(|s| s.known);
    let belongs = || viewer.animates.contains(&community) || viewer.person.is_some_and(|p| belongs(view, p, community));
    known && viewer.sees(view, Some(community)) && (!view.is_sensitive(community) || belongs())
}

/// Whether the viewer may see that `question` is there. What a guest asked outside every community is theirs.
pub(super) fn sees_question(view: &View, viewer: &Viewer, question: QuestionIx) -> bool {
    let node = view.questions.get(question);
    let own = || viewer.person.is_some() && node.asker.map(|p| view.human(p)) == viewer.person;
    viewer.sees(view, node.community) || (node.community.is_none() && own())
}

/// Whether the viewer may see that `person`, who stands for a human, is there: described, not gone, not opted out of
/// being found; to a guest, only people of their own communities. Everybody sees themself.
pub(super) fn sees_person(view: &View, viewer: &Viewer, person: PersonIx, at: Timestamp) -> bool {
    if !view.profiles(person).any(|profile| profile.known) {
        return false;
    }
    if viewer.person == Some(person) {
        return true;
    }
    let meets = |guest: PersonIx| {
        let communities = view.communities_of(guest);
        communities.into_iter().any(|c| belongs(view, person, c))
    };
    !view.has_left(person)
        && view.allows(person, Purpose::Search, at)
        && viewer
            .person
            .is_none_or(|reader| !view.is_external(reader) || meets(reader))
}

fn belongs(view: &View, person: PersonIx, community: CommunityIx) -> bool {
    view.role(person, community).is_some()
}
