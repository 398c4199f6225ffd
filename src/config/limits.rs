//! `[limits]`: how much the server takes at once, and how long it waits for anybody.

use figment::providers::Env;
use serde::{Deserialize, Serialize};

/// What variables of the environment begin with.
const PREFIX: &str = "ANTENNE_LIMITS_";

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident = $default:literal, $least:literal to $most:literal;)*) => {
        /// How much the server takes at once, and how long it waits for anybody.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Limits {
            $($(#[$doc])* pub $name: u32,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl Limits {
            pub(super) const KEYS: &'static [&'static str] = &[$(stringify!($name)),*];

            /// The first limit that lies outside its range, in a sentence.
            pub(super) fn check(&self) -> Result<(), String> {
                $(if !($least..=$most).contains(&self.$name) {
                    return Err(format!(
                        "the configuration `limits.{}` is not right: {} is not from {} to {}",
                        stringify!($name), self.$name, $least, $most
                    ));
                })*
                Ok(())
            }
        }
    };
}

limits! {
    /// Connections that are open at once.
    connections = 4_096, 1 to 100_000;
    /// Seconds that a connection may take to send a request's head, or be idle between two requests.
    head_seconds = 5, 1 to 300;
    /// Seconds that a request may take to send its body.
    body_seconds = 8, 1 to 300;
    /// MiB of the request bodies that are held at once of callers with a key; an eighth of it more is for signed webhooks.
    bodies_mib = 256, 16 to 65_536;
    /// Threads that compute; 0 is one a core.
    workers = 0, 0 to 1_024;
    /// Requests that may wait for each of these threads while there is more to do than they can.
    waiting = 4, 1 to 10_000;
    /// Requests that may wait for each of these threads when one was free a moment ago.
    waiting_burst = 32, 1 to 10_000;
    /// Milliseconds that a request may wait for a thread.
    wait_ms = 2_000, 1 to 60_000;
    /// Requests a second that one key may send for long; a batch of events is one request.
    requests_per_second = 100, 1 to 1_000_000;
    /// Requests that one key may send at once after a rest.
    requests_burst = 200, 1 to 1_000_000;
    /// MiB that the recommendations of 90 days may take on the disk; beyond, the oldest go.
    recommendations_mib = 256, 1 to 65_536;
}

impl Limits {
    /// What the environment sets.
    pub(super) fn environment() -> impl figment::Provider {
        Env::prefixed(PREFIX)
            .only(Self::KEYS)
            .map(|key| format!("limits.{key}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_is_within_its_range() {
        assert_eq!(Limits::default().check(), Ok(()));
    }

    #[test]
    fn a_limit_out_of_its_range_is_named_with_the_range() {
        let limits = Limits {
            head_seconds: 0,
            ..Limits::default()
        };
        let error = limits.check().unwrap_err();
        assert!(
            error.contains("limits.head_seconds") && error.contains("1 to 300"),
            "{error}"
        );
    }
}
