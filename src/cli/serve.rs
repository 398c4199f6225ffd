//! `antenne serve`: the HTTP server and the control socket over one data folder, until somebody asks it to stop.
//!
//! What travels is personal and not encrypted: the server listens where only this machine reaches it, unless the
//! operator says that something in front of it encrypts.

use super::cartographer;
use super::control::ControlServer;
use super::failure::{Done, Failure};
use super::keeping;
use super::log;
use super::recorder;
use super::refit;
use super::session::{IfAbsent, oidc, open_service};
use crate::app::Service;
use crate::config::{Config, LogFormat, unknown_variables};
use crate::http::{self, Setup};
use crate::parallel;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// How long threads that still compute may hold up the end, once every connection is closed.
const LAST_WORK: Duration = Duration::from_secs(1);

/// Answer over HTTP
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Where to listen [default: 127.0.0.1:7411]; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(super) listen: Option<String>,
    /// Listen without encryption where others can reach it: only behind something that encrypts
    #[arg(long)]
    pub(super) allow_plaintext: bool,
    /// After how many days models are learnt anew; 0 is never [default: 7]
    #[arg(long, value_name = "DAYS")]
    pub(super) refit_days: Option<u32>,
    /// How log lines are written; `ANTENNE_LOG` says which
    #[arg(long)]
    pub(super) log_format: Option<LogFormat>,
}

impl ServeArgs {
    /// Carries the command out.
    pub fn run(config: &Config) -> Result<Done, Failure> {
        start_log(config)?;
        let oidc = oidc(config)?;
        let door = Door::listen(address(config)?)?;
        let service = Arc::new(open_service(config, IfAbsent::Create)?.trusting(oidc));
        service.audit_switches(&switches(config))?;
        door.serve(config, service, |at| {
            log::listening(at);
            Ok(())
        })
    }
}

/// The switches on which it depends who may learn or state what: a change of one is recorded.
fn switches(config: &Config) -> Vec<(&'static str, String)> {
    let stated = config
        .sources
        .iter()
        .filter(|(_, source)| !source.authoritative.is_empty());
    let stated: Vec<_> = stated
        .map(|(name, source)| format!("{name}: {}", source.authoritative.join(",")))
        .collect();
    let trusted = config
        .oidc
        .as_ref()
        .map_or_else(String::new, |oidc| oidc.issuer.clone());
    vec![
        ("allow_plaintext", config.allow_plaintext.to_string()),
        ("oidc.issuer", trusted),
        ("skill_maps.enabled", config.skill_maps.enabled.to_string()),
        ("sources.authoritative", stated.join("; ")),
    ]
}

/// Where the server listens: an address that is taken is told before anything is opened or filled. Whoever connects waits
/// until it serves.
pub struct Door {
    runtime: Runtime,
    listener: TcpListener,
    at: SocketAddr,
}

/// Where to listen.
///
/// # Errors
/// When the address cannot be understood, or others could reach it and that was not allowed.
pub fn address(config: &Config) -> Result<SocketAddr, Failure> {
    let listen = &config.listen;
    let mut found = listen
        .to_socket_addrs()
        .map_err(|_| Failure::usage(format!("`{listen}` is no address to listen on: write 127.0.0.1:7411")))?;
    let address = found
        .next()
        .ok_or_else(|| Failure::usage(format!("`{listen}` names no address: write 127.0.0.1:7411")))?;
    if address.ip().is_loopback() || config.allow_plaintext {
        return Ok(address);
    }
    Err(Failure::usage(format!(
        "others could reach {address}, and what travels there would not be encrypted: listen on 127.0.0.1 behind a \
         proxy that encrypts, or say --allow-plaintext if that is what you want"
    )))
}

/// Which log lines are written.
///
/// # Errors
/// When the filter cannot be understood.
pub fn filter(config: &Config) -> Result<EnvFilter, Failure> {
    let filter = match (&config.log, std::env::var("RUST_LOG")) {
        (Some(filter), _) => filter.clone(),
        (None, Ok(filter)) => filter,
        (None, Err(_)) => "warn,antenne=info".to_owned(),
    };
    EnvFilter::builder()
        .parse(&filter)
        .map_err(|error| Failure::usage(format!("`{filter}` is no filter of log lines ({error}): write info")))
}

/// Writes log lines to standard error from now on.
///
/// # Errors
/// When the filter cannot be understood.
pub fn start_log(config: &Config) -> Result<(), Failure> {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter(config)?)
        .with_writer(std::io::stderr);
    log::calm_panics();
    // A test may have set a log up in this process already: that one goes on.
    let _ = match config.log_format {
        LogFormat::Text => lines.with_ansi(false).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    log::structured(config.log_format);
    for what in unknown_variables() {
        tracing::warn!("{what}");
    }
    Ok(())
}

impl Door {
    /// Listens on `address`.
    ///
    /// # Errors
    /// When it is taken, or is not this machine's.
    pub fn listen(address: SocketAddr) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new(format!("the system gives no threads: {error}")))?;
        let cannot = |error| {
            Failure::new(format!(
                "cannot listen on {address}: {error}; choose another with --listen"
            ))
        };
        let within = runtime.enter();
        let listener = http::listen(address).map_err(cannot)?;
        drop(within);
        let at = listener.local_addr().map_err(cannot)?;
        Ok(Self { runtime, listener, at })
    }

    /// Serves `service`, the owner of the configured folder, until the process is asked to stop; `ready` hears the real
    /// address.
    ///
    /// # Errors
    /// When the control socket cannot be made.
    pub fn serve(
        self,
        config: &Config,
        service: Arc<Service>,
        ready: impl FnOnce(SocketAddr) -> Result<(), Failure>,
    ) -> Result<Done, Failure> {
        let limits = recorder::bounds(&config.limits);
        if !parallel::limit(limits.workers) {
            tracing::debug!("parts of one piece of work are done on as many threads as before");
        }
        let setup = Setup {
            limits,
            metrics: Some(recorder::install()?),
        };
        let control = ControlServer::start(&config.data, Arc::clone(&service))?;
        let retention = keeping::start(&service, &config.retention)?;
        let refits = refit::start(&service, config.models.refit_days)?;
        let skill_maps = cartographer::start(&service)?;
        let served = self.runtime.block_on(async {
            // Signals are caught before anybody is told that the server is ready.
            let asked_to_stop = stop_signal()?;
            ready(self.at)?;
            http::serve(self.listener, service, setup, asked_to_stop).await;
            Ok(Done::Whole)
        });
        drop((retention, refits, skill_maps, control));
        self.runtime.shutdown_timeout(LAST_WORK);
        served
    }
}

/// Ends when the process is asked to stop: SIGTERM, or Ctrl-C.
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    let catch = |kind| signal(kind).map_err(|error| Failure::new(format!("signals cannot be caught: {error}")));
    let (mut terminate, mut interrupt) = (catch(SignalKind::terminate())?, catch(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to stop: finishing what began");
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(listen: &str, allow_plaintext: bool) -> Result<SocketAddr, Failure> {
        let config = Config {
            listen: listen.to_owned(),
            allow_plaintext,
            ..Config::default()
        };
        address(&config)
    }

    #[test]
    fn only_this_machine_is_listened_to_unless_allowed() {
        assert!(on("127.0.0.1:0", false).is_ok() && on("[::1]:0", false).is_ok());
        for open in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
            let refusal = on(open, false).unwrap_err().to_string();
            assert!(refusal.contains("--allow-plaintext"), "{refusal}");
            assert!(on(open, true).is_ok());
        }
        assert!(on("nonsense", true).is_err());
    }
}
