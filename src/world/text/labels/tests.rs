//! Which labels are found where.

use super::*;
use proptest::prelude::*;

const LABELS: [&str; 14] = [
    "C",
    "R",
    "Go",
    "C++",
    "C#",
    ".NET",
    "ASP.NET",
    "Java",
    "habilitation électrique",
    "électricité",
    "R&D",
    "base de données",
    "base",
    "CI/CD",
];

fn index() -> LabelIndex {
    let mut index = LabelIndex::default();
    for (id, label) in LABELS.iter().enumerate() {
        index.add(label, id as u32);
    }
    index
}

/// The labels found, each with the text it was found in.
fn found(text: &str) -> Vec<(&'static str, &str)> {
    index()
        .find(text)
        .into_iter()
        .map(|(id, range)| (LABELS[id as usize], &text[range]))
        .collect()
}

#[test]
fn short_labels_match_by_case_and_alone() {
    assert_eq!(found("C or R?"), [("C", "C"), ("R", "R")]);
    assert_eq!(found("c, r, go, GO"), []);
    assert_eq!(found("written in Go."), [("Go", "Go")]);
    assert_eq!(found("C-section, C's, R2, main.C, X.R.Y"), []);
    assert_eq!(found("C/C++"), [("C", "C"), ("C++", "C++")]);
}

#[test]
fn signs_distinguish_labels() {
    assert_eq!(
        found("c++ and c# and .net"),
        [("C++", "c++"), ("C#", "c#"), (".NET", ".net")]
    );
    assert_eq!(found("net asp C+++"), [("C++", "C++")]);
    assert_eq!(found("in Asp.Net"), [("ASP.NET", "Asp.Net")]);
    assert_eq!(found("It crashed.Java again."), [("Java", "Java")]);
    assert_eq!(found("R & D, R&D"), [("R&D", "R & D"), ("R&D", "R&D")]);
}

#[test]
fn separators_case_and_accents_do_not() {
    for text in [
        "habilitation-electrique",
        "HABILITATION ÉLECTRIQUE",
        "habilitation_électrique",
    ] {
        assert_eq!(found(text), [("habilitation électrique", text)]);
    }
    assert_eq!(found("l’électricité"), [("électricité", "électricité")]);
    assert_eq!(found("ci-cd"), [("CI/CD", "ci-cd")]);
    assert_eq!(found("habilitation. Électrique"), [], "a label does not span sentences");
}

#[test]
fn the_longest_label_wins_and_plurals_are_tolerated() {
    assert_eq!(found("Bases de données"), [("base de données", "Bases de données")]);
    assert_eq!(found("base de vie"), [("base", "base")]);
    assert_eq!(
        found("habilitations électriques"),
        [("habilitation électrique", "habilitations électriques")]
    );
}

#[test]
fn labels_are_counted_and_shared() {
    let mut index = LabelIndex::default();
    index.add("Rust", 1);
    index.add("rust", 1);
    index.add("RUST", 0);
    let snapshot = index.clone();
    assert_eq!(index.find("Rust"), [(0, 0..4), (1, 0..4)]);
    assert!(index.remove("Rust", 1));
    assert_eq!(index.find("Rust").len(), 2, "one occurrence is left");
    assert!(index.remove("Rust", 1) && !index.remove("Rust", 1));
    assert_eq!(index.find("Rust"), [(0, 0..4)]);
    assert_eq!(snapshot.len(), 3);
    assert_eq!(snapshot.find("Rust").len(), 2);
}

#[test]
fn empty_labels_and_texts_find_nothing() {
    let mut index = LabelIndex::default();
    index.add(" — ", 1);
    assert!(index.is_empty());
    assert_eq!(self::index().find(""), []);
}

proptest! {
    /// Any sequence of additions and removals leaves what a fresh index of the rest would hold.
    #[test]
    fn removal_is_exact(operations in prop::collection::vec((any::<bool>(), 0..LABELS.len(), 0_u32..3), 0..60)) {
        let mut index = LabelIndex::default();
        let mut model: Vec<(usize, u32)> = Vec::new();
        for (add, label, id) in operations {
            if add {
                index.add(LABELS[label], id);
                model.push((label, id));
            } else {
                let place = model.iter().position(|entry| *entry == (label, id));
                prop_assert_eq!(index.remove(LABELS[label], id), place.is_some());
                place.map(|place| model.remove(place));
            }
        }
        let mut fresh = LabelIndex::default();
        for (label, id) in &model {
            fresh.add(LABELS[*label], *id);
        }
        prop_assert_eq!(index.len(), fresh.len());
        for shard in 0..SHARDS {
            prop_assert_eq!(index.shards.get(shard), fresh.shards.get(shard));
        }
    }

    #[test]
    fn any_label_finds_itself(label in "[A-Za-zé0-9]{3,12}([ -][a-zé]{2,8}){0,3}") {
        let mut index = LabelIndex::default();
        index.add(&label, 7);
        let text = format!("({label})");
        prop_assert_eq!(index.find(&text), vec![(7, 1..1 + label.len())]);
    }
}
