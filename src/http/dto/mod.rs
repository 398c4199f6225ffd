//! The JSON of the wire, and how answers become it. The only corner of this room that knows serde's derives.
//!
//! Instants are RFC 3339 in UTC. A key whose value says nothing is left out, except `next_cursor`, which is `null` at
//! the end of a list.

mod admin;
mod animating;
mod animators;
mod audit;
mod cards;
mod co_animators;
mod communities;
mod feedback;
mod health;
mod held;
mod load;
mod models;
mod my_skills;
mod names;
mod network;
mod own;
mod page;
mod people;
mod plans;
mod problem;
mod questions;
mod search;
mod skill_lists;
mod skill_maps;
mod tally;
mod tokens;

use crate::app::{IngestReport, RejectedLine};
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use admin::{KeyDto, Keys, MadeKey, NewKeyBody, Sources};
pub(super) use animating::{Digest, Newcomers, Playbook, Thanks};
pub(super) use audit::AuditRows;
pub(super) use cards::{CommunityCard, PersonCard};
pub(super) use co_animators::CoAnimators;
pub(super) use communities::Communities;
pub(super) use feedback::FeedbackBody;
pub(super) use held::PersonExport;
pub(super) use load::Load;
pub(super) use models::Models;
pub(super) use my_skills::{MySkills, ProjectPart, SkillWord};
pub(super) use names::Names;
pub(super) use network::Network;
pub(super) use own::{AbsenceBody, CapacityBody, Erasure, OwnQuestions, PreferenceBody, Wishes};
pub(super) use page::{ManyExperts, QuestionIds};
pub(super) use people::{DraftExperts, Experts};
pub(super) use plans::{AsksPlan, AsksWish, CoAnimatorsPlan, CoAnimatorsWish};
pub(super) use problem::{FieldProblem, Problem, ProblemCode};
pub(super) use questions::{Draft, Question, Questions};
pub(super) use search::Search;
pub(super) use skill_lists::{FewHolders, SkillGaps, UnmetSkills};
pub(super) use skill_maps::{SkillMap, SkillMaps, SkillTrends, Table};
pub(super) use tokens::{MadeToken, NewTokenBody};

/// What became of a batch.
#[derive(Serialize, ToSchema)]
pub(super) struct Report {
    /// New events: durable, and visible to whoever asks next.
    accepted: u64,
    /// Events that came before: nothing changed.
    duplicate: u64,
    /// Lines that were not taken, in order of line.
    rejected: Vec<Rejected>,
    /// Lines about platforms' own groups, which are left out; absent when there are none.
    #[serde(skip_serializing_if = "is_zero")]
    ignored: u64,
    /// The last sequence of the log.
    generation: u64,
}

/// A line that was not taken.
#[derive(Serialize, ToSchema)]
pub(super) struct Rejected {
    /// The line of the text or the item of the array, from 1.
    #[schema(minimum = 1)]
    line: u64,
    /// The path of the field, such as `data.tags[3]`; empty when it is the line itself.
    field: String,
    /// Why, stable.
    code: &'static str,
    /// What was wrong and what to do, for people.
    detail: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl From<IngestReport> for Report {
    fn from(report: IngestReport) -> Self {
        let rejected = |r: RejectedLine| Rejected {
            line: r.line,
            field: r.field,
            code: r.code,
            detail: r.detail,
        };
        Self {
            accepted: report.accepted,
            duplicate: report.duplicate,
            rejected: report.rejected.into_iter().map(rejected).collect(),
            ignored: report.ignored,
            generation: report.generation,
        }
    }
}

/// Whether the service is well.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    pub(super) status: &'static str,
}
