//! Users, their badges, and the tags that badges are given for.
//!
//! A user is known by name and by the day of joining. Figures about reading and reputation are not looked at.

use super::row_values::{instant, moment, number, required};
use super::rows::Row;
use super::{Fate, Out};
use crate::domain::EventType;
use crate::ingest::Rejection;
use crate::ingest::translate::digest;
use jiff::civil::DateTime;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The account that the platform itself acts under.
pub(super) const PLATFORM: i64 = -1;

/// What is known of accounts.
#[derive(Default)]
pub(super) struct Accounts {
    /// The numbers of users; sorted once all were read.
    users: Vec<i64>,
    /// Whether there was a file of users at all: without one nobody can be told to be gone.
    listed: bool,
    /// Users that posts name and that are on no list, once it was said that they are gone.
    gone: BTreeSet<i64>,
    /// Tags that badges were given for, and when the first was.
    badged: BTreeMap<String, DateTime>,
}

impl Accounts {
    pub(super) fn user(&mut self, row: &Row, out: &mut Out<'_>) -> Result<Fate, Rejection> {
        let user = number(row, "Id")?;
        if user == PLATFORM {
            return Ok(Fate::LeftOut("the platform's own account"));
        }
        let since = moment(row, "CreationDate")?;
        let mut data = json!({"person": out.id(user), "joined": since.date().to_string()});
        if let Some(name) = row.get("DisplayName") {
            data["name"] = name.into();
        }
        let at = instant(since);
        let id = format!("se-user-{user}-{}", digest(&[&at, &data.to_string()], 6));
        out.event(&id, EventType::PersonUpserted, &at, &data);
        self.users.push(user);
        Ok(Fate::Used)
    }

    /// To be called when all users were read.
    pub(super) fn complete(&mut self) {
        self.users.sort_unstable();
        self.listed = true;
    }

    /// Whether `user` is to be announced as gone: named by a post, on no list, and not announced before.
    pub(super) fn is_newly_gone(&mut self, user: i64) -> bool {
        self.listed && self.users.binary_search(&user).is_err() && self.gone.insert(user)
    }

    pub(super) fn badge(&mut self, row: &Row, out: &mut Out<'_>) -> Result<Fate, Rejection> {
        if !row
            .get("TagBased")
            .is_some_and(|told| told.eq_ignore_ascii_case("true"))
        {
            return Ok(Fate::LeftOut("rewards for using the platform"));
        }
        let (badge, user) = (number(row, "Id")?, number(row, "UserId")?);
        let (tag, since) = (required(row, "Name")?, moment(row, "Date")?);
        let level = match row.get("Class") {
            Some("1") => 1.0,
            Some("2") => 0.75,
            _ => 0.5,
        };
        let at = instant(since);
        let data = json!({"person": out.id(user), "skill": tag, "origin": "imported", "level": level});
        let id = format!("se-badge-{badge}-{}", digest(&[&at, &data.to_string()], 6));
        out.event(&id, EventType::SkillAsserted, &at, &data);
        let first = self.badged.entry(tag.to_owned()).or_insert(since);
        *first = since.min(*first);
        Ok(Fate::Used)
    }

    pub(super) fn tag(&mut self, row: &Row, out: &mut Out<'_>) -> Result<Fate, Rejection> {
        let (number, tag) = (number(row, "Id")?, required(row, "TagName")?);
        let Some(&since) = self.badged.get(tag) else {
            return Ok(Fate::LeftOut(
                "tags without a badge: questions carry their tags themselves",
            ));
        };
        let at = instant(since);
        let data = json!({"skill": tag, "aliases": [tag]});
        let id = format!("se-tag-{number}-{}", digest(&[&at, &data.to_string()], 6));
        out.event(&id, EventType::SkillUpserted, &at, &data);
        Ok(Fate::Used)
    }
}
