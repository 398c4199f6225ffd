//! Plans: one fair sharing of many wishes at once. What comes out are proposals: a person sends each.

use super::api::Api;
use super::auth::{Caller, Steward, StewardOrAnimator};
use super::dto::{AsksPlan, AsksWish, CoAnimatorsPlan, CoAnimatorsWish};
use super::error::ApiError;
use super::fields::Fields;
use super::params::{Body, Language, Params};
use crate::app::{AsksRequest, CoAnimatorsPlanRequest, Identity, PLANNED_MOST, Scope};
use axum::extract::State;
use axum::response::Response;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The most bytes of a body: 5,000 identifiers of 200 characters, of four bytes each.
const MAX_BYTES: usize = 4 << 20;
/// How many people a question may have.
const PEOPLE: RangeInclusive<usize> = 1..=3;
/// How many it has unless the caller says otherwise.
const DEFAULT_PEOPLE: usize = 2;

/// Whom to ask about many open questions, shared fairly
///
/// One sharing of all the questions together: nobody gets more than they accept in a week, less what they got already
/// and eased in after a leave; every question has a first person before any has a second, and the same people are not
/// everywhere. Nothing is sent: each pick has the words to send, and whoever gets them may decline. A key with `animator`
/// alone plans for the communities that it animates.
#[utoipa::path(
    post, path = "/v1/plans/asks", operation_id = "plan_asks", tag = "plans",
    security(("key" = ["steward"]), ("key" = ["animator"])),
    params(("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr")),
    request_body(content = AsksWish, description = "Which questions, `{}` for all that wait; a key that it does not have is refused"),
    responses(
        (status = 200, description = "The plan; nobody to ask is a plan too", body = AsksPlan, example = json!({
            "items": [{
                "question": "forum/42", "title": "How do I rotate the signing certificate?",
                "picks": [{
                    "subject": "p-17", "name": "Léa Fontaine", "rank": 1, "base_rank": 2, "wave": 1, "score": 2.0, "confidence": "medium",
                    "reasons": [{"code": "topic", "params": {"count": 4, "names": ["certificates"]}, "text": "gave 4 answers about certificates",
                        "contribution": 2.0, "facts": [{"kind": "answer", "id": "a-901", "at": "2026-02-11T10:04:00Z", "url": "https://forum.example/a/901"}]}],
                    "moved_by": "plan",
                    "invitation": "Hello Léa, could you help with “How do I rotate the signing certificate?”"
                }],
                "fewer": {"code": "shared_out", "text": "everybody who could help has as much as they accept"},
                "recommendation": "rec_5be1b2a0c5d94f0e8a4c0d6f7e3a1b92"
            }],
            "unassigned": [{"id": "forum/44", "code": "asked_lately", "text": "people were asked less than a day ago: they have their day"}],
            "excluded": {"unavailable": "some", "answered_already": 6},
            "spread": {
                "before": {"none": 30, "one": 8, "two_or_three": "some", "four_or_more": "some", "gini": 0.71},
                "after": {"none": 17, "one": 14, "two_or_three": 9, "four_or_more": "some", "gini": 0.52}
            },
            "left_out": 0, "model": "shipped", "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::PlanProblems,
    )
)]
pub(super) async fn plan_asks(
    caller: Caller<StewardOrAnimator>,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    api.answer(language.0, move |service| {
        let request = read(&body, &language, &caller.identity)?;
        Ok(AsksPlan::of(service.plan_asks(&request)?, language.0))
    })
    .await
}

/// The wish that `body` holds, as far as the caller may have it.
fn read(body: &[u8], language: &Language, identity: &Identity) -> Result<AsksRequest, ApiError> {
    let mut fields = Fields::read(body)?;
    let request = AsksRequest {
        questions: fields.ids("questions", PLANNED_MOST),
        community: fields.id("community"),
        people: fields.whole("people_per_question", &PEOPLE).unwrap_or(DEFAULT_PEOPLE),
        own: own(identity),
        tongue: language.0,
        viewer: identity.reader(),
    };
    fields.close("a plan of whom to ask has questions, community, people_per_question")?;
    Ok(request)
}

/// Who could co-animate which community, shared over the network
///
/// For all communities that lack an animator, or whose animators lack hours or are away: one or two new ones each, nobody
/// over their free hours, and not the same willing people everywhere. Exact for what each adds to those who animate now.
/// Nothing is sent: each pick has the words to send, and a community may refuse. Private and sensitive communities are
/// planned for by nobody who does not belong to them: `left_out` counts them.
#[utoipa::path(
    post, path = "/v1/plans/co-animators", operation_id = "plan_co_animators", tag = "plans",
    security(("key" = ["steward"])),
    params(("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr")),
    request_body(content = CoAnimatorsWish, description = "Which communities, `{}` for all that lack somebody; a key that it does not have is refused"),
    responses(
        (status = 200, description = "The plan; nobody to propose is a plan too", body = CoAnimatorsPlan, example = json!({
            "items": [{
                "community": "security", "name": "Security",
                "picks": [{
                    "subject": "p-17", "name": "Léa Fontaine", "rank": 1, "base_rank": 2, "score": 2.25,
                    "volunteer": true, "to_be_asked": false, "to_be_introduced": false, "first_time": false,
                    "reasons": [{"code": "expertise", "params": {"count": 4}, "text": "gave 4 answers on its subjects", "contribution": 2.25,
                        "facts": [{"kind": "answer", "id": "a-901", "at": "2026-02-11T10:04:00Z"}]}],
                    "gain": [{"code": "time", "text": "would share the days and hours that animating takes"}],
                    "moved_by": "plan",
                    "invitation": "Hello Léa, Ali Ben would like to share the animation of “Security”. You offered to animate: thank you."
                }],
                "recommendation": "rec_5be1b2a0c5d94f0e8a4c0d6f7e3a1b92"
            }],
            "unassigned": [{"id": "welcome", "code": "to_be_asked", "text": "nobody who could help has offered to: ask them first"}],
            "excluded": {"unavailable": 6, "to_be_asked": 11},
            "spread": {
                "before": {"none": 9, "one": 6, "two_or_three": "some", "four_or_more": "some", "gini": 0.61},
                "after": {"none": 6, "one": 8, "two_or_three": "some", "four_or_more": "some", "gini": 0.48}
            },
            "left_out": {"communities": "some", "code": "closed",
                "text": "it is private or sensitive: those who animate it look for company themselves"},
            "model": "shipped", "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::BodyProblems,
    )
)]
pub(super) async fn plan_co_animators(
    caller: Caller<Steward>,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    api.answer(language.0, move |service| {
        let mut fields = Fields::read(&body)?;
        let request = CoAnimatorsPlanRequest {
            communities: fields.ids("communities", PLANNED_MOST),
            tongue: language.0,
            viewer: caller.identity.reader(),
            anywhere: false,
        };
        fields.close("a plan of co-animators has communities")?;
        Ok(CoAnimatorsPlan::of(service.plan_co_animators(&request), language.0))
    })
    .await
}

/// The communities for which alone the caller plans; `None` for one who plans for the whole network.
fn own(identity: &Identity) -> Option<Vec<String>> {
    (!identity.has(Scope::Steward)).then(|| identity.communities.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Tongue;
    use crate::http::error::ProblemCode;

    fn identity(scopes: &[Scope]) -> Identity {
        Identity {
            via: crate::app::Via::Key,
            name: "key".to_owned(),
            scopes: scopes.iter().copied().collect(),
            sources: vec![],
            event_types: vec![],
            person: None,
            communities: vec!["club".to_owned()],
        }
    }

    fn of(body: &str, scope: Scope) -> Result<AsksRequest, ApiError> {
        read(body.as_bytes(), &Language(Tongue::French), &identity(&[scope]))
    }

    #[test]
    fn an_empty_wish_is_for_all_that_waits() {
        let request = of("{}", Scope::Steward).unwrap();
        assert_eq!((request.questions, request.community, request.people), (None, None, 2));
        assert_eq!((request.own, request.viewer), (None, None));
        assert_eq!(
            of(r#"{"questions":["a"],"people_per_question":3}"#, Scope::Steward)
                .unwrap()
                .people,
            3
        );
    }

    #[test]
    fn an_animator_plans_for_their_own_communities() {
        let request = of("{}", Scope::Animator).unwrap();
        assert_eq!(request.own, Some(vec!["club".to_owned()]));
        assert!(request.viewer.unwrap().animates);
    }

    #[test]
    fn everything_wrong_is_named() {
        let ids = vec!["\"q\""; PLANNED_MOST + 1].join(",");
        for body in [
            r#"{"people_per_question":4}"#,
            r#"{"people_per_question":0}"#,
            r#"{"questions":"all"}"#,
            r#"{"people":2}"#,
            &format!(r#"{{"questions":[{ids}]}}"#),
        ] {
            let error = of(body, Scope::Steward).unwrap_err();
            assert_eq!(error.code(), ProblemCode::BadBody, "{}", &body[..30.min(body.len())]);
        }
    }
}
