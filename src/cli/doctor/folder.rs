//! The data folder and the disk under it: who may read it, how much room there is, what its files say of themselves.

use super::Findings;
use crate::config::Config;
use crate::store::{Standing, room, standing};
use std::cmp::Ordering;
use std::fs::Metadata;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

/// Below this nothing can be relied upon.
const ROOM_FAIL_BYTES: u64 = 128 << 20;
/// Below this it is time to look for room.
const ROOM_WARN_BYTES: u64 = 1 << 30;
/// A write-ahead log over this is not being copied over.
const LOG_WARN_BYTES: u64 = 1 << 30;
/// What is for the operator alone, when it is there.
const PRIVATE: [&str; 7] = [
    "antenne.db",
    "antenne.db-wal",
    "antenne.toml",
    "control.sock",
    "reserve",
    "dirty",
    "erased",
];

/// Examines the folder; `false` when there is none, so that nothing in it can be looked at.
pub fn examine(config: &Config, found: &mut Findings) -> bool {
    let path = &config.data;
    let meta = match path.metadata() {
        Ok(meta) if meta.is_dir() => meta,
        Ok(_) => {
            found.fail(
                "folder",
                format!("{} is no folder", path.display()),
                "name a folder with --data",
            );
            return false;
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            found.warn(
                "folder",
                format!("there is no folder {} yet", path.display()),
                "the first `antenne serve` or `antenne import` makes it; check --data if there should be one",
            );
            return false;
        }
        Err(error) => {
            found.fail(
                "folder",
                format!("{} cannot be looked at: {error}", path.display()),
                "run this as the user of the service",
            );
            return false;
        }
    };
    found.ok("folder", path.display().to_string());
    permissions(path, &meta, found);
    let files = match standing(path) {
        Ok(files) => files,
        Err(error) => {
            found.fail("files", error.to_string(), "run this as the user of the service");
            return false;
        }
    };
    disk(path, files, found);
    database(files, found);
    true
}

fn permissions(path: &Path, folder: &Metadata, found: &mut Findings) {
    let mut wide = Vec::new();
    let mut foreign = Vec::new();
    let mut look = |name: &str, meta: &Metadata| {
        if meta.permissions().mode() & 0o077 != 0 {
            wide.push(name.to_owned());
        }
        if meta.uid() != folder.uid() {
            foreign.push(name.to_owned());
        }
    };
    look(&path.display().to_string(), folder);
    for name in PRIVATE {
        if let Ok(meta) = path.join(name).symlink_metadata() {
            look(name, &meta);
        }
    }
    let place = path.display();
    if !foreign.is_empty() {
        found.warn(
            "owner",
            format!(
                "{} belong to another user than the folder: the service cannot open them",
                foreign.join(", ")
            ),
            format!("chown -R --reference={place} {place}, and run commands as the user of the service"),
        );
    }
    if wide.is_empty() {
        found.ok("permissions", "for the operator alone");
    } else {
        found.warn(
            "permissions",
            format!("others than the operator may reach {}", wide.join(", ")),
            format!("chmod -R go= {place}"),
        );
    }
}

fn disk(path: &Path, files: Standing, found: &mut Findings) {
    let room = match room(path) {
        Ok(room) => room,
        Err(error) => {
            found.warn("disk", error.to_string(), "look at it with df");
            return;
        }
    };
    let free = format!("{} of {} free", size(room.available_bytes), size(room.total_bytes));
    let copy = files.database_bytes.unwrap_or(0) + files.log_bytes;
    if room.available_bytes < ROOM_FAIL_BYTES {
        found.fail(
            "disk",
            free,
            "make room now: without it nothing new is taken, and only reading goes on",
        );
    } else if room.available_bytes < ROOM_WARN_BYTES.max(copy.saturating_mul(2)) {
        found.warn(
            "disk",
            format!("{free}; a backup needs room for a copy of {}", size(copy)),
            "make room, or move the data folder to a larger disk",
        );
    } else {
        found.ok("disk", free);
    }
}

fn database(files: Standing, found: &mut Findings) {
    let (Some(bytes), Some(schema)) = (files.database_bytes, files.schema) else {
        return;
    };
    let known = files.schema_supported;
    let said = format!("version {schema}, {}", size(bytes));
    match schema.cmp(&known) {
        Ordering::Greater => found.fail(
            "schema",
            format!("{said}; this program knows versions up to {known}"),
            "run the newer program, or restore a backup made before the upgrade",
        ),
        Ordering::Less => found.ok(
            "schema",
            format!("{said}; the next start migrates it to version {known}"),
        ),
        Ordering::Equal => found.ok("schema", said),
    }
    if files.log_bytes > LOG_WARN_BYTES {
        found.warn(
            "log",
            format!("the write-ahead log has {}", size(files.log_bytes)),
            "a long export, backup or verification keeps it from being emptied: wait for it, or start the server again",
        );
    } else if files.marked && files.log_bytes == 0 {
        found.fail(
            "log",
            "the last run did not end cleanly, and its write-ahead log is gone",
            "put antenne.db-wal back beside the database, or restore the newest backup",
        );
    } else {
        found.ok("log", format!("the write-ahead log has {}", size(files.log_bytes)));
    }
    match files.reserve_bytes {
        Some(held) if held > 0 => found.ok("reserve", format!("{} held for opt-outs", size(held))),
        _ => found.warn(
            "reserve",
            "no space is held for opt-outs on a full disk",
            "make room and start the server again: it takes the space at its start",
        ),
    }
}

/// Bytes for people.
pub fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    match UNITS.iter().find(|(_, unit)| bytes >= *unit) {
        Some((name, unit)) => format!("{:.1} {name}", bytes as f64 / *unit as f64),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        let shown = [0, 1023, 1024, 1_572_864, 5 << 30].map(size);
        assert_eq!(shown, ["0 bytes", "1023 bytes", "1.0 KiB", "1.5 MiB", "5.0 GiB"]);
    }

    #[test]
    fn a_log_that_must_be_there_and_is_not_fails() {
        let mut found = Findings::default();
        let files = Standing {
            database_bytes: Some(8192),
            schema: Some(1),
            schema_supported: 1,
            marked: true,
            ..Standing::default()
        };
        database(files, &mut found);
        let log = found.0.iter().find(|finding| finding.check == "log").unwrap();
        assert_eq!(log.level, super::super::Level::Fail);
    }
}
