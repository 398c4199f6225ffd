//! What is told of a community beside the people: what it needs, its load, who was passed over, and what only its animators
//! may know.

use super::answer::{AnimatorLoad, InFull, LoadShown, Needs, Share, Told};
use super::texts;
use super::wording::Wording;
use crate::pipeline::Ranking;
use crate::signals::Days;
use crate::signals::co_animators::{CoAnimators, Cover, Shares, Spread};
use crate::signals::workload::Workload;
use std::collections::BTreeMap;

/// Tells what stands beside the people.
pub(super) struct Telling<'a> {
    pub(super) wording: &'a Wording<'a>,
    pub(super) ranking: &'a Ranking<CoAnimators>,
    /// What is covered once the set has joined.
    pub(super) cover: &'a Cover,
}

impl Telling<'_> {
    /// How many people were not considered, by reason.
    pub(super) fn excluded(&self) -> BTreeMap<&'static str, usize> {
        let mut excluded = BTreeMap::new();
        for (_, reason) in &self.ranking.dropped {
            *excluded.entry(reason.code()).or_insert(0) += 1;
        }
        excluded
    }

    /// What the community needs, and how much of it the set covers.
    pub(super) fn needs(&self) -> Needs {
        let need = &self.wording.query.need;
        let (without, left) = (need.days.count(), self.left().count());
        let covered = match without - left {
            0 => "none",
            days => Share::of(f64::from(days) / f64::from(without)).code(),
        };
        let hours_short = need.lacks_hours();
        let told = texts::Need {
            animators: need.present.len(),
            missing: need.people,
            days: (without, Days::AHEAD),
            // Who is not there has no hours to lack.
            hours_short: hours_short && !need.present.is_empty(),
        };
        Needs {
            days: Days::AHEAD,
            days_without: without,
            covered: (without > 0 && self.wording.query.told_in_full()).then_some(covered),
            animators_missing: need.people,
            hours_short,
            text: texts::needs(self.wording.tongue, told),
        }
    }

    /// Days that were without anybody, and still are.
    fn left(&self) -> Days {
        self.wording.query.need.days.and(self.cover.open_days())
    }

    fn shares(&self) -> Shares {
        let query = self.wording.query;
        let picks = self.ranking.picks.iter();
        let free = picks.map(|pick| Workload::of(self.wording.view, pick.subject, query.as_of).free());
        let free: Vec<f64> = free.collect();
        Shares::of(&query.need, query.community, &free)
    }

    /// The community's load and its spread, before and after. Who of its animators carries more is told to them alone.
    pub(super) fn load(&self) -> LoadShown {
        let need = &self.wording.query.need;
        let (before, after) = self.shares().spread();
        let code = if self.wording.query.told_in_full() {
            Spread::code
        } else {
            Spread::public_code
        };
        let people = need.present.len();
        let joined = people + self.ranking.picks.len();
        LoadShown {
            band: (Shares::usual_band(need, people), Shares::usual_band(need, joined)),
            spread: (code(before), code(after)),
        }
    }

    /// What only those who animate the community are told.
    pub(super) fn in_full(&self) -> InFull {
        let query = self.wording.query;
        let (need, today) = (&query.need, query.as_of.day());
        let bands = self.shares().bands(need).into_iter();
        let animators = need.present.iter().zip(bands).map(|(one, band)| AnimatorLoad {
            person: self.wording.someone(one.person),
            band,
        });
        let own = need.present.iter().find(|one| query.viewer.person == Some(one.person));
        InFull {
            dates: need.days.spans(today),
            animators: animators.collect(),
            own: own.map(|one| (tenths_up(one.load.hours), tenths_up(one.load.capacity))),
        }
    }

    /// Why the reader was passed over, where they were.
    pub(super) fn you(&self) -> Option<Told> {
        let reader = self.wording.query.viewer.person?;
        let (_, why) = self.ranking.dropped.iter().find(|(person, _)| *person == reader)?;
        Some(Told {
            code: why.own_code(),
            text: texts::you(self.wording.tongue, self.wording.manner, *why).to_owned(),
        })
    }

    /// Why there is nobody, where there is nobody.
    pub(super) fn nobody(&self) -> Option<Told> {
        let code = if self.wording.query.archived {
            "archived"
        } else if !self.ranking.picks.is_empty() {
            return None;
        } else if self.ranking.dropped.is_empty() {
            "nobody_known"
        } else {
            "nobody_available"
        };
        Some(Told {
            code,
            text: texts::nobody(self.wording.tongue, code).to_owned(),
        })
    }
}

/// Hours in tenths, rounded up.
fn tenths_up(hours: f64) -> f64 {
    // Adding zero takes the sign from a zero.
    (hours * 10.0 - 1e-6).ceil().max(0.0) / 10.0 + 0.0
}
