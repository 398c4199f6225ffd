//! `[skill_maps]`: whether maps of skills are published for those who plan, and how careful they are. Off unless said.

use figment::providers::Env;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What variables of the environment begin with.
const PREFIX: &str = "ANTENNE_SKILL_MAPS_";
/// The smallest `k`.
const K_MIN: u32 = 5;
/// The largest `k`: beyond, no organisation sees anything.
const K_MAX: u32 = 1_000;
/// The longest time between two releases.
const DAYS_MAX: u32 = 365;

/// How maps of skills are published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SkillMaps {
    /// Whether they are.
    pub enabled: bool,
    /// No number of so many people or fewer is told.
    pub k: u32,
    /// After how many days the server publishes the next one.
    pub days: u32,
    /// Whether those are counted too, apart, of whom a skill is only concluded.
    pub inferred: bool,
    /// A file of targets, in CSV: unit, skill, people, level.
    pub targets: Option<PathBuf>,
}

impl Default for SkillMaps {
    fn default() -> Self {
        Self {
            enabled: false,
            k: 10,
            days: 7,
            inferred: false,
            targets: None,
        }
    }
}

impl SkillMaps {
    pub(super) const KEYS: &'static [&'static str] = &["enabled", "k", "days", "inferred", "targets"];

    /// What is out of its range, in a sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        let within = |name: &str, value: u32, (least, most): (u32, u32)| {
            if (least..=most).contains(&value) {
                return Ok(());
            }
            Err(format!(
                "the configuration `skill_maps.{name}` is not right: {value} is not from {least} to {most}"
            ))
        };
        within("k", self.k, (K_MIN, K_MAX))?;
        within("days", self.days, (1, DAYS_MAX))
    }

    /// What the environment sets.
    pub(super) fn environment() -> impl figment::Provider {
        Env::prefixed(PREFIX)
            .only(Self::KEYS)
            .map(|key| format!("skill_maps.{key}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_off_and_never_careless() {
        let shipped = SkillMaps::default();
        assert!(!shipped.enabled && !shipped.inferred && shipped.k == 10 && shipped.check().is_ok());
        let with = |k, days| SkillMaps {
            k,
            days,
            ..SkillMaps::default()
        };
        assert!(with(5, 1).check().is_ok());
        for (k, days, named) in [
            (4, 7, "skill_maps.k"),
            (0, 7, "skill_maps.k"),
            (10, 0, "skill_maps.days"),
        ] {
            let error = with(k, days).check().unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }
}
