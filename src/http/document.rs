//! The `OpenAPI` document: what all routes share, and the refusals that each may give.

use super::api::Api;
use super::dto::{Problem, ProblemCode};
use super::error::ApiError;
use super::params::Params;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
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
                "A key made by `antenne keys create`; the requirement names the scope that it needs",
            ))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
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
pub(super) async fn openapi_json(params: Params, State(api): State<Arc<Api>>) -> Result<impl IntoResponse, ApiError> {
    params.only(&[])?;
    Ok(([(CONTENT_TYPE, "application/json")], api.document()))
}

/// Refusals of a route that is open to everybody.
pub(super) struct OpenProblems;
/// Refusals of the route that tells whether the service is ready.
pub(super) struct ReadyProblems;
/// Refusals of a route that tells an operator about the service.
pub(super) struct OperatorProblems;
/// Refusals of a route that reads what is named.
pub(super) struct NamedProblems;
/// Refusals of a route that takes a body and looks up what it names.
pub(super) struct DraftProblems;
/// Refusals of a route that keeps what it takes.
pub(super) struct WriteProblems;

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
    DraftProblems = QUERY, CALLER, BODY, &[ProblemCode::NotFound, ProblemCode::BadBody];
    WriteProblems = &QUERY[1..], CALLER, BODY, &[ProblemCode::DiskFull];
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
