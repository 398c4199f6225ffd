//! Numbers that carry their range. Evidence is kept in integers, so that sums do not depend on their order.

/// A level of skill, 0..=1, kept in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u32);

impl Level {
    /// The level `value`; `None` outside 0..=1.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then(|| Self((value * 1e6).round() as u32))
    }

    /// The level as a number in 0..=1.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

/// Hours within one week, 0..=168, kept in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hours(u32);

impl Hours {
    /// The most hours a week has.
    pub const MAX: f64 = 168.0;

    /// `value` hours; `None` outside 0..=168.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=Self::MAX)
            .contains(&value)
            .then(|| Self((value * 1e3).round() as u32))
    }

    /// The number of hours.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 1e3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_kept_at_their_edges() {
        assert!(Level::new(0.0).is_some() && Level::new(1.0).is_some());
        assert!(Level::new(1.000_001).is_none() && Level::new(-0.1).is_none() && Level::new(f64::NAN).is_none());
        assert!(Hours::new(168.0).is_some() && Hours::new(168.1).is_none());
    }
}
