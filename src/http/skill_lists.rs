//! Lists under a release of skill maps: targets, skills that few have, skills that are asked for and held by nobody.

use super::api::Api;
use super::dto::{FewHolders, SkillGaps, Table, UnmetSkills};
use super::error::ApiError;
use super::params::{Name, Params};
use super::skill_maps::{FormParams, Reader, answer, cursor, place, release};
use crate::app::{Release, Service};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;

/// Items of a list unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 50;

/// Which part of a list of a release is asked for.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its description is used: parameters are read by name")]
struct PartParams {
    /// How many at most; 50 unless given
    #[param(minimum = 1, maximum = 100, nullable = false)]
    limit: Option<u8>,
    /// `next_cursor` of the part before
    #[param(min_length = 1, nullable = false)]
    cursor: Option<String>,
}

/// The part of a list that is asked for.
struct Part {
    from: usize,
    most: usize,
}

impl Part {
    fn read(params: &Params) -> Result<Self, ApiError> {
        params.only(&["limit", "cursor"])?;
        Ok(Self {
            from: place(params, "cursor")?,
            most: params.limit(DEFAULT_LIMIT)?,
        })
    }

    /// The items of `all` that are in it, and the cursor of the next.
    fn of<'a, T>(&self, all: &'a [T]) -> (&'a [T], Option<String>) {
        let end = self.from.saturating_add(self.most);
        let items = all.get(self.from..).unwrap_or_default();
        let next = (end < all.len()).then(|| cursor(end));
        (&items[..items.len().min(self.most)], next)
    }
}

/// What a skill or a subject is called, to whoever reads.
type Labels<'a> = &'a dyn Fn(&str) -> String;

/// Answers with the part of the list `noun` of the release called `name` that `params` ask for: `list` makes it.
async fn list<T: Serialize + Table>(
    (api, reader): (Arc<Api>, Reader),
    (noun, name): (&'static str, String),
    params: Params,
    list: impl FnOnce(&Service, &Release, &Part, Labels<'_>) -> T + Send + 'static,
) -> Result<Response, ApiError> {
    let (part, tongue) = (Part::read(&params)?, reader.tongue);
    answer(&api, reader, noun, move |service, what| {
        let release = release(service, &name, what)?;
        let label = |id: &str| service.subject_label(id, tongue);
        Ok(list(service, &release, &part, &label))
    })
    .await
}

/// Targets beside what there is
///
/// The targets are the operator's file (`[skill_maps] targets`); how many people are missing follows from what the release
/// tells, and is null where it tells nothing.
#[utoipa::path(
    get, path = "/v1/skill-maps/{release}/gaps", operation_id = "skill_map_gaps", tag = "skill maps", security(("key" = ["hr:read"])),
    params(
        ("release" = String, Path, description = "The number of the release, or `latest`", example = "latest"),
        PartParams,
        FormParams,
    ),
    responses(
        (status = 200, description = "The gaps", content((SkillGaps = "application/json"), (String = "text/csv"))),
        super::document::NamedProblems,
    )
)]
pub(super) async fn skill_map_gaps(
    reader: Reader,
    Name(name): Name,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    list(
        (api, reader),
        ("gaps", name),
        params,
        |service, release, part, label| {
            let (gaps, next) = part.of(service.skill_map_targets());
            let gaps = gaps.iter().map(|target| (target, release.towards(target)));
            SkillGaps::of(release, gaps, label, next)
        },
    )
    .await
}

/// Skills that few people have
///
/// Over the whole organisation only: which skills at most `k` people have, not how many or where. Those who have one are
/// told on their own page, and choose whether to offer a hand-over. Made once a quarter.
#[utoipa::path(
    get, path = "/v1/skill-maps/{release}/few", operation_id = "skill_map_few", tag = "skill maps", security(("key" = ["hr:read"])),
    params(
        ("release" = String, Path, description = "The number of the release, or `latest`", example = "latest"),
        PartParams,
        FormParams,
    ),
    responses(
        (status = 200, description = "The skills", content((FewHolders = "application/json"), (String = "text/csv"))),
        super::document::NamedProblems,
    )
)]
pub(super) async fn skill_map_few(
    reader: Reader,
    Name(name): Name,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    list((api, reader), ("few", name), params, |_, release, part, label| {
        let (few, next) = part.of(&release.lists.few);
        FewHolders::of(release, few, label, next)
    })
    .await
}

/// What is asked for, and nobody has
///
/// Skills and subjects in the questions of a year that the whole organisation may read, that more than k people ask for and
/// nobody who is counted has, with skills close to them that could be grown. Made once a quarter.
#[utoipa::path(
    get, path = "/v1/skill-maps/{release}/unmet", operation_id = "skill_map_unmet", tag = "skill maps", security(("key" = ["hr:read"])),
    params(
        ("release" = String, Path, description = "The number of the release, or `latest`", example = "latest"),
        PartParams,
        FormParams,
    ),
    responses(
        (status = 200, description = "What is asked for", content((UnmetSkills = "application/json"), (String = "text/csv"))),
        super::document::NamedProblems,
    )
)]
pub(super) async fn skill_map_unmet(
    reader: Reader,
    Name(name): Name,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    list((api, reader), ("unmet", name), params, |_, release, part, label| {
        let (unmet, next) = part.of(&release.lists.unmet);
        UnmetSkills::of(release, unmet, label, next)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_where_its_items_do() {
        let all = [1, 2, 3, 4, 5];
        let part = |from, most| Part { from, most }.of(&all);
        assert_eq!(part(0, 2), (&all[..2], Some(cursor(2))));
        assert_eq!(part(4, 2), (&all[4..], None));
        assert_eq!(part(9, 2), (&all[5..], None));
    }
}
