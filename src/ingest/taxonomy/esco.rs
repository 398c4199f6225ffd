//! ESCO as its classification is downloaded in CSV: skills, groups of skills, and the links between them.
//!
//! A concept's identifier is its address, as published. One file holds one language; several languages of one concept meet.

use super::sheet::{Row, Sheet, SheetError};
use super::{Fate, NO_ID, NO_LABEL, Sort, Taxonomy};

/// What the file called `name` tells.
pub(super) fn sort(name: &str) -> Option<Sort> {
    let stem = name.strip_suffix(".csv")?;
    let (kind, language) = stem.rsplit_once('_').unwrap_or((stem, ""));
    let one = (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase());
    match kind {
        "skills" | "skillGroups" if one => Some(Sort::Skills),
        "broaderRelationsSkillPillar" => Some(Sort::Links),
        "skillsHierarchy" => Some(Sort::Tree),
        _ if stem == "broaderRelationsSkillPillar" => Some(Sort::Links),
        _ => None,
    }
}

/// The columns without which the file is another one.
pub(super) fn needs(sort: Sort, sheet: &Sheet) -> Result<(), SheetError> {
    match sort {
        Sort::Skills => sheet.needs(&["concepturi", "preferredlabel"]),
        Sort::Links => sheet.needs(&["concepturi", "broaderuri"]),
        Sort::Tree => sheet.needs(&["level 0 uri", "level 1 uri"]),
    }
}

/// Takes in one row.
pub(super) fn row(taxonomy: &mut Taxonomy, sort: Sort, name: &str, place: (usize, u64), row: &Row<'_>) -> Fate {
    match sort {
        Sort::Skills => concept(taxonomy, name, place, row),
        Sort::Links => {
            let (narrow, broad) = (row.get("concepturi"), row.get("broaderuri"));
            if broad.is_empty() {
                return Ok(Some("heads of the hierarchy"));
            }
            taxonomy.link(narrow, broad, place).map(|()| None)
        }
        Sort::Tree => tree(taxonomy, place, row),
    }
}

fn concept(taxonomy: &mut Taxonomy, name: &str, place: (usize, u64), row: &Row<'_>) -> Fate {
    if row.get("status").eq_ignore_ascii_case("obsolete") {
        return Ok(Some("obsolete concepts"));
    }
    let (uri, label) = (row.get("concepturi"), row.get("preferredlabel"));
    let language = name
        .strip_suffix(".csv")
        .and_then(|stem| stem.rsplit_once('_'))
        .map_or("en", |(_, tag)| tag);
    taxonomy.changed(row.get("modifieddate"));
    let entry = taxonomy.entry(uri, place).ok_or(NO_ID)?;
    if label.is_empty() {
        return Err(NO_LABEL);
    }
    entry.label(language, label);
    // Hidden labels are what people write and nobody prints: spellings, abbreviations.
    entry.aliases(row.get("altlabels").lines().chain(row.get("hiddenlabels").lines()));
    entry.uri = Some(uri.to_owned());
    Ok(None)
}

/// One path from the top down: each level is a kind of the one above it.
fn tree(taxonomy: &mut Taxonomy, place: (usize, u64), row: &Row<'_>) -> Fate {
    let levels = (0..4).map(|level| row.get(["level 0 uri", "level 1 uri", "level 2 uri", "level 3 uri"][level]));
    let path: Vec<&str> = levels.take_while(|uri| !uri.is_empty()).collect();
    let names = [
        "level 0 preferred term",
        "level 1 preferred term",
        "level 2 preferred term",
        "level 3 preferred term",
    ];
    for (&uri, name) in path.iter().zip(names) {
        let entry = taxonomy.entry(uri, place).ok_or(NO_ID)?;
        if entry.labels.is_empty() {
            entry.label("en", row.get(name));
        }
        entry.uri = Some(uri.to_owned());
    }
    for pair in path.windows(2) {
        taxonomy.link(pair[1], pair[0], place)?;
    }
    Ok(None)
}
