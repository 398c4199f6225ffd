//! The wire: HTTP routes over [`Service`], their JSON, status codes and document.
//!
//! Invariants: a route exists only by being registered with its description, so that the router **is** the `OpenAPI`
//! document; a caller is known and allowed before anything of the request is looked at; work that costs runs in the
//! `pool`, never on the threads that serve connections; every refusal is a problem document with a stable code.
//! Knows nothing of how answers are computed or kept.

mod admin;
mod animating;
mod api;
mod audit;
mod auth;
mod cards;
mod co_animators;
mod communities;
mod connection;
mod cursor;
mod docs;
mod document;
mod drafts;
mod dto;
mod error;
mod events;
mod experts;
mod feedback;
mod fields;
mod fresh;
mod gate;
mod health;
mod held;
mod intake;
mod limits;
mod meters;
mod metrics;
mod my_skills;
mod names;
mod network;
mod observe;
mod own;
mod page;
mod params;
mod plans;
mod pool;
mod questions;
mod rates;
mod search;
mod sender;
mod server;
mod skill_lists;
mod skill_maps;
mod tokens;
mod trace;

use crate::app::{
    Card, CoAnimatorsAnswer, CommunitiesAnswer, CommunityCard, Digest, DraftAnswer, Edition, Erased, ExpertsAnswer,
    NetworkHealth, PersonExport, PlannedAsks, PlannedCoAnimators, QuestionPage, Reply, Searched, Service, Wishes,
};
use api::Api;
use error::{ApiError, ProblemCode};
use gate::Gate;
use observe::Observer;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use limits::Limits;
pub use meters::describe_meters;
pub use server::{Render, Setup, listen, serve};

/// Every route of the service behind `gate`, ready to be served.
fn router(service: Arc<Service>, gate: Gate) -> axum::Router {
    let (routes, mut document) = routes().split_for_parts();
    document::complete(&mut document);
    let observer = Observer::of(document.paths.paths.keys().map(String::as_str));
    let api = Arc::new(Api::new(service, gate, &document));
    routes
        .merge(docs::pages())
        .fallback(async || ApiError::new(ProblemCode::NotFound, "there is no such route: see /openapi.json"))
        .method_not_allowed_fallback(async || {
            ApiError::new(
                ProblemCode::MethodNotAllowed,
                "this route does not take that method: see `Allow`",
            )
        })
        .layer(axum::middleware::from_fn_with_state(observer, observe::observe))
        .with_state(api)
}

/// The JSON of an answer about people, for whoever shows it elsewhere than on the wire.
pub fn experts_json(reply: Reply<ExpertsAnswer>) -> serde_json::Value {
    serde_json::json!(dto::Experts::from(reply))
}

/// The JSON of an answer about a draft, for whoever shows it elsewhere than on the wire.
pub fn draft_experts_json(reply: Reply<DraftAnswer>) -> serde_json::Value {
    serde_json::json!(dto::DraftExperts::from(reply))
}

/// The JSON of an answer about people who could co-animate `community`, for whoever shows it elsewhere than on the wire.
pub fn co_animators_json(community: &str, reply: Reply<CoAnimatorsAnswer>) -> serde_json::Value {
    serde_json::json!(dto::CoAnimators::of(community, reply))
}

/// The JSON of an answer about communities for a person, for whoever shows it elsewhere than on the wire.
pub fn communities_json(reply: Reply<CommunitiesAnswer>) -> serde_json::Value {
    serde_json::json!(dto::Communities::from(reply))
}

/// The JSON of a search, for whoever shows it elsewhere than on the wire.
pub fn search_json(searched: Searched) -> serde_json::Value {
    serde_json::json!(search::part(searched))
}

/// The JSON of a list of questions, for whoever shows it elsewhere than on the wire.
pub fn questions_json(page: QuestionPage) -> serde_json::Value {
    serde_json::json!(questions::part(page, None))
}

/// The JSON of a plan of whom to ask, for whoever shows it elsewhere than on the wire.
pub fn asks_plan_json(planned: PlannedAsks, tongue: crate::app::Tongue) -> serde_json::Value {
    serde_json::json!(dto::AsksPlan::of(planned, tongue))
}

/// The JSON of a plan of co-animators, for whoever shows it elsewhere than on the wire.
pub fn co_animators_plan_json(planned: PlannedCoAnimators, tongue: crate::app::Tongue) -> serde_json::Value {
    serde_json::json!(dto::CoAnimatorsPlan::of(planned, tongue))
}

/// The JSON of a community's card, for whoever shows it elsewhere than on the wire.
pub fn community_json(card: Card<CommunityCard>) -> serde_json::Value {
    serde_json::json!(dto::CommunityCard::from(card))
}

/// The JSON of the network's health, for whoever shows it elsewhere than on the wire.
pub fn network_json(card: Card<NetworkHealth>) -> serde_json::Value {
    serde_json::json!(dto::Network::from(card))
}

/// The JSON of a text to edit and send, for whoever shows it elsewhere than on the wire.
pub fn digest_json(card: Card<Digest>) -> serde_json::Value {
    serde_json::json!(dto::Digest::from(card))
}

/// The JSON of a part of the audit log, for whoever shows it elsewhere than on the wire.
pub fn audit_json(page: crate::app::AuditPage, edition: Edition) -> serde_json::Value {
    serde_json::json!(dto::AuditRows::of(page, edition))
}

/// The JSON of what somebody allows and can give, for whoever shows it elsewhere than on the wire.
pub fn wishes_json(card: Card<Wishes>) -> serde_json::Value {
    serde_json::json!(dto::Wishes::from(card))
}

/// The JSON of everything that is held about somebody, for whoever shows it elsewhere than on the wire.
pub fn person_export_json(card: Card<PersonExport>) -> serde_json::Value {
    serde_json::json!(dto::PersonExport::from(card))
}

/// The JSON of an erasure, for whoever shows it elsewhere than on the wire.
pub fn erasure_json(erased: Erased) -> serde_json::Value {
    serde_json::json!(dto::Erasure::from(erased))
}

/// The JSON of the models that there are, for whoever shows it elsewhere than on the wire.
pub fn models_json(models: &crate::app::Models, edition: Edition) -> serde_json::Value {
    serde_json::json!(dto::Models::of(models, None, edition))
}

/// A page of a skill map as JSON, and as a table in CSV, for whoever shows it elsewhere than on the wire.
pub fn skill_map_page(
    release: &crate::app::Release,
    slice: crate::app::Slice,
    page: crate::app::MapPage,
) -> (serde_json::Value, String) {
    let map = dto::SkillMap::of(release, slice, page, skill_maps::cursor);
    (serde_json::json!(map), skill_maps::csv(&map))
}

/// A span such as `3d`, `12h` or `45m`, in minutes; `None` when it is none.
pub fn span_minutes(text: &str) -> Option<u64> {
    params::minutes(text)
}

/// The `OpenAPI` 3.1 document of the router.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = routes().into_openapi();
    document::complete(&mut document);
    document
}

fn routes() -> OpenApiRouter<Arc<Api>> {
    OpenApiRouter::with_openapi(document::base())
        .routes(routes!(events::post_events))
        .routes(routes!(experts::question_experts))
        .routes(routes!(page::questions_experts))
        .routes(routes!(drafts::draft_experts))
        .routes(routes!(co_animators::community_co_animators))
        .routes(routes!(communities::person_communities))
        .routes(routes!(questions::list_questions))
        .routes(routes!(plans::plan_asks))
        .routes(routes!(plans::plan_co_animators))
        .routes(routes!(feedback::give_feedback))
        .routes(routes!(cards::person_card))
        .routes(routes!(names::people_by_name))
        .routes(routes!(search::search_people))
        .routes(routes!(cards::community_card))
        .routes(routes!(animating::waiting_newcomers))
        .routes(routes!(animating::worth_thanking))
        .routes(routes!(animating::digest))
        .routes(routes!(animating::own_load))
        .routes(routes!(own::own_preferences, own::set_own_preference))
        .routes(routes!(own::set_own_capacity))
        .routes(routes!(own::set_own_absence))
        .routes(routes!(own::own_questions))
        .routes(routes!(held::own_export))
        .routes(routes!(own::person_preferences, own::set_person_preference))
        .routes(routes!(own::person_questions))
        .routes(routes!(held::person_export))
        .routes(routes!(my_skills::own_skills))
        .routes(routes!(my_skills::person_skills))
        .routes(routes!(my_skills::say_of_skill, my_skills::withdraw_skill))
        .routes(routes!(my_skills::say_of_project, my_skills::withdraw_project))
        .routes(routes!(held::erase_person))
        .routes(routes!(network::network_health))
        .routes(routes!(network::playbook))
        .routes(routes!(tokens::make_member_token))
        .routes(routes!(skill_maps::list_skill_maps))
        .routes(routes!(skill_maps::skill_map))
        .routes(routes!(skill_maps::skill_map_trends))
        .routes(routes!(skill_lists::skill_map_gaps))
        .routes(routes!(skill_lists::skill_map_few))
        .routes(routes!(skill_lists::skill_map_unmet))
        .routes(routes!(admin::list_keys, admin::create_key))
        .routes(routes!(admin::revoke_key))
        .routes(routes!(admin::list_sources))
        .routes(routes!(admin::list_models))
        .routes(routes!(audit::list_audit))
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::metrics))
        .routes(routes!(document::openapi_json))
}
