//! The year that is simulated: its facts, and how often each rank answers.

use super::AskSettings;
use super::books::Books;
use super::life::Life;
use crate::domain::{DAY_MICROS, Fact, FactBody, PersonId, QuestionId, Timestamp};
use crate::fit::unkept_basis;
use crate::recommend::ExpertsRecommender;
use crate::replay::{History, ndcg10};
use crate::signals::{ExpertsQuery, Viewer};
use crate::world::latent::Basis;
use crate::world::{PersonIx, QuestionIx, View, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const YEAR_DAYS: i64 = 365;
/// The last rank of each band of ranks whose rates are measured together: few answers come from far down.
const BANDS: [usize; 9] = [1, 2, 3, 4, 5, 10, 20, 50, 200];

/// The facts of a history: those before its last year, and those of it. Invitations of that year are left out.
pub(super) struct Year<'h> {
    before: Vec<&'h Fact>,
    within: Vec<&'h Fact>,
    /// Who answered each question, the asker apart.
    gold: BTreeMap<&'h QuestionId, BTreeSet<&'h PersonId>>,
    /// By which subjects are read: that of what came before the year.
    basis: Option<Arc<Basis>>,
    questions: usize,
}

/// How often the person at each rank answers, and the ranks themselves.
pub(super) struct Rates {
    bands: [f64; BANDS.len()],
    /// Each question's people by relevance, as far as the bands go, and the nDCG at 10 of that order where it is known
    /// who answered.
    pub(super) questions: BTreeMap<QuestionId, (Vec<PersonIx>, Option<f64>)>,
}

impl Rates {
    /// A twentieth of those who are among the first three of some question by relevance, one at least.
    pub(super) fn busiest(&self) -> usize {
        let ranked = self.questions.values().flat_map(|(ranked, _)| ranked.iter().take(3));
        let experts = ranked.collect::<BTreeSet<_>>().len();
        ((0.05 * experts as f64).round_ties_even() as usize).max(1)
    }

    /// The last rank of each band, and the rate.
    pub(super) fn table(&self) -> Vec<(usize, f64)> {
        BANDS.into_iter().zip(self.bands).collect()
    }

    /// The rate of `person` when asked about `question`; 0 for whoever is further down than the bands go.
    pub(super) fn of(&self, question: &QuestionId, person: PersonIx) -> f64 {
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
                    _ = gold.entry(question).or_default().insert(author);
                }
                _ => {}
            }
        }
        gold.retain(|question, _| askers.contains_key(question));
        for (question, authors) in &mut gold {
            authors.remove(askers[question]);
        }
        let questions = askers.len();
        let mut year = Self {
            before,
            within,
            gold,
            basis: None,
            questions,
        };
        year.basis = unkept_basis(year.world().view());
        year
    }

    /// How many questions were asked in the year.
    pub(super) fn questions(&self) -> usize {
        self.questions
    }

    /// The World as the year begins.
    pub(super) fn world(&self) -> World {
        let mut world = World::default();
        for &fact in &self.before {
            world.apply(fact.clone());
        }
        world.set_basis(self.basis.clone());
        world
    }

    /// Those who answered `question`, of those known in `view` to have answered others before.
    pub(super) fn known(&self, view: &View, question: &QuestionId) -> BTreeSet<PersonIx> {
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
        let mut life = Life::new(self, settings, rates, spreading, slope);
        let mut seen = BTreeSet::new();
        for &fact in &self.within {
            life.until(fact.at);
            life.happens(fact);
            if let FactBody::QuestionCreated { question, .. } = &fact.body
                && seen.insert(question)
            {
                step();
                life.asked(question, fact.at);
            }
        }
        life.until(Timestamp::from_micros(i64::MAX));
        life.into_books()
    }
}

/// The question as it stands in `view`; `None` when it is there no more.
pub(super) fn understood(view: &View, question: &QuestionId, at: Timestamp) -> Option<ExpertsQuery> {
    let question: QuestionIx = view.questions.find(question.as_str())?;
    ExpertsQuery::of(view, question, at, Viewer::default())
}

/// nDCG at 10 of `people`, best first, when `gold` answered.
pub(super) fn worth(people: &[PersonIx], gold: &BTreeSet<PersonIx>) -> f64 {
    let first = people.iter().take(10).enumerate();
    let relevant: Vec<usize> = first
        .filter(|(_, person)| gold.contains(person))
        .map(|(rank, _)| rank)
        .collect();
    ndcg10(&relevant, gold.len())
}
