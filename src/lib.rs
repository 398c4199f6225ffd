//! `antenne`: an expertise-graph recommendation service.
//!
//! An organisation's facts come in as events; a `World` in memory is the fold of those facts; every answer is one
//! pipeline run over the World. `docs/ARCHITECTURE.md` is the map of the rooms; `tests/architecture.rs` guards it.

pub mod app;
pub mod calendar;
pub mod chance;
pub mod cli;
pub mod config;
pub mod domain;
pub mod evaluate;
pub mod fit;
pub mod http;
pub mod ingest;
pub mod language;
pub mod parallel;
pub mod pipeline;
pub mod recommend;
pub mod replay;
pub mod signals;
pub mod store;
pub mod world;
