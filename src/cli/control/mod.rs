//! Commands beside a running server: a Unix socket in the data folder, for whoever may open that folder.
//!
//! The server owns the data; a command that finds the folder taken sends what it wants over `control.sock` instead. Both
//! ways run the same code ([`desk`]). Whoever reaches the socket is the operator: the file mode (0600) is the only
//! check, as for the data itself.

mod client;
pub mod desk;
mod server;
pub mod wire;
mod wishes;

pub use client::{Answers, Client};
pub use server::ControlServer;

use std::path::{Path, PathBuf};

/// Where the socket of a data folder is.
pub fn socket_path(folder: &Path) -> PathBuf {
    folder.join("control.sock")
}
