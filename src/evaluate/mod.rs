//! Measuring a recommender on an organisation's own past: every question is ranked from what was known when it was
//! asked, and what was recommended is held against what happened.
//!
//! Invariants: a query at instant t sees exactly the facts before t; the same file, weights and part give the same
//! figures, whatever the number of threads; nothing is fitted here. It knows neither the store, nor a clock, nor the
//! command line.

mod experts;
mod metrics;
mod runs;
mod simulate;
mod table;

pub use experts::{Baseline, Bin, ExpertsEvaluation, ExpertsSettings, Measured, Report, Served, experts};
pub use metrics::{Figures, Interval, Metric};
pub use simulate::{AskFigures, AskRun, AskSettings, AskSimulation, simulate_asks};
