//! Use cases: everything that the service does, without a wire.
//!
//! One writer thread owns the log and the World; everybody else reads snapshots. An event is acknowledged after it is
//! durable **and** visible. Nothing here knows HTTP, JSON bodies or a terminal; time and randomness come from outside.

mod access;
mod answers;
mod audit;
mod cards;
mod clock;
mod co_animators;
mod communities;
mod condition;
mod erasure;
mod feedback;
mod fold;
mod full_disk;
mod health;
mod ingest;
mod meters;
mod models;
mod my_skills;
mod names;
mod own;
mod plans;
mod reader;
mod recommendations;
mod retention;
mod search;
mod service;
mod skill_map;
mod snapshot;
mod sources;
mod stats;
mod tally;
mod triage;
mod upkeep;
mod verify;
mod webhooks;
mod writer;

pub use access::{
    Identity, IssuedToken, KeyError, NewKey, OWN_SOURCE, Oidc, OidcSettings, Scope, Stranger, TOKEN_MINUTES,
    TokenError, Via,
};
pub use answers::{
    AlreadyAnswered, DraftAnswer, DraftRequest, ExpertsRequest, ManyExperts, QueryError, Reply, UnderstoodAs,
};
pub use audit::{AuditAction, AuditEntry, AuditError, AuditLine, AuditPage, AuditQuery, check_audit_of};
pub use cards::{Card, CardCommunity, CardRequest, CardSkill, CommunityCard, Named, PersonCard, QuestionFigures};
pub use clock::Clock;
pub use co_animators::CoAnimatorsRequest;
pub use communities::CommunitiesRequest;
pub use condition::Condition;
pub use erasure::{EraseError, Erased};
pub use feedback::{Feedback, FeedbackError};
pub use health::{
    AnimatedPlace, CircleCounts, CommunityHealth, Companion, Digest, Fares, Forecast, Measured, MonthHealth,
    NamedCommunity, NetworkHealth, ObjectiveProgress, OwnLoad, Silos, Succession, Thanks, ToldFinding, ToldWay,
    WaitingNewcomers, WeekHours, WorthThanking,
};
pub use ingest::{Ahead, IngestError, IngestReport, NumberedLine, ReadBatch, RejectedLine};
pub use meters::describe_meters;
pub use models::{
    Choice, Fate, FitError, FitOutcome, Lesson, Model, Models, ModelsError, Proposal, Reason as FitReason, SHIPPED,
    Shelf, Verdict,
};
pub use my_skills::{MyConclusion, MyProject, MySkill, MySkills, MyStatement, PartChange, PartRole, SkillChange};
pub use names::{NamePlace, NamedPerson, NamesPage, NamesRequest};
pub use own::{
    Concluded, ExportError, Held, HeldAsked, HeldInvitation, HeldPlace, HeldProposal, HeldSubject, Invitations,
    OwnQuestion, OwnQuestions, PersonExport, PurposeWish, Retained, StatementError, Wish, Wishes,
};
pub use plans::{AsksRequest, CoAnimatorsPlanRequest, PLANNED_MOST, PlannedAsks, PlannedCoAnimators};
pub use reader::Reader;
pub use recommendations::{Mark, RECOMMENDATIONS_BYTES};
pub use retention::{RetireError, Retired, Windows};
pub use search::{SearchPlace, SearchRequest, Searched};
pub use service::{Edition, OpenError, Service, Settings};
pub use skill_map::{
    Counted, Few, HeldByFew, Inference, Lists as SkillMapLists, MapColumn, MapPage, MapRow, MapRules, MapWish,
    MapsOnMe, Number, Occasion as MapOccasion, Release, SkillMapError, Slice, Target, Trend, Unmet,
};
pub use snapshot::Snapshot;
pub use sources::{SourceRules, Sources};
pub use stats::Stats;
pub use tally::SourceStats;
// What callers hand in and get back, so that the wire need not look below this floor.
pub use crate::fit::{Apart as LearntApart, Check as LearntCheck};
pub use crate::ingest::{BatchError, BodyFormat, Line, canonical_tag, limits, split, to_plain};
pub use crate::pipeline::Order;
pub use crate::recommend::{
    Added, Aim, AnimatorLoad, AsksItem, AsksPlan, Citation, CoAnimatorPick, CoAnimatorsAnswer, CoAnimatorsItem,
    CoAnimatorsPlan, CommunitiesAnswer, Confidence, Covers, ExpertsAnswer, FacetValue, Finding, Greeting, Guide, Hit,
    Idle, InFull, Manner, Nobody, Param, Pick, Playbook, Reason, Recommender, SearchAnswer, Share, Someone, Spread,
    Told, Tongue, TopicShown, Unshared, Waiting, Way, Welcome,
};
pub use crate::signals::Circle;
pub use crate::signals::search::Said;
pub use crate::signals::skills::{LevelBand, SkillOrigin, Sureness};
pub use crate::signals::workload::Band;
pub use crate::store::{AuditCheck, KeyRow};
pub use crate::world::Stand;
pub use crate::world::text::Closeness;
pub use triage::{QuestionCard, QuestionPage, QuestionStatus, QuestionsRequest};
pub use upkeep::{Restored, UpkeepError, restore, seal};
pub use verify::{Outcome, PartReport, Verification, verify_folder};
pub use webhooks::{Delivery, WebhookError};

/// Every kind of artefact that the service keeps beside the log.
pub fn artefact_kinds() -> impl Iterator<Item = &'static str> {
    models::kinds().chain([skill_map::KIND])
}
