//! `antenne export`: the log as canonical lines, in its order. Importing them elsewhere gives the same digest.

use super::failure::{Done, Failure};
use super::machine::{forgive, print};
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
            let written = write(&mut session, io::stdout().lock())?;
            return forgive(written.map(|_| ())).map(|_| Done::Whole);
        };
        let file = create(path)?;
        let written = write(&mut session, &file)?;
        let lines = written
            .and_then(|lines| file.sync_all().map(|()| lines))
            .map_err(|error| Failure::file("write", path, error))?;
        print(&format!("wrote {lines} events into {}\n", path.display()))?;
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

/// Writes the lines, and counts them; the outer error is the log's, the inner one the output's.
fn write(session: &mut Session, out: impl Write) -> Result<io::Result<u64>, Failure> {
    let mut out = BufWriter::with_capacity(1 << 18, out);
    let (mut written, mut count) = (Ok(()), 0);
    session.export(&mut |lines| {
        written = out.write_all(lines);
        count += memchr::memchr_iter(b'\n', lines).count() as u64;
        if written.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    Ok(written.and_then(|()| out.flush()).map(|()| count))
}
