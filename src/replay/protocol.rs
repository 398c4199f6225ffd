//! What every protocol has in common: queries of the past, each with its candidates, its gold and the part it serves.

use crate::domain::{Fact, Timestamp};
use std::sync::Arc;

/// What a query is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Choosing.
    Fit,
    /// Measuring what was chosen.
    #[default]
    Test,
}

impl Part {
    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::Test => "test",
        }
    }
}

/// Something that could have been answered by a ranking.
pub trait PastQuery: Sync {
    /// What it is for.
    fn part(&self) -> Part;

    /// The instant: whatever is answered sees the facts before it.
    fn at(&self) -> Timestamp;

    /// Facts that it sees beside those before its instant, in their total order.
    fn besides(&self) -> &[Fact] {
        &[]
    }

    /// The parts of its name; names of several parts are joined by `|`.
    fn name(&self) -> Vec<&str>;

    /// What happened: numbers of subjects, ascending, all of them candidates; at least one.
    fn gold(&self) -> &[u32];

    /// Numbers of the subjects that are ranked, each once.
    fn candidates(&self) -> impl Iterator<Item = u32> + '_;

    /// How many candidates there are.
    fn candidate_count(&self) -> usize;

    /// Whether `number` is a candidate.
    fn is_candidate(&self, number: u32) -> bool;
}

/// The queries of an organisation's past, and the subjects that they rank, by number.
pub trait Protocol: Sync {
    /// Its queries.
    type Query: PastQuery;

    /// The queries of both parts, in order of time.
    fn queries(&self) -> &[Self::Query];

    /// The identifier of subject `number`.
    fn id(&self, number: u32) -> &str;

    /// The place of subject `number` in the order of identifiers: what breaks ties.
    fn place(&self, number: u32) -> u32;

    /// The queries of one part, in order.
    fn part(&self, part: Part) -> Vec<&Self::Query> {
        self.queries().iter().filter(|query| query.part() == part).collect()
    }
}

/// The place of each of `ids` in their order.
pub(super) fn places_of(ids: &[Arc<str>]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    order.sort_unstable_by_key(|&number| &ids[number as usize]);
    let mut places = vec![0; ids.len()];
    for (place, number) in (0..).zip(order) {
        places[number as usize] = place;
    }
    places
}

/// `text` as a JSON string.
pub(super) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
