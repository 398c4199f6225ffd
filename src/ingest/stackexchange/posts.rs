//! Questions and answers. Other posts are left out by name.
//!
//! A dump holds a post as it was last edited. The id of its event says when that was, so that a later dump with a later
//! edit is a later event, and wins.

use super::accounts::{Accounts, PLATFORM};
use super::row_values::{instant, moment, number, optional_number, required, stamp, tags};
use super::rows::Row;
use super::votes::Votes;
use super::{Fate, Out};
use crate::domain::EventType;
use crate::ingest::Rejection;
use crate::ingest::translate::digest;
use jiff::civil::DateTime;
use serde_json::{Value, json};

/// What is read of a post. Its final score is not.
pub(super) const ATTRIBUTES: &[&str] = &[
    "Id",
    "PostTypeId",
    "ParentId",
    "CreationDate",
    "DeletionDate",
    "ClosedDate",
    "LastEditDate",
    "OwnerUserId",
    "AcceptedAnswerId",
    "Title",
    "Body",
    "Tags",
];

/// What a post is to a vote on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PostKind {
    Question,
    Answer,
    /// Not imported.
    Other,
}

/// The posts that were read.
#[derive(Default)]
pub(super) struct Posts {
    /// Sorted once all were read.
    kinds: Vec<(i64, PostKind)>,
    /// Answers that a question names as accepted.
    accepted: Vec<i64>,
    /// Posts that name no author.
    pub(super) ownerless: u64,
}

impl Posts {
    pub(super) fn post(&mut self, row: &Row, accounts: &mut Accounts, out: &mut Out<'_>) -> Result<Fate, Rejection> {
        let post = number(row, "Id")?;
        let (kind, reason) = match required(row, "PostTypeId")? {
            _ if row.get("DeletionDate").is_some() => (PostKind::Other, "deleted posts"),
            "1" => (PostKind::Question, ""),
            "2" => (PostKind::Answer, ""),
            "3" => (PostKind::Other, "orphaned tag wikis"),
            "4" => (PostKind::Other, "excerpts of tag wikis"),
            "5" => (PostKind::Other, "tag wikis"),
            "6" => (PostKind::Other, "nominations of moderators"),
            "7" | "8" => (PostKind::Other, "the platform's own wiki pages"),
            _ => (PostKind::Other, "posts of another type"),
        };
        match kind {
            PostKind::Question => self.question(post, row, accounts, out)?,
            PostKind::Answer => self.answer(post, row, accounts, out)?,
            PostKind::Other => {}
        }
        self.kinds.push((post, kind));
        Ok(match kind {
            PostKind::Other => Fate::LeftOut(reason),
            PostKind::Question | PostKind::Answer => Fate::Used,
        })
    }

    fn question(&mut self, post: i64, row: &Row, accounts: &mut Accounts, out: &mut Out<'_>) -> Result<(), Rejection> {
        let since = moment(row, "CreationDate")?;
        let closed = row.get("ClosedDate").map(|_| moment(row, "ClosedDate")).transpose()?;
        let accepted = optional_number(row, "AcceptedAnswerId")?;
        let owner = optional_number(row, "OwnerUserId")?;
        let title = required(row, "Title")?;
        let mut data = json!({
            "question": out.id(post),
            "asker": self.author(post, owner, since, accounts, out),
            "title": title,
            "tags": tags(row),
        });
        with_body(&mut data, row);
        created("question", post, row, since, EventType::QuestionCreated, &data, out);
        if let Some(closed) = closed {
            let id = format!("se-closed-{post}-{}", stamp(closed));
            let data = json!({"question": out.id(post)});
            out.event(&id, EventType::QuestionClosed, &instant(closed), &data);
        }
        self.accepted.extend(accepted);
        Ok(())
    }

    fn answer(&mut self, post: i64, row: &Row, accounts: &mut Accounts, out: &mut Out<'_>) -> Result<(), Rejection> {
        let (since, question) = (moment(row, "CreationDate")?, number(row, "ParentId")?);
        let owner = optional_number(row, "OwnerUserId")?;
        let mut data = json!({
            "answer": out.id(post),
            "question": out.id(question),
            "author": self.author(post, owner, since, accounts, out),
        });
        with_body(&mut data, row);
        created("answer", post, row, since, EventType::AnswerCreated, &data, out);
        Ok(())
    }

    /// Who wrote a post. Somebody whose account is gone is said to have left, so that nobody is sent to them.
    fn author(
        &mut self,
        post: i64,
        owner: Option<i64>,
        since: DateTime,
        accounts: &mut Accounts,
        out: &mut Out<'_>,
    ) -> String {
        let (person, gone) = if let Some(owner) = owner.filter(|owner| *owner != PLATFORM) {
            (out.id(owner), accounts.is_newly_gone(owner))
        } else {
            self.ownerless += 1;
            (format!("{}/author-of-{post}", out.source), true)
        };
        if gone {
            let data = json!({"person": person});
            out.event(
                &format!("se-gone-{post}"),
                EventType::PersonLeft,
                &instant(since),
                &data,
            );
        }
        person
    }

    /// To be called when all posts were read.
    pub(super) fn complete(&mut self) {
        self.kinds.sort_unstable();
    }

    /// What `post` is, if it was read.
    pub(super) fn kind(&self, post: i64) -> Option<PostKind> {
        let at = self.kinds.binary_search_by_key(&post, |(post, _)| *post).ok()?;
        Some(self.kinds[at].1)
    }

    /// How many answers are named as accepted that no vote accepted.
    pub(super) fn accepted_without(&self, votes: &Votes) -> usize {
        self.accepted.iter().filter(|answer| !votes.accepted(**answer)).count()
    }
}

fn with_body(data: &mut Value, row: &Row) {
    if let Some(body) = row.get("Body") {
        data["body"] = body.into();
        data["body_format"] = "html".into();
    }
}

/// Gives out the event that makes a question or an answer.
fn created(name: &str, post: i64, row: &Row, since: DateTime, kind: EventType, data: &Value, out: &mut Out<'_>) {
    let at = instant(since);
    let edited = moment(row, "LastEditDate").unwrap_or(since);
    let content = digest(&[&at, &data.to_string()], 6);
    let id = format!("se-{name}-{post}-{}-{content}", stamp(edited));
    out.event(&id, kind, &at, data);
}
