//! `antenne export`: the log as canonical lines, in its order. Importing them elsewhere gives the same digest.

use super::failure::{Done, Failure};
use super::machine::forgive;
use super::session::{IfAbsent, Session};
use crate::config::Config;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Write every event, one canonical line each, in the order of the log
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Write to this new file, for you alone, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl ExportArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        let mut session = Session::open(config, IfAbsent::Fail)?;
        let Some(path) = &self.out else {
            return forgive(write(&mut session, io::stdout().lock())?).map(|_| Done::Whole);
        };
        let file = create(path)?;
        let written = write(&mut session, &file)?;
        written
            .and_then(|()| file.sync_all())
            .map_err(|error| Failure::file("write", path, error))?;
        Ok(Done::Whole)
    }
}

/// Personal facts are for the operator alone; a file that is there is never overwritten.
fn create(path: &Path) -> Result<File, Failure> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    made.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::new(format!(
            "{} is there already: remove it, or choose another name",
            path.display()
        )),
        _ => Failure::file("create", path, error),
    })
}

/// Writes the lines; the outer error is the log's, the inner one the output's.
fn write(session: &mut Session, out: impl Write) -> Result<io::Result<()>, Failure> {
    let mut out = BufWriter::with_capacity(1 << 18, out);
    let mut written = Ok(());
    session.export(&mut |lines| {
        written = out.write_all(lines);
        if written.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    Ok(written.and_then(|()| out.flush()))
}
