//! A full disk: what can wait is refused, and what protects people is still taken.
//!
//! The store holds space back. When a write finds no room, that space is given up for batches that only take something back
//! on a person's behalf, and for revoking keys; until it is held again, nothing else is written, so that nothing else uses it
//! up.

use super::ingest::{IngestError, NumberedLine};
use crate::domain::{Audience, FactBody};
use crate::store::{Store, StoreError};
use std::time::Duration;

/// How often a full disk is looked at again while nobody writes.
pub(super) const PROBE: Duration = Duration::from_secs(1);

/// Whether there is room.
#[derive(Default)]
pub(super) struct Room {
    /// Why there was none, while the space held back is given up.
    shortage: Option<IngestError>,
}

impl Room {
    /// Whether the space held back is given up.
    pub(super) fn is_given_up(&self) -> bool {
        self.shortage.is_some()
    }

    /// Gives the space up because of `error`; whether that worked.
    pub(super) fn give_up(&mut self, store: &mut dyn Store, error: &IngestError) -> bool {
        let freed = store.release_reserve();
        if let Err(error) = &freed {
            tracing::error!(%error, "the space held back for opt-outs cannot be freed");
        }
        tracing::warn!("the disk is full: only opt-outs are taken until there is room again");
        self.shortage = Some(error.clone());
        freed.is_ok()
    }

    /// Makes sure that the space is held back, trying to hold it again when it is not.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] while there is no room for it.
    pub(super) fn hold(&mut self, store: &mut dyn Store) -> Result<(), StoreError> {
        if self.shortage.is_some() {
            store.restore_reserve()?;
            tracing::info!("the disk has room again");
            self.shortage = None;
        }
        Ok(())
    }

    /// Why nothing but opt-outs may be written, after trying to hold the space back again.
    pub(super) fn shortage(&mut self, store: &mut dyn Store) -> Option<IngestError> {
        // What went wrong there is that there is no room, which is what was said before.
        let _ = self.hold(store);
        self.shortage.clone()
    }
}

/// Whether a batch must not wait for room: every line takes something back on a person's behalf.
pub(super) fn cannot_wait(lines: &[NumberedLine]) -> bool {
    !lines.is_empty() && lines.iter().all(|line| protects(&line.decoded.fact.body))
}

fn protects(body: &FactBody) -> bool {
    match body {
        FactBody::PreferenceSet { preference, .. } => !preference.allowed,
        FactBody::SkillVisibilitySet { audience, .. } => *audience != Audience::Organisation,
        FactBody::SkillContested { .. } => true,
        _ => false,
    }
}
