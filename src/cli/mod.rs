//! The command line: the composition root, and the only place that sees everything.
//!
//! One small file a command. Scripts rely on what a command prints and on its exit code: 0 done, 1 failed, 2 wrong usage,
//! 3 done with rejected lines. Errors go to standard error, one readable sentence each.

mod audit;
mod backup;
mod cartographer;
mod co_animators;
mod communities;
mod completions;
mod control;
mod demo;
mod digest;
mod doctor;
mod evaluate;
mod experts;
mod export;
mod failure;
mod fit;
mod health;
mod import;
mod intake;
mod keeping;
mod keys;
mod learning;
mod log;
mod machine;
mod models;
mod person;
mod plan;
mod questions;
mod recorder;
mod refit;
mod rounds;
mod search;
mod serve;
mod session;
mod settings;
mod simulate;
mod skill_map;
mod stats;
mod verify;

pub use failure::{Done, Failure};
pub use machine::SystemClock;

use crate::config::{Config, Flags, ModelsFlags};
use clap::{CommandFactory as _, Parser, Subcommand};
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
    CoAnimators(co_animators::CoAnimatorsArgs),
    CommunitiesFor(communities::CommunitiesArgs),
    Search(search::SearchArgs),
    Questions(questions::QuestionsArgs),
    Person(person::PersonArgs),
    Plan(plan::PlanArgs),
    Health(health::HealthArgs),
    Digest(digest::DigestArgs),
    Keys(keys::KeysArgs),
    Audit(audit::AuditArgs),
    Serve(serve::ServeArgs),
    Evaluate(evaluate::EvaluateArgs),
    Fit(fit::FitArgs),
    Models(models::ModelsArgs),
    SkillMap(skill_map::SkillMapArgs),
    Simulate(simulate::SimulateArgs),
    Demo(demo::DemoArgs),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
    Verify(verify::VerifyArgs),
    Doctor(doctor::DoctorArgs),
    Config(settings::ConfigArgs),
    Completions(completions::CompletionsArgs),
}

/// Carries out what the command line says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match carry_out(cli) {
        Ok(done) => done.into(),
        Err(failure) => {
            log::failed(&failure);
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
        models: ModelsFlags {
            refit_days: args.refit_days,
        },
        ..flags.clone()
    };
    let configured = |flags: &Flags| Config::load(flags).map_err(Failure::usage);
    match cli.command {
        Command::Import(args) => args.run(&configured(&flags)?),
        Command::Export(args) => args.run(&configured(&flags)?),
        Command::Stats(args) => args.run(&configured(&flags)?),
        Command::Experts(args) => args.run(&configured(&flags)?),
        Command::CoAnimators(args) => args.run(&configured(&flags)?),
        Command::CommunitiesFor(args) => args.run(&configured(&flags)?),
        Command::Search(args) => args.run(&configured(&flags)?),
        Command::Questions(args) => args.run(&configured(&flags)?),
        Command::Person(args) => args.run(&configured(&flags)?),
        Command::Plan(args) => args.run(&configured(&flags)?),
        Command::Health(args) => args.run(&configured(&flags)?),
        Command::Digest(args) => args.run(&configured(&flags)?),
        Command::Keys(args) => args.run(&configured(&flags)?),
        Command::Audit(args) => args.run(&configured(&flags)?),
        Command::Serve(args) => serve::ServeArgs::run(&configured(&serving(&args))?),
        Command::Evaluate(args) => args.run(&configured(&flags)?),
        Command::Fit(args) => args.run(&configured(&flags)?),
        Command::Models(args) => args.run(&configured(&flags)?),
        Command::SkillMap(args) => args.run(&configured(&flags)?),
        Command::Simulate(args) => args.run(&configured(&flags)?),
        Command::Demo(args) => demo::DemoArgs::run(&configured(&serving(args.serve()))?, flags.data.as_deref()),
        Command::Backup(args) => args.run(&configured(&flags)?),
        Command::Restore(args) => args.run(&configured(&flags)?),
        Command::Verify(args) => args.run(&configured(&flags)?),
        Command::Doctor(args) => args.run(&serving(args.serve())),
        Command::Config(args) => args.run(&serving(args.serve())),
        Command::Completions(args) => args.run(Cli::command()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_coherent() {
        Cli::command().debug_assert();
    }
}
