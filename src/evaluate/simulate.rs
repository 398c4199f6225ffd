//! `antenne simulate asks`: a year of an organisation's own questions, in which people are invited to answer and grow
//! tired of it.
//!
//! Each question of the last 365 days is asked in waves of three, a day apart, three waves at most, until somebody
//! answers. Whoever is asked answers with the chance base(r) · exp(−a / slope): base(r) is how often the person whom
//! relevance put at rank r was among those who answered in that year, a the invitations that they received in the 14 days
//! before. Invitations and what becomes of them are facts in the World, so that caps, waits and load are read there as
//! they are in service; the history's own questions and answers go on beside. With spreading on, people are turned to as
//! the waves say; off, by relevance alone, caps and absences still kept. The same seed draws the same luck for a person
//! and a question in every run.

mod books;
mod life;
mod report;
mod year;

use crate::recommend::ExpertsRecommender;
use crate::replay::History;
use crate::signals::Spread;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::thread;
use year::Year;

/// Invitations in 14 days after which a person is e times less likely to answer.
const SLOPES: [f64; 3] = [2.0, 4.0, 8.0];

/// How to simulate.
pub struct AskSettings<'a> {
    /// Who ranks.
    pub recommender: &'a ExpertsRecommender,
    /// How load is spread where it is.
    pub spread: Spread,
    /// What luck is drawn from.
    pub seed: u64,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

/// One simulated year.
#[derive(Clone, Debug, PartialEq)]
pub struct AskRun {
    /// Whether load was spread.
    pub spreading: bool,
    /// Invitations in 14 days after which a person is e times less likely to answer.
    pub slope: f64,
    /// What came of it.
    pub figures: AskFigures,
}

/// What came of a simulated year. Shares are in 0..=1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AskFigures {
    /// Questions about which somebody could be asked.
    pub questions: usize,
    /// Share of them that somebody answered.
    pub answered: f64,
    /// Invitations sent.
    pub asks: usize,
    /// People who could have been asked at least once.
    pub people: usize,
    /// Invitations that were more than the person accepts in seven days: none may be.
    pub asks_above_cap: usize,
    /// Invitations to people who said that they are away: none may be.
    pub asks_while_away: usize,
    /// How unevenly invitations fall on those people: 0 when all get the same, near 1 when one gets them all.
    /// (C. Gini, *Variabilità e mutabilità*, 1912.)
    pub gini: f64,
    /// Share of the invitations that goes to the twentieth of those invited who get most.
    pub top5pct_asks: f64,
    /// Share of the first three places that goes to the twentieth of those who get most.
    pub top5pct_first_three: f64,
    /// Share of the first three places that goes to the [`AskSimulation::busiest`] people who get most: unlike the figure
    /// before, it is about as many people with load spread as without, though spreading brings more people in.
    pub busiest_first_three: f64,
    /// nDCG at 10 of the first answers as they are shown, over questions whose answerers were known.
    pub ndcg10: f64,
    /// What that is below the order of relevance alone, with nobody left out.
    pub ndcg10_lost: f64,
}

/// Simulated years of one history.
#[derive(Clone, Debug, PartialEq)]
pub struct AskSimulation {
    /// The weights.
    pub model: String,
    /// What luck was drawn from.
    pub seed: u64,
    /// Questions asked in the year.
    pub questions: usize,
    /// The twentieth of those whom relevance alone puts among the first three in the year, one at least.
    pub busiest: usize,
    /// How often the person at a rank answered: the last rank of each band, and the rate, in 0..=1.
    pub rates: Vec<(usize, f64)>,
    /// The runs: spreading off, then on, each at every slope.
    pub runs: Vec<AskRun>,
}

/// Simulates the last year of `history`, with load spread and not. `progress` hears how many questions were gone
/// through, and of how many.
///
/// Cost: seven replays of the file, in each one to three rankings for every question of the year.
pub fn simulate_asks(
    history: &History,
    settings: &AskSettings<'_>,
    progress: &mut dyn FnMut(usize, usize),
) -> AskSimulation {
    let year = Year::of(history);
    let kinds: Vec<(bool, f64)> = [false, true]
        .into_iter()
        .flat_map(|spreading| SLOPES.map(|slope| (spreading, slope)))
        .collect();
    let all = year.questions() * (1 + kinds.len());
    let mut done = 0;
    let mut step = || {
        done += 1;
        progress(done, all);
    };
    let rates = year.rates(settings.recommender, &mut step);
    let busiest = rates.busiest();
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<AskRun>>> = Mutex::new(vec![None; kinds.len()]);
    thread::scope(|scope| {
        let (steps, heard) = channel();
        for _ in 0..settings.threads.clamp(1, kinds.len()) {
            let (steps, year, rates, next, results, kinds) = (steps.clone(), &year, &rates, &next, &results, &kinds);
            scope.spawn(move || {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&(spreading, slope)) = kinds.get(n) else { break };
                    // Whoever listened may be gone: the run is worth as much.
                    let books = year.live(settings, rates, spreading, slope, &mut || _ = steps.send(()));
                    let figures = books.figures(busiest);
                    let run = AskRun {
                        spreading,
                        slope,
                        figures,
                    };
                    results.lock().unwrap_or_else(PoisonError::into_inner)[n] = Some(run);
                }
            });
        }
        drop(steps);
        heard.iter().for_each(|()| step());
    });
    let runs = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    AskSimulation {
        model: settings.recommender.model().to_owned(),
        seed: settings.seed,
        questions: year.questions(),
        busiest,
        rates: rates.table(),
        runs: runs.into_iter().flatten().collect(),
    }
}

#[cfg(test)]
mod tests;
