//! One connection: requests in, answers out, and a bound on every wait in between.
//!
//! Invariants: a client that sends nothing, half a head or half a body, or that leaves its answer untaken, holds its
//! place for seconds, whatever else happens; a connection that is told to stop ends at once when it is idle, and after
//! its answer is handed over when it is not.

use super::limits::ANSWER_PATIENCE;
use super::meters::{self, Phase};
use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1::Builder;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep, timeout};

/// How long a connection that stops is listened to: what was sent before the client could know is still answered.
const LINGER: Duration = Duration::from_millis(200);

/// What goes on in a connection.
#[derive(Default)]
struct Activity {
    /// Requests whose head came and whose answer is not yet written.
    requests: AtomicUsize,
    /// Whether the client leaves a part of an answer untaken.
    stalled: AtomicBool,
}

impl Activity {
    fn is_idle(&self) -> bool {
        self.requests.load(Ordering::Acquire) == 0 && !self.stalled.load(Ordering::Acquire)
    }
}

/// Serves `stream` with `router` until either side ends it, or `stop` turns true.
pub(super) async fn attend(
    stream: TcpStream,
    router: axum::Router,
    http: Arc<Builder>,
    mut stop: watch::Receiver<bool>,
) {
    let activity = Arc::<Activity>::default();
    let io = TokioIo::new(Patient {
        stream,
        untaken: None,
        activity: Arc::clone(&activity),
    });
    let router = TowerToHyperService::new(router);
    let of_requests = Arc::clone(&activity);
    let service = service_fn(move |request: Request<Incoming>| {
        let under_way = UnderWay::begin(&of_requests);
        let answer = router.call(request);
        async move { answer.await.map(|answer| Tracked::track(answer, under_way)) }
    });
    let mut connection = pin!(http.serve_connection(io, service));
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => Some(ended),
        // Whoever could say so is gone: then it stops too.
        () = async { let _ = stop.wait_for(|&stop| stop).await; } => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        // An idle connection that is told to stop closes without a look at what has just come: that look comes first.
        None => {
            if let Ok(ended) = timeout(LINGER, connection.as_mut()).await {
                ended
            } else {
                connection.as_mut().graceful_shutdown();
                finish(connection, &activity).await
            }
        }
    };
    if ended.is_err_and(|error| error.is_timeout()) {
        meters::timed_out(Phase::Head);
    }
}

/// Goes on with a connection until it ends, or has nothing to do.
async fn finish(
    mut connection: Pin<&mut impl Future<Output = hyper::Result<()>>>,
    activity: &Activity,
) -> hyper::Result<()> {
    loop {
        if activity.is_idle() {
            return timeout(LINGER, connection.as_mut()).await.unwrap_or(Ok(()));
        }
        if let Ok(ended) = timeout(LINGER, connection.as_mut()).await {
            return ended;
        }
    }
}

/// Counts a request as under way until it is dropped.
struct UnderWay(Arc<Activity>);

impl UnderWay {
    fn begin(activity: &Arc<Activity>) -> Self {
        activity.requests.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(activity))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The body of an answer, which is under way until it is written.
struct Tracked {
    body: Body,
    _under_way: UnderWay,
}

impl Tracked {
    fn track(answer: Response<Body>, under_way: UnderWay) -> Response<Self> {
        answer.map(|body| Self {
            body,
            _under_way: under_way,
        })
    }
}

impl HttpBody for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that waits a bounded time for its client to take what is written.
struct Patient {
    stream: TcpStream,
    /// Runs from when the client left something untaken until it took everything.
    untaken: Option<Pin<Box<Sleep>>>,
    activity: Arc<Activity>,
}

impl Patient {
    /// Passes on how a write went, and ends the patience when it is over.
    fn bounded<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_pending() {
            self.activity.stalled.store(true, Ordering::Release);
            let untaken = self.untaken.get_or_insert_with(|| Box::pin(sleep(ANSWER_PATIENCE)));
            ready!(untaken.as_mut().poll(cx));
            meters::timed_out(Phase::Answer);
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        written
    }
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.bounded(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.bounded(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Is asked only once everything was written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.untaken.take().is_some() {
            self.activity.stalled.store(false, Ordering::Release);
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
