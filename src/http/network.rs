//! The health of the network, and the ways of animating.

use super::api::Api;
use super::auth::{Caller, RecommendRead, Steward};
use super::dto::{Network, Playbook};
use super::error::ApiError;
use super::fresh::Asked;
use super::params::{Language, Params};
use crate::app::{Aim, CardRequest, Finding, Service};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// The health of the network
///
/// Communities without animator, animators needed as communities grow, how many people animate more than they have hours
/// for, and who answers whom between units. Counts only: nobody is named.
#[utoipa::path(
    get, path = "/v1/health", operation_id = "network_health", tag = "communities", security(("key" = ["steward"])),
    params(("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of texts", nullable = false, example = "fr")),
    responses(
        (status = 200, description = "How the network is", body = Network, example = json!({
            "communities": 44, "without_animator": 1,
            "named_without_animator": [{"community": "maps", "name": "Maps"}],
            "forecast": {"usual_members": 12, "filled": 47, "needed_now": 70, "needed": [{"in_days": 90, "roles": 74}]},
            "stretched": "some",
            "silos": {"units": ["Group/IT", "Group/Works"], "answers": [[41, "some"], [12, 30]], "apart": 0},
            "findings": [{
                "code": "communities_without_animator", "params": {"communities": 1},
                "text": "So that every community has somebody to turn to, consider “The relay round”. One community has no identified animator.",
                "ways": [{"way": "shared-care-round", "title": "The relay round", "reason": "it is for commitment and a shared vision"}]
            }],
            "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::OperatorProblems,
    )
)]
pub(super) async fn network_health(
    caller: Caller<Steward>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let wanted = CardRequest {
        tongue: language.0,
        viewer: None,
    };
    let read = move |service: &Service| Ok(Network::from(service.network_health(&wanted)));
    api.read_often(asked, &caller.identity, language.0, read).await
}

/// Ways of animating
///
/// Each with what it is for, how it goes, how long it takes, a variant at a distance, and how to draw people in without
/// constraint. `finding` and `aim` leave only those that answer it, or serve it.
#[utoipa::path(
    get, path = "/v1/playbook", operation_id = "playbook", tag = "communities", security(("key" = ["recommend:read"])),
    params(
        ("finding" = Option<String>, Query, description = "Those that answer this finding", nullable = false, example = "newcomers_waiting"),
        ("aim" = Option<String>, Query, description = "Those that serve this aim: `collective_intelligence`, `belonging`, `shared_vision` or `commitment`", nullable = false, example = "belonging"),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "The ways", body = Playbook, example = json!({
            "items": [{
                "way": "welcome-cafe", "aims": ["belonging"], "findings": ["newcomers_waiting", "many_members", "quiet"],
                "title": "The welcome coffee", "idea": "Half an hour a month for those who have just arrived.",
                "rules": ["Begin with the newcomers’ waiting questions."], "minutes": {"from": 30, "to": 45},
                "people": {"from": 3, "to": 10}, "remote": "A short video call.", "invite": "Say that coming just to listen is fine."
            }],
            "next_cursor": null, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::OperatorProblems,
    )
)]
pub(super) async fn playbook(
    caller: Caller<RecommendRead>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&["finding", "aim"])?;
    let findings: Vec<_> = Finding::ALL.iter().map(|&finding| (finding.code(), finding)).collect();
    let aims: Vec<_> = Aim::ALL.iter().map(|&aim| (aim.code(), aim)).collect();
    let (finding, aim) = (params.one_of("finding", &findings)?, params.one_of("aim", &aims)?);
    let tongue = language.0;
    let read = move |service: &Service| {
        let ways = service.playbook().ways().iter();
        let wanted = ways.filter(|way| {
            finding.is_none_or(|f| way.findings.contains(&f)) && aim.is_none_or(|a| way.aims.contains(&a))
        });
        Ok(Playbook::of(wanted, tongue, service.edition()))
    };
    api.read(asked, &caller.identity, tongue, read).await
}
