//! The `OpenAPI` document: what all routes share, and the refusals that each may give.

use super::api::Api;
use super::dto::{Problem, ProblemCode};
use super::error::ApiError;
use super::fresh::{Asked, by_bytes};
use super::params::Params;
use crate::app::Tongue;
use axum::extract::State;
use axum::response::Response as HttpResponse;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Object, Ref, RefOr, Required, Response, ResponseBuilder, Schema, Type};
use utoipa::{IntoResponses, Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "antenne",
        description = "Who could answer: recommendations over an organisation's own facts. Every refusal is a problem \
                       document (RFC 9457) with a stable `code`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(Problem)),
    modifiers(&Key),
    tags(
        (name = "events", description = "Facts in"),
        (name = "recommendations", description = "People who could answer"),
        (name = "plans", description = "One fair sharing of much at once; nothing is sent or assigned"),
        (name = "people", description = "Who they are"),
        (name = "communities", description = "How they are"),
        (name = "skill maps", description = "What was published of skills by unit; counts only, and no small ones"),
        (name = "admin", description = "Configuration, without content"),
        (name = "service", description = "The service itself")
    )
)]
struct Base;

struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A key made by `antenne keys create`, a member token, or a token of the configured identity provider; the \
                 requirement names the scope that it needs",
            ))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

/// Bodies that are read key by key, where a key that is not described is refused.
const CLOSED: [&str; 12] = [
    "Absence",
    "AsksWish",
    "Capacity",
    "CoAnimatorsWish",
    "Draft",
    "Feedback",
    "NewKey",
    "NewToken",
    "Preference",
    "ProjectPart",
    "QuestionIds",
    "SkillWord",
];

/// Adds what holds for many operations, once all routes are in the document.
pub(super) fn complete(document: &mut utoipa::openapi::OpenApi) {
    let schemas = document
        .components
        .iter_mut()
        .flat_map(|components| &mut components.schemas);
    for (_, schema) in schemas.filter(|(name, _)| CLOSED.contains(&name.as_str())) {
        if let RefOr::T(Schema::Object(object)) = schema {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
    conditional(document);
}

/// Adds to every operation that reads what conditional requests need: `If-None-Match`, `ETag` and 304.
fn conditional(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let Some(read) = item
            .get
            .as_mut()
            .filter(|_| path.starts_with("/v1/") || path == "/openapi.json")
        else {
            continue;
        };
        let held = ParameterBuilder::new()
            .name("If-None-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("`ETag` of an answer that the caller holds"))
            .schema(Some(Object::with_type(Type::String)))
            .build();
        read.parameters.get_or_insert_default().push(RefOr::T(held));
        let tag = || {
            HeaderBuilder::new()
                .schema(Some(Object::with_type(Type::String)))
                .build()
        };
        if let Some(RefOr::T(found)) = read.responses.responses.get_mut("200") {
            found.headers.insert("ETag".to_owned(), RefOr::T(tag()));
        }
        let unchanged = ResponseBuilder::new()
            .description("The caller holds this answer already")
            .header("ETag", tag())
            .build();
        read.responses.responses.insert("304".to_owned(), RefOr::T(unchanged));
    }
}

/// The document before any route is in it.
pub(super) fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

/// This document
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "service", security(()),
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object), OpenProblems)
)]
pub(super) async fn openapi_json(
    asked: Asked,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<HttpResponse, ApiError> {
    params.only(&[])?;
    Ok(by_bytes(&asked, Tongue::English, api.document().to_vec()))
}

/// Refusals of a route that is open to everybody.
pub(super) struct OpenProblems;
/// Refusals of the route that tells whether the service is ready.
pub(super) struct ReadyProblems;
/// Refusals of a route that tells an operator about the service.
pub(super) struct OperatorProblems;
/// Refusals of a route that reads what is named, within a range.
pub(super) struct NamedProblems;
/// Refusals of a route that reads one thing.
pub(super) struct ReadProblems;
/// Refusals of a route that lists.
pub(super) struct ListProblems;
/// Refusals of a route that takes a body and looks up what it names.
pub(super) struct DraftProblems;
/// Refusals of a route that takes a body and plans for what it names.
pub(super) struct PlanProblems;
/// Refusals of a route that takes a body and reads.
pub(super) struct BodyProblems;
/// Refusals of a route that keeps what is thought of an answer.
pub(super) struct FeedbackProblems;
/// Refusals of a route that shows configuration.
pub(super) struct AdminProblems;
/// Refusals of a route that makes something with a name.
pub(super) struct MakeProblems;
/// Refusals of the route that makes tokens.
pub(super) struct TokenProblems;
/// Refusals of a route that changes something with a name.
pub(super) struct ChangeProblems;
/// Refusals of a route that keeps what it takes.
pub(super) struct WriteProblems;
/// Refusals of a route that keeps what a person says of themself.
pub(super) struct WordProblems;

const QUERY: &[ProblemCode] = &[
    ProblemCode::OutOfRange,
    ProblemCode::UnknownParameter,
    ProblemCode::BadParameter,
    ProblemCode::TargetTooLong,
];
const CALLER: &[ProblemCode] = &[
    ProblemCode::Unauthenticated,
    ProblemCode::ScopeMissing,
    ProblemCode::RateLimited,
    ProblemCode::Overloaded,
    ProblemCode::Internal,
];
const BODY: &[ProblemCode] = &[
    ProblemCode::UnreadableBody,
    ProblemCode::TooSlow,
    ProblemCode::TooLarge,
    ProblemCode::UnsupportedEncoding,
    ProblemCode::Stopping,
];

const WRITE: &[ProblemCode] = &[ProblemCode::DiskFull];

macro_rules! refusals {
    ($($name:ident = $($codes:expr),+;)*) => {$(
        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                describe(&[$($codes),+].concat())
            }
        }
    )*};
}

refusals! {
    OpenProblems = &QUERY[1..], &[ProblemCode::Internal];
    ReadyProblems = &QUERY[1..], &[ProblemCode::Stopping, ProblemCode::Internal];
    OperatorProblems = &QUERY[1..], CALLER;
    NamedProblems = QUERY, CALLER, &[ProblemCode::NotFound];
    ReadProblems = &QUERY[1..], CALLER, &[ProblemCode::NotFound];
    ListProblems = QUERY, CALLER;
    DraftProblems = QUERY, CALLER, BODY, &[ProblemCode::NotFound, ProblemCode::BadBody];
    PlanProblems = &QUERY[1..], CALLER, BODY, &[ProblemCode::NotFound, ProblemCode::BadBody];
    BodyProblems = &QUERY[1..], CALLER, BODY, &[ProblemCode::BadBody];
    WriteProblems = &QUERY[1..], CALLER, BODY, WRITE;
    FeedbackProblems = &QUERY[1..], CALLER, BODY, WRITE, &[ProblemCode::NotFound, ProblemCode::Expired, ProblemCode::BadBody];
    WordProblems = &QUERY[1..], CALLER, BODY, WRITE, &[ProblemCode::NotFound, ProblemCode::BadBody];
    AdminProblems = &QUERY[1..], CALLER, &[ProblemCode::Stopping];
    MakeProblems = &QUERY[1..], CALLER, BODY, WRITE, &[ProblemCode::NameTaken, ProblemCode::BadBody];
    TokenProblems = &QUERY[1..], CALLER, BODY, WRITE, &[ProblemCode::NotFound, ProblemCode::BadBody];
    ChangeProblems = &QUERY[1..], CALLER, WRITE, &[ProblemCode::Stopping, ProblemCode::NotFound];
}

/// One response a status, which names the codes that come with it.
fn describe(codes: &[ProblemCode]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<ProblemCode>> = BTreeMap::new();
    for &code in codes {
        by_status.entry(code.status().as_u16()).or_default().push(code);
    }
    let response = |(status, codes): (u16, Vec<ProblemCode>)| {
        let names: Vec<_> = codes.iter().map(|code| format!("`{}`", code.as_str())).collect();
        let example = serde_json::json!({
            "type": "about:blank",
            "title": codes[0].status().canonical_reason(),
            "status": status,
            "code": codes[0].as_str(),
            "detail": "What was wrong and what to do.",
        });
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .example(Some(example))
            .build();
        let response = ResponseBuilder::new()
            .description(format!("Refused: {}", names.join(", ")))
            .content("application/problem+json", content)
            .build();
        (status.to_string(), RefOr::T(response))
    };
    by_status.into_iter().map(response).collect()
}
