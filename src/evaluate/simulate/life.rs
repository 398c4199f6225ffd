//! One life of the year: who is asked about each question as it comes, and what they say.

use super::AskSettings;
use super::books::Books;
use super::year::{Rates, Year, understood, worth};
use crate::chance::{Draws, hashed};
use crate::domain::{AskId, DAY_MICROS, DeclineReason, EventKey, Fact, FactBody, HOUR_MICROS, QuestionId, Timestamp};
use crate::pipeline::Order;
use crate::signals::{Sent, WAVE};
use crate::world::{PersonIx, World};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// Waves in which a question is asked.
const WAVES: u32 = 3;
/// Days for which invitations tire.
const TIRING_DAYS: i64 = 14;
/// When somebody who was asked says something, if they do.
const WORD_HOURS: i64 = 6;
/// The part of those who do not answer who say so.
const SAY_NO: f64 = 0.25;

/// What is going to happen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// The next people are asked about a question.
    Wave(QuestionId, u32),
    /// Somebody who was asked answers, or says that they will not.
    Word(AskId, bool),
}

/// A year while it is lived.
pub(super) struct Life<'a, 'h> {
    year: &'a Year<'h>,
    settings: &'a AskSettings<'a>,
    rates: &'a Rates,
    spreading: bool,
    slope: f64,
    world: World,
    /// By instant, then in the order in which it was planned.
    due: BinaryHeap<Reverse<(Timestamp, u64, Due)>>,
    asks: u64,
    books: Books,
}

impl<'a, 'h> Life<'a, 'h> {
    /// The year as it begins.
    pub(super) fn new(
        year: &'a Year<'h>,
        settings: &'a AskSettings<'a>,
        rates: &'a Rates,
        spreading: bool,
        slope: f64,
    ) -> Self {
        Self {
            year,
            settings,
            rates,
            spreading,
            slope,
            world: year.world(),
            due: BinaryHeap::new(),
            asks: 0,
            books: Books::default(),
        }
    }

    /// Something happens that the history tells.
    pub(super) fn happens(&mut self, fact: &Fact) {
        self.world.apply(fact.clone());
    }

    /// A question is asked: its first wave is due at once.
    pub(super) fn asked(&mut self, question: &QuestionId, at: Timestamp) {
        self.plan(at, Due::Wave(question.clone(), 1));
    }

    /// What was written down.
    pub(super) fn into_books(self) -> Books {
        self.books
    }

    /// Lives all that is due before `instant`.
    pub(super) fn until(&mut self, instant: Timestamp) {
        while self.due.peek().is_some_and(|Reverse((at, ..))| *at < instant) {
            let Some(Reverse((at, _, due))) = self.due.pop() else {
                break;
            };
            match due {
                Due::Wave(question, wave) => self.wave(&question, wave, at),
                Due::Word(ask, true) => self.say(at, FactBody::AskAnswered { ask, reason: None }),
                Due::Word(ask, false) => {
                    let reason = Some(DeclineReason::Other);
                    self.say(at, FactBody::AskDeclined { ask, reason });
                }
            }
        }
    }

    /// Asks the next three people about `question`.
    fn wave(&mut self, question: &QuestionId, wave: u32, at: Timestamp) {
        let view = self.world.view();
        let Some(query) = understood(view, question, at) else {
            return;
        };
        let pipeline = self.settings.recommender.pipeline();
        let order = if self.spreading { Order::Waves } else { Order::Score };
        let ranking = pipeline.run_seated(&self.settings.spread, view, &query, 0, order);
        let people: Vec<PersonIx> = ranking.reserve.iter().map(|placed| placed.subject).collect();
        if people.is_empty() {
            return;
        }
        if wave == 1 {
            self.books.shown(&people);
            let by_relevance = self.rates.questions.get(question).and_then(|(_, ndcg)| *ndcg);
            if let Some(by_relevance) = by_relevance {
                let gold = self.year.known(view, question);
                self.books.judged(worth(&people, &gold), by_relevance);
            }
        }
        let mut answered = false;
        for person in people.into_iter().take(WAVE) {
            answered |= self.ask(question, person, at);
        }
        if answered {
            self.books.answered();
        } else if wave < WAVES {
            let next = Sent::of(self.world.view(), &query).next_wave_at(&query);
            self.plan(next, Due::Wave(question.clone(), wave + 1));
        }
    }

    /// Asks one person; whether they answer.
    fn ask(&mut self, question: &QuestionId, person: PersonIx, at: Timestamp) -> bool {
        let view = self.world.view();
        let id = view.person_id(person).clone();
        let lately = view.asks_between(person, at.plus_micros(-TIRING_DAYS * DAY_MICROS), at);
        let willing = self.rates.of(question, person) * libm::exp(-f64::from(lately) / self.slope);
        self.books.sent(view, person, at);
        let ask = AskId::new(format!("ask {}", self.asks));
        self.say(
            at,
            FactBody::AskSent {
                ask: ask.clone(),
                question: question.clone(),
                person: id.clone(),
                recommendation: None,
            },
        );
        let luck = |what: &str| uniform(self.settings.seed, &[what, question.as_str(), id.as_str()]);
        let answers = luck("answers") < willing;
        if answers || luck("says no") < SAY_NO {
            self.plan(at.plus_micros(WORD_HOURS * HOUR_MICROS), Due::Word(ask, answers));
        }
        answers
    }

    fn plan(&mut self, at: Timestamp, due: Due) {
        self.asks += 1;
        self.due.push(Reverse((at, self.asks, due)));
    }

    fn say(&mut self, at: Timestamp, body: FactBody) {
        self.asks += 1;
        let key = EventKey {
            source: Arc::from("simulation"),
            id: Arc::from(self.asks.to_string()),
        };
        let content = [0; 16];
        self.world.apply(Fact { key, at, content, body });
    }
}

/// A number in 0..1 that depends on `seed` and `words` alone.
fn uniform(seed: u64, words: &[&str]) -> f64 {
    let hash = hashed(words.iter().flat_map(|word| word.bytes().chain([0xff])));
    Draws::after(hash, seed).share()
}
