//! `antenne config`: what the configuration amounts to, and where each value is from.
//!
//! A configuration that cannot hold (an unknown key, a value of the wrong kind, an address that others could reach, weights
//! that cannot be read) ends with code 2, as it would for the command that it was meant for.

use super::failure::{Done, Failure};
use super::log;
use super::machine::print;
use super::serve::{ServeArgs, address, filter};
use super::session::{oidc, sources};
use crate::config::{Config, Flags, Origin, Setting, unknown_variables};
use crate::recommend::ExpertsRecommender;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Check the configuration, or show it
#[derive(Debug, clap::Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Check the configuration, and print each setting with where it is from
    Check {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// What `serve` would be told.
        #[command(flatten)]
        serve: ServeArgs,
    },
    /// Print the configuration that holds, as a file that could be antenne.toml
    Show {
        /// What `serve` would be told.
        #[command(flatten)]
        serve: ServeArgs,
    },
}

impl ConfigArgs {
    /// What the command line says about serving.
    pub fn serve(&self) -> &ServeArgs {
        match &self.action {
            Action::Check { serve, .. } | Action::Show { serve } => serve,
        }
    }

    /// Carries the command out.
    pub fn run(&self, flags: &Flags) -> Result<Done, Failure> {
        let survey = Config::survey(flags);
        let config = survey.config.map_err(Failure::usage);
        let Action::Check { json, .. } = self.action else {
            print(&file(&config?)?)?;
            return Ok(Done::Whole);
        };
        print(&if json {
            format!("{}\n", listed(&survey.settings))
        } else {
            table(&survey.settings)
        })?;
        for what in unknown_variables() {
            log::warn(&what);
        }
        refuse_what_cannot_hold(&config?).map(|()| Done::Whole)
    }
}

/// What only shows when a value is used.
///
/// # Errors
/// The first value that cannot hold, with what to do.
pub fn refuse_what_cannot_hold(config: &Config) -> Result<(), Failure> {
    address(config)?;
    filter(config)?;
    sources(config)?;
    oidc(config)?;
    let Some(path) = &config.weights else { return Ok(()) };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("could not read the weights {}: {error}", path.display())))?;
    match ExpertsRecommender::weighed_by(&text) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::usage(format!(
            "the weights {} are not in order: {error}",
            path.display()
        ))),
    }
}

fn listed(settings: &[Setting]) -> Value {
    let each = settings.iter().map(|setting| {
        json!({
            "key": setting.key,
            "value": setting.value,
            "origin": setting.origin.kind(),
            "from": match &setting.origin {
                Origin::Default => Value::Null,
                origin => json!(origin.to_string()),
            },
        })
    });
    each.collect()
}

fn table(settings: &[Setting]) -> String {
    let value = |setting: &Setting| match &setting.value {
        Value::Null => "(not set)".to_owned(),
        value => value.to_string(),
    };
    let width = |of: &dyn Fn(&Setting) -> usize| settings.iter().map(of).max().unwrap_or(0);
    let (keys, values) = (
        width(&|setting| setting.key.chars().count()),
        width(&|setting| value(setting).chars().count().min(40)),
    );
    let mut text = String::new();
    // Writing into a string cannot fail.
    for setting in settings {
        let _ = writeln!(
            text,
            "{:<keys$}  {:<values$}  {}",
            setting.key,
            value(setting),
            setting.origin
        );
    }
    text
}

/// Leaves out what is not set, in sections too: the form has no word for it.
fn forget_unset(values: &mut Value) {
    if let Value::Object(values) = values {
        values.retain(|_, value| !value.is_null());
        values.values_mut().for_each(forget_unset);
    }
}

fn file(config: &Config) -> Result<String, Failure> {
    let mut values = config.shown().map_err(Failure::new)?;
    forget_unset(&mut values);
    toml::to_string(&values).map_err(|error| Failure::new(format!("the configuration cannot be shown: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_read_again() {
        let survey = Config::survey(&Flags {
            listen: Some("127.0.0.1:9".to_owned()),
            ..Flags::default()
        });
        let (config, settings) = (survey.config.unwrap(), survey.settings);
        let again: Config = toml::from_str(&file(&config).unwrap()).unwrap();
        assert_eq!(again, config);
        let table = table(&settings);
        assert!(
            table.contains("command line: --listen") && table.contains("(not set)"),
            "{table}"
        );
    }
}
