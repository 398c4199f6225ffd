//! Numbers that look like chance and are the same on every machine and in every release: samples, turns of the day and
//! resampled figures rest on them.
//!
//! Must not be used where a number has to be secret: whoever knows the seed knows them all.

/// The increment of `SplitMix64`: 2^64 over the golden ratio, odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// `bytes` folded into a number: FNV-1a. What ends alike stays near: see [`mixed`]. (G. Fowler, L. Noll, K.-P. Vo, 1991.)
pub fn hashed(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// `number` and `salt` mixed, so that numbers that differ in one bit part: the finaliser of `SplitMix64`. (G. Steele, D. Lea,
/// C. Flood, *Fast splittable pseudorandom number generators*, 2014.)
pub const fn mixed(number: u64, salt: u64) -> u64 {
    finished(number ^ salt.wrapping_mul(GOLDEN))
}

/// A number that depends on `parts` alone: [`hashed`], each with a zero behind it, then the last steps of `MurmurHash3`. (A.
/// Appleby, 2011.)
pub fn drawn(parts: &[&[u8]]) -> u64 {
    let hash = hashed(parts.iter().flat_map(|part| part.iter().copied().chain([0])));
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// One number after another, from a seed: `SplitMix64`.
pub struct Draws(pub u64);

impl Draws {
    /// What comes after `count` numbers from `seed`.
    pub const fn after(seed: u64, count: u64) -> Self {
        Self(seed.wrapping_add(count.wrapping_mul(GOLDEN)))
    }

    /// The next one.
    pub const fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        finished(self.0)
    }

    /// A number below `count`, which is above 0; each as likely, but for `count` / 2^64.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.any()) * count as u128) >> 64) as usize
    }

    /// A number in 0..1, a multiple of 2^-53.
    pub fn share(&mut self) -> f64 {
        (self.any() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

const fn finished(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn they_are_the_published_ones() {
        // Of the reference programs of their authors.
        assert_eq!(hashed(*b"foobar"), 0x8594_4171_f739_67e8);
        let mut draws = Draws(1_234_567);
        let first = [draws.any(), draws.any(), draws.any()];
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn what_comes_after_some_is_what_is_drawn_after_them() {
        let mut draws = Draws(9);
        (0..5).for_each(|_| _ = draws.any());
        assert_eq!(Draws::after(9, 5).any(), draws.any());
    }

    #[test]
    fn draws_are_within_bounds_and_reach_them() {
        let mut draws = Draws(7);
        let found: BTreeSet<usize> = (0..100).map(|_| draws.below(5)).collect();
        assert_eq!(found, (0..5).collect());
        assert!((0..1000).all(|_| (0.0..1.0).contains(&draws.share())));
    }

    #[test]
    fn what_ends_alike_parts() {
        let [low, high] = [b"a", b"b"].map(|end| drawn(&[b"person", end]));
        assert!((low ^ high).count_ones() > 10);
        assert_ne!(drawn(&[b"ab", b"c"]), drawn(&[b"a", b"bc"]));
        assert!((mixed(1, 0) ^ mixed(1, 1)).count_ones() > 10);
    }
}
