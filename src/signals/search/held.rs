//! Who has what is sought: what is said of a person about the skills of each topic, read off their row.

use super::glance::{GRAIN, Glance, Glances};
use super::reading::TOPICS;
use super::rows::Rows;
use super::topics::{Gist, Topic};
use crate::domain::Audience;
use crate::world::{Ix as _, PersonIx, SkillIx, View};
use std::collections::BTreeSet;

/// The skills of each topic, and wider ones.
#[derive(Debug, Default)]
pub(super) struct Called {
    /// By row of the skill: bit 2n where it is one of topic n, bit 2n + 1 where it is wider.
    topics: Vec<u16>,
    /// How many topics there are.
    count: usize,
}

/// What is said of a person about one topic, as far as it shows to the reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// Σ of what statements about its skills are worth, and about wider ones, in grains.
    own: u32,
    wider: u32,
    /// By whom: a bit for each `Said`.
    pub(super) by: u8,
}

impl Called {
    /// The skills of `topics`. Cost: these, and a number for each skill there is.
    pub(super) fn of(view: &View, topics: &[Topic]) -> Self {
        let mut of = vec![0; view.skills.len()];
        for (n, topic) in topics.iter().take(TOPICS).enumerate() {
            let (own, wider) = (topic.skills.iter(), topic.broader.iter());
            own.for_each(|skill| of[skill.row() as usize] |= 1 << (2 * n));
            wider.for_each(|skill| of[skill.row() as usize] |= 2 << (2 * n));
        }
        Self {
            topics: of,
            count: topics.len().min(TOPICS),
        }
    }

    /// What the row of a person says about each topic to whoever is of `audience`; nothing about topics that are not there.
    /// Cost: the skills of the row.
    pub(super) fn heard(&self, glance: Glance<'_>, audience: Audience) -> [Heard; TOPICS] {
        let mut heard = [Heard::default(); TOPICS];
        for spoken in glance.skills.iter().filter(|spoken| spoken.audience >= audience) {
            let mut bits = self.topics[spoken.skill.row() as usize];
            // Products instead of choices: nobody foresees who has which skill, and tens of thousands are asked.
            for of in &mut heard[..self.count] {
                let (own, wider) = (u32::from(bits & 1), u32::from(bits >> 1 & 1));
                of.own += own * spoken.worth;
                of.wider += wider * spoken.worth;
                of.by |= (own | wider) as u8 * spoken.by;
                bits >>= 2;
            }
        }
        heard
    }
}

impl Heard {
    /// What statements about the skills of the topic are worth.
    pub(super) fn own(self) -> f64 {
        f64::from(self.own) * GRAIN
    }

    /// The same of wider skills.
    pub(super) fn wider(self) -> f64 {
        f64::from(self.wider) * GRAIN
    }

    /// Whether anything is said: every statement is worth something.
    pub(super) fn is_anything(&self) -> bool {
        self.own | self.wider > 0
    }
}

/// Those who have something to do with a skill of `gists` or a wider one, whether or not it shows to the reader; in the order of
/// index. Cost: the accounts of each of these skills.
pub(super) fn concerned(view: &View, glances: &Glances, gists: &[Gist]) -> Vec<PersonIx> {
    let skills = gists.iter().flat_map(|gist| gist.skills.iter().chain(&gist.broader));
    let all: BTreeSet<SkillIx> = skills.flat_map(|&skill| view.skill_family(skill)).collect();
    let accounts = all.iter().flat_map(|&skill| &view.skills.get(skill).people);
    // In the order of rows: what lies side by side is read together.
    let accounts = Rows::of(accounts.map(|account| account.row()));
    let human = |row| glances.human(view, PersonIx::from_row(row));
    let mut people: Vec<PersonIx> = accounts.iter().map(human).collect();
    // Few accounts are another one's: what is left is nearly in order.
    people.sort();
    people.dedup();
    people
}
