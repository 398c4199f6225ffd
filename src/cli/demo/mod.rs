//! `antenne demo`: a fictitious company in a fresh folder, served, with a key for each who might come in and what to try.
//!
//! Nothing of it is ever written into a folder that holds data.

mod story;
mod visitors;

use super::failure::{Done, Failure};
use super::intake::{Chunk, Prepared};
use super::log;
use super::machine::{entropy, print};
use super::serve::{Door, ServeArgs, address, start_log};
use super::session::{IfAbsent, open_service};
use crate::app::{Ahead, Service};
use crate::config::{Config, Models};
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Try it out: serve a fictitious company from a fresh folder
///
/// Without --data the folder is a temporary one, removed at the end.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    #[command(flatten)]
    serve: ServeArgs,
}

impl DemoArgs {
    /// What the command line says about serving.
    pub fn serve(&self) -> &ServeArgs {
        &self.serve
    }

    /// Carries the command out, in `folder` or in one that is removed at the end.
    pub fn run(config: &Config, folder: Option<&Path>) -> Result<Done, Failure> {
        start_log(config)?;
        let door = Door::listen(address(config)?)?;
        let temporary = match folder {
            Some(_) => None,
            None => Some(Temporary::new()?),
        };
        let folder = match (&temporary, folder) {
            (Some(temporary), _) => temporary.0.clone(),
            (None, folder) => folder.unwrap_or(&config.data).to_owned(),
        };
        let config = Config {
            data: folder,
            // The answers of a demo do not change by themselves.
            models: Models {
                refit_days: 0,
                ..Models::default()
            },
            ..config.clone()
        };
        let service = Arc::new(load(&config)?);
        service.adopt(service.lesson(&|| true)?.basis_alone())?;
        let guests = visitors::admit(&service)?;
        door.serve(&config, service, |at| {
            log::listening(at);
            print(&visitors::invitation(at, &guests))
        })
    }
}

/// A service that holds the story, and nothing else.
fn load(config: &Config) -> Result<Service, Failure> {
    let service = open_service(config, IfAbsent::Create)?;
    if service.snapshot().generation > 0 {
        return Err(Failure::new(format!(
            "the folder {0} holds data already, and the demo would mix with it: name a new folder with --data, or none; to \
             serve what is there, `antenne --data {0} serve`",
            config.data.display()
        )));
    }
    let mut chunk = Chunk::default();
    for (number, line) in (1..).zip(story::lines(service.now())) {
        chunk.push(number, Ok(line?.as_bytes()));
    }
    let prepared = Prepared::read(chunk, &service, Ahead::Refused);
    let outcome = prepared.outcome.and(service.take(prepared.taken)()?);
    match outcome.rejected.first() {
        None => Ok(service),
        Some(line) => Err(Failure::new(format!(
            "the demo's own line {} was rejected: {}: {}: {}",
            line.line, line.field, line.code, line.detail
        ))),
    }
}

/// A private folder that goes when the demo does.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Result<Self, Failure> {
        let name = format!("antenne-demo-{:016x}", u64::from_le_bytes(entropy()?));
        let path = std::env::temp_dir().join(name);
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|error| Failure::file("create the folder", &path, error))?;
        Ok(Self(path))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("antenne: could not remove {}: {error}", self.0.display());
        }
    }
}
