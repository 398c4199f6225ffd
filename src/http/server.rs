//! Serving: connections in, answers out, and an end that does not hang.

use super::router;
use crate::app::Service;
use axum::serve::ListenerExt as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long requests that began may go on once the service stops.
const GRACE: Duration = Duration::from_secs(8);

/// Answers on `listener` until `shutdown` ends; then takes no new connection, and returns when every request that
/// began is answered, after 8 seconds at the latest: a client that never finishes its request holds nobody up.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stop, stopping) = oneshot::channel::<()>();
    let stopped = async move {
        shutdown.await;
        let _ = stop.send(());
    };
    let listener = listener.tap_io(|connection| {
        // Answers are written whole; without this the last packet of one may wait for an acknowledgement.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let server = axum::serve(listener, router(service)).with_graceful_shutdown(stopped);
    let too_late = async {
        if stopping.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = async { server.await } => ended,
        () = too_late => {
            tracing::warn!("connections that did not end were closed");
            Ok(())
        }
    }
}
