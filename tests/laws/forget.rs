//! The laws of forgetting: a World that forgot facts is the one that was never told them, to the bit.

use crate::support::organisation::messy_set;
use crate::support::{difference, dump, world};
use antenne::domain::{AnswerId, AskId, EventKey, Fact, FactBody, PersonId, QuestionId};
use antenne::world::Things;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Facts in some order of arrival, and which of them are forgotten.
fn facts_and_fates() -> impl Strategy<Value = (Vec<Fact>, Vec<bool>)> {
    messy_set(60).prop_flat_map(|facts| {
        let fates = prop::collection::vec(any::<bool>(), facts.len());
        (Just(facts).prop_shuffle(), fates)
    })
}

proptest! {
    #![proptest_config(crate::config(200))]

    #[test]
    fn what_is_forgotten_is_as_if_it_had_never_come((facts, fates) in facts_and_fates()) {
        let stays = |(fact, goes): (&Fact, &bool)| (!goes).then(|| fact.clone());
        let stay: Vec<Fact> = facts.iter().zip(&fates).filter_map(stays).collect();
        let gone = facts.iter().zip(&fates).filter(|(_, goes)| **goes);
        let gone: BTreeSet<EventKey> = gone.map(|(fact, _)| fact.key.clone()).collect();
        let (mut forgetful, mut fresh) = (world(&facts), world(&stay));
        forgetful.forget(&gone);
        let (left, right) = (dump(forgetful.view()), dump(fresh.view()));
        prop_assert!(left == right, "{}", difference(&left, &right));
        prop_assert_eq!(forgetful.digest(), fresh.digest());
        prop_assert_eq!(forgetful.events(), fresh.events());
        // What was forgotten can be told again.
        for fact in facts {
            forgetful.apply(fact.clone());
            fresh.apply(fact);
        }
        prop_assert_eq!(dump(forgetful.view()), dump(fresh.view()));
        prop_assert_eq!(forgetful.digest(), fresh.digest());
    }

    #[test]
    fn whatever_speaks_about_things_is_found_whether_or_not_it_holds(facts in messy_set(60)) {
        let world = world(&facts);
        let mut things = Things::default();
        for fact in facts.iter().step_by(2) {
            match &fact.body {
                FactBody::QuestionCreated { question, .. } => _ = things.questions.insert(question.clone()),
                FactBody::AnswerCreated { answer, .. } => _ = things.answers.insert(answer.clone()),
                FactBody::AskSent { ask, .. } => _ = things.asks.insert(ask.clone()),
                FactBody::FeedbackGiven { subject, .. } => _ = things.people.insert(PersonId::new(&**subject)),
                _ => {}
            }
        }
        let found: BTreeSet<&EventKey> = world.facts_about(&things).iter().map(|fact| &fact.key).collect();
        let wanted: BTreeSet<&EventKey> = facts.iter().filter(|fact| speaks(fact, &things)).map(|fact| &fact.key).collect();
        prop_assert_eq!(found, wanted);
        for fact in &facts {
            let targets = facts.iter().filter(|other| {
                matches!(&other.body, FactBody::FactRetracted { target } if *target == fact.key)
            });
            prop_assert_eq!(world.retractions_of(&fact.key).count(), targets.count());
        }
    }
}

/// Whether `fact` speaks about one of `things`, told from the names of its fields alone.
fn speaks(fact: &Fact, things: &Things) -> bool {
    let said = format!("{:?}", fact.body);
    let question =
        |id: &QuestionId| said.contains(&format!("question: {id:?}")) || said.contains(&format!("Question({id:?})"));
    let answer = |id: &AnswerId| said.contains(&format!("answer: {id:?}")) || said.contains(&format!("Answer({id:?})"));
    let ask = |id: &AskId| said.contains(&format!("ask: {id:?}"));
    let judged = |id: &PersonId| said.contains(&format!("subject: {:?}", id.as_str()));
    let kind = fact.body.kind().name();
    match kind.split('.').next().unwrap_or_default() {
        "question" => things.questions.iter().any(question),
        "answer" => things.answers.iter().any(answer),
        "vote" => things.questions.iter().any(question) || things.answers.iter().any(answer),
        "ask" => things.asks.iter().any(ask),
        "feedback" => things.people.iter().any(judged),
        _ => false,
    }
}
