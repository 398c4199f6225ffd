//! The laws of the index: exact under any order of writes, snapshots unmoved, top-k as by brute force.

use super::*;
use crate::world::text::{Hit, Scratch};
use proptest::prelude::*;
use std::cmp::Ordering;
use std::collections::BTreeMap;

const WORDS: [&str; 12] = [
    "alpha", "beta", "gamma", "delta", "cache", "index", "query", "proxy", "shell", "#sql", "réseau", "zeta",
];

/// No term is passed over: small worlds are all common terms.
fn index() -> TextIndex {
    TextIndex::new(Bm25 {
        common_percent: 100,
        ..Bm25::default()
    })
}

fn document(words: &[usize]) -> Document {
    Document::from_terms(words.iter().map(|word| (WORDS[*word], 1)))
}

fn words() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..WORDS.len(), 0..9)
}

/// The answer as bits, so that equality means to the bit.
fn bits(hits: &[Hit]) -> Vec<(u32, u32)> {
    hits.iter().map(|hit| (hit.doc, hit.score.to_bits())).collect()
}

fn top(index: &TextIndex, query: &Document, k: usize) -> Vec<Hit> {
    index.top(query, k, &mut Scratch::default(), |a, b| a.cmp(&b), |_| true)
}

fn fresh(model: &BTreeMap<u32, Vec<usize>>) -> TextIndex {
    let mut index = index();
    for (doc, words) in model {
        index.add(*doc, &document(words));
    }
    index
}

fn assert_same(index: &TextIndex, model: &BTreeMap<u32, Vec<usize>>, query: &Document) -> Result<(), TestCaseError> {
    let expected = &fresh(model);
    prop_assert_eq!(index.len(), expected.len());
    prop_assert_eq!(index.total_length, expected.total_length);
    prop_assert_eq!(index.term_count(), expected.term_count());
    for word in WORDS {
        prop_assert_eq!(index.doc_frequency(word), expected.doc_frequency(word));
    }
    prop_assert_eq!(bits(&top(index, query, 100)), bits(&top(expected, query, 100)));
    let like = |doc| index.top_like(doc, 100, &mut Scratch::default(), |a, b| a.cmp(&b), |_| true);
    let among = |documents: &BTreeMap<u32, Vec<usize>>| {
        documents
            .iter()
            .all(|(&doc, words)| bits(&like(doc)) == bits(&top(index, &document(words), 100)))
    };
    prop_assert!(among(model), "a document asks as its words do");
    let rows: Vec<u32> = (0..25).collect();
    for &doc in model.keys() {
        let mut wanted = vec![0_f32; rows.len()];
        like(doc).iter().for_each(|hit| wanted[hit.doc as usize] = hit.score);
        prop_assert_eq!(index.like_each(doc, &rows), wanted, "among few as among all");
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_interleaving_equals_a_fresh_index(
        operations in prop::collection::vec((0_u32..25, prop::option::weighted(0.7, words())), 0..80),
        snapshot_at in 0_usize..80,
        query in words(),
    ) {
        let query = document(&query);
        let (mut index, mut model, mut snapshot) = (index(), BTreeMap::new(), None);
        for (at, (doc, words)) in operations.into_iter().enumerate() {
            if at == snapshot_at {
                snapshot = Some((index.clone(), model.clone()));
            }
            if let Some(words) = words {
                index.add(doc, &document(&words));
                model.insert(doc, words);
            } else {
                prop_assert_eq!(index.retract(doc), model.remove(&doc).is_some());
            }
        }
        assert_same(&index, &model, &query)?;
        if let Some((snapshot, model)) = snapshot {
            assert_same(&snapshot, &model, &query)?;
        }
    }

    #[test]
    fn top_is_the_head_of_a_full_sort(
        documents in prop::collection::vec(words(), 1..200),
        query in words(),
        k in 0_usize..12,
        kept in 1_u32..4,
    ) {
        let mut index = index();
        for (doc, words) in documents.iter().enumerate() {
            index.add(doc as u32, &document(words));
        }
        let query = document(&query);
        // Descending numbers as the order of equals, to see that it is obeyed.
        let tie = |a: u32, b: u32| b.cmp(&a);
        let mut all: Vec<Hit> = (0..documents.len() as u32)
            .filter(|doc| doc % kept == 0)
            .map(|doc| Hit { doc, score: index.explain(&query, doc).iter().map(|word| word.contribution).sum() })
            .filter(|hit| hit.score > 0.0)
            .collect();
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| tie(a.doc, b.doc)));
        all.truncate(k);
        let found = index.top(&query, k, &mut Scratch::default(), tie, |doc| doc % kept == 0);
        prop_assert_eq!(bits(&found), bits(&all));
    }

    #[test]
    fn numbering_does_not_matter(
        (documents, order) in prop::collection::vec(words(), 1..60).prop_flat_map(|documents| {
            let order: Vec<u32> = (0..documents.len() as u32).collect();
            (Just(documents), Just(order).prop_shuffle())
        }),
        query in words(),
    ) {
        let (mut plain, mut permuted) = (index(), index());
        let mut external = vec![0; documents.len()];
        for (id, words) in documents.iter().enumerate() {
            plain.add(id as u32, &document(words));
            permuted.add(order[id], &document(words));
            external[order[id] as usize] = id as u32;
        }
        let query = document(&query);
        let by_external = |a: u32, b: u32| external[a as usize].cmp(&external[b as usize]);
        let found = permuted.top(&query, 10, &mut Scratch::default(), by_external, |_| true);
        let named: Vec<(u32, u32)> = found.iter().map(|hit| (external[hit.doc as usize], hit.score.to_bits())).collect();
        prop_assert_eq!(named, bits(&top(&plain, &query, 10)));
    }
}

#[test]
fn long_lists_survive_retraction_and_snapshots() {
    let mut index = index();
    for doc in 0..2_000_u32 {
        index.add(doc, &document(&[0, doc as usize % WORDS.len()]));
    }
    let snapshot = index.clone();
    (0..2_000).step_by(2).for_each(|doc| assert!(index.retract(doc)));
    let model: BTreeMap<u32, Vec<usize>> = (1..2_000)
        .step_by(2)
        .map(|doc: u32| (doc, vec![0, doc as usize % WORDS.len()]))
        .collect();
    let query = document(&[0, 3, 7]);
    assert_eq!(bits(&top(&index, &query, 50)), bits(&top(&fresh(&model), &query, 50)));
    assert_eq!(snapshot.doc_frequency("alpha"), 2_000);
    assert_eq!(index.doc_frequency("alpha"), 1_000);
}

#[test]
fn the_formula_is_the_documented_one() {
    let mut index = index();
    index.add(0, &Document::from_terms([("cache", 2), ("proxy", 2)]));
    index.add(1, &Document::from_terms([("proxy", 2)]));
    let query = Document::from_terms([("cache", 3)]);
    let idf = libm::log(1.0 + (2.0 - 1.0 + 0.5) / 1.5);
    let expected = 3.0 * idf * 2.2 * 2.0 / (2.0 + 1.2 * (0.25 + 0.75 * 4.0 / 3.0));
    let hits = top(&index, &query, 10);
    assert_eq!(hits.len(), 1);
    assert!(
        (f64::from(hits[0].score) - expected).abs() < 1e-6,
        "{} {expected}",
        hits[0].score
    );
}

#[test]
fn common_terms_are_passed_over_in_a_large_enough_index() {
    let mut index = TextIndex::default();
    for doc in 0..49 {
        index.add(doc, &document(&[0]));
    }
    assert!(!index.is_common("alpha"));
    index.add(49, &document(&[1]));
    assert!(index.is_common("alpha") && !index.is_common("beta"));
    assert_eq!(
        top(&index, &document(&[0, 1]), 10)
            .iter()
            .map(|hit| hit.doc)
            .collect::<Vec<_>>(),
        [49]
    );
}

#[test]
fn of_a_long_query_the_least_telling_words_are_passed_over() {
    let mut index = TextIndex::new(Bm25 {
        common_percent: 100,
        query_terms: 2,
        ..Bm25::default()
    });
    // `alpha` is in every document, `beta` in two, `gamma` and `delta` in one each.
    for (doc, words) in [(0, [0, 1, 2]), (1, [0, 1, 3]), (2, [0, 4, 5])] {
        index.add(doc, &document(&words));
    }
    let query = document(&[0, 1, 2, 3]);
    let found = top(&index, &query, 9);
    assert_eq!(
        found,
        top(&index, &document(&[2, 3]), 9),
        "as if only the rarest two had been asked for"
    );
    assert_eq!(found.iter().map(|hit| hit.doc).collect::<Vec<_>>(), [0, 1]);
    let parts = index.explain(&query, 0);
    assert_eq!(parts.iter().map(|part| part.term).collect::<Vec<_>>(), ["gamma"]);
    assert_eq!(parts[0].contribution.to_bits(), found[0].score.to_bits());
    index.add(3, &query);
    let like = index.top_like(3, 9, &mut Scratch::default(), |a, b| a.cmp(&b), |doc| doc != 3);
    assert_eq!(
        bits(&like),
        bits(&top(&index, &query, 9)[1..]),
        "a document of the index asks as its text does"
    );
}

#[test]
fn explanations_name_the_words_as_asked() {
    let mut index = index();
    index.add(4, &Document::of("Déployer un serveur", "", Some("fr")));
    let query = Document::of("Déploiements du serveur", "", Some("fr"));
    let words = index.explain(&query, 4);
    assert_eq!(
        words.iter().map(|word| word.surface).collect::<Vec<_>>(),
        ["déploiements", "serveur"]
    );
    assert!(words.iter().all(|word| word.contribution > 0.0));
    assert_eq!(index.explain(&query, 5), []);
}

#[test]
fn the_scratch_never_shows() {
    let mut index = index();
    (0..300).for_each(|doc| index.add(doc, &document(&[doc as usize % WORDS.len()])));
    let mut scratch = Scratch::default();
    let tie = |a: u32, b: u32| -> Ordering { a.cmp(&b) };
    for word in [1, 2, 1] {
        let query = document(&[word]);
        let reused = index.top(&query, 9, &mut scratch, tie, |_| true);
        assert_eq!(bits(&reused), bits(&top(&index, &query, 9)));
    }
}
