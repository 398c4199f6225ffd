//! The questions that wait, and the cursor over them.

use super::api::Api;
use super::auth::{Caller, RecommendRead};
use super::cursor;
use super::dto::{Question, Questions};
use super::error::ApiError;
use super::fresh::Asked;
use super::params::{Language, Params, bad};
use crate::app::{QuestionPage, QuestionStatus, QuestionsRequest, Service};
use crate::calendar::rfc3339;
use crate::domain::{QuestionId, Timestamp};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// Questions in a part unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 20;

/// Questions, those that wait longest first
///
/// Questions of private communities show only to a reader who belongs to them. A list that is read on with `cursor`
/// stays whole while events come in, and keeps the age limit of its first part.
#[utoipa::path(
    get, path = "/v1/questions", operation_id = "list_questions", tag = "recommendations",
    security(("key" = ["recommend:read"])),
    params(
        ("status" = Option<String>, Query, description = "`unanswered` (unless given), `answered`, `closed` or `all`", pattern = "^(unanswered|answered|closed|all)$", nullable = false),
        ("older_than" = Option<String>, Query, description = "Asked at least so long ago: days, hours or minutes, at most a century", pattern = "^[0-9]+[dhm]$", nullable = false, example = "3d"),
        ("community" = Option<String>, Query, description = "Asked there", min_length = 1, max_length = 200, nullable = false, example = "security"),
        ("limit" = Option<u8>, Query, description = "How many at most; 20 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
    ),
    responses(
        (status = 200, description = "A part of the list", body = Questions, example = json!({
            "items": [{
                "question": "forum/42", "title": "How do I rotate the signing certificate?", "asker": "p-4", "community": "security",
                "tags": ["certificates"], "language": "en", "at": "2026-02-20T14:12:00Z", "answers": 0, "closed": false,
                "url": "https://forum.example/t/42"
            }],
            "next_cursor": null, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::NamedProblems,
    )
)]
pub(super) async fn list_questions(
    caller: Caller<RecommendRead>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let (mut request, cursor) = request(&params, &caller)?;
    api.read(asked, &caller.identity, language.0, move |service| {
        let first = cursor.map(|cursor| cursor.resume(&mut request, service));
        Ok(part(service.questions(&request)?, first))
    })
    .await
}

fn request(params: &Params, caller: &Caller<RecommendRead>) -> Result<(QuestionsRequest, Option<Cursor>), ApiError> {
    params.only(&["status", "older_than", "community", "limit", "cursor"])?;
    let statuses = [
        ("unanswered", QuestionStatus::Unanswered),
        ("answered", QuestionStatus::Answered),
        ("closed", QuestionStatus::Closed),
        ("all", QuestionStatus::All),
    ];
    let unreadable = || bad("cursor", "is not one that this list gave");
    let cursor = params
        .text("cursor")
        .map(|text| Cursor::read(text).ok_or_else(unreadable));
    let request = QuestionsRequest {
        status: params.one_of("status", &statuses)?.unwrap_or_default(),
        older_than_minutes: params.minutes("older_than")?,
        community: params.id("community"),
        limit: params.limit(DEFAULT_LIMIT)?,
        after: None,
        viewer: caller.identity.reader(),
    };
    Ok((request, cursor.transpose()?))
}

/// A page as it is sent; `first` is the instant of the list's first part, when this is not that one.
pub(super) fn part(page: QuestionPage, first: Option<Timestamp>) -> Questions {
    let as_of = first.unwrap_or(page.as_of);
    let next = page.next.map(|(at, id)| Cursor { as_of, at, id });
    Questions {
        items: page.items.into_iter().map(Question::from).collect(),
        next_cursor: next.map(|cursor| cursor.write()),
        generation: page.generation,
        as_of: rfc3339(page.as_of),
    }
}

/// Where a list goes on: when it began, and its last question so far. Opaque to callers: hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cursor {
    as_of: Timestamp,
    at: Timestamp,
    id: QuestionId,
}

impl Cursor {
    /// Makes `request` go on from here, with the age limit as it was when the list began; that instant.
    fn resume(self, request: &mut QuestionsRequest, service: &Service) -> Timestamp {
        let elapsed = service.snapshot().as_of(service.now()).minutes_since(self.as_of);
        request.older_than_minutes = request.older_than_minutes.map(|age| age.saturating_add(elapsed));
        request.after = Some((self.at, self.id));
        self.as_of
    }

    fn write(&self) -> String {
        let instants = [self.as_of, self.at].map(|instant| instant.micros().to_be_bytes());
        cursor::write(&[instants.as_flattened(), self.id.as_str().as_bytes()].concat())
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = cursor::read(text)?;
        let mut rest = bytes.as_slice();
        let mut instant = || cursor::number(&mut rest).map(Timestamp::from_micros);
        let (as_of, at) = (instant()?, instant()?);
        let id = QuestionId::new(cursor::text(rest)?);
        Some(Self { as_of, at, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let cursor = Cursor {
            as_of: Timestamp::from_micros(-1),
            at: Timestamp::from_micros(i64::MAX),
            id: QuestionId::new("forum/é 42%"),
        };
        assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
    }

    #[test]
    fn anything_else_is_no_cursor() {
        let whole = Cursor {
            as_of: Timestamp::from_micros(0),
            at: Timestamp::from_micros(0),
            id: QuestionId::new("é"),
        };
        let whole = whole.write();
        let long = "0".repeat(cursor::MAX_CURSOR + 2);
        for text in [
            "",
            "zz",
            "é",
            "+1",
            &whole[..32],
            &whole[..33],
            &whole[..34],
            &whole[..35],
            &long,
        ] {
            assert_eq!(Cursor::read(text), None, "{text}");
        }
    }
}
