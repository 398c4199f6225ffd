//! Where people come from. Sources of answers are bounded, so that a search costs the same in a large organisation; whoever
//! has a skill that is sought is always looked at.

use super::{Search, SearchQuery};
use crate::domain::PersonId;
use crate::pipeline::Source;
use crate::signals::experts::most;
use crate::signals::foremost::foremost;
use crate::world::{PersonIx, View};
use std::cmp::Reverse;

/// People whom the tags of one topic propose at most.
const PER_TOPIC: usize = 1_000;
/// People whom one community of the subject proposes at most.
const PER_PLACE: usize = 60;

/// An order of people that hangs on their identifiers alone; these themselves are read of the few that mix alike.
fn name<'v>(view: &'v View, query: &SearchQuery, person: PersonIx) -> (u64, &'v PersonId) {
    (query.glances().name(person), view.person_id(person))
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

    fn propose(&self, view: &View, query: &SearchQuery, into: &mut Vec<PersonIx>) {
        let named = |(person, _): (PersonIx, u32)| name(view, query, person);
        for topic in &query.topics {
            let first = foremost(topic.tagged.iter(), PER_TOPIC, |(_, answers)| Reverse(answers), named);
            into.extend(first.into_iter().map(|(person, _)| person));
        }
    }
}

/// Those of whom a skill that is sought, a narrower one or a wider one is said, as far as it shows to the reader.
pub struct Holders;

impl Source<Search> for Holders {
    fn name(&self) -> &'static str {
        "holders"
    }

    fn propose(&self, _: &View, query: &SearchQuery, into: &mut Vec<PersonIx>) {
        into.extend(&query.held.people);
    }
}

/// Those who animate, or answer in, the communities of the subject, and who take or took part in its projects.
pub struct HereAndThere;

impl Source<Search> for HereAndThere {
    fn name(&self) -> &'static str {
        "here_and_there"
    }

    fn propose(&self, view: &View, query: &SearchQuery, into: &mut Vec<PersonIx>) {
        for &(community, _) in &query.places {
            let node = view.communities.get(community);
            most(&node.answerers, PER_PLACE, |person| name(view, query, person), into);
        }
        into.extend(&query.animators);
        for &project in &query.projects {
            into.extend(
                view.projects
                    .get(project)
                    .people
                    .iter()
                    .map(|&account| view.human(account)),
            );
        }
    }
}
