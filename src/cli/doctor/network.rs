//! Where the server listens, or would.

use super::Findings;
use crate::cli::serve::address;
use crate::config::Config;
use std::io::{ErrorKind, Read as _, Write as _};
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
    match lives(at) {
        Ok(true) => found.ok("listen", format!("the server answers on {at}")),
        Ok(false) => found.fail(
            "listen",
            format!("what answers on {at} is not this server, or not well"),
            "look into its log; if it was started with another address, say so with --listen",
        ),
        Err(error) => found.fail(
            "listen",
            format!("a server owns the folder, but nobody answers on {at} ({error})"),
            "if it was started with another address, say so with --listen; else start it again",
        ),
    }
}

/// Whether a server says there that it lives.
fn lives(at: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect_timeout(&at, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    Ok(&status == b"HTTP/1.1 200")
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
    fn a_port_that_is_taken_fails_unless_a_server_lives_there() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let answers = listener.try_clone().unwrap();
        std::thread::spawn(move || {
            for answer in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 503 No\r\n\r\n", "hello"] {
                let (mut stream, _) = answers.accept().unwrap();
                let _ = stream.read(&mut [0; 512]);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        let config = Config {
            listen: listener.local_addr().unwrap().to_string(),
            ..Config::default()
        };
        for (served, level) in [
            (false, Level::Fail),
            (true, Level::Ok),
            (true, Level::Fail),
            (true, Level::Fail),
        ] {
            let mut found = Findings::default();
            examine(&config, served, &mut found);
            assert_eq!(
                found.0.iter().map(|f| (f.check, f.level)).collect::<Vec<_>>(),
                [("listen", level)]
            );
        }
    }
}
