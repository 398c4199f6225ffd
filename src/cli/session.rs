//! The way from a command to the data: its own service, or the server that owns the folder. Commands do not know which.

use super::audit;
use super::control::wire::{Outcome, Refused, Request};
use super::control::{Answers, Client, desk};
use super::failure::Failure;
use super::fit;
use super::intake::{Chunk, Prepared};
use super::learning::habits;
use super::machine::{SystemClock, cores, entropy};
use crate::app::{
    Ahead, AuditAction, Manner, MapRules, Oidc, OidcSettings, OpenError, Service, Settings, SourceRules, Sources,
    Target,
};
use crate::config::{Config, Source};
use crate::store::StoreError;
use serde_json::Value;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Chunks that wait for the writer at most.
pub const IN_FLIGHT: usize = 8;
/// How often a folder that is taken is asked for a server, before it is taken to be another command's.
const TRIES: usize = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// What a command does when there is no data yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfAbsent {
    /// Makes the folder.
    Create,
    /// Fails, and says so.
    Fail,
}

/// A command's way to the data.
pub enum Session {
    /// The command owns the folder.
    Local(Box<Service>),
    /// A server owns it.
    Remote(Client),
}

/// Opens the service of the configured folder, for this process alone.
///
/// # Errors
/// When it cannot be opened, [`StoreError::Locked`] among others.
pub fn open_service(config: &Config, absent: IfAbsent) -> Result<Service, Failure> {
    try_open(config, absent)?.map_err(Failure::from)
}

fn try_open(config: &Config, absent: IfAbsent) -> Result<Result<Service, OpenError>, Failure> {
    let weights = match &config.weights {
        Some(path) => {
            Some(std::fs::read_to_string(path).map_err(|error| Failure::file("read the weights", path, error))?)
        }
        None => None,
    };
    let settings = Settings {
        folder: config.data.clone(),
        create: absent == IfAbsent::Create,
        new_data_id: entropy()?,
        weights,
        sources: sources(config)?,
        manner: if config.tutoiement { Manner::Tu } else { Manner::Vous },
        recommendations_bytes: u64::from(config.limits.recommendations_mib) << 20,
    };
    let maps = map_rules(config)?;
    let opened = Service::open(settings, Arc::new(SystemClock));
    Ok(opened.map(|service| {
        if let Some(rules) = maps {
            service.use_skill_maps(rules);
        }
        service.learning_from(habits(&config.models))
    }))
}

/// How skill maps are made; `None` while they are off.
///
/// # Errors
/// When the file of targets cannot be read, or a line of it is not right.
fn map_rules(config: &Config) -> Result<Option<MapRules>, Failure> {
    let said = &config.skill_maps;
    if !said.enabled {
        return Ok(None);
    }
    let targets = match &said.targets {
        Some(path) => {
            let text = std::fs::read_to_string(path);
            let text = text.map_err(|error| Failure::file("read the targets", path, error))?;
            Target::read(&text).map_err(Failure::usage)?
        }
        None => Vec::new(),
    };
    Ok(Some(MapRules {
        k: said.k,
        days: said.days,
        inferred: said.inferred,
        targets,
    }))
}

/// What the configuration says of the sources of events.
///
/// # Errors
/// The first rule that cannot hold.
pub fn sources(config: &Config) -> Result<Sources, Failure> {
    let rules = |source: &Source| SourceRules {
        authoritative: source.authoritative.clone(),
        ignore: source.ignore.clone(),
        groups: source.groups.clone(),
        webhook_secrets: source.webhook_secrets.clone(),
    };
    let said = config
        .sources
        .iter()
        .map(|(name, source)| (name.clone(), rules(source)));
    Sources::new(&said.collect()).map_err(|what| Failure::usage(format!("the configuration is not right: {what}")))
}

/// The check of the identity provider's tokens that the configuration describes.
///
/// # Errors
/// When the keys cannot be read, or a setting cannot hold.
pub fn oidc(config: &Config) -> Result<Option<Oidc>, Failure> {
    let Some(said) = &config.oidc else { return Ok(None) };
    let keys = std::fs::read(&said.keys)
        .map_err(|error| Failure::usage(format!("could not read `oidc.keys` {}: {error}", said.keys.display())))?;
    let settings = OidcSettings {
        issuer: said.issuer.clone(),
        audience: said.audience.clone(),
        keys,
        family: said.family.clone(),
        person_claim: said.person_claim.clone(),
        scopes_claim: said.scopes_claim.clone(),
        scopes: said.scopes.clone(),
        grants: said.grants.clone(),
        leeway_seconds: said.leeway_seconds,
    };
    let oidc = Oidc::new(settings).map_err(|what| Failure::usage(format!("the configuration is not right: {what}")))?;
    Ok(Some(oidc))
}

impl Session {
    /// Opens the configured folder, or turns to the server that owns it.
    ///
    /// # Errors
    /// When neither works: another command is at work there, or the data cannot be opened.
    pub fn open(config: &Config, absent: IfAbsent) -> Result<Self, Failure> {
        for tries in 1.. {
            match try_open(config, absent)? {
                Ok(service) => return Ok(Self::Local(Box::new(service))),
                Err(OpenError::Store(StoreError::Locked { path, holder, .. })) => {
                    if let Ok(client) = Client::connect(&config.data) {
                        return Ok(Self::Remote(client));
                    }
                    if tries == TRIES {
                        return Err(Failure::new(format!(
                            "the data folder {} is in use by {holder}, which takes no commands: it is another command, \
                             or a server that is still starting; wait until it is done",
                            path.display()
                        )));
                    }
                    std::thread::sleep(BETWEEN_TRIES);
                }
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("the loop above only ends by returning")
    }

    /// As [`Self::open`], or `None` where there is no data yet.
    ///
    /// # Errors
    /// When there is data that cannot be opened.
    pub fn open_if_any(config: &Config) -> Result<Option<Self>, Failure> {
        match try_open(config, IfAbsent::Fail)? {
            Ok(service) => Ok(Some(Self::Local(Box::new(service)))),
            Err(OpenError::Store(StoreError::Missing { .. })) => Ok(None),
            Err(_) => Self::open(config, IfAbsent::Fail).map(Some),
        }
    }

    /// Carries out a request that has one answer.
    ///
    /// # Errors
    /// When it cannot be carried out.
    pub fn ask(&mut self, request: Request) -> Result<Value, Failure> {
        match self {
            Self::Local(service) => desk::attend(service, request),
            Self::Remote(client) => client.ask(&request),
        }
    }

    /// Learns from the data, and adopts or refuses; the outcome as [`fit::json`] tells it.
    ///
    /// # Errors
    /// When nothing can be learnt now.
    pub fn fit(&mut self, progress: &mut dyn FnMut(usize, usize)) -> Result<Value, Failure> {
        match self {
            Self::Local(service) => Ok(fit::json(&service.fit(cores(), progress)?)),
            Self::Remote(client) => client.ask_parts(&Request::Fit {}, &mut |part| {
                let told: Value = serde_json::from_slice(part).unwrap_or_default();
                let count = |n: usize| told[n].as_u64().unwrap_or_default() as usize;
                progress(count(0), count(1));
                ControlFlow::Continue(())
            }),
        }
    }

    /// Calls `each` with the canonical lines of the log in order, one or many at a time, each with its line feed.
    ///
    /// # Errors
    /// When the log cannot be read to its end.
    pub fn export(&mut self, each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), Failure> {
        match self {
            Self::Local(service) => {
                audit::record(service, AuditAction::LogExported)?;
                let mut line_and_end = Vec::new();
                Ok(service.export(&mut |line| {
                    line_and_end.clear();
                    line_and_end.extend_from_slice(line);
                    line_and_end.push(b'\n');
                    each(&line_and_end)
                })?)
            }
            Self::Remote(client) => client.ask_parts(&Request::Export {}, each).map(|_| ()),
        }
    }

    /// Hands out a consistent copy of the whole database in parts.
    ///
    /// # Errors
    /// When it cannot be handed out to its end.
    pub fn copy_out(&mut self, each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), Failure> {
        match self {
            Self::Local(service) => {
                audit::record(service, AuditAction::BackupMade)?;
                Ok(service.copy_out(each)?)
            }
            Self::Remote(client) => client.ask_parts(&Request::Backup {}, each).map(|_| ()),
        }
    }

    /// The way in for many lines.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn intake(self, ahead: Ahead) -> Result<Intake, Failure> {
        Ok(match self {
            Self::Local(service) => Intake::Local(service, ahead),
            Self::Remote(client) => Intake::Remote {
                answers: client.answers(IN_FLIGHT)?,
                client: Mutex::new(client),
                ahead,
            },
        })
    }
}

/// The way in for many lines, several chunks at a time.
pub enum Intake {
    /// Read and taken in here.
    Local(Box<Service>, Ahead),
    /// Sent to the server.
    Remote {
        /// The connection.
        client: Mutex<Client>,
        /// What comes back.
        answers: Answers,
        /// What becomes of lines ahead of the clock.
        ahead: Ahead,
    },
}

/// A chunk that is ready: calling it hands the chunk over.
pub type Ready<'i> = Box<dyn FnOnce() -> Result<Pending<'i>, Failure> + Send + 'i>;

/// A chunk that is on its way: calling it waits for its fate.
pub type Pending<'i> = Box<dyn FnOnce() -> Result<Outcome, Failure> + 'i>;

impl Intake {
    /// Does what can be done with a chunk on any thread. What comes out is called by one thread: chunk after chunk is
    /// handed over, at most [`IN_FLIGHT`] ahead of those that were waited for, in the same order.
    pub fn prepare(&self, chunk: Chunk) -> Ready<'_> {
        match self {
            Self::Local(service, ahead) => {
                let prepared = Prepared::read(chunk, service, *ahead);
                Box::new(move || {
                    let fate = service.take(prepared.taken);
                    let outcome = prepared.outcome;
                    Ok(Box::new(move || Ok(outcome.and(fate()?))))
                })
            }
            Self::Remote { client, answers, ahead } => Box::new(move || {
                let mut client = client.lock().unwrap_or_else(PoisonError::into_inner);
                client.send_lines(&chunk.lines, &chunk.bytes, *ahead)?;
                Ok(Box::new(move || report(answers, chunk.refused)))
            }),
        }
    }
}

/// The server's next report, and the lines that were not even sent.
fn report(answers: &Answers, mut refused: Vec<Refused>) -> Result<Outcome, Failure> {
    let mut outcome: Outcome = serde_json::from_value(answers.next()?)
        .map_err(|error| Failure::new(format!("the server's report cannot be read: {error}")))?;
    outcome.rejected.append(&mut refused);
    outcome.rejected.sort_by_key(|line| line.line);
    Ok(outcome)
}
