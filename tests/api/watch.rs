//! Nobody is watched: nothing that an animator or human resources may read says when a person was active, how fast they
//! answer, how much they carry or when they are away; and no reason of any answer says so in its figures.

use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What names of such fields are made of.
const WATCHING: [&str; 14] = [
    "minutes", "hours", "last_", "seen", "online", "active", "activity", "respon", "delay", "latency", "load", "absen",
    "away", "pause",
];

fn watches(name: &str) -> bool {
    WATCHING.iter().any(|stem| name.contains(stem))
}

/// The names of everything that `schema` may hold, and of what lies within, with their paths.
fn names(document: &Value, schema: &Value, path: &str, open: &mut Vec<String>, found: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        if !open.iter().any(|within| within == reference) {
            open.push(reference.to_owned());
            let pointer = reference.trim_start_matches('#');
            names(document, document.pointer(pointer).unwrap(), path, open, found);
            open.pop();
        }
        return;
    }
    for list in ["allOf", "oneOf", "anyOf"] {
        for part in schema[list].as_array().into_iter().flatten() {
            names(document, part, path, open, found);
        }
    }
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        names(document, part, &path, open, found);
        found.insert(path);
    }
    for within in ["items", "additionalProperties"] {
        if schema[within].is_object() {
            names(document, &schema[within], path, open, found);
        }
    }
}

/// What a holder of `scope` could read of a person's activity, by the schemas of `document`.
fn watched_under(document: &Value, scope: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let security = operation["security"].as_array().unwrap();
            if !security.iter().any(|one| one["key"][0] == scope) {
                continue;
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                for content in response["content"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(_, content)| content)
                {
                    if status.starts_with('2') {
                        let start = format!("{method} {path}");
                        names(document, &content["schema"], &start, &mut Vec::new(), &mut found);
                    }
                }
            }
        }
    }
    let watching = |path: &String| watches(path.rsplit('.').next().unwrap());
    found.into_iter().filter(watching).collect()
}

#[test]
fn no_schema_that_animators_or_human_resources_read_has_a_field_about_a_persons_activity() {
    let document = serde_json::to_value(antenne::http::openapi()).unwrap();
    for scope in ["animator", "hr:read"] {
        let found = watched_under(&document, scope);
        assert!(found.is_empty(), "{scope}: {found:?}");
    }
    // The test of the test: what the person alone reads is found, and so is a field planted anywhere.
    assert!(
        !watched_under(&document, "member").is_empty(),
        "one's own load is for oneself"
    );
    let mut planted = document.clone();
    let schemas = planted["components"]["schemas"].as_object_mut().unwrap();
    for (_, schema) in schemas {
        if let Some(properties) = schema["properties"].as_object_mut() {
            properties.insert("median_minutes".to_owned(), json!({"type": "integer"}));
        }
    }
    let found = watched_under(&planted, "hr:read");
    for (path, _) in planted["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(path, _)| path.starts_with("/v1/skill-maps"))
    {
        let there = found.iter().any(|field| field.starts_with(&format!("get {path}.")));
        assert!(there, "{path}: {found:?}");
    }
    let found = watched_under(&planted, "animator");
    assert!(found.iter().any(|path| path.contains("thanks")), "{found:?}");
    assert!(
        found.iter().any(|path| path.contains("reasons.median_minutes")),
        "{found:?}"
    );
}

#[test]
fn what_names_people_to_animate_or_to_greet_has_no_field_about_their_activity() {
    let document = serde_json::to_value(antenne::http::openapi()).unwrap();
    let about = |document: &Value, path: &str| {
        let found = watched_under(document, "recommend:read")
            .into_iter()
            .chain(watched_under(document, "steward"));
        let mut found: Vec<String> = found.filter(|field| field.contains(path)).collect();
        found
            .iter_mut()
            .for_each(|field| *field = field.split_once('.').unwrap().1.to_owned());
        found
    };
    // What the community takes and lacks, and to whoever animates it their own hours.
    assert_eq!(
        about(&document, "/co-animators."),
        ["in_full.own.hours_per_week", "load", "needs.hours_short"]
    );
    assert_eq!(about(&document, "/people/{id}/communities."), [""; 0]);
    let mut planted = document;
    for schema in ["CoAnimator", "Greeting"] {
        planted["components"]["schemas"][schema]["properties"]["away_days"] = json!({"type": "integer"});
    }
    let found = about(&planted, "/co-animators.");
    assert!(found.contains(&"items.away_days".to_owned()), "{found:?}");
    assert!(found.contains(&"items.picks.away_days".to_owned()), "{found:?}");
    assert_eq!(about(&planted, "/people/{id}/communities."), ["items.greet.away_days"]);
}

/// The figures of reasons in `answer` that tell of a person's activity.
pub fn watched(answer: &Value) -> Vec<String> {
    match answer {
        Value::Array(items) => items.iter().flat_map(watched).collect(),
        Value::Object(fields) => {
            let reasons = fields.get("reasons").and_then(Value::as_array).into_iter().flatten();
            let figures = reasons.filter_map(|reason| reason["params"].as_object()).flatten();
            let own = figures.map(|(name, _)| name.clone()).filter(|name| watches(name));
            own.chain(fields.values().flat_map(watched)).collect()
        }
        _ => Vec::new(),
    }
}

/// The same answer with a person's pace among the figures of each of its reasons.
pub fn planted(answer: &Value) -> Value {
    match answer {
        Value::Array(items) => items.iter().map(planted).collect(),
        Value::Object(fields) => {
            let mut fields: serde_json::Map<_, _> = fields
                .iter()
                .map(|(name, value)| (name.clone(), planted(value)))
                .collect();
            for reason in fields
                .get_mut("reasons")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                reason["params"]["median_minutes"] = 12.into();
            }
            Value::Object(fields)
        }
        other => other.clone(),
    }
}
