//! What is recorded at most once an hour, key and person: what may happen many times a second.
//!
//! Kept in memory alone: after a restart an hour may have two rows.

use super::AuditAction;
use crate::domain::{HOUR_MICROS, PersonId, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The name of a key, and the person for whom it spoke.
type Who = (String, Option<PersonId>);

/// Keys whose hourly rows are remembered at most.
const MAX_HOURLY: usize = 4_096;

/// Which hourly rows were written lately.
#[derive(Default)]
pub(in crate::app) struct Hourly(Mutex<HashMap<(AuditAction, Who), i64>>);

impl Hourly {
    /// Whether `action` by `who` has a row of the hour of `now`.
    pub(super) fn holds(&self, action: AuditAction, who: &Who, now: Timestamp) -> bool {
        let hours = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hours.get(&(action, who.clone())) == Some(&hour(now))
    }

    /// Notes that `action` by `who` has one.
    pub(super) fn note(&self, action: AuditAction, who: Who, now: Timestamp) {
        let mut hours = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hours.retain(|_, noted| *noted == hour(now));
        if hours.len() < MAX_HOURLY {
            hours.insert((action, who), hour(now));
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
        let who = |key: &str, person: Option<&str>| (key.to_owned(), person.map(PersonId::new));
        let (k, j) = (who("k", None), who("j", None));
        hourly.note(action, k.clone(), at(1));
        assert!(hourly.holds(action, &k, at(HOUR_MICROS - 1)));
        assert!(!hourly.holds(action, &k, at(HOUR_MICROS)) && !hourly.holds(action, &j, at(1)));
        assert!(
            !hourly.holds(action, &who("k", Some("ana")), at(1)),
            "one provider, many people"
        );
        hourly.note(action, j, at(HOUR_MICROS));
        assert_eq!(hourly.0.lock().unwrap().len(), 1);
    }
}
