//! The year that is simulated: its facts, how often each rank answers, and one life of it.

use super::AskSettings;
use super::books::Books;
use crate::domain::{AskId, DeclineReason, EventKey, Fact, FactBody, PersonId, QuestionId, Timestamp};
use crate::pipeline::Order;
use crate::recommend::ExpertsRecommender;
use crate::replay::{History, ndcg10};
use crate::signals::{ExpertsQuery, Sent, Viewer, WAVE};
use crate::world::latent::Basis;
use crate::world::{PersonIx, QuestionIx, View, World};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::Arc;

const HOUR_MICROS: i64 = 3_600_000_000;
const DAY_MICROS: i64 = 24 * HOUR_MICROS;
const YEAR_DAYS: i64 = 365;
/// Waves in which a question is asked.
const WAVES: u32 = 3;
/// Days for which invitations tire.
const TIRING_DAYS: i64 = 14;
/// When somebody who was asked says something, if they do.
const WORD_HOURS: i64 = 6;
/// The part of those who do not answer who say so.
const SAY_NO: f64 = 0.25;
/// The last rank of each band of ranks whose rates are measured together: few answers come from far down.
const BANDS: [usize; 9] = [1, 2, 3, 4, 5, 10, 20, 50, 200];

/// The facts of a history: those before its last year, and those of it. Invitations of that year are left out.
pub(super) struct Year<'h> {
    before: Vec<&'h Fact>,
    within: Vec<&'h Fact>,
    /// Who answered each question, the asker apart.
    gold: BTreeMap<&'h QuestionId, BTreeSet<&'h PersonId>>,
    basis: Option<Arc<Basis>>,
    questions: usize,
}

/// How often the person at each rank answers, and the ranks themselves.
pub(super) struct Rates {
    bands: [f64; BANDS.len()],
    /// Each question's people by relevance, as far as the bands go, and the nDCG at 10 of that order where it is known
    /// who answered.
    questions: BTreeMap<QuestionId, (Vec<PersonIx>, Option<f64>)>,
}

impl Rates {
    /// The last rank of each band, and the rate.
    pub(super) fn table(&self) -> Vec<(usize, f64)> {
        BANDS.into_iter().zip(self.bands).collect()
    }

    /// The rate of `person` when asked about `question`; 0 for whoever is further down than the bands go.
    fn of(&self, question: &QuestionId, person: PersonIx) -> f64 {
        let ranked = self.questions.get(question).map_or(&[][..], |(ranked, _)| ranked);
        let rank = ranked.iter().position(|&other| other == person);
        rank.and_then(band).map_or(0.0, |band| self.bands[band])
    }
}

/// The band of a rank from 0.
fn band(rank: usize) -> Option<usize> {
    BANDS.iter().position(|&last| rank < last)
}

impl<'h> Year<'h> {
    pub(super) fn of(history: &'h History) -> Self {
        let facts = history.facts();
        let start = facts.last().map(|fact| fact.at.plus_micros(-YEAR_DAYS * DAY_MICROS));
        let (before, mut within): (Vec<_>, Vec<_>) = facts.into_iter().partition(|fact| Some(fact.at) < start);
        within.retain(|fact| {
            !matches!(
                fact.body,
                FactBody::AskSent { .. }
                    | FactBody::AskAnswered { .. }
                    | FactBody::AskDeclined { .. }
                    | FactBody::AskReferred { .. }
            )
        });
        let (mut askers, mut gold) = (BTreeMap::new(), BTreeMap::<_, BTreeSet<_>>::new());
        for fact in &within {
            match &fact.body {
                FactBody::QuestionCreated { question, asker, .. } => _ = askers.entry(question).or_insert(asker),
                FactBody::AnswerCreated { question, author, .. } => {
                    _ = gold.entry(question).or_default().insert(author)
                }
                _ => {}
            }
        }
        gold.retain(|question, _| askers.contains_key(question));
        for (question, authors) in &mut gold {
            authors.remove(askers[question]);
        }
        Self {
            before,
            within,
            gold,
            basis: None,
            questions: askers.len(),
        }
    }

    /// Finds the basis by which subjects are read, from what came before the year.
    pub(super) fn set_basis(&mut self, find: impl FnOnce(&View) -> Option<Basis>) {
        self.basis = find(self.world().view()).map(Arc::new);
    }

    /// How many questions were asked in the year.
    pub(super) fn questions(&self) -> usize {
        self.questions
    }

    /// The World as the year begins.
    fn world(&self) -> World {
        let mut world = World::default();
        for &fact in &self.before {
            world.apply(fact.clone());
        }
        world.set_basis(self.basis.clone());
        world
    }

    /// Those who answered `question`, of those known in `view` to have answered others before.
    fn known(&self, view: &View, question: &QuestionId) -> BTreeSet<PersonIx> {
        let authors = self.gold.get(question).into_iter().flatten();
        let people = authors.filter_map(|author| view.person(author.as_str()));
        people
            .filter(|&person| view.people.get(person).evidence.answers > 0)
            .collect()
    }

    /// Measures how often each rank answers: everybody whom sources propose, by relevance, nobody left out but the asker.
    pub(super) fn rates(&self, recommender: &ExpertsRecommender, step: &mut dyn FnMut()) -> Rates {
        let (mut hits, mut seats) = ([0.0; BANDS.len()], [0.0; BANDS.len()]);
        let mut questions = BTreeMap::new();
        let mut world = self.world();
        for &fact in &self.within {
            world.apply(fact.clone());
            let FactBody::QuestionCreated { question: id, .. } = &fact.body else {
                continue;
            };
            if questions.contains_key(id) {
                continue;
            }
            step();
            let Some(query) = understood(world.view(), id, fact.at) else {
                continue;
            };
            let mut people = recommender.pipeline().candidates(world.view(), &query);
            people.retain(|&person| Some(person) != query.asker);
            let ranked = recommender.pipeline().rank(world.view(), &query, people);
            let ranked: Vec<PersonIx> = ranked
                .into_iter()
                .map(|(person, _)| person)
                .take(BANDS[BANDS.len() - 1])
                .collect();
            let gold = self.known(world.view(), id);
            for (rank, person) in ranked.iter().enumerate() {
                if let Some(band) = band(rank) {
                    seats[band] += 1.0;
                    hits[band] += f64::from(u8::from(gold.contains(person)));
                }
            }
            let ndcg = (!gold.is_empty()).then(|| worth(&ranked, &gold));
            questions.insert(id.clone(), (ranked, ndcg));
        }
        let mut bands = [0.0; BANDS.len()];
        for (rate, (hits, seats)) in bands.iter_mut().zip(hits.into_iter().zip(seats)) {
            *rate = hits / f64::max(seats, 1.0);
        }
        Rates { bands, questions }
    }

    /// Lives the year once.
    pub(super) fn live(
        &self,
        settings: &AskSettings<'_>,
        rates: &Rates,
        spreading: bool,
        slope: f64,
        step: &mut dyn FnMut(),
    ) -> Books {
        let mut life = Life {
            year: self,
            settings,
            rates,
            spreading,
            slope,
            world: self.world(),
            due: BinaryHeap::new(),
            asks: 0,
            books: Books::default(),
        };
        let mut seen = BTreeSet::new();
        for &fact in &self.within {
            life.until(fact.at);
            life.world.apply(fact.clone());
            if let FactBody::QuestionCreated { question, .. } = &fact.body {
                if seen.insert(question) {
                    step();
                    life.due.push(Reverse((fact.at, 0, Due::Wave(question.clone(), 1))));
                }
            }
        }
        life.until(Timestamp::from_micros(i64::MAX));
        life.books
    }
}

/// What is going to happen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// The next people are asked about a question.
    Wave(QuestionId, u32),
    /// Somebody who was asked answers, or says that they will not.
    Word(AskId, bool),
}

/// A year while it is lived.
struct Life<'a, 'h> {
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

impl Life<'_, '_> {
    /// Lives all that is due before `instant`.
    fn until(&mut self, instant: Timestamp) {
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

/// The question as it stands in `view`; `None` when it is there no more.
fn understood(view: &View, question: &QuestionId, at: Timestamp) -> Option<ExpertsQuery> {
    let question: QuestionIx = view.questions.find(question.as_str())?;
    ExpertsQuery::of(view, question, at, Viewer::default())
}

/// nDCG at 10 of `people`, best first, when `gold` answered.
fn worth(people: &[PersonIx], gold: &BTreeSet<PersonIx>) -> f64 {
    let first = people.iter().take(10).enumerate();
    let relevant: Vec<usize> = first
        .filter(|(_, person)| gold.contains(person))
        .map(|(rank, _)| rank)
        .collect();
    ndcg10(&relevant, gold.len())
}

/// A number in 0..1 that depends on `seed` and `words` alone: FNV-1a over the words, mixed by splitmix64.
/// (G. Steele, D. Lea, C. Flood, *Fast splittable pseudorandom number generators*, 2014.)
fn uniform(seed: u64, words: &[&str]) -> f64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in words.iter().flat_map(|word| word.bytes().chain([0xff])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut z = hash
        .wrapping_add(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
