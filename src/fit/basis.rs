//! The latent basis of an organisation's questions: a truncated singular value decomposition of their tf-idf.
//!
//! Deterministic on processors of one kind: the random start comes from a seed, terms are in the order of their bytes, and
//! questions in that of their identifiers; products of matrices are summed in the order that suits the processor.

use super::linear::{eigen, orthonormalise};
use crate::chance::Draws;
use crate::world::latent::{Basis, DIMS, RawBasis, TermKey};
use crate::world::{Ix as _, PersonIx, QuestionIx, View};
use ndarray::{Array2, Axis, Slice};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Distinct askers who must have used a term: a word that only one or two write says more about them than about a subject.
const ASKERS_MIN: usize = 3;
/// A term in more than this share of the questions says nothing.
const COMMON_SHARE: f64 = 0.2;
/// Questions with words below which there is no basis: its directions would be the questions themselves.
pub const QUESTIONS_MIN: usize = 50;
/// What every basis starts from: the same questions give the same basis.
pub const SEED: u64 = 0x5eed;
/// Columns beyond those kept, and passes over the matrix: what makes the random start forget itself.
const OVERSAMPLING: usize = 16;
const PASSES: usize = 3;
/// A squared singular value below this share of the first one is noise.
const NOISE: f64 = 1e-9;

/// The matrix: one row a question, each of length one.
struct Matrix {
    rows: Vec<Vec<(usize, f64)>>,
    columns: usize,
}

/// The basis of the questions of `view`; `None` when there are too few. Terms are hashed under `key`. Cost: about
/// 8 · 144 products for each term of each question, and 144² for each question and term.
/// (N. Halko, P. Martinsson, J. Tropp, *Finding structure with randomness*, 2011: randomised subspace iteration.)
pub fn basis(view: &View, key: TermKey, seed: u64) -> Option<Basis> {
    truncated(view, key, seed, DIMS)
}

/// The basis of a measurement, of which nothing is kept: its terms need no secret.
pub fn unkept_basis(view: &View) -> Option<Arc<Basis>> {
    basis(view, TermKey([0; 16]), SEED).map(Arc::new)
}

/// The same with `dims` directions, at most [`DIMS`].
fn truncated(view: &View, key: TermKey, seed: u64, dims: usize) -> Option<Basis> {
    let questions = questions(view);
    if questions.len() < QUESTIONS_MIN {
        return None;
    }
    let (terms, rarity) = vocabulary(view, &questions);
    if terms.is_empty() {
        return None;
    }
    let matrix = Matrix::of(view, &questions, &terms, &rarity);
    let width = (dims + OVERSAMPLING).min(terms.len());
    let mut z = orthonormalise(&start(terms.len(), width, seed));
    for _ in 0..PASSES {
        let y = orthonormalise(&matrix.times(&z));
        z = orthonormalise(&matrix.transposed_times(&y));
    }
    let y = matrix.times(&z);
    let (values, vectors) = eigen(&y.t().dot(&y));
    // Directions in which the questions hardly differ are noise.
    let told = values.iter().take_while(|&&value| value > values[0] * NOISE).count();
    let kept = dims.min(told);
    let turned = z.dot(&vectors.slice_axis(Axis(1), Slice::from(..kept)));
    let loadings = turned.rows().into_iter().map(|row| {
        let mut loading = [0.0_f32; DIMS];
        for (place, x) in loading.iter_mut().zip(row) {
            *place = *x as f32;
        }
        loading
    });
    let raw = RawBasis {
        loadings: loadings.collect(),
        terms: terms.into_iter().map(str::to_owned).collect(),
        rarity: rarity.into_iter().map(|x| x as f32).collect(),
    };
    Some(Basis::new(raw, key))
}

/// Questions that have words, in the order of identifiers.
fn questions(view: &View) -> Vec<QuestionIx> {
    let all = view.questions.iter().filter(|(ix, _)| view.texts.contains(ix.row()));
    let mut questions: Vec<_> = all.map(|(ix, node)| (&node.id, ix)).collect();
    questions.sort_unstable();
    questions.into_iter().map(|(_, ix)| ix).collect()
}

/// The terms that have a place, in the order of their bytes, with their rarity ln(questions / questions with the term).
fn vocabulary<'v>(view: &'v View, questions: &[QuestionIx]) -> (Vec<&'v str>, Vec<f64>) {
    let mut seen: BTreeMap<&str, (usize, Vec<PersonIx>)> = BTreeMap::new();
    for &question in questions {
        let asker = view.shown_asker(question);
        for (term, _) in view.texts.terms_of(question.row()) {
            let (count, askers) = seen.entry(term).or_default();
            *count += 1;
            if let Some(asker) = asker.filter(|asker| askers.len() < ASKERS_MIN && !askers.contains(asker)) {
                askers.push(asker);
            }
        }
    }
    let all = questions.len() as f64;
    let kept = seen
        .into_iter()
        .filter(|(_, (count, askers))| askers.len() >= ASKERS_MIN && *count as f64 <= all * COMMON_SHARE);
    kept.map(|(term, (count, _))| (term, libm::log(all / count as f64)))
        .unzip()
}

impl Matrix {
    fn of(view: &View, questions: &[QuestionIx], terms: &[&str], rarity: &[f64]) -> Self {
        let row = |question: &QuestionIx| {
            let counted = view.texts.terms_of(question.row());
            let known = counted.into_iter().filter_map(|(term, count)| {
                let column = terms.binary_search(&term).ok()?;
                Some((column, (1.0 + libm::log(f64::from(count))) * rarity[column]))
            });
            let mut row: Vec<_> = known.collect();
            let length = row.iter().map(|(_, x)| x * x).sum::<f64>().sqrt();
            row.iter_mut().for_each(|(_, x)| *x /= length.max(f64::MIN_POSITIVE));
            row
        };
        Self {
            rows: questions.iter().map(row).collect(),
            columns: terms.len(),
        }
    }

    fn times(&self, z: &Array2<f64>) -> Array2<f64> {
        let mut product = Array2::zeros((self.rows.len(), z.ncols()));
        for (row, mut out) in self.rows.iter().zip(product.rows_mut()) {
            for &(column, x) in row {
                out.scaled_add(x, &z.row(column));
            }
        }
        product
    }

    fn transposed_times(&self, y: &Array2<f64>) -> Array2<f64> {
        let mut product = Array2::zeros((self.columns, y.ncols()));
        for (row, other) in self.rows.iter().zip(y.rows()) {
            for &(column, x) in row {
                product.row_mut(column).scaled_add(x, &other);
            }
        }
        product
    }
}

/// Signs drawn from `seed`.
fn start(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let mut draws = Draws(seed);
    Array2::from_shape_simple_fn((rows, columns), || if draws.any() & 1 == 0 { 1.0 } else { -1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Fact, Timestamp};
    use crate::ingest::{FutureRule, decode};
    use crate::world::World;

    fn apply(world: &mut World, number: usize, kind: &str, data: &str) {
        let (day, hour) = (number / 24 + 1, number % 24);
        let line = format!(
            r#"{{"id":"{number}","source":"s","type":"{kind}","at":"2024-01-{day:02}T{hour:02}:00:00Z","data":{{{data}}}}}"#
        );
        let now = Timestamp::from_micros(0);
        let fact: Fact = decode(line.as_bytes(), FutureRule::Accept { now })
            .expect("an event")
            .fact;
        world.apply(fact);
    }

    const TITLES: [&str; 10] = [
        "disk storage",
        "volume storage",
        "grape harvest",
        "vineyard harvest",
        "rental contract",
        "tenant contract",
        "engine noise",
        "gearbox noise",
        "payroll slip",
        "salary slip",
    ];

    /// A hundred and twenty questions on five subjects: `disk` never stands beside `volume`, but both stand beside
    /// `storage`.
    fn world() -> World {
        let mut world = World::default();
        for n in 0..120 {
            let once = if n == 7 { " zanzibar" } else { "" };
            let (asker, title) = (n % 7, TITLES[n % TITLES.len()]);
            let data = format!(r#""question":"q{n}","asker":"p{asker}","title":"{title}{once}","language":"en""#);
            apply(&mut world, n, "question.created", &data);
        }
        world
    }

    const KEY: TermKey = TermKey([1; 16]);

    #[test]
    fn words_used_alike_are_close_though_they_never_meet() {
        let world = world();
        let basis = truncated(world.view(), KEY, 1, 5).expect("enough questions");
        let fold = |term: &'static str| basis.fold([(term, 1)]).expect("a known term");
        let (disk, volume, grape) = (fold("disk"), fold("volum"), fold("grape"));
        assert!(disk.cosine(&volume) > 0.5, "{}", disk.cosine(&volume));
        assert!(disk.cosine(&grape).abs() < 0.1, "{}", disk.cosine(&grape));
    }

    #[test]
    fn it_is_the_same_each_time_and_holds_no_word_of_one_person() {
        let world = world();
        let bytes = |seed| basis(world.view(), KEY, seed).expect("enough questions").encode();
        assert_eq!(bytes(1), bytes(1));
        let found = basis(world.view(), KEY, 1).expect("enough questions");
        assert_eq!(found.fold([("zanzibar", 1)]), None);
    }

    #[test]
    fn few_questions_have_no_basis() {
        let mut world = World::default();
        apply(
            &mut world,
            0,
            "question.created",
            r#""question":"q","asker":"p","title":"disk storage""#,
        );
        assert!(basis(world.view(), KEY, 1).is_none());
    }
}
