//! Bands in which levels and certainty are told: people are not compared by numbers.

use crate::domain::{Level, Origin};

/// Where it comes from that a person has a skill. The origins are never mixed: one skill may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkillOrigin {
    /// The person says so.
    Declared,
    /// A colleague says so.
    Endorsed,
    /// Another system says so.
    Imported,
    /// The service concludes it from what the person did.
    Inferred,
    /// The person said yes to it.
    Confirmed,
}

impl SkillOrigin {
    /// Every origin.
    pub const ALL: [Self; 5] = [
        Self::Declared,
        Self::Endorsed,
        Self::Imported,
        Self::Inferred,
        Self::Confirmed,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Endorsed => "endorsed",
            Self::Imported => "imported",
            Self::Inferred => "inferred",
            Self::Confirmed => "confirmed",
        }
    }
}

impl From<Origin> for SkillOrigin {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Declared => Self::Declared,
            Origin::Endorsed => Self::Endorsed,
            Origin::Imported => Self::Imported,
        }
    }
}

/// How far somebody's command of a skill goes, in four bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LevelBand {
    /// Knows what it is about: a level below 0.25.
    Aware,
    /// Does it with help: below 0.5.
    Practising,
    /// Does it alone: below 0.75.
    Autonomous,
    /// Others turn to them for it: 0.75 and more.
    Mastery,
}

impl LevelBand {
    /// Every band, from the least.
    pub const ALL: [Self; 4] = [Self::Aware, Self::Practising, Self::Autonomous, Self::Mastery];

    /// The band of a level.
    pub fn of(level: Level) -> Self {
        match level.value() {
            low if low < 0.25 => Self::Aware,
            middle if middle < 0.5 => Self::Practising,
            high if high < 0.75 => Self::Autonomous,
            _ => Self::Mastery,
        }
    }

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Aware => "aware",
            Self::Practising => "practising",
            Self::Autonomous => "autonomous",
            Self::Mastery => "mastery",
        }
    }

    /// The level that stands for the band when somebody takes it as theirs: its middle.
    pub fn level(self) -> f64 {
        match self {
            Self::Aware => 0.125,
            Self::Practising => 0.375,
            Self::Autonomous => 0.625,
            Self::Mastery => 0.875,
        }
    }
}

/// How sure it is that a person has a skill, in three bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sureness {
    /// A sign of it.
    Low,
    /// Likely, or said by one other system or colleague.
    Medium,
    /// The person says so or said yes to it, or several colleagues do.
    High,
}

impl Sureness {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_where_they_say_and_their_middles_lie_in_them() {
        let band = |level: f64| LevelBand::of(Level::new(level).expect("a level"));
        assert_eq!((band(0.0), band(0.249)), (LevelBand::Aware, LevelBand::Aware));
        assert_eq!(
            (band(0.25), band(0.499)),
            (LevelBand::Practising, LevelBand::Practising)
        );
        assert_eq!((band(0.5), band(0.749)), (LevelBand::Autonomous, LevelBand::Autonomous));
        assert_eq!((band(0.75), band(1.0)), (LevelBand::Mastery, LevelBand::Mastery));
        for each in LevelBand::ALL {
            assert_eq!(band(each.level()), each);
        }
    }
}
