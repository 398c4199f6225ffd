//! ROME as its open CSV files hold it: the tree of competences, the list of them, and the list of knowledge.
//!
//! The columns are those of the files as they are published (version 460, in four parts); lists of before, which name
//! neither a kind nor what is above, are read too. What kind of knowledge something is (`categorie_savoir`: a tool, a norm) is
//! nothing that one knows, and is not read.
//!
//! Numbers get the name of the nomenclature before them: `rome/123456`; levels of the tree above the macro-competences,
//! which have codes of their own, `rome/domaine/1`, `rome/enjeu/1A`, `rome/objectif/1A1`.

use super::sheet::{Row, Sheet, SheetError};
use super::{Fate, NO_ID, NO_LABEL, Sort, Taxonomy};

/// What goes before every number.
const PREFIX: &str = "rome/";
/// The levels of the tree, from the top down: what its identifiers begin with, code and name.
const LEVELS: [(&str, &str, &str); 5] = [
    ("domaine/", "code_domaine_competence", "domaine_competence"),
    ("enjeu/", "code_enjeu", "enjeu"),
    ("objectif/", "code_objectif", "objectif"),
    ("", "code_ogr_macro_competence", "libelle_macro_competence"),
    ("", "code_ogr_competence", "libelle_competence"),
];
/// Number and name, as the lists call them.
const LISTS: [(&str, &str); 3] = [
    ("code_ogr_savoir", "libelle_savoir"),
    ("code_ogr_competence", "libelle_competence"),
    ("code_ogr", "libelle_competence"),
];
/// The number of the macro-competence to which a competence belongs, in the list of competences.
const ABOVE: &str = "code_ogr_macro_comp";

/// What the file called `name` tells.
pub(super) fn sort(name: &str) -> Option<Sort> {
    name.strip_suffix(".csv")?;
    if name.starts_with("unix_arborescence_competence") {
        Some(Sort::Tree)
    } else if name.starts_with("unix_referentiel_competence") || name.starts_with("unix_referentiel_savoir") {
        Some(Sort::Skills)
    } else {
        None
    }
}

/// The columns without which the file is another one.
pub(super) fn needs(sort: Sort, sheet: &Sheet) -> Result<(), SheetError> {
    match sort {
        Sort::Tree => sheet.needs(&["code_ogr_competence", "libelle_competence"]),
        Sort::Skills | Sort::Links if sheet.has("code_ogr_savoir") => sheet.needs(&["libelle_savoir"]),
        Sort::Skills | Sort::Links if sheet.has("code_ogr_competence") => sheet.needs(&["libelle_competence"]),
        Sort::Skills | Sort::Links => sheet.needs(&["code_ogr", "libelle_competence"]),
    }
}

/// Takes in one row.
pub(super) fn row(taxonomy: &mut Taxonomy, sort: Sort, place: (usize, u64), row: &Row<'_>) -> Fate {
    if sort == Sort::Tree {
        return branch(taxonomy, place, row);
    }
    let filled =
        |(code, name): &(&str, &str)| Some((row.get(code), row.get(name))).filter(|(code, _)| !code.is_empty());
    let (code, label) = LISTS.iter().find_map(filled).ok_or(NO_ID)?;
    let own = id("", code);
    skill(taxonomy, &own, label, place)?;
    let above = row.get(ABOVE);
    if !above.is_empty() {
        taxonomy.link(&own, &id("", above), place)?;
    }
    Ok(None)
}

/// One path from the top down; levels that are not filled are passed over.
fn branch(taxonomy: &mut Taxonomy, place: (usize, u64), row: &Row<'_>) -> Fate {
    let mut above: Option<String> = None;
    for (begin, code, name) in LEVELS {
        let (code, label) = (row.get(code), row.get(name));
        if code.is_empty() {
            continue;
        }
        let id = id(begin, code);
        skill(taxonomy, &id, label, place)?;
        if let Some(above) = above {
            taxonomy.link(&id, &above, place)?;
        }
        above = Some(id);
    }
    above.map(|_| None).ok_or(NO_ID)
}

fn skill(taxonomy: &mut Taxonomy, id: &str, label: &str, place: (usize, u64)) -> Result<(), &'static str> {
    if id.len() <= PREFIX.len() {
        return Err(NO_ID);
    }
    if label.is_empty() {
        return Err(NO_LABEL);
    }
    taxonomy.entry(id, place).ok_or(NO_ID)?.label("fr", label);
    Ok(())
}

fn id(begin: &str, code: &str) -> String {
    if code.is_empty() {
        return String::new();
    }
    format!("{PREFIX}{begin}{code}")
}
