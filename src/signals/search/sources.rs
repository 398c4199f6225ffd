//! Where people come from. Sources of answers are bounded, so that a search costs the same in a large organisation; whoever
//! has a skill that is sought is always looked at. People are looked up while what is sought is understood, side by side.

use super::glance::Glances;
use super::rows::Each;
use super::{Search, SearchQuery};
use crate::domain::{MemberRole, PersonId};
use crate::pipeline::Source;
use crate::signals::experts::most;
use crate::world::{CommunityIx, PersonIx, ProjectIx, View};
use std::collections::BTreeSet;

/// People whom the tags of one topic propose at most.
const PER_TOPIC: usize = 1_000;
/// People whom one community of the subject proposes at most.
const PER_PLACE: usize = 60;

/// An order of people that hangs on their identifiers alone; these themselves are read of the few that mix alike.
fn name<'v>(view: &'v View, glances: &Glances, person: PersonIx) -> (u64, &'v PersonId) {
    (glances.name(person), view.person_id(person))
}

/// Those who answered most under the tags of a topic, under which each gave as many answers as `tagged` says.
pub(super) fn answerers(view: &View, glances: &Glances, tagged: &Each) -> Vec<PersonIx> {
    tagged.greatest(PER_TOPIC, |person| name(view, glances, person))
}

/// Those who animate, or answer most in, the communities `places`, and who take or took part in `projects`; some of them more
/// than once. Cost: the rows of the members of the communities, and who answered there.
pub(super) fn here_and_there(
    view: &View,
    glances: &Glances,
    places: &[(CommunityIx, f64)],
    projects: &BTreeSet<ProjectIx>,
) -> Vec<PersonIx> {
    let mut people = Vec::new();
    for &(community, _) in places {
        let node = view.communities.get(community);
        most(
            &node.answerers,
            PER_PLACE,
            |person| name(view, glances, person),
            &mut people,
        );
        let members = node.members.iter().map(|&account| glances.human(view, account));
        let animators = members
            .filter(|&person| glances.at(person).animates())
            .filter(|&person| view.role(person, community) == Some(MemberRole::Animator));
        people.extend(animators);
    }
    for &project in projects {
        let accounts = view.projects.get(project).people.iter();
        people.extend(accounts.map(|&account| view.human(account)));
    }
    people
}

/// Those who answered questions that are close to the words, or about the same subject.
pub struct Writers;

impl Source<Search> for Writers {
    fn name(&self) -> &'static str {
        "writers"
    }

    fn propose(&self, _: &View, query: &SearchQuery, into: &mut Vec<PersonIx>) {
        into.extend(&query.writers);
    }
}

/// Those who answered most under the tags of a topic.
pub struct TagAnswerers;

impl Source<Search> for TagAnswerers {
    fn name(&self) -> &'static str {
        "tag_answerers"
    }

    fn propose(&self, _: &View, query: &SearchQuery, into: &mut Vec<PersonIx>) {
        into.extend(query.topics.iter().flat_map(|topic| &topic.answerers));
    }
}

/// Those who have something to do with a skill that is sought, a narrower one or a wider one.
pub struct Holders;

impl Source<Search> for Holders {
    fn name(&self) -> &'static str {
        "holders"
    }

    fn propose(&self, _: &View, query: &SearchQuery, into: &mut Vec<PersonIx>) {
        into.extend(&query.concerned);
    }
}

/// Those who animate, or answer in, the communities of the subject, and who take or took part in its projects.
pub struct HereAndThere;

impl Source<Search> for HereAndThere {
    fn name(&self) -> &'static str {
        "here_and_there"
    }

    fn propose(&self, _: &View, query: &SearchQuery, into: &mut Vec<PersonIx>) {
        into.extend(&query.here_and_there);
    }
}
