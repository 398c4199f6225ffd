//! An attacker who writes everything that was published as linear equations and solves for what was not.
//!
//! Unknown is how many people each column counts right in each place. Known is every number told; that a column counts no
//! more people than the one over it anywhere; that the origins of a skill and the skills below it make it up together; that
//! nobody of whom a skill is only concluded is among those who are said to have it; and of the skills listed as held by few,
//! that they are held by 1 to k. What is sought is the least width of the interval of
//! a number that was not told, over every unit that is shown, every skill that is told of or listed, level and origin.

use super::company::Company;
use crate::app::skill_map::release::{Release, Slice};
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
pub fn published(release: &Release, _: &Company) -> Published {
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

/// Everything that is known, to be solved again and again for other unknowns.
struct System<'a> {
    release: &'a Release,
    published: &'a Published,
}

impl System<'_> {
    fn over(&self, of: Of) -> Option<Of> {
        let (n, slice) = of?;
        Some(match slice {
            Slice::Inferred => None,
            Slice::All => self.release.columns[n]
                .broader
                .map(|above| (above as usize, Slice::All)),
            Slice::Autonomous => Some((n, Slice::Practising)),
            Slice::Mastery => Some((n, Slice::Autonomous)),
            _ => Some((n, Slice::All)),
        })
    }

    /// That narrower skills and origins make up a skill together, and that nobody is said to have one and only concluded to.
    fn relate(&self, problem: &mut Problem, unknown: &BTreeMap<Of, Vec<Variable>>) {
        let release = self.release;
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

    /// The values of all unknowns where the one of `target` within `place` is largest, or smallest.
    fn extreme(&self, target: Of, place: u32, direction: OptimizationDirection) -> BTreeMap<Of, Vec<f64>> {
        let (release, places) = (self.release, self.release.tree.len() as u32);
        let mut problem = Problem::new(direction);
        let mut unknown: BTreeMap<Of, Vec<Variable>> = BTreeMap::new();
        for of in every(release) {
            let weight = |at: u32| f64::from(u8::from(of == target && release.tree.within(place).contains(&at)));
            let own = (0..places)
                .map(|at| problem.add_var(weight(at), (0.0, 10_000.0)))
                .collect();
            unknown.insert(of, own);
        }
        let sum = |of: Of, place: u32| -> Vec<(Variable, f64)> {
            release
                .tree
                .within(place)
                .map(|at| (unknown[&of][at as usize], 1.0))
                .collect()
        };
        for &(of, place, people) in self.published {
            problem.add_constraint(sum(of, place), ComparisonOp::Eq, f64::from(people));
        }
        for of in every(release) {
            let Some(over) = self.over(of) else { continue };
            for (&above, &own) in unknown[&over].iter().zip(&unknown[&of]) {
                let both = [(above, 1.0), (own, -1.0)];
                problem.add_constraint(both, ComparisonOp::Ge, 0.0);
            }
        }
        self.relate(&mut problem, &unknown);
        for few in &release.lists.few {
            let Some(n) = release.find(&few.skill) else { continue };
            let of = Some((n, Slice::All));
            problem.add_constraint(sum(of, 0), ComparisonOp::Ge, 1.0);
            problem.add_constraint(sum(of, 0), ComparisonOp::Le, f64::from(release.k));
        }
        let solution = problem.solve().expect("what is published agrees with itself");
        let solution = solution.into_solution().expect("a linear problem is solved to its end");
        let value = |variables: &Vec<Variable>| variables.iter().map(|&v| solution.var_value(v)).collect();
        unknown.iter().map(|(of, variables)| (*of, value(variables))).collect()
    }
}

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
pub fn narrowest(published: &Published, _: &Company, release: &Release) -> (f64, String, usize) {
    let system = System { release, published };
    let hidden = hidden(published, release);
    // One solution says something of every unknown: most intervals are wide before their turn comes.
    let mut seen: BTreeMap<(Of, u32), (f64, f64)> = BTreeMap::new();
    let enough = f64::from(release.k - 1);
    let mut worst = (f64::INFINITY, String::new());
    for &(of, place) in &hidden {
        let width =
            |seen: &BTreeMap<(Of, u32), (f64, f64)>| seen.get(&(of, place)).map_or(0.0, |(low, high)| high - low);
        for direction in [OptimizationDirection::Maximize, OptimizationDirection::Minimize] {
            if width(&seen) >= enough {
                break;
            }
            let values = system.extreme(of, place, direction);
            for &cell in &hidden {
                let own = &values[&cell.0];
                let value: f64 = release.tree.within(cell.1).map(|at| own[at as usize]).sum();
                let known = seen.entry(cell).or_insert((value, value));
                *known = (known.0.min(value), known.1.max(value));
            }
        }
        if width(&seen) < worst.0 {
            let skill = of.map_or("everybody".to_owned(), |(n, slice)| {
                format!("{} {}", release.columns[n].skill, slice.code())
            });
            worst = (width(&seen), format!("{skill} in `{}`", release.tree.path(place)));
        }
    }
    (worst.0, worst.1, hidden.len())
}
