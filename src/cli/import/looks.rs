//! What the name of a file tells of it, so that a file which wants another call is told before anything is read.

use std::path::Path;

/// What to do with the file at `path`, whose name says that it holds no events; `None` where the name says nothing.
pub fn no_events(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let what = match &*ending {
        "csv" | "tsv" => {
            "a table: say which of its columns is what with --mapping MAP.toml (docs/IMPORT.md shows one), or \
             --format events if it holds events"
        }
        "xls" | "xlsx" | "ods" => "a spreadsheet: save it as CSV, and name that file with --mapping MAP.toml",
        "xml" => "one file of a Stack Exchange dump: name the folder that holds it and Posts.xml",
        "7z" | "zip" | "tar" | "tgz" | "rar" => {
            "an archive: unpack it and name what was in it; the dump of one site goes into a folder of its own"
        }
        _ => return None,
    };
    Some(format!("{} looks like {what}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_formats_are_told_with_what_to_do() {
        for (name, part) in [
            ("people.csv", "--mapping"),
            ("a/People.CSV", "--mapping"),
            ("people.xlsx", "save it as CSV"),
            ("Posts.xml", "name the folder"),
            ("site.7z", "unpack it"),
        ] {
            let said = no_events(Path::new(name)).unwrap();
            assert!(said.starts_with(name) && said.contains(part), "{said}");
        }
        for name in ["e.jsonl", "e.json", "e.ndjson.gz", "e", "-", "folder.csv.d"] {
            assert_eq!(no_events(Path::new(name)), None, "{name}");
        }
    }
}
