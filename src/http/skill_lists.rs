//! Lists under a release of skill maps: targets, skills that few have, skills that are asked for and held by nobody.

use super::api::Api;
use super::auth::{Caller, HrRead};
use super::dto::{FewHolders, SkillGaps, UnmetSkills};
use super::error::ApiError;
use super::fresh::Asked;
use super::params::{Language, Name, Params};
use super::skill_maps::{Format, answer, cursor, place, release};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// Items of a list unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 50;

/// What a list of a release takes.
struct Listing {
    from: usize,
    most: usize,
}

fn listing(params: &Params) -> Result<Listing, ApiError> {
    params.only(&["limit", "cursor"])?;
    Ok(Listing {
        from: place(params, "cursor")?,
        most: params.limit(DEFAULT_LIMIT)?,
    })
}

/// The items of `all` that `listing` names, and the cursor of the next.
fn listed<'a, T>(all: &'a [T], listing: &Listing) -> (&'a [T], Option<String>) {
    let end = listing.from.saturating_add(listing.most);
    let items = all.get(listing.from..).unwrap_or_default();
    (
        &items[..items.len().min(listing.most)],
        (end < all.len()).then(|| cursor(end)),
    )
}

/// Targets beside what there is
///
/// The targets are the operator's file (`[skill_maps] targets`); how many people are missing follows from what the release
/// tells, and is null where it tells nothing.
#[utoipa::path(
    get, path = "/v1/skill-maps/{release}/gaps", operation_id = "skill_map_gaps", tag = "skill maps", security(("key" = ["hr:read"])),
    params(
        ("release" = String, Path, description = "The number of the release, or `latest`", example = "latest"),
        ("limit" = Option<u8>, Query, description = "How many at most; 50 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
        ("Accept" = Option<String>, Header, description = "`application/json`, or `text/csv` for a table", nullable = false, example = "text/csv"),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of labels", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "The gaps", content((SkillGaps = "application/json"), (String = "text/csv"))),
        super::document::NamedProblems,
    )
)]
pub(super) async fn skill_map_gaps(
    caller: Caller<HrRead>,
    asked: Asked,
    form: Format,
    language: Language,
    Name(name): Name,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let (listing, tongue) = (listing(&params)?, language.0);
    answer(
        &api,
        (asked, caller, form),
        (tongue, format!("gaps of {name}")),
        move |service| {
            let release = release(service, &name)?;
            let part = service.skill_map_gaps(&release, listing.from, listing.most, tongue);
            Ok(SkillGaps::of(&release, part.gaps, part.next.map(cursor)))
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
        ("limit" = Option<u8>, Query, description = "How many at most; 50 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
        ("Accept" = Option<String>, Header, description = "`application/json`, or `text/csv` for a table", nullable = false, example = "text/csv"),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of labels", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "The skills", content((FewHolders = "application/json"), (String = "text/csv"))),
        super::document::NamedProblems,
    )
)]
pub(super) async fn skill_map_few(
    caller: Caller<HrRead>,
    asked: Asked,
    form: Format,
    language: Language,
    Name(name): Name,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let (listing, tongue) = (listing(&params)?, language.0);
    answer(
        &api,
        (asked, caller, form),
        (tongue, format!("few of {name}")),
        move |service| {
            let release = release(service, &name)?;
            let (few, next) = listed(&release.lists.few, &listing);
            let label = |id: &str| service.subject_label(id, tongue);
            Ok(FewHolders::of(&release, few, &label, next))
        },
    )
    .await
}

/// What is asked for, and nobody has
///
/// Skills and subjects in the questions of a year that the whole organisation may read, from three askers on, that nobody
/// who is counted has, with skills close to them that could be grown. Made once a quarter.
#[utoipa::path(
    get, path = "/v1/skill-maps/{release}/unmet", operation_id = "skill_map_unmet", tag = "skill maps", security(("key" = ["hr:read"])),
    params(
        ("release" = String, Path, description = "The number of the release, or `latest`", example = "latest"),
        ("limit" = Option<u8>, Query, description = "How many at most; 50 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
        ("Accept" = Option<String>, Header, description = "`application/json`, or `text/csv` for a table", nullable = false, example = "text/csv"),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of labels", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "What is asked for", content((UnmetSkills = "application/json"), (String = "text/csv"))),
        super::document::NamedProblems,
    )
)]
pub(super) async fn skill_map_unmet(
    caller: Caller<HrRead>,
    asked: Asked,
    form: Format,
    language: Language,
    Name(name): Name,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let (listing, tongue) = (listing(&params)?, language.0);
    answer(
        &api,
        (asked, caller, form),
        (tongue, format!("unmet of {name}")),
        move |service| {
            let release = release(service, &name)?;
            let (unmet, next) = listed(&release.lists.unmet, &listing);
            let label = |id: &str| service.subject_label(id, tongue);
            Ok(UnmetSkills::of(&release, unmet, &label, next))
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_where_its_items_do() {
        let all = [1, 2, 3, 4, 5];
        let part = |from, most| listed(&all, &Listing { from, most });
        assert_eq!(part(0, 2), (&all[..2], Some(cursor(2))));
        assert_eq!(part(4, 2), (&all[4..], None));
        assert_eq!(part(9, 2), (&all[5..], None));
    }
}
