//! `antenne demo`: a fictitious company in a fresh folder, served, with two questions to try.
//!
//! Nothing of it is ever written into a folder that holds data.

mod story;

use super::failure::{Done, Failure};
use super::log;
use super::intake::{Chunk, Prepared};
use super::machine::{entropy, print};
use super::serve::{ServeArgs, address, serve, start_log};
use super::session::{IfAbsent, open_service};
use crate::app::{NewKey, Scope, Service};
use crate::config::Config;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;
use std::fs::DirBuilder;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A question to try.
struct Try {
    question: &'static str,
    language: &'static str,
    look_for: &'static str,
}

const TRIES: [Try; 2] = [
    Try {
        question: "q/interimaire-armoire",
        language: "fr",
        look_for: "May a temporary worker re-close a tripped motor feeder? Look for Yannick Kerambrun in the first wave: \
                   he answered a question that shares the matter and hardly a word; those who animate the community \
                   come after him.",
    },
    Try {
        question: "q/merge-five-minute-readings",
        language: "en",
        look_for: "Python freezes on two years of readings. Look for Daniel Osei-Kumah, who solved the same for river \
                   levels, and for nobody who only ever merged meters in SQL.",
    },
];

/// Try it out: serve a fictitious company from a fresh folder
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
        let address = address(config)?;
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
            ..config.clone()
        };
        let service = Arc::new(load(&config)?);
        let key = key(&service)?;
        serve(&config.data, address, service, |at| {
            log::listening(at);
            print(&invitation(at, &key))
        })
    }
}

/// A service that holds the story, and nothing else.
fn load(config: &Config) -> Result<Service, Failure> {
    let service = open_service(config, IfAbsent::Create)?;
    if service.snapshot().generation > 0 {
        return Err(Failure::new(format!(
            "the folder {} holds data already, and the demo would mix with it: name a new folder with --data, or none",
            config.data.display()
        )));
    }
    let mut chunk = Chunk::default();
    for (number, line) in (1..).zip(story::lines(service.now())) {
        chunk.push(number, Ok(line?.as_bytes()));
    }
    let prepared = Prepared::read(chunk, &service);
    let outcome = prepared.outcome.and(service.take(prepared.taken)()?);
    match outcome.rejected.first() {
        None => Ok(service),
        Some(line) => Err(Failure::new(format!(
            "the demo's own line {} was rejected: {}: {}: {}",
            line.line, line.field, line.code, line.detail
        ))),
    }
}

fn key(service: &Service) -> Result<String, Failure> {
    let wish = NewKey {
        name: "demo".to_owned(),
        scopes: vec![
            Scope::RecommendRead.name().to_owned(),
            Scope::SearchRead.name().to_owned(),
        ],
        ..NewKey::default()
    };
    Ok(service.create_key(&wish, entropy()?)?)
}

/// What to do now.
fn invitation(at: SocketAddr, key: &str) -> String {
    let mut text = format!(
        "The demo company is at http://{at} until you press Ctrl-C; its key is {key}\n\
         Two questions wait there for an answer:\n"
    );
    for wait in &TRIES {
        let question = utf8_percent_encode(wait.question, NON_ALPHANUMERIC);
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "\n{}\ncurl -s -H 'Authorization: Bearer {key}' -H 'Accept-Language: {}' \
             'http://{at}/v1/questions/{question}/experts'\n",
            wait.look_for, wait.language
        );
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invitation_has_lines_that_a_shell_takes() {
        let text = invitation("127.0.0.1:7411".parse().unwrap(), "antenne_00");
        let lines: Vec<_> = text.lines().filter(|line| line.starts_with("curl ")).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].ends_with("'http://127.0.0.1:7411/v1/questions/q%2Finterimaire%2Darmoire/experts'"));
        assert!(lines[0].contains("-H 'Accept-Language: fr'") && lines[1].contains("-H 'Accept-Language: en'"));
    }
}
