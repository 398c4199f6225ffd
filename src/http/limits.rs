//! The bounds of the server: what it takes from outside at once, and how long it waits for anybody.

use crate::app::limits::MAX_BATCH_BYTES;
use std::num::NonZeroU32;
use std::time::Duration;

/// Bytes of a request's path once it is percent-decoded.
pub(super) const MAX_PATH_BYTES: usize = 2 << 10;
/// Bytes of a request's query, as it is sent.
pub(super) const MAX_QUERY_BYTES: usize = 8 << 10;
/// Bytes of a request's line and headers.
pub(super) const MAX_HEAD_BYTES: usize = 16 << 10;
/// Bytes that a connection keeps of what it reads, or of what it has to write, before it waits.
pub(super) const BUFFER_BYTES: usize = 64 << 10;
/// Batches of events that may be on their way to the writer. Below the length of its queue less what commands beside
/// the server may put there (128 of 256), so that a thread of the pool never waits for room in it.
pub(super) const WRITES_MAX: usize = 128;
/// How long a client may leave an answer untaken.
pub(super) const ANSWER_PATIENCE: Duration = Duration::from_secs(10);
/// How long requests that began may go on once the service stops.
pub(super) const STOP_PATIENCE: Duration = Duration::from_secs(7);
/// How long a body may go on coming in once the service stops.
pub(super) const STOP_BODY_PATIENCE: Duration = Duration::from_secs(2);

/// The bounds that an operator may set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections that are open at once, at least 1; one more is answered 503 and closed.
    pub connections: usize,
    /// How long a connection may take to send a request's head, or be idle between two requests.
    pub head: Duration,
    /// How long a request may take to send its body.
    pub body: Duration,
    /// Bytes of all bodies that are held at once of callers who showed a key. Signed deliveries, of which nobody knows who
    /// sends them before they came, have a room of their own beside it, an eighth as large and of one batch at least.
    pub bodies_bytes: usize,
    /// Threads that compute, at least 1.
    pub workers: usize,
    /// Pieces of work that may wait for each worker while there is more to do than they can.
    pub waiting: usize,
    /// Pieces of work that may wait for each worker when a worker was free a moment ago.
    pub waiting_burst: usize,
    /// How long a piece of work may wait for a worker.
    pub wait: Duration,
    /// Requests a second that one key may send for long.
    pub requests_per_second: NonZeroU32,
    /// Requests that one key may send at once after a rest.
    pub requests_burst: NonZeroU32,
}

impl Limits {
    /// Bytes of all bodies that are held at once of those who have not shown who they are.
    pub(super) fn strangers_bytes(&self) -> usize {
        (self.bodies_bytes / 8).max(MAX_BATCH_BYTES)
    }
}

impl Default for Limits {
    /// The shipped bounds, with one worker a core.
    fn default() -> Self {
        const PER_SECOND: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
        const BURST: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
        Self {
            connections: 4_096,
            head: Duration::from_secs(5),
            body: Duration::from_secs(8),
            bodies_bytes: 256 << 20,
            workers: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            waiting: 4,
            waiting_burst: 32,
            wait: Duration::from_secs(2),
            requests_per_second: PER_SECOND,
            requests_burst: BURST,
        }
    }
}
