//! The thread that hands recommendations to the writer, a group at a time.
//!
//! Invariants: a group is small, so that events never wait long behind one; what could not be written stays in memory and
//! is tried again; whatever is not kept for 90 days is counted.

use super::super::meters::{self, Lost};
use super::super::writer::Cabinet;
use super::{Register, first_kept};
use crate::app::clock::Clock;
use crate::store::{Keep, Note};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Recommendations in one group: some 5 ms of the writer's time.
const GROUP: usize = 2_000;
/// How often it is looked whether a group is full.
const LOOK: Duration = Duration::from_secs(1);
/// How many looks a group that is not full waits for.
const PATIENCE: u32 = 30;

/// The thread. Dropping it writes what is left.
pub(in crate::app) struct Keeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread; recommendations may take `most_bytes` on the disk. When the system gives none, they live in
    /// memory only, and the log says so.
    pub(in crate::app) fn start(
        register: Arc<Register>,
        cabinet: Cabinet,
        clock: Arc<dyn Clock>,
        most_bytes: u64,
    ) -> Self {
        let (stop, stopped) = channel::<()>();
        let work = Work {
            register,
            cabinet,
            clock,
            most_bytes,
        };
        let run = move || {
            let mut looks = 0;
            while stopped.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                looks += 1;
                if looks >= PATIENCE || work.register.unwritten() >= GROUP {
                    work.keep();
                    looks = 0;
                }
            }
            work.keep();
        };
        let thread = std::thread::Builder::new().name("recommendations".to_owned());
        let thread = thread.spawn(run);
        if let Err(error) = &thread {
            tracing::error!(%error, "recommendations are not kept over a restart");
        }
        Self {
            stop: Some(stop),
            thread: thread.ok(),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Work {
    register: Arc<Register>,
    cabinet: Cabinet,
    clock: Arc<dyn Clock>,
    most_bytes: u64,
}

impl Work {
    /// Writes what is not written yet; what cannot be written now waits for the next time.
    fn keep(&self) {
        meters::recommendations_lost(Lost::Memory, self.register.take_lost());
        while self.register.unwritten() > 0 {
            let group = self.register.group(GROUP);
            let keep = Keep {
                from: first_kept(self.clock.now()),
                most_bytes: self.most_bytes,
            };
            let notes = group.notes;
            let kept = self.cabinet.change(move |store| {
                let notes: Vec<_> = notes
                    .iter()
                    .map(|(name, marks)| Note {
                        name: *name,
                        content: marks,
                    })
                    .collect();
                let dropped = store.put_notes(&notes, &keep)?;
                meters::recommendations_lost(Lost::Room, dropped.for_room);
                Ok(())
            });
            match kept {
                Ok(()) => self.register.is_written(group.until),
                Err(why) => {
                    tracing::warn!(%why, "recommendations are not kept yet: trying again later");
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
