//! The audit log: what was done with power over people's data, when, and by whom.
//!
//! Invariants: a row is durable before the call that it tells of is answered; rows never change and never go, whatever is
//! erased or retired, because each is bound to those before it and whoever could drop one could hide what they did. A row holds no personal text: a person stands in it as a keyed hash, which the operator
//! can make again from an identifier and nobody can turn back without the data's secret identity. So an erasure needs
//! nothing here to change. Names of keys stand in clear: they are the operator's.
//!
//! Must not know which routes and commands there are.

mod hourly;

use super::access::{Identity, Via};
use super::service::Service;
use super::writer::Job;
use crate::domain::{PersonId, Timestamp};
use crate::store::{AuditCheck, AuditRow, Look, StoreError};
use base16ct::lower::encode_string;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value};
use sha2::Sha256;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use tokio::sync::oneshot;

pub(super) use hourly::Hourly;

/// Characters that a row says of what was done, at most; what is longer is cut.
const MAX_WHAT: usize = 500;
/// Rows that one part passes at most.
const MAX_PASSED: usize = 100_000;

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $name:literal;)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AuditAction { $($(#[$doc])* $action,)* }

        impl AuditAction {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$action,)*];

            /// The stable name under which it is recorded.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$action => $name,)* }
            }

            /// The action called `name`.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$action),)* _ => None }
            }
        }
    };
}

actions! {
    /// A key was made.
    KeyCreated = "key.created";
    /// A key was revoked.
    KeyRevoked = "key.revoked";
    /// A short-lived token was made for a person.
    TokenIssued = "token.issued";
    /// Somebody looked at what is held about a person, on that person's behalf.
    PersonRead = "person.read";
    /// Everything held about a person was handed out.
    PersonExported = "person.exported";
    /// A person was erased.
    PersonErased = "person.erased";
    /// Every event was written out, for a file.
    LogExported = "log.exported";
    /// Everything was copied out, for a backup.
    BackupMade = "backup.made";
    /// This data came out of a backup.
    BackupRestored = "backup.restored";
    /// Something that binds a person was stated or taken back for them by somebody else.
    PersonBound = "person.bound";
    /// A published skill map, or the list of them, was read.
    SkillMapRead = "skill_map.read";
    /// Answers were given without spreading the load; at most one row an hour and key.
    OrderByScore = "order.score";
    /// A switch that purposes depend on was set, at a start of the service.
    SwitchSet = "switch.set";
}

/// Something to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    action: AuditAction,
    via: Via,
    by: String,
    on_behalf_of: Option<PersonId>,
    about: Option<PersonId>,
    what: Option<String>,
}

impl AuditEntry {
    /// `action`, by whoever calls as `identity`.
    pub fn of(action: AuditAction, identity: &Identity) -> Self {
        Self {
            action,
            via: identity.via,
            by: identity.name.clone(),
            on_behalf_of: identity.person.clone(),
            about: None,
            what: None,
        }
    }

    /// `action`, by the operator at the command line.
    pub fn of_operator(action: AuditAction) -> Self {
        Self {
            action,
            via: Via::Command,
            by: "operator".to_owned(),
            on_behalf_of: None,
            about: None,
            what: None,
        }
    }

    /// The same, about `person`, who stands in the row as a keyed hash.
    #[must_use]
    pub fn about(self, person: &PersonId) -> Self {
        let about = Some(person.clone());
        Self { about, ..self }
    }

    /// The same, with what was done it to or how: names of keys, scopes, releases, types of events. Never a text that
    /// people wrote, and nobody's name.
    #[must_use]
    pub fn what(self, what: impl Into<String>) -> Self {
        let what = what.into().chars().take(MAX_WHAT).collect();
        Self {
            what: Some(what),
            ..self
        }
    }

    /// The row's bytes: JSON with its keys in order.
    pub(super) fn encode(&self, data_id: [u8; 16], at: Timestamp) -> Vec<u8> {
        let mut row = Map::new();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                row.insert(name.to_owned(), Value::String(value));
            }
        };
        let mark = |person: &Option<PersonId>| person.as_ref().map(|person| person_mark(data_id, person.as_str()));
        put("about", mark(&self.about));
        put("action", Some(self.action.name().to_owned()));
        put("as", mark(&self.on_behalf_of));
        put("by", Some(self.by.clone()));
        put("via", Some(self.via.name().to_owned()));
        put("what", self.what.clone());
        row.insert("at".to_owned(), at.micros().into());
        Value::Object(row).to_string().into_bytes()
    }
}

/// What a person is called in the audit log of the data called `data_id`: HMAC-SHA256 under that secret identity, of which
/// 16 bytes are kept, in hexadecimal.
fn person_mark(data_id: [u8; 16], person: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&data_id).expect("HMAC takes a key of any length");
    mac.update(b"antenne audit person");
    mac.update(person.as_bytes());
    let mark = mac.finalize().into_bytes();
    encode_string(&mark[..16])
}

/// A row as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its place, from 1 on.
    pub number: u64,
    /// When it was done.
    pub at: Timestamp,
    /// What was done: the name of an [`AuditAction`].
    pub action: String,
    /// How whoever did it was known: `key`, `token`, `oidc` or `command`.
    pub via: String,
    /// The name of the key, or `operator` at the command line.
    pub by: String,
    /// The mark of the person for whom the key or token speaks.
    pub on_behalf_of: Option<String>,
    /// The mark of the person whom it is about.
    pub about: Option<String>,
    /// What it was done to, or how.
    pub what: Option<String>,
    /// The row's hash, in hexadecimal: it stands for every row up to this one.
    pub hash: String,
}

impl AuditLine {
    /// A row of this or an older program; `None` for bytes that no program of ours wrote.
    fn read(row: AuditRow<'_>) -> Option<Self> {
        let said: Value = serde_json::from_slice(row.content).ok()?;
        let word = |name: &str| said[name].as_str().map(str::to_owned);
        Some(Self {
            number: row.number,
            at: Timestamp::from_micros(said["at"].as_i64()?),
            action: word("action")?,
            via: word("via")?,
            by: word("by")?,
            on_behalf_of: word("as"),
            about: word("about"),
            what: word("what"),
            hash: encode_string(&row.hash),
        })
    }
}

/// Which rows are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Only those before this one.
    pub before: Option<u64>,
    /// Only those about this person, or done on their behalf.
    pub person: Option<String>,
    /// Only those of this action.
    pub action: Option<AuditAction>,
    /// How many at most.
    pub limit: usize,
}

/// A part of the audit log, the newest rows first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditPage {
    /// The rows; fewer than [`AuditQuery::limit`] where many others lie between.
    pub lines: Vec<AuditLine>,
    /// [`AuditQuery::before`] for the next part; `None` at the end, and only there.
    pub next: Option<u64>,
}

/// Why the audit log could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no room on the disk, or the row could not be written otherwise.
    #[error("{why}")]
    NotWritten {
        /// What the store says.
        why: String,
        /// Whether there is no room.
        disk_full: bool,
    },
    /// The service is stopping.
    #[error("the service is stopping")]
    Stopping,
}

impl AuditError {
    /// That a group of rows was not written, to be told to each who waits for one.
    pub(super) fn of(error: &StoreError) -> Self {
        Self::NotWritten {
            why: error.to_string(),
            disk_full: matches!(error, StoreError::DiskFull { .. }),
        }
    }

    /// Whether there is no room on the disk.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::NotWritten { disk_full: true, .. })
    }
}

impl Service {
    /// Records `entry`, durable on return: call it before the answer that it tells of is given, and give none when it
    /// fails. On a full disk the row takes the space that is held back. Cost: one flush of the device.
    ///
    /// # Errors
    /// When it could not be written, or the service is stopping.
    pub fn audit(&self, entry: &AuditEntry) -> Result<(), AuditError> {
        let content = entry.encode(self.data_id, self.now());
        let (reply, done) = oneshot::channel();
        self.send(Job::Audit(content, reply));
        done.blocking_recv().unwrap_or(Err(AuditError::Stopping))
    }

    /// Records `entry` unless the same key did the same for the same person in this hour: for what may happen many times a
    /// second.
    ///
    /// # Errors
    /// As [`Self::audit`].
    pub fn audit_hourly(&self, entry: &AuditEntry) -> Result<(), AuditError> {
        let now = self.now();
        let who = (entry.by.clone(), entry.on_behalf_of.clone());
        if self.hourly.holds(entry.action, &who, now) {
            return Ok(());
        }
        self.audit(entry)?;
        self.hourly.note(entry.action, who, now);
        Ok(())
    }

    /// Records those of `switches` (names and values) that were not recorded so before. Cost: reads the audit log back to
    /// where each stands.
    ///
    /// # Errors
    /// As [`Self::audit`], or when the log cannot be read.
    pub fn audit_switches(&self, switches: &[(&str, String)]) -> Result<(), AuditError> {
        let mut last: HashMap<String, String> = HashMap::new();
        self.walk(u64::MAX, &mut |line| {
            if line.action == AuditAction::SwitchSet.name()
                && let Some((name, value)) = line.what.as_deref().and_then(|what| what.split_once(" = "))
            {
                last.entry(name.to_owned()).or_insert_with(|| value.to_owned());
            }
            if switches.iter().all(|(name, _)| last.contains_key(*name)) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        for (name, value) in switches {
            let entry = AuditEntry::of_operator(AuditAction::SwitchSet).what(format!("{name} = {value}"));
            // As it was written, which may be shorter than the value.
            let before = last.get(*name).map(|value| format!("{name} = {value}"));
            if before != entry.what {
                self.audit(&entry)?;
            }
        }
        Ok(())
    }

    /// A part of the audit log, the newest rows first; of a long log in which few rows are asked for, less than a whole part,
    /// with where to go on. Cost: on this thread, linear in the rows that are passed, a hundred thousand at most.
    ///
    /// # Errors
    /// When a row does not fit the one before it, or the service is stopping.
    pub fn audited(&self, query: &AuditQuery) -> Result<AuditPage, AuditError> {
        self.audited_within(MAX_PASSED, query)
    }

    fn audited_within(&self, most: usize, query: &AuditQuery) -> Result<AuditPage, AuditError> {
        let mark = query.person.as_deref().map(|person| person_mark(self.data_id, person));
        let mut page = AuditPage::default();
        let mut passed = 0;
        self.walk(query.before.unwrap_or(u64::MAX), &mut |line| {
            let about = |mark: &String| line.about.as_ref() == Some(mark) || line.on_behalf_of.as_ref() == Some(mark);
            let asked =
                mark.as_ref().is_none_or(about) && query.action.is_none_or(|action| line.action == action.name());
            passed += 1;
            if !asked && passed < most {
                return ControlFlow::Continue(());
            }
            if !asked {
                page.next = Some(line.number);
                return ControlFlow::Break(());
            }
            if page.lines.len() == query.limit {
                page.next = page.lines.last().map(|line| line.number);
                return ControlFlow::Break(());
            }
            page.lines.push(line);
            ControlFlow::Continue(())
        })?;
        Ok(page)
    }

    fn walk(&self, before: u64, each: &mut dyn FnMut(AuditLine) -> ControlFlow<()>) -> Result<(), AuditError> {
        let reader = self.reader()?.ok_or(AuditError::Stopping)?;
        reader.audit(before, &mut |row| {
            AuditLine::read(row).map_or(ControlFlow::Continue(()), &mut *each)
        })?;
        Ok(())
    }

    /// Follows the chain of the audit log from its first row to its head, and notes the hash of the row `noted`. Cost:
    /// reads the whole audit log, on this thread.
    ///
    /// # Errors
    /// When the log cannot be read, or the service is stopping; a broken chain is a finding.
    pub fn check_audit(&self, noted: Option<u64>) -> Result<AuditCheck, AuditError> {
        let reader = self.reader()?.ok_or(AuditError::Stopping)?;
        Ok(reader.check_audit(noted)?)
    }
}

/// As [`Service::check_audit`], of the data folder `folder`, which nobody owns and which is not changed.
///
/// # Errors
/// [`StoreError::Locked`] when somebody owns it, [`StoreError::Missing`] when there is nothing.
pub fn check_audit_of(folder: &Path, noted: Option<u64>) -> Result<AuditCheck, StoreError> {
    Look::at_folder(folder)?.reader().check_audit(noted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_holds_no_name_and_is_the_same_bytes_each_time() {
        let ana = PersonId::new("ana.ruiz");
        let entry = AuditEntry::of_operator(AuditAction::PersonErased)
            .about(&ana)
            .what("w".repeat(900));
        let at = Timestamp::from_micros(7);
        let row = entry.encode([7; 16], at);
        assert_eq!(row, entry.encode([7; 16], at));
        let text = String::from_utf8(row.clone()).unwrap();
        assert!(!text.contains("ana"), "{text}");
        let line = AuditLine::read(AuditRow {
            number: 3,
            content: &row,
            hash: [0xab; 32],
        })
        .unwrap();
        assert_eq!((line.number, line.at, line.what.unwrap().len()), (3, at, MAX_WHAT));
        assert_eq!(
            (&*line.action, &*line.via, &*line.by),
            ("person.erased", "command", "operator")
        );
        assert_eq!(line.about, Some(person_mark([7; 16], "ana.ruiz")));
        assert_ne!(
            line.about,
            Some(person_mark([8; 16], "ana.ruiz")),
            "other data, other marks"
        );
        assert_eq!((line.on_behalf_of, line.hash.len()), (None, 64));
    }

    struct Noon;

    impl crate::app::Clock for Noon {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(1_772_442_030_000_000)
        }
    }

    fn service(folder: &Path) -> Service {
        let settings = crate::app::Settings {
            folder: folder.to_owned(),
            create: true,
            new_data_id: [7; 16],
            weights: None,
            sources: crate::app::Sources::default(),
            manner: crate::app::Manner::Vous,
            recommendations_bytes: crate::app::RECOMMENDATIONS_BYTES,
        };
        Service::open(settings, std::sync::Arc::new(Noon)).unwrap()
    }

    #[test]
    fn rare_rows_are_found_over_several_parts_none_of_which_reads_far() {
        let temp = tempfile::tempdir().unwrap();
        let service = service(temp.path());
        for n in 0..100 {
            let rare = n % 30 == 0;
            let action = if rare {
                AuditAction::PersonErased
            } else {
                AuditAction::PersonExported
            };
            service.audit(&AuditEntry::of_operator(action)).unwrap();
        }
        let mut query = AuditQuery {
            action: Some(AuditAction::PersonErased),
            limit: 3,
            ..AuditQuery::default()
        };
        let (mut found, mut parts) = (Vec::new(), 0);
        loop {
            let page = service.audited_within(20, &query).unwrap();
            found.extend(page.lines.iter().map(|line| line.number));
            parts += 1;
            let Some(next) = page.next else { break };
            query.before = Some(next);
        }
        assert_eq!((found, parts), (vec![91, 61, 31, 1], 5));
    }

    #[test]
    fn a_switch_whose_value_is_cut_has_one_row() {
        let temp = tempfile::tempdir().unwrap();
        let service = service(temp.path());
        let rows = || {
            service
                .audited(&AuditQuery {
                    limit: 9,
                    ..AuditQuery::default()
                })
                .unwrap()
                .lines
                .len()
        };
        for (value, expected) in [
            ("w".repeat(900), 1),
            ("w".repeat(900), 1),
            ("v".to_owned(), 2),
            ("v".to_owned(), 2),
        ] {
            service.audit_switches(&[("wording", value)]).unwrap();
            assert_eq!(rows(), expected);
        }
    }

    #[test]
    fn actions_are_found_by_their_names() {
        for &action in AuditAction::ALL {
            assert_eq!(AuditAction::from_name(action.name()), Some(action));
        }
        assert_eq!(AuditAction::from_name("person.praised"), None);
    }
}
