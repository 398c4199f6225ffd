//! A made-up organisation: people in units, with skills at levels and by origins, that can be counted and published.

use crate::app::skill_map::count::{Count, Held};
use crate::app::skill_map::publish::{Earlier, Occasion, publish};
use crate::app::skill_map::release::{Few, Lists, Release, Slice};
use crate::app::skill_map::tree::Tree;
use crate::chance::Draws;
use crate::domain::{DAY_MICROS, Timestamp};
use std::collections::BTreeMap;

/// The bit of those of whom a skill is only concluded.
const INFERRED: u16 = 1 << Slice::Inferred as u16;

#[derive(Clone)]
struct Person {
    place: u32,
    skills: BTreeMap<usize, u16>,
}

#[derive(Clone)]
pub struct Company {
    tree: Tree,
    /// How likely each skill is, in percent.
    likely: Vec<usize>,
    /// How likely each origin of each skill is, in percent.
    origins: Vec<[usize; 4]>,
    /// How likely each skill is concluded of who does not say that they have it, in percent.
    concluded: Vec<usize>,
    broader: Vec<Option<usize>>,
    people: Vec<Person>,
}

impl Company {
    pub fn random(dice: &mut Draws, size: usize) -> Self {
        let (units, skills) = (3 + dice.below(4), 2 + dice.below(3));
        Self::of(dice, size, units, skills)
    }

    /// One of three units and two skills.
    pub fn simple(dice: &mut Draws, size: usize) -> Self {
        Self::of(dice, size, 3, 2)
    }

    fn of(dice: &mut Draws, size: usize, units: usize, skills: usize) -> Self {
        let mut paths = vec!["G".to_owned()];
        for _ in 0..units {
            let above = paths[dice.below(paths.len())].clone();
            paths.push(format!("{above}/{}", paths.len()));
        }
        let tree = Tree::of(paths.iter().map(String::as_str));
        let broader = (0..skills)
            .map(|n| (n > 0 && dice.below(3) > 0).then(|| dice.below(n)))
            .collect();
        let mut company = Self {
            likely: (0..skills).map(|_| [3, 12, 30, 60, 90][dice.below(5)]).collect(),
            origins: (0..skills)
                .map(|_| std::array::from_fn(|_| [0, 20, 60, 100][dice.below(4)]))
                .collect(),
            concluded: (0..skills).map(|_| [0, 5, 20, 60][dice.below(4)]).collect(),
            broader,
            people: Vec::new(),
            tree,
        };
        company.people = (0..size).map(|_| company.person(dice)).collect();
        company
    }

    fn person(&self, dice: &mut Draws) -> Person {
        let mut skills = BTreeMap::new();
        for (skill, &likely) in self.likely.iter().enumerate() {
            if dice.below(100) < likely {
                let level = [0b1, 0b11, 0b111, 0b1111][dice.below(4)];
                let mut origins = 0;
                for (place, &likely) in self.origins[skill].iter().enumerate() {
                    origins |= u16::from(dice.below(100) < likely) << (4 + place);
                }
                let origins = if origins == 0 { 1 << 4 } else { origins };
                skills.insert(skill, level | origins);
            } else if dice.below(100) < self.concluded[skill] {
                skills.insert(skill, INFERRED);
            }
        }
        let place = 1 + dice.below(self.tree.len() - 1) as u32;
        // Some work right at the top, most in a few units.
        let place = if dice.below(3) == 0 { place.min(2) } else { place };
        Person { place, skills }
    }

    /// `changes` people leave, join or become somebody else.
    pub fn shuffle(&mut self, dice: &mut Draws, changes: usize) {
        for _ in 0..changes {
            match dice.below(4) {
                0 if self.people.len() > 30 => {
                    let gone = dice.below(self.people.len());
                    self.people.swap_remove(gone);
                }
                1 => self.people.push(self.person(dice)),
                _ => {
                    let who = dice.below(self.people.len());
                    self.people[who] = self.person(dice);
                }
            }
        }
    }

    pub fn count(&self) -> Count {
        let mut people = vec![0; self.tree.len()];
        let mut marks: Vec<BTreeMap<usize, u16>> = vec![BTreeMap::new(); self.broader.len()];
        for (who, person) in self.people.iter().enumerate() {
            people[person.place as usize] += 1;
            for (&skill, &slices) in &person.skills {
                *marks[skill].entry(who).or_default() |= slices;
                let mut here = skill;
                while let Some(above) = self.broader[here].filter(|_| slices != INFERRED) {
                    *marks[above].entry(who).or_default() |= 1;
                    here = above;
                }
            }
        }
        // Who has it by a narrower one is not counted among those of whom it is only concluded.
        for slices in marks.iter_mut().flat_map(BTreeMap::values_mut) {
            *slices &= if *slices & 1 == 1 { !INFERRED } else { INFERRED };
        }
        let held: Vec<usize> = (0..marks.len()).filter(|&skill| !marks[skill].is_empty()).collect();
        let place = |skill: usize| held.iter().position(|&other| other == skill).map(|n| n as u32);
        let skills = held.iter().map(|&skill| {
            let of = marks[skill]
                .iter()
                .map(|(&who, &slices)| (self.people[who].place, slices));
            Held::by(format!("s{skill}"), self.broader[skill].and_then(place), of)
        });
        Count {
            skills: skills.collect(),
            people,
            tree: self.tree.clone(),
        }
    }

    /// The release of week `week`, with the list of skills that few have, made once a quarter.
    pub fn publish(&self, before: Option<&Release>, k: u32, week: u32) -> Release {
        self.publish_with(before, k, week, true)
    }

    /// The same, counting those of whom a skill is only concluded, or not.
    pub fn publish_with(&self, before: Option<&Release>, k: u32, week: u32, inferred: bool) -> Release {
        let count = self.count();
        let made = Timestamp::from_micros(20_000 * DAY_MICROS).plus_micros(i64::from(week) * 7 * DAY_MICROS);
        let same = |name: &str| name.to_owned();
        let earlier = before.map(|before| Earlier::of(before, &count.tree, &same, &same));
        let occasion = Occasion {
            made,
            generation: u64::from(week),
            k,
            inferred,
        };
        let release = publish(&count, earlier.as_ref(), Lists::default(), occasion);
        release.listed(before, |release| {
            let few = |held: &&Held| (1..=k as usize).contains(&held.holders()) && !release.tells(&held.skill);
            let few = count.skills.iter().filter(few).map(|held| Few {
                skill: held.skill.clone(),
                near: vec![],
            });
            Lists {
                day: made.day().days(),
                few: few.collect(),
                unmet: vec![],
            }
        })
    }

    /// How many people a slice of `skill` counts within `place`; everybody when there is no skill.
    pub fn truth(&self, skill: Option<(&str, Slice)>, place: u32) -> u32 {
        let own = self.counted(skill);
        self.tree.within(place).map(|at| own[at as usize]).sum()
    }

    /// How many it counts right in each place.
    pub fn counted(&self, skill: Option<(&str, Slice)>) -> Vec<u32> {
        let count = self.count();
        match skill {
            None => count.people,
            Some((skill, slice)) => {
                let held = count.skills.iter().find(|held| held.skill == skill);
                held.map_or_else(
                    || vec![0; self.tree.len()],
                    |held| held.own(self.tree.len()).swap_remove(slice as usize),
                )
            }
        }
    }
}
