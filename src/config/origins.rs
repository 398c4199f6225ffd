//! Where each setting has its value from, for the person who wonders why the service does what it does.
//!
//! A value under a name that speaks of a secret is never shown.

use super::{Config, Flags, IN_ENVIRONMENT, Limits, Models, PREFIX, SkillMaps};
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde_json::Value;
use std::fmt;
use std::path::{Path, PathBuf};

/// Names that contain one of these have a secret for a value.
const SECRETS: [&str; 4] = ["secret", "password", "token", "private"];
/// What is shown instead.
const HIDDEN: &str = "(hidden)";

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Environment(String),
    /// An option of the command line.
    Flag(String),
}

impl Origin {
    /// The kind of origin, for programs: `default`, `file`, `environment` or `flag`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File(_) => "file",
            Self::Environment(_) => "environment",
            Self::Flag(_) => "flag",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => write!(f, "environment: {name}"),
            Self::Flag(name) => write!(f, "command line: {name}"),
        }
    }
}

/// One setting as it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name.
    pub key: String,
    /// Its value; null when it is not set; hidden when it is a secret.
    pub value: Value,
    /// Where that is from.
    pub origin: Origin,
}

/// What was set, and what that amounts to.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Each setting with its origin, in the order of names; those of a section are named with it: `limits.connections`.
    /// Where the configuration is not right, as far as it can be read, with the keys that do not exist.
    pub settings: Vec<Setting>,
    /// The configuration, or the first thing that is not right, in a sentence.
    pub config: Result<Config, String>,
}

impl Config {
    /// Looks at everything that was set. Never fails: what cannot be read is left out, and `config` says why.
    pub fn survey(flags: &Flags) -> Survey {
        let (file, named) = match Self::file(flags) {
            Ok(file) => (file, Ok(())),
            Err(why) => (PathBuf::new(), Err(why)),
        };
        let config = named.and_then(|()| Self::gather(flags, &file));
        let layers = Layers::of(flags, &file);
        let values = config.as_ref().map_or_else(
            // A file that is no TOML hides nothing of what the others say.
            |_| raw(&Self::layers(flags, &file)).or_else(|| raw(&Self::layers(flags, Path::new("")))),
            |config| config.shown().ok(),
        );
        let mut settings = Vec::new();
        flatten("", values.unwrap_or_default(), &mut |key, value| {
            settings.push(Setting {
                origin: layers.origin(&key, &file),
                value,
                key,
            });
        });
        Survey { settings, config }
    }

    /// The configuration without its secrets.
    ///
    /// # Errors
    /// When it cannot be written as text.
    pub fn shown(&self) -> Result<Value, String> {
        let values = serde_json::to_value(self);
        let values = values.map_err(|_| "the configuration cannot be shown: a path in it is not UTF-8".to_owned())?;
        Ok(shown("", values))
    }
}

/// What stands in `figment`, right or not, without its secrets.
fn raw(figment: &Figment) -> Option<Value> {
    let values: Value = figment.extract().ok()?;
    Some(shown("", values))
}

/// Calls `each` with every value that is no section, under its whole name.
fn flatten(name: &str, value: Value, each: &mut dyn FnMut(String, Value)) {
    match value {
        Value::Object(section) if name.is_empty() || !section.is_empty() => {
            for (key, value) in section {
                let name = if name.is_empty() { key } else { format!("{name}.{key}") };
                flatten(&name, value, each);
            }
        }
        plain => each(name.to_owned(), plain),
    }
}

/// What was set, by the hand that set it.
struct Layers {
    file: Figment,
    environment: Figment,
    flags: Figment,
}

impl Layers {
    fn of(flags: &Flags, file: &Path) -> Self {
        let in_file = if file.is_file() {
            Figment::from(Toml::file_exact(file))
        } else {
            Figment::new()
        };
        Self {
            file: in_file,
            environment: Figment::from(Env::prefixed(PREFIX).only(&IN_ENVIRONMENT))
                .merge(Limits::environment())
                .merge(Models::environment())
                .merge(SkillMaps::environment()),
            flags: Figment::from(Serialized::defaults(flags)),
        }
    }

    fn origin(&self, key: &str, file: &Path) -> Origin {
        let variable = format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', "_"));
        if self.flags.contains(key) {
            let name = key.rsplit('.').next().unwrap_or(key);
            Origin::Flag(format!("--{}", name.replace('_', "-")))
        } else if self.environment.contains(key) || (key == "data" && std::env::var_os(&variable).is_some()) {
            Origin::Environment(variable)
        } else if self.file.contains(key) {
            Origin::File(file.to_owned())
        } else {
            Origin::Default
        }
    }
}

/// `value` without what is secret in it: every text under a name that speaks of a secret.
fn shown(key: &str, value: Value) -> Value {
    let name = key.to_ascii_lowercase();
    let secret = SECRETS.iter().any(|secret| name.contains(secret));
    match value {
        Value::Object(inner) => {
            let inner = inner.into_iter().map(|(key, value)| {
                let value = shown(&key, value);
                (key, value)
            });
            Value::Object(inner.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| shown(key, item)).collect()),
        Value::Null => Value::Null,
        _ if secret => Value::String(HIDDEN.to_owned()),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_setting_says_where_it_is_from() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.toml");
        std::fs::write(&file, "language = \"fr\"\nlisten = \"127.0.0.1:1\"\n").unwrap();
        let flags = Flags {
            config: Some(file.clone()),
            listen: Some("127.0.0.1:2".to_owned()),
            ..Flags::default()
        };
        let settings = Config::survey(&flags).settings;
        let of = |key: &str| settings.iter().find(|setting| setting.key == key).unwrap().clone();
        assert_eq!(
            (of("language").value, of("language").origin),
            (json!("fr"), Origin::File(file))
        );
        let listen = of("listen");
        assert_eq!(
            listen.value,
            json!("127.0.0.1:2"),
            "the value that holds, with its origin"
        );
        assert_eq!(listen.origin, Origin::Flag("--listen".to_owned()));
        assert_eq!(
            (of("weights").value, of("weights").origin),
            (Value::Null, Origin::Default)
        );
    }

    #[test]
    fn secrets_are_never_shown_however_deep_they_lie() {
        let value = json!({"forum": [{"webhook_secret": "s3", "groups": ["a"]}], "note": "n"});
        let expected = json!({"forum": [{"webhook_secret": HIDDEN, "groups": ["a"]}], "note": "n"});
        assert_eq!(shown("sources", value), expected);
        assert_eq!(shown("webhook_secrets", json!(["s3"])), json!([HIDDEN]));
    }

    #[test]
    fn settings_of_a_section_are_named_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.toml");
        std::fs::write(&file, "[limits]\nworkers = 3\n[sources.hr]\nwebhook_secrets = []\n").unwrap();
        let flags = Flags {
            config: Some(file.clone()),
            ..Flags::default()
        };
        let settings = Config::survey(&flags).settings;
        let of = |key: &str| settings.iter().find(|setting| setting.key == key).unwrap().clone();
        assert_eq!(
            (of("limits.workers").value, of("limits.workers").origin),
            (json!(3), Origin::File(file.clone()))
        );
        assert_eq!(of("limits.connections").origin, Origin::Default);
        assert_eq!(of("sources.hr.webhook_secrets").origin, Origin::File(file));
    }

    #[test]
    fn what_is_not_right_is_shown_as_far_as_it_goes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.toml");
        let flags = Flags {
            config: Some(file.clone()),
            ..Flags::default()
        };
        let survey = |text: &str| {
            std::fs::write(&file, text).unwrap();
            let survey = Config::survey(&flags);
            let of = |key: &str| survey.settings.iter().find(|setting| setting.key == key).cloned();
            (of("lisen"), of("language"), survey.config.unwrap_err())
        };
        let (slip, language, why) = survey("lisen = \"x\"\nlanguage = \"fr\"\n");
        let from = Origin::File(file.clone());
        assert_eq!(slip.map(|slip| (slip.value, slip.origin)), Some((json!("x"), from)));
        assert_eq!(language.unwrap().value, json!("fr"));
        assert!(why.contains("lisen"), "{why}");
        let (slip, language, why) = survey("lisen = [\n");
        assert_eq!((slip, language.unwrap().origin), (None, Origin::Default));
        assert!(why.contains("c.toml"), "{why}");
        let hidden = "[sources.hr]\nwebhook_secret = \"whsec_abc\"\n";
        std::fs::write(&file, hidden).unwrap();
        let survey = Config::survey(&flags);
        assert!(survey.config.is_err() && !format!("{:?}", survey.settings).contains("whsec_abc"));
    }
}
