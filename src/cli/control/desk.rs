//! What the operator may ask, carried out on a service: the same for a command that owns the data and for a server.

use super::wire::{KeyWish, Request};
use crate::app::{Condition, NewKey, Service, Stats};
use crate::calendar::rfc3339;
use crate::cli::evaluate;
use crate::cli::failure::Failure;
use crate::cli::machine::entropy;
use crate::cli::{
    audit, co_animators, communities, digest, experts, health, person, plan, questions, search, skill_map, verify,
};
use crate::domain::Timestamp;
use crate::http;
use crate::store::KeyRow;
use serde_json::{Map, Value, json};

/// Carries out a request that has one answer. Backups, exports and chunks of lines do not pass here.
///
/// # Errors
/// When the request cannot be carried out.
pub fn attend(service: &Service, request: Request) -> Result<Value, Failure> {
    match request {
        Request::Stats {} => Ok(stats(&service.stats()?)),
        Request::Keys {} => Ok(service.keys()?.iter().map(key).collect()),
        Request::CreateKey(wish) => create_key(service, wish),
        Request::RevokeKey { name } => Ok(Value::Bool(service.revoke_key(&name, None)?)),
        Request::Audit(wish) => audit::answer(service, wish),
        Request::CheckAudit { noted } => audit::check(service, noted),
        Request::Experts(wish) => experts::answer(service, wish),
        Request::CoAnimators(wish) => co_animators::answer(service, &wish),
        Request::Communities(wish) => communities::answer(service, &wish),
        Request::Search(wish) => search::answer(service, wish),
        Request::Questions(wish) => questions::answer(service, wish),
        Request::PlanAsks(wish) => plan::asks(service, wish),
        Request::PlanCoAnimators { language } => Ok(plan::co_animators(service, &language)),
        Request::Pause(wish) => person::pause(service, &wish),
        Request::Erase { person: id } => person::erase(service, &id),
        Request::PersonExport { person: id } => person::export(service, &id),
        Request::Health(wish) => health::answer(service, wish),
        Request::Digest(wish) => digest::answer(service, wish),
        Request::SkillMap(wish) => skill_map::answer(service, wish),
        Request::Models {} => Ok(http::models_json(&service.models(), service.edition())),
        Request::ChooseModel { recommender, wish } => {
            let which = evaluate::recommender(&recommender).map_err(Failure::new)?;
            let models = service.choose_model(which, wish.into())?;
            Ok(http::models_json(&models, service.edition()))
        }
        Request::Verify {} => Ok(verify::json(&service.verify()?)),
        Request::Condition {} => Ok(condition(&service.condition()?)),
        Request::Backup {} | Request::Export {} | Request::Fit {} | Request::Take { .. } => {
            Err(Failure::new("this request has more than one answer"))
        }
    }
}

fn create_key(service: &Service, wish: KeyWish) -> Result<Value, Failure> {
    let clear = service.create_key(&NewKey::from(wish), entropy()?, None)?;
    Ok(Value::String(clear))
}

/// Counts under the names that scripts read.
fn stats(stats: &Stats) -> Value {
    let mut all = Map::new();
    all.insert("events".to_owned(), json!(stats.events));
    for (noun, count) in &stats.nouns {
        all.insert((*noun).to_owned(), json!(count));
    }
    all.insert("generation".to_owned(), json!(stats.generation));
    all.insert("digest".to_owned(), json!(stats.digest));
    Value::Object(all)
}

/// What can be told of the data in a moment.
pub fn condition(condition: &Condition) -> Value {
    json!({
        "generation": condition.generation,
        "newest_at": condition.newest.map(rfc3339),
        "sources": condition.sources,
        "keys": condition.keys.iter().map(key).collect::<Vec<_>>(),
        "ignored": condition.ignored,
        "rejected": condition.rejected,
    })
}

/// What is known of a key: never the key.
fn key(row: &KeyRow) -> Value {
    let instant = |micros: i64| rfc3339(Timestamp::from_micros(micros));
    json!({
        "name": row.name,
        "prefix": row.prefix,
        "scopes": row.scopes,
        "sources": row.sources,
        "event_types": row.event_types,
        "person": row.person,
        "communities": row.communities,
        "created_at": instant(row.created_at_micros),
        "revoked_at": row.revoked_at_micros.map(instant),
    })
}
