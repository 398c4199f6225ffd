//! People at a glance: what a search reads of everybody who is found, laid out side by side, so that tens of thousands of
//! people are found and counted in a few milliseconds.
//!
//! A row says nothing that the view does not: it is read off the nodes of the person's accounts, and read anew when one of
//! them changed; the rows of one state and of the next share what did not change. What hangs on the reader or on the instant
//! is in no row: people of whom it takes more than a row are marked, and asked of the view.

use super::facets::Said;
use crate::chance::hashed;
use crate::domain::{Audience, MemberRole, Origin, Stance};
use crate::signals::experts::skill_statements_to;
use crate::signals::{Decision, Proof};
use crate::world::{CommunityIx, Ix as _, PersonIx, PersonNode, SEGMENT, SkillIx, View};
use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Worths of statements are whole numbers of this part of 1.
pub(super) const GRAIN: f64 = 1.0 / 4_194_304.0;
/// Described, not gone, no guest, and no choice of theirs hangs on the instant.
const PLAIN: u8 = 1;
/// Never away, never asked, without a choice or a limit that would keep them from being turned to.
const FREE: u8 = 2;
/// Set of the row of an account for which another one stands.
const LED: u8 = 4;
/// Animates some community.
const ANIMATES: u8 = 8;

/// What is said of a person about one skill, contested ones apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    /// The skill; never one that was merged into another.
    pub(super) skill: SkillIx,
    /// Σ of what the statements are worth, as [`skill_statements_to`] weighs them, in [`GRAIN`]s.
    pub(super) worth: u32,
    /// The narrowest audience that the person chose.
    pub(super) audience: Audience,
    /// By whom it is said: a bit for each [`Said`].
    pub(super) by: u8,
}

/// Where the lists of a row end, each in that of its segment; texts by number, 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Row {
    unit: u32,
    site: u32,
    skills: u32,
    communities: u32,
    languages: u32,
    flags: u8,
    /// The person's identifier, mixed: what turns are reckoned from.
    name: u64,
}

type Nodes = Arc<Vec<Arc<PersonNode>>>;

/// The rows of one segment of the view's people.
#[derive(Debug, Default)]
struct Segment {
    /// What they were read off.
    nodes: Nodes,
    rows: Vec<Row>,
    skills: Vec<Spoken>,
    communities: Vec<CommunityIx>,
    languages: Vec<u32>,
}

/// A person's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glance<'g> {
    row: Row,
    /// What is said of them, whoever may see it, in the order of index.
    pub(super) skills: &'g [Spoken],
    /// Where they belong.
    pub(super) communities: &'g [CommunityIx],
    /// The primary tags of their languages, by number.
    pub(super) languages: &'g [u32],
}

impl Glance<'_> {
    /// Whether nothing about the person themself keeps them from being found, whatever the instant.
    pub(super) fn is_plain(&self) -> bool {
        self.row.flags & PLAIN != 0
    }

    /// Whether they can be turned to, whatever the instant.
    pub(super) fn is_free(&self) -> bool {
        self.row.flags & FREE != 0
    }

    /// Whether they animate some community.
    pub(super) fn animates(&self) -> bool {
        self.row.flags & ANIMATES != 0
    }

    /// Where they work, by number; 0 where that is not told.
    pub(super) fn unit(&self) -> u32 {
        self.row.unit
    }

    /// Town or building, by number; 0 where that is not told.
    pub(super) fn site(&self) -> u32 {
        self.row.site
    }
}

/// The texts of rows, by number from 1 on.
#[derive(Clone, Debug)]
struct Words {
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            texts: vec!["".into()],
            numbers: HashMap::new(),
        }
    }
}

impl Words {
    /// The number of `text`, which is given one when it is new: a snapshot keeps its own.
    fn number(words: &mut Arc<Self>, text: &str) -> u32 {
        if let Some(&number) = words.numbers.get(text) {
            return number;
        }
        let words = Arc::make_mut(words);
        let (text, number): (Arc<str>, u32) = (text.into(), words.texts.len() as u32);
        words.texts.push(Arc::clone(&text));
        words.numbers.insert(text, number);
        number
    }
}

/// Everybody's rows, as one state of the World shows them.
#[derive(Clone, Debug, Default)]
pub struct Glances {
    segments: Vec<Arc<Segment>>,
    words: Arc<Words>,
    /// The skill that each one counts as, by row.
    roots: Vec<SkillIx>,
}

impl Glances {
    /// Everybody at a glance. What did not change since `before` is taken from there. Cost: a comparison of pointers a
    /// segment; reading those anew of whom something changed, everybody when skills were merged.
    pub fn of(view: &View, before: Option<&Self>) -> Self {
        let all = (0..view.skills.len()).map(|row| view.skill_root(SkillIx::from_row(row as u32)));
        let roots: Vec<SkillIx> = all.collect();
        let before = before.filter(|before| roots.starts_with(&before.roots));
        let mut words = before.map(|before| Arc::clone(&before.words)).unwrap_or_default();
        let old = |place: usize| before.and_then(|before| before.segments.get(place));
        let anew = changed(view, &old);
        let mut first = 0;
        let mut segments = Vec::with_capacity(view.people.segments().len());
        for (place, nodes) in view.people.segments().iter().enumerate() {
            let rows = first..first + nodes.len() as u32;
            first = rows.end;
            let touched = anew
                .range(PersonIx::from_row(rows.start)..PersonIx::from_row(rows.end))
                .next()
                .is_some();
            segments.push(match old(place) {
                Some(old) if !touched && Arc::ptr_eq(&old.nodes, nodes) => Arc::clone(old),
                old => {
                    let mut segment = Segment {
                        nodes: Arc::clone(nodes),
                        ..Segment::default()
                    };
                    for (n, row) in rows.enumerate() {
                        let person = PersonIx::from_row(row);
                        match old.filter(|old| n < old.rows.len() && !anew.contains(&person)) {
                            Some(old) => segment.copy(old.glance(n)),
                            None => segment.read(view, person, &mut words),
                        }
                    }
                    Arc::new(segment)
                }
            });
        }
        Self { segments, words, roots }
    }

    /// The row of `person`.
    pub(super) fn at(&self, person: PersonIx) -> Glance<'_> {
        let (segment, n) = place(person);
        self.segments[segment].glance(n)
    }

    /// The human of `account`, as [`View::human`] tells. Cost: a row, and a look at the view where another account stands for it.
    pub(super) fn human(&self, view: &View, account: PersonIx) -> PersonIx {
        let (segment, n) = place(account);
        if self.segments[segment].rows[n].flags & LED == 0 {
            account
        } else {
            view.human(account)
        }
    }

    /// The identifier of `person`, mixed.
    pub(super) fn name(&self, person: PersonIx) -> u64 {
        let (segment, n) = place(person);
        self.segments[segment].rows[n].name
    }

    /// The texts, each at its number; nothing at 0.
    pub(super) fn texts(&self) -> &[Arc<str>] {
        &self.words.texts
    }
}

/// The segment that holds `person`, and the place of their row there.
fn place(person: PersonIx) -> (usize, usize) {
    let row = person.row() as usize;
    (row / SEGMENT, row % SEGMENT)
}

/// The humans of whom something changed since the segments `old`.
fn changed<'s>(view: &View, old: &impl Fn(usize) -> Option<&'s Arc<Segment>>) -> BTreeSet<PersonIx> {
    let mut anew = BTreeSet::new();
    let mut row = 0;
    for (place, nodes) in view.people.segments().iter().enumerate() {
        let before = old(place);
        if before.is_none_or(|before| !Arc::ptr_eq(&before.nodes, nodes)) {
            for (n, node) in nodes.iter().enumerate() {
                let same = before
                    .and_then(|before| before.nodes.get(n))
                    .is_some_and(|old| Arc::ptr_eq(old, node));
                if !same {
                    let person = PersonIx::from_row(row + n as u32);
                    anew.extend([person, view.human(person)]);
                }
            }
        }
        row += nodes.len() as u32;
    }
    anew
}

impl Segment {
    fn glance(&self, n: usize) -> Glance<'_> {
        let before = n.checked_sub(1).map_or_else(Row::default, |before| self.rows[before]);
        let row = self.rows[n];
        Glance {
            row,
            skills: &self.skills[before.skills as usize..row.skills as usize],
            communities: &self.communities[before.communities as usize..row.communities as usize],
            languages: &self.languages[before.languages as usize..row.languages as usize],
        }
    }

    /// Adds the row of a segment before, which still holds.
    fn copy(&mut self, glance: Glance<'_>) {
        self.skills.extend_from_slice(glance.skills);
        self.communities.extend_from_slice(glance.communities);
        self.languages.extend_from_slice(glance.languages);
        self.close(glance.row);
    }

    /// Ends a row where its lists end.
    fn close(&mut self, row: Row) {
        self.rows.push(Row {
            skills: self.skills.len() as u32,
            communities: self.communities.len() as u32,
            languages: self.languages.len() as u32,
            ..row
        });
    }

    /// Adds the row of `person`; an empty one for an account for which another one stands.
    fn read(&mut self, view: &View, person: PersonIx, words: &mut Arc<Words>) {
        let mut row = Row::default();
        if view.human(person) == person {
            row.flags = flags(view, person);
            row.name = hashed(view.person_id(person).as_str().bytes());
            let unit = view.profile(person, |profile| profile.unit.as_ref());
            row.unit = unit.map_or(0, |unit| Words::number(words, unit.as_str()));
            let site = view.profile(person, |profile| profile.site.as_ref());
            row.site = site.map_or(0, |site| Words::number(words, site));
            let stated = view
                .profiles(person)
                .flat_map(|profile| profile.languages.iter().flatten());
            let tags: BTreeSet<&str> = stated.filter_map(|tag| tag.split('-').next()).collect();
            self.languages
                .extend(tags.into_iter().map(|tag| Words::number(words, tag)));
            self.communities.extend(view.communities_of(person));
            self.skills.extend(skills(view, person));
        } else {
            row.flags = LED;
        }
        self.close(row);
    }
}

fn flags(view: &View, person: PersonIx) -> u8 {
    let described = view.profiles(person).any(|profile| profile.known);
    let mut nodes = view.accounts(person).map(|account| view.people.get(account));
    let chose = nodes.any(|node| !node.preferences.is_empty());
    let plain = described && !chose && !view.has_left(person) && !view.is_external(person);
    let mut nodes = view.accounts(person).map(|account| view.people.get(account));
    let bound = nodes.any(|node| !node.absences.is_empty() || !node.asks.is_empty());
    let free = !chose && !bound && view.asks_per_week(person) != Some(0);
    let mut memberships = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).memberships);
    let animates = memberships.any(|(_, membership)| membership.role() == Some(MemberRole::Animator));
    u8::from(plain) * PLAIN + u8::from(free) * FREE + u8::from(animates) * ANIMATES
}

/// What is said of `person`, skill by skill.
fn skills(view: &View, person: PersonIx) -> Vec<Spoken> {
    let nodes = || view.accounts(person).map(|account| view.people.get(account));
    let said = nodes().flat_map(|node| node.assertions.iter().map(|((skill, ..), _)| *skill));
    let offered = nodes().flat_map(|node| node.interests.iter().map(|((skill, _), _)| *skill));
    let roots: BTreeSet<SkillIx> = said.chain(offered).map(|skill| view.skill_root(skill)).collect();
    let spoken = |root: SkillIx| {
        let statements = skill_statements_to(Audience::Me, view, &[root], person);
        let decision = Decision::on(view, person, root);
        let (mut worth, mut by) = (0, 0);
        for (proof, of) in &statements {
            worth += (of / GRAIN).round() as u32;
            by |= match proof {
                Proof::Assertion(_, origin, _) => {
                    let confirmed = if decision.is_confirmed() {
                        Said::Confirmed.bit()
                    } else {
                        0
                    };
                    confirmed
                        | match origin {
                            Origin::Declared => Said::Declared.bit(),
                            Origin::Endorsed => Said::Endorsed.bit(),
                            Origin::Imported => Said::Imported.bit(),
                        }
                }
                Proof::Interest(_, Stance::CanHelp | Stance::CanMentor | Stance::CanTrain) => Said::Offered.bit(),
                _ => 0,
            };
        }
        (worth > 0).then_some(Spoken {
            skill: root,
            worth,
            audience: decision.audience,
            by,
        })
    };
    roots.into_iter().filter_map(spoken).collect()
}

#[cfg(test)]
mod tests;
