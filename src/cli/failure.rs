//! How a command ends: an exit code that scripts rely on, and one readable sentence when it did not work.

use crate::app::OpenError;
use crate::store::StoreError;
use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// How a command that worked ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// All of it: exit code 0.
    Whole,
    /// Some lines were rejected: exit code 3.
    WithRejectedLines,
}

impl From<Done> for ExitCode {
    fn from(done: Done) -> Self {
        Self::from(match done {
            Done::Whole => 0,
            Done::WithRejectedLines => 3,
        })
    }
}

/// Why a command did not work: what, where and what to do, in one sentence for the person at the terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    message: String,
    usage: bool,
}

impl Failure {
    /// The command was right, and could not be carried out: exit code 1.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            usage: false,
        }
    }

    /// The command, or the configuration, is not right: exit code 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            usage: true,
        }
    }

    /// A file could not be read or written.
    pub fn file(doing: &str, path: &Path, why: impl Display) -> Self {
        Self::new(format!("could not {doing} {}: {why}", path.display()))
    }

    /// The exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(if self.usage { 2 } else { 1 })
    }
}

macro_rules! failures {
    ($($error:ty),* $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(error.to_string())
            }
        })*
    };
}

failures!(
    crate::app::AuditError,
    crate::app::FitError,
    crate::app::IngestError,
    crate::app::KeyError,
    crate::app::ModelsError,
    crate::app::QueryError,
    crate::app::UpkeepError,
);

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            other => Self::new(other.to_string()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(match &error {
            StoreError::Missing { path } => format!(
                "there is no database in {0}: check --data; to make one: antenne --data {0} import FILE, or antenne \
                 --data {0} serve",
                path.display()
            ),
            other => other.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ending_has_its_own_code() {
        let codes = [
            ExitCode::from(Done::Whole),
            Failure::new("x").code(),
            Failure::usage("x").code(),
            ExitCode::from(Done::WithRejectedLines),
        ];
        let expected: Vec<_> = (0..4).map(|code: u8| format!("{:?}", ExitCode::from(code))).collect();
        assert_eq!(codes.map(|code| format!("{code:?}")).to_vec(), expected);
    }
}
