//! Findings as they are told: with their words, their figures, and the ways of animating that answer them.

use super::findings::Found;
use super::questions::FEW;
use crate::domain::DaySpan;
use crate::recommend::{Finding, Manner, Occasion, Param, Playbook, Seen, Tongue, Voice, Way, reason, said};
use crate::world::{CommunityIx, View};

/// Ways that a finding cites at most.
const WAYS: usize = 2;

/// A way of animating, and why it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldWay {
    /// Its identifier in the playbook.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it is for, and what of the community it suits.
    pub reason: String,
}

/// A finding, as a reader is told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldFinding {
    /// What was found.
    pub finding: Finding,
    /// Its figures, for platforms that word it themselves; counts of people under five read `some`.
    pub params: Vec<(&'static str, Param)>,
    /// It, in the reader's language: the aim and a way of animating first.
    pub text: String,
    /// Ways of animating that answer it: at least one.
    pub ways: Vec<ToldWay>,
    /// The days that it is about; only for those who animate the community.
    pub days: Vec<DaySpan>,
}

/// What words findings.
#[derive(Clone, Copy)]
pub(in crate::app) struct Teller<'a> {
    pub(super) playbook: &'a Playbook,
    pub(super) tongue: Tongue,
    pub(super) manner: Manner,
}

impl Teller<'_> {
    /// `found` as it is told about a community, or the network; its days to those alone who animate it.
    pub(super) fn tell(&self, found: Found, occasion: Occasion, own: bool) -> ToldFinding {
        let Found { seen, days } = found;
        let ways = self.ways(self.playbook.for_finding(seen.finding, occasion), occasion);
        let title = ways.first().map_or("", |way| &way.title);
        ToldFinding {
            text: said(self.tongue, self.manner, Voice::Advice, &seen, title),
            params: params(&seen),
            finding: seen.finding,
            ways,
            days: if own { days } else { Vec::new() },
        }
    }

    /// The title of the way that answers `finding` first.
    pub(super) fn way(&self, finding: Finding, occasion: Occasion) -> String {
        let ways = self.playbook.for_finding(finding, occasion);
        ways.first()
            .map_or_else(String::new, |way| way.guide(self.tongue).title.clone())
    }

    /// Ways that serve the objective of the community, when it has one.
    pub(super) fn for_objective(&self, occasion: Occasion) -> Vec<ToldWay> {
        let ways = occasion
            .measure
            .map(|measure| self.playbook.for_objective(measure, occasion.kind));
        self.ways(ways.unwrap_or_default(), occasion)
    }

    fn ways(&self, ways: Vec<&Way>, occasion: Occasion) -> Vec<ToldWay> {
        let told = |way: &Way| ToldWay {
            id: way.id.clone(),
            title: way.guide(self.tongue).title.clone(),
            reason: reason(self.tongue, way, occasion),
        };
        ways.into_iter().take(WAYS).map(told).collect()
    }
}

/// What of a community ways of animating are chosen by.
pub(super) fn occasion(view: &View, community: CommunityIx) -> Occasion {
    let state = view.communities.get(community).state.as_deref();
    Occasion {
        kind: state.and_then(|state| state.kind),
        measure: state
            .and_then(|state| state.objective.as_ref())
            .map(|objective| objective.measure),
    }
}

/// The figures of a finding under the names that platforms word it by.
fn params(seen: &Seen) -> Vec<(&'static str, Param)> {
    let count = |name| (name, Param::Count(seen.count));
    let people = |name| match seen.count {
        few if few < FEW => (name, Param::Text("some".to_owned())),
        many => (name, Param::Count(many)),
    };
    let against = |name| (name, Param::Count(seen.against));
    let names = |name| (name, Param::List(seen.names.clone()));
    match seen.finding {
        Finding::NoAnimator | Finding::FirstTimeAnimatorAlone => vec![],
        Finding::CoverNeeded | Finding::Quiet => vec![count("days")],
        Finding::NewcomersWaiting | Finding::AnimatorsStretched => vec![people("people")],
        Finding::UnansweredRising => vec![count("per_cent"), against("per_cent_before")],
        Finding::AskedAgain => vec![count("count"), names("names")],
        Finding::AnswersFromFew => vec![count("half_from")],
        Finding::SubjectsOnFew => vec![names("names")],
        Finding::ManyMembers => vec![count("members"), against("usual")],
        Finding::CommunitiesWithoutAnimator => vec![count("communities")],
        Finding::AnimatorsNeeded => vec![count("needed"), against("filled")],
        Finding::UnitsApart => vec![count("pairs")],
    }
}
