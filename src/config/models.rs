//! `[models]`: how an organisation's own models are learnt.

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
}

impl Default for Models {
    fn default() -> Self {
        Self { refit_days: 7 }
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
    pub(super) const KEYS: &'static [&'static str] = &["refit_days"];

    /// What is out of its range, in a sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.refit_days <= REFIT_DAYS_MAX {
            return Ok(());
        }
        Err(format!(
            "the configuration `models.refit_days` is not right: {} is not from 0 to {REFIT_DAYS_MAX}",
            self.refit_days
        ))
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
        let check = |refit_days| Models { refit_days }.check();
        assert!(check(0).is_ok() && check(7).is_ok() && check(365).is_ok());
        let error = check(366).unwrap_err();
        assert!(
            error.contains("models.refit_days") && error.contains("0 to 365"),
            "{error}"
        );
    }
}
