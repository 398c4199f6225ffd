//! Everybody who is found, at a glance: who fits, whom a filter keeps out, and what they are like: facets are counted over
//! everybody who is found, whatever part of the list is shown, with a facet's own filter left out of its own counts.
//!
//! A small count can give a person away: what counts fewer than five is told as *some*, and is not ordered by its count.

use super::SearchQuery;
use super::apart::{Match, Standing};
use super::eligibility::{Eligible, Exclusion, shows_otherwise};
use super::facets::{Counted, FEW, Facet, Key, Said};
use super::glance::Glance;
use super::grounds::shows_members;
use super::lens::can_be_asked;
use crate::parallel::joined;
use crate::pipeline::Filter as _;
use crate::signals::foremost::foremost;
use crate::world::{CommunityIx, Ix as _, PersonIx, SkillIx, View};
use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Values of a facet that are told at most.
const VALUES: usize = 20;
/// Candidates who are gone through in one piece.
const PART: usize = 2_048;

/// Somebody who is found and is as the reader wants people to be.
#[derive(Clone, Copy, Debug)]
struct Fit {
    person: PersonIx,
    place: u64,
}

/// Where somebody comes before equals are told apart, the least first: by match, depth and what is measured of it, the most
/// first. One number, because tens of thousands are compared.
fn place(standing: &Standing) -> u64 {
    let close = u64::from(standing.matched == Match::Close);
    // What is not negative is ordered as its bits are, the highest of which is 0; what differs in the last two alone is equal.
    let measure = standing.measure.to_bits() >> 2;
    close << 63 | u64::from(3 - standing.band) << 61 | ((1 << 61) - 1 - measure)
}

/// Everybody who is found.
pub struct Found {
    /// Those who fit and come first, in order of index.
    pub first: Vec<PersonIx>,
    /// How many fit and match exactly, and how many come close.
    pub matching: [usize; 2],
    /// What they are like.
    pub facets: Vec<(Facet, Vec<Counted>)>,
    /// The filters without each of which somebody would pass who does not.
    pub leave_out: Vec<Facet>,
    /// Whether somebody is found whom a filter keeps out.
    pub beside: bool,
}

impl Found {
    /// Those of `candidates` whom the reader may be shown. Of more than `most` who fit, those come first whom match, depth and
    /// what is measured of it put there, equal ones by their turn of the day. Cost: a row each, and the view where a row does
    /// not say enough.
    pub fn of(view: &View, query: &SearchQuery, candidates: &[PersonIx], most: usize) -> Self {
        // Who is not among the first of a part is not among the first of all.
        let part = |part: &[PersonIx]| Seen::of(view, query, part).first(view, query, most);
        let seen = joined(candidates, PART, part, Seen::join).first(view, query, most);
        let mut first: Vec<PersonIx> = seen.fits.iter().map(|fit| fit.person).collect();
        first.sort_unstable();
        Self {
            first,
            matching: seen.matching,
            facets: seen.counts.told(view, query),
            leave_out: seen.freed.into_iter().collect(),
            beside: seen.beside,
        }
    }
}

/// What was seen of some of the candidates.
struct Seen {
    fits: Vec<Fit>,
    /// How many fit and match exactly, and how many come close.
    matching: [usize; 2],
    counts: Counts,
    /// The filters without each of which somebody would pass who does not.
    freed: BTreeSet<Facet>,
    /// Whether somebody is found whom a filter keeps out.
    beside: bool,
}

impl Seen {
    fn of(view: &View, query: &SearchQuery, candidates: &[PersonIx]) -> Self {
        let mut seen = Self {
            fits: Vec::new(),
            matching: [0; 2],
            counts: Counts::of(view, query),
            freed: BTreeSet::new(),
            beside: false,
        };
        candidates.iter().for_each(|&person| seen.add(view, query, person));
        seen
    }

    fn add(&mut self, view: &View, query: &SearchQuery, person: PersonIx) {
        let glance = query.glances().at(person);
        if !is_met(view, query, person, glance) {
            return;
        }
        let standing = Standing::of(query, person, glance);
        if !standing.said && !shows_otherwise(view, query, person) {
            return;
        }
        let (first, second) = {
            let mut failing = query.lens().failing(view, query, (person, glance));
            (failing.next(), failing.next())
        };
        self.beside |= first.is_some();
        if second.is_some() {
            return;
        }
        self.freed.extend(first);
        self.counts.add(view, query, (person, glance, standing.by), first);
        if first.is_none() {
            self.matching[usize::from(standing.matched == Match::Close)] += 1;
            let place = place(&standing);
            self.fits.push(Fit { person, place });
        }
    }

    /// This, with those `most` alone of them who fit that come first.
    fn first(mut self, view: &View, query: &SearchQuery, most: usize) -> Self {
        // Many are equals: turns are reckoned of those alone among whom they decide.
        let turn = |fit: Fit| (query.turn(fit.person), view.person_id(fit.person));
        self.fits = foremost(self.fits.iter().copied(), most, |fit| fit.place, turn);
        self
    }

    /// This, and what was seen of those who come after.
    fn join(&mut self, after: Self) {
        self.fits.extend(after.fits);
        let matching = self.matching.iter_mut().zip(after.matching);
        matching.for_each(|(count, more)| *count += more);
        self.counts.join(&after.counts);
        self.freed.extend(after.freed);
        self.beside |= after.beside;
    }
}

/// Whether nothing about the person themself keeps the reader from finding them.
fn is_met(view: &View, query: &SearchQuery, person: PersonIx, glance: Glance<'_>) -> bool {
    let kept = [
        Exclusion::Unknown,
        Exclusion::Left,
        Exclusion::OptedOut,
        Exclusion::Stranger,
    ];
    let excludes = |reason| Eligible(reason).excludes(view, query, person).is_some();
    (glance.is_plain() && !query.by_guest()) || !kept.into_iter().any(excludes)
}

/// How many have each value.
struct Counts {
    skills: Vec<u32>,
    communities: Vec<u32>,
    /// By the number of the text.
    units: Vec<u32>,
    sites: Vec<u32>,
    languages: Vec<u32>,
    /// Who cannot be turned to, and who can.
    available: [u32; 2],
    origins: [u32; Said::ALL.len()],
}

impl Counts {
    fn of(view: &View, query: &SearchQuery) -> Self {
        let texts = query.glances().texts().len();
        Self {
            skills: vec![0; view.skills.len()],
            communities: vec![0; view.communities.len()],
            units: vec![0; texts],
            sites: vec![0; texts],
            languages: vec![0; texts],
            available: [0; 2],
            origins: [0; Said::ALL.len()],
        }
    }

    /// Counts whom `other` counted, too.
    fn join(&mut self, other: &Self) {
        let pairs: [(&mut [u32], &[u32]); 7] = [
            (&mut self.skills, &other.skills),
            (&mut self.communities, &other.communities),
            (&mut self.units, &other.units),
            (&mut self.sites, &other.sites),
            (&mut self.languages, &other.languages),
            (&mut self.available, &other.available),
            (&mut self.origins, &other.origins),
        ];
        for (counts, more) in pairs {
            counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
    }

    /// Counts the person, with their row and by what they are found, under every facet, or under `only` that one.
    fn add(
        &mut self,
        view: &View,
        query: &SearchQuery,
        (person, glance, by): (PersonIx, Glance<'_>, u8),
        only: Option<Facet>,
    ) {
        let wanted = |facet| only.is_none_or(|only| only == facet);
        if wanted(Facet::Skill) {
            let audience = query.audience(person);
            let shown = glance.skills.iter().filter(|spoken| spoken.audience >= audience);
            shown.for_each(|spoken| self.skills[spoken.skill.row() as usize] += 1);
        }
        if wanted(Facet::Unit) {
            self.units[glance.unit() as usize] += 1;
        }
        if wanted(Facet::Site) {
            self.sites[glance.site() as usize] += 1;
        }
        if wanted(Facet::Language) {
            let spoken = glance.languages.iter();
            spoken.for_each(|&language| self.languages[language as usize] += 1);
        }
        if wanted(Facet::Availability) {
            self.available[usize::from(can_be_asked(view, query, person, glance))] += 1;
        }
        if wanted(Facet::Community) {
            let places = glance.communities.iter();
            places.for_each(|community| self.communities[community.row() as usize] += 1);
        }
        if wanted(Facet::Origin) {
            for ((_, said), count) in Said::ALL.iter().zip(&mut self.origins) {
                *count += u32::from(by & said.bit() != 0);
            }
        }
    }

    /// Each facet with its values; of communities those alone whose members the reader may be told of.
    fn told(&self, view: &View, query: &SearchQuery) -> Vec<(Facet, Vec<Counted>)> {
        let texts = query.glances().texts();
        let named = |counts: &[u32]| -> Vec<(Key, u32)> {
            let told = texts.iter().zip(counts).skip(1);
            told.map(|(text, &count)| (Key::Text(Arc::clone(text)), count))
                .collect()
        };
        let coded = |code: &str, count: u32| (Key::Text(code.into()), count);
        let values = |facet: Facet| -> Vec<(Key, u32)> {
            match facet {
                Facet::Skill => rows(&self.skills, |row| Key::Skill(SkillIx::from_row(row))),
                Facet::Community => {
                    let mut told = rows(&self.communities, |row| Key::Community(CommunityIx::from_row(row)));
                    told.retain(|(key, _)| {
                        matches!(key, Key::Community(community) if shows_members(view, query.viewer(), *community))
                    });
                    told
                }
                Facet::Unit => with_units_above(texts, &self.units),
                Facet::Site => named(&self.sites),
                Facet::Language => named(&self.languages),
                Facet::Availability => {
                    let [unavailable, available] = self.available;
                    vec![coded("available", available), coded("unavailable", unavailable)]
                }
                Facet::Origin => {
                    let told = Said::ALL.iter().zip(self.origins);
                    told.map(|((code, _), count)| coded(code, count)).collect()
                }
            }
        };
        Facet::ALL.map(|facet| (facet, listed(view, values(facet)))).into()
    }
}

fn rows(counts: &[u32], key: impl Fn(u32) -> Key) -> Vec<(Key, u32)> {
    let counted = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    counted.map(|(row, &count)| (key(row as u32), count)).collect()
}

/// Whoever works in a unit works in those above it.
fn with_units_above(texts: &[Arc<str>], counts: &[u32]) -> Vec<(Key, u32)> {
    let mut units: HashMap<&str, u32> = HashMap::new();
    for (path, &count) in texts.iter().zip(counts).skip(1).filter(|(_, count)| **count > 0) {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        ends.filter(|&end| end > 0)
            .for_each(|end| *units.entry(&path[..end]).or_default() += count);
    }
    units
        .into_iter()
        .map(|(unit, count)| (Key::Text(unit.into()), count))
        .collect()
}

/// The values that most have, first; those that fewer than five have come after, by name alone.
fn listed(view: &View, mut counts: Vec<(Key, u32)>) -> Vec<Counted> {
    fn name<'n>(view: &'n View, key: &'n Key) -> &'n str {
        match key {
            Key::Skill(skill) => view.skills.get(*skill).id.as_str(),
            Key::Community(community) => view.communities.get(*community).id.as_str(),
            Key::Text(text) => text,
        }
    }
    let shown = |count: u32| if (count as usize) < FEW { 0 } else { count };
    let first = |a: &(Key, u32), b: &(Key, u32)| {
        let by_count = shown(b.1).cmp(&shown(a.1));
        by_count.then_with(|| name(view, &a.0).cmp(name(view, &b.0)))
    };
    counts.retain(|(_, count)| *count > 0);
    if counts.len() > VALUES {
        counts.select_nth_unstable_by(VALUES, first);
        counts.truncate(VALUES);
    }
    counts.sort_unstable_by(first);
    let told = |(key, count): (Key, u32)| Counted {
        key,
        count: count as usize,
    };
    counts.into_iter().map(told).collect()
}
