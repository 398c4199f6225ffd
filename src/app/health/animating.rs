//! Who animates a community: whether there is cover in the coming weeks, whether somebody is alone with it the first time,
//! and how many members are usual for an animator here.

use crate::domain::{DaySpan, MemberRole, Timestamp};
use crate::signals::Days;
use crate::signals::co_animators::is_experienced;
use crate::signals::workload::is_archived;
use crate::world::{CommunityIx, Ix as _, PersonIx, View};

/// Members from which a community tells how many there are for an animator.
const SMALL: usize = 5;
/// Communities from which the organisation has a habit of its own.
const HABIT: usize = 3;
/// Members usual for an animator where the organisation has no habit yet.
const USUAL: usize = 25;

/// The humans who animate `community` and have not left, in order of index.
pub(super) fn animators(view: &View, community: CommunityIx) -> Vec<PersonIx> {
    let members = view.members_of(community).into_iter();
    members
        .filter(|(_, role)| *role == MemberRole::Animator)
        .map(|(person, _)| person)
        .collect()
}

/// The days of the next 90 on which all of `animators` are away; none when nobody animates.
pub(super) fn uncovered(view: &View, animators: &[PersonIx], as_of: Timestamp) -> (usize, Vec<DaySpan>) {
    if animators.is_empty() {
        return (0, Vec::new());
    }
    let away = animators.iter().map(|&person| Days::away(view, person, as_of));
    let days = away.fold(Days::ALL, Days::and);
    (days.count() as usize, days.spans(as_of.day()))
}

/// Whether the one of `animators` is the only one, and has not animated long enough anywhere to have experience.
pub(super) fn alone_the_first_time(view: &View, animators: &[PersonIx], as_of: Timestamp) -> bool {
    matches!(animators, [person] if !is_experienced(view, *person, as_of))
}

/// The communities that are described and not archived, in the order of identifiers.
pub(super) fn living(view: &View) -> Vec<CommunityIx> {
    let known = view
        .communities
        .iter()
        .filter(|(_, node)| node.state.as_ref().is_some_and(|state| state.known));
    let mut communities: Vec<CommunityIx> = known.map(|(ix, _)| ix).filter(|&ix| !is_archived(view, ix)).collect();
    communities.sort_unstable_by_key(|&ix| &view.communities.get(ix).id);
    communities
}

/// Where a human belongs, and as what: of several accounts the role that can do most.
fn roles_of(view: &View, person: PersonIx) -> Vec<(CommunityIx, MemberRole)> {
    let memberships = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).memberships);
    let mut roles: Vec<_> = memberships
        .filter_map(|(c, membership)| Some((*c, membership.role()?)))
        .collect();
    roles.sort_unstable_by_key(|&(community, role)| (community, std::cmp::Reverse(role)));
    roles.dedup_by_key(|&mut (community, _)| community);
    roles
}

/// Members usual for an animator: the median over the living communities of five members or more that have animators, of
/// their members a animator, rounded up; 25 where fewer than three have some. Cost: every membership, once.
pub(in crate::app) fn usual_members(view: &View) -> usize {
    // Members, and those of them who animate.
    let mut counts = vec![(0_usize, 0_usize); view.communities.len()];
    let humans = view.people.iter().filter(|(_, node)| node.leader.is_none());
    for (person, _) in humans.filter(|&(person, _)| !view.has_left(person)) {
        for (community, role) in roles_of(view, person) {
            let (members, animators) = &mut counts[community.row() as usize];
            *members += 1;
            *animators += usize::from(role == MemberRole::Animator);
        }
    }
    let each = living(view).into_iter().filter_map(|community| {
        let (members, animators) = counts[community.row() as usize];
        (animators > 0 && members >= SMALL).then(|| members.div_ceil(animators))
    });
    let mut each: Vec<usize> = each.collect();
    each.sort_unstable();
    if each.len() < HABIT {
        USUAL
    } else {
        each[each.len() / 2]
    }
}
