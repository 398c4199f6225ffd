//! The command line: the composition root, and the only place that sees everything.
//!
//! One small file a command. Scripts rely on what a command prints and on its exit code: 0 done, 1 failed, 2 wrong usage,
//! 3 done with rejected lines. Errors go to standard error, one readable sentence each.

mod control;
mod demo;
mod evaluate;
mod experts;
mod export;
mod failure;
mod import;
mod intake;
mod keys;
mod machine;
mod recorder;
mod serve;
mod session;
mod stats;

pub use failure::{Done, Failure};
pub use machine::SystemClock;

use crate::config::{Config, Flags};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// People who could answer, from an organisation's own facts.
#[derive(Debug, Parser)]
#[command(name = "antenne", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
struct PlaceArgs {
    /// The folder that holds everything [default: ./antenne-data; environment: `ANTENNE_DATA`]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A configuration file, instead of antenne.toml in the data folder
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Import(import::ImportArgs),
    Export(export::ExportArgs),
    Stats(stats::StatsArgs),
    Experts(experts::ExpertsArgs),
    Keys(keys::KeysArgs),
    Serve(serve::ServeArgs),
    Evaluate(evaluate::EvaluateArgs),
    Demo(demo::DemoArgs),
}

/// Carries out what the command line says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match carry_out(cli) {
        Ok(done) => done.into(),
        Err(failure) => {
            eprintln!("antenne: {failure}");
            failure.code()
        }
    }
}

fn carry_out(cli: Cli) -> Result<Done, Failure> {
    let flags = Flags {
        config: cli.place.config,
        data: cli.place.data,
        ..Flags::default()
    };
    let serving = |args: &serve::ServeArgs| Flags {
        listen: args.listen.clone(),
        allow_plaintext: args.allow_plaintext.then_some(true),
        log_format: args.log_format,
        ..flags.clone()
    };
    let configured = |flags: &Flags| Config::load(flags).map_err(Failure::usage);
    match cli.command {
        Command::Import(args) => args.run(&configured(&flags)?),
        Command::Export(args) => args.run(&configured(&flags)?),
        Command::Stats(args) => args.run(&configured(&flags)?),
        Command::Experts(args) => args.run(&configured(&flags)?),
        Command::Keys(args) => args.run(&configured(&flags)?),
        Command::Serve(args) => serve::ServeArgs::run(&configured(&serving(&args))?),
        Command::Evaluate(args) => args.run(),
        Command::Demo(args) => demo::DemoArgs::run(&configured(&serving(args.serve()))?, flags.data.as_deref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_coherent() {
        Cli::command().debug_assert();
    }
}
