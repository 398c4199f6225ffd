//! What an operator may set: defaults < a TOML file < the environment < the command line.
//!
//! The file is `antenne.toml` in the data folder, or the one that `--config` names. A key that does not exist is refused
//! by its name. Variables of the environment are the keys in capitals after `ANTENNE_`, such as `ANTENNE_LISTEN`; those of
//! a section come after its name: `ANTENNE_LIMITS_CONNECTIONS`.

mod environment;
mod limits;
mod models;
mod oidc;
mod origins;
mod retention;
mod skill_maps;
mod wording;

pub use environment::unknown_variables;
pub use limits::Limits;
pub use models::{Models, ModelsFlags, ModelsPool};
pub use oidc::Oidc;
pub use origins::{Origin, Setting, Survey};
pub use retention::Retention;
pub use skill_maps::SkillMaps;

use crate::ingest::{is_source, source_named};

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What variables of the environment begin with.
const PREFIX: &str = "ANTENNE_";
/// What the environment may set so, beside the folder; other variables with the prefix belong to somebody else.
const IN_ENVIRONMENT: [&str; 7] = [
    "listen",
    "allow_plaintext",
    "log",
    "log_format",
    "weights",
    "language",
    "tutoiement",
];
/// The file in the data folder.
pub const FILE: &str = "antenne.toml";

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// A language of the answers' texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Language {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The folder that holds everything.
    pub data: PathBuf,
    /// Where the server listens, `address:port`.
    pub listen: String,
    /// Whether the server may listen without encryption where others can reach it.
    pub allow_plaintext: bool,
    /// Which log lines are written, in the words of `tracing`'s filters; `RUST_LOG` otherwise.
    pub log: Option<String>,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// A file of weights, instead of the shipped ones.
    pub weights: Option<PathBuf>,
    /// What is said of each source of events.
    pub sources: BTreeMap<String, Source>,
    /// The language of the command line's answers.
    pub language: Language,
    /// Whether French texts to be sent address people as `tu`; as `vous` otherwise.
    pub tutoiement: bool,
    /// How much the server takes at once.
    pub limits: Limits,
    /// How models are learnt.
    pub models: Models,
    /// For how long facts about people are kept.
    pub retention: Retention,
    /// Whose tokens are taken beside keys.
    pub oidc: Option<Oidc>,
    /// Whether and how maps of skills are published.
    pub skill_maps: SkillMaps,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("./antenne-data"),
            listen: "127.0.0.1:7411".to_owned(),
            allow_plaintext: false,
            log: None,
            log_format: LogFormat::Text,
            weights: None,
            sources: BTreeMap::new(),
            language: Language::En,
            tutoiement: false,
            limits: Limits::default(),
            models: Models::default(),
            retention: Retention::default(),
            oidc: None,
            skill_maps: SkillMaps::default(),
        }
    }
}

/// What is said of one source of events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Source {
    /// Event types that bind people and that this source may state for them.
    pub authoritative: Vec<String>,
    /// Patterns of groups that are left out, beside those that common platforms make for themselves.
    pub ignore: Vec<String>,
    /// The community that a group of this source stands for.
    pub groups: BTreeMap<String, String>,
    /// Secrets that webhooks of this source are signed with.
    pub webhook_secrets: Vec<String>,
}

/// What the command line says; what it leaves open is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Flags {
    /// The file to read.
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// The folder that holds everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// Where the server listens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// Whether it may listen where others can reach it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_plaintext: Option<bool>,
    /// How log lines are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,
    /// The language of answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// How models are learnt.
    #[serde(skip_serializing_if = "ModelsFlags::is_empty")]
    pub models: ModelsFlags,
}

impl Config {
    /// Gathers what was set.
    ///
    /// # Errors
    /// A sentence that names the key and where it was set.
    pub fn load(flags: &Flags) -> Result<Self, String> {
        Self::gather(flags, &Self::file(flags)?)
    }

    /// The file that is read, if it is there.
    fn file(flags: &Flags) -> Result<PathBuf, String> {
        // The folder must be known before its file can be read; the file may then not move it.
        let data = match &flags.data {
            Some(data) => data.clone(),
            None => std::env::var_os(format!("{PREFIX}DATA")).map_or_else(|| Self::default().data, PathBuf::from),
        };
        match &flags.config {
            Some(file) if !file.is_file() => Err(format!("there is no configuration file {}", file.display())),
            Some(file) => Ok(file.clone()),
            None => Ok(data.join(FILE)),
        }
    }

    fn gather(flags: &Flags, file: &Path) -> Result<Self, String> {
        let config: Self = Self::layers(flags, file)
            .extract()
            .map_err(|error| wording::explain(&error))?;
        config.limits.check()?;
        config.models.check()?;
        config.retention.check()?;
        config.skill_maps.check()?;
        config.sources.keys().try_for_each(|name| check_source(name, file))?;
        Ok(config)
    }

    /// Everything that was set, one hand over the other.
    fn layers(flags: &Flags, file: &Path) -> Figment {
        // The folder is a path, whatever it looks like: `1` is no number.
        let environment = Env::prefixed(PREFIX).only(&IN_ENVIRONMENT);
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if file.is_file() {
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment
            .merge(environment)
            .merge(Limits::environment())
            .merge(Models::environment())
            .merge(Retention::environment())
            .merge(SkillMaps::environment());
        if let Ok(data) = std::env::var(format!("{PREFIX}DATA")) {
            figment = figment.merge(Serialized::default("data", data));
        }
        figment.merge(Serialized::defaults(flags))
    }
}

/// Refuses a source that no event can name: what is said of it would never hold.
fn check_source(name: &str, file: &Path) -> Result<(), String> {
    if name == "*" || is_source(name) {
        return Ok(());
    }
    let meant = source_named(name).map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
    Err(format!(
        "the configuration `sources.{name}` in {} is not right: a source is 1 to 40 lower-case letters, digits and \
         hyphens{meant}",
        file.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_file(text: &str, flags: &Flags) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        std::fs::write(&file, text).unwrap();
        Config::gather(flags, &file)
    }

    #[test]
    fn the_command_line_wins_over_the_file_and_the_file_over_defaults() {
        let text = "listen = \"127.0.0.1:1\"\nlanguage = \"fr\"\n[sources.forum]\nignore = [\"all-*\"]\n";
        let flags = Flags {
            listen: Some("127.0.0.1:2".to_owned()),
            ..Flags::default()
        };
        let config = in_file(text, &flags).unwrap();
        assert_eq!((&*config.listen, config.language), ("127.0.0.1:2", Language::Fr));
        assert_eq!(config.sources["forum"].ignore, ["all-*"]);
        assert!(!config.allow_plaintext);
    }

    #[test]
    fn limits_are_a_section_with_ranges() {
        let config = in_file("[limits]\nhead_seconds = 7\n", &Flags::default()).unwrap();
        assert_eq!((config.limits.head_seconds, config.limits.body_seconds), (7, 8));
        for (bad, named) in [
            ("connections = 0", "limits.connections"),
            ("conections = 9", "conections"),
        ] {
            let error = in_file(&format!("[limits]\n{bad}\n"), &Flags::default()).unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn a_key_that_does_not_exist_is_refused_by_name() {
        let error = in_file("lisen = \"x\"", &Flags::default()).unwrap_err();
        assert!(error.contains("lisen") && error.contains(FILE), "{error}");
    }

    #[test]
    fn a_value_of_the_wrong_kind_names_its_key() {
        let error = in_file("allow_plaintext = \"perhaps\"", &Flags::default()).unwrap_err();
        assert!(error.contains("allow_plaintext"), "{error}");
    }

    #[test]
    fn no_file_is_no_error_unless_it_was_named() {
        let nowhere = tempfile::tempdir().unwrap().path().join("gone");
        assert!(Config::gather(&Flags::default(), &nowhere).is_ok());
        let flags = Flags {
            config: Some(nowhere),
            ..Flags::default()
        };
        assert!(Config::load(&flags).unwrap_err().contains("gone"));
    }
}
