//! Serving: connections in, within their bounds, and an end that does not hang.

use super::connection::attend;
use super::dto::Problem;
use super::error::RETRY_AFTER_SECONDS;
use super::gate::Gate;
use super::limits::{BUFFER_BYTES, Limits, MAX_HEAD_BYTES, STOP_PATIENCE};
use super::meters::{self, Shed};
use super::observe::{KEPT, VARIES};
use super::router;
use crate::app::Service;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::TokioTimer;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWrite as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

/// Connections that the system makes and keeps until they are taken in; it may allow fewer (`net.core.somaxconn`). One
/// more is tried again by its client after a second: the usual 128 turned hundreds that came at once into slow ones.
const BACKLOG: u32 = 1_024;
/// How long nobody is taken in when the system has no room for one more connection.
const NO_ROOM: Duration = Duration::from_millis(100);
/// Connections over the limit that are told so at a time; more are closed without a word.
const REFUSALS: usize = 256;
/// How long a client has to take a refusal.
const REFUSAL_PATIENCE: Duration = Duration::from_millis(500);
/// How long the threads that compute may hold up the end, once every connection is closed.
const LAST_WORK: Duration = Duration::from_secs(1);

/// Writes everything that was counted and measured, in the text format of Prometheus.
pub type Render = Arc<dyn Fn() -> String + Send + Sync>;

/// How a server is set up.
#[derive(Clone, Default)]
pub struct Setup {
    /// Its bounds.
    pub limits: Limits,
    /// Where its figures can be read, when somebody records them.
    pub metrics: Option<Render>,
}

/// A listener on `address`, with room for many connections at once. To be called within a runtime.
///
/// # Errors
/// When the address is taken, or is not this machine's.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A server that starts again need not wait until the connections of the one before are forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Answers on `listener` until `shutdown` ends; then takes no new connection, closes those that are idle or in the middle
/// of a request at once, and returns when every request that began is answered, after 8 seconds at the latest.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    setup: Setup,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let (stop, stopping) = watch::channel(false);
    let places = Arc::new(Semaphore::new(setup.limits.connections));
    let (gate, ended) = Gate::new(&setup, Arc::clone(&places), stopping.clone());
    let door = Door {
        router: router(service, gate),
        http: Arc::new(protocol(&setup.limits)),
        places,
        stop: stopping,
        refusals: Arc::new(Semaphore::new(REFUSALS)),
        refusal: refusal().into(),
    };
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = shutdown.as_mut() => break,
            accepted = listener.accept() => door.take(accepted).await,
        }
    }
    // Whoever was connected by the system before the end is heard too.
    while let Ok(Ok(accepted)) = timeout(Duration::ZERO, listener.accept()).await {
        door.take(Ok(accepted)).await;
    }
    drop((listener, door));
    stop.send_replace(true);
    if timeout(STOP_PATIENCE, stop.closed()).await.is_err() {
        tracing::warn!("connections that did not end were closed");
    }
    // What still computes answers nobody any more.
    let _ = timeout(LAST_WORK, ended.wait()).await;
}

fn protocol(limits: &Limits) -> Builder {
    let mut http = Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(MAX_HEAD_BYTES)
        .max_buf_size(BUFFER_BYTES);
    http
}

/// Where connections come in.
struct Door {
    router: axum::Router,
    http: Arc<Builder>,
    places: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
    refusals: Arc<Semaphore>,
    refusal: Arc<[u8]>,
}

impl Door {
    async fn take(&self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                let of_client = matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::ConnectionRefused
                );
                if !of_client {
                    tracing::error!(%error, "no connection can be taken for a moment");
                    sleep(NO_ROOM).await;
                }
                return;
            }
        };
        // Answers are written whole; without this the last packet of one may wait for an acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            self.refuse(stream);
            return;
        };
        let attended = attend(stream, self.router.clone(), Arc::clone(&self.http), self.stop.clone());
        tokio::spawn(async move {
            attended.await;
            drop(place);
        });
    }

    /// Says that there is no room, without a look at what is asked.
    fn refuse(&self, stream: TcpStream) {
        let _ = meters::shed(Shed::Connections);
        let Ok(turn) = Arc::clone(&self.refusals).try_acquire_owned() else {
            return;
        };
        let refusal = Arc::clone(&self.refusal);
        tokio::spawn(async move {
            let _ = timeout(REFUSAL_PATIENCE, say(stream, &refusal)).await;
            drop(turn);
        });
    }
}

/// Writes `answer`, and reads on until the client has taken it: closing before would take it back.
async fn say(mut stream: TcpStream, answer: &[u8]) -> io::Result<()> {
    stream.writable().await?;
    // The buffer of a new connection has room for a few hundred bytes.
    stream.try_write(answer)?;
    poll_fn(|cx| Pin::new(&mut stream).poll_shutdown(cx)).await?;
    let mut unread = [0; 1 << 10];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut unread) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

/// The whole answer to a connection for which there is no room.
fn refusal() -> Vec<u8> {
    let problem = Problem::from(super::ApiError::new(
        super::ProblemCode::Overloaded,
        "too many connections right now: try again in a moment",
    ));
    let body = serde_json::to_vec(&problem).expect("a problem has text keys only");
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\n\
         retry-after: {RETRY_AFTER_SECONDS}\r\ncache-control: {KEPT}\r\nvary: {VARIES}\r\n\
         server-timing: app;dur=0.000\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}
