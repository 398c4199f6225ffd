//! A count on the wire. A small count is never told: it can give a person away.

use serde::Serialize;
use utoipa::ToSchema;

/// Counts below this are told as `some`.
const FEW: usize = 5;

/// A count, or `some` where it is below five.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(in crate::http) enum Tally {
    /// Five or more.
    Many(usize),
    /// Fewer.
    Few(Few),
}

/// Fewer than five.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum Few {
    /// Fewer than five.
    Some,
}

impl From<usize> for Tally {
    fn from(count: usize) -> Self {
        if count < FEW {
            Self::Few(Few::Some)
        } else {
            Self::Many(count)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_not_told() {
        let tell = |n: usize| serde_json::to_string(&Tally::from(n)).unwrap();
        assert_eq!(
            (tell(1), tell(4), tell(5)),
            ("\"some\"".into(), "\"some\"".into(), "5".into())
        );
    }
}
