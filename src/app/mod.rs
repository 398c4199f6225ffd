//! Use cases: everything that the service does, without a wire.
//!
//! One writer thread owns the log and the World; everybody else reads snapshots. An event is acknowledged after it is
//! durable **and** visible. Nothing here knows HTTP, JSON bodies or a terminal; time and randomness come from outside.

mod access;
mod answers;
mod cards;
mod clock;
mod co_animators;
mod communities;
mod condition;
mod feedback;
mod fold;
mod full_disk;
mod ingest;
mod meters;
mod models;
mod names;
mod reader;
mod recommendations;
mod service;
mod snapshot;
mod sources;
mod stats;
mod tally;
mod triage;
mod upkeep;
mod verify;
mod webhooks;
mod writer;

pub use access::{Identity, KeyError, NewKey, OWN_SOURCE, Scope};
pub use answers::{
    AlreadyAnswered, DraftAnswer, DraftRequest, ExpertsRequest, ManyExperts, QueryError, Reply, UnderstoodAs,
};
pub use cards::{Card, CardCommunity, CardRequest, CardSkill, CommunityCard, Named, PersonCard, QuestionFigures};
pub use clock::Clock;
pub use co_animators::CoAnimatorsRequest;
pub use communities::CommunitiesRequest;
pub use condition::Condition;
pub use feedback::{Feedback, FeedbackError};
pub use ingest::{Ahead, IngestError, IngestReport, NumberedLine, ReadBatch, RejectedLine};
pub use meters::describe_meters;
pub use models::{
    Choice, FitError, FitOutcome, Lesson, Model, Models, ModelsError, Proposal, Reason as FitReason, SHIPPED, Verdict,
};
pub use names::{NamePlace, NamedPerson, NamesPage, NamesRequest};
pub use reader::Reader;
pub use recommendations::{Mark, RECOMMENDATIONS_BYTES};
pub use service::{Edition, OpenError, Service, Settings};
pub use snapshot::Snapshot;
pub use sources::{SourceRules, Sources};
pub use stats::Stats;
pub use tally::SourceStats;
// What callers hand in and get back, so that the wire need not look below this floor.
pub use crate::ingest::{BatchError, BodyFormat, Line, limits, split, to_plain};
pub use crate::pipeline::Order;
pub use crate::recommend::{
    Added, AnimatorLoad, Citation, CoAnimatorPick, CoAnimatorsAnswer, CommunitiesAnswer, Confidence, ExpertsAnswer,
    Greeting, InFull, Manner, Param, Pick, Reason, Someone, Told, Tongue, Waiting, Welcome,
};
pub use crate::store::KeyRow;
pub use crate::world::text::Closeness;
pub use triage::{QuestionCard, QuestionPage, QuestionStatus, QuestionsRequest};
pub use upkeep::{Restored, UpkeepError, restore, seal};
pub use verify::{Outcome, PartReport, Verification, verify_folder};
pub use webhooks::{Delivery, WebhookError};
