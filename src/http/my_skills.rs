//! The person's own page of skills and past projects: what the service thinks they know, and their word on it.

use super::api::Api;
use super::auth::{Caller, Dpo, Member};
use super::dto::{MySkills, ProjectPart, Report, SkillWord};
use super::error::ApiError;
use super::fields::{Fields, problem};
use super::fresh::{Asked, by_bytes, json};
use super::own::{own_id, record};
use super::params::{Body, Id, Language, Params};
use crate::app::{
    AuditAction, IngestReport, PartChange, PartRole, Service, SkillChange, Stand, StatementError, Tongue,
};
use crate::domain::{Audience, Level, Stance};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most bytes of a body.
const MAX_BYTES: usize = 16 << 10;
const STANDS: [(&str, Stand); 2] = [("confirmed", Stand::Confirmed), ("contested", Stand::Contested)];
const AUDIENCES: [(&str, Audience); 3] = [
    ("me", Audience::Me),
    ("animators", Audience::Animators),
    ("organisation", Audience::Organisation),
];
const STANCES: [(&str, Stance); 5] = [
    ("can_help", Stance::CanHelp),
    ("can_mentor", Stance::CanMentor),
    ("can_train", Stance::CanTrain),
    ("wants_to_learn", Stance::WantsToLearn),
    ("follows", Stance::Follows),
];
const ROLES: [(&str, PartRole); 2] = [("lead", PartRole::Lead), ("member", PartRole::Member)];

/// My skills
///
/// What the service thinks the key's person knows, why, and who can see it: what is declared, endorsed and imported, what
/// is concluded from their own doing with the records behind it, what they want, and what they contested. What is only
/// concluded is visible to them alone until they confirm it.
#[utoipa::path(
    get, path = "/v1/me/skills", operation_id = "own_skills", tag = "people", security(("key" = ["member"])),
    params(("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr")),
    responses(
        (status = 200, description = "The page", body = MySkills, example = json!({
            "person": "p-17", "name": "Léa Fontaine", "inference": true, "skill_maps": "stated",
            "skills": [{
                "skill": "tls", "label": "TLS", "origins": ["inferred"], "level": "practising", "confidence": "medium",
                "audience": "me", "stances": ["can_help"], "statements": [],
                "inferred": {"level": "practising", "confidence": "medium", "reasons": [{
                    "code": "answers", "params": {"count": 2}, "text": "2 answers to questions about it", "contribution": 1.2,
                    "facts": [{"kind": "answer", "id": "a-901", "at": "2026-02-20T14:12:00Z"}]
                }]}
            }],
            "projects": [{"project": "badge", "name": "Badges", "role": "member", "since": "2025-03-01", "until": "2025-12-31"}],
            "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ReadProblems,
    )
)]
pub(super) async fn own_skills(
    caller: Caller<Member>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    let read = move |service: &Service| Ok(MySkills::from(service.my_skills(&id, language.0)?));
    page(&api, &asked, language.0, read).await
}

/// The page that `read` makes, under a tag of its bytes: what skill maps have to do with somebody moves with releases, which
/// have no place in the log.
async fn page(
    api: &Api,
    asked: &Asked,
    tongue: Tongue,
    read: impl FnOnce(&Service) -> Result<MySkills, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let bytes = api
        .run(move |service| read(service).and_then(|page| json(&page)))
        .await??;
    Ok(by_bytes(asked, tongue, bytes))
}

/// Somebody's skills, for them
///
/// The same page of anybody who asks the data protection officer for it.
#[utoipa::path(
    get, path = "/v1/people/{id}/skills", operation_id = "person_skills", tag = "people", security(("key" = ["dpo"])),
    params(
        ("id" = String, Path, description = "The person, percent-encoded", min_length = 1, max_length = 200, example = "p-17"),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr"),
    ),
    responses((status = 200, description = "The page", body = MySkills), super::document::ReadProblems)
)]
pub(super) async fn person_skills(
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
        let skills = service.my_skills(&id, language.0)?;
        record(service, &officer, AuditAction::PersonRead, &id)?;
        Ok(MySkills::from(skills))
    };
    page(&api, &asked, language.0, read).await
}

/// Say something of a skill
///
/// Declare it with a level, confirm or contest what others or the service say, say what you want to do with it, choose who
/// can see it. Each key is a word of its own; what is absent stays. In force once it is answered: contested, it is never
/// concluded again, whatever comes.
#[utoipa::path(
    put, path = "/v1/me/skills/{skill}", operation_id = "say_of_skill", tag = "people", security(("key" = ["member"])),
    params(("skill" = String, Path, description = "The skill, percent-encoded", min_length = 1, max_length = 200, example = "tls")),
    request_body(content = SkillWord, description = "What changes; a key that it does not have is refused"),
    responses(
        (status = 200, description = "It is durable and visible", body = Report, example = json!({
            "accepted": 1, "duplicate": 0, "rejected": [], "generation": 1205
        })),
        super::document::WordProblems,
    )
)]
pub(super) async fn say_of_skill(
    caller: Caller<Member>,
    Id(skill): Id,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    write(api, move |service| {
        Ok(service.say_of_skill(&id, &skill, &skill_word(&body)?)?)
    })
    .await
}

/// Withdraw a skill
///
/// Takes back what the key's person said of it: their declaration, their stances, their confirmation. What colleagues and
/// other systems say stays; contest it to end that too.
#[utoipa::path(
    delete, path = "/v1/me/skills/{skill}", operation_id = "withdraw_skill", tag = "people", security(("key" = ["member"])),
    params(("skill" = String, Path, description = "The skill, percent-encoded", min_length = 1, max_length = 200, example = "tls")),
    responses((status = 200, description = "It is durable and visible", body = Report), super::document::ChangeProblems)
)]
pub(super) async fn withdraw_skill(
    caller: Caller<Member>,
    Id(skill): Id,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    write(api, move |service| Ok(service.withdraw_skill(&id, &skill)?)).await
}

/// Say that I take or took part in a project
///
/// With its days, when they are over too. What colleagues' skills and topics of projects say counts from then on.
#[utoipa::path(
    put, path = "/v1/me/projects/{project}", operation_id = "say_of_project", tag = "people", security(("key" = ["member"])),
    params(("project" = String, Path, description = "The project, percent-encoded", min_length = 1, max_length = 200, example = "badge")),
    request_body(content = ProjectPart, description = "The part; a key that it does not have is refused"),
    responses((status = 200, description = "It is durable and visible", body = Report), super::document::WordProblems)
)]
pub(super) async fn say_of_project(
    caller: Caller<Member>,
    Id(project): Id,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    write(api, move |service| {
        Ok(service.say_of_project(&id, &project, project_part(&body)?)?)
    })
    .await
}

/// Withdraw a project
///
/// As if the key's person had never taken part, whoever said so.
#[utoipa::path(
    delete, path = "/v1/me/projects/{project}", operation_id = "withdraw_project", tag = "people", security(("key" = ["member"])),
    params(("project" = String, Path, description = "The project, percent-encoded", min_length = 1, max_length = 200, example = "badge")),
    responses((status = 200, description = "It is durable and visible", body = Report), super::document::ChangeProblems)
)]
pub(super) async fn withdraw_project(
    caller: Caller<Member>,
    Id(project): Id,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    write(api, move |service| Ok(service.withdraw_project(&id, &project)?)).await
}

/// Hands what is said to the writer, and tells what became of it.
async fn write<F>(
    api: Arc<Api>,
    say: impl FnOnce(&Service) -> Result<F, ApiError> + Send + 'static,
) -> Result<Response, ApiError>
where
    F: Future<Output = Result<IngestReport, StatementError>> + Send + 'static,
{
    let door = Arc::clone(&api);
    // Held until it is acknowledged: what is on its way to the writer is bounded.
    let _turn = door.gate().turn_to_write()?;
    let fate = api.run(say).await??;
    Ok(Json(Report::from(fate.await?)).into_response())
}

fn skill_word(body: &[u8]) -> Result<SkillChange, ApiError> {
    let mut fields = Fields::read(body)?;
    let declared = fields.flag("declared");
    let level = fields.decimal("level", &(0.0..=1.0));
    let stand = fields.one_of("stand", &STANDS);
    let stances = fields.texts("stances", STANCES.len(), 20);
    let audience = fields.one_of("audience", &AUDIENCES);
    let mut chosen = BTreeSet::new();
    for (place, name) in stances.iter().flatten().enumerate() {
        match STANCES.iter().find(|(known, _)| known == name) {
            Some((_, stance)) => _ = chosen.insert(*stance),
            None => fields.note(
                format!("stances[{place}]"),
                "bad_value",
                "this is one of can_help, can_mentor, can_train, wants_to_learn, follows",
            ),
        }
    }
    let change = SkillChange {
        declared,
        level: level.and_then(Level::new),
        stand,
        stances: stances.map(|_| chosen),
        audience,
    };
    if change.level.is_some() && change.declared == Some(false) {
        fields.note(
            "level".to_owned(),
            "bad_value",
            "a level declares the skill: leave one of both out",
        );
    }
    if change.stand == Some(Stand::Contested) && (change.declared == Some(true) || change.level.is_some()) {
        fields.note(
            "stand".to_owned(),
            "bad_value",
            "a skill is declared or contested, not both",
        );
    }
    let nothing = change == SkillChange::default();
    fields.close("a word on a skill has declared, level, stand, stances, audience")?;
    if nothing {
        let detail = "say something: declared, level, stand, stances or audience";
        return Err(ApiError::of_body(vec![problem("", "missing", detail)]));
    }
    Ok(change)
}

fn project_part(body: &[u8]) -> Result<PartChange, ApiError> {
    let mut fields = Fields::read(body)?;
    let role = fields.one_of("role", &ROLES).unwrap_or(PartRole::Member);
    let (since, until) = (fields.day("since"), fields.day("until"));
    if since.zip(until).is_some_and(|(since, until)| until < since) {
        fields.note("until".to_owned(), "bad_value", "the last day is not before the first");
    }
    fields.close("a part in a project has role, since, until")?;
    Ok(PartChange { role, since, until })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Day;

    fn faults(body: &str) -> Vec<String> {
        let error = skill_word(body.as_bytes()).unwrap_err();
        error
            .fields()
            .iter()
            .map(|e| format!("{} {}", e.field, e.code))
            .collect()
    }

    #[test]
    fn a_word_is_read_whole_and_contradictions_are_refused() {
        let body = br#"{"level":0.5,"stances":["can_help"],"audience":"me","stand":"confirmed"}"#;
        let word = skill_word(body).unwrap();
        assert_eq!((word.level, word.stand), (Level::new(0.5), Some(Stand::Confirmed)));
        assert_eq!(word.stances, Some([Stance::CanHelp].into()));
        assert_eq!(skill_word(br#"{"stances":[]}"#).unwrap().stances, Some([].into()));
        assert_eq!(faults("{}"), [" missing"]);
        assert_eq!(faults(r#"{"level":0.5,"declared":false}"#), ["level bad_value"]);
        assert_eq!(faults(r#"{"declared":true,"stand":"contested"}"#), ["stand bad_value"]);
        assert_eq!(faults(r#"{"stances":["likes"]}"#), ["stances[0] bad_value"]);
        assert_eq!(
            faults(r#"{"level":2,"stars":5}"#),
            ["level out_of_range", "stars unknown_key"]
        );
    }

    #[test]
    fn days_of_a_part_are_dates_in_order() {
        let part = project_part(br#"{"since":"1970-01-02","until":"1970-01-11"}"#).unwrap();
        let day = |days| Some(Day::from_days(days));
        assert_eq!((part.since, part.until), (day(1), day(10)));
        for bad in [
            r#"{"since":"soon"}"#,
            r#"{"since":"2024-02-02","until":"2024-01-01"}"#,
            r#"{"role":"boss"}"#,
        ] {
            assert!(project_part(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
