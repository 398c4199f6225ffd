//! `antenne backup` and `antenne restore`: the whole data in one sealed file, and back into an empty folder.
//!
//! A backup is made beside a running server or without one; either way this process verifies and folds the copy before it
//! seals it, so that a backup that exists can be restored. Keys come with it as they are kept: as hashes.

use super::failure::{Done, Failure};
use super::log;
use super::machine::{SystemClock, print};
use super::session::{IfAbsent, Session};
use crate::app::{self, Clock as _, OpenError};
use crate::calendar::rfc3339;
use crate::config::{Config, FILE};
use crate::domain::Timestamp;
use crate::store::{Draft, Manifest, StoreError};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Write everything into one new file, for you alone, also while the server runs
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// The file to make; one that is there is never overwritten
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Put a backup into a new or empty data folder
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// A file that `antenne backup` made
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl BackupArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        // A name that is taken is told before anything is read.
        let mut draft = Draft::create(&self.file)?;
        let mut session = Session::open(config, IfAbsent::Fail)?;
        let mut written = Ok(());
        session.copy_out(&mut |part| {
            written = draft.write(part);
            match &written {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        })?;
        written?;
        // What the session holds in memory is not needed to verify the copy.
        drop(session);
        let manifest = app::seal(draft, &self.file, SystemClock.now()).map_err(unsound)?;
        print(&if self.json {
            format!("{}\n", summary(&manifest, &self.file))
        } else {
            text("backed up into", &manifest, &self.file)
        })?;
        Ok(Done::Whole)
    }
}

/// Damage in the copy is damage in what was copied.
fn unsound(error: OpenError) -> Failure {
    match error {
        OpenError::Store(StoreError::Damaged { what, .. }) => Failure::new(format!(
            "no backup was made, because the data is damaged: {what}; run `antenne verify`, and keep older backups"
        )),
        other => Failure::new(format!("no backup was made: {other}")),
    }
}

impl RestoreArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        let restored = app::restore(&self.file, &config.data, SystemClock.now())?;
        let manifest = &restored.manifest;
        if let Some(digest) = &restored.other_digest {
            log::warn(&format!(
                "version {} made this backup and gave it the digest {}; this version counts otherwise: {digest}",
                manifest.program, manifest.digest
            ));
        }
        let mut shown = text("restored into", manifest, &config.data);
        let _ = write!(
            shown,
            "keys are those of that moment: revoke again what was revoked since (`antenne keys list`)\n\
             send again what came after generation {}: opt-outs since then are not in it\n",
            manifest.last_sequence
        );
        if !config.data.join(FILE).exists() {
            let _ = writeln!(
                shown,
                "the configuration is in no backup: put {FILE} back, if there was one"
            );
        }
        print(&if self.json {
            format!("{}\n", summary(manifest, &config.data))
        } else {
            shown
        })?;
        Ok(Done::Whole)
    }
}

fn made_at(manifest: &Manifest) -> String {
    rfc3339(Timestamp::from_micros(manifest.created_at_micros))
}

fn summary(manifest: &Manifest, place: &Path) -> Value {
    json!({
        "path": place.display().to_string(),
        "created_at": made_at(manifest),
        "program": manifest.program,
        "schema": manifest.schema,
        "generation": manifest.last_sequence,
        "records": manifest.counts.records,
        "erased": manifest.counts.erased,
        "keys": manifest.counts.keys,
        "models": manifest.counts.artefacts,
        "digest": manifest.digest,
        "bytes": manifest.bytes,
    })
}

fn text(done: &str, manifest: &Manifest, place: &Path) -> String {
    let counts = &manifest.counts;
    format!(
        "{done} {}\nmade {} by version {}, generation {}: {} records, {} erased, {} keys (as hashes), {} models, {} \
         bytes\ndigest {}\n",
        place.display(),
        made_at(manifest),
        manifest.program,
        manifest.last_sequence,
        counts.records,
        counts.erased,
        counts.keys,
        counts.artefacts,
        manifest.bytes,
        manifest.digest
    )
}
