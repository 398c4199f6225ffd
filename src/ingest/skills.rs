//! Events about skills: what they are called, who says who has them, and what people want with them.

use super::choices::{origin, stance};
use super::fields::{Fields, Place, Read};
use super::json::Node;
use super::language::canonical_tag;
use super::limits::MAX_LABELS;
use super::rejection::Code;
use super::values::{level, list, name, person, skill, uri, write_text};
use crate::domain::{FactBody, Origin, PersonId, SkillId, SkillPatch, Stance};
use std::sync::Arc;

pub(super) fn upserted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::SkillUpserted {
        skill: f.required("skill", skill)?,
        patch: Box::new(SkillPatch {
            labels: f.patch("labels", labels)?,
            aliases: f.patch("aliases", list(MAX_LABELS, name))?,
            broader: f.patch("broader", list(MAX_LABELS, skill))?,
            uri: f.patch("uri", uri)?,
        }),
    })
}

/// Labels by language tag, sorted by tag.
fn labels(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Vec<(Arc<str>, Arc<str>)>> {
    let Node::Object(entries) = node else {
        return Err(place.wrong_type("an object of language tags and labels", &node));
    };
    if entries.len() > MAX_LABELS {
        return Err(place.reject(Code::TooMany, format!("a skill has at most {MAX_LABELS} labels")));
    }
    let mut labels = Vec::with_capacity(entries.len());
    for (key, node) in entries {
        let here = place.key(&key);
        let tag = canonical_tag(&key)
            .ok_or_else(|| here.reject(Code::BadLanguage, "labels are keyed by BCP 47 language tags: fr, en"))?;
        let end = out.len();
        let label = name(node, &here, out)?;
        out.truncate(end);
        labels.push((Arc::from(tag), label));
    }
    labels.sort_unstable();
    if labels.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(place.reject(
            Code::BadValue,
            "a language has one label: put other names into `aliases`",
        ));
    }
    for (index, (tag, label)) in labels.iter().enumerate() {
        out.push(if index == 0 { b'{' } else { b',' });
        write_text(out, tag);
        out.push(b':');
        write_text(out, label);
    }
    out.extend_from_slice(if labels.is_empty() { b"{}" } else { b"}" });
    Ok(labels)
}

pub(super) fn asserted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let person = f.required("person", person)?;
    let skill = f.required("skill", skill)?;
    let origin = f.required("origin", origin)?;
    let level = f.optional("level", level)?;
    let by = endorser(f, origin)?;
    Ok(FactBody::SkillAsserted {
        person,
        skill,
        origin,
        level,
        by,
    })
}

pub(super) fn retracted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let person = f.required("person", person)?;
    let skill = f.required("skill", skill)?;
    let origin = f.required("origin", origin)?;
    let by = endorser(f, origin)?;
    Ok(FactBody::SkillRetracted {
        person,
        skill,
        origin,
        by,
    })
}

fn endorser(f: &mut Fields<'_, '_, '_>, origin: Origin) -> Read<Option<PersonId>> {
    let by = f.optional("by", person)?;
    let holds = by.is_none() || origin == Origin::Endorsed;
    f.ensure(
        holds,
        "by",
        "only an endorsement has somebody who gave it: leave `by` out, or send origin endorsed",
    )?;
    Ok(by)
}

pub(super) fn merged(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let from = f.required("skill", skill)?;
    let into = f.required("into", skill)?;
    f.ensure(from != into, "into", "a skill is merged into another, not into itself")?;
    Ok(FactBody::SkillMerged { skill: from, into })
}

pub(super) fn interest_declared(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, skill, stance) = interest(f)?;
    Ok(FactBody::InterestDeclared { person, skill, stance })
}

pub(super) fn interest_withdrawn(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, skill, stance) = interest(f)?;
    Ok(FactBody::InterestWithdrawn { person, skill, stance })
}

fn interest(f: &mut Fields<'_, '_, '_>) -> Read<(PersonId, SkillId, Stance)> {
    Ok((
        f.required("person", person)?,
        f.required("skill", skill)?,
        f.required("stance", stance)?,
    ))
}
