//! `[models]`: how an organisation's own models are learnt.

use crate::calendar::read_day;
use figment::providers::Env;
use serde::{Deserialize, Serialize};

/// What variables of the environment begin with.
const PREFIX: &str = "ANTENNE_MODELS_";
/// The longest that a server waits between two lessons.
const REFIT_DAYS_MAX: u32 = 365;

/// How models are learnt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Models {
    /// After how many days the server learns anew, in the background; 0 is never.
    pub refit_days: u32,
    /// The first day of joins that are learnt from, YYYY-MM-DD; five years before the newest unless set.
    pub from: Option<String>,
    /// Members that a community has at least to be ranked while learning; 3 or 1, as people join, unless set.
    pub min_members: Option<u32>,
    /// From so many people on one day on, a community took in a batch, and nothing is learnt of them; 0 learns of everybody.
    /// 10 unless set, or 0 where most came so.
    pub max_batch: Option<u32>,
    /// Among whom co-animators are looked for while learning; as most of them came, unless set.
    pub pool: Option<ModelsPool>,
}

/// Among whom co-animators are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelsPool {
    /// The members of the community.
    Members,
    /// All people known.
    Everyone,
}

impl Default for Models {
    fn default() -> Self {
        Self {
            refit_days: 7,
            from: None,
            min_members: None,
            max_batch: None,
            pool: None,
        }
    }
}

/// What the command line says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ModelsFlags {
    /// After how many days the server learns anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refit_days: Option<u32>,
}

impl ModelsFlags {
    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.refit_days.is_none()
    }
}

impl Models {
    pub(super) const KEYS: &'static [&'static str] = &["refit_days", "from", "min_members", "max_batch", "pool"];

    /// What is out of its range, in a sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.refit_days > REFIT_DAYS_MAX {
            return Err(format!(
                "the configuration `models.refit_days` is not right: {} is not from 0 to {REFIT_DAYS_MAX}",
                self.refit_days
            ));
        }
        match &self.from {
            Some(from) if read_day(from).is_none() => Err(format!(
                "the configuration `models.from` is not right: {from} is no day as in 2024-01-31"
            )),
            _ => Ok(()),
        }
    }

    /// What the environment sets.
    pub(super) fn environment() -> impl figment::Provider {
        Env::prefixed(PREFIX)
            .only(Self::KEYS)
            .map(|key| format!("models.{key}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_the_longest() {
        let check = |refit_days| {
            let models = Models {
                refit_days,
                ..Models::default()
            };
            models.check()
        };
        assert!(check(0).is_ok() && check(7).is_ok() && check(365).is_ok());
        let error = check(366).unwrap_err();
        assert!(
            error.contains("models.refit_days") && error.contains("0 to 365"),
            "{error}"
        );
    }

    #[test]
    fn the_first_day_that_is_learnt_from_is_a_day() {
        let models = |from: &str| Models {
            from: Some(from.to_owned()),
            ..Models::default()
        };
        assert!(models("2024-01-31").check().is_ok());
        for bad in ["2024-1-31", "2024-02-30", "last year"] {
            let error = models(bad).check().unwrap_err();
            assert!(error.contains("models.from") && error.contains(bad), "{error}");
        }
    }
}
