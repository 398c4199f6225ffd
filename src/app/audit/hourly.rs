//! What is recorded at most once an hour and key: what may happen many times a second.
//!
//! Kept in memory alone: after a restart an hour may have two rows.

use super::AuditAction;
use crate::domain::{HOUR_MICROS, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Keys whose hourly rows are remembered at most.
const MAX_HOURLY: usize = 4_096;

/// Which hourly rows were written lately.
#[derive(Default)]
pub(in crate::app) struct Hourly(Mutex<HashMap<(AuditAction, String), i64>>);

impl Hourly {
    /// Whether `action` by `name` has a row of the hour of `now`.
    pub(super) fn holds(&self, action: AuditAction, name: &str, now: Timestamp) -> bool {
        let hours = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hours.get(&(action, name.to_owned())) == Some(&hour(now))
    }

    /// Notes that `action` by `name` has one.
    pub(super) fn note(&self, action: AuditAction, name: &str, now: Timestamp) {
        let mut hours = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hours.retain(|_, noted| *noted == hour(now));
        if hours.len() < MAX_HOURLY {
            hours.insert((action, name.to_owned()), hour(now));
        }
    }
}

fn hour(at: Timestamp) -> i64 {
    at.micros().div_euclid(HOUR_MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_noted_once_and_old_hours_are_forgotten() {
        let (hourly, at) = (Hourly::default(), Timestamp::from_micros);
        let action = AuditAction::OrderByScore;
        hourly.note(action, "k", at(1));
        assert!(hourly.holds(action, "k", at(HOUR_MICROS - 1)));
        assert!(!hourly.holds(action, "k", at(HOUR_MICROS)) && !hourly.holds(action, "j", at(1)));
        hourly.note(action, "j", at(HOUR_MICROS));
        assert_eq!(hourly.0.lock().unwrap().len(), 1);
    }
}
