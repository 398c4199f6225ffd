//! Which communities make a page: what is relevant, lively and animated, of several themes and units, with one in five from
//! outside the person's usual circle.
//!
//! Relevance stays what it is; only the order in which communities are shown changes, and each says why. On every page of
//! five no theme and no unit has more than two seats while others wait, the third seat at the latest is of the person's own
//! subjects when there is such a community, and the fifth is a step aside.

use super::attributes::Trait;
use super::likeness::Likeness;
use super::profile::Profile;
use super::ties::UnitTie;
use super::{Communities, Move, NewcomerQuery};
use crate::domain::UnitPath;
use crate::pipeline::{Seat, Selector};
use crate::world::text::Scratch;
use crate::world::{CommunityIx, Ix, View};
use std::collections::BTreeSet;

/// Seats of a page.
const PAGE: usize = 5;
/// Communities, by score, among which seats are given by more than score.
const POOL: usize = 60;
/// Seats that one theme, or one unit, has on a page while others wait.
const MOST_ALIKE: usize = 2;
/// The seat of a page, from 0, that at the latest is of the person's own subjects.
const OWN_SUBJECT: usize = 2;
/// What a whole theme in common with one that is seated costs. Scores are log-odds: e^−1 is a third of the chance.
const ALIKE: f64 = 1.0;
/// What it costs that nothing happened for half a year, and that nobody animates.
const QUIET: f64 = 1.0;
const NOT_ANIMATED: f64 = 0.5;
/// Days within which somebody joined a community that is lively.
const LIVELY_DAYS: i32 = 180;
/// A theme is shared when the smaller one has at least this part of its terms in the other.
const SAME_THEME: f64 = 0.5;
/// A community is of the usual circle when this part of the acquaintances, or more, is in it.
const USUAL: f64 = 0.25;

/// A community is of the usual circle when people of the person's unit are in it more often than elsewhere: by half, as a
/// logarithm.
const LIKE_UNIT: f64 = 0.405;

/// What a community is shown for: the rung of a ladder, so that nobody's page is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// It is about what the person knows, likes, works on or was invited to.
    Close,
    /// It is where people of their unit, site or communities are.
    Around,
    /// It is open to all.
    Open,
}

impl Ground {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Around => "around",
            Self::Open => "open",
        }
    }
}

/// For what `community` is shown to the person. Cost: a look-up a term of the person's.
pub fn ground(view: &View, query: &NewcomerQuery, community: CommunityIx) -> Ground {
    let tied = query.openness.is_invited(community) || query.profile.accompanied.contains_key(&community);
    if tied || is_own_subject(query, community) {
        return Ground::Close;
    }
    let known = query.census.place(community).acquainted.iter().any(|&count| count > 0);
    let alike = |bit: usize| query.census.sharing_in(community, bit) > 0;
    let site = query.attributes.range(Trait::Site).any(alike);
    let near = (0..query.own.len()).any(|own| query.census.in_both(own, community) > 0);
    if known || site || near || UnitTie::nearness(view, query, community) > 0.0 {
        Ground::Around
    } else {
        Ground::Open
    }
}

/// Whether it shares a tag or a telling word with the person's skills, interests, projects or questions.
fn is_own_subject(query: &NewcomerQuery, community: CommunityIx) -> bool {
    query.subjects.contains(&community)
}

/// The communities that share a tag or a telling word with what the person knows, likes, works on or asks about. Cost: the
/// postings of their terms.
pub(super) fn own_subjects(view: &View, profile: &Profile) -> BTreeSet<CommunityIx> {
    let (texts, mut scratch) = (&view.community_texts, Scratch::default());
    let documents = [&profile.tags, &profile.deeds, &profile.words];
    let mut found = BTreeSet::new();
    for document in documents.into_iter().filter(|document| document.length() > 0) {
        let hits = texts.top(document, texts.len(), &mut scratch, |a, b| a.cmp(&b), |_| true);
        found.extend(hits.into_iter().map(|hit| CommunityIx::from_row(hit.doc)));
    }
    found
}

/// Whether somebody gave something within 13 weeks, or joined within half a year.
pub fn is_lively(query: &NewcomerQuery, community: CommunityIx) -> bool {
    let place = query.census.place(community);
    let since = query.as_of.day().days() - LIVELY_DAYS;
    place.given_lately > 0 || place.joins.last().is_some_and(|&day| day > since)
}

/// The tables of a page.
pub struct Table;

/// A community to be seated.
struct Guest<'v> {
    community: CommunityIx,
    value: f64,
    is_lively: bool,
    is_animated: bool,
    theme: BTreeSet<&'v str>,
    unit: Option<&'v UnitPath>,
    is_usual: bool,
}

impl<'v> Guest<'v> {
    /// `own` are the themes of the person's communities.
    fn of(
        view: &'v View,
        query: &NewcomerQuery,
        own: &[BTreeSet<&'v str>],
        (community, score): (CommunityIx, f64),
    ) -> Self {
        let place = query.census.place(community);
        let alive = is_lively(query, community);
        let animated = !place.animators.is_empty();
        let costs = if alive { 0.0 } else { QUIET } + if animated { 0.0 } else { NOT_ANIMATED };
        let state = view.communities.get(community).state.as_deref();
        let unit = state.and_then(|s| s.unit.as_ref());
        let known = query.acquaintances.listed().len() as f64;
        let inside = f64::from(place.acquainted.iter().copied().max().unwrap_or(0));
        let theme = theme(view, community);
        let of_own = |own: &BTreeSet<&str>| overlap(&theme, own) >= SAME_THEME;
        let is_usual = UnitTie::nearness(view, query, community) > 0.0
            || (known > 0.0 && inside >= USUAL * known)
            || Likeness::ratio(Trait::Unit, query, community) > LIKE_UNIT
            || own.iter().any(of_own);
        Self {
            community,
            value: score - costs,
            is_lively: alive,
            is_animated: animated,
            unit,
            is_usual,
            theme,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        overlap(&self.theme, &other.theme) >= SAME_THEME
    }
}

/// The topics of a community, or its telling words when it states none.
fn theme(view: &View, community: CommunityIx) -> BTreeSet<&str> {
    let terms = view.community_texts.terms_of(community.row());
    let telling = terms
        .iter()
        .map(|&(term, _)| term)
        .filter(|term| !view.community_texts.is_common(term));
    let telling: BTreeSet<&str> = telling.collect();
    let tags: BTreeSet<&str> = telling.iter().copied().filter(|term| term.starts_with('#')).collect();
    if tags.is_empty() { telling } else { tags }
}

/// Terms in common / terms of the smaller theme: in 0..=1.
fn overlap(a: &BTreeSet<&str>, b: &BTreeSet<&str>) -> f64 {
    let smaller = a.len().min(b.len());
    if smaller == 0 {
        return 0.0;
    }
    a.intersection(b).count() as f64 / smaller as f64
}

impl Table {
    /// Places of `guests` in the order in which they are shown, each with why, when it is more than score.
    fn order(guests: &[Guest<'_>], is_own: impl Fn(usize) -> bool) -> Vec<(usize, Option<Move>)> {
        let mut left: Vec<usize> = (0..guests.len()).collect();
        let mut order: Vec<(usize, Option<Move>)> = Vec::with_capacity(guests.len());
        while !left.is_empty() {
            let seat = order.len() % PAGE;
            let page: Vec<usize> = order[order.len() - seat..].iter().map(|&(place, _)| place).collect();
            let value = |place: usize| {
                let alike = page
                    .iter()
                    .map(|&seated| overlap(&guests[place].theme, &guests[seated].theme));
                guests[place].value - ALIKE * alike.fold(0.0, f64::max)
            };
            let crowded = |place: usize| {
                let guest = &guests[place];
                let themes = page.iter().filter(|&&seated| guest.is_like(&guests[seated])).count();
                let units = page
                    .iter()
                    .filter(|&&seated| guest.unit.is_some() && guest.unit == guests[seated].unit);
                themes >= MOST_ALIKE || units.count() >= MOST_ALIKE
            };
            let best = |among: &dyn Fn(usize) -> bool| {
                let free = left.iter().copied().filter(|&place| among(place));
                // Of equal ones the last in `max_by` wins: reversed, that is the first by score.
                free.rev().max_by(|&a, &b| value(a).total_cmp(&value(b)))
            };
            let aside = |place: usize| !guests[place].is_usual && guests[place].is_lively && !crowded(place);
            let step = (seat == PAGE - 1).then(|| best(&aside)).flatten();
            let own = (seat == OWN_SUBJECT && !page.iter().any(|&place| is_own(place)))
                .then(|| best(&is_own))
                .flatten();
            let (place, why) = match (step, own) {
                (Some(place), _) => (place, Some(Move::SideStep)),
                (None, Some(place)) => (place, Some(Move::OwnSubject)),
                (None, None) => (best(&|place| !crowded(place)).unwrap_or(left[0]), None),
            };
            left.retain(|&other| other != place);
            order.push((place, why));
        }
        order
    }
}

impl Selector<Communities> for Table {
    fn seats(&self, view: &View, query: &NewcomerQuery, ranked: &[(CommunityIx, f64)]) -> Vec<Seat<Move>> {
        // The closest by subject is among the guests wherever its score puts it.
        let is_own = |community: CommunityIx| is_own_subject(query, community);
        let mut pool: Vec<usize> = (0..ranked.len().min(POOL)).collect();
        if !pool.iter().any(|&place| is_own(ranked[place].0)) {
            pool.extend((POOL..ranked.len()).find(|&place| is_own(ranked[place].0)));
        }
        let own: Vec<BTreeSet<&str>> = query.own.iter().map(|&own| theme(view, own)).collect();
        let guest = |&place: &usize| Guest::of(view, query, &own, ranked[place]);
        let guests: Vec<Guest<'_>> = pool.iter().map(guest).collect();
        let order = Self::order(&guests, |place| is_own(guests[place].community));
        let seated: BTreeSet<usize> = pool.iter().copied().collect();
        let others = (0..ranked.len()).filter(|place| !seated.contains(place));
        let chosen = order
            .into_iter()
            .map(|(n, why)| (pool[n], why, guests[n].is_lively && guests[n].is_animated));
        let all = chosen.chain(others.map(|place| (place, None, true)));
        let mut seats = vec![None; ranked.len()];
        for (turn, (place, why, is_lively)) in all.enumerate() {
            let moved = match (why, turn == place) {
                (Some(why), _) => Some(why),
                (None, true) => None,
                (None, false) if turn > place && !is_lively => Some(Move::Vigour),
                (None, false) => Some(Move::Diversity),
            };
            seats[place] = Some(Seat {
                wave: 1,
                turn,
                moved_by: moved,
            });
        }
        let nowhere = Seat {
            wave: 1,
            turn: ranked.len(),
            moved_by: None,
        };
        seats.into_iter().map(|seat| seat.unwrap_or(nowhere)).collect()
    }
}
