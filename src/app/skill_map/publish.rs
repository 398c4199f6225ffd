//! Making a release: the organisation, counted, goes in; what may be told of it beside the release before comes out.

use super::count::{Count, Held};
use super::release::{Column, Figure, Inference, Lists, Release, Slice};
use super::tell::{self, Before, Over, Rule, Told, tell};
use super::tree::Tree;
use crate::domain::Timestamp;
use std::collections::{HashMap, HashSet};

/// Releases through which somebody may look back, and for which joined classes stay as they are.
pub(super) const WINDOW: u32 = 12;

/// When and how a release is made.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    /// Now.
    pub made: Timestamp,
    /// The last sequence of the log.
    pub generation: u64,
    /// The configured `k`.
    pub k: u32,
    /// Whether those are counted, apart, of whom a skill is only concluded.
    pub inferred: bool,
}

/// The release before, with its units in today's places.
pub(super) struct Earlier<'a> {
    release: &'a Release,
    /// Today's place of each old one.
    places: Vec<Option<u32>>,
    columns: HashMap<String, usize>,
    fixed: u32,
}

impl<'a> Earlier<'a> {
    /// `release`, beside units that are called as in `tree` now: `unit` and `skill` tell today's name of an old one.
    pub(super) fn of(
        release: &'a Release,
        tree: &Tree,
        unit: &dyn Fn(&str) -> String,
        skill: &dyn Fn(&str) -> String,
    ) -> Self {
        let today: HashMap<&str, u32> = (0..).zip(tree.paths()).map(|(n, path)| (path.as_str(), n)).collect();
        let place = |old: &String| {
            if old.is_empty() {
                return Some(0);
            }
            today.get(unit(old).as_str()).copied()
        };
        let mut columns: HashMap<String, usize> = HashMap::new();
        for (n, column) in release.columns.iter().enumerate() {
            let now = skill(&column.skill);
            // The skill that others were merged into goes on with its own numbers.
            if now == column.skill || !columns.contains_key(&now) {
                columns.insert(now, n);
            }
        }
        Self {
            release,
            places: release.tree.paths().iter().map(place).collect(),
            columns,
            fixed: release.number + 1 + WINDOW,
        }
    }

    fn moved(&self, told: &Told) -> Told {
        told.moved(&self.release.tree, &self.places, self.fixed)
    }

    /// What was told of a slice of `skill`, which stands below `broader` now: `None` when there was no such skill.
    fn figure(&self, skill: &str, slice: Slice, broader: Option<&str>) -> Option<Figure> {
        let columns = &self.release.columns;
        let column = &columns[*self.columns.get(skill)?];
        if slice == Slice::Inferred && self.release.inference == Inference::Never {
            return None;
        }
        let above = column.broader.map(|above| columns[above as usize].skill.as_str());
        let same_above = slice != Slice::All
            || above.map(|above| self.columns.get(above)) == broader.map(|now| self.columns.get(now));
        Some(match &column.figures[slice as usize] {
            Figure::Told(told) => Figure::Told(self.moved(told)),
            Figure::Same if same_above => Figure::Same,
            Figure::Untold | Figure::Same => Figure::Untold,
        })
    }

    /// Skills that the release before knows and `now` does not: that they were seen is remembered, and what was told of
    /// those of whom they were concluded while nobody asks.
    fn gone(&self, now: &[Held], inference: Inference) -> Vec<Column> {
        let held: HashSet<&str> = now.iter().map(|held| held.skill.as_str()).collect();
        let mut gone: Vec<&String> = self
            .columns
            .keys()
            .filter(|skill| !held.contains(skill.as_str()))
            .collect();
        gone.sort_unstable();
        let column = |skill: &String| {
            let mut column = Column {
                skill: skill.clone(),
                ..Column::default()
            };
            if inference == Inference::Paused {
                let before = self.figure(skill, Slice::Inferred, None);
                column.figures[Slice::Inferred as usize] = before.unwrap_or_default();
            }
            column
        };
        gone.into_iter().map(column).collect()
    }
}

/// What was told of the slices of a skill before.
struct Memory(Vec<Option<Figure>>);

impl Memory {
    fn of(earlier: Option<&Earlier<'_>>, skill: &str, broader: Option<&str>) -> Self {
        let told = |&slice: &Slice| earlier.and_then(|earlier| earlier.figure(skill, slice, broader));
        Self(Slice::ALL.iter().map(told).collect())
    }

    /// What was told of a slice, as it was.
    fn kept(&self, slice: Slice) -> Figure {
        self.0[slice as usize].clone().unwrap_or_default()
    }

    fn before(&self, slice: Slice) -> Before<'_> {
        match &self.0[slice as usize] {
            None => Before::Unseen,
            Some(Figure::Told(told)) => Before::Told(told),
            Some(_) => Before::Untold,
        }
    }

    /// Whether a slice is told as the column over it: it counts the same people when it is first seen, and later all but
    /// too few to tell.
    fn is_same(&self, slice: Slice, own: &[u32], over: &[u32], rule: Rule) -> bool {
        match &self.0[slice as usize] {
            None => own == over,
            Some(Figure::Same) => over.iter().sum::<u32>().saturating_sub(own.iter().sum()) < rule.least,
            Some(_) => false,
        }
    }
}

/// The next release. Cost: the slices of every skill × the units, once.
pub(super) fn publish(count: &Count, earlier: Option<&Earlier<'_>>, lists: Lists, occasion: Occasion) -> Release {
    let number = earlier.map_or(1, |earlier| earlier.release.number + 1);
    let rule = Rule {
        least: occasion.k + 1,
        release: number,
        day: occasion.made.day().days(),
        wait: WINDOW,
    };
    let before = earlier.map(|earlier| earlier.release.people.as_ref().map(|told| earlier.moved(told)));
    let everybody = tell::Column {
        own: &count.people,
        before: match &before {
            None => Before::Unseen,
            Some(None) => Before::Untold,
            Some(Some(told)) => Before::Told(told),
        },
    };
    let mut release = Release {
        number,
        made: occasion.made,
        generation: occasion.generation,
        k: occasion.k,
        inference: match earlier.map(|earlier| earlier.release.inference) {
            _ if occasion.inferred => Inference::Counted,
            None | Some(Inference::Never) => Inference::Never,
            Some(_) => Inference::Paused,
        },
        people: tell(&count.tree, &[everybody], None, rule).pop().flatten(),
        tree: count.tree.clone(),
        columns: Vec::with_capacity(count.skills.len()),
        lists,
    };
    for (n, held) in count.skills.iter().enumerate() {
        let above = held.broader.map(|above| &count.skills[above as usize]);
        let memory = Memory::of(earlier, &held.skill, above.map(|above| above.skill.as_str()));
        release.columns.push(Column {
            skill: held.skill.clone(),
            broader: held.broader,
            figures: Default::default(),
        });
        let own = held.own(count.tree.len());
        fill(&mut release, n, (&own, above), (count, &memory), rule);
        release.columns[n].figures[Slice::Inferred as usize] = concluded(&release, n, &own, (count, &memory), rule);
    }
    let gone = earlier.map(|earlier| earlier.gone(&count.skills, release.inference));
    release.columns.extend(gone.into_iter().flatten());
    release
}

/// Fills in what is told of the skill at `n`, slice after slice; `own` is how many people each slice counts in each place.
fn fill(
    release: &mut Release,
    n: usize,
    (own, above): (&[Vec<u32>], Option<&Held>),
    (count, memory): (&Count, &Memory),
    rule: Rule,
) {
    let places = count.tree.len();
    let over_all = above.map_or_else(|| count.people.clone(), |above| above.own(places).swap_remove(0));
    for (place, slice) in Slice::LEVELS.into_iter().enumerate() {
        let over = match place {
            0 => &over_all,
            _ => &own[place - 1],
        };
        let Some(told) = release.told_over(n, slice) else { break };
        let over = Over {
            own: over,
            told,
            covered: false,
        };
        let figure = figure(&count.tree, (slice, &own[slice as usize]), memory, over, rule);
        release.columns[n].figures[slice as usize] = figure;
    }
    let Some(told) = release.told(n, Slice::All) else {
        return;
    };
    let all = &own[Slice::All as usize];
    let same = |slice: &Slice| memory.is_same(*slice, &own[*slice as usize], all, rule);
    let (same, apart): (Vec<Slice>, Vec<Slice>) = Slice::ORIGINS.into_iter().partition(same);
    let columns: Vec<tell::Column<'_>> = apart
        .iter()
        .map(|&slice| tell::Column {
            own: &own[slice as usize],
            before: memory.before(slice),
        })
        .collect();
    let over = Over {
        own: all,
        told,
        covered: same.is_empty(),
    };
    let found = tell(&count.tree, &columns, Some(over), rule);
    for (slice, told) in apart.into_iter().zip(found) {
        release.columns[n].figures[slice as usize] = told.map_or(Figure::Untold, Figure::Told);
    }
    for slice in same {
        release.columns[n].figures[slice as usize] = Figure::Same;
    }
}

/// What is told of those of whom the skill at `n` is only concluded, among those who are not said to have it: in unions of
/// the classes of those who are, so that neither bounds the other.
fn concluded(release: &Release, n: usize, own: &[Vec<u32>], (count, memory): (&Count, &Memory), rule: Rule) -> Figure {
    let (slice, holders) = (Slice::Inferred, &own[Slice::All as usize]);
    if release.inference != Inference::Counted {
        return memory.kept(slice);
    }
    let Some(told) = release.told_of_others(n) else {
        return Figure::Untold;
    };
    let apart = release.told(n, Slice::All).is_some();
    let others: Vec<u32> = count
        .people
        .iter()
        .zip(holders)
        .map(|(people, holders)| if apart { people - holders } else { *people })
        .collect();
    let over = Over {
        own: &others,
        told: &told,
        covered: false,
    };
    let column = tell::Column {
        own: &own[slice as usize],
        before: memory.before(slice),
    };
    let told = tell(&count.tree, &[column], Some(over), rule).pop().flatten();
    told.map_or(Figure::Untold, Figure::Told)
}

/// What is told of one slice on its own.
fn figure(tree: &Tree, (slice, own): (Slice, &[u32]), memory: &Memory, over: Over<'_>, rule: Rule) -> Figure {
    if memory.is_same(slice, own, over.own, rule) {
        return Figure::Same;
    }
    let before = memory.before(slice);
    let told = tell(tree, &[tell::Column { own, before }], Some(over), rule)
        .pop()
        .flatten();
    told.map_or(Figure::Untold, Figure::Told)
}
