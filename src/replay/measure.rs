//! What a ranking is worth, and how sure a difference is.

use crate::chance::Draws;

/// How often a difference is drawn anew.
const RESAMPLES: usize = 1000;
/// What every bootstrap starts from: equal figures give equal intervals.
const SEED: u64 = 0x00a2_7e88_e0e5_71a1;

/// Binary nDCG at 10 of gold at the ranks `relevant` (from 0, ascending) when there are `gold`; 0 without gold.
pub fn ndcg10(relevant: &[usize], gold: usize) -> f64 {
    let gain = |rank: usize| 1.0 / libm::log2((rank + 2) as f64);
    let ideal: f64 = (0..gold.min(10)).map(gain).sum();
    let dcg: f64 = relevant.iter().copied().filter(|&rank| rank < 10).map(gain).sum();
    if ideal > 0.0 { dcg / ideal } else { 0.0 }
}

/// Share of `gold` at ranks below `depth`.
pub fn recall(relevant: &[usize], depth: usize, gold: usize) -> f64 {
    relevant.iter().filter(|&&rank| rank < depth).count() as f64 / gold.max(1) as f64
}

/// The 95 % interval of the mean of paired `differences`, by drawing them anew with replacement; `None` when there is none.
/// The draws are always the same ones.
/// (B. Efron, R. Tibshirani, *An Introduction to the Bootstrap*, 1993: the percentile interval.)
pub fn bootstrap(differences: &[f64]) -> Option<(f64, f64)> {
    bootstrap_of_places(&[differences])
}

/// The 95 % interval of the mean of all values of several `places`, each of which is drawn anew by itself: a place has as many
/// values in each draw as it has; `None` when there is none. The draws are always the same ones.
/// (B. Efron, R. Tibshirani, *An Introduction to the Bootstrap*, 1993: several samples.)
pub fn bootstrap_of_places(places: &[impl AsRef<[f64]>]) -> Option<(f64, f64)> {
    let count: usize = places.iter().map(|place| place.as_ref().len()).sum();
    if count == 0 {
        return None;
    }
    let places: Vec<&[f64]> = places.iter().map(AsRef::as_ref).collect();
    let mut draw = Draws(SEED);
    let mut mean = || {
        let drawn = places.iter().flat_map(|place| (0..place.len()).map(move |_| place));
        drawn.map(|place| place[draw.below(place.len())]).sum::<f64>() / count as f64
    };
    let mut means: Vec<f64> = (0..RESAMPLES).map(|_| mean()).collect();
    means.sort_unstable_by(f64::total_cmp);
    Some((means[RESAMPLES / 40], means[RESAMPLES - 1 - RESAMPLES / 40]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn places_are_drawn_anew_each_by_itself() {
        let (low, high): (Vec<f64>, Vec<f64>) = ((0..30).map(|_| 0.1).collect(), (0..10).map(|_| 0.9).collect());
        let (lo, hi) = bootstrap_of_places(&[&low, &high]).unwrap();
        assert!(
            close(lo, 0.3) && close(hi, 0.3),
            "how many each has is no chance: {lo} to {hi}"
        );
        let (lo, hi) = bootstrap(&[low, high].concat()).unwrap();
        assert!(lo < 0.25 && hi > 0.35, "{lo} to {hi}");
        let mixed = [0.2, 0.9, 0.4, 0.0, 1.0];
        assert_eq!(bootstrap_of_places(&[&mixed[..], &[]]), bootstrap(&mixed));
        assert_eq!(bootstrap_of_places(&[[0.0; 0]]), None);
    }

    #[test]
    fn gains_are_those_worked_out_by_hand() {
        // One of two found, at the second place: (1 / log2 3) / (1 + 1 / log2 3).
        assert!(close(
            ndcg10(&[1], 2),
            0.630_929_753_571_457_4 / 1.630_929_753_571_457_4
        ));
        assert!(close(ndcg10(&[0, 1], 2), 1.0));
        assert!(close(ndcg10(&[10], 1), 0.0), "the eleventh does not count");
        assert!(close(ndcg10(&[], 0), 0.0));
        assert!(close(recall(&[3, 9, 10], 10, 4), 0.5));
    }
}
