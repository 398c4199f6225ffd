//! A Stack Exchange dump becomes events: people, questions, answers, acceptances, and the sums of votes day by day.
//!
//! Invariants: the score of an answer is known on a day only as the votes up to that day say it, never as it ended; every
//! row of every file is used, left out for a stated reason, or rejected by its line; ids of events follow from content,
//! so that a second reading gives the same events and an interrupted one is continued by reading again. Files are
//! streamed; what is held is eight bytes a user, sixteen a post, and one sum for each answer and day that has votes.
//!
//! Knows nothing of the World, of the log, or of who reads the files.

mod accounts;
mod posts;
mod row_values;
mod rows;
mod votes;

pub use rows::{MAX_ROW_BYTES, XmlError};

use super::translate::{LineSink, line};
use super::{Rejection, Tally};
use crate::domain::EventType;
use accounts::Accounts;
use posts::Posts;
use rows::{Row, Rows};
use serde_json::Value;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use votes::Votes;

/// A file of the dump that is read. The order is the one to read them in: each knows of those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DumpFile {
    /// Accounts.
    Users,
    /// Rewards; those for a tag are somebody's skill.
    Badges,
    /// The names of tags.
    Tags,
    /// Questions and answers.
    Posts,
    /// Votes, dated by the day.
    Votes,
}

impl DumpFile {
    /// All of them, in the order to read them in.
    pub const ALL: [Self; 5] = [Self::Users, Self::Badges, Self::Tags, Self::Posts, Self::Votes];

    /// The file's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Users => "Users.xml",
            Self::Badges => "Badges.xml",
            Self::Tags => "Tags.xml",
            Self::Posts => "Posts.xml",
            Self::Votes => "Votes.xml",
        }
    }

    const fn root(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Badges => "badges",
            Self::Tags => "tags",
            Self::Posts => "posts",
            Self::Votes => "votes",
        }
    }

    const fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::Users => &["Id", "DisplayName", "CreationDate"],
            Self::Badges => &["Id", "UserId", "Name", "Date", "Class", "TagBased"],
            Self::Tags => &["Id", "TagName"],
            Self::Posts => posts::ATTRIBUTES,
            Self::Votes => &["Id", "PostId", "VoteTypeId", "CreationDate"],
        }
    }
}

/// The files of a dump in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    /// Those that are read, in order.
    pub files: Vec<(DumpFile, PathBuf)>,
    /// The names of other XML files, which are not.
    pub unread: Vec<String>,
}

impl Dump {
    /// Whether `folder` holds a dump: whether there is a `Posts.xml` in it.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(DumpFile::Posts.name()).is_file()
    }

    /// The files of the dump in `folder`.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn find(folder: &Path) -> std::io::Result<Self> {
        let files = DumpFile::ALL.map(|file| (file, folder.join(file.name())));
        let mut unread = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let read = DumpFile::ALL.iter().any(|file| file.name() == name);
            let xml = Path::new(&name)
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("xml"));
            if xml && !read {
                unread.push(name);
            }
        }
        unread.sort();
        Ok(Self {
            files: files.into_iter().filter(|(_, path)| path.is_file()).collect(),
            unread,
        })
    }
}

/// What becomes of a row that is in order.
enum Fate {
    /// Events were made of it.
    Used,
    /// It is left out.
    LeftOut(&'static str),
}

/// Turns the files of one dump into events, one file after the other in the order of [`DumpFile::ALL`].
pub struct Translator {
    source: String,
    accounts: Accounts,
    posts: Posts,
    votes: Votes,
}

impl Translator {
    /// For a dump whose events come from `source`, which also goes before every number: `source/123`.
    pub fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            accounts: Accounts::default(),
            posts: Posts::default(),
            votes: Votes::default(),
        }
    }

    /// Reads one file and gives its events to `sink`, with the lines they come from; `false` when `sink` wanted no more.
    /// What became of the rows is added to `tally`.
    ///
    /// # Errors
    /// Where the file cannot be read further. What came before was given out.
    pub fn translate(
        &mut self,
        file: DumpFile,
        input: impl BufRead,
        tally: &mut Tally,
        sink: &mut LineSink<'_>,
    ) -> Result<bool, XmlError> {
        let source = self.source.clone();
        let mut out = Out {
            source: &source,
            line: 0,
            wanted: true,
            tally,
            sink,
        };
        let mut rows = Rows::new(input, file.root());
        let mut row = Row::default();
        let ended = loop {
            match rows.next(file.attributes(), &mut row) {
                Ok(true) => {
                    out.line = row.line;
                    let fate = self.row(file, &row, &mut out);
                    out.settle(fate);
                    if !out.wanted {
                        return Ok(false);
                    }
                }
                Ok(false) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        match file {
            DumpFile::Users => self.accounts.complete(),
            DumpFile::Posts => self.posts.complete(),
            DumpFile::Votes => self.votes.sums(&mut out),
            DumpFile::Badges | DumpFile::Tags => {}
        }
        ended.map(|()| out.wanted)
    }

    fn row(&mut self, file: DumpFile, row: &Row, out: &mut Out<'_>) -> Result<Fate, Rejection> {
        match file {
            DumpFile::Users => self.accounts.user(row, out),
            DumpFile::Badges => self.accounts.badge(row, out),
            DumpFile::Tags => self.accounts.tag(row, out),
            DumpFile::Posts => self.posts.post(row, &mut self.accounts, out),
            DumpFile::Votes => self.votes.vote(row, &self.posts, out),
        }
    }

    /// What is worth knowing beside the rows, in sentences. To be asked at the end.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let undated = self.posts.accepted_without(&self.votes);
        if undated > 0 {
            notes.push(format!(
                "{undated} accepted answers have no vote that dates the acceptance, and are imported as not accepted"
            ));
        }
        if self.posts.ownerless > 0 {
            notes.push(format!(
                "{} posts have no known author: each has somebody of its own who has left, and is recommended to nobody",
                self.posts.ownerless
            ));
        }
        notes
    }
}

/// Where events go.
struct Out<'o> {
    source: &'o str,
    line: u64,
    wanted: bool,
    tally: &'o mut Tally,
    sink: &'o mut LineSink<'o>,
}

impl Out<'_> {
    /// The identifier of the person, question or answer that has `number` on the platform.
    fn id(&self, number: i64) -> String {
        format!("{}/{number}", self.source)
    }

    /// Gives out one event.
    fn event(&mut self, id: &str, kind: EventType, at: &str, data: &Value) {
        self.tally.event(kind);
        let line = line(self.source, id, kind, at, data);
        self.wanted = self.wanted && (self.sink)(self.line, Ok(&line));
    }

    fn settle(&mut self, fate: Result<Fate, Rejection>) {
        match fate {
            Ok(Fate::Used) => self.tally.used(),
            Ok(Fate::LeftOut(reason)) => self.tally.skipped(reason),
            Err(rejection) => {
                self.tally.rejected();
                self.wanted = self.wanted && (self.sink)(self.line, Err(rejection));
            }
        }
    }
}

#[cfg(test)]
mod tests;
