//! Bodies in: each within its size and its time, and all of them within a room.
//!
//! Invariants: no body is read in any other way; the bytes that came never exceed the room, and give it back when the
//! last reader of their body is gone. Whoever is not known before their body came has a room of their own.

use super::error::{ApiError, ProblemCode};
use super::limits::{BUFFER_BYTES, Limits, STOP_BODY_PATIENCE};
use super::meters::{self, Phase, Shed};
use axum::body::{Body, Bytes, HttpBody as _};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Bytes of one piece of the room.
const PIECE: usize = 1 << 10;

/// Where bodies are read.
pub(super) struct Intake {
    patience: Duration,
    pieces: usize,
    room: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
}

/// A body with its part of the room.
#[derive(Default)]
struct Held {
    bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Intake {
    /// Reads within `limits` and a room of `bytes`, until `stop` turns true.
    pub(super) fn new(limits: &Limits, bytes: usize, stop: watch::Receiver<bool>) -> Self {
        let pieces = bytes.div_ceil(PIECE).min(Semaphore::MAX_PERMITS);
        Self {
            patience: limits.body,
            pieces,
            room: Arc::new(Semaphore::new(pieces)),
            stop,
        }
    }

    /// Bytes of the room that are taken.
    pub(super) fn held_bytes(&self) -> usize {
        (self.pieces - self.room.available_permits()) * PIECE
    }

    /// The whole of `body`, of at most `most` bytes. One that announces more is refused before it is sent.
    ///
    /// # Errors
    /// `too_large`, `too_slow`, `overloaded` when all bodies together are too many, `unreadable_body` when it broke off,
    /// and `stopping`.
    pub(super) async fn read(&self, body: Body, most: usize) -> Result<Bytes, ApiError> {
        let announced = body.size_hint();
        if announced.lower() > most as u64 {
            return Err(too_large(most));
        }
        let mut stop = self.stop.clone();
        let stopped = async {
            // Whoever could say so is gone: then it stops too.
            let _ = stop.wait_for(|&stop| stop).await;
            tokio::time::sleep(STOP_BODY_PATIENCE).await;
        };
        tokio::select! {
            biased;
            whole = self.collect(body, announced.lower() as usize, most) => whole,
            () = tokio::time::sleep(self.patience) => {
                meters::timed_out(Phase::Body);
                let seconds = self.patience.as_secs();
                Err(ApiError::new(ProblemCode::TooSlow, format!("the body did not come within {seconds} seconds")))
            }
            () = stopped => Err(ApiError::new(ProblemCode::Stopping, "the service is stopping; send it again later")),
        }
    }

    async fn collect(&self, mut body: Body, announced: usize, most: usize) -> Result<Bytes, ApiError> {
        let mut held = Held::default();
        // What is only announced takes no room: a few clients that never send could have all of it.
        held.bytes.reserve_exact(announced.min(BUFFER_BYTES));
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let frame = frame.map_err(|_| ApiError::new(ProblemCode::UnreadableBody, "the body broke off"))?;
            let Ok(data) = frame.into_data() else { continue };
            if held.bytes.len() + data.len() > most {
                return Err(too_large(most));
            }
            self.make_room(&mut held, data.len())?;
            held.bytes.extend_from_slice(&data);
        }
        Ok(Bytes::from_owner(held))
    }

    /// Takes so much of the room that `held` may grow by `more` bytes.
    fn make_room(&self, held: &mut Held, more: usize) -> Result<(), ApiError> {
        let taken = held.room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = (held.bytes.len() + more).div_ceil(PIECE).saturating_sub(taken);
        if missing == 0 {
            return Ok(());
        }
        let pieces = u32::try_from(missing).map_err(|_| meters::shed(Shed::Bodies))?;
        let room = Arc::clone(&self.room).try_acquire_many_owned(pieces);
        let room = room.map_err(|_| meters::shed(Shed::Bodies))?;
        match &mut held.room {
            Some(taken) => taken.merge(room),
            none => *none = Some(room),
        }
        Ok(())
    }
}

fn too_large(most: usize) -> ApiError {
    ApiError::new(ProblemCode::TooLarge, format!("the body has more than {most} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::task::Poll;

    /// A body that never ends, and says nothing.
    struct Silent;

    impl axum::body::HttpBody for Silent {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    fn intake(patience: Duration, bytes: usize) -> (Intake, watch::Sender<bool>) {
        let limits = Limits {
            body: patience,
            ..Limits::default()
        };
        let (stop, stopping) = watch::channel(false);
        (Intake::new(&limits, bytes, stopping), stop)
    }

    #[tokio::test]
    async fn a_body_is_whole_and_gives_its_room_back_with_its_last_reader() {
        let (intake, _stop) = intake(Duration::from_secs(10), 4 * PIECE);
        let body = intake.read(Body::from(vec![7; 2 * PIECE + 1]), 1 << 20).await.unwrap();
        assert_eq!((body.len(), intake.held_bytes()), (2 * PIECE + 1, 3 * PIECE));
        let other = intake.read(Body::from(vec![7; 2 * PIECE]), 1 << 20).await;
        assert_eq!(other.unwrap_err().code(), ProblemCode::Overloaded);
        let reader = body.slice(..1);
        drop(body);
        assert_eq!(intake.held_bytes(), 3 * PIECE);
        drop(reader);
        assert_eq!(intake.held_bytes(), 0);
        assert!(intake.read(Body::from(vec![7; 4 * PIECE]), 1 << 20).await.is_ok());
    }

    #[tokio::test]
    async fn sizes_and_times_are_bounded() {
        let (intake, stop) = intake(Duration::from_millis(20), 1 << 20);
        let large = intake.read(Body::from(vec![7; 11]), 10).await;
        assert_eq!(large.unwrap_err().code(), ProblemCode::TooLarge);
        let slow = intake.read(Body::new(Silent), 10).await;
        assert_eq!(slow.unwrap_err().code(), ProblemCode::TooSlow);
        assert_eq!(intake.held_bytes(), 0);
        let intake = Intake {
            patience: Duration::from_mins(10),
            ..intake
        };
        stop.send_replace(true);
        let stopped = intake.read(Body::new(Silent), 10).await;
        assert_eq!(stopped.unwrap_err().code(), ProblemCode::Stopping);
    }
}
