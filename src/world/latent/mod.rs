//! Latent vectors: where a question, and what somebody answers, lies among the subjects of an organisation.
//!
//! A [`Basis`] turns counted terms into a [`Vector`] of integers; a person's [`Topics`] are sums of such vectors by month,
//! so that adding and taking back commute. Two texts that share no word can still be close, when their words are used
//! alike. It knows neither how a basis is found nor what its vectors are compared for.

mod basis;
mod topics;

pub use basis::{Basis, BasisError, RawBasis, TermKey};
pub use topics::{Interest, Topics};

use std::sync::Arc;

/// Numbers in a vector.
pub const DIMS: usize = 128;
/// The length of a vector, in the units of its numbers: a hundredth of a degree is still told apart, and the product of
/// two vectors fits 32 bits.
const LENGTH: f32 = 16_384.0;

/// A direction among subjects, of length one up to rounding. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vector(Arc<[i16; DIMS]>);

impl Vector {
    /// The direction of `sum`; `None` when it has none.
    fn of(sum: &[f32; DIMS]) -> Option<Self> {
        let square: f64 = sum.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
        if square <= f64::from(f32::MIN_POSITIVE) {
            return None;
        }
        let scale = f64::from(LENGTH) / square.sqrt();
        Some(Self(Arc::new(
            sum.map(|x| (f64::from(x) * scale).round_ties_even() as i16),
        )))
    }

    /// The cosine of the angle to `other`, in −1..=1 up to rounding.
    pub fn cosine(&self, other: &Self) -> f64 {
        f64::from(dot(&self.0, &other.0)) / f64::from(LENGTH * LENGTH)
    }
}

/// Σ a · b: within 32 bits, because both have length [`LENGTH`].
fn dot(a: &[i16; DIMS], b: &[i16; DIMS]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}
