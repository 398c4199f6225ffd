//! Exact integer counts in time buckets, and their decay when read.
//!
//! Counts are added and taken back in any order with the same result; only reading turns them into a number, in the
//! order of time.

use crate::domain::{Day, Timestamp};

/// Counts by bucket number (day or week), in order of time, never zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buckets(Vec<(i32, u32)>);

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

    /// Σ count · 2^(−age / half-life), in order of time. Monotone in every count; cost: one product a bucket.
    pub fn decayed(&self, decay: &Decay) -> f64 {
        self.0
            .iter()
            .map(|&(bucket, count)| f64::from(count) * decay.weight(bucket))
            .sum()
    }
}

/// How far back weights are laid out.
const TABLED_DAYS: f64 = 4_018.0;

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

/// Exponential decay seen from one instant: weight = 2^(−age / half-life), age = max(0, instant − end of bucket).
#[derive(Clone, Debug)]
pub struct Decay {
    newest: i32,
    weights: Vec<f64>,
    step: f64,
}

impl Decay {
    /// Decay as of `as_of` with a half-life in days, for buckets of `width`. An infinite half-life keeps every weight 1.
    ///
    /// Cost: one product for each bucket of eleven years; older buckets go on from the last by a power.
    pub fn new(as_of: Timestamp, half_life_days: f64, width: Width) -> Self {
        let newest = width.bucket(as_of);
        if half_life_days.is_infinite() {
            return Self {
                newest,
                weights: vec![1.0],
                step: 1.0,
            };
        }
        let step = libm::exp2(-width.days() / half_life_days);
        let age_micros = as_of.micros().saturating_sub(width.end(newest - 1).micros()).max(0);
        let first = libm::exp2(-(age_micros as f64 / 86_400e6) / half_life_days);
        let buckets = (TABLED_DAYS / width.days()) as usize;
        let mut weights = Vec::with_capacity(buckets + 1);
        // The bucket that holds the instant has not ended: its age is zero.
        weights.push(1.0);
        let mut weight = first;
        for _ in 0..buckets {
            weights.push(weight);
            weight *= step;
        }
        Self { newest, weights, step }
    }

    /// The weight of one count in `bucket`, in 0..=1; 1 for a bucket that has not ended.
    pub fn weight(&self, bucket: i32) -> f64 {
        let age = usize::try_from(self.newest - bucket).unwrap_or(0);
        self.weights.get(age).copied().unwrap_or_else(|| {
            let last = self.weights.len() - 1;
            self.weights[last] * libm::pow(self.step, (age - last) as f64)
        })
    }
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
        let decay = Decay::new(Day::from_days(31).start(), 30.0, Width::Day);
        assert!((decay.weight(0) - 0.5).abs() < 1e-12);
        assert!(
            (decay.weight(30) - 1.0).abs() < 1e-12,
            "yesterday ended this very instant"
        );
        assert!((decay.weight(31) - 1.0).abs() < 1e-12);
        assert!((decay.weight(99) - 1.0).abs() < 1e-12, "the future has no age");
    }

    #[test]
    fn old_buckets_go_on_decaying() {
        let decay = Decay::new(noon(10_000), 3.0, Width::Day);
        assert!(decay.weight(5_000) < decay.weight(9_930));
        let endless = Decay::new(noon(10_000), f64::INFINITY, Width::Week);
        assert!((endless.weight(0) - 1.0).abs() < f64::EPSILON);
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
            let decay = Decay::new(noon(20), 7.0, Width::Day);
            prop_assert_eq!(all.decayed(&decay).to_bits(), only.decayed(&decay).to_bits());
        }
    }
}
