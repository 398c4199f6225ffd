//! What one cell means: a day as the French write it, a list, a level, a yes.

use super::mapping::{ListColumn, SkillColumns};
use crate::ingest::time::in_range;
use crate::ingest::{Code, Rejection};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A rejection of what stands in `column`.
pub(super) fn reject(column: &str, code: Code, detail: impl Into<String>) -> Rejection {
    Rejection {
        field: column.to_owned(),
        code,
        detail: detail.into(),
    }
}

/// The day in a cell, `None` where the cell is empty: `31/12/2024`, `31.12.2024`, `31-12-2024` or `2024-12-31`. A time
/// behind it, as spreadsheets write, is not looked at.
pub(super) fn day(cell: &str, column: &str) -> Result<Option<Date>, Rejection> {
    if cell.is_empty() {
        return Ok(None);
    }
    let date = cell.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(['/', '-', '.']).collect();
    let parsed = match parts[..] {
        [y, m, d] if y.len() == 4 => civil(y, m, d),
        [d, m, y] if y.len() == 4 => civil(y, m, d),
        _ => None,
    };
    parsed.map(Some).ok_or_else(|| {
        let detail = "a day is written like 31/12/2024 (day first) or 2024-12-31, in 1970 to 2100";
        reject(column, Code::BadDate, detail)
    })
}

fn civil(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |digits: &str| -> Option<i16> {
        let plain = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let small = |digits| i8::try_from(number(digits)?).ok();
    let date = Date::new(number(year)?, small(month)?, small(day)?).ok()?;
    in_range(date.year()).then_some(date)
}

/// `word` with its case and surplus white space taken out: how words of a mapping are looked up.
pub(super) fn folded(word: &str) -> String {
    let words: Vec<&str> = word.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// What `table` says of `word`, whatever its case.
pub(super) fn looked_up<'t, T>(table: &'t BTreeMap<String, T>, word: &str) -> Option<&'t T> {
    let word = folded(word);
    table
        .iter()
        .find(|(key, _)| folded(key) == word)
        .map(|(_, value)| value)
}

/// The values in a cell of a list, as the mapping calls them.
pub(super) fn list(cell: &str, how: &ListColumn) -> Vec<String> {
    let called = |word: &str| {
        let named = how.values().and_then(|values| looked_up(values, word));
        named.map_or_else(|| word.to_owned(), String::clone)
    };
    split(cell, how.separator()).map(called).collect()
}

fn split<'c>(cell: &'c str, separator: &'c str) -> impl Iterator<Item = &'c str> {
    cell.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

/// The skills in a cell: what each is called, and its level. `level_cell` is the cell of the level's own column.
pub(super) fn skills<'c>(
    cell: &'c str,
    level_cell: &str,
    how: &'c SkillColumns,
) -> Result<Vec<(&'c str, Option<f64>)>, Rejection> {
    let mut all = Vec::new();
    for item in split(cell, &how.separator) {
        let (name, written) = match how.level_after.as_deref().and_then(|sign| item.rsplit_once(sign)) {
            Some((name, level)) => (name.trim(), level.trim()),
            None => (item, level_cell),
        };
        if name.is_empty() {
            return Err(reject(&how.column, Code::Empty, "a level stands here without a skill"));
        }
        all.push((name, level(written, how)?));
    }
    Ok(all)
}

fn level(written: &str, how: &SkillColumns) -> Result<Option<f64>, Rejection> {
    if written.is_empty() {
        return Ok(None);
    }
    if let Some(level) = looked_up(&how.levels, written) {
        return Ok(Some(*level));
    }
    let number: Option<f64> = written.replace(',', ".").parse().ok();
    let level = number.map(|number| number / how.level_max);
    level
        .filter(|level| (0.0..=1.0).contains(level))
        .map(Some)
        .ok_or_else(|| {
            let column = how.level_column.as_ref().unwrap_or(&how.column);
            let detail = format!(
                "a level is a number of 0 to {}, or a word of skills.levels",
                how.level_max
            );
            reject(column, Code::OutOfRange, detail)
        })
}

#[cfg(test)]
mod tests {
    use super::super::mapping::Mapping;
    use super::*;

    #[test]
    fn days_are_read_day_first_or_in_iso() {
        for (cell, expected) in [
            ("31/12/2024", "2024-12-31"),
            ("1/2/2024", "2024-02-01"),
            ("01.02.2024", "2024-02-01"),
            ("01-02-2024", "2024-02-01"),
            ("2024-02-01", "2024-02-01"),
            ("2024-02-01T00:00:00", "2024-02-01"),
            ("01/02/2024 00:00", "2024-02-01"),
        ] {
            assert_eq!(day(cell, "c").unwrap().unwrap().to_string(), expected, "{cell}");
        }
        assert_eq!(day("", "c"), Ok(None));
        for cell in [
            "12/31/2024",
            "31/12/24",
            "29/02/2023",
            "demain",
            "2024",
            "1//2024",
            "+1/2/2024",
            "９/1/2024",
            "31/12/1969",
            "01/01/2101",
        ] {
            assert_eq!(day(cell, "c").unwrap_err().code, Code::BadDate, "{cell}");
        }
    }

    fn mapped(text: &str) -> Mapping {
        Mapping::parse(&format!("[person]\nid = \"A\"\n{text}")).unwrap()
    }

    #[test]
    fn lists_are_split_and_called_as_the_mapping_says() {
        let mapping = mapped("languages = {column = \"L\", separator = \"/\", values = {\"Français\" = \"fr\"}}");
        let how = mapping.person.languages.unwrap();
        assert_eq!(list("FRANÇAIS / en//", &how), ["fr", "en"]);
        let plain = mapped("heads = \"L\"").person.heads.unwrap();
        assert_eq!(list("a, b", &plain), ["a", "b"]);
    }

    #[test]
    fn levels_are_words_or_numbers() {
        let how = mapped(
            "[skills]\ncolumn = \"S\"\nseparator = \"|\"\nlevel_after = \":\"\nlevel_max = 4\nlevels = {\"Maîtrise\" = 0.75}",
        );
        let how = how.skills.unwrap();
        let read = |cell| skills(cell, "", &how);
        assert_eq!(
            read("SQL: 3 | Soudage TIG:maîtrise|R|C:2,5").unwrap(),
            [
                ("SQL", Some(0.75)),
                ("Soudage TIG", Some(0.75)),
                ("R", None),
                ("C", Some(0.625))
            ]
        );
        assert_eq!(read("SQL:5").unwrap_err().code, Code::OutOfRange);
        assert_eq!(read("SQL:NaN").unwrap_err().code, Code::OutOfRange);
        assert_eq!(read(":3").unwrap_err().code, Code::Empty);
        let own = mapped("[skills]\ncolumn = \"S\"\nlevel_column = \"N\"\nlevel_max = 4")
            .skills
            .unwrap();
        assert_eq!(skills("SQL", "1", &own).unwrap(), [("SQL", Some(0.25))]);
        assert_eq!(skills("SQL", "haut", &own).unwrap_err().field, "N");
    }
}
