//! Events about people: who they are, how they are found, and what they allow.

use super::choices::{audience, purpose};
use super::fields::{Fields, Read};
use super::language::{tag, time_zone};
use super::limits::{MAX_ABSENCE_DAYS, MAX_ASKS_PER_WEEK, MAX_LABELS, MAX_LANGUAGES};
use super::rejection::Code;
use super::time::day;
use super::values::{boolean, hours, integer, list, name, person, skill, unit, url};
use crate::domain::{CapacityPatch, DaySpan, FactBody, Patch, PersonId, PersonPatch, Preference};

pub(super) fn upserted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::PersonUpserted {
        person: f.required("person", person)?,
        patch: Box::new(PersonPatch {
            name: f.patch("name", name)?,
            unit: f.patch("unit", unit)?,
            site: f.patch("site", name)?,
            title: f.patch("title", name)?,
            employer: f.patch("employer", name)?,
            status: f.patch("status", name)?,
            languages: f.patch("languages", list(MAX_LANGUAGES, tag))?,
            time_zone: f.patch("time_zone", time_zone)?,
            joined: f.patch("joined", day)?,
            external: f.patch("external", boolean)?,
            heads: f.patch("heads", list(MAX_LABELS, unit))?,
            url: f.patch("url", url)?,
        }),
    })
}

pub(super) fn left(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let person = f.required("person", person)?;
    Ok(FactBody::PersonLeft { person })
}

pub(super) fn linked(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, same_as) = two_accounts(f)?;
    Ok(FactBody::IdentityLinked { person, same_as })
}

pub(super) fn unlinked(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, same_as) = two_accounts(f)?;
    Ok(FactBody::IdentityUnlinked { person, same_as })
}

fn two_accounts(f: &mut Fields<'_, '_, '_>) -> Read<(PersonId, PersonId)> {
    let account = f.required("person", person)?;
    let same_as = f.required("same_as", person)?;
    f.ensure(
        account != same_as,
        "same_as",
        "two different accounts are linked, not one with itself",
    )?;
    Ok((account, same_as))
}

pub(super) fn unit_renamed(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let from = f.required("from", unit)?;
    let to = f.required("to", unit)?;
    f.ensure(from != to, "to", "a unit is renamed to another path")?;
    Ok(FactBody::UnitRenamed { from, to })
}

pub(super) fn absence_set(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, span) = absence(f)?;
    Ok(FactBody::AbsenceSet { person, span })
}

pub(super) fn absence_cleared(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, span) = absence(f)?;
    Ok(FactBody::AbsenceCleared { person, span })
}

fn absence(f: &mut Fields<'_, '_, '_>) -> Read<(PersonId, DaySpan)> {
    for key in ["reason", "kind", "type", "comment"] {
        f.refuse(
            key,
            "reasons of absence are never recorded: send person, from and until, and nothing else",
        )?;
    }
    let person = f.required("person", person)?;
    let from = f.required("from", day)?;
    let until = f.required("until", day)?;
    let span = DaySpan::new(from, until)
        .ok_or_else(|| f.reject("until", Code::OutOfRange, "the last day comes before the first"))?;
    if until.days() - from.days() >= MAX_ABSENCE_DAYS {
        let detail = "an absence lasts at most two years: send person.left for somebody who is gone";
        return Err(f.reject("until", Code::OutOfRange, detail));
    }
    Ok((person, span))
}

pub(super) fn capacity_set(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let person = f.required("person", person)?;
    let asks_per_week = match f.patch("asks_per_week", integer(0, MAX_ASKS_PER_WEEK))? {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(asks) => Patch::Set(asks as u32),
    };
    let animation_hours_per_week = f.patch("animation_hours_per_week", hours)?;
    let patch = CapacityPatch {
        asks_per_week,
        animation_hours_per_week,
    };
    Ok(FactBody::CapacitySet { person, patch })
}

pub(super) fn preference_set(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::PreferenceSet {
        person: f.required("person", person)?,
        purpose: f.required("purpose", purpose)?,
        preference: Preference {
            allowed: f.required("allowed", boolean)?,
            until: f.optional("until", day)?,
        },
    })
}

pub(super) fn visibility_set(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::SkillVisibilitySet {
        person: f.required("person", person)?,
        skill: f.required("skill", skill)?,
        audience: f.required("audience", audience)?,
    })
}

pub(super) fn contested(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::SkillContested {
        person: f.required("person", person)?,
        skill: f.required("skill", skill)?,
    })
}

pub(super) fn confirmed(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::SkillConfirmed {
        person: f.required("person", person)?,
        skill: f.required("skill", skill)?,
    })
}
