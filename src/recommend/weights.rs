//! Weights: what each signal's strength is worth, read from TOML and checked against the signals that exist.

use crate::calendar::day_of;
use crate::domain::Day;
use crate::pipeline::{Signal, Task, Weighted};
use crate::signals::Direction;
use base16ct::lower::encode_string;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The shipped weights.
const DEFAULT: &str = include_str!("../../data/weights.toml");

/// Why weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// Not TOML.
    #[error("the weights are not readable TOML: {0}")]
    Syntax(#[from] Box<toml::de::Error>),
    /// The section is not there.
    #[error("the weights have no section [{0}]")]
    NoSection(String),
    /// A name that no signal has.
    #[error("[{section}] {name}: there is no such signal; known are: {known}")]
    Unknown {
        /// Where.
        section: String,
        /// What was named.
        name: String,
        /// What exists.
        known: String,
    },
    /// A signal without a weight.
    #[error("[{section}] {name}: the weight is missing")]
    Missing {
        /// Where.
        section: String,
        /// Which.
        name: String,
    },
    /// Not a finite number, or against the signal's direction.
    #[error("[{section}] {name}: {why}")]
    Bad {
        /// Where.
        section: String,
        /// Which.
        name: String,
        /// What is wrong.
        why: String,
    },
}

/// The weights of one recommender, by the names of its signals.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    by_name: BTreeMap<String, f64>,
    made: Option<Day>,
}

/// The signals of a recommender, each with the direction that its shipped weight obeys.
pub type Declared<T> = Vec<(Box<dyn Signal<T>>, Direction)>;

/// The names and directions of `signals`.
pub fn directions<T: Task>(signals: &Declared<T>) -> Vec<(&'static str, Direction)> {
    let told = |(signal, direction): &(Box<dyn Signal<T>>, _)| (signal.name(), *direction);
    signals.iter().map(told).collect()
}

/// The direction of the one of `signals` called `name`; either for one that does not exist.
pub fn direction<T: Task>(signals: &Declared<T>, name: &str) -> Direction {
    let known = signals.iter().find(|(signal, _)| signal.name() == name);
    known.map_or(Direction::Either, |(_, direction)| *direction)
}

impl Weights {
    /// The shipped weights of `section`, and the name of a model that uses them.
    ///
    /// # Errors
    /// As [`Weights::shipped`].
    pub fn shipped_model(section: &str, signals: &[(&str, Direction)]) -> Result<(Self, String), WeightsError> {
        let weights = Self::shipped(section, signals)?;
        let model = format!("default-{}", weights.model());
        Ok((weights, model))
    }

    /// The weights of `section` of a TOML text, and the name of a model that uses them.
    ///
    /// # Errors
    /// As [`Weights::parse`].
    pub fn custom_model(
        text: &str,
        section: &str,
        signals: &[(&str, Direction)],
    ) -> Result<(Self, String), WeightsError> {
        let weights = Self::parse(text, section, signals)?;
        let model = format!("custom-{}", weights.model());
        Ok((weights, model))
    }

    /// As [`Weights::custom_model`]; the shipped ones where the text has no such section.
    ///
    /// # Errors
    /// As [`Weights::parse`], but for the section.
    pub fn custom_or_shipped(
        text: &str,
        section: &str,
        signals: &[(&str, Direction)],
    ) -> Result<(Self, String), WeightsError> {
        match Self::custom_model(text, section, signals) {
            Err(WeightsError::NoSection(_)) => Self::shipped_model(section, signals),
            custom => custom,
        }
    }

    /// `signals`, each with its weight; one that is not weighed weighs nothing.
    pub fn weigh<T: Task>(&self, signals: Declared<T>) -> Vec<Weighted<T>> {
        let weigh = |(signal, _): (Box<dyn Signal<T>>, _)| Weighted {
            weight: self.of(signal.name()),
            signal,
        };
        signals.into_iter().map(weigh).collect()
    }

    /// The shipped weights of `section`.
    ///
    /// # Errors
    /// As [`Weights::parse`]; the shipped file is checked by a test.
    pub fn shipped(section: &str, signals: &[(&str, Direction)]) -> Result<Self, WeightsError> {
        Self::parse(DEFAULT, section, signals)
    }

    /// Reads `section` of a TOML text: one finite number for each of `signals`, none against its direction; and before all
    /// sections the day on which the weights were `made`, where that is told.
    ///
    /// # Errors
    /// Says which name is unknown, missing or out of its direction, and that `made` is no day.
    pub fn parse(text: &str, section: &str, signals: &[(&str, Direction)]) -> Result<Self, WeightsError> {
        let tables: toml::Table = text.parse().map_err(Box::new)?;
        let table = tables
            .get(section)
            .and_then(toml::Value::as_table)
            .ok_or_else(|| WeightsError::NoSection(section.to_owned()))?;
        let mut by_name = BTreeMap::new();
        for (name, value) in table {
            let Some(&(_, direction)) = signals.iter().find(|(known, _)| known == name) else {
                let known = signals.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", ");
                return Err(WeightsError::Unknown {
                    section: section.to_owned(),
                    name: name.clone(),
                    known,
                });
            };
            let weight = value.as_float().or_else(|| value.as_integer().map(|n| n as f64));
            let weight = weight
                .filter(|w| w.is_finite())
                .ok_or("a weight is a finite number".to_owned());
            let weight = weight.and_then(|w| obey(w, direction).map(|()| w));
            let bad = |why| WeightsError::Bad {
                section: section.to_owned(),
                name: name.clone(),
                why,
            };
            by_name.insert(name.clone(), weight.map_err(bad)?);
        }
        if let Some((name, _)) = signals.iter().find(|(name, _)| !by_name.contains_key(*name)) {
            return Err(WeightsError::Missing {
                section: section.to_owned(),
                name: (*name).to_owned(),
            });
        }
        let made = tables.get("made").map(day).transpose()?;
        Ok(Self { by_name, made })
    }

    /// These weights, of no day.
    pub fn of_pairs(weights: &[(&str, f64)]) -> Self {
        let by_name = weights.iter().map(|&(name, weight)| (name.to_owned(), weight));
        Self {
            by_name: by_name.collect(),
            made: None,
        }
    }

    /// The weight of the signal called `name`; 0 for one that is not weighed.
    pub fn of(&self, name: &str) -> f64 {
        self.by_name.get(name).copied().unwrap_or(0.0)
    }

    /// The day on which they were made, where that is told.
    pub fn made(&self) -> Option<Day> {
        self.made
    }

    /// A short name for exactly these weights: the same on every machine.
    pub fn model(&self) -> String {
        let mut hash = Sha256::new();
        for (name, weight) in &self.by_name {
            hash.update(name.as_bytes());
            hash.update([0]);
            hash.update(weight.to_bits().to_le_bytes());
        }
        encode_string(&hash.finalize()[..6])
    }
}

/// The day that `value` is.
fn day(value: &toml::Value) -> Result<Day, WeightsError> {
    let date = value.as_datetime().and_then(|moment| moment.date);
    let civil = date.and_then(|d| {
        let year = i16::try_from(d.year).ok()?;
        jiff::civil::Date::new(year, d.month as i8, d.day as i8).ok()
    });
    civil.map(day_of).ok_or_else(|| WeightsError::Bad {
        section: String::new(),
        name: "made".to_owned(),
        why: "this is the day on which the weights were made, as in 2026-03-02".to_owned(),
    })
}

fn obey(weight: f64, direction: Direction) -> Result<(), String> {
    match direction {
        Direction::Better if weight < 0.0 => {
            Err("more of it speaks for a person: the weight may not be negative".into())
        }
        Direction::Worse if weight > 0.0 => {
            Err("more of it speaks against a person: the weight may not be positive".into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNALS: [(&str, Direction); 2] = [("more", Direction::Better), ("less", Direction::Worse)];

    #[test]
    fn a_weight_against_its_direction_is_refused_by_name() {
        let error = Weights::parse("[x]\nmore = 1\nless = 0.5", "x", &SIGNALS).unwrap_err();
        assert!(
            error.to_string().starts_with("[x] less: more of it speaks against"),
            "{error}"
        );
        assert!(
            Weights::parse("[x]\nmore = 0\nless = 0", "x", &SIGNALS).is_ok(),
            "zero goes either way"
        );
    }

    #[test]
    fn unknown_missing_and_unreadable_say_so() {
        let error = |text| Weights::parse(text, "x", &SIGNALS).unwrap_err().to_string();
        assert!(error("[x]\nmore = 1\nles = 0").contains("les: there is no such signal"));
        assert!(error("[x]\nmore = 1").contains("less: the weight is missing"));
        assert!(error("[y]").contains("no section [x]"));
        assert!(error("[x]\nmore = nan\nless = 0").contains("finite"));
        assert!(error("[x").contains("not readable TOML"));
    }

    #[test]
    fn weights_tell_when_they_were_made() {
        let made =
            |text: &str| Weights::parse(&format!("{text}\n[x]\nmore = 1\nless = 0"), "x", &SIGNALS).map(|w| w.made());
        assert_eq!(made("made = 1970-01-31").unwrap(), Some(Day::from_days(30)));
        assert_eq!(made("made = 2026-03-02").unwrap(), Some(Day::from_days(20_514)));
        assert_eq!(made("").unwrap(), None);
        for no_day in ["made = 7", "made = \"2026-03-02\"", "made = 08:00:00"] {
            assert!(made(no_day).unwrap_err().to_string().contains("made"), "{no_day}");
        }
    }

    #[test]
    fn the_model_name_changes_with_any_weight() {
        let model = |text| Weights::parse(text, "x", &SIGNALS).unwrap().model();
        assert_ne!(
            model("[x]\nmore = 1\nless = -1"),
            model("[x]\nmore = 1\nless = -1.0000001")
        );
        assert_eq!(model("[x]\nmore = 1\nless = -1"), model("[x]\nless = -1.0\nmore = 1.0"));
    }
}
