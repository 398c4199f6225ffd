//! What is worth attention in one community: each finding with the rule that makes it.

use super::animating::{alone_the_first_time, animators, uncovered};
use super::months::Span;
use super::newcomers::Newcomers;
use super::questions::{Fares, WINDOW_DAYS, ripe};
use super::succession::newest_gift;
use super::themes::themes;
use super::{CommunityHealth, Usual};
use crate::domain::{DAY_MICROS, DaySpan, Timestamp};
use crate::recommend::{Finding, Seen};
use crate::signals::workload::is_archived;
use crate::world::{CommunityIx, View};

/// Days without any animator from which cover is needed: fewer are nobody's business.
const COVER_DAYS: usize = 5;
/// Days after which a newcomer has waited long.
pub(super) const WAIT_DAYS: i64 = 3;
/// By how many in a hundred the unanswered rate rises, at least.
const RISE: usize = 15;
/// Answers of a year from which it is told how many people gave half of them, and how many these are at most.
const HALF: (usize, usize) = (10, 2);
/// Days without a contribution after which a community is quiet.
const QUIET_DAYS: i64 = 60;
/// Members from which there can be too many for an animator, and how many times the usual number that is.
const MANY: (usize, usize) = (30, 2);

/// A finding, and the days that it is about, which only the community's own animators may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) seen: Seen,
    pub(super) days: Vec<DaySpan>,
}

impl From<Seen> for Found {
    fn from(seen: Seen) -> Self {
        Self { seen, days: Vec::new() }
    }
}

/// What is found about `community`, in the order of findings; nothing about an archived one. Cost: its members and
/// questions; where it has many members, what is usual in the organisation.
pub(super) fn findings(
    view: &View,
    community: CommunityIx,
    as_of: Timestamp,
    (health, usual): (&CommunityHealth, Usual<'_>),
) -> Vec<Found> {
    if is_archived(view, community) {
        return Vec::new();
    }
    let mut found = about_animators(view, community, as_of);
    let waiting = Newcomers::of(view, community, as_of).waiting_for(view, WAIT_DAYS, as_of);
    if waiting > 0 {
        found.push(Seen::of(Finding::NewcomersWaiting).counting(waiting).into());
    }
    found.extend(rising(view, community, as_of, &health.questions).map(Found::from));
    let again = themes(view, community, as_of).into_iter();
    found.extend(again.map(|theme| {
        Found::from(
            Seen::of(Finding::AskedAgain)
                .counting(theme.asked)
                .naming(vec![theme.name]),
        )
    }));
    let succession = &health.succession;
    if succession.answers >= HALF.0 && succession.half_from <= HALF.1 {
        found.push(Seen::of(Finding::AnswersFromFew).counting(succession.half_from).into());
    }
    if !succession.subjects.is_empty() {
        found.push(
            Seen::of(Finding::SubjectsOnFew)
                .naming(succession.subjects.clone())
                .into(),
        );
    }
    found.extend(many(view, community, usual).map(Found::from));
    let quiet = as_of.plus_micros(-QUIET_DAYS * DAY_MICROS);
    if newest_gift(view, community, as_of).is_some_and(|newest| newest <= quiet) {
        found.push(Seen::of(Finding::Quiet).counting(QUIET_DAYS as usize).into());
    }
    found
}

fn about_animators(view: &View, community: CommunityIx, as_of: Timestamp) -> Vec<Found> {
    let animators = animators(view, community);
    if animators.is_empty() {
        return vec![Seen::of(Finding::NoAnimator).into()];
    }
    let mut found = Vec::new();
    let (count, days) = uncovered(view, &animators, as_of);
    if count >= COVER_DAYS {
        let seen = Seen::of(Finding::CoverNeeded).counting(count);
        found.push(Found { seen, days });
    }
    if alone_the_first_time(view, &animators, as_of) {
        found.push(Seen::of(Finding::FirstTimeAnimatorAlone).into());
    }
    found
}

/// The unanswered rate of the last 90 days against that of the 90 before, where both are told.
fn rising(view: &View, community: CommunityIx, as_of: Timestamp, now: &Fares) -> Option<Seen> {
    let earlier = Span::ending(ripe(as_of).plus_micros(-WINDOW_DAYS * DAY_MICROS), WINDOW_DAYS);
    // Whole ones: what a difference of two rounded rates is would hang on their last bits.
    let per_cent = |fares: &Fares| Some((fares.unanswered_rate()? * 100.0).round() as usize);
    let now = per_cent(now)?;
    let before = per_cent(&Fares::of(view, community, earlier))?;
    let rises = now >= before + RISE;
    rises.then(|| Seen::of(Finding::UnansweredRising).counting(now).against(before))
}

/// Members for each animator, where they are many.
fn many(view: &View, community: CommunityIx, usual: Usual<'_>) -> Option<Seen> {
    let (members, animators) = (view.members_of(community).len(), animators(view, community).len());
    if animators == 0 || members < MANY.0 {
        return None;
    }
    let (each, usual) = (members.div_ceil(animators), usual());
    (each >= MANY.1 * usual).then(|| Seen::of(Finding::ManyMembers).counting(each).against(usual))
}
