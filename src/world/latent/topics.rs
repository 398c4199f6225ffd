//! What a person answers about: sums of question vectors by month, and the directions they amount to.

use super::{DIMS, LENGTH, Vector};
use crate::domain::Timestamp;
use std::sync::Arc;

/// Days of a month bucket.
const MONTH_DAYS: i32 = 30;
/// Months after which a question weighs half. On the fit part of four real places, three months told less
/// (`docs/QUALITY.md`).
const HALF_LIFE_MONTHS: f64 = 24.0;

/// Sums of vectors by month of thirty days. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topics(Arc<Months>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Months {
    /// In order of time, none without a question.
    months: Vec<Month>,
    /// Their direction; `None` without questions, or when they point nowhere.
    interest: Option<Interest>,
}

#[derive(Clone, Debug, PartialEq)]
struct Month {
    number: i32,
    questions: u32,
    sum: [i32; DIMS],
}

/// A direction of somebody's topics, of length one.
#[derive(Clone, Debug, PartialEq)]
pub struct Interest([f32; DIMS]);

impl Interest {
    /// The cosine of the angle to `vector`, in −1..=1 up to rounding. Cost: [`DIMS`] products.
    pub fn cosine(&self, vector: &Vector) -> f64 {
        // Eight sums side by side, always added up in the same order.
        let mut sums = [0.0_f32; 8];
        let (ours, theirs) = (self.0.as_chunks::<8>().0, vector.0.as_chunks::<8>().0);
        for (a, b) in ours.iter().zip(theirs) {
            for n in 0..8 {
                sums[n] += a[n] * f32::from(b[n]);
            }
        }
        f64::from(sums.iter().sum::<f32>() / LENGTH)
    }
}

impl Topics {
    /// Adds a question answered at `at`.
    pub fn add(&mut self, at: Timestamp, vector: &Vector) {
        let number = month_of(at);
        let inner = Arc::make_mut(&mut self.0);
        let place = inner.months.binary_search_by_key(&number, |month| month.number);
        let place = place.unwrap_or_else(|place| {
            let month = Month {
                number,
                questions: 0,
                sum: [0; DIMS],
            };
            inner.months.insert(place, month);
            place
        });
        let month = &mut inner.months[place];
        month.questions += 1;
        (month.sum.iter_mut().zip(&*vector.0)).for_each(|(sum, &x)| *sum += i32::from(x));
        inner.read();
    }

    /// Takes back a question that was added.
    ///
    /// # Panics
    /// When its month is empty: a contribution is taken back only after it was added.
    pub fn take(&mut self, at: Timestamp, vector: &Vector) {
        let number = month_of(at);
        let inner = Arc::make_mut(&mut self.0);
        let place = inner.months.binary_search_by_key(&number, |month| month.number);
        let place = place.expect("what is taken back was added before");
        let month = &mut inner.months[place];
        month.questions -= 1;
        (month.sum.iter_mut().zip(&*vector.0)).for_each(|(sum, &x)| *sum -= i32::from(x));
        if month.questions == 0 {
            inner.months.remove(place);
        }
        inner.read();
    }

    /// The direction of Σ 2^(−age / half-life) · vector. Ages are counted from the last month, which changes the length and
    /// not the direction: it is the same whenever it is read.
    pub fn interest(&self) -> Option<&Interest> {
        self.0.interest.as_ref()
    }
}

impl Months {
    fn read(&mut self) {
        self.interest = self.direction();
    }

    fn direction(&self) -> Option<Interest> {
        let last = self.months.last()?.number;
        let mut sum = [0.0_f64; DIMS];
        for month in &self.months {
            let weight = libm::exp2(-f64::from(last - month.number) / HALF_LIFE_MONTHS);
            for (sum, &x) in sum.iter_mut().zip(&month.sum) {
                *sum += weight * f64::from(x);
            }
        }
        let square: f64 = sum.iter().map(|x| x * x).sum();
        let length = square.sqrt();
        (length > 1e-6).then(|| Interest(sum.map(|x| (x / length) as f32)))
    }
}

fn month_of(at: Timestamp) -> i32 {
    at.day().days().div_euclid(MONTH_DAYS)
}
