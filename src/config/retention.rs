//! `[retention]`: for how long facts about people are kept.

use figment::providers::Env;
use serde::{Deserialize, Serialize};

/// What variables of the environment begin with.
const PREFIX: &str = "ANTENNE_RETENTION_";
/// The longest window: a century of days.
const DAYS_MAX: u32 = 36_525;

/// For how many days what is kept; 0 keeps it until it is erased or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Absences, after their last day.
    pub absences_days: u32,
    /// Invitations to answer, with what became of them.
    pub invitations_days: u32,
    /// Verdicts on recommendations.
    pub verdicts_days: u32,
    /// Hours of animating.
    pub hours_days: u32,
    /// Proposals to animate or to join, with what became of them.
    pub proposals_days: u32,
    /// Votes.
    pub votes_days: u32,
    /// Recorded contributions.
    pub contributions_days: u32,
    /// People who left: they are erased.
    pub left_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            absences_days: 30,
            invitations_days: 730,
            verdicts_days: 730,
            hours_days: 730,
            proposals_days: 365,
            votes_days: 0,
            contributions_days: 0,
            left_days: 0,
        }
    }
}

impl Retention {
    pub(super) const KEYS: &'static [&'static str] = &[
        "absences_days",
        "invitations_days",
        "verdicts_days",
        "hours_days",
        "proposals_days",
        "votes_days",
        "contributions_days",
        "left_days",
    ];

    /// What is out of its range, in a sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        let all = [
            self.absences_days,
            self.invitations_days,
            self.verdicts_days,
            self.hours_days,
            self.proposals_days,
            self.votes_days,
            self.contributions_days,
            self.left_days,
        ];
        match Self::KEYS.iter().zip(all).find(|(_, days)| *days > DAYS_MAX) {
            None => Ok(()),
            Some((key, days)) => Err(format!(
                "the configuration `retention.{key}` is not right: {days} is not from 0 to {DAYS_MAX}"
            )),
        }
    }

    /// What the environment sets.
    pub(super) fn environment() -> impl figment::Provider {
        Env::prefixed(PREFIX)
            .only(Self::KEYS)
            .map(|key| format!("retention.{key}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_century_is_the_longest() {
        assert_eq!(Retention::default().check(), Ok(()));
        let longer = Retention {
            hours_days: 36_526,
            ..Retention::default()
        };
        let error = longer.check().unwrap_err();
        assert!(
            error.contains("retention.hours_days") && error.contains("0 to 36525"),
            "{error}"
        );
    }
}
