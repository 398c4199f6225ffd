//! What can be told of the data in a moment, for somebody who wonders whether all is well.

use super::service::Service;
use super::upkeep::UpkeepError;
use crate::domain::Timestamp;
use crate::ingest::{FutureRule, decode};
use crate::store::{KeyRow, Look, Reader, StoreError};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Records at the end of the log from which the newest instant and the sources are told.
const RECENT: u64 = 1000;

/// What can be told of the data in a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The last sequence of the log.
    pub generation: u64,
    /// The latest instant among the last 1,000 events.
    pub newest: Option<Timestamp>,
    /// Where the last 1,000 events came from.
    pub sources: BTreeSet<String>,
    /// Every key, revoked ones included.
    pub keys: Vec<KeyRow>,
    /// Lines left out since the service was started; `None` without one.
    pub ignored: Option<u64>,
    /// Lines rejected since the service was started; `None` without one.
    pub rejected: Option<u64>,
}

impl Condition {
    /// Tells it of data that nobody owns.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(look: &Look, now: Timestamp) -> Result<Self, StoreError> {
        let mut condition = Self {
            keys: look.keys()?,
            ..Self::default()
        };
        condition.read(look.reader(), now)?;
        Ok(condition)
    }

    fn read(&mut self, reader: &dyn Reader, now: Timestamp) -> Result<(), StoreError> {
        self.generation = reader.last_sequence()?;
        reader.scan(self.generation.saturating_sub(RECENT), &mut |record| {
            if let Ok(decoded) = decode(record.payload, FutureRule::Accept { now }) {
                self.newest = self.newest.max(Some(decoded.fact.at));
                self.sources.insert(decoded.fact.key.source.to_string());
            }
            ControlFlow::Continue(())
        })
    }
}

impl Service {
    /// Tells the condition of the data. Cost: reads the last 1,000 records.
    ///
    /// # Errors
    /// When the store refuses, or the service is stopping.
    pub fn condition(&self) -> Result<Condition, UpkeepError> {
        let (ignored, rejected) = self.fates.not_taken();
        let mut condition = Condition {
            keys: self.keys().map_err(|_| UpkeepError::Stopping)?,
            ignored: Some(ignored),
            rejected: Some(rejected),
            ..Condition::default()
        };
        let reader = self.reader()?.ok_or(UpkeepError::Stopping)?;
        condition.read(&*reader, self.now())?;
        Ok(condition)
    }
}
