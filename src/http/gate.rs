//! The gate before the service: everything that bounds what is taken at once, in one place.

use super::error::ApiError;
use super::intake::Intake;
use super::limits::{Limits, WRITES_MAX};
use super::meters::{self, Levels, Shed};
use super::pool::{Ended, Pool};
use super::rates::Rates;
use super::server::{Render, Setup};
use governor::clock::DefaultClock;
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit, watch};

/// The bounds of one server.
pub(super) struct Gate {
    /// The threads that compute.
    pub(super) pool: Pool,
    /// How often each key may ask.
    pub(super) rates: Rates,
    /// Where bodies are read.
    pub(super) intake: Intake,
    /// Where the bodies are read of those of whom nobody knows yet who they are: they take no room from the others.
    pub(super) strangers: Intake,
    writes: Semaphore,
    connections: Arc<Semaphore>,
    connections_max: usize,
    stop: watch::Receiver<bool>,
    render: Option<Render>,
}

impl Gate {
    /// The gate that `setup` describes, until `stop` turns true; and what tells that its threads ended.
    pub(super) fn new(setup: &Setup, connections: Arc<Semaphore>, stop: watch::Receiver<bool>) -> (Self, Ended) {
        let limits: &Limits = &setup.limits;
        let (pool, ended) = Pool::start(limits);
        let gate = Self {
            pool,
            rates: Rates::new(limits, DefaultClock::default()),
            intake: Intake::new(limits, limits.bodies_bytes, stop.clone()),
            strangers: Intake::new(limits, limits.strangers_bytes(), stop.clone()),
            writes: Semaphore::new(WRITES_MAX),
            connections,
            connections_max: limits.connections,
            stop,
            render: setup.metrics.clone(),
        };
        (gate, ended)
    }

    /// Whether the service was asked to stop.
    pub(super) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// A place on the way to the writer, until it is dropped.
    ///
    /// # Errors
    /// `overloaded` when every place is taken.
    pub(super) fn turn_to_write(&self) -> Result<SemaphorePermit<'_>, ApiError> {
        self.writes.try_acquire().map_err(|_| meters::shed(Shed::Writes))
    }

    /// Everything that was counted and measured, with what comes and goes as it is now; empty when nobody records.
    pub(super) fn metrics(&self) -> String {
        let (waiting, running) = self.pool.load();
        meters::levels(&Levels {
            connections: self.connections_max - self.connections.available_permits(),
            waiting,
            running,
            bodies_bytes: self.intake.held_bytes() + self.strangers.held_bytes(),
        });
        self.render.as_ref().map_or_else(String::new, |render| render())
    }
}
