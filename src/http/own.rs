//! The person's own hand: what they allow, how much they can give, questions that they could answer.
//!
//! Under `/v1/me` the key's person acts; under `/v1/people/{id}` the data protection officer, for whoever asks them to.

use super::api::Api;
use super::auth::{Caller, Dpo, Member, Need};
use super::dto::{AbsenceBody, CapacityBody, OwnQuestions, PreferenceBody, Wishes};
use super::error::ApiError;
use super::fields::{Fields, problem};
use super::fresh::Asked;
use super::params::{Body, Id, Language, Params};
use crate::app::{AuditAction, AuditEntry, Identity, QueryError, Service, StatementError, Tongue, Wish};
use crate::domain::{DaySpan, Hours, PersonId, Preference, Purpose};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// The most bytes of a body.
const MAX_BYTES: usize = 16 << 10;
/// Questions in an answer unless the caller says otherwise: few enough to look at.
const FEW: usize = 5;

/// What I allow and can give
///
/// What holds now for each purpose, the limits that the key's person set, and the days on which they are away.
#[utoipa::path(
    get, path = "/v1/me/preferences", operation_id = "own_preferences", tag = "people", security(("key" = ["member"])),
    responses(
        (status = 200, description = "What holds", body = Wishes, example = json!({
            "person": "p-17",
            "preferences": [{"purpose": "experts", "allowed": false, "until": "2026-04-30", "stated": true}],
            "capacity": {"asks_per_week": 2}, "absences": [{"from": "2026-04-20", "until": "2026-04-30"}],
            "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ReadProblems,
    )
)]
pub(super) async fn own_preferences(
    caller: Caller<Member>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    let read = move |service: &Service| Ok(Wishes::from(service.wishes(&id)?));
    api.read(asked, &caller.identity, language.0, read).await
}

/// Allow or refuse a purpose
///
/// In force once it is answered, over everything that was said before: the key's person is then in no answer for that
/// purpose, greeted by nobody, and named in nobody's reasons. `all` is every purpose at once: a pause.
#[utoipa::path(
    put, path = "/v1/me/preferences", operation_id = "set_own_preference", tag = "people", security(("key" = ["member"])),
    request_body(content = PreferenceBody, description = "The choice; a key that it does not have is refused"),
    responses((status = 200, description = "It is in force; what holds now", body = Wishes), super::document::WordProblems)
)]
pub(super) async fn set_own_preference(
    caller: Caller<Member>,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    say(api, id, None, language.0, move || preference(&body)).await
}

/// Say how much I can give
///
/// Takes the place of what the key's person said before; without a number, there is no limit of their own, and what is usual
/// holds.
#[utoipa::path(
    put, path = "/v1/me/capacity", operation_id = "set_own_capacity", tag = "people", security(("key" = ["member"])),
    request_body(content = CapacityBody, description = "The limits; a key that it does not have is refused"),
    responses((status = 200, description = "It is in force; what holds now", body = Wishes), super::document::WordProblems)
)]
pub(super) async fn set_own_capacity(
    caller: Caller<Member>,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    say(api, id, None, language.0, move || capacity(&body)).await
}

/// Say when I am away
///
/// Days only, never why; `away: false` takes days back. Others are told `unavailable` and nothing else.
#[utoipa::path(
    put, path = "/v1/me/absences", operation_id = "set_own_absence", tag = "people", security(("key" = ["member"])),
    request_body(content = AbsenceBody, description = "The days; a key that it does not have is refused"),
    responses((status = 200, description = "It is in force; what holds now", body = Wishes), super::document::WordProblems)
)]
pub(super) async fn set_own_absence(
    caller: Caller<Member>,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    say(api, id, None, language.0, move || absence(&body)).await
}

/// Questions that I could answer
///
/// Open questions that nobody answered yet, that the key's person may see, did not ask and did not turn down, and that are
/// near what they know or answered. Nobody is sent anything: they are here for whoever looks.
#[utoipa::path(
    get, path = "/v1/me/questions", operation_id = "own_questions", tag = "people", security(("key" = ["member"])),
    params(
        ("limit" = Option<u8>, Query, description = "How many at most; 5 unless given", minimum = 1, maximum = 100, nullable = false),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "The questions; none is an answer too", body = OwnQuestions, example = json!({
            "person": "p-17",
            "items": [{
                "question": "forum/42", "title": "How do I rotate the signing certificate?", "asker": "p-4", "community": "security",
                "tags": ["certificates"], "language": "en", "at": "2026-02-27T10:04:00Z", "answers": 0, "closed": false,
                "reasons": [{"code": "topic", "params": {"count": 2, "names": ["certificates"]}, "text": "you answered about certificates",
                    "contribution": 1.5, "facts": [{"kind": "answer", "id": "a-901", "at": "2026-01-12T08:30:00Z"}]}]
            }],
            "next_cursor": null, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::NamedProblems,
    )
)]
pub(super) async fn own_questions(
    caller: Caller<Member>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let id = own_id(&caller.identity)?;
    questions(&api, &caller, asked, language.0, (&params, id)).await
}

/// What somebody allows and can give
#[utoipa::path(
    get, path = "/v1/people/{id}/preferences", operation_id = "person_preferences", tag = "people",
    security(("key" = ["dpo"])),
    params(("id" = String, Path, description = "The person, percent-encoded", min_length = 1, max_length = 200, example = "p-17")),
    responses((status = 200, description = "What holds", body = Wishes), super::document::ReadProblems)
)]
pub(super) async fn person_preferences(
    caller: Caller<Dpo>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let officer = Arc::clone(&caller.identity);
    let read = move |service: &Service| {
        let wishes = service.wishes(&id)?;
        record(service, &officer, AuditAction::PersonRead, &id)?;
        Ok(Wishes::from(wishes))
    };
    api.read(asked, &caller.identity, language.0, read).await
}

/// Allow or refuse a purpose for somebody who asks to
///
/// As for oneself: in force once it is answered.
#[utoipa::path(
    put, path = "/v1/people/{id}/preferences", operation_id = "set_person_preference", tag = "people",
    security(("key" = ["dpo"])),
    params(("id" = String, Path, description = "The person, percent-encoded", min_length = 1, max_length = 200, example = "p-17")),
    request_body(content = PreferenceBody, description = "The choice; a key that it does not have is refused"),
    responses((status = 200, description = "It is in force; what holds now", body = Wishes), super::document::WordProblems)
)]
pub(super) async fn set_person_preference(
    caller: Caller<Dpo>,
    Id(id): Id,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    say(api, id, Some(caller.identity), language.0, move || preference(&body)).await
}

/// Questions that somebody could answer
#[utoipa::path(
    get, path = "/v1/people/{id}/questions", operation_id = "person_questions", tag = "people",
    security(("key" = ["dpo"])),
    params(
        ("id" = String, Path, description = "The person, percent-encoded", min_length = 1, max_length = 200, example = "p-17"),
        ("limit" = Option<u8>, Query, description = "How many at most; 5 unless given", minimum = 1, maximum = 100, nullable = false),
    ),
    responses((status = 200, description = "What the person is shown", body = OwnQuestions), super::document::NamedProblems)
)]
pub(super) async fn person_questions(
    caller: Caller<Dpo>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    questions(&api, &caller, asked, language.0, (&params, id)).await
}

/// The person for whom the key speaks.
pub(super) fn own_id(who: &Identity) -> Result<String, ApiError> {
    let person = who.person.as_ref().ok_or(QueryError::NotFound("person"))?;
    Ok(person.to_string())
}

async fn questions<N: Need>(
    api: &Api,
    caller: &Caller<N>,
    asked: Asked,
    tongue: Tongue,
    (params, id): (&Params, String),
) -> Result<Response, ApiError> {
    params.only(&["limit"])?;
    let limit = params.limit(FEW)?;
    let who = Arc::clone(&caller.identity);
    let read = move |service: &Service| {
        let questions = service.own_questions(&id, limit, tongue)?;
        if who.person.as_ref().is_none_or(|own| own.as_str() != id) {
            record(service, &who, AuditAction::PersonRead, &id)?;
        }
        Ok(OwnQuestions::from(questions))
    };
    api.read(asked, &caller.identity, tongue, read).await
}

/// Records what is done for `id` or to them, before it is answered.
pub(super) fn record(service: &Service, who: &Identity, action: AuditAction, id: &str) -> Result<(), ApiError> {
    let entry = AuditEntry::of(action, who).about(&PersonId::new(id));
    Ok(service.audit(&entry)?)
}

/// Takes a word of `id` in, and answers what holds once it is in force. An `officer` says it for somebody who must be there;
/// one's own word is taken before anybody else says who one is.
async fn say(
    api: Arc<Api>,
    id: String,
    officer: Option<Arc<Identity>>,
    tongue: Tongue,
    read: impl FnOnce() -> Result<Wish, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let door = Arc::clone(&api);
    // Held until the word is acknowledged: what is on its way to the writer is bounded.
    let _turn = door.gate().turn_to_write()?;
    let said = id.clone();
    let fate = api.run(move |service| {
        let wish = read()?;
        if let Some(officer) = officer {
            service.wishes(&said)?;
            record(service, &officer, AuditAction::PersonBound, &said)?;
        }
        Ok::<_, ApiError>(service.wish(&said, wish))
    });
    fate.await??.await?;
    api.answer(tongue, move |service| Ok(Wishes::from(service.wishes(&id)?)))
        .await
}

fn preference(body: &[u8]) -> Result<Wish, ApiError> {
    let mut fields = Fields::read(body)?;
    let purpose = fields.one_of("purpose", &Purpose::ALL);
    let purpose = fields.need("purpose", purpose);
    let allowed = fields.flag("allowed");
    let allowed = fields.need("allowed", allowed);
    let until = fields.day("until");
    fields.close("a preference has purpose, allowed, until")?;
    // Whatever was missing or wrong was refused by `close`.
    let (Some(purpose), Some(allowed)) = (purpose, allowed) else {
        return Err(ApiError::of_body(vec![]));
    };
    Ok(Wish::Allow(purpose, Preference { allowed, until }))
}

fn capacity(body: &[u8]) -> Result<Wish, ApiError> {
    let mut fields = Fields::read(body)?;
    let asks = fields.whole("asks_per_week", &(0..=100));
    let hours = fields.decimal("animation_hours_per_week", &(0.0..=Hours::MAX));
    fields.close("a capacity has asks_per_week, animation_hours_per_week")?;
    Ok(Wish::Capacity {
        asks_per_week: asks.and_then(|asks| u32::try_from(asks).ok()),
        animation_hours_per_week: hours.and_then(Hours::new),
    })
}

fn absence(body: &[u8]) -> Result<Wish, ApiError> {
    let mut fields = Fields::read(body)?;
    let from = fields.day("from");
    let from = fields.need("from", from);
    let until = fields.day("until");
    let until = fields.need("until", until);
    let away = fields.flag("away").unwrap_or(true);
    let span = from.zip(until).and_then(|(from, until)| DaySpan::new(from, until));
    if from.is_some() && until.is_some() && span.is_none() {
        fields.note(
            "until".to_owned(),
            "out_of_range",
            "the last day comes before the first",
        );
    }
    fields.close("an absence has from, until, away; never why")?;
    // Whatever was missing or wrong was refused by `close`.
    let span = span.ok_or_else(|| ApiError::of_body(vec![]))?;
    Ok(Wish::Days { span, away })
}

impl From<StatementError> for ApiError {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::NotFound(error) => error.into(),
            StatementError::Ingest(error) => error.into(),
            StatementError::Bad(line) => {
                let field = line.field.trim_start_matches("data.").to_owned();
                Self::of_body(vec![problem(field, line.code, line.detail)])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_named() {
        let check = |error: Result<Wish, ApiError>, expected: &[&str]| {
            let error = error.unwrap_err();
            let found: Vec<_> = error
                .fields()
                .iter()
                .map(|e| format!("{} {}", e.field, e.code))
                .collect();
            assert_eq!(found, expected);
        };
        check(
            preference(br#"{"purpose":"spying","until":"soon","why":"x"}"#),
            &[
                "purpose bad_value",
                "allowed missing",
                "until bad_date",
                "why unknown_key",
            ],
        );
        check(
            capacity(br#"{"asks_per_week":101,"animation_hours_per_week":-1}"#),
            &["asks_per_week out_of_range", "animation_hours_per_week out_of_range"],
        );
        check(
            absence(br#"{"from":"2026-03-02","until":"2026-03-01","reason":"x"}"#),
            &["until out_of_range", "reason unknown_key"],
        );
        check(absence(b"{}"), &["from missing", "until missing"]);
    }
}
