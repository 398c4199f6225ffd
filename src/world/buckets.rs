//! Exact integer counts in time buckets, and their decay when read.
//!
//! Counts are added and taken back in any order with the same result; only reading turns them into a number, in the
//! order of time.

use crate::domain::{Day, Timestamp};
use smallvec::SmallVec;

/// Counts by bucket number (day or week), in order of time, never zero.
///
/// Most people answered under most of their tags in a week or two: so many counts lie in the list of the tags itself, in the
/// room that the place of another list would take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buckets(SmallVec<[(i32, u32); 2]>);

impl Buckets {
    /// Adds one to `bucket`. Cost: logarithmic, linear when the bucket is new and not the latest.
    pub fn add(&mut self, bucket: i32) {
        match self.0.binary_search_by_key(&bucket, |&(b, _)| b) {
            Ok(place) => self.0[place].1 += 1,
            Err(place) => self.0.insert(place, (bucket, 1)),
        }
    }

    /// Takes one back from `bucket`.
    ///
    /// # Panics
    /// When the bucket is empty: a contribution is taken back only after it was added.
    pub fn take(&mut self, bucket: i32) {
        let place = self
            .0
            .binary_search_by_key(&bucket, |&(b, _)| b)
            .expect("what is taken back was added before");
        self.0[place].1 -= 1;
        if self.0[place].1 == 0 {
            self.0.remove(place);
        }
    }

    /// Whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sum of all counts.
    pub fn total(&self) -> u32 {
        self.0.iter().map(|&(_, count)| count).sum()
    }

    /// The latest bucket.
    pub fn latest(&self) -> Option<i32> {
        self.0.last().map(|&(bucket, _)| bucket)
    }

    /// Buckets and counts in order of time.
    pub fn iter(&self) -> impl Iterator<Item = (i32, u32)> + '_ {
        self.0.iter().copied()
    }

    /// Σ count · 2^(−age / half-life) at each half-life, in order of time. Monotone in every count; cost: one look-up and
    /// `N` products a bucket.
    pub fn decayed<const N: usize>(&self, decay: &Decay<N>) -> [f64; N] {
        let mut sums = [0.0; N];
        for &(bucket, count) in &self.0 {
            let weights = decay.weights(bucket);
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += f64::from(count) * weight;
            }
        }
        sums
    }
}

/// How wide a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// UTC days.
    Day,
    /// Weeks from Monday to Sunday.
    Week,
}

impl Width {
    /// The bucket that holds `at`.
    pub fn bucket(self, at: Timestamp) -> i32 {
        match self {
            Self::Day => at.day().days(),
            Self::Week => at.day().week(),
        }
    }

    fn days(self) -> f64 {
        match self {
            Self::Day => 1.0,
            Self::Week => 7.0,
        }
    }

    /// The instant at which `bucket` ends.
    fn end(self, bucket: i32) -> Timestamp {
        match self {
            Self::Day => Day::from_days(bucket).plus(1).start(),
            Self::Week => Day::of_week(bucket + 1).start(),
        }
    }
}

/// Buckets in one block of the weights' tables.
const BLOCK: usize = 64;
/// Blocks laid out: 45 years of days. What is older weighs what the last block does.
const BLOCKS: usize = 256;

/// Exponential decay at `N` half-lives, seen from one instant: weight = 2^(−age / half-life), age = max(0, instant − end
/// of bucket).
///
/// A weight is the product of two tabled ones, that of its block and that of its place in the block: the tables stay in
/// the nearest cache, and no power is taken when a weight is read.
#[derive(Clone, Debug)]
pub struct Decay<const N: usize> {
    newest: i32,
    places: [[f64; N]; BLOCK],
    blocks: Vec<[f64; N]>,
}

impl<const N: usize> Decay<N> {
    /// Decay as of `as_of` with half-lives in days, for buckets of `width`. An infinite half-life keeps every weight 1.
    pub fn new(as_of: Timestamp, half_life_days: [f64; N], width: Width) -> Self {
        let newest = width.bucket(as_of);
        // The newest bucket that has ended, at age index 1; the one that holds the instant has no age.
        let since = as_of.micros().saturating_sub(width.end(newest - 1).micros()).max(0);
        let first = half_life_days.map(|days| libm::exp2(-(since as f64 / 86_400e6) / days));
        let step = half_life_days.map(|days| libm::exp2(-width.days() / days));
        let stride = half_life_days.map(|days| libm::exp2(-width.days() * BLOCK as f64 / days));
        let mut places = [first; BLOCK];
        for n in 1..BLOCK {
            places[n] = product(places[n - 1], step);
        }
        let blocks = std::iter::successors(Some([1.0; N]), |&block| Some(product(block, stride)));
        Self {
            newest,
            places,
            blocks: blocks.take(BLOCKS).collect(),
        }
    }

    /// The weights of one count in `bucket`, in 0..=1; 1 for a bucket that has not ended.
    pub fn weights(&self, bucket: i32) -> [f64; N] {
        let Ok(ended) = usize::try_from(i64::from(self.newest) - i64::from(bucket) - 1) else {
            return [1.0; N];
        };
        let block = (ended / BLOCK).min(BLOCKS - 1);
        product(self.places[ended % BLOCK], self.blocks[block])
    }
}

fn product<const N: usize>(a: [f64; N], b: [f64; N]) -> [f64; N] {
    std::array::from_fn(|n| a[n] * b[n])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noon(day: i32) -> Timestamp {
        Day::from_days(day).start().plus_micros(43_200_000_000)
    }

    #[test]
    fn a_half_life_after_its_end_a_bucket_weighs_half() {
        let decay = Decay::new(Day::from_days(31).start(), [30.0, f64::INFINITY], Width::Day);
        let weight = |bucket| decay.weights(bucket)[0];
        assert!((weight(0) - 0.5).abs() < 1e-12);
        assert!((weight(30) - 1.0).abs() < 1e-12, "yesterday ended this very instant");
        assert!((weight(31) - 1.0).abs() < 1e-12);
        assert!((weight(99) - 1.0).abs() < 1e-12, "the future has no age");
        assert!(
            (decay.weights(-9_000)[1] - 1.0).abs() < f64::EPSILON,
            "endless is endless"
        );
    }

    #[test]
    fn an_older_bucket_never_weighs_more_and_each_weight_is_the_formula() {
        let decay = Decay::new(noon(10_000), [3.0, 180.0], Width::Day);
        for bucket in 9_000..10_000 {
            let (older, newer) = (decay.weights(bucket - 1), decay.weights(bucket));
            for (n, half_life) in [3.0, 180.0].into_iter().enumerate() {
                assert!(older[n] < newer[n], "bucket {bucket}");
                let age = f64::from((9_999 - bucket).max(0)) + if bucket < 10_000 { 0.5 } else { 0.0 };
                assert!(
                    (newer[n] - libm::exp2(-age / half_life)).abs() < 1e-12,
                    "bucket {bucket}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn adding_and_taking_back_commute(mut kept in prop::collection::vec(-50_i32..50, 0..40), gone in prop::collection::vec(-50_i32..50, 0..40)) {
            let mut all = Buckets::default();
            for &b in gone.iter().chain(&kept) { all.add(b); }
            for &b in &gone { all.take(b); }
            let mut only = Buckets::default();
            kept.reverse();
            for &b in &kept { only.add(b); }
            prop_assert_eq!(&all, &only);
            let decay = Decay::new(noon(20), [7.0], Width::Day);
            prop_assert_eq!(all.decayed(&decay)[0].to_bits(), only.decayed(&decay)[0].to_bits());
        }
    }
}
