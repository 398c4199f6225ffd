//! How strongly weights are pulled to the prior: what each pull reached on queries that it had not learnt from becomes one
//! of them, or their mean.

/// What one pull reached.
pub(super) struct Tried {
    pub(super) pull: f64,
    /// Of every example of the folds, in order.
    pub(super) gains: Vec<f64>,
    /// The weights with which each fold was judged.
    pub(super) found: Vec<Vec<f64>>,
}

impl Tried {
    pub(super) fn mean(&self) -> f64 {
        mean(&self.gains)
    }

    /// What was reached on those examples whose place `seen` says.
    pub(super) fn on(&self, seen: impl Fn(usize) -> bool) -> Self {
        let gains = self.gains.iter().enumerate().filter(|(place, _)| seen(*place));
        Self {
            pull: self.pull,
            gains: gains.map(|(_, gain)| *gain).collect(),
            found: self.found.clone(),
        }
    }
}

/// How pulls that were tried become weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Choice {
    /// One of them: the strongest that did as well as the best one, but for so many standard errors of their difference.
    Strongest(f64),
    /// Their mean, in which each counts e^(−z² / 2): z is by how many standard errors of the difference it did worse than the
    /// best one. Where the folds cannot tell them apart, what is chance in one of them is evened out by the others. (Akaike
    /// weights, with what was seen on the folds in place of the likelihood; stacking, L. Breiman, 1996.)
    Mean,
}

/// The share below which a pull is left out of a mean.
const SHARE_MIN: f64 = 0.01;

/// Pulls, the most strongly first, each with its share; the shares sum to 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mixture(Vec<(f64, f64)>);

impl Mixture {
    /// The mixture of the pulls that were `tried`.
    pub(super) fn of(tried: &[Tried], choice: Choice) -> Self {
        let best = match choice {
            Choice::Strongest(slack) => return Self::alone(best(tried, slack)),
            Choice::Mean => best(tried, 0.0),
        };
        let counts = |tried: &Tried| {
            let lost = lost(best, tried);
            let (mean, error) = (mean(&lost), standard_error(&lost));
            let z = if mean > 0.0 { mean / error } else { 0.0 };
            (tried.pull, libm::exp(-0.5 * z * z))
        };
        let counted: Vec<(f64, f64)> = tried.iter().map(counts).collect();
        let all: f64 = counted.iter().map(|(_, count)| count).sum();
        let kept = || counted.iter().filter(|(_, count)| count / all >= SHARE_MIN);
        let rest: f64 = kept().map(|(_, count)| count).sum();
        Self(kept().map(|&(pull, count)| (pull, count / rest)).collect())
    }

    /// Of one pull alone.
    pub(super) fn alone(tried: &Tried) -> Self {
        Self(vec![(tried.pull, 1.0)])
    }

    /// The pulls in it.
    pub(super) fn pulls(&self) -> Vec<f64> {
        self.shares().map(|(pull, _)| pull).collect()
    }

    /// Each pull in it with its share, the most strongly first.
    pub(super) fn shares(&self) -> impl Iterator<Item = (f64, f64)> {
        self.0.iter().copied()
    }

    /// The share of `pull`.
    pub(super) fn share(&self, pull: f64) -> f64 {
        let found = self.0.iter().find(|(of, _)| of.to_bits() == pull.to_bits());
        found.map_or(0.0, |(_, share)| *share)
    }

    /// The pull with the largest share; of equal ones the strongest.
    pub(super) fn main_pull(&self) -> f64 {
        let larger = |a: (f64, f64), b: &(f64, f64)| if b.1 > a.1 { *b } else { a };
        self.0.iter().fold(self.0[0], larger).0
    }

    /// The weights with which fold number `fold` is judged, of the pulls that were `tried` there.
    pub(super) fn of_fold(&self, tried: &[Tried], fold: usize) -> Vec<f64> {
        let found = tried.iter().map(|tried| (&tried.found[fold], self.share(tried.pull)));
        let found = found.filter(|(_, share)| *share > 0.0);
        mixed(found, tried[0].found[fold].len())
    }
}

/// The mean of some weights, each with its share.
pub(super) fn mixed(found: impl Iterator<Item = (impl AsRef<[f64]>, f64)>, signals: usize) -> Vec<f64> {
    let mut mean = vec![0.0; signals];
    for (weights, share) in found {
        for (mean, weight) in mean.iter_mut().zip(weights.as_ref()) {
            *mean += share * weight;
        }
    }
    mean
}

/// What each example is worth less under `tried` than under `best`.
fn lost(best: &Tried, tried: &Tried) -> Vec<f64> {
    best.gains.iter().zip(&tried.gains).map(|(a, b)| a - b).collect()
}

/// The strongest pull that did as well as the best one, but for `slack` standard errors of their difference: where little
/// was seen, the prior has the last word. With no slack the best; of equal ones the strongest. (The one-standard-error rule
/// of L. Breiman et al., *Classification and regression trees*, 1984.)
pub(super) fn best(tried: &[Tried], slack: f64) -> &Tried {
    let mut best = &tried[0];
    for other in &tried[1..] {
        if other.mean() > best.mean() {
            best = other;
        }
    }
    let as_good = |tried: &&Tried| {
        let lost = lost(best, tried);
        mean(&lost) <= slack * standard_error(&lost)
    };
    tried.iter().find(as_good).unwrap_or(best)
}

/// The standard error of the mean of `values`.
fn standard_error(values: &[f64]) -> f64 {
    let (count, mean) = (values.len() as f64, mean(values));
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    if count > 1.0 {
        (squares / (count - 1.0) / count).sqrt()
    } else {
        0.0
    }
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strong_pull_is_kept_when_a_weak_one_is_hardly_better() {
        let tried = |pull, gains: &[f64]| Tried {
            pull,
            gains: gains.to_vec(),
            found: Vec::new(),
        };
        let all = [
            tried(0.3, &[0.5, 0.4, 0.1]),
            tried(0.1, &[0.5, 0.4, 0.2]),
            tried(0.03, &[0.5, 0.3, 0.4]),
        ];
        let pull = |slack| best(&all, slack).pull.to_bits();
        assert_eq!(pull(0.0), 0.03_f64.to_bits());
        assert_eq!(pull(0.45), 0.1_f64.to_bits());
        assert_eq!(pull(1.0), 0.3_f64.to_bits(), "what it loses may be chance");
        let equal = [tried(0.3, &[0.5, 0.4]), tried(0.1, &[0.5, 0.4])];
        assert_eq!(best(&equal, 0.0).pull.to_bits(), 0.3_f64.to_bits());
    }

    #[test]
    fn pulls_that_the_folds_cannot_tell_apart_are_mixed() {
        let tried = |pull, gains: &[f64], weight: f64| Tried {
            pull,
            gains: gains.to_vec(),
            found: vec![vec![weight, 1.0]],
        };
        let all = [
            tried(1.0, &[0.1, 0.0, 0.1, 0.1], 100.0),
            tried(0.3, &[0.5, 0.4, 0.1, 0.6], 2.0),
            tried(0.1, &[0.5, 0.4, 0.3, 0.5], 4.0),
            tried(0.03, &[0.5, 0.4, 0.3, 0.5], 6.0),
        ];
        let mixture = Mixture::of(&all, Choice::Mean);
        let shares: Vec<f64> = all.iter().map(|tried| mixture.share(tried.pull)).collect();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{shares:?}");
        assert!(
            shares[0].abs() < 1e-12,
            "what is surely worse has no share, however small: {shares:?}"
        );
        assert!(0.0 < shares[1] && shares[1] < shares[2], "{shares:?}");
        assert_eq!(shares[2].to_bits(), shares[3].to_bits(), "equally good");
        assert_eq!(mixture.main_pull().to_bits(), 0.1_f64.to_bits());
        assert_eq!(mixture.pulls(), [0.3, 0.1, 0.03]);
        let weights = mixture.of_fold(&all, 0);
        let expected = 2.0 * shares[1] + 10.0 * shares[2];
        assert!((weights[0] - expected).abs() < 1e-12 && (weights[1] - 1.0).abs() < 1e-12);
        let one = Mixture::of(&all, Choice::Strongest(0.0));
        assert_eq!((one.pulls(), one.of_fold(&all, 0)), (vec![0.1], vec![4.0, 1.0]));
    }
}
