//! A release: what was told of the organisation on one day, and nothing else. It holds no person and no count of fewer
//! than `k + 1` people, so that it never needs to change, whoever leaves or is erased afterwards.

use super::tell::Told;
use super::tree::Tree;
use crate::domain::Timestamp;

/// A way to look at those who have a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slice {
    /// All of them, by whatever level and word.
    All,
    /// Those who have the skill itself at level `practising` or more.
    Practising,
    /// At level `autonomous` or more.
    Autonomous,
    /// At level `mastery`.
    Mastery,
    /// Those who say so themselves.
    Declared,
    /// Those of whom a colleague says so.
    Endorsed,
    /// Those of whom another system says so.
    Imported,
    /// Those who said yes to it.
    Confirmed,
    /// Those of whom it is concluded, and nobody says so: apart from all the others, and only where that is switched on.
    Inferred,
}

impl Slice {
    /// Every slice, each after the one over it.
    pub const ALL: [Self; 9] = [
        Self::All,
        Self::Practising,
        Self::Autonomous,
        Self::Mastery,
        Self::Declared,
        Self::Endorsed,
        Self::Imported,
        Self::Confirmed,
        Self::Inferred,
    ];
    /// Levels, each of which counts those above it too.
    pub const LEVELS: [Self; 4] = [Self::All, Self::Practising, Self::Autonomous, Self::Mastery];
    /// Origins of what somebody says, which overlap.
    pub const ORIGINS: [Self; 4] = [Self::Declared, Self::Endorsed, Self::Imported, Self::Confirmed];
    /// Whatever a page may be asked to count by origin.
    pub const BY_ORIGIN: [Self; 5] = [
        Self::Declared,
        Self::Endorsed,
        Self::Imported,
        Self::Confirmed,
        Self::Inferred,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Practising => "practising",
            Self::Autonomous => "autonomous",
            Self::Mastery => "mastery",
            Self::Declared => "declared",
            Self::Endorsed => "endorsed",
            Self::Imported => "imported",
            Self::Confirmed => "confirmed",
            Self::Inferred => "inferred",
        }
    }
}

/// What is told of one slice of a skill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Figure {
    /// Nothing.
    #[default]
    Untold,
    /// What is told of the column over it: they count the same people.
    Same,
    /// These classes.
    Told(Told),
}

/// A skill in a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its identifier.
    pub skill: String,
    /// The place in the list of the one skill that is broader; always before its own.
    pub broader: Option<u32>,
    /// What is told, by slice.
    pub figures: [Figure; Slice::ALL.len()],
}

/// A skill, or a subject that is none yet, that people ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The identifier of the skill, or the tag under which people ask.
    pub subject: String,
    /// Whether it is a skill.
    pub is_skill: bool,
    /// People who asked for it in the last year: this many or more, in steps of k + 1.
    pub asked_by: u32,
    /// Those of them with a question that nobody answered, in the same steps; `None` for k or fewer.
    pub waiting: Option<u32>,
    /// Skills close to it that people have, those of most people first.
    pub near: Vec<String>,
}

/// A skill that few have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few {
    /// The identifier of the skill.
    pub skill: String,
    /// Skills close to it that people have, those of most people first.
    pub near: Vec<String>,
}

/// What is told of the whole alone, and but once a quarter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// The day on which they were made, in days since 1970.
    pub day: i32,
    /// Skills that somebody has, and no more than `k` people.
    pub few: Vec<Few>,
    /// What is asked for, and nobody who is counted has.
    pub unmet: Vec<Unmet>,
}

impl Lists {
    /// What of lists made before may be told beside `release`: no skill of which it tells a number, and where k was raised
    /// since, nothing of fewer people.
    pub(super) fn still(&self, release: &Release) -> Self {
        let enough = |people: &u32| *people > release.k;
        let few = self.few.iter().filter(|few| !release.tells(&few.skill));
        let unmet = self.unmet.iter();
        let unmet = unmet.filter(|unmet| !release.tells(&unmet.subject) && enough(&unmet.asked_by));
        let unmet = unmet.cloned().map(|unmet| Unmet {
            waiting: unmet.waiting.filter(enough),
            ..unmet
        });
        Self {
            day: self.day,
            few: few.cloned().collect(),
            unmet: unmet.collect(),
        }
    }
}

/// Whether those are counted of whom a skill is only concluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inference {
    /// They are not, and never were.
    #[default]
    Never,
    /// They were: what was told of them is remembered, so that it cannot be held against what is told when they are counted
    /// again, and is not told.
    Paused,
    /// They are.
    Counted,
}

/// What was told of the organisation on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    pub made: Timestamp,
    /// The last sequence of the log that it knows.
    pub generation: u64,
    /// The fewest people that a number may count, less one.
    pub k: u32,
    /// Whether those are counted of whom a skill is only concluded.
    pub inference: Inference,
    /// Units.
    pub tree: Tree,
    /// How many people are counted, by unit; `None` for an organisation of too few.
    pub people: Option<Told>,
    /// Skills that somebody has, those that are broader first.
    pub columns: Vec<Column>,
    /// What is told of the whole alone.
    pub lists: Lists,
}

impl Release {
    /// The column that is over a slice of `column`: `None` for everybody.
    fn over(&self, column: usize, slice: Slice) -> Option<(usize, Slice)> {
        match slice {
            Slice::All => self.columns[column].broader.map(|above| (above as usize, Slice::All)),
            Slice::Autonomous => Some((column, Slice::Practising)),
            Slice::Mastery => Some((column, Slice::Autonomous)),
            _ => Some((column, Slice::All)),
        }
    }

    /// What is told of a slice of `column`, its own or that of the column over it; `None` when nothing is.
    pub fn told(&self, column: usize, slice: Slice) -> Option<&Told> {
        if slice == Slice::Inferred && self.inference != Inference::Counted {
            return None;
        }
        match &self.columns[column].figures[slice as usize] {
            Figure::Untold => None,
            Figure::Told(told) => Some(told),
            Figure::Same => match self.over(column, slice) {
                Some((above, slice)) => self.told(above, slice),
                None => self.people.as_ref(),
            },
        }
    }

    /// The classes of the column over a slice of `column`.
    pub(super) fn told_over(&self, column: usize, slice: Slice) -> Option<&Told> {
        match self.over(column, slice) {
            Some((above, slice)) => self.told(above, slice),
            None => self.people.as_ref(),
        }
    }

    /// What is told of those who are not said to have the skill at `column`: of everybody, where nothing is told of those
    /// who are. `None` in an organisation of too few.
    pub(super) fn told_of_others(&self, column: usize) -> Option<Told> {
        let everybody = self.people.as_ref()?;
        Some(match self.told(column, Slice::All) {
            Some(holders) => everybody.less(holders, &self.tree),
            None => everybody.clone(),
        })
    }

    /// The place in the list of the skill called `skill`. Cost: as many steps as there are skills.
    pub fn find(&self, skill: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.skill == skill)
    }

    /// Whether a number of the skill called `skill` is told.
    pub fn tells(&self, skill: &str) -> bool {
        self.find(skill)
            .is_some_and(|column| self.told(column, Slice::All).is_some())
    }

    /// Whether the organisation is too small for any count of a skill.
    pub fn is_too_small(&self) -> bool {
        let whole = self.people.as_ref().and_then(|told| told.number(&self.tree, 0));
        whole.is_none_or(|whole| whole.people < 2 * (self.k + 1))
    }
}
