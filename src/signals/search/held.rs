//! Who has what is sought: what is said of everybody about the skills of each topic, as far as it shows to the reader.

use super::glance::Glances;
use super::rows::{Each, Rows};
use super::topics::Gist;
use crate::domain::Audience;
use crate::world::{Ix as _, PersonIx, SkillIx, View};
use std::collections::BTreeSet;

/// What statements about the skills of one topic, and about wider ones, are worth to each person, in grains.
pub(super) struct SaidOfTopic {
    pub(super) own: Each,
    pub(super) wider: Each,
}

/// Those of whom a skill that is sought, or a wider one, is said so that it shows to the reader.
pub(super) struct Held {
    /// In order of index.
    pub(super) people: Vec<PersonIx>,
    /// By whom it is said, by row: a bit for each `Said`.
    by: Vec<u8>,
}

impl Held {
    /// Those who have a skill of one of `gists` or a wider one, for whoever is of the audience that `shows` tells of a
    /// person; and what is said of them, topic by topic. Cost: the rows of everybody who has something to do with one of the
    /// skills.
    pub(super) fn of(
        view: &View,
        glances: &Glances,
        gists: &[Gist],
        shows: impl Fn(PersonIx) -> Audience,
    ) -> (Self, Vec<SaidOfTopic>) {
        let rows = |skills: &[SkillIx]| Rows::of(skills.iter().map(|skill| skill.row()));
        let room = |skills: &[SkillIx]| {
            if skills.is_empty() {
                Each::default()
            } else {
                Each::nothing(glances.people())
            }
        };
        let mut topics: Vec<(Rows, Rows, SaidOfTopic)> = Vec::new();
        for gist in gists {
            let said = SaidOfTopic {
                own: room(&gist.skills),
                wider: room(&gist.broader),
            };
            topics.push((rows(&gist.skills), rows(&gist.broader), said));
        }
        let mut people = concerned(view, glances, gists);
        let mut by = vec![0; if people.is_empty() { 0 } else { glances.people() }];
        people.retain(|&person| {
            let audience = shows(person);
            let spoken = glances.at(person).skills.iter();
            let (said_by, mut is_said): (&mut u8, bool) = (&mut by[person.row() as usize], false);
            for spoken in spoken.filter(|spoken| spoken.audience >= audience) {
                let row = spoken.skill.row();
                for (own, wider, said) in &mut topics {
                    let worth = if own.has(row) {
                        &mut said.own
                    } else if wider.has(row) {
                        &mut said.wider
                    } else {
                        continue;
                    };
                    worth.add(person, spoken.worth);
                    (*said_by, is_said) = (*said_by | spoken.by, true);
                }
            }
            is_said
        });
        let said = topics.into_iter().map(|(.., said)| said).collect();
        (Self { people, by }, said)
    }

    /// By whom it is said of `person`: a bit for each `Said`.
    pub(super) fn by(&self, person: PersonIx) -> u8 {
        self.by.get(person.row() as usize).copied().unwrap_or(0)
    }
}

/// Those who have something to do with a skill of `gists`, in the order of index.
fn concerned(view: &View, glances: &Glances, gists: &[Gist]) -> Vec<PersonIx> {
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
