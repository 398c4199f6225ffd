//! An attacker who writes everything that was published as linear equations and solves for what was not.
//!
//! Unknown is how many people each column counts right in each place, in each week. Known is every number told; that a
//! column counts no more people than the one over it anywhere; that the origins of a skill and the skills below it make it
//! up together; that nobody of whom a skill is only concluded is among those who are said to have it; and of the skills
//! listed as held by few, that they were held by 1 to k when the list was made. Whoever keeps all releases knows besides by how many people at most
//! the organisation changed from one to the next, and what is told of each class: on its day, how many they are, and as
//! long as it stands, that they are less than k + 1 away from it. What is sought is the least width of the interval of a
//! number that was not told, over every unit that is shown, every skill that is told of or listed, level and origin.

use super::company::Company;
use crate::app::skill_map::release::{Figure, Release, Slice};
use crate::app::skill_map::tell::Told;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use std::collections::BTreeMap;

/// A column: everybody, or a slice of a skill by its place in the release.
type Of = Option<(usize, Slice)>;

/// Numbers that were published: of which column, in which place, how many.
pub type Published = Vec<(Of, u32, u32)>;

fn every(release: &Release) -> Vec<Of> {
    let skills = (0..release.columns.len()).flat_map(|n| Slice::ALL.map(|slice| Some((n, slice))));
    [None].into_iter().chain(skills).collect()
}

/// What the release tells.
pub fn published(release: &Release) -> Published {
    let mut all = Published::new();
    for of in every(release) {
        let told = match of {
            None => release.people.as_ref(),
            Some((n, slice)) => release.told(n, slice),
        };
        for place in 0..release.tree.len() as u32 {
            all.extend(
                told.and_then(|told| told.number(&release.tree, place))
                    .map(|number| (of, place, number.people)),
            );
        }
    }
    all
}

/// What a map would tell that leaves out counts from 1 to `k` and nothing else.
pub fn only_small_ones_left_out(release: &Release, company: &Company, k: u32) -> Published {
    let mut all = Published::new();
    for of in every(release) {
        for place in 0..release.tree.len() as u32 {
            let truth = company.truth(of.map(|(n, slice)| (&*release.columns[n].skill, slice)), place);
            if truth > k {
                all.push((of, place, truth));
            }
        }
    }
    all
}

/// How many people of a column are in these places: from one number to another.
pub struct Known {
    of: Of,
    places: Vec<u32>,
    people: (u32, u32),
}

/// What somebody has of one release.
pub struct Seen<'a> {
    release: &'a Release,
    published: Published,
    known: Vec<Known>,
    /// Columns that were found to count the people of the one over them, all but k at most.
    same: Vec<Of>,
    /// How many people left, came or became somebody else since the release before.
    moved: u32,
}

impl<'a> Seen<'a> {
    /// A release by itself: every number is taken for what is.
    pub fn alone(release: &'a Release, published: Published) -> Self {
        let known = published.iter().map(|&(of, place, people)| Known {
            of,
            places: release.tree.within(place).collect(),
            people: (people, people),
        });
        Self {
            known: known.collect(),
            same: Vec::new(),
            moved: 0,
            release,
            published,
        }
    }

    /// A release among others, from which it differs by `moved` people at most: what was told before may be old.
    pub fn among(release: &'a Release, moved: u32) -> Self {
        let (mut known, mut same) = (Vec::new(), Vec::new());
        for of in every(release) {
            if of.is_some_and(|(n, slice)| release.columns[n].figures[slice as usize] == Figure::Same) {
                same.push(of);
                continue;
            }
            let told = match of {
                None => release.people.as_ref(),
                Some((n, slice)) => release.told(n, slice),
            };
            known.extend(told.into_iter().flat_map(|told| standing(release, of, told)));
        }
        Self {
            published: published(release),
            release,
            known,
            same,
            moved,
        }
    }

    /// What contradicts the truth of `company`: the attacker would know something that is not so.
    pub fn untrue(&self, company: &Company) -> Option<String> {
        let wrong = self.known.iter().find(|known| {
            let skill = known.of.map(|(n, slice)| (&*self.release.columns[n].skill, slice));
            let own = company.counted(skill);
            let people: u32 = known.places.iter().map(|&place| own[place as usize]).sum();
            people < known.people.0 || people > known.people.1
        });
        let wrong = wrong.map(|known| format!("{:?} in {:?}: not {:?}", known.of, known.places, known.people));
        let people = |of: Of| {
            let skill = of.map(|(n, slice)| (&*self.release.columns[n].skill, slice));
            company.truth(skill, 0)
        };
        let apart =
            |of: &&Of| over(self.release, **of).is_some_and(|above| people(above) > people(**of) + self.release.k);
        let apart = self.same.iter().find(apart);
        wrong.or(apart.map(|of| format!("{of:?} is not the same as what is over it")))
    }
}

/// What each class of `told` says of its places.
fn standing(release: &Release, of: Of, told: &Told) -> Vec<Known> {
    let today = release.made.day().days();
    let own = |place: u32| {
        let heads = told.anchors.iter().map(|anchor| anchor.place);
        let closest = heads.filter(|&head| release.tree.within(head).contains(&place)).max();
        closest.expect("the whole is at the head of all")
    };
    let classes = told.anchors.iter().map(|anchor| Known {
        of,
        places: (0..release.tree.len() as u32)
            .filter(|&place| own(place) == anchor.place)
            .collect(),
        people: if anchor.since == today {
            (anchor.people, anchor.people)
        } else if anchor.fixed > release.number {
            (0, u32::MAX)
        } else {
            (anchor.people.saturating_sub(release.k), anchor.people + release.k)
        },
    });
    classes.collect()
}

/// The unknowns of one week: how many people each column counts right in each place.
type Unknown = BTreeMap<Of, Vec<Variable>>;

/// Everything that is known, to be solved again and again for other unknowns.
struct System<'a>(&'a [Seen<'a>]);

fn over(release: &Release, of: Of) -> Option<Of> {
    let (n, slice) = of?;
    Some(match slice {
        Slice::Inferred => None,
        Slice::All => release.columns[n].broader.map(|above| (above as usize, Slice::All)),
        Slice::Autonomous => Some((n, Slice::Practising)),
        Slice::Mastery => Some((n, Slice::Autonomous)),
        _ => Some((n, Slice::All)),
    })
}

/// That narrower skills and origins make up a skill together, and that nobody is said to have one and only concluded to.
fn relate(release: &Release, problem: &mut Problem, unknown: &Unknown) {
    for n in 0..release.columns.len() {
        let below = (0..release.columns.len()).filter(|&m| release.columns[m].broader == Some(n as u32));
        let parts: Vec<Of> = below
            .map(|m| Some((m, Slice::All)))
            .chain(Slice::ORIGINS.map(|o| Some((n, o))))
            .collect();
        for (at, &all) in unknown[&Some((n, Slice::All))].iter().enumerate() {
            let concluded = unknown[&Some((n, Slice::Inferred))][at];
            let apart = [(unknown[&None][at], 1.0), (all, -1.0), (concluded, -1.0)];
            problem.add_constraint(apart, ComparisonOp::Ge, 0.0);
            let mut cover: Vec<(Variable, f64)> = parts.iter().map(|of| (unknown[of][at], 1.0)).collect();
            cover.push((all, -1.0));
            problem.add_constraint(cover, ComparisonOp::Ge, 0.0);
        }
    }
}

/// All that is known of one week.
fn know(seen: &Seen<'_>, problem: &mut Problem, unknown: &Unknown) {
    let release = seen.release;
    for known in &seen.known {
        let sum = || -> Vec<(Variable, f64)> {
            let own = &unknown[&known.of];
            known.places.iter().map(|&at| (own[at as usize], 1.0)).collect()
        };
        match known.people {
            (least, most) if least == most => problem.add_constraint(sum(), ComparisonOp::Eq, f64::from(least)),
            (least, most) => {
                problem.add_constraint(sum(), ComparisonOp::Ge, f64::from(least));
                problem.add_constraint(sum(), ComparisonOp::Le, f64::from(most));
            }
        }
    }
    for of in every(release) {
        let Some(over) = over(release, of) else { continue };
        for (&above, &own) in unknown[&over].iter().zip(&unknown[&of]) {
            let both = [(above, 1.0), (own, -1.0)];
            problem.add_constraint(both, ComparisonOp::Ge, 0.0);
        }
    }
    for &of in &seen.same {
        let above = over(release, of).expect("a column is over it");
        let left = unknown[&above].iter().map(|&all| (all, 1.0));
        let apart = left.chain(unknown[&of].iter().map(|&own| (own, -1.0)));
        problem.add_constraint(apart, ComparisonOp::Le, f64::from(release.k));
    }
    relate(release, problem, unknown);
    let today = release.lists.day == release.made.day().days();
    for few in release.lists.few.iter().filter(|_| today) {
        let Some(n) = release.find(&few.skill) else { continue };
        let all = || unknown[&Some((n, Slice::All))].iter().map(|&own| (own, 1.0));
        problem.add_constraint(all(), ComparisonOp::Ge, 1.0);
        problem.add_constraint(all(), ComparisonOp::Le, f64::from(release.k));
    }
}

impl System<'_> {
    /// That from one week to the next no number moves by more people than moved in all.
    fn follow(&self, problem: &mut Problem, unknown: &[Unknown]) {
        for ((before, now), (then, later)) in self.0.iter().zip(&self.0[1..]).zip(unknown.iter().zip(&unknown[1..])) {
            let moved = f64::from(now.moved);
            for of in every(now.release) {
                let earlier = match of {
                    None => Some(None),
                    Some((n, slice)) => {
                        let n = before.release.find(&now.release.columns[n].skill);
                        n.map(|n| Some((n, slice)))
                    }
                };
                let Some(earlier) = earlier else { continue };
                let pairs: Vec<(Variable, Variable)> =
                    then[&earlier].iter().copied().zip(later[&of].iter().copied()).collect();
                let each = pairs.iter().map(|&pair| vec![pair]);
                for pairs in each.chain([pairs.clone()]) {
                    let step = || pairs.iter().flat_map(|&(then, now)| [(now, 1.0), (then, -1.0)]);
                    problem.add_constraint(step(), ComparisonOp::Le, moved);
                    problem.add_constraint(step(), ComparisonOp::Ge, -moved);
                }
            }
        }
    }

    /// The values of all unknowns where the one of `target` within `place` in a week is largest, or smallest.
    fn extreme(&self, (week, target, place): Cell, direction: OptimizationDirection) -> Vec<BTreeMap<Of, Vec<f64>>> {
        let mut problem = Problem::new(direction);
        let mut unknown: Vec<Unknown> = Vec::new();
        for (n, seen) in self.0.iter().enumerate() {
            let tree = &seen.release.tree;
            let sought = |of: Of, at: u32| n == week && of == target && tree.within(place).contains(&at);
            let own = |problem: &mut Problem, of: Of| {
                let places = 0..tree.len() as u32;
                places
                    .map(|at| problem.add_var(f64::from(u8::from(sought(of, at))), (0.0, 10_000.0)))
                    .collect()
            };
            let columns = every(seen.release).into_iter();
            unknown.push(columns.map(|of| (of, own(&mut problem, of))).collect());
        }
        for (seen, unknown) in self.0.iter().zip(&unknown) {
            know(seen, &mut problem, unknown);
        }
        self.follow(&mut problem, &unknown);
        let solution = problem.solve().expect("what is published agrees with itself");
        let solution = solution.into_solution().expect("a linear problem is solved to its end");
        let value = |variables: &Vec<Variable>| variables.iter().map(|&v| solution.var_value(v)).collect();
        let values = |unknown: &Unknown| unknown.iter().map(|(of, variables)| (*of, value(variables))).collect();
        unknown.iter().map(values).collect()
    }
}

/// A number: in which week, of which column, in which place.
type Cell = (usize, Of, u32);

/// What is not told of the columns that are told of or listed, in the units that are shown.
fn hidden(published: &Published, release: &Release) -> Vec<(Of, u32)> {
    let told = |of: Of, place: u32| published.iter().any(|&(o, p, _)| (o, p) == (of, place));
    let listed = |n: usize| {
        release
            .lists
            .few
            .iter()
            .any(|few| few.skill == release.columns[n].skill)
    };
    let seen_whole = |n: usize| {
        [Slice::All, Slice::Inferred]
            .iter()
            .any(|&slice| told(Some((n, slice)), 0))
    };
    let shown = |of: &Of| of.is_some_and(|(n, _)| listed(n) || seen_whole(n));
    // Where everybody is told to have a skill, there is nobody of whom it could only be concluded.
    let number = |of: Of, place: u32| published.iter().find(|&&(o, p, _)| (o, p) == (of, place));
    let nobody_is_left = |of: Of, place: u32| {
        let skill = of.filter(|(_, slice)| *slice == Slice::Inferred);
        let holders = skill.and_then(|(n, _)| number(Some((n, Slice::All)), place));
        holders.map(|told| told.2) == number(None, place).map(|told| told.2)
    };
    let rows: Vec<u32> = (0..release.tree.len() as u32)
        .filter(|&place| told(None, place))
        .collect();
    let columns = every(release).into_iter().filter(shown);
    columns
        .flat_map(|of| rows.iter().map(move |&place| (of, place)))
        .filter(|&(of, place)| !told(of, place) && !nobody_is_left(of, place))
        .collect()
}

/// The narrowest interval of a number that is not told, which it is, and how many there are.
pub fn narrowest(seen: &[Seen<'_>]) -> (f64, String, usize) {
    let system = System(seen);
    let hidden: Vec<Cell> = seen
        .iter()
        .enumerate()
        .flat_map(|(week, seen)| {
            let cells = hidden(&seen.published, seen.release).into_iter();
            cells.map(move |(of, place)| (week, of, place))
        })
        .collect();
    // One solution says something of every unknown: most intervals are wide before their turn comes.
    let mut ranges: BTreeMap<Cell, (f64, f64)> = BTreeMap::new();
    let mut worst = (f64::INFINITY, String::new());
    for &cell in &hidden {
        let release = seen[cell.0].release;
        let enough = f64::from(release.k - 1);
        let width = |ranges: &BTreeMap<Cell, (f64, f64)>| ranges.get(&cell).map_or(0.0, |(low, high)| high - low);
        for direction in [OptimizationDirection::Maximize, OptimizationDirection::Minimize] {
            if width(&ranges) >= enough {
                break;
            }
            let values = system.extreme(cell, direction);
            for &(week, of, place) in &hidden {
                let own = &values[week][&of];
                let places = seen[week].release.tree.within(place);
                let value: f64 = places.map(|at| own[at as usize]).sum();
                let known = ranges.entry((week, of, place)).or_insert((value, value));
                *known = (known.0.min(value), known.1.max(value));
            }
        }
        if width(&ranges) < worst.0 {
            let (week, of, place) = cell;
            let skill = of.map_or("everybody".to_owned(), |(n, slice)| {
                format!("{} {}", release.columns[n].skill, slice.code())
            });
            let unit = release.tree.path(place);
            worst = (
                width(&ranges),
                format!("{skill} in `{unit}` of release {}", seen[week].release.number),
            );
        }
    }
    (worst.0, worst.1, hidden.len())
}
