//! Skill maps, for those who plan: published releases only, each read of which is in the audit log.
//!
//! Invariant: nothing here reads the organisation itself. Every answer comes as JSON or, to a caller who accepts
//! `text/csv`, as a table that a spreadsheet cannot take for formulas.

use super::api::Api;
use super::auth::{Caller, HrRead};
use super::dto::{SkillMap, SkillMaps, SkillTrends, Table};
use super::error::{ApiError, ProblemCode};
use super::fresh::{Asked, by_bytes, json};
use super::params::{Language, Name, Params, bad};
use crate::app::{AuditAction, AuditEntry, MapWish, Release, Service, Slice, Tongue};
use axum::extract::{FromRequestParts, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Rows, and columns, of a page at most.
const PAGE: RangeInclusive<usize> = 1..=50;
/// Rows, and columns, of a page unless the caller says otherwise.
const DEFAULT_PAGE: usize = 20;
/// Steps that a page may go down.
const DEPTHS: RangeInclusive<usize> = 0..=20;

/// Whether the caller wants a table.
pub(super) struct Format {
    csv: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Format {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accept = parts
            .headers
            .get(ACCEPT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut kinds = accept
            .split(',')
            .filter_map(|kind| kind.split(';').next())
            .map(str::trim);
        let first = kinds.find(|kind| matches!(*kind, "text/csv" | "application/json"));
        Ok(Self {
            csv: first == Some("text/csv"),
        })
    }
}

/// `text` as a spreadsheet shows it and never computes it: what begins like a formula is quoted by an apostrophe, and so is
/// what would begin a cell to one that separates cells by semicolons or tabs, as those of many countries do.
fn plain(text: &str) -> String {
    let (mut shown, mut begins) = (String::with_capacity(text.len()), true);
    for c in text.chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n') {
            shown.push('\'');
        }
        shown.push(c);
        begins = matches!(c, ';' | '\t' | '\r' | '\n') || (begins && c == ' ');
    }
    shown
}

/// `answer` as a table in CSV.
pub(super) fn csv(answer: &impl Table) -> String {
    let mut file = csv::Writer::from_writer(Vec::new());
    for line in answer.table() {
        // Lines are of one length, and writing to memory cannot fail.
        let _ = file.write_record(line.iter().map(|cell| plain(cell)));
    }
    let bytes = file.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Where a list goes on, as a cursor.
pub(super) fn cursor(from: usize) -> String {
    super::cursor::write(&(from as u64).to_be_bytes())
}

/// The place that the parameter `name` gives; 0 without one.
pub(super) fn place(params: &Params, name: &str) -> Result<usize, ApiError> {
    let Some(text) = params.text(name) else { return Ok(0) };
    let bytes: Option<[u8; 8]> = super::cursor::read(text).and_then(|bytes| bytes.try_into().ok());
    let place = bytes.and_then(|bytes| usize::try_from(u64::from_be_bytes(bytes)).ok());
    place.ok_or_else(|| bad(name, "is not one that this list gave"))
}

/// The whole number that the parameter `name` gives.
fn whole(params: &Params, name: &str, range: &RangeInclusive<usize>, default: usize) -> Result<usize, ApiError> {
    let Some(text) = params.text(name) else {
        return Ok(default);
    };
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let detail = format!("`{name}` is a whole number from {} to {}", range.start(), range.end());
        ApiError::of_parameter(ProblemCode::OutOfRange, name, detail)
    })
}

/// Who is counted: those of a level or more, or those of an origin.
fn slice(params: &Params) -> Result<Slice, ApiError> {
    let named = |slice: Slice| (slice.code(), slice);
    let level = params.one_of("level", &Slice::LEVELS.map(named))?;
    let origin = params.one_of("origin", &Slice::BY_ORIGIN.map(named))?;
    match (level.filter(|level| *level != Slice::All), origin) {
        (Some(_), Some(_)) => Err(bad("origin", "cannot be combined with `level`: ask for one of them")),
        (level, origin) => Ok(level.or(origin).unwrap_or(Slice::All)),
    }
}

/// What a page shows.
fn wish(params: &Params) -> Result<MapWish, ApiError> {
    Ok(MapWish {
        unit: params.id("unit").unwrap_or_default(),
        unit_depth: whole(params, "unit_depth", &DEPTHS, 1)? as u32,
        skill: params.id("skill"),
        skill_depth: whole(params, "skill_depth", &DEPTHS, 1)? as u32,
        slice: slice(params)?,
        rows_from: place(params, "row_cursor")?,
        rows_most: whole(params, "row_limit", &PAGE, DEFAULT_PAGE)?,
        columns_from: place(params, "column_cursor")?,
        columns_most: whole(params, "column_limit", &PAGE, DEFAULT_PAGE)?,
    })
}

/// The release called `name`; its number goes to `what`, for the audit log.
pub(super) fn release(service: &Service, name: &str, what: &mut String) -> Result<Arc<Release>, ApiError> {
    let gone =
        "there is no such release: see /v1/skill-maps; it may be older than those that are kept, or maps are off";
    let found = service.skill_map(name);
    let release = found.ok_or_else(|| ApiError::new(ProblemCode::NotFound, gone))?;
    let _ = write!(what, " of release {}", release.number);
    Ok(release)
}

/// Notes which part of a release was found, for the audit log.
fn note_part(what: &mut String, wish: &MapWish) {
    let _ = write!(what, ": {} of `{}`", wish.slice.code(), wish.unit);
}

pub(super) fn nothing_told() -> ApiError {
    ApiError::new(
        ProblemCode::NotFound,
        "nothing is told of this unit or this skill in this release",
    )
}

/// Who reads, in which form and language.
pub(super) struct Reader {
    caller: Caller<HrRead>,
    asked: Asked,
    form: Format,
    /// The language of labels.
    pub(super) tongue: Tongue,
}

impl FromRequestParts<Arc<Api>> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, api).await?;
        let Ok(asked) = Asked::from_request_parts(parts, api).await;
        let Ok(form) = Format::from_request_parts(parts, api).await;
        let Ok(language) = Language::from_request_parts(parts, api).await;
        Ok(Self {
            caller,
            asked,
            form,
            tongue: language.0,
        })
    }
}

/// The one way out: the read goes to the audit log, then the answer to the caller. `work` adds to `what` what was found, as
/// the release calls it: what a caller wrote may name anybody, and the audit log keeps everything.
pub(super) async fn answer<T: Serialize + Table>(
    api: &Api,
    reader: Reader,
    what: &'static str,
    work: impl FnOnce(&Service, &mut String) -> Result<T, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let (as_csv, identity) = (reader.form.csv, reader.caller.identity);
    let bytes = api
        .run(move |service| {
            let mut what = what.to_owned();
            let answer = work(service, &mut what);
            let entry = AuditEntry::of(AuditAction::SkillMapRead, &identity).what(what);
            service.audit(&entry)?;
            let answer = answer?;
            if as_csv {
                Ok(csv(&answer).into_bytes())
            } else {
                json(&answer)
            }
        })
        .await??;
    let mut response = by_bytes(&reader.asked, reader.tongue, bytes);
    if as_csv && response.status() != StatusCode::NOT_MODIFIED {
        let kind = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    Ok(response)
}

/// The form and the language of an answer.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used: headers are read by name")]
pub(super) struct FormParams {
    /// `application/json`, or `text/csv` for a table
    #[param(rename = "Accept", nullable = false, example = "text/csv")]
    accept: Option<String>,
    /// `fr` or `en`: the language of labels
    #[param(rename = "Accept-Language", nullable = false, example = "fr")]
    accept_language: Option<String>,
}

/// Published skill maps
///
/// Newest first; none while the operator has not switched them on. The last twelve, and the last of each of the twelve
/// quarters before, can be read.
#[utoipa::path(
    get, path = "/v1/skill-maps", operation_id = "list_skill_maps", tag = "skill maps", security(("key" = ["hr:read"])),
    params(("Accept" = Option<String>, Header, description = "`application/json`, or `text/csv` for a table", nullable = false, example = "text/csv")),
    responses(
        (status = 200, description = "The releases", content(
            (SkillMaps = "application/json", example = json!({
                "items": [{"release": 7, "k": 10, "inferred": false, "too_small": false, "people": {"people": 1204, "since": "2026-02-16"},
                           "generation": 1204, "as_of": "2026-03-02T03:00:00Z"}],
                "next_cursor": null})),
            (String = "text/csv"))),
        super::document::OperatorProblems,
    )
)]
pub(super) async fn list_skill_maps(
    reader: Reader,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    answer(&api, reader, "list", |service, _| {
        let releases = service.skill_maps();
        Ok(SkillMaps::of(releases.iter().rev().map(|release| &**release)))
    })
    .await
}

/// What a page of a map takes.
const MAP_PARAMETERS: [&str; 12] = [
    "rows",
    "columns",
    "unit",
    "unit_depth",
    "skill",
    "skill_depth",
    "level",
    "origin",
    "row_limit",
    "row_cursor",
    "column_limit",
    "column_cursor",
];

/// A page of a skill map
///
/// People by unit and skill, at any level of both trees: a cell is told, or null. `level` counts who has a level or more,
/// `origin` by whose word; levels and origins are those of the skill itself. `inferred` counts, apart, of whom a skill is
/// concluded and nobody says so; nothing unless the release counts them. A number is what was told last, and is told
/// anew once it is more than `k` away. Units and skills of which nothing is told do not appear.
#[utoipa::path(
    get, path = "/v1/skill-maps/{release}", operation_id = "skill_map", tag = "skill maps", security(("key" = ["hr:read"])),
    params(
        ("release" = String, Path, description = "The number of the release, or `latest`", example = "latest"),
        ("rows" = Option<String>, Query, description = "`unit`", nullable = false, example = "unit"),
        ("columns" = Option<String>, Query, description = "`skill`", nullable = false, example = "skill"),
        ("unit" = Option<String>, Query, description = "This unit and those below it", nullable = false, example = "Group/IT"),
        ("unit_depth" = Option<u8>, Query, description = "How many steps below it; 1 unless given", minimum = 0, maximum = 20, nullable = false),
        ("skill" = Option<String>, Query, description = "This skill and those below it", nullable = false),
        ("skill_depth" = Option<u8>, Query, description = "How many steps below it; 1 unless given", minimum = 0, maximum = 20, nullable = false),
        ("level" = Option<String>, Query, description = "`all`, or who is at least `practising`, `autonomous` or at `mastery`", nullable = false, example = "autonomous"),
        ("origin" = Option<String>, Query, description = "`declared`, `endorsed`, `imported` or `confirmed`; or `inferred`: who is in none of these", nullable = false),
        ("row_limit" = Option<u8>, Query, description = "Rows at most; 20 unless given", minimum = 1, maximum = 50, nullable = false),
        ("row_cursor" = Option<String>, Query, description = "`next_row_cursor` of the page before", min_length = 1, nullable = false),
        ("column_limit" = Option<u8>, Query, description = "Columns at most; 20 unless given", minimum = 1, maximum = 50, nullable = false),
        ("column_cursor" = Option<String>, Query, description = "`next_column_cursor` of the page before", min_length = 1, nullable = false),
        FormParams,
    ),
    responses(
        (status = 200, description = "The page", content(
            (SkillMap = "application/json", example = json!({
                "release": 7, "k": 10, "inferred": false, "too_small": false, "people": {"people": 1204, "since": "2026-02-16"},
                "generation": 1204, "as_of": "2026-03-02T03:00:00Z", "counted": "all",
                "columns": [{"skill": "rust", "label": "Rust", "broader": "programming"}],
                "rows": [{"unit": "Group/IT", "people": {"people": 310, "since": "2026-02-16"},
                          "cells": [{"people": 64, "share": 0.206, "since": "2026-03-02"}]},
                         {"unit": "Group/IT/Data", "people": {"people": 41, "since": "2026-02-16"}, "cells": [null]}],
                "next_row_cursor": null, "next_column_cursor": null})),
            (String = "text/csv"))),
        super::document::NamedProblems,
    )
)]
pub(super) async fn skill_map(
    reader: Reader,
    Name(name): Name,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&MAP_PARAMETERS)?;
    params.one_of("rows", &[("unit", ())])?;
    params.one_of("columns", &[("skill", ())])?;
    let (wish, tongue) = (wish(&params)?, reader.tongue);
    answer(&api, reader, "page", move |service, what| {
        let release = release(service, &name, what)?;
        let page = service
            .skill_map_page(&release, &wish, tongue)
            .ok_or_else(nothing_told)?;
        note_part(what, &wish);
        Ok(SkillMap::of(&release, wish.slice, page, cursor))
    })
    .await
}

/// Skills over quarters
///
/// What the last release of each quarter told of the skills, in one unit. Units that were renamed and skills that were
/// merged are found by what they are called now.
#[utoipa::path(
    get, path = "/v1/skill-maps/{release}/trends", operation_id = "skill_map_trends", tag = "skill maps",
    security(("key" = ["hr:read"])),
    params(
        ("release" = String, Path, description = "The number of the last release to be looked at, or `latest`", example = "latest"),
        ("unit" = Option<String>, Query, description = "The unit; the whole organisation unless given", nullable = false, example = "Group/IT"),
        ("skill" = Option<String>, Query, description = "This skill and those below it", nullable = false),
        ("skill_depth" = Option<u8>, Query, description = "How many steps below it; 1 unless given", minimum = 0, maximum = 20, nullable = false),
        ("level" = Option<String>, Query, description = "`all`, or who is at least `practising`, `autonomous` or at `mastery`", nullable = false, example = "autonomous"),
        ("origin" = Option<String>, Query, description = "`declared`, `endorsed`, `imported` or `confirmed`; or `inferred`: who is in none of these", nullable = false),
        ("column_limit" = Option<u8>, Query, description = "Skills at most; 20 unless given", minimum = 1, maximum = 50, nullable = false),
        ("column_cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
        FormParams,
    ),
    responses(
        (status = 200, description = "The skills", content((SkillTrends = "application/json"), (String = "text/csv"))),
        super::document::NamedProblems,
    )
)]
pub(super) async fn skill_map_trends(
    reader: Reader,
    Name(name): Name,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[
        "unit",
        "skill",
        "skill_depth",
        "level",
        "origin",
        "column_limit",
        "column_cursor",
    ])?;
    let (wish, tongue) = (wish(&params)?, reader.tongue);
    answer(&api, reader, "trends", move |service, what| {
        let release = release(service, &name, what)?;
        let found = service.skill_map_trends(&release, &wish, tongue);
        let (trends, next) = found.ok_or_else(nothing_told)?;
        note_part(what, &wish);
        Ok(SkillTrends::of(
            &release,
            (wish.unit, wish.slice),
            trends,
            next.map(cursor),
        ))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Cells(Vec<Vec<String>>);

    impl Table for Cells {
        fn table(&self) -> Vec<Vec<String>> {
            self.0.clone()
        }
    }

    #[test]
    fn no_cell_of_a_table_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "\nx"] {
            let table = csv(&Cells(vec![vec![text.to_owned(), "x".to_owned()]]));
            let mut read = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(table.as_bytes());
            let record = read.records().next().unwrap().unwrap();
            assert_eq!(&record[0], format!("'{text}"), "{table}");
        }
        assert_eq!(csv(&Cells(vec![vec!["a=b, \"c\"".to_owned()]])), "\"a=b, \"\"c\"\"\"\n");
        // Nor is a part of one, where a semicolon separates cells.
        assert_eq!(plain("rust; =1+1; -x;+y a-b"), "rust; '=1+1; '-x;'+y a-b");
    }
}
