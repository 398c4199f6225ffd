//! The walk from the whole to its parts that finds the classes of a few columns at once.

use super::part::{Part, Sums};
use super::told::{Anchor, Told};
use super::{Before, Column, Over, Rule};
use crate::app::skill_map::tree::Tree;
use std::collections::BTreeMap;

/// A class on its way: one number a column.
struct Class {
    people: Vec<u32>,
    since: i32,
    fixed: u32,
    /// Every number of it was counted for this release.
    fresh: bool,
    /// It is far from the truth and could not be counted anew.
    stale: bool,
}

/// The walk.
pub(super) struct Walk<'a> {
    tree: &'a Tree,
    rule: Rule,
    /// What each column counts.
    truth: Vec<Sums>,
    /// What the column over them counts, and what is told of it.
    over: Option<(Sums, Sums)>,
    over_told: Option<&'a Told>,
    covered: bool,
    classes: BTreeMap<u32, Class>,
}

/// What stands for the column over everybody: so many that it bounds nothing.
const BOUNDLESS: u32 = u32::MAX;

impl<'a> Walk<'a> {
    pub(super) fn new(tree: &'a Tree, columns: &[Column<'_>], over: Option<Over<'a>>, rule: Rule) -> Self {
        let told = |told: &Told| {
            let mut at = vec![0; tree.len()];
            for anchor in &told.anchors {
                at[anchor.place as usize] = anchor.people;
            }
            Sums::of(at)
        };
        Self {
            tree,
            rule,
            truth: columns
                .iter()
                .map(|column| Sums::of(column.own.iter().copied()))
                .collect(),
            over: over.map(|over| (Sums::of(over.own.iter().copied()), told(over.told))),
            over_told: over.map(|over| over.told),
            covered: over.is_some_and(|over| over.covered),
            classes: BTreeMap::new(),
        }
    }

    /// The classes of columns that were not told before.
    pub(super) fn begin(&mut self) -> Option<Vec<Told>> {
        let whole = self.part(0);
        if !self.may_be_told(&whole) {
            return None;
        }
        self.put(0, whole.truth);
        self.split(0);
        self.derive();
        Some(self.told())
    }

    /// The classes of columns that were told before.
    pub(super) fn go_on(&mut self, columns: &[Column<'_>]) -> Option<Vec<Told>> {
        self.take_over(columns)?;
        self.renew();
        if !self.settle() {
            return None;
        }
        let fresh: Vec<u32> = self
            .classes
            .iter()
            .filter(|(_, c)| c.fresh)
            .map(|(&place, _)| place)
            .collect();
        for place in fresh {
            self.split(place);
        }
        self.derive();
        Some(self.told())
    }

    /// The classes as they were, less those whose place heads no class over them any more.
    fn take_over(&mut self, columns: &[Column<'_>]) -> Option<()> {
        let before: Vec<&Told> = columns
            .iter()
            .filter_map(|column| match column.before {
                Before::Told(told) => Some(told),
                _ => None,
            })
            .collect();
        let first = *before.first().filter(|_| before.len() == columns.len())?;
        for anchor in &first.anchors {
            let mut same = Vec::with_capacity(before.len());
            for told in &before {
                let at = told.anchors.binary_search_by_key(&anchor.place, |a| a.place).ok()?;
                same.push(told.anchors[at]);
            }
            let class = Class {
                people: same.iter().map(|a| a.people).collect(),
                since: same.iter().map(|a| a.since).min().unwrap_or(anchor.since),
                fixed: same.iter().map(|a| a.fixed).max().unwrap_or(0),
                fresh: false,
                stale: false,
            };
            self.classes.insert(anchor.place, class);
        }
        self.classes.contains_key(&0).then_some(())?;
        let gone = |place: &u32| self.over_told.is_some_and(|over| !over.heads(*place));
        let gone: Vec<u32> = self.classes.keys().copied().filter(gone).collect();
        for place in gone.into_iter().rev() {
            self.join(place)?;
        }
        Some(())
    }

    /// Counts anew what is far enough from what was told.
    fn renew(&mut self) {
        let places: Vec<u32> = self.classes.keys().copied().collect();
        for place in places {
            let part = self.part(place);
            let class = &self.classes[&place];
            if class.fixed > self.rule.release {
                continue;
            }
            let mut next = part.clone();
            let mut held = 0;
            for (truth, told) in next.truth.iter_mut().zip(&class.people) {
                if truth.abs_diff(*told) < self.rule.least {
                    *truth = *told;
                    held += 1;
                }
            }
            if held == next.truth.len() {
                continue;
            }
            let may = self.may_be_told(&part) && self.is_sound(&next.truth, next.over_told);
            let day = self.rule.day;
            if let Some(class) = self.classes.get_mut(&place) {
                class.stale = !may;
                if may {
                    class.people = next.truth;
                    class.fresh = held == 0;
                    class.since = if held == 0 { day } else { class.since };
                }
            }
        }
    }

    /// Joins classes until all are sound and near the truth, or were joined; whether anything is left to tell.
    fn settle(&mut self) -> bool {
        loop {
            let bad = self
                .classes
                .iter()
                .rev()
                .find(|(place, class)| class.stale || !self.is_sound(&class.people, self.part(**place).over_told));
            let Some((&place, _)) = bad else { return true };
            let joins = if place > 0 {
                Some(place)
            } else {
                let below = self.heads_below(0);
                let people = |place: &u32| self.classes.get(place).map(|class| class.people[0]);
                below.into_iter().min_by_key(|place| (people(place), *place))
            };
            if joins.and_then(|place| self.hide(place)).is_none() {
                return false;
            }
        }
    }

    /// Joins the class of `place` to others until it does not follow from theirs; `None` when it follows from the whole's.
    fn hide(&mut self, mut place: u32) -> Option<()> {
        loop {
            let own = self.part(place).over_told;
            self.join(place)?;
            let above = self.head_above(place)?;
            if own == 0 || own == BOUNDLESS || self.part(above).over_told > own {
                return Some(());
            }
            // Nobody else is in the class above: it would tell the same number under another name.
            let people = |head: &u32| self.classes.get(head).map(|class| class.people[0]);
            let beside = self.heads_below(above).into_iter();
            let beside = beside.filter(|head| self.part(*head).over_told > 0);
            match beside.min_by_key(|head| (people(head), *head)) {
                Some(smallest) => return self.join(smallest),
                None => place = above,
            }
        }
    }

    /// Joins the class of `place` to the one above it; `None` when there is none above.
    fn join(&mut self, place: u32) -> Option<()> {
        let class = self.classes.remove(&place)?;
        let above = self.head_above(place)?;
        let until = self.rule.release + self.rule.wait;
        let into = self.classes.get_mut(&above)?;
        if class.people.iter().any(|&people| people > 0) {
            into.since = into.since.min(class.since);
            into.fixed = into.fixed.max(class.fixed).max(until);
            into.fresh = false;
            into.stale = false;
        }
        for (sum, people) in into.people.iter_mut().zip(class.people) {
            *sum += people;
        }
        Some(())
    }

    /// Tells apart what can be told apart in a class that was counted for this release.
    fn split(&mut self, place: u32) {
        let mut rest = self.part(place);
        let mut parts: Vec<(u32, Part)> = Vec::new();
        for child in self.tree.children(place) {
            let free = !self.classes.contains_key(&child) && self.over_told.is_none_or(|over| over.heads(child));
            let part = self.part(child);
            if free && self.may_be_told(&part) {
                rest.less(&part);
                parts.push((child, part));
            }
        }
        parts.sort_by(|(a, x), (b, y)| y.truth[0].cmp(&x.truth[0]).then(a.cmp(b)));
        while !self.may_be_told(&rest) && !Self::is_nobody(&rest, self.over.is_some()) {
            let Some((_, smallest)) = parts.pop() else { return };
            rest.and(&smallest);
        }
        if parts.is_empty() {
            return;
        }
        self.put(place, rest.truth);
        let below: Vec<u32> = parts.iter().map(|(child, _)| *child).collect();
        for (child, part) in parts {
            self.put(child, part.truth);
        }
        for child in below {
            self.split(child);
        }
    }

    /// Tells what follows from what is told of the column over these: that a place has nobody, or everybody, of a class.
    fn derive(&mut self) {
        let Some(over) = self.over_told else { return };
        // What is told over the class above the places at hand: many have the same one.
        let mut known: Option<(u32, u32)> = None;
        for anchor in &over.anchors {
            let place = anchor.place;
            if self.classes.contains_key(&place) {
                continue;
            }
            let (Some(above), part) = (self.head_above(place), self.part(place)) else {
                continue;
            };
            let whole = known.filter(|(head, _)| *head == above);
            let whole = whole.map_or_else(|| self.part(above).over_told, |(_, told)| told);
            known = Some((above, whole));
            let Some(class) = self.classes.get_mut(&above) else {
                continue;
            };
            let nobody = vec![0; class.people.len()];
            let people = if part.over_told == 0 {
                nobody
            } else if part.over_told == whole {
                std::mem::replace(&mut class.people, nobody)
            } else {
                continue;
            };
            let derived = Class {
                people,
                since: class.since,
                fixed: class.fixed,
                fresh: false,
                stale: false,
            };
            self.classes.insert(place, derived);
            known = None;
        }
    }

    fn put(&mut self, place: u32, people: Vec<u32>) {
        let class = Class {
            people,
            since: self.rule.day,
            fixed: 0,
            fresh: true,
            stale: false,
        };
        self.classes.insert(place, class);
    }

    /// What is counted in `place` and in no class headed below it.
    fn part(&self, place: u32) -> Part {
        let heads = self.heads_below(place);
        let sum = |sums: &Sums| {
            let below = heads.iter().map(|&head| sums.within(self.tree, head));
            sums.within(self.tree, place) - below.sum::<u32>()
        };
        let (over, over_told) = match &self.over {
            Some((truth, told)) => (sum(truth), sum(told)),
            None => (BOUNDLESS, BOUNDLESS),
        };
        Part {
            truth: self.truth.iter().map(sum).collect(),
            over,
            over_told,
        }
    }

    /// The uppermost places below `place` that head a class.
    fn heads_below(&self, place: u32) -> Vec<u32> {
        let end = self.tree.within(place).end;
        let mut heads = Vec::new();
        let mut from = place + 1;
        while let Some((&head, _)) = self.classes.range(from..end).next() {
            heads.push(head);
            from = self.tree.within(head).end;
            if from >= end {
                break;
            }
        }
        heads
    }

    /// The closest place above `place` that heads a class.
    fn head_above(&self, place: u32) -> Option<u32> {
        std::iter::successors(self.tree.parent(place), |&here| self.tree.parent(here))
            .find(|here| self.classes.contains_key(here))
    }

    /// Whether the true counts of `part` could be told, of themselves and beside what is told of the column over them.
    fn may_be_told(&self, part: &Part) -> bool {
        let least = self.rule.least;
        let enough = |&people: &u32| people >= least && part.over.saturating_sub(people) >= least;
        part.truth.iter().all(enough) && self.is_sound(&part.truth, part.over_told)
    }

    /// Whether numbers may stand beside what is told of the column over them; nobody may, where it has nobody.
    fn is_sound(&self, people: &[u32], over_told: u32) -> bool {
        let least = self.rule.least;
        let nobody = people.iter().all(|&people| people == 0) && (over_told == 0 || self.over.is_none());
        let enough = |&people: &u32| people >= least && over_told.saturating_sub(people) >= least;
        let covers = !self.covered || people.iter().sum::<u32>() >= over_told;
        nobody || (people.iter().all(enough) && covers)
    }

    /// Whether nobody is counted in `part`, and nobody could be.
    fn is_nobody(part: &Part, bounded: bool) -> bool {
        part.truth.iter().all(|&people| people == 0) && (!bounded || (part.over == 0 && part.over_told == 0))
    }

    /// The classes, a column after the other.
    fn told(&self) -> Vec<Told> {
        let column = |n: usize| {
            let anchors = self.classes.iter().map(|(&place, class)| Anchor {
                place,
                people: class.people[n],
                since: class.since,
                fixed: class.fixed,
            });
            Told {
                anchors: anchors.collect(),
            }
        };
        (0..self.truth.len()).map(column).collect()
    }
}
