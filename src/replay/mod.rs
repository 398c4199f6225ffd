//! Going through an organisation's own past: its events in order, the questions that could have been routed, and the
//! World as it stood when each was asked.
//!
//! Invariants: a query at instant t sees exactly the facts before t, and subjects read by a basis of facts before t. It
//! ranks nothing and fits nothing; it knows neither the store, nor a clock, nor the command line.

mod experts;
mod history;
mod measure;
mod run;

pub use experts::{ExpertsProtocol, Part, Query};
pub use history::{History, HistoryError, Rejected};
pub use measure::{bootstrap, ndcg10, recall};
pub use run::{BasisRule, replay};
