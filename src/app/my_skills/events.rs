//! What somebody says of themself, as events of the service's own source.

use crate::app::ingest::{Ahead, IngestReport};
use crate::app::own::{StatementError, line};
use crate::app::service::Service;
use crate::domain::{EventType, Timestamp};
use crate::world::View;
use serde_json::Value;

/// An event to be: its type, what it says, and when it became true.
pub struct Said {
    pub kind: EventType,
    pub data: Value,
    pub at: Timestamp,
}

/// The instant of a word that is newer than whatever was said before.
pub fn instant(view: &View, now: Timestamp) -> Timestamp {
    view.newest().map_or(now, |newest| now.max(newest.plus_micros(1)))
}

impl Service {
    /// Takes what was said in, in one group; nothing when it was said before. The future ends once all of it is durable and
    /// visible.
    pub(super) fn say(
        &self,
        said: &[Said],
    ) -> impl Future<Output = Result<IngestReport, StatementError>> + Send + use<> {
        let text: Vec<String> = said.iter().map(|said| line(said.kind, &said.data, said.at)).collect();
        let mut lines = (1..).zip(text.iter().map(|line| Ok(line.as_bytes())));
        // It may have to be newer than what a source with a fast clock said before.
        let fate = self.submit_from(&mut lines, None, Ahead::Taken);
        let nothing = u64::from(said.is_empty());
        async move {
            let mut report = fate.await?;
            report.duplicate += nothing;
            match report.rejected.pop() {
                Some(rejected) => Err(StatementError::Bad(rejected)),
                None => Ok(report),
            }
        }
    }
}
