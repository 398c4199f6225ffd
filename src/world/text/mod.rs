//! Text in the World: words out of texts, an exact BM25 index over them, and labels found whole.
//!
//! * [`analysis`] turns a text into terms (French and English inflections meet in one term).
//! * [`document`] counts the terms of one question.
//! * [`TextIndex`] finds the documents nearest to another; what is retracted is gone at once, from the answers and from
//!   every statistic, and answers do not depend on the order of writes, to the bit.
//! * [`LabelIndex`] finds skill labels and tags in a text before it is cut into terms (`C++` is not `C`).
//! * [`NameIndex`] finds names by the beginning of any part, or by sound.
//!
//! The indexes are values: a clone is a snapshot that shares its memory with the original and never sees later writes.
//! Nothing here knows about questions, people, time or permissions: documents and labels are numbers of the caller's.

pub mod analysis;
mod characters;
pub mod document;
pub mod index;
pub mod labels;
mod lexicon;
pub mod names;
mod postings;
mod raw_tokens;
mod search;
pub(super) mod shared_vec;
mod tags;

pub use analysis::{Analyzer, Stemming, analyze};
pub use characters::letters;
pub use document::Document;
pub use index::{Bm25, TextIndex};
pub use labels::LabelIndex;
pub use names::{Closeness, NameIndex};
pub use search::{Hit, Scratch, SharedWord};
pub use tags::tag_name;
