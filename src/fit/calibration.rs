//! From scores to chances: how often people with such a share of the softmax did answer.

use super::examples::Example;
use crate::recommend::Calibration;

/// Newton's steps; a handful suffices for two numbers.
const STEPS: usize = 30;

/// People of each example who count, by their share: those who would be shown. The many behind them, nearly none of whom
/// answered, would bend the curve where nobody looks.
const TOLD: usize = 10;

/// The calibration that fits who answered in `examples`, of which `weights` must have seen nothing.
pub(super) fn calibrate(examples: &[Example], weights: &[f64]) -> Calibration {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut chances = Vec::new();
    for example in examples {
        example.chances(weights, &mut chances);
        let mut people: Vec<(f64, bool)> = chances.iter().copied().zip(example.gold.iter().copied()).collect();
        people.sort_by(|a, b| b.0.total_cmp(&a.0));
        let first = people.iter().take(TOLD);
        points.extend(first.map(|&(share, gold)| (Calibration::log(share), f64::from(u8::from(gold)))));
    }
    let (mut slope, mut offset) = (1.0, 0.0);
    for _ in 0..STEPS {
        // A grain of ridge keeps the step finite when all or nobody answered.
        let (mut g, mut h) = ([1e-3 * (slope - 1.0), 1e-3 * offset], [1e-3, 0.0, 1e-3]);
        for &(x, y) in &points {
            let p = 1.0 / (1.0 + libm::exp(-(slope * x + offset)));
            let w = p * (1.0 - p);
            g = [g[0] + (p - y) * x, g[1] + p - y];
            h = [h[0] + w * x * x, h[1] + w * x, h[2] + w];
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        if determinant.abs() < 1e-12 {
            break;
        }
        slope -= (h[2] * g[0] - h[1] * g[1]) / determinant;
        offset -= (h[0] * g[1] - h[1] * g[0]) / determinant;
    }
    if slope.is_finite() && offset.is_finite() && slope > 0.0 {
        Calibration { slope, offset }
    } else {
        Calibration {
            slope: 1.0,
            offset: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_rises_with_the_share_and_meets_what_happened() {
        // Two people a question, shares 0.73 and 0.27; the first answers in three of four.
        let examples: Vec<Example> = (0..400)
            .map(|n| Example::whole(vec![1.0, 0.0], vec![n % 4 != 0, n % 4 == 0]))
            .collect();
        let calibration = calibrate(&examples, &[1.0]);
        let chance = |share| calibration.chance(share);
        assert!((chance(0.731) - 0.75).abs() < 0.02, "{calibration:?}");
        assert!((chance(0.269) - 0.25).abs() < 0.02, "{calibration:?}");
        assert!(chance(0.1) < chance(0.2) && chance(0.0) >= 0.0 && chance(1.0) <= 1.0);
    }

    #[test]
    fn nothing_to_learn_from_gives_something_finite() {
        let calibration = calibrate(&[], &[1.0]);
        assert!(calibration.slope > 0.0 && calibration.offset.is_finite());
    }
}
