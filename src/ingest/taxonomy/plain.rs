//! A list of one's own: one row a skill, with the columns `skill`, `label_en`, `label_fr` (or any other language), `aliases`,
//! `broader` and `uri`. Several aliases or broader skills stand in one cell, on lines of their own or between `|`.

use super::sheet::{Row, Sheet, SheetError};
use super::{Fate, NO_ID, NO_LABEL, Taxonomy};

/// What a column of labels begins with.
const LABEL: &str = "label_";

/// The columns without which the file is another one.
pub(super) fn needs(sheet: &Sheet) -> Result<(), SheetError> {
    sheet.needs(&["skill"])?;
    let labels = sheet.columns().iter().any(|name| name.starts_with(LABEL));
    if labels {
        Ok(())
    } else {
        Err(SheetError::NoColumn(
            "label_en, or label_ and another language".to_owned(),
        ))
    }
}

/// Takes in one row.
pub(super) fn row(taxonomy: &mut Taxonomy, sheet: &Sheet, place: (usize, u64), row: &Row<'_>) -> Fate {
    let id = row.get("skill");
    let entry = taxonomy.entry(id, place).ok_or(NO_ID)?;
    for column in sheet.columns() {
        if let Some(language) = column.strip_prefix(LABEL) {
            entry.label(language, row.get(column));
        }
    }
    if entry.labels.is_empty() {
        return Err(NO_LABEL);
    }
    entry.aliases(parts(row.get("aliases")));
    let uri = row.get("uri");
    if !uri.is_empty() {
        entry.uri = Some(uri.to_owned());
    }
    for broad in parts(row.get("broader")) {
        taxonomy.link(id, broad, place)?;
    }
    Ok(None)
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(['\n', '|']).map(str::trim).filter(|part| !part.is_empty())
}
