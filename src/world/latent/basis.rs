//! The basis: what each term says about the subject of a text.

use super::{DIMS, Vector};
use hashbrown::HashMap;
use siphasher::sip::SipHasher24;
use std::fmt;
use std::hash::Hasher as _;

/// The key under which terms are hashed: whoever has the basis but not the key cannot try words on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TermKey(pub [u8; 16]);

impl TermKey {
    fn hash(self, term: &str) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        hasher.write(term.as_bytes());
        hasher.finish()
    }
}

impl fmt::Debug for TermKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TermKey(…)")
    }
}

/// What a basis is made of, one row a term.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawBasis {
    /// Terms, in the order of their bytes.
    pub terms: Vec<String>,
    /// How much each tells: its inverse document frequency, ≥ 0.
    pub rarity: Vec<f32>,
    /// What each says about the subject.
    pub loadings: Vec<[f32; DIMS]>,
}

/// Why bytes are no basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasisError {
    /// Another form, or cut off.
    #[error("the bytes are no latent basis of this version")]
    Form,
    /// A number that no basis has.
    #[error("row {0} of the latent basis holds a number that is not finite")]
    Number(usize),
}

/// The first bytes of a basis: its form and version.
const MAGIC: &[u8; 8] = b"antlat1\0";

/// Turns terms into vectors. Terms are known by keyed hashes only.
pub struct Basis {
    key: TermKey,
    rows: HashMap<u64, u32>,
    hashes: Vec<u64>,
    rarity: Vec<f32>,
    loadings: Vec<[f32; DIMS]>,
}

impl fmt::Debug for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Basis({} terms)", self.hashes.len())
    }
}

impl Basis {
    /// The basis of `raw`, its terms hashed under `key`. Of two terms with one hash the first counts.
    pub fn new(raw: RawBasis, key: TermKey) -> Self {
        let hashes = raw.terms.iter().map(|term| key.hash(term)).collect();
        Self::of_hashes(key, hashes, raw.rarity, raw.loadings)
    }

    fn of_hashes(key: TermKey, hashes: Vec<u64>, rarity: Vec<f32>, loadings: Vec<[f32; DIMS]>) -> Self {
        let mut rows = HashMap::with_capacity(hashes.len());
        for (&hash, row) in hashes.iter().zip(0..) {
            rows.entry(hash).or_insert(row);
        }
        Self {
            key,
            rows,
            hashes,
            rarity,
            loadings,
        }
    }

    /// How many terms it knows.
    pub fn terms(&self) -> usize {
        self.hashes.len()
    }

    /// Folds a text in: the direction of Σ (1 + ln count) · rarity · loading over its terms, which come in the order of
    /// their bytes; `None` when none is known. Cost: [`DIMS`] products a known term.
    /// (S. Deerwester et al., *Indexing by latent semantic analysis*, 1990.)
    pub fn fold<'t>(&self, terms: impl IntoIterator<Item = (&'t str, u16)>) -> Option<Vector> {
        let mut sum = [0.0_f32; DIMS];
        for (term, count) in terms {
            let Some(&row) = self.rows.get(&self.key.hash(term)) else {
                continue;
            };
            let weight = (1.0 + libm::logf(f32::from(count.max(1)))) * self.rarity[row as usize];
            for (sum, loading) in sum.iter_mut().zip(&self.loadings[row as usize]) {
                *sum += weight * loading;
            }
        }
        Vector::of(&sum)
    }

    /// It as bytes, little-endian: a mark, the number of terms, then for each its hash, rarity and loadings.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.hashes.len() * (12 + 4 * DIMS));
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&(self.hashes.len() as u64).to_le_bytes());
        for ((hash, rarity), loadings) in self.hashes.iter().zip(&self.rarity).zip(&self.loadings) {
            bytes.extend_from_slice(&hash.to_le_bytes());
            bytes.extend_from_slice(&rarity.to_le_bytes());
            loadings.iter().for_each(|x| bytes.extend_from_slice(&x.to_le_bytes()));
        }
        bytes
    }

    /// The basis that [`Self::encode`] wrote, read under the key that it was made with.
    ///
    /// # Errors
    /// When the bytes are of another form, cut off, or hold a number that is not finite.
    pub fn decode(bytes: &[u8], key: TermKey) -> Result<Self, BasisError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(BasisError::Form)?;
        let (count, rest) = rest.split_first_chunk::<8>().ok_or(BasisError::Form)?;
        let (rows, tail) = rest.as_chunks::<{ 12 + 4 * DIMS }>();
        if !tail.is_empty() || u64::from_le_bytes(*count) != rows.len() as u64 {
            return Err(BasisError::Form);
        }
        let (mut hashes, mut rarities, mut loadings) = (Vec::new(), Vec::new(), Vec::new());
        for (number, row) in rows.iter().enumerate() {
            let (hash, rest) = row.split_first_chunk::<8>().ok_or(BasisError::Form)?;
            let mut numbers = rest.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
            let rarity = numbers.next().ok_or(BasisError::Form)?;
            let mut loading = [0.0; DIMS];
            loading
                .iter_mut()
                .zip(numbers)
                .for_each(|(place, number)| *place = number);
            if !rarity.is_finite() || !loading.iter().all(|x| x.is_finite()) {
                return Err(BasisError::Number(number));
            }
            hashes.push(u64::from_le_bytes(*hash));
            rarities.push(rarity);
            loadings.push(loading);
        }
        Ok(Self::of_hashes(key, hashes, rarities, loadings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis() -> Basis {
        let axis = |n: usize| {
            let mut row = [0.0; DIMS];
            row[n] = 1.0;
            row
        };
        let raw = RawBasis {
            terms: vec!["cache".into(), "redis".into(), "wine".into()],
            rarity: vec![1.0, 2.0, 3.0],
            loadings: vec![axis(0), axis(0), axis(1)],
        };
        Basis::new(raw, TermKey([7; 16]))
    }

    #[test]
    fn words_used_alike_are_close_and_unknown_ones_say_nothing() {
        let basis = basis();
        let fold = |terms: &[(&'static str, u16)]| basis.fold(terms.iter().copied());
        let (cache, redis, wine) = (fold(&[("cache", 1)]), fold(&[("redis", 3)]), fold(&[("wine", 1)]));
        let cosine = |a: &Option<Vector>, b: &Option<Vector>| a.as_ref().unwrap().cosine(b.as_ref().unwrap());
        assert!(cosine(&cache, &redis) > 0.999);
        assert!(cosine(&cache, &wine).abs() < 0.001);
        assert_eq!(fold(&[("unheard", 1)]), None);
        assert_eq!(fold(&[("unheard", 1), ("wine", 1)]), wine);
    }

    #[test]
    fn bytes_come_back_as_they_were_and_damage_is_told() {
        let basis = basis();
        let bytes = basis.encode();
        let back = Basis::decode(&bytes, TermKey([7; 16])).expect("just written");
        assert_eq!(back.encode(), bytes);
        assert_eq!(back.fold([("wine", 2)]), basis.fold([("wine", 2)]));
        assert_eq!(
            Basis::decode(&bytes[..bytes.len() - 1], TermKey([7; 16])).unwrap_err(),
            BasisError::Form
        );
        let mut nan = bytes.clone();
        nan[24..28].copy_from_slice(&f32::NAN.to_le_bytes());
        assert_eq!(
            Basis::decode(&nan, TermKey([7; 16])).unwrap_err(),
            BasisError::Number(0)
        );
        let other = Basis::decode(&bytes, TermKey([8; 16])).expect("the form is right");
        assert_eq!(other.fold([("wine", 2)]), None, "another key knows no word");
    }
}
