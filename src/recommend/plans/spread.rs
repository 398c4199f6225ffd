//! How something is spread over people, as counts of people: never what one of them has.

/// People from whom on a coefficient is told: of fewer it gives somebody away.
const PEOPLE_MIN: usize = 5;

/// How many people have how much.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// How many have nothing, one, two or three, and more.
    pub bands: [usize; 4],
    /// Gini's coefficient, 0 when all have the same, near 1 when one has all; in hundredths, rounded. `None` when
    /// nobody has anything, and of fewer than five people.
    pub gini_percent: Option<u32>,
}

impl Spread {
    /// The names of the bands in answers.
    pub const BANDS: [&'static str; 4] = ["none", "one", "two_or_three", "four_or_more"];

    /// The spread of `counts`, one a person. Sums are whole: the order leaves no trace.
    pub fn of(mut counts: Vec<u32>) -> Self {
        counts.sort_unstable();
        let mut bands = [0; 4];
        for &count in &counts {
            bands[match count {
                0 | 1 => count as usize,
                2 | 3 => 2,
                _ => 3,
            }] += 1;
        }
        Self {
            bands,
            gini_percent: gini_percent(&counts),
        }
    }
}

/// 2 · Σ n·count(n) / (people · Σ count) − (people + 1) / people over counts in rising order, n from 1. (C. Gini,
/// *Variabilità e mutabilità*, 1912.)
fn gini_percent(rising: &[u32]) -> Option<u32> {
    let people = rising.len() as u64;
    let all: u64 = rising.iter().map(|&count| u64::from(count)).sum();
    if rising.len() < PEOPLE_MIN || all == 0 {
        return None;
    }
    let weighted: u64 = (1..).zip(rising).map(|(n, &count)| n * u64::from(count)).sum();
    let (above, below) = (2 * weighted - (people + 1) * all, people * all);
    Some(((200 * above + below) / (2 * below)) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted_by_band() {
        let spread = Spread::of(vec![0, 4, 1, 0, 3, 2, 9]);
        assert_eq!(spread.bands, [2, 1, 2, 2]);
        assert_eq!(Spread::of(vec![]), Spread::default());
    }

    #[test]
    fn the_coefficient_is_that_of_gini() {
        let gini = |counts: &[u32]| Spread::of(counts.to_vec()).gini_percent;
        assert_eq!(gini(&[2, 2, 2, 2, 2]), Some(0));
        assert_eq!(gini(&[0, 0, 5, 0, 0]), Some(80), "one has all: 1 − 1/5");
        // Σ|a − b| over all pairs both ways = 40, 2·n²·mean = 2·25·3.
        assert_eq!(gini(&[1, 2, 3, 4, 5]), Some(27));
        assert_eq!(gini(&[1, 2, 3, 4]), None, "four people would be known");
        assert_eq!(gini(&[0; 9]), None);
    }
}
