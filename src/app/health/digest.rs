//! The digest of a community, which an animator edits and sends, and the sheet by which its care is handed over.
//!
//! Nothing of an absence or a load enters, and no finding that only one person can be meant by.

use super::findings::findings;
use super::newcomers::{sort, waiting};
use super::questions::asked_at;
use super::succession::asked_in_a_year;
use super::thanks::worth_thanking;
use super::told::{Teller, occasion};
use super::{Usual, animating, community_health, own_community};
use crate::app::answers::QueryError;
use crate::app::cards::{Card, CardRequest};
use crate::app::reader::{Reader, sees_community, viewer};
use crate::app::service::Service;
use crate::domain::{CommunityId, MemberRole, Purpose, Timestamp};
use crate::recommend::{
    Finding, HandOver, Letter, LetterQuestion, LetterThanks, Playbook, Seen, Tongue, hand_over, letter,
};
use crate::signals::Viewer;
use crate::world::{CommunityIx, PersonIx, View};
use std::sync::Arc;

/// Questions that a text lists at most.
const QUESTIONS: usize = 10;
/// Findings that a digest tells at most.
const FINDINGS: usize = 3;
/// Ways of animating that a hand-over sheet tells.
const WAYS: usize = 3;
/// The way that every hand-over sheet begins with.
const HAND_OVER_WAY: &str = "hand-over-walk";

/// A text to edit and send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Of which community.
    pub community: CommunityId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// The language of the text.
    pub tongue: Tongue,
    /// The text, plain, with line feeds.
    pub text: String,
}

impl Service {
    /// The digest of the community called `id`, which the reader animates; or, when somebody hands it over, the sheet for
    /// whoever takes over from `from`, who animates or animated it. A community that they may see and nobody animates is
    /// everybody's who cares for the network: with `steward` the reader is one of these. Cost: its members and questions.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when there is no such community, the reader neither animates it nor cares for it, or `from`
    /// never animated it or does not want to be found.
    pub fn digest(
        &self,
        id: &str,
        from: Option<&str>,
        steward: bool,
        request: &CardRequest,
    ) -> Result<Card<Digest>, QueryError> {
        let (snapshot, as_of) = self.state();
        let view = &snapshot.view;
        let own = own_community(view, request.viewer.as_ref(), id);
        let (viewer, community) = own.or_else(|why| {
            let left_alone = left_alone(view, request.viewer.as_ref(), id).filter(|_| steward);
            left_alone.ok_or(why)
        })?;
        let teller = self.teller(request.tongue);
        let text = if let Some(from) = from {
            let animated = |&person: &PersonIx| {
                let mut stays = view.stays(person, community);
                stays.any(|stay| stay.role == MemberRole::Animator)
            };
            let named =
                |&person: &PersonIx| viewer.person == Some(person) || view.allows(person, Purpose::Search, as_of);
            let from = view.person(from).filter(animated).filter(named);
            let from = from.ok_or(QueryError::NotFound("person"))?;
            let sheet = sheet(view, community, as_of, from, &teller);
            hand_over(teller.tongue, teller.manner, &sheet)
        } else {
            let usual = || snapshot.usual_members();
            letter(teller.tongue, &news(view, community, as_of, (&teller, &usual)))
        };
        let node = view.communities.get(community);
        Ok(Card {
            shows: Digest {
                community: node.id.clone(),
                name: node.state.as_ref().and_then(|state| state.name.clone()),
                tongue: request.tongue,
                text,
            },
            generation: snapshot.generation,
            as_of,
        })
    }
}

/// The viewer, and the community called `id`, when they may see it and nobody animates it.
fn left_alone(view: &View, reader: Option<&Reader>, id: &str) -> Option<(Viewer, CommunityIx)> {
    let viewer = viewer(view, reader);
    let found = view.communities.find(id)?;
    let alone = sees_community(view, &viewer, found) && animating::animators(view, found).is_empty();
    alone.then_some((viewer, found))
}

/// What the digest of `community` tells.
fn news(view: &View, community: CommunityIx, as_of: Timestamp, (teller, usual): (&Teller<'_>, Usual<'_>)) -> Letter {
    let (questions, more) = open_questions(view, community, as_of);
    let health = community_health(view, community, as_of, false, (teller, usual));
    let occasion = occasion(view, community);
    let seen = findings(view, community, as_of, (&health, usual)).into_iter();
    let may_be_sent = seen.map(|found| found.seen).filter(|seen| seen.finding.may_be_sent());
    let ideas = may_be_sent.take(FINDINGS).map(|seen: Seen| {
        let way = teller.way(seen.finding, occasion);
        (seen, way)
    });
    let thanks = worth_thanking(view, community, as_of)
        .into_iter()
        .map(|worth| LetterThanks {
            name: worth
                .author
                .name
                .map_or_else(|| worth.author.person.to_string(), |name| name.to_string()),
            title: worth
                .title
                .map_or_else(|| worth.question.to_string(), |title| title.to_string()),
            thanked: worth.thanked,
        });
    Letter {
        community: called(view, community),
        questions,
        more,
        findings: ideas.collect(),
        thanks: thanks.collect(),
    }
}

/// What the sheet tells by which `from` hands `community` over.
fn sheet(view: &View, community: CommunityIx, as_of: Timestamp, from: PersonIx, teller: &Teller<'_>) -> HandOver {
    let state = view.communities.get(community).state.as_deref();
    let text = |text: Option<&Arc<str>>| text.map(ToString::to_string);
    let (questions, more) = open_questions(view, community, as_of);
    let shown = |&person: &PersonIx| person != from && view.allows(person, Purpose::Search, as_of);
    let others = animating::animators(view, community).into_iter().filter(shown);
    let mut animators: Vec<String> = others.map(|person| person_called(view, person)).collect();
    animators.sort_unstable();
    HandOver {
        community: called(view, community),
        from: person_called(view, from),
        about: text(state.and_then(|state| state.description.as_ref())),
        charter_url: text(state.and_then(|state| state.charter_url.as_ref())),
        objective: text(
            state
                .and_then(|state| state.objective.as_ref())
                .map(|objective| &objective.problem),
        ),
        asked_in_a_year: asked_in_a_year(view, community, as_of).len(),
        questions,
        more,
        animators,
        ways: ways(view, community, teller),
    }
}

/// Ways of animating to begin with: walking through it together, then what suits a change of animator here.
fn ways(view: &View, community: CommunityIx, teller: &Teller<'_>) -> Vec<(String, String)> {
    let playbook: &Playbook = teller.playbook;
    let suited = playbook.for_finding(Finding::NoAnimator, occasion(view, community));
    let rest = suited.into_iter().filter(|way| way.id != HAND_OVER_WAY);
    let ways = playbook.way(HAND_OVER_WAY).into_iter().chain(rest).take(WAYS);
    ways.map(|way| {
        let guide = way.guide(teller.tongue);
        (guide.title.clone(), guide.idea.clone())
    })
    .collect()
}

/// The questions that wait, the oldest first, and how many more there are.
fn open_questions(view: &View, community: CommunityIx, as_of: Timestamp) -> (Vec<LetterQuestion>, usize) {
    let mut open: Vec<_> = waiting(view, community).collect();
    sort(view, &mut open);
    let told = open.iter().take(QUESTIONS).map(|&question| {
        let node = view.questions.get(question);
        let state = node.state.as_deref();
        let title = state.and_then(|state| state.title.as_ref());
        LetterQuestion {
            title: title.map_or_else(|| node.id.to_string(), ToString::to_string),
            url: state.and_then(|state| state.url.as_ref()).map(ToString::to_string),
            days: asked_at(view, question).map_or(0, |at| as_of.minutes_since(at) / (24 * 60)),
        }
    });
    (told.collect(), open.len().saturating_sub(QUESTIONS))
}

fn called(view: &View, community: CommunityIx) -> String {
    let node = view.communities.get(community);
    let name = node.state.as_ref().and_then(|state| state.name.as_ref());
    name.map_or_else(|| node.id.to_string(), ToString::to_string)
}

fn person_called(view: &View, person: PersonIx) -> String {
    view.name(person)
        .map_or_else(|| view.person_id(person).to_string(), ToString::to_string)
}
