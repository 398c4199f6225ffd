//! The tables, and the one way to change them: append a migration, never edit one that was released.
//!
//! Invariants: [`CURRENT`] is the schema that this program writes; a database migrated from any older version has the
//! same schema text as a fresh one; a newer one is refused untouched. Must not know what the rows mean.

use std::path::Path;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::error::{Result, StoreError};

/// "ante", in the header of every database of this program.
pub(super) const APPLICATION_ID: u32 = 0x616e_7465;

/// The schema version that this program writes.
pub(super) const CURRENT: u32 = STEPS.len() as u32;

const STEPS: &[M<'static>] = &[
    M::up(
        "CREATE TABLE identity (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        data_id BLOB NOT NULL CHECK (length(data_id) = 16),
        checksum INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0)
    ) STRICT;
    INSERT INTO head (id, last_sequence) VALUES (1, 0);
    CREATE TABLE record (
        sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
        erased INTEGER NOT NULL CHECK (erased IN (0, 1)),
        checksum BLOB NOT NULL CHECK (length(checksum) = 4),
        subjects BLOB NOT NULL,
        payload BLOB NOT NULL
    ) STRICT;
    CREATE TABLE subject_index (
        first_sequence INTEGER PRIMARY KEY CHECK (first_sequence > 0),
        entries BLOB NOT NULL
    ) STRICT;
    CREATE TABLE access_key (
        name TEXT PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
        prefix TEXT NOT NULL,
        person TEXT,
        created_at_micros INTEGER NOT NULL,
        revoked_at_micros INTEGER,
        checksum INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE access_key_binding (
        key TEXT NOT NULL REFERENCES access_key (name),
        kind TEXT NOT NULL CHECK (kind IN ('scope', 'source', 'event_type', 'community')),
        position INTEGER NOT NULL CHECK (position >= 0),
        value TEXT NOT NULL,
        PRIMARY KEY (key, kind, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE artefact (
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        meta TEXT NOT NULL,
        checksum INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (kind, version)
    ) STRICT;",
    ),
    M::up(
        "CREATE TABLE note (
        name BLOB PRIMARY KEY CHECK (length(name) = 16),
        checksum INTEGER NOT NULL,
        content BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE note_head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        notes INTEGER NOT NULL CHECK (notes >= 0),
        bytes INTEGER NOT NULL CHECK (bytes >= 0)
    ) STRICT;
    INSERT INTO note_head (id, notes, bytes) VALUES (1, 0, 0);",
    ),
    M::up(
        "CREATE TABLE audit (
        number INTEGER PRIMARY KEY CHECK (number > 0),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        content BLOB NOT NULL
    ) STRICT;
    CREATE TABLE audit_head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        last_number INTEGER NOT NULL CHECK (last_number >= 0),
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    INSERT INTO audit_head (id, last_number, hash) VALUES (1, 0, zeroblob(32));
    CREATE TRIGGER audit_row_is_final BEFORE UPDATE ON audit
        BEGIN SELECT raise(ABORT, 'the audit log is only appended to'); END;
    CREATE TRIGGER audit_row_stays BEFORE DELETE ON audit
        BEGIN SELECT raise(ABORT, 'the audit log is only appended to'); END;",
    ),
    M::up(
        "CREATE TABLE tombstone (
        mark BLOB PRIMARY KEY CHECK (length(mark) = 16),
        at_micros INTEGER NOT NULL,
        checksum INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;",
    ),
];

/// Brings an empty or older database up to [`CURRENT`], in one transaction.
pub(super) fn migrate(path: &Path, connection: &mut Connection) -> Result<()> {
    Migrations::from_slice(STEPS)
        .to_latest(connection)
        .map_err(|error| match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::sqlite(path, "migrate the schema", err),
            other => StoreError::Engine {
                path: path.to_owned(),
                doing: "migrate the schema",
                source: Box::new(other),
            },
        })
}

/// Refuses a database that bears another program's mark.
pub(super) fn refuse_foreign(path: &Path, application_id: u32) -> Result<()> {
    if application_id == APPLICATION_ID {
        return Ok(());
    }
    Err(StoreError::Foreign {
        path: path.to_owned(),
        what: format!("its application id is {application_id:#010x}, not {APPLICATION_ID:#010x}"),
        remedy: "point the data folder elsewhere, or restore the newest backup",
    })
}

/// Refuses a database from the future.
pub(super) fn refuse_newer(path: &Path, version: u32) -> Result<()> {
    if version <= CURRENT {
        return Ok(());
    }
    Err(StoreError::Newer {
        path: path.to_owned(),
        found: version,
        supported: CURRENT,
    })
}

/// Refuses a database whose tables are not those of its version. Cost: builds an empty database in memory.
pub(super) fn refuse_altered(path: &Path, connection: &Connection) -> Result<()> {
    let doing = "read the schema";
    let mut fresh = Connection::open_in_memory().map_err(|e| StoreError::sqlite(path, doing, e))?;
    migrate(path, &mut fresh)?;
    let expected = text(&fresh).map_err(|e| StoreError::sqlite(path, doing, e))?;
    let found = text(connection).map_err(|e| StoreError::sqlite(path, doing, e))?;
    if found == expected {
        return Ok(());
    }
    Err(StoreError::damaged(
        path,
        "its tables are not those of its schema version",
    ))
}

/// The schema as text, in a fixed order.
fn text(connection: &Connection) -> rusqlite::Result<String> {
    let sql = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
    let mut statement = connection.prepare(sql)?;
    let lines = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_version(version: usize) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        Migrations::from_slice(STEPS)
            .to_version(&mut connection, version)
            .unwrap();
        connection
    }

    #[test]
    fn every_older_version_migrates_to_what_a_fresh_one_is() {
        let fresh = text(&at_version(STEPS.len())).unwrap();
        for version in 0..=STEPS.len() {
            let mut old = at_version(version);
            migrate(Path::new("old"), &mut old).unwrap();
            assert_eq!(text(&old).unwrap(), fresh, "from version {version}");
            refuse_altered(Path::new("old"), &old).unwrap();
        }
    }

    #[test]
    fn released_migrations_are_never_edited() {
        let sums: Vec<u32> = (1..=STEPS.len())
            .map(|v| crc32fast::hash(text(&at_version(v)).unwrap().as_bytes()))
            .collect();
        assert_eq!(
            sums, RELEASED,
            "append a migration and its sum; do not change an old one"
        );
    }

    const RELEASED: [u32; STEPS.len()] = [3_243_791_998, 426_665_379, 169_668_304, 1_704_185_563];

    #[test]
    fn an_altered_schema_is_noticed() {
        let connection = at_version(STEPS.len());
        connection.execute_batch("DROP TABLE subject_index").unwrap();
        let refused = refuse_altered(Path::new("/data/antenne.db"), &connection).unwrap_err();
        assert!(refused.is_fatal());
    }

    #[test]
    fn the_version_is_the_number_of_migrations() {
        let connection = at_version(STEPS.len());
        let version: u32 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, CURRENT);
        refuse_newer(Path::new("x"), version).unwrap();
        assert!(matches!(
            refuse_newer(Path::new("x"), version + 1),
            Err(StoreError::Newer { .. })
        ));
    }
}
