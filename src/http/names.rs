//! People by name, and the cursor over them.

use super::api::Api;
use super::auth::{Caller, SearchRead};
use super::cursor;
use super::dto::Names;
use super::error::{ApiError, ProblemCode};
use super::fresh::Asked;
use super::params::{Language, Params, bad};
use crate::app::{Closeness, NamePlace, NamesPage, NamesRequest};
use crate::calendar::rfc3339;
use crate::domain::{PersonId, Timestamp};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// People in a part unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 20;
/// Characters of a query.
const MAX_QUERY: usize = 500;

/// People by name
///
/// Any part of the name, or its beginning, in any order, whatever case and accents; failing that, what sounds like it in
/// French or English. Closest first, then by name. Who left, and who does not want to be found, is not there.
#[utoipa::path(
    get, path = "/v1/names/people", operation_id = "people_by_name", tag = "people", security(("key" = ["search:read"])),
    params(
        ("q" = String, Query, description = "What is remembered of the name", min_length = 1, max_length = 500, example = "lea font"),
        ("limit" = Option<u8>, Query, description = "How many at most; 20 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
    ),
    responses(
        (status = 200, description = "A part of the list", body = Names, example = json!({
            "items": [{"person": "p-17", "name": "Léa Fontaine", "unit": "Group/IT/Network", "site": "Lyon", "title": "Network engineer", "match": "prefix"}],
            "next_cursor": null, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ListProblems,
    )
)]
pub(super) async fn people_by_name(
    caller: Caller<SearchRead>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let (request, cursor) = request(&params, &caller)?;
    api.read(asked, &caller.identity, language.0, move |service| {
        Ok(part(service.names(&request), cursor))
    })
    .await
}

fn request(params: &Params, caller: &Caller<SearchRead>) -> Result<(NamesRequest, Option<Timestamp>), ApiError> {
    params.only(&["q", "limit", "cursor"])?;
    let query = params.text("q").unwrap_or_default();
    if query.trim().is_empty() {
        return Err(bad("q", "is missing: say what you remember of the name"));
    }
    if query.chars().nth(MAX_QUERY).is_some() {
        let detail = format!("`q` has at most {MAX_QUERY} characters");
        return Err(ApiError::of_parameter(ProblemCode::OutOfRange, "q", detail));
    }
    let unreadable = || bad("cursor", "is not one that this list gave");
    let cursor = params
        .text("cursor")
        .map(|text| read(text).ok_or_else(unreadable))
        .transpose()?;
    let (first, after) = cursor.unzip();
    let request = NamesRequest {
        query: query.to_owned(),
        limit: params.limit(DEFAULT_LIMIT)?,
        after,
        viewer: caller.identity.reader(),
    };
    Ok((request, first))
}

/// A page as it is sent; `first` is the instant of the list's first part, when this is not that one.
fn part(page: NamesPage, first: Option<Timestamp>) -> Names {
    let as_of = first.unwrap_or(page.as_of);
    Names {
        next_cursor: page.next.as_ref().map(|place| write(as_of, place)),
        items: page.items.into_iter().map(Into::into).collect(),
        generation: page.generation,
        as_of: rfc3339(page.as_of),
    }
}

/// How close, in cursors.
const CLOSENESS: [Closeness; 3] = [Closeness::Whole, Closeness::Beginning, Closeness::Sound];

fn write(as_of: Timestamp, (closeness, name, person): &NamePlace) -> String {
    let numbers = [as_of.micros(), *closeness as i64, name.len() as i64].map(i64::to_be_bytes);
    cursor::write(&[numbers.as_flattened(), name.as_bytes(), person.as_str().as_bytes()].concat())
}

fn read(text: &str) -> Option<(Timestamp, NamePlace)> {
    let bytes = cursor::read(text)?;
    let mut rest = bytes.as_slice();
    let as_of = Timestamp::from_micros(cursor::number(&mut rest)?);
    let closeness = *CLOSENESS.get(usize::try_from(cursor::number(&mut rest)?).ok()?)?;
    let length = usize::try_from(cursor::number(&mut rest)?).ok()?;
    let (name, person) = rest.split_at_checked(length)?;
    let place = (
        closeness,
        Arc::from(cursor::text(name)?),
        PersonId::new(cursor::text(person)?),
    );
    Some((as_of, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        let place = (Closeness::Sound, Arc::from("Zoé Lefèvre"), PersonId::new("hr/é 42"));
        let text = write(Timestamp::from_micros(-1), &place);
        assert_eq!(read(&text), Some((Timestamp::from_micros(-1), place)));
        for length in 0..text.len() {
            let cut = read(&text[..length]);
            assert!(cut.is_none_or(|(_, (_, name, _))| &*name == "Zoé Lefèvre"), "{length}");
        }
        assert_eq!(read(&text.replacen("0000000000000002", "0000000000000003", 1)), None);
        assert_eq!(read(&text.replacen("000000000000000", "ffffffffffffff0", 2)), None);
    }
}
