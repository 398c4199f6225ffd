//! French works: questions as colleagues of the demo company write them, with accents, apostrophes, elisions and endings of
//! their own, find those who know, and are not led astray by words that mean something else.
//!
//! The ground truth is the table in `data/demo/README.md`; the questions are in `questions.toml`.

mod company;
mod french;
mod health;
mod newcomers;
mod question;
mod search;
mod tongues;
mod wordings;
