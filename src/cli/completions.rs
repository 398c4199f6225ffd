//! `antenne completions`: a script that lets a shell complete commands and options.

use super::failure::{Done, Failure};
use super::machine::print;
use clap_complete::Shell;

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    Bash,
    Zsh,
    Fish,
}

/// Print a script that completes commands and options in a shell
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    shell: Kind,
}

impl CompletionsArgs {
    /// Carries the command out.
    pub fn run(&self, mut command: clap::Command) -> Result<Done, Failure> {
        let shell = match self.shell {
            Kind::Bash => Shell::Bash,
            Kind::Zsh => Shell::Zsh,
            Kind::Fish => Shell::Fish,
        };
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command, "antenne", &mut script);
        let script = String::from_utf8(script).map_err(|_| Failure::new("the script cannot be written"))?;
        print(&script)?;
        Ok(Done::Whole)
    }
}
