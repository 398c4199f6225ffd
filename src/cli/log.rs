//! What a server says of itself on standard error: lines for people, or one JSON object a line.
//!
//! Invariants: once a log is structured, nothing else is written there; a panic is told by its place alone, because what
//! it panicked with may repeat what somebody wrote.

use super::failure::Failure;
use crate::config::LogFormat;
use std::io::Write as _;
use std::net::SocketAddr;
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether every line is a JSON object.
static STRUCTURED: AtomicBool = AtomicBool::new(false);

/// Says how lines are written from now on.
pub fn structured(format: LogFormat) {
    STRUCTURED.store(format == LogFormat::Json, Ordering::Relaxed);
}

/// Says where the server listens; scripts wait for this line.
pub fn listening(at: SocketAddr) {
    if STRUCTURED.load(Ordering::Relaxed) {
        tracing::info!(address = %at, version = env!("CARGO_PKG_VERSION"), "listening");
    } else {
        say(&format!("listening on http://{at}"));
    }
}

/// Says why a command did not work.
pub fn failed(failure: &Failure) {
    if STRUCTURED.load(Ordering::Relaxed) {
        tracing::error!(error = %failure, "ended");
    } else {
        say(&format!("antenne: {failure}"));
    }
}

/// Says what is not as it should be and stops nothing.
pub fn warn(what: &str) {
    say(&format!("antenne: warning: {what}"));
}

/// Writes a line to standard error. Nobody may be reading any more, as behind `2>&1 | head`: that is no failure.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Panics are logged by their place from now on, without what they panicked with.
pub fn calm_panics() {
    std::panic::set_hook(Box::new(panicked));
}

fn panicked(info: &PanicHookInfo<'_>) {
    let (file, line) = info.location().map_or(("", 0), |at| (at.file(), at.line()));
    let thread = std::thread::current();
    tracing::error!(
        file,
        line,
        thread = thread.name().unwrap_or("none"),
        "a thread panicked: please report it"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_told_by_its_place_alone() {
        let page = Page::default();
        let writer = page.clone();
        let log = tracing_subscriber::fmt()
            .json()
            .with_writer(move || writer.clone())
            .finish();
        let before = std::panic::take_hook();
        tracing::subscriber::with_default(log, || {
            calm_panics();
            let caught = std::panic::catch_unwind(|| panic!("planted: ana@example.org"));
            assert!(caught.is_err());
        });
        std::panic::set_hook(before);
        let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains("log.rs") && text.contains("a thread panicked"), "{text}");
        assert!(!text.contains("ana@"), "{text}");
    }
}
