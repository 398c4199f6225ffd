//! People who could answer a question that is being written, and past questions that answer it already.
//!
//! The body is read key by key, so that everything that is wrong with it is named at once.

use super::api::Api;
use super::auth::{Caller, RecommendRead};
use super::dto::{Draft, DraftExperts};
use super::error::ApiError;
use super::experts::{record_order, request};
use super::fields::{Fields, problem};
use super::params::{Body, Language, Params};
use crate::app::{BodyFormat, DraftRequest, limits, to_plain};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// The most bytes of a draft: every character of every field may be written as an escape.
const MAX_BYTES: usize = 1 << 20;
const FORMATS: [(&str, BodyFormat); 3] = [
    ("text", BodyFormat::Text),
    ("markdown", BodyFormat::Markdown),
    ("html", BodyFormat::Html),
];

/// People who could answer a draft
///
/// As for a question that is there; besides, what the draft is taken to be about, and past questions that answer it.
/// Nothing of the draft is kept.
#[utoipa::path(
    post, path = "/v1/experts", operation_id = "draft_experts", tag = "recommendations",
    security(("key" = ["recommend:read"])),
    params(
        ("limit" = Option<u8>, Query, description = "How many people at most; 3 unless given", minimum = 1, maximum = 100, nullable = false),
        ("order" = Option<String>, Query, description = "`waves` (unless given), or `score`: by relevance alone, which leaves out how load is spread and needs the scope `admin`", pattern = "^(waves|score)$", nullable = false),
        ("as" = Option<String>, Query, description = "`group`: up to three people who together cover the question, in an order of their own", pattern = "^group$", nullable = false),
        ("outside" = Option<String>, Query, description = "`unit`: nobody of the asker's unit", pattern = "^unit$", nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before, for the same draft", min_length = 1, nullable = false),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr"),
    ),
    request_body(content = Draft, description = "The draft; a key that it does not have is refused"),
    responses(
        (status = 200, description = "People who could answer; nobody is an answer too", body = DraftExperts, example = json!({
            "items": [], "next_cursor": null, "excluded": {},
            "recommendation": "rec_5be1b2a0c5d94f0e8a4c0d6f7e3a1b92", "model": "shipped", "generation": 1204,
            "as_of": "2026-03-02T09:00:00Z",
            "understood_as": {"tags": ["certificates"], "skills": ["tls"], "language": "en"},
            "already_answered": [{"question": "forum/7", "title": "Rotating certificates", "url": "https://forum.example/t/7", "accepted": true}]
        })),
        super::document::DraftProblems,
    )
)]
pub(super) async fn draft_experts(
    caller: Caller<RecommendRead>,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    let request = request(&params, &language, &caller)?;
    api.answer(language.0, move |service| {
        let draft = understand(read(&body)?)?;
        record_order(service, request.order, &caller.identity)?;
        Ok(DraftExperts::from(service.draft_experts(&draft, &request)?))
    })
    .await
}

/// The draft that `body` holds.
fn read(body: &[u8]) -> Result<Draft, ApiError> {
    let mut fields = Fields::read(body)?;
    let title = fields.required("title", limits::MAX_TITLE, "a draft has a title that says something");
    let draft = Draft {
        title,
        body: fields.text("body", limits::MAX_BODY),
        body_format: fields.text("body_format", limits::MAX_NAME),
        tags: fields.texts("tags", limits::MAX_TAGS, limits::MAX_NAME),
        community: fields.id("community"),
        asker: fields.id("asker"),
        language: fields.language("language"),
    };
    fields.close("a draft has title, body, body_format, tags, community, asker, language")?;
    Ok(draft)
}

/// The draft as the service takes it: the body in plain text, as bodies of events are.
fn understand(draft: Draft) -> Result<DraftRequest, ApiError> {
    let format = match draft.body_format.as_deref() {
        None => BodyFormat::default(),
        Some(name) => {
            let found = FORMATS
                .iter()
                .find(|(known, _)| *known == name)
                .map(|&(_, format)| format);
            let detail = "this is one of text, markdown, html";
            found.ok_or_else(|| ApiError::of_body(vec![problem("body_format", "bad_value", detail)]))?
        }
    };
    Ok(DraftRequest {
        title: draft.title,
        body: draft.body.map_or_else(String::new, |body| to_plain(&body, format)),
        tags: draft.tags.unwrap_or_default().into_iter().map(Arc::from).collect(),
        community: draft.community,
        asker: draft.asker,
        language: draft.language,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error::ProblemCode;

    fn fields(body: &str) -> Vec<String> {
        let error = read(body.as_bytes()).unwrap_err();
        assert_eq!(error.code(), ProblemCode::BadBody, "{body}");
        error
            .fields()
            .iter()
            .map(|e| format!("{} {}", e.field, e.code))
            .collect()
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let body = r#"{"body":3,"tags":["a",7],"language":"klingon!","reason":"x","community":""}"#;
        let mut found = fields(body);
        found.sort();
        let expected = [
            "body wrong_type",
            "community bad_id",
            "language bad_language",
            "reason unknown_key",
            "tags[1] wrong_type",
            "title missing",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn limits_hold_to_the_character() {
        let title = |n: usize| format!(r#"{{"title":"{}"}}"#, "é".repeat(n));
        assert!(read(title(500).as_bytes()).is_ok());
        assert_eq!(fields(&title(501)), ["title too_long"]);
        let body = |n: usize| format!(r#"{{"title":"t","body":"{}"}}"#, "b".repeat(n));
        assert!(read(body(20_000).as_bytes()).is_ok());
        assert_eq!(fields(&body(20_001)), ["body too_long"]);
        let tags = |n: usize| format!(r#"{{"title":"t","tags":[{}]}}"#, vec!["\"x\""; n].join(","));
        assert!(read(tags(50).as_bytes()).is_ok());
        assert_eq!(fields(&tags(51)), ["tags too_many"]);
    }

    #[test]
    fn a_body_goes_through_the_door_of_events() {
        let draft = |format: &str| Draft {
            title: "t".to_owned(),
            body: Some("<p>Bon<b>jour</b></p>".to_owned()),
            body_format: Some(format.to_owned()),
            ..Draft::default()
        };
        assert_eq!(understand(draft("html")).unwrap().body, "Bonjour");
        assert_eq!(understand(draft("text")).unwrap().body, "<p>Bon<b>jour</b></p>");
        assert_eq!(understand(draft("rtf")).unwrap_err().code(), ProblemCode::BadBody);
    }

    #[test]
    fn what_is_no_object_cannot_be_read() {
        for body in ["[]", "3", "{", "{\"title\":\"t\"} x", "\u{0}"] {
            let error = read(body.as_bytes()).unwrap_err();
            assert_eq!(error.code(), ProblemCode::UnreadableBody, "{body}");
        }
        assert!(
            read(br#"{"title":"t","body":null,"tags":null}"#).is_ok(),
            "null says nothing"
        );
    }
}
