//! What an anonymous question keeps to itself: who asked it shows to nobody else, neither by name nor by what it changes
//! in an answer.

use crate::world::{PersonIx, QuestionIx, View};

/// Whether `question` was asked without a name.
pub(super) fn is_anonymous(view: &View, question: QuestionIx) -> bool {
    let state = view.questions.get(question).state.as_ref();
    state.is_some_and(|state| state.anonymous)
}

/// Answers that the human `person` gave to the human `asker` where it shows who asked. Cost: a look-up, and the asker's
/// questions where there is an answer.
pub(super) fn openly_helped(view: &View, person: PersonIx, asker: PersonIx) -> u32 {
    let all = view.people.get(person).evidence.helped.get(&asker);
    if all == 0 {
        return 0;
    }
    let asked = view.accounts(asker).flat_map(|account| &view.people.get(account).asked);
    let veiled = asked.filter(|&&question| is_anonymous(view, question));
    let answers = veiled.flat_map(|&question| view.counted_answers(question));
    let hidden = answers.filter(|(author, _)| *author == person).count();
    all.saturating_sub(hidden as u32)
}
