//! Damaged input, a great deal of it: nothing panics, hangs or grows; what is not refused is in order.
//!
//! Cases follow from a number, so that each can be run again. By default there are enough for a commit; for a long run of
//! one target (`dumps`, `people_files`, `lines`, `requests`):
//! `ANTENNE_FUZZ_SECONDS=600 cargo test --release --test fuzz lines -- --nocapture`. `ANTENNE_FUZZ_CASE=n` runs one case.
#![expect(clippy::disallowed_methods, reason = "a test measures how long it runs")]

#[path = "../api/client.rs"]
#[expect(dead_code, reason = "the client is that of the API's tests, which use all of it")]
mod client;
mod damage;
mod formats;
mod lines;
mod requests;
