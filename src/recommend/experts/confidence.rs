//! From scores to chances: how likely somebody answers, as far as the organisation's own past tells.

/// Shares below this are not told apart.
const SHARE_MIN: f64 = 1e-6;

/// How likely it is that the person answers, in bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Less than one in five, or not known because nothing was learnt here yet.
    Low,
    /// At least one in five.
    Medium,
    /// At least one in two.
    High,
}

impl Confidence {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// The band of a chance.
    pub fn of(chance: f64) -> Self {
        if chance >= 0.5 {
            Self::High
        } else if chance >= 0.2 {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

/// P(answers) = 1 / (1 + e^−(slope · ln share + offset)), share being the person's part of the softmax over all who are
/// considered. Rises with the share. (J. Platt, *Probabilistic outputs for support vector machines*, 1999.)
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// ≥ 0.
    pub slope: f64,
    /// What is added.
    pub offset: f64,
}

impl Calibration {
    /// ln share as it counts here: the least share is that of one in a million.
    pub fn log(share: f64) -> f64 {
        libm::log(share.max(SHARE_MIN))
    }

    /// The chance that somebody with this share answers, in 0..=1.
    pub fn chance(self, share: f64) -> f64 {
        1.0 / (1.0 + libm::exp(-(self.slope * Self::log(share) + self.offset)))
    }

    /// The chance of each score among all `scores`: of those who are considered for one question. Cost: one exponential
    /// each.
    pub fn chances(self, scores: &[f64]) -> impl Iterator<Item = f64> {
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // The largest first, whatever the order in which they come: floats are summed in one order.
        let mut parts: Vec<f64> = scores.iter().map(|score| libm::exp(score - most)).collect();
        parts.sort_unstable_by(|a, b| b.total_cmp(a));
        let sum: f64 = parts.iter().sum();
        scores
            .iter()
            .map(move |score| self.chance(libm::exp(score - most) / sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Confidence::{High, Low, Medium};

    #[test]
    fn bands_begin_at_one_in_five_and_one_in_two() {
        let bands = [0.0, 0.199, 0.2, 0.499, 0.5, 1.0].map(Confidence::of);
        assert_eq!(bands, [Low, Low, Medium, Medium, High, High]);
        assert!(High > Medium && Medium > Low);
    }

    #[test]
    fn chances_do_not_depend_on_the_order_of_scores() {
        let calibration = Calibration {
            slope: 0.9,
            offset: 0.4,
        };
        let scores = [1.0, -3.5, 2.25, 0.1, 2.25];
        let forth: Vec<f64> = calibration.chances(&scores).collect();
        let mut turned = scores;
        turned.reverse();
        let mut back: Vec<f64> = calibration.chances(&turned).collect();
        back.reverse();
        assert_eq!(forth, back);
        assert!(forth[2] > forth[0] && forth[0] > forth[1] && forth.iter().all(|chance| (0.0..=1.0).contains(chance)));
    }
}
