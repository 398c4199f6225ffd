//! The server's side of the control socket: a thread that accepts, and one for each command that is connected.
//!
//! Invariants: the socket appears under its name with mode 0600, never wider, and in the place of one that a crash left
//! behind (the folder's lock says that there is no other server); it is gone when the server is. Stopping ends every
//! connection, and waits for what was being carried out.

use super::desk;
use super::socket_path;
use super::wire::{Outcome, Reply, Request, receive, send};
use crate::app::{Ahead, AuditAction, Service};
use crate::cli::failure::Failure;
use crate::cli::intake::{Chunk, Prepared};
use crate::cli::machine::{cores, entropy};
use crate::cli::{audit, fit, learning};
use std::cell::Cell;
use std::collections::HashMap;
use std::fs::{DirBuilder, Permissions};
use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::ops::ControlFlow;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Commands that may be connected at a time.
const MAX_CONNECTIONS: usize = 16;
/// How long a command may leave an answer unread.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);
/// A part of an export ends with the line that reaches this size.
const PART_BYTES: usize = 1 << 20;
/// How often a command that learns is told how far it is.
const PROGRESS_PARTS: usize = 200;

/// The listening socket. Dropping it ends every connection and removes the socket.
pub struct ControlServer {
    shared: Arc<Shared>,
    path: PathBuf,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    service: Arc<Service>,
    stopping: AtomicBool,
    open: Mutex<HashMap<u64, UnixStream>>,
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, HashMap<u64, UnixStream>> {
        // Nothing can panic while the map is held half-changed.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ControlServer {
    /// Listens in `folder`, whose lock the caller holds through `service`.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn start(folder: &Path, service: Arc<Service>) -> Result<Self, Failure> {
        let path = socket_path(folder);
        let listener = listen(folder, &path)?;
        let shared = Arc::new(Shared {
            service,
            stopping: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("control".to_owned())
            .spawn(move || accept(&accepting, &listener))
            .map_err(|error| Failure::new(format!("the system gives no thread: {error}")))?;
        Ok(Self {
            shared,
            path,
            thread: Some(thread),
        })
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // The accepting thread sees the flag when somebody connects.
        let _ = UnixStream::connect(&self.path);
        for stream in self.shared.open().values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Makes the socket in a private folder, and moves it to its place when its mode is right.
fn listen(folder: &Path, path: &Path) -> Result<UnixListener, Failure> {
    let draft = folder.join(format!(".c{:08x}", u32::from_le_bytes(entropy()?)));
    let made = make(&draft, path);
    let _ = std::fs::remove_dir_all(&draft);
    made.map_err(|error| match error.kind() {
        ErrorKind::InvalidInput => Failure::new(format!(
            "the path of the data folder {} is too long for a control socket: choose a shorter one",
            folder.display()
        )),
        _ => Failure::file("make the control socket", path, error),
    })
}

fn make(draft: &Path, path: &Path) -> io::Result<UnixListener> {
    DirBuilder::new().mode(0o700).create(draft)?;
    let socket = draft.join("s");
    let listener = UnixListener::bind(&socket)?;
    std::fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
    std::fs::rename(&socket, path)?;
    Ok(listener)
}

fn accept(shared: &Arc<Shared>, listener: &UnixListener) {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    for (number, stream) in (0u64..).zip(listener.incoming()) {
        if shared.stopping.load(Ordering::SeqCst) {
            break;
        }
        threads.retain(|thread| !thread.is_finished());
        let Ok(stream) = stream else {
            // Out of descriptors, most likely: leave some time for others to end.
            std::thread::sleep(Duration::from_millis(100));
            continue;
        };
        if threads.len() >= MAX_CONNECTIONS {
            refuse(stream);
            continue;
        }
        match serve(shared, number, stream) {
            Ok(thread) => threads.push(thread),
            Err(error) => tracing::warn!(%error, "a command could not be served"),
        }
    }
    // Connections that came between the flag and here are ended too.
    for stream in shared.open().values() {
        let _ = stream.shutdown(Shutdown::Both);
    }
    for thread in threads {
        let _ = thread.join();
    }
}

fn refuse(mut stream: UnixStream) {
    let why = "too many commands are connected to the server: try again when some are done".to_owned();
    let _ = stream.set_write_timeout(Some(WRITE_PATIENCE));
    let _ = send(&mut stream, &Reply::Failed { why }, &[]);
}

fn serve(shared: &Arc<Shared>, number: u64, stream: UnixStream) -> io::Result<JoinHandle<()>> {
    stream.set_write_timeout(Some(WRITE_PATIENCE))?;
    shared.open().insert(number, stream.try_clone()?);
    let own = Arc::clone(shared);
    let thread = std::thread::Builder::new().name("control-command".to_owned());
    let spawned = thread.spawn(move || {
        let mut stream = stream;
        if let Err(error) = converse(&own, &mut stream) {
            tracing::debug!(kind = ?error.kind(), "a command broke off");
        }
        own.open().remove(&number);
    });
    if spawned.is_err() {
        shared.open().remove(&number);
    }
    spawned
}

/// Answers one command's requests until it goes away.
fn converse(shared: &Shared, stream: &mut UnixStream) -> io::Result<()> {
    while let Some((request, body)) = receive::<Request>(stream)? {
        let answer = match request {
            Request::Export {} => export(&shared.service, stream),
            Request::Fit {} => fit(shared, stream),
            Request::Backup {} => backup(&shared.service, stream),
            Request::Take { lines, allow_future } => {
                let ahead = if allow_future { Ahead::Taken } else { Ahead::Refused };
                take(shared, lines, body, ahead)
            }
            simple => desk::attend(&shared.service, simple),
        };
        let reply = match answer {
            Ok(answer) => Reply::Done { answer },
            Err(failure) => Reply::Failed {
                why: failure.to_string(),
            },
        };
        match send(stream, &reply, &[]) {
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                let why = "the answer is longer than a command can be told: ask for less, or over HTTP".to_owned();
                send(stream, &Reply::Failed { why }, &[])?;
            }
            sent => sent?,
        }
    }
    Ok(())
}

fn take(shared: &Shared, lines: Vec<(u64, u32)>, bytes: Vec<u8>, ahead: Ahead) -> Result<serde_json::Value, Failure> {
    let chunk = Chunk {
        bytes,
        lines,
        refused: Vec::new(),
    };
    let prepared = Prepared::read(chunk, &shared.service, ahead);
    let outcome: Outcome = prepared.outcome.and(shared.service.take(prepared.taken)()?);
    serde_json::to_value(outcome).map_err(|error| Failure::new(error.to_string()))
}

fn backup(service: &Service, stream: &mut UnixStream) -> Result<serde_json::Value, Failure> {
    audit::record(service, AuditAction::BackupMade)?;
    let mut sent = Ok(());
    service.copy_out(&mut |part| {
        sent = send(stream, &Reply::Part {}, part);
        match &sent {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    sent.map_err(|error| Failure::new(format!("the command broke off: {error}")))?;
    Ok(serde_json::Value::Null)
}

/// Learns as long as the command waits and the server goes on.
fn fit(shared: &Shared, stream: &mut UnixStream) -> Result<serde_json::Value, Failure> {
    let gone = Cell::new(false);
    let wanted = || !gone.get() && !shared.stopping.load(Ordering::SeqCst);
    let mut told = 0;
    let outcome = learning::fit(&shared.service, cores(), &wanted, &mut |done, all| {
        let part = done * PROGRESS_PARTS / all.max(1);
        if part != told || done == all {
            told = part;
            let sent = send(stream, &Reply::Part {}, format!("[{done},{all}]").as_bytes());
            gone.set(sent.is_err());
        }
    })?;
    Ok(fit::json(&outcome))
}

fn export(service: &Service, stream: &mut UnixStream) -> Result<serde_json::Value, Failure> {
    audit::record(service, AuditAction::LogExported)?;
    let mut part = Vec::with_capacity(PART_BYTES + PART_BYTES / 4);
    let mut sent = Ok(());
    service.export(&mut |line| {
        part.extend_from_slice(line);
        part.push(b'\n');
        if part.len() >= PART_BYTES {
            sent = send(stream, &Reply::Part {}, &part);
            part.clear();
        }
        match &sent {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    if sent.is_ok() && !part.is_empty() {
        sent = send(stream, &Reply::Part {}, &part);
    }
    sent.map_err(|error| Failure::new(format!("the command broke off: {error}")))?;
    Ok(serde_json::Value::Null)
}
