//! What an anonymous question keeps to itself: who asked it shows to nobody else, neither by name nor by what it changes
//! in an answer.

use super::circles::FAR_DAYS;
use crate::domain::{ContributionPlace, DAY_MICROS, FactBody, Timestamp};
use crate::world::{CommunityIx, PersonIx, QuestionIx, View};

/// Answers that the human `person` gave to the human `asker` where it shows who asked. Cost: a look-up, and the asker's
/// questions where there is an answer.
pub fn openly_helped(view: &View, person: PersonIx, asker: PersonIx) -> u32 {
    let all = view.people.get(person).evidence.helped.get(&asker);
    if all == 0 {
        return 0;
    }
    let asked = view.accounts(asker).flat_map(|account| &view.people.get(account).asked);
    let veiled = asked.filter(|&&question| view.is_anonymous(question));
    let answers = veiled.flat_map(|&question| view.counted_answers(question));
    let hidden = answers.filter(|(author, _)| *author == person).count();
    all.saturating_sub(hidden as u32)
}

/// Whether the human gave something to `community` in the 365 days before `as_of`, under their own name: a question, an
/// answer, a recorded contribution. Cost: what they gave anywhere.
pub fn takes_part_openly(view: &View, person: PersonIx, community: CommunityIx, as_of: Timestamp) -> bool {
    let since = as_of.plus_micros(-FAR_DAYS * DAY_MICROS);
    let lately = |at: Timestamp| since < at && at <= as_of;
    let here = |question: QuestionIx| view.questions.get(question).community == Some(community);
    let place = ContributionPlace::Community(view.communities.get(community).id.clone());
    view.accounts(person)
        .map(|account| view.people.get(account))
        .any(|account| {
            let asked = account.asked.iter().filter(|&&question| here(question));
            let mut asked = asked.filter(|&&question| !view.is_anonymous(question));
            let mut answered = account.answered.iter().map(|&answer| view.answers.get(answer));
            let mut records = account.records.iter().filter(|fact| lately(fact.at));
            asked.any(|&question| {
                let state = view.questions.get(question).state.as_ref();
                state.is_some_and(|state| lately(state.at))
            }) || answered.any(|answer| {
                answer.question.is_some_and(here) && answer.state.as_ref().is_some_and(|state| lately(state.at))
            }) || records.any(|fact| match &fact.body {
                FactBody::ContributionRecorded { contribution } => contribution.place == place,
                _ => false,
            })
        })
}
