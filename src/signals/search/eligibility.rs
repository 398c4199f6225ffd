//! Who is not shown, and why: the first reason that holds.

use super::grounds::{Places, parts_taken};
use super::held::Heard;
use super::{Search, SearchQuery};
use crate::domain::Purpose;
use crate::pipeline::Filter;
use crate::world::{PersonIx, View};

/// Why somebody is not among those who are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exclusion {
    /// Nobody described them.
    Unknown,
    /// They left.
    Left,
    /// They do not want to be found.
    OptedOut,
    /// They, or the reader, are a guest, and they do not meet.
    Stranger,
    /// Nothing that the reader may see speaks for them.
    Unproven,
    /// They are not as the reader wants people to be.
    Filtered,
}

impl Exclusion {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Unknown,
        Self::Left,
        Self::OptedOut,
        Self::Stranger,
        Self::Unproven,
        Self::Filtered,
    ];
}

/// Tests one reason.
pub struct Eligible(pub Exclusion);

impl Filter<Search> for Eligible {
    fn excludes(&self, view: &View, query: &SearchQuery, person: PersonIx) -> Option<Exclusion> {
        let holds = match self.0 {
            Exclusion::Unknown => !view.profiles(person).any(|profile| profile.known),
            Exclusion::Left => view.has_left(person),
            Exclusion::OptedOut => !view.allows(person, Purpose::Search, query.as_of()),
            Exclusion::Stranger => is_stranger(view, query, person),
            Exclusion::Unproven => {
                let heard = query.heard(person, query.glances().at(person));
                !heard.iter().any(Heard::is_anything) && !shows_otherwise(view, query, person)
            }
            Exclusion::Filtered => {
                let glance = query.glances().at(person);
                query.lens().failing(view, query, (person, glance)).next().is_some()
            }
        };
        holds.then_some(self.0)
    }
}

/// Whether a guest is on one side and they share no community: guests show, and see, only where they belong.
fn is_stranger(view: &View, query: &SearchQuery, person: PersonIx) -> bool {
    let reader = query.viewer().person;
    let guest = view.is_external(person) || reader.is_some_and(|reader| view.is_external(reader));
    guest && reader != Some(person) && query.circle.is_disjoint(&view.communities_of(person))
}

/// Whether something that the reader may see speaks for the person, beside what is said of them: nobody is found by what is
/// hidden. Cost: a few look-ups; for whoever answered in a community that is hidden, their answers until one shows.
pub(super) fn shows_otherwise(view: &View, query: &SearchQuery, person: PersonIx) -> bool {
    query.has_written(person)
        || shows_tags(view, query, person)
        || query
            .places
            .iter()
            .any(|&(community, _)| Places::part(view, community, person) > 0.0)
        || !parts_taken(view, query, person).is_empty()
}

/// Whether the person gave an answer under the tags that the reader may see.
fn shows_tags(view: &View, query: &SearchQuery, person: PersonIx) -> bool {
    let asked = query.whole();
    if !query.is_tagged(person) {
        return false;
    }
    let evidence = &view.people.get(person).evidence;
    let elsewhere = |(community, _): &(_, _)| query.hidden.contains(community);
    if query.viewer().sees(view, None) && !evidence.communities.iter().any(elsewhere) {
        return true;
    }
    let mut answers = view
        .accounts(person)
        .flat_map(|account| view.people.get(account).answered.iter().rev());
    answers.any(|&answer| {
        let question = view
            .answers
            .get(answer)
            .question
            .map(|question| view.questions.get(question));
        question.is_some_and(|question| {
            let tagged = asked.tags.iter().any(|(tag, _)| question.tags.contains(tag));
            tagged && query.viewer().sees(view, question.community) && view.counted(answer).is_some()
        })
    })
}
