//! The server itself, under what the world does to it: the real binary over real sockets.
//!
//! Each promise has a check that is also held against a server with a planted fault (a bound that was lifted, a process
//! that was killed), where the check must fail. Latencies are measured, so that these tests run one after the other.
//!
//! Short runs by default; the long ones are `ANTENNE_OVERLOAD_SECONDS=60 ANTENNE_SLOW_CLIENTS=1000 cargo test --release
//! --test server`.
#![expect(
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "tests measure durations, and their texts are short"
)]

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "not every test asks everything of the binary")]
mod common;

mod binary;
mod bounds;
mod clients;
mod defaults;
mod keys;
mod metrics;
mod overload;
mod slow;
mod stop;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The machine, for one test.
pub fn alone() -> MutexGuard<'static, ()> {
    static MACHINE: Mutex<()> = Mutex::new(());
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The number that the environment gives, or `default`.
pub fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(default)
}
