//! Measuring recommenders on an organisation's own past: every question, every newcomer and every community that found an
//! animator is ranked for from what was known before, and what was recommended is held against what happened.
//!
//! Invariants: a query at instant t sees exactly the facts before t; the same file, weights and part give the same
//! figures, whatever the number of threads; nothing is fitted here. It knows neither the store, nor a clock, nor the
//! command line.

mod days;
mod experts;
mod metrics;
mod runs;
mod simulate;
mod skills;
mod table;

pub use days::{Baseline as DaysBaseline, Daily, DaysEvaluation, DaysReport, DaysSettings, Group, Together, days};
pub use experts::{Baseline, Bin, ExpertsEvaluation, ExpertsSettings, Measured, Report, Served, experts};
pub use metrics::{Figures, Interval, Metric};
pub use simulate::{AskFigures, AskRun, AskSettings, AskSimulation, simulate_asks};
pub use skills::{SkillsEvaluation, SkillsReport, SkillsSettings, skills};
