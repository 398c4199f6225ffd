//! What somebody says of themself, as events of the service's own source.

use crate::app::access::OWN_SOURCE;
use crate::app::answers::QueryError;
use crate::app::ingest::{Ahead, IngestError, IngestReport, RejectedLine};
use crate::app::service::Service;
use crate::calendar::rfc3339;
use crate::domain::{EventType, Timestamp};
use crate::world::View;
use base16ct::lower::encode_string;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Why a person's word is not taken.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StatementError {
    /// Nobody of that name is there.
    #[error(transparent)]
    NotFound(#[from] QueryError),
    /// It was not written.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A field holds what no event may hold.
    #[error("`{}` is not right: {}", .0.field, .0.detail)]
    Bad(RejectedLine),
}

/// The line of an event of the service's own, under an identifier made of all that it says.
pub(in crate::app) fn line(kind: EventType, data: &Value, at: Timestamp) -> String {
    let mut hash = Sha256::new();
    // Beginning and ending are two words, in one instant too.
    hash.update(kind.name().as_bytes());
    hash.update(data.to_string().as_bytes());
    hash.update(at.micros().to_be_bytes());
    let noun = kind.name().split('.').next().unwrap_or_default();
    let digest = hash.finalize();
    let id = format!("{noun}-{}", encode_string(&digest[..16]));
    serde_json::json!({"id": id, "source": OWN_SOURCE, "type": kind.name(), "at": rfc3339(at), "data": data})
        .to_string()
}

/// An event to be: its type, what it says, and when it became true.
pub(in crate::app) struct Said {
    pub(in crate::app) kind: EventType,
    pub(in crate::app) data: Value,
    pub(in crate::app) at: Timestamp,
}

/// The instant of a word that is newer than whatever was said before, whatever the clock of who said it.
pub(in crate::app) fn instant(view: &View, now: Timestamp) -> Timestamp {
    view.newest().map_or(now, |newest| now.max(newest.plus_micros(1)))
}

impl Service {
    /// Takes what was said in, in one group; nothing when it was said before. The future ends once all of it is durable and
    /// visible.
    pub(in crate::app) fn say(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_at_another_moment_is_another_event() {
        let data = serde_json::json!({"person": "ana", "purpose": "experts", "allowed": false});
        let at = |micros| line(EventType::PreferenceSet, &data, Timestamp::from_micros(micros));
        assert_eq!(at(1), at(1));
        assert_ne!(at(1), at(2));
        let read: Value = serde_json::from_str(&at(1_000_001)).unwrap();
        assert_eq!(
            (&read["at"], &read["source"]),
            (&"1970-01-01T00:00:01.000001Z".into(), &OWN_SOURCE.into())
        );
        assert!(read["id"].as_str().unwrap().starts_with("preference-"), "{read}");
    }
}
