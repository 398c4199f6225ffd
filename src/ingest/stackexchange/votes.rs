//! Votes: each acceptance dated by its vote, and the score of each answer as a running sum, day by day.
//!
//! A dump dates votes by the day. What a day's votes come to is known for certain when the day is over, so that events
//! are dated by its last second: at any later instant, the newest `answer.scored` says the sum of the votes known then.

use super::posts::{PostKind, Posts};
use super::row_values::{end_of, moment, number, required};
use super::rows::Row;
use super::{Fate, Out};
use crate::domain::EventType;
use crate::ingest::Rejection;
use jiff::civil::Date;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The votes on one answer on one day.
#[derive(Clone, Copy, Default)]
struct DayOfVotes {
    count: u32,
    sum: i32,
    /// The line of the last.
    line: u64,
}

/// What is known of votes.
#[derive(Default)]
pub(super) struct Votes {
    days: BTreeMap<(i64, Date), DayOfVotes>,
    accepted: BTreeSet<i64>,
}

impl Votes {
    pub(super) fn vote(&mut self, row: &Row, posts: &Posts, out: &mut Out<'_>) -> Result<Fate, Rejection> {
        let value = match required(row, "VoteTypeId")? {
            "1" => 0,
            "2" => 1,
            "3" => -1,
            other => return Ok(Fate::LeftOut(reason(other))),
        };
        let (post, day) = (number(row, "PostId")?, moment(row, "CreationDate")?.date());
        match posts.kind(post) {
            None => return Ok(Fate::LeftOut("votes on posts that the dump does not hold")),
            Some(PostKind::Question) => {
                return Ok(Fate::LeftOut("votes on questions: only answers have a sum of votes"));
            }
            Some(PostKind::Other) => return Ok(Fate::LeftOut("votes on posts that are not imported")),
            Some(PostKind::Answer) => {}
        }
        if value == 0 {
            let id = format!("se-accepted-{post}-{day}");
            let data = json!({"answer": out.id(post)});
            out.event(&id, EventType::AnswerAccepted, &end_of(day), &data);
            self.accepted.insert(post);
        } else {
            let votes = self.days.entry((post, day)).or_default();
            votes.count = votes.count.saturating_add(1);
            votes.sum = votes.sum.saturating_add(value);
            votes.line = out.line;
        }
        Ok(Fate::Used)
    }

    /// Whether a vote accepted `answer`.
    pub(super) fn accepted(&self, answer: i64) -> bool {
        self.accepted.contains(&answer)
    }

    /// Gives out the sums, answer by answer and day by day. To be called when all votes were read.
    pub(super) fn sums(&mut self, out: &mut Out<'_>) {
        let (mut answer, mut count, mut score) = (None, 0, 0);
        for ((post, day), votes) in std::mem::take(&mut self.days) {
            if answer != Some(post) {
                (answer, count, score) = (Some(post), 0_u64, 0_i64);
            }
            count += u64::from(votes.count);
            score += i64::from(votes.sum);
            // A later dump may know more votes of the same day: it counts more, sorts behind, and wins.
            let id = format!("se-score-{post}-{day}-{count:09}-{score}");
            out.line = votes.line;
            let data = json!({"answer": out.id(post), "score": score});
            out.event(&id, EventType::AnswerScored, &end_of(day), &data);
            if !out.wanted {
                return;
            }
        }
    }
}

/// Why votes of another type than for, against and accepted are left out.
fn reason(vote_type: &str) -> &'static str {
    match vote_type {
        "4" | "12" => "reports of offensive posts and spam",
        "5" => "bookmarks",
        "6" | "7" => "votes to close and to reopen",
        "8" | "9" => "bounties",
        "10" | "11" => "votes to delete and to undelete",
        "13" | "14" | "15" => "moderators' reviews",
        "16" => "approvals of edits",
        _ => "votes of another type",
    }
}
