//! What counts as the same word, case by case.

use super::*;
use proptest::prelude::*;

fn en(text: &str) -> Vec<String> {
    analyze(text, Stemming::English)
}

fn fr(text: &str) -> Vec<String> {
    analyze(text, Stemming::French)
}

fn raw(text: &str) -> Vec<String> {
    analyze(text, Stemming::None)
}

#[test]
fn french_elisions_fall_with_either_apostrophe() {
    for text in [
        "l'eau",
        "L’eau",
        "d'eau",
        "qu’eau",
        "jusqu'eau",
        "lorsqu'eau",
        "puisqu’eau",
        "quoiqu'eau",
    ] {
        assert_eq!(fr(text), ["eau"], "{text}");
    }
    assert_eq!(fr("j'n s'arrête"), ["arret"]);
    assert_eq!(fr("aujourd'hui"), fr("aujourdhui"));
    assert_eq!(
        raw("qu'est-ce qu'on m'a t'aime c'est n'y"),
        ["est", "ce", "estce", "on", "aime", "est"]
    );
    assert_eq!(fr("qu'est-ce"), ["est", "ce"], "a French inversion is no compound");
}

#[test]
fn english_possessives_and_contractions() {
    assert_eq!(en("the server's cache"), en("the server cache"));
    assert_eq!(en("the server’s"), en("the server"));
    assert_eq!(raw("don't"), ["dont"]);
    assert_eq!(raw("O'Brien"), ["obrien"]);
}

#[test]
fn french_inflections_meet() {
    assert_eq!(fr("déployer"), fr("déployées"));
    assert_eq!(fr("déployer"), fr("déployé"));
    assert_eq!(fr("déployer"), fr("déploiement"));
    assert_eq!(fr("déployer"), fr("déploiements"));
    assert_eq!(fr("sauvegardes"), fr("sauvegarder"));
    assert_eq!(fr("chevaux"), fr("cheval"));
    assert_eq!(fr("œuvre"), ["oeuvr"]);
}

#[test]
fn accents_are_folded_after_stemming() {
    assert_eq!(fr("réseaux"), fr("reseau"));
    assert_eq!(fr("sécurisée"), fr("sécuriser"));
    assert_ne!(
        fr("sécurité"),
        fr("securite"),
        "this suffix is only known with its accent"
    );
}

#[test]
fn english_inflections_meet() {
    assert_eq!(en("connecting"), en("connected"));
    assert_eq!(en("connections"), en("connect"));
    assert_eq!(en("queries"), en("query"));
    assert_eq!(en("naïve café"), en("naive cafe"));
}

#[test]
fn compounds_are_taken_apart_and_joined() {
    assert_eq!(raw("e-mail"), ["mail", "email"]);
    assert_eq!(raw("l’e-mail"), ["mail", "email"]);
    assert_eq!(raw("porte‑monnaie"), ["porte", "monnaie", "portemonnaie"]);
    assert_eq!(raw("state-of-the-art"), ["state", "of", "the", "art"]);
    assert_eq!(
        raw("SEC_ERROR_EXPIRED"),
        ["sec_error_expired", "sec", "error", "expired"]
    );
    assert_eq!(fr("peut-on"), ["peut", "on"]);
}

#[test]
fn technical_words_are_kept_whole() {
    assert_eq!(en("C++ and C#, F#."), ["c++", "and", "c#", "f#"]);
    assert_eq!(raw("C++11 notepad++"), ["c++", "11", "notepad++", "notepad"]);
    assert_eq!(raw("the .NET way"), ["the", ".net", "net", "way"]);
    assert_eq!(raw("wait...and"), ["wait", "and"]);
    assert_eq!(raw("Node.js"), ["node.js", "node", "js"]);
    assert_eq!(raw("ASP.NET"), ["asp.net", "asp", "net"]);
    assert_eq!(raw("TCP/IP I/O"), ["tcp", "tcp/ip", "ip", "i/o"]);
    assert_eq!(raw("docs/api/v2/index"), ["docs", "api", "v2", "index"]);
    assert_eq!(raw("version 1.2.3 or v1.2.3"), ["version", "1.2.3", "or", "1.2.3"]);
    assert_eq!(raw("python3.11"), ["python3.11", "python3"]);
    assert_eq!(raw("0x80070005"), ["0x80070005"]);
    assert_eq!(raw("ORA-01555"), ["ora", "01555", "ora-01555"]);
    assert_eq!(raw("CVE-2021-44228"), ["cve", "2021", "44228", "cve-2021-44228"]);
    assert_eq!(raw("UTF-8 SHA-256"), ["utf", "utf8", "sha", "256", "sha256"]);
    assert_eq!(raw("e.g. U.S.A."), ["eg", "usa"]);
}

#[test]
fn lone_letters_and_digits_are_dropped_but_ideographs_stay() {
    assert_eq!(raw("a b 3 C R à"), Vec::<String>::new());
    assert_eq!(raw("数据"), ["数", "据"]);
}

#[test]
fn compatibility_forms_meet() {
    assert_eq!(
        raw("ﬁle Ｗｉｎｄｏｗｓ™ soft\u{ad}ware"),
        ["file", "windows", "software"]
    );
}

#[test]
fn very_long_terms_are_cut_at_a_character() {
    let terms = raw(&"é".repeat(500));
    assert_eq!(terms, ["e".repeat(TERM_CHARS_MAX)]);
}

#[test]
fn the_surface_is_the_word_as_written() {
    let mut pairs = Vec::new();
    Analyzer::default().each("L'Équipe déployées", Stemming::French, |term, surface| {
        pairs.push((term.to_owned(), surface.to_owned()));
    });
    let expected = [("equip", "équipe"), ("deploi", "déployées")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(pairs, expected);
}

#[test]
fn a_stemming_for_each_tag() {
    assert_eq!(Stemming::of(Some("fr-CA")), Stemming::French);
    assert_eq!(Stemming::of(Some("EN")), Stemming::English);
    assert_eq!(Stemming::of(Some("de")), Stemming::None);
    assert_eq!(Stemming::of(None), Stemming::None);
}

proptest! {
    /// Whatever is thrown at it: no panic, no empty or tag-like or overlong term, and a buffer reused changes nothing.
    #[test]
    fn terms_are_well_formed(first in "\\PC{0,80}", second in "[a-zé'’.#+/_: \\-0-9]{0,80}") {
        let mut analyzer = Analyzer::default();
        for text in [&first, &second] {
            for stemming in [Stemming::English, Stemming::French, Stemming::None] {
                let mut terms = Vec::new();
                analyzer.each(text, stemming, |term, _| terms.push(term.to_owned()));
                prop_assert_eq!(&terms, &analyze(text, stemming));
                for term in &terms {
                    prop_assert!(!term.is_empty() && !term.starts_with('#'), "{term:?}");
                    prop_assert!(term.chars().count() <= 3 * TERM_CHARS_MAX);
                    prop_assert!(!term.contains(char::is_whitespace), "{term:?}");
                }
            }
        }
    }
}
