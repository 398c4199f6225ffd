//! Variables of the environment that begin as ours do and set nothing: slips, which nobody else would ever tell.

use super::{IN_ENVIRONMENT, Limits, Models, PREFIX, Retention, SkillMaps};
use crate::ingest::nearest;

/// One sentence for each variable that sets nothing, in the order of names. Their values are not looked at.
pub fn unknown_variables() -> Vec<String> {
    // A name that is no text is none of ours.
    unknown_among(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
}

fn unknown_among(names: impl Iterator<Item = String>) -> Vec<String> {
    let known = known();
    let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut unknown: Vec<_> = names
        .filter(|name| name.starts_with(PREFIX) && !is_known(name))
        .map(|name| {
            let hint = hint(&name, &known);
            format!("the variable {name} sets nothing: {hint}")
        })
        .collect();
    unknown.sort();
    unknown
}

fn hint(name: &str, known: &[String]) -> String {
    if name.starts_with("ANTENNE_SOURCES") || name.starts_with("ANTENNE_SOURCE_") {
        return "what is said of sources stands in the configuration file".to_owned();
    }
    let single = name.replace("__", "_");
    match nearest(&single, known.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean {meant}?"),
        None => "`antenne config check` lists what can be set".to_owned(),
    }
}

fn known() -> Vec<String> {
    let settings = ["data"].into_iter().chain(IN_ENVIRONMENT);
    let limits = Limits::KEYS.iter().map(|key| format!("limits_{key}"));
    let models = Models::KEYS.iter().map(|key| format!("models_{key}"));
    let retention = Retention::KEYS.iter().map(|key| format!("retention_{key}"));
    let maps = SkillMaps::KEYS.iter().map(|key| format!("skill_maps_{key}"));
    let sections = limits.chain(models).chain(retention).chain(maps);
    let names = settings.map(str::to_owned).chain(sections);
    names
        .map(|name| format!("{PREFIX}{}", name.to_ascii_uppercase()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(names: &[&str]) -> Vec<String> {
        unknown_among(names.iter().map(|&name| name.to_owned()))
    }

    #[test]
    fn what_sets_nothing_is_told_with_what_was_meant() {
        let said = unknown(&[
            "ANTENNE_LISTN",
            "ANTENNE_LIMITS__CONNECTIONS",
            "ANTENNE_SOURCES__FORUM__IGNORE",
            "ANTENNE_PASSPORT",
        ]);
        assert_eq!(
            said,
            [
                "the variable ANTENNE_LIMITS__CONNECTIONS sets nothing: did you mean ANTENNE_LIMITS_CONNECTIONS?",
                "the variable ANTENNE_LISTN sets nothing: did you mean ANTENNE_LISTEN?",
                "the variable ANTENNE_PASSPORT sets nothing: `antenne config check` lists what can be set",
                "the variable ANTENNE_SOURCES__FORUM__IGNORE sets nothing: what is said of sources stands in the \
                 configuration file",
            ]
        );
    }

    #[test]
    fn what_sets_something_and_what_is_not_ours_is_not_told() {
        let names = [
            "ANTENNE_DATA",
            "ANTENNE_LOG_FORMAT",
            "ANTENNE_LIMITS_WAIT_MS",
            "ANTENNE_MODELS_REFIT_DAYS",
            "ANTENNE_RETENTION_LEFT_DAYS",
            "ANTENNA",
            "PATH",
        ];
        assert_eq!(unknown(&names), Vec::<String>::new());
    }
}
