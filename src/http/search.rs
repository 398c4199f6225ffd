//! People by what they know, and the cursor over them.

use super::api::Api;
use super::auth::{Caller, SearchRead};
use super::cursor;
use super::dto::Search;
use super::error::{ApiError, ProblemCode};
use super::fresh::Asked;
use super::params::{Language, Params, bad};
use crate::app::{Said, SearchPlace, SearchRequest, Searched};
use crate::domain::Timestamp;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// People in a part unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 10;
/// Characters of what is typed, and of a filter.
const MAX_QUERY: usize = 500;
const MAX_FILTER: usize = 200;
/// What a search takes.
const PARAMETERS: [&str; 10] = [
    "q",
    "skill",
    "unit",
    "site",
    "language",
    "availability",
    "community",
    "origin",
    "limit",
    "cursor",
];
/// The parameters that are texts of a bounded length.
const FILTERS: [&str; 5] = ["skill", "unit", "site", "language", "community"];

/// People who know about something
///
/// Free text, and names of skills in French or English: labels, aliases, and the narrower skills below them. Each with the
/// evidence that the reader may see and how deep they are in each topic; exact matches before close ones, and no number that
/// compares people. Who left, who does not want to be found, and guests whom the reader does not meet are not there.
#[utoipa::path(
    get, path = "/v1/people", operation_id = "search_people", tag = "people", security(("key" = ["search:read"])),
    params(
        ("q" = Option<String>, Query, description = "What they should know about: skills, tags, words; several topics are parted by commas", min_length = 1, max_length = 500, nullable = false, example = "PostgreSQL, réplication"),
        ("skill" = Option<String>, Query, description = "A skill, by identifier or by name: what is sought where there is no `q`, a filter beside it", min_length = 1, max_length = 200, nullable = false),
        ("unit" = Option<String>, Query, description = "They work in this unit, or below it", min_length = 1, max_length = 200, nullable = false, example = "Group/IT"),
        ("site" = Option<String>, Query, description = "They work there", min_length = 1, max_length = 200, nullable = false),
        ("language" = Option<String>, Query, description = "They work in this language", min_length = 1, max_length = 200, nullable = false, example = "fr"),
        ("availability" = Option<String>, Query, description = "They can be turned to now, or cannot", pattern = "^(available|unavailable)$", nullable = false),
        ("community" = Option<String>, Query, description = "They belong to this community", min_length = 1, max_length = 200, nullable = false),
        ("origin" = Option<String>, Query, description = "By what they are found: their answers, or who says that they have the skill", pattern = "^(answers|declared|endorsed|imported|confirmed|offered)$", nullable = false),
        ("limit" = Option<u8>, Query, description = "How many at most; 10 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "A part of the list; nobody is an answer too", body = Search, example = json!({
            "items": [{
                "subject": "p-17", "name": "Léa Fontaine", "match": "exact",
                "reasons": [
                    {"code": "topic", "params": {"count": 4, "names": ["postgresql"]}, "text": "gave 4 answers about postgresql",
                     "facts": [{"kind": "answer", "id": "a-901", "at": "2026-02-11T10:04:00Z", "url": "https://forum.example/a/901"}]},
                    {"code": "skill", "params": {"count": 1, "names": ["PostgreSQL"]}, "text": "knows about PostgreSQL",
                     "facts": [{"kind": "skill_endorsed", "id": "postgresql"}]}
                ],
                "covers": [{"topic": "PostgreSQL", "depth": "solid"}], "availability": "available",
                "title": "Database engineer", "unit": "Group/IT/Data", "site": "Lyon"
            }],
            "next_cursor": null,
            "understood_as": [{"topic": "PostgreSQL", "kind": "skill", "skills": [{"skill": "postgresql", "label": "PostgreSQL"}]}],
            "matches": {"exact": "some", "close": 12},
            "facets": {"unit": [{"value": "Group", "label": "Group", "count": 14}], "site": [{"value": "Lyon", "label": "Lyon", "count": "some"}]},
            "model": "default-df3c4bb4e94f", "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ListProblems,
    )
)]
pub(super) async fn search_people(
    caller: Caller<SearchRead>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let request = request(&params, &language, &caller)?;
    api.read(asked, &caller.identity, language.0, move |service| {
        Ok(part(service.search(&request)))
    })
    .await
}

fn request(params: &Params, language: &Language, caller: &Caller<SearchRead>) -> Result<SearchRequest, ApiError> {
    params.only(&PARAMETERS)?;
    bounded(params, "q", MAX_QUERY)?;
    FILTERS.iter().try_for_each(|name| bounded(params, name, MAX_FILTER))?;
    let text = params.text("q").unwrap_or_default();
    if text.trim().is_empty() && params.text("skill").is_none() {
        return Err(bad(
            "q",
            "is missing: say what they should know about, or name a `skill`",
        ));
    }
    let unreadable = || bad("cursor", "is not one that this list gave");
    let after = params.text("cursor").map(|text| read(text).ok_or_else(unreadable));
    Ok(SearchRequest {
        text: text.to_owned(),
        skill: params.id("skill"),
        unit: params.id("unit"),
        site: params.id("site"),
        language: params.id("language"),
        available: params.one_of("availability", &[("available", true), ("unavailable", false)])?,
        community: params.id("community"),
        origin: params.one_of("origin", &Said::ALL)?,
        limit: params.limit(DEFAULT_LIMIT)?,
        tongue: language.0,
        viewer: caller.identity.reader(),
        after: after.transpose()?,
    })
}

/// Refuses the parameter `name` when it is empty or has more than `most` characters.
fn bounded(params: &Params, name: &str, most: usize) -> Result<(), ApiError> {
    let Some(text) = params.text(name) else { return Ok(()) };
    if text.trim().is_empty() {
        return Err(bad(name, "says nothing: leave it out"));
    }
    if text.chars().nth(most).is_some() {
        let detail = format!("`{name}` has at most {most} characters");
        return Err(ApiError::of_parameter(ProblemCode::OutOfRange, name, detail));
    }
    Ok(())
}

/// A part of the list as it is sent.
pub(super) fn part(searched: Searched) -> Search {
    let cursor = searched.next.as_ref().map(write);
    Search::of(searched.answer, cursor, (searched.generation, searched.as_of))
}

fn write(place: &SearchPlace) -> String {
    let first = place.first.micros().to_be_bytes();
    cursor::write(&[&first, place.named.as_flattened()].concat())
}

fn read(text: &str) -> Option<SearchPlace> {
    let bytes = cursor::read(text)?;
    let mut rest = bytes.as_slice();
    let first = Timestamp::from_micros(cursor::number(&mut rest)?);
    let (named, odd) = rest.as_chunks();
    (odd.is_empty() && !named.is_empty()).then(|| SearchPlace {
        first,
        named: named.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        let place = SearchPlace {
            first: Timestamp::from_micros(-7),
            named: (0..300_u32).map(u32::to_be_bytes).collect(),
        };
        assert_eq!(read(&write(&place)), Some(place));
        for text in [
            "",
            "00",
            &"0".repeat(16),
            &"0".repeat(18),
            "zz",
            &"0".repeat(cursor::MAX_CURSOR + 8),
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
