//! How communities and the network are: figures that give nobody away, findings with a way of animating, and what an
//! animator or a steward does with them.
//!
//! Invariants: only counts of people, never what one of them does (a member's activity, hours or absence shows nowhere but
//! to themself; days without any animator show to these animators alone); every finding cites a way of animating. Counts in
//! these types are exact, and those who tell them write `some` below five.

mod animating;
mod digest;
mod findings;
mod load;
mod months;
mod network;
mod newcomers;
mod objective;
mod questions;
mod silos;
mod succession;
#[cfg(test)]
mod tests;
mod thanks;
mod themes;
mod told;

pub(super) use animating::usual_members;
pub use digest::Digest;
pub use load::{AnimatedPlace, Companion, OwnLoad, WeekHours};
pub use network::{Forecast, NamedCommunity, NetworkHealth};
pub use newcomers::WaitingNewcomers;
pub use objective::{Measured, ObjectiveProgress};
pub use questions::Fares;
pub(super) use questions::WINDOW_DAYS;
pub use silos::Silos;
pub use succession::Succession;
pub use thanks::{Thanks, WorthThanking};
pub use told::{ToldFinding, ToldWay};

use super::answers::QueryError;
use super::reader::{Reader, sees_community, viewer};
use super::service::Service;
use super::snapshot::Snapshot;
use crate::domain::{Day, MemberRole, Timestamp};
use crate::recommend::Tongue;
use crate::signals::{Circle, Viewer, circles_at};
use crate::world::{CommunityIx, View};
use told::Teller;

/// Months over which a trend is told.
const MONTHS: usize = 12;

/// How many people are in each circle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CircleCounts {
    /// Gave 8 or more within 90 days, in 3 or more distinct weeks.
    pub core: usize,
    /// Gave 3 or more within 90 days.
    pub active: usize,
    /// Gave something within 365 days.
    pub occasional: usize,
    /// Belong, and gave nothing within 365 days: nobody's reading is recorded.
    pub silent: usize,
}

impl CircleCounts {
    fn of(circles: impl IntoIterator<Item = Circle>) -> Self {
        let mut counts = Self::default();
        for circle in circles {
            *match circle {
                Circle::Core => &mut counts.core,
                Circle::Active => &mut counts.active,
                Circle::Occasional => &mut counts.occasional,
                Circle::Silent => &mut counts.silent,
            } += 1;
        }
        counts
    }
}

/// One month of a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthHealth {
    /// Its first day, in UTC.
    pub month: Day,
    /// The circles at its end.
    pub circles: CircleCounts,
    /// How the questions asked in it fared, as far as they had their seven days.
    pub questions: Fares,
}

/// How a community is.
#[derive(Clone, Debug, PartialEq)]
pub struct CommunityHealth {
    /// The circles now.
    pub circles: CircleCounts,
    /// The last twelve whole months, in order.
    pub months: Vec<MonthHealth>,
    /// How the questions of the 90 days that ended seven days ago fared.
    pub questions: Fares,
    /// People who joined, or asked for the first time, in the last 90 days.
    pub newcomers: usize,
    /// How many of these wait for an answer.
    pub newcomers_waiting: usize,
    /// How far what is known here hangs on few people.
    pub succession: Succession,
    /// Its own stated objective, before and now.
    pub objective: Option<ObjectiveProgress>,
    /// Ways of animating that serve that objective.
    pub ways: Vec<ToldWay>,
    /// What is worth attention; nothing of an archived community.
    pub findings: Vec<ToldFinding>,
}

/// Members usual for an animator of the organisation: worked out where somebody asks, and once a published state.
pub(super) type Usual<'a> = &'a dyn Fn() -> usize;

/// How `community` is; `own` when the reader animates it. Cost: its members and questions, the circles of twelve months.
pub(super) fn community_health(
    view: &View,
    community: CommunityIx,
    as_of: Timestamp,
    own: bool,
    (teller, usual): (&Teller<'_>, Usual<'_>),
) -> CommunityHealth {
    let months = months::last_months(as_of, MONTHS);
    let mut ends: Vec<Timestamp> = months.iter().map(|month| month.end()).collect();
    ends.push(as_of);
    let mut counts = circles_at(view, community, &ends)
        .into_iter()
        .map(|circles| CircleCounts::of(circles.into_values()));
    let told_month = |month: &months::Month| MonthHealth {
        month: month.first,
        circles: counts.next().unwrap_or_default(),
        questions: Fares::of(view, community, month.span().up_to(questions::ripe(as_of))),
    };
    let months = months.iter().map(told_month).collect();
    let newcomers = newcomers::Newcomers::of(view, community, as_of);
    let objective = ObjectiveProgress::of(view, community, as_of);
    let occasion = told::occasion(view, community);
    let mut health = CommunityHealth {
        circles: counts.next().unwrap_or_default(),
        months,
        questions: Fares::lately(view, community, as_of),
        newcomers: newcomers.people,
        newcomers_waiting: newcomers.waiting_for(view, 0, as_of),
        succession: Succession::of(view, community, as_of, teller.tongue),
        ways: teller.for_objective(occasion),
        objective,
        findings: Vec::new(),
    };
    let found = findings::findings(view, community, as_of, (&health, usual));
    health.findings = found
        .into_iter()
        .map(|found| teller.tell(found, occasion, own))
        .collect();
    health
}

/// The viewer, and the community called `id`, when they may see it and animate it.
///
/// # Errors
/// [`QueryError::NotFound`] otherwise: nothing tells one reason from another.
fn own_community(view: &View, reader: Option<&Reader>, id: &str) -> Result<(Viewer, CommunityIx), QueryError> {
    let viewer = viewer(view, reader);
    let found = view.communities.find(id).filter(|&c| sees_community(view, &viewer, c));
    let own = found.filter(|&c| reader.is_some_and(|reader| reader.animates) && animates(view, &viewer, c));
    Ok((viewer, own.ok_or(QueryError::NotFound("community"))?))
}

/// Whether the viewer animates `community`, or reads with a key of its animators.
pub(super) fn animates(view: &View, viewer: &Viewer, community: CommunityIx) -> bool {
    let role = viewer.person.and_then(|person| view.role(person, community));
    viewer.animates.contains(&community) || role == Some(MemberRole::Animator)
}

impl Service {
    /// What words findings, in `tongue`.
    pub(super) fn teller(&self, tongue: Tongue) -> Teller<'_> {
        Teller {
            playbook: &self.playbook,
            tongue,
            manner: self.manner,
        }
    }

    /// The published state, and the instant as of which it is answered from.
    fn state(&self) -> (std::sync::Arc<Snapshot>, Timestamp) {
        let snapshot = self.snapshot();
        let as_of = snapshot.as_of(self.now());
        (snapshot, as_of)
    }
}
