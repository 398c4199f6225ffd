//! Where candidates come from: every community that was described. There are thousands at most, and what one counts of
//! them is counted in one walk.

use super::{Communities, NewcomerQuery};
use crate::pipeline::Source;
use crate::world::{CommunityIx, View};

/// Every community that was described.
pub struct Everywhere;

impl Source<Communities> for Everywhere {
    fn name(&self) -> &'static str {
        "everywhere"
    }

    fn propose(&self, view: &View, _: &NewcomerQuery, into: &mut Vec<CommunityIx>) {
        let described = view
            .communities
            .iter()
            .filter(|(_, node)| node.state.as_ref().is_some_and(|s| s.known));
        into.extend(described.map(|(community, _)| community));
    }
}
