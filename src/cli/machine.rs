//! What only the composition root may touch: the system's clock, its entropy, and the terminal.

use super::failure::Failure;
use crate::app::Clock;
use crate::domain::Timestamp;
use rand::TryRng as _;
use rand::rngs::SysRng;
use std::io::{self, ErrorKind, Write};
use std::time::{SystemTime, UNIX_EPOCH};

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the composition root is where the clock is read; everybody else gets it as a parameter"
    )]
    fn now(&self) -> Timestamp {
        let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            // A clock before 1970 is a clock that was never set.
            Err(_) => 0,
        };
        Timestamp::from_micros(micros)
    }
}

/// How many threads can compute at once.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// `N` fresh random bytes of the system.
///
/// # Errors
/// When the system gives none.
pub fn entropy<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| Failure::new(format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}

/// Writes `text` to standard output. A reader who has gone away, as behind `| head`, is no failure.
///
/// # Errors
/// When standard output cannot be written otherwise.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    forgive(out.write_all(text.as_bytes()).and_then(|()| out.flush())).map(|_| ())
}

/// Whether somebody still reads what was written.
///
/// # Errors
/// When it could not be written for another reason than that nobody reads.
pub fn forgive(written: io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(format!("could not write the output: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reading_is_no_failure_and_a_full_disk_is() {
        assert_eq!(forgive(Err(ErrorKind::BrokenPipe.into())), Ok(false));
        assert!(forgive(Err(ErrorKind::StorageFull.into())).is_err());
    }

    #[test]
    fn entropy_differs_each_time() {
        assert_ne!(entropy::<16>().unwrap(), entropy::<16>().unwrap());
    }
}
