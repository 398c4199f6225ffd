//! Communities, their members, and what people do in them.

use super::{CommunityId, Day, Hours, Patch, PersonId, ProjectId, UnitPath};
use std::sync::Arc;

/// What a community is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommunityKind {
    /// People who like a subject.
    Interest,
    /// People who practise a craft.
    Practice,
    /// People of one project.
    Project,
    /// A committee.
    Instance,
    /// People who watch a subject and post what they find.
    Watch,
    /// A team of the organisation.
    Team,
    /// People who take part in a process.
    Process,
    /// Not said.
    Unspecified,
}

/// Who may join and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Everybody reads and joins.
    Open,
    /// Everybody asks to join.
    Request,
    /// Members only.
    Private,
}

/// What one `community.upserted` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CommunityPatch {
    /// The community's name.
    pub name: Patch<Arc<str>>,
    /// What it is about.
    pub description: Patch<Arc<str>>,
    /// What it is for.
    pub kind: Patch<CommunityKind>,
    /// Who may join and read.
    pub access: Patch<Access>,
    /// Subjects, matched whole.
    pub topics: Patch<Vec<Arc<str>>>,
    /// BCP 47 tag of its working language.
    pub language: Patch<Arc<str>>,
    /// The unit it belongs to.
    pub unit: Patch<UnitPath>,
    /// The project it accompanies.
    pub project: Patch<ProjectId>,
    /// Who backs it.
    pub sponsor: Patch<PersonId>,
    /// Where its charter is.
    pub charter_url: Patch<Arc<str>>,
    /// Belonging to it says something private: it feeds no inference.
    pub sensitive: Patch<bool>,
    /// Where the platform shows it.
    pub url: Patch<Arc<str>>,
}

/// A person's part in a community. An animator is a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberRole {
    /// Belongs to it.
    Member,
    /// Animates it.
    Animator,
}

/// What a community measures its objective by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectiveMeasure {
    /// Share of questions without an answer by another person within seven days.
    UnansweredRate,
    /// Time to the first answer.
    FirstAnswer,
    /// Newcomers whose question was answered.
    NewcomersAnswered,
    /// People who hold the subject.
    Holders,
}

/// A community's own stated objective.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Objective {
    /// What is wrong today, in the community's words.
    pub problem: Arc<str>,
    /// What shows progress.
    pub measure: ObjectiveMeasure,
    /// The figure aimed at, in millionths of the measure's unit.
    pub target_micros: Option<i64>,
    /// When to look at it again.
    pub review: Option<Day>,
}

/// Where a contribution was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContributionPlace {
    /// In a community.
    Community(CommunityId),
    /// In a project.
    Project(ProjectId),
    /// Not said.
    Unspecified,
}

/// What kind of contribution it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContributionForm {
    /// A watch item.
    Watch,
    /// A practice.
    Practice,
    /// An experience.
    Experience,
    /// Minutes of a meeting.
    Minutes,
    /// A document.
    Document,
    /// A message.
    Message,
}

/// Volume without text: so many contributions by somebody, somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contribution {
    /// Who contributed.
    pub person: PersonId,
    /// Where.
    pub place: ContributionPlace,
    /// How many, at least 1.
    pub count: u32,
    /// Subjects, matched whole.
    pub topics: Vec<Arc<str>>,
    /// What kind.
    pub form: Option<ContributionForm>,
}

/// An offer to animate. Empty lists mean "wherever useful"; in a withdrawal, "all of it".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Offer {
    /// Who offers.
    pub person: PersonId,
    /// Which communities.
    pub communities: Vec<CommunityId>,
    /// Which subjects.
    pub topics: Vec<Arc<str>>,
    /// How many hours a week.
    pub hours_per_week: Option<Hours>,
    /// The last day of the offer.
    pub until: Option<Day>,
}

/// What was proposed to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProposalKind {
    /// To co-animate a community.
    CoAnimator,
    /// To join a community.
    Community,
}
