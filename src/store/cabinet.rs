//! The cabinet beside the log: access keys (hashes only) and versioned artefacts, each row with its checksum.
//!
//! Invariants: a key's name is never given twice; a revoked key stays on file; an artefact is never overwritten. Must
//! not know what a scope allows, or what an artefact is for.

use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::error::Result;
use super::rows::{Db, pack, signed};
use super::{Artefact, ArtefactInfo, KeyRow};

/// The lists of a key, under the names that the schema gives them.
fn bindings(key: &KeyRow) -> [(&'static str, &Vec<String>); 4] {
    [
        ("scope", &key.scopes),
        ("source", &key.sources),
        ("event_type", &key.event_types),
        ("community", &key.communities),
    ]
}

/// CRC-32 over every field, each behind its length, so that no two rows read alike.
fn key_checksum(key: &KeyRow) -> i64 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&key.hash);
    hasher.update(&pack(&[&key.name, &key.prefix]));
    hasher.update(&key.created_at_micros.to_le_bytes());
    hasher.update(&[
        u8::from(key.revoked_at_micros.is_some()),
        u8::from(key.person.is_some()),
    ]);
    hasher.update(&key.revoked_at_micros.unwrap_or_default().to_le_bytes());
    hasher.update(&pack(&[key.person.as_deref().unwrap_or_default()]));
    for (_, values) in bindings(key) {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        hasher.update(&(values.len() as u64).to_le_bytes());
        hasher.update(&pack(&values));
    }
    i64::from(hasher.finalize())
}

fn artefact_checksum(kind: &str, version: u64, meta: &str, bytes: &[u8]) -> i64 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&pack(&[kind, meta]));
    hasher.update(&version.to_le_bytes());
    hasher.update(bytes);
    i64::from(hasher.finalize())
}

/// Writes a key inside the caller's transaction.
pub(super) fn insert_key(tx: &Transaction<'_>, key: &KeyRow) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO access_key (name, hash, prefix, person, created_at_micros, revoked_at_micros, checksum) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        params![
            key.name,
            key.hash,
            key.prefix,
            key.person,
            key.created_at_micros,
            key.revoked_at_micros,
            key_checksum(key)
        ],
    )?;
    let mut insert =
        tx.prepare_cached("INSERT INTO access_key_binding (key, kind, position, value) VALUES (?, ?, ?, ?)")?;
    for (kind, values) in bindings(key) {
        for (position, value) in values.iter().enumerate() {
            insert.execute(params![key.name, kind, position as i64, value])?;
        }
    }
    Ok(())
}

/// Marks a key as revoked inside the caller's transaction; `key` is the row as it stands.
pub(super) fn mark_revoked(tx: &Transaction<'_>, mut key: KeyRow, at_micros: i64) -> rusqlite::Result<()> {
    key.revoked_at_micros = Some(at_micros);
    let sql = "UPDATE access_key SET revoked_at_micros = ?2, checksum = ?3 WHERE name = ?1";
    tx.execute(sql, params![key.name, at_micros, key_checksum(&key)])
        .map(|_| ())
}

/// Removes the keys called `names`, of all the `keys` that there are, inside the caller's transaction. Both tables are filled
/// anew, as those of artefacts are, so that no page keeps a copy.
pub(super) fn remove_keys(tx: &Transaction<'_>, keys: &[KeyRow], names: &[String]) -> rusqlite::Result<()> {
    let (gone, kept): (Vec<&KeyRow>, Vec<&KeyRow>) = keys.iter().partition(|key| names.contains(&key.name));
    if gone.is_empty() {
        return Ok(());
    }
    tx.execute_batch("DELETE FROM access_key_binding; DELETE FROM access_key;")?;
    kept.into_iter().try_for_each(|key| insert_key(tx, key))
}

/// Writes an artefact inside the caller's transaction.
pub(super) fn insert_artefact(
    tx: &Transaction<'_>,
    kind: &str,
    version: u64,
    bytes: &[u8],
    meta: &str,
) -> rusqlite::Result<()> {
    let checksum = artefact_checksum(kind, version, meta, bytes);
    let sql = "INSERT INTO artefact (kind, version, meta, checksum, bytes) VALUES (?, ?, ?, ?, ?)";
    tx.execute(sql, params![kind, signed(version), meta, checksum, bytes])
        .map(|_| ())
}

/// Removes artefacts inside the caller's transaction; how many there were. The table is filled anew from memory, because emptying it wipes
/// its pages whole, while deleting one row may leave copies of its neighbours that a later deletion would miss. Cost:
/// rewrites the artefacts that stay.
pub(super) fn remove_artefacts(
    tx: &Transaction<'_>,
    kind: &str,
    versions: RangeInclusive<u64>,
) -> rusqlite::Result<u64> {
    let target = params![kind, signed(*versions.start()), signed(*versions.end())];
    let sql = "SELECT count(*) FROM artefact WHERE kind = ?1 AND version BETWEEN ?2 AND ?3";
    let found: i64 = tx.prepare_cached(sql)?.query_row(target, |row| row.get(0))?;
    if found == 0 {
        return Ok(0);
    }
    let keep = "CREATE TEMP TABLE kept AS SELECT * FROM artefact WHERE NOT (kind = ?1 AND version BETWEEN ?2 AND ?3)";
    tx.execute(keep, target)?;
    tx.execute_batch("DELETE FROM artefact; INSERT INTO artefact SELECT * FROM kept; DROP TABLE kept;")?;
    Ok(found.unsigned_abs())
}

/// Writes the identity of new data.
pub(super) fn insert_data_id(connection: &Connection, data_id: [u8; 16]) -> rusqlite::Result<()> {
    let sql = "INSERT INTO identity (id, data_id, checksum) VALUES (1, ?1, ?2)";
    connection
        .execute(sql, params![data_id, i64::from(crc32fast::hash(&data_id))])
        .map(|_| ())
}

impl Db {
    /// The identity of the data.
    pub(super) fn data_id(&self) -> Result<[u8; 16]> {
        let sql = "SELECT data_id, checksum FROM identity WHERE id = 1";
        let row = self
            .connection
            .query_row(sql, [], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, i64>(1)?)));
        match row.optional().map_err(self.error("read the data id"))? {
            Some((data_id, checksum)) if checksum == i64::from(crc32fast::hash(&data_id)) => Ok(data_id),
            _ => Err(self.damaged("table identity, row 1: the data id is missing or fails its checksum")),
        }
    }

    /// Every key, verified, by name.
    pub(super) fn keys(&self) -> Result<Vec<KeyRow>> {
        let doing = "read the keys";
        let sql = "SELECT name, hash, prefix, person, created_at_micros, revoked_at_micros, checksum \
                   FROM access_key ORDER BY name";
        let mut statement = self.connection.prepare_cached(sql).map_err(self.error(doing))?;
        let rows = statement.query_map([], |row| {
            let key = KeyRow {
                name: row.get(0)?,
                hash: row.get(1)?,
                prefix: row.get(2)?,
                scopes: self.binding(row.get_ref(0)?.as_str()?, "scope")?,
                sources: self.binding(row.get_ref(0)?.as_str()?, "source")?,
                event_types: self.binding(row.get_ref(0)?.as_str()?, "event_type")?,
                person: row.get(3)?,
                communities: self.binding(row.get_ref(0)?.as_str()?, "community")?,
                created_at_micros: row.get(4)?,
                revoked_at_micros: row.get(5)?,
            };
            Ok((key, row.get::<_, i64>(6)?))
        });
        let mut keys = Vec::new();
        for row in rows.map_err(self.error(doing))? {
            let (key, checksum) = row.map_err(self.error(doing))?;
            if checksum != key_checksum(&key) {
                return Err(self.damaged(format!("table access_key, row `{}`: it fails its checksum", key.name)));
            }
            keys.push(key);
        }
        Ok(keys)
    }

    fn binding(&self, key: &str, kind: &str) -> rusqlite::Result<Vec<String>> {
        let sql = "SELECT value FROM access_key_binding WHERE key = ?1 AND kind = ?2 ORDER BY position";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.query_map([key, kind], |row| row.get(0))?.collect()
    }

    /// What there is of a kind, without reading the contents.
    pub(super) fn artefacts(&self, kind: &str) -> Result<Vec<ArtefactInfo>> {
        let sql = "SELECT version, meta, length(bytes) FROM artefact WHERE kind = ?1 ORDER BY version";
        let listed = self.connection.prepare_cached(sql).and_then(|mut statement| {
            let rows = statement.query_map([kind], |row| {
                Ok(ArtefactInfo {
                    version: row.get::<_, i64>(0)?.unsigned_abs(),
                    meta: row.get(1)?,
                    length: row.get::<_, i64>(2)?.unsigned_abs(),
                })
            })?;
            rows.collect()
        });
        listed.map_err(self.error("list the artefacts"))
    }

    /// One artefact, verified.
    pub(super) fn artefact(&self, kind: &str, version: u64) -> Result<Option<Artefact>> {
        let sql = "SELECT meta, bytes, checksum FROM artefact WHERE kind = ?1 AND version = ?2";
        let row = self.connection.query_row(sql, params![kind, signed(version)], |row| {
            Ok((
                Artefact {
                    meta: row.get(0)?,
                    bytes: row.get(1)?,
                },
                row.get::<_, i64>(2)?,
            ))
        });
        match row.optional().map_err(self.error("read an artefact"))? {
            None => Ok(None),
            Some((artefact, checksum))
                if checksum == artefact_checksum(kind, version, &artefact.meta, &artefact.bytes) =>
            {
                Ok(Some(artefact))
            }
            Some(_) => Err(self.damaged(format!("table artefact, row `{kind}` {version}: it fails its checksum"))),
        }
    }

    /// Verifies every artefact, one in memory at a time, and every note; returns how many artefacts there are.
    pub(super) fn check_artefacts(&self) -> Result<u64> {
        self.check_notes()?;
        self.tombstones()?;
        let doing = "list the artefacts";
        let sql = "SELECT kind, version FROM artefact ORDER BY kind, version";
        let mut statement = self.connection.prepare(sql).map_err(self.error(doing))?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)));
        let mut verified = 0;
        for row in rows.map_err(self.error(doing))? {
            let (kind, version) = row.map_err(self.error(doing))?;
            if self.artefact(&kind, version.unsigned_abs())?.is_none() {
                return Err(self.damaged(format!(
                    "table artefact, row `{kind}` {version}: it cannot be found again"
                )));
            }
            verified += 1;
        }
        Ok(verified)
    }
}
