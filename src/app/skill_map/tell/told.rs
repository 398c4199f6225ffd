//! What is told of one column: its classes, and the numbers that they add up to.

use crate::app::skill_map::tree::Tree;

/// A class: the place at its head, without the places below that head a class of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The place.
    pub place: u32,
    /// How many people.
    pub people: u32,
    /// The day on which they were counted, in days since 1970.
    pub since: i32,
    /// The first release that may count them anew.
    pub fixed: u32,
}

/// The classes of one column, in order of place. The first is the whole's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The classes.
    pub anchors: Vec<Anchor>,
}

/// A number that is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// How many people.
    pub people: u32,
    /// The earliest day on which a part of them was counted, in days since 1970.
    pub since: i32,
}

impl Told {
    /// What is told of `place`: the sum of its classes; `None` when it heads none. Cost: its classes.
    pub fn number(&self, tree: &Tree, place: u32) -> Option<Number> {
        let first = self.anchors.binary_search_by_key(&place, |anchor| anchor.place).ok()?;
        let end = tree.within(place).end;
        let inside = self.anchors[first..].iter().take_while(|anchor| anchor.place < end);
        let mut number = Number {
            people: 0,
            since: i32::MAX,
        };
        for class in inside {
            number.people += class.people;
            // A class of nobody is no older than the others.
            if class.people > 0 || number.since == i32::MAX {
                number.since = number.since.min(class.since);
            }
        }
        Some(number)
    }

    /// Whether `place` heads a class.
    pub fn heads(&self, place: u32) -> bool {
        self.anchors.binary_search_by_key(&place, |anchor| anchor.place).is_ok()
    }

    /// What is left of these classes without those of `part`, which are unions of them: as many classes as `part` has.
    /// Cost: the classes of both.
    #[must_use]
    pub fn less(&self, part: &Self, tree: &Tree) -> Self {
        let nobody = |anchor: &Anchor| Anchor { people: 0, ..*anchor };
        let mut anchors: Vec<Anchor> = part.anchors.iter().map(nobody).collect();
        // Heads of `part` around the place at hand, the closest last.
        let (mut around, mut next): (Vec<usize>, usize) = (Vec::new(), 0);
        for class in &self.anchors {
            while anchors.get(next).is_some_and(|head| head.place <= class.place) {
                around.push(next);
                next += 1;
            }
            while around
                .pop_if(|head| !tree.within(anchors[*head].place).contains(&class.place))
                .is_some()
            {}
            if let Some(&head) = around.last() {
                anchors[head].people += class.people;
            }
        }
        for (left, own) in anchors.iter_mut().zip(&part.anchors) {
            left.people = left.people.saturating_sub(own.people);
        }
        Self { anchors }
    }

    /// The same classes where their places are called otherwise: `places` has today's place of each old one. Those that
    /// fall together, and those whose place is gone (they join the class above), stay as they are until `fixed`.
    #[must_use]
    pub fn moved(&self, old: &Tree, places: &[Option<u32>], fixed: u32) -> Self {
        let mut anchors: Vec<Anchor> = Vec::with_capacity(self.anchors.len());
        for anchor in &self.anchors {
            let mut above = Some(anchor.place);
            let found = std::iter::from_fn(|| {
                let here = above?;
                above = old.parent(here);
                Some(here)
            })
            .find(|&here| places[here as usize].is_some() && self.heads(here));
            let place = found.and_then(|here| places[here as usize]).unwrap_or(0);
            match anchors.iter_mut().find(|known| known.place == place) {
                Some(known) => {
                    let joined = known.people > 0 && anchor.people > 0;
                    known.people += anchor.people;
                    known.since = known.since.min(anchor.since);
                    known.fixed = known.fixed.max(if joined { fixed } else { anchor.fixed });
                }
                None => anchors.push(Anchor { place, ..*anchor }),
            }
        }
        anchors.sort_unstable_by_key(|anchor| anchor.place);
        Self { anchors }
    }
}
