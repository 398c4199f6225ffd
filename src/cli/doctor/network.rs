//! Where the server listens, or would.

use super::Findings;
use crate::cli::serve::address;
use crate::config::Config;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How long an answer on this machine may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Examines the address; `served` when a server owns the folder.
pub fn examine(config: &Config, served: bool, found: &mut Findings) {
    // What cannot hold was said with the configuration.
    let Ok(at) = address(config) else { return };
    if !at.ip().is_loopback() {
        found.warn(
            "listen",
            format!("{at} can be reached by others, and what travels there is not encrypted"),
            "listen on 127.0.0.1 behind a proxy that encrypts, unless something encrypts in front of this address",
        );
    }
    if served {
        answers(at, found);
    } else {
        is_free(at, found);
    }
}

fn answers(at: SocketAddr, found: &mut Findings) {
    match TcpStream::connect_timeout(&at, PATIENCE) {
        Ok(_) => found.ok("listen", format!("the server answers on {at}")),
        Err(error) => found.warn(
            "listen",
            format!("a server owns the folder, but nobody answers on {at} ({error})"),
            "it was started with another address: give this command the same configuration",
        ),
    }
}

fn is_free(at: SocketAddr, found: &mut Findings) {
    match TcpListener::bind(at) {
        Ok(_) => found.ok("listen", format!("{at} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => found.fail(
            "listen",
            format!("another program listens on {at}"),
            "stop it, or choose another address with --listen",
        ),
        Err(error) => found.fail(
            "listen",
            format!("{at} cannot be listened on: {error}"),
            "choose an address of this machine and a port that this user may take",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn a_port_that_is_taken_fails_unless_it_is_the_servers() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let config = Config {
            listen: listener.local_addr().unwrap().to_string(),
            ..Config::default()
        };
        for (served, level) in [(false, Level::Fail), (true, Level::Ok)] {
            let mut found = Findings::default();
            examine(&config, served, &mut found);
            assert_eq!(
                found.0.iter().map(|f| (f.check, f.level)).collect::<Vec<_>>(),
                [("listen", level)]
            );
        }
    }
}
