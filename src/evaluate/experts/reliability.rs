//! Whether people who are said to answer one time in three do.

use crate::evaluate::metrics::rounded;
use serde_json::{Value, json};
use std::fmt;

/// Where bins of chances end; the last one ends at 1. Two of them are where confidence becomes medium and high.
const ENDS: [f64; 6] = [0.05, 0.1, 0.2, 0.35, 0.5, f64::INFINITY];

/// People among the first ten whose chances are alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bin {
    /// People, once a question.
    pub people: usize,
    /// The mean of the chances that they were given, in 0..=1.
    pub said: f64,
    /// The share of them who answered, in 0..=1.
    pub did: f64,
}

impl Bin {
    /// The bins of `chances`, from the least to the largest, without empty ones.
    pub(super) fn of<'a>(chances: impl Iterator<Item = &'a (f64, bool)>) -> Vec<Self> {
        let mut bins = vec![Self::default(); ENDS.len()];
        for &(chance, answered) in chances {
            let place = ENDS.iter().position(|&end| chance < end).unwrap_or(ENDS.len() - 1);
            bins[place].people += 1;
            bins[place].said += chance;
            bins[place].did += f64::from(u8::from(answered));
        }
        bins.retain(|bin| bin.people > 0);
        for bin in &mut bins {
            bin.said /= bin.people as f64;
            bin.did /= bin.people as f64;
        }
        bins
    }

    /// For programs.
    pub(super) fn to_json(&self) -> Value {
        json!({"people": self.people, "said": rounded(self.said, 4), "did": rounded(self.did, 4)})
    }
}

impl fmt::Display for Bin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} → {:.2} ({})", self.said, self.did, self.people)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_tell_what_was_said_and_what_happened() {
        let chances = [(0.02, false), (0.04, true), (0.3, true), (0.5, false), (0.9, true)];
        let bins = Bin::of(chances.iter());
        let counts: Vec<usize> = bins.iter().map(|bin| bin.people).collect();
        assert_eq!(
            counts,
            [2, 1, 2],
            "empty bins are left out, and a half is in the last one"
        );
        assert_eq!(bins[0].to_string(), "0.03 → 0.50 (2)");
        assert!((bins[2].said - 0.7).abs() < 1e-12 && (bins[2].did - 0.5).abs() < 1e-12);
        assert_eq!(Bin::of([].iter()), []);
    }
}
