//! Going through an organisation's own past: its events in order, the questions that could have been routed and the days on
//! which people joined or began to animate, and the World as it stood at each.
//!
//! Invariants: a query at instant t sees exactly the facts before t, those that it names besides (the profile of the very
//! person on their day), and subjects read by a basis of facts before t. It
//! ranks nothing and fits nothing; it knows neither the store, nor a clock, nor the command line.

mod days;
mod experts;
mod history;
mod links;
mod measure;
mod protocol;
mod run;

pub use days::{CoAnimatorsRule, CommunitiesRule, DayQuery, DaysProtocol, Habits, Pool};
pub use experts::{ExpertsProtocol, PastQuestion};
pub use history::{History, HistoryError, Rejected};
pub use links::{Hidden, LinkRule, Links};
pub use measure::{bootstrap, bootstrap_of_places, ndcg10, recall};
pub use protocol::{Part, PastQuery, Protocol};
pub use run::{BasisRule, replay};
