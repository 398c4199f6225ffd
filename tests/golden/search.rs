//! Expert search at the demo company, in French and in English: whom the table of `data/demo/README.md` names is found first,
//! with evidence, whatever language, label or wider word one searches in.

use crate::company::{NOW, demo, world};
use antenne::recommend::{SearchAnswer, SearchPage, SearchRecommender, Tongue};
use antenne::signals::Viewer;
use antenne::signals::search::{Match, SearchQuery, Sought, Wanted};
use antenne::world::{View, World};
use std::fmt::Write as _;
use std::sync::LazyLock;

static COMPANY: LazyLock<World> = LazyLock::new(|| world(&demo()));

/// What is typed, and those who know: of the first three, at least so many are among them.
const SEARCHES: [(&str, usize, &[&str]); 16] = [
    (
        "coup de bélier",
        2,
        &["helene.aubertin", "tomas.quintela", "samuel.kamissogo"],
    ),
    (
        "water hammer",
        2,
        &["helene.aubertin", "tomas.quintela", "samuel.kamissogo"],
    ),
    (
        "qui s'y connaît en soudage inox ?",
        2,
        &[
            "mathieu.stoeckel",
            "irena.kowalewicz",
            "emre.yildizhan",
            "thierry.haasser",
        ],
    ),
    (
        "welding",
        2,
        &[
            "mathieu.stoeckel",
            "irena.kowalewicz",
            "emre.yildizhan",
            "thierry.haasser",
        ],
    ),
    (
        "PostgreSQL",
        2,
        &["julien.perraudeau", "farid.aitlahcen", "romain.desquiens"],
    ),
    (
        "GMAO",
        2,
        &[
            "forum/kbenhaddou",
            "sandrine.lefebure",
            "gaelle.riouallen",
            "priya.chathoth",
        ],
    ),
    ("who knows about GDPR?", 1, &["camille.hostier", "hugo.lambrecht"]),
    (
        "habilitation électrique",
        2,
        &["yannick.kerambrun", "bruno.castelnaud", "nadege.collinot"],
    ),
    (
        "confined space",
        1,
        &["bruno.castelnaud", "nadege.collinot", "loic.trehinet"],
    ),
    ("Modbus", 1, &["nour.elamri", "david.zellmer", "callum.reidpath"]),
    ("marchés publics", 2, &["veronique.pelissou", "hugo.lambrecht"]),
    ("embedded systems", 1, &["etienne.vasselin", "linh.tranmasson"]),
    ("paie", 1, &["maud.arquevaux", "blandine.ferronnet", "farah.siddiqhani"]),
    ("légionelles", 1, &["rozenn.kervadelle", "zofia.grabinczyk"]),
    ("vibration analysis", 1, &["rachid.toumi"]),
    ("chromatographie", 1, &["sofiane.bouchentir", "mariama.diassigui"]),
];

fn search(view: &View, text: &str, wanted: Wanted, tongue: Tongue) -> SearchAnswer {
    let recommender = SearchRecommender::shipped().expect("the shipped weights are in order");
    let sought = Sought {
        text,
        wanted,
        viewer: Viewer::default(),
        ..Sought::default()
    };
    let page = SearchPage {
        limit: 10,
        tongue,
        named: &|_| false,
    };
    match SearchQuery::of(view, sought, NOW) {
        Some(query) => recommender.answer(view, &query, page),
        None => recommender.nothing_understood(tongue),
    }
}

/// The answer as somebody would read it.
fn told(text: &str, answer: &SearchAnswer) -> String {
    let mut told = format!(
        "«{text}» → {:?}, {} exact, {} close\n",
        answer.topics, answer.exact, answer.close
    );
    for hit in &answer.items {
        let covers: Vec<String> = hit.covers.iter().map(|c| format!("{} {}", c.topic, c.depth)).collect();
        let reasons: Vec<&str> = hit.reasons.iter().map(|reason| reason.text.as_str()).collect();
        let how = hit.matched.code();
        let _ = writeln!(told, "  {} {how} {covers:?} {reasons:?}", hit.subject);
    }
    told
}

#[test]
fn those_who_know_are_found_first_in_both_languages_and_each_shows_why() {
    let mut missed = String::new();
    for (text, least, known) in SEARCHES {
        let answer = search(COMPANY.view(), text, Wanted::default(), Tongue::French);
        let first = answer.items.iter().take(3);
        let found = first.filter(|hit| known.contains(&hit.subject.as_str())).count();
        if found < least || answer.items[0].matched != Match::Exact {
            missed += &told(text, &answer);
        }
        for hit in answer.items.iter().filter(|hit| hit.matched == Match::Exact) {
            assert!(
                !hit.reasons[0].facts.is_empty(),
                "evidence first: {}",
                told(text, &answer)
            );
        }
    }
    assert!(missed.is_empty(), "{missed}");
}

#[test]
fn of_two_topics_whoever_is_deep_in_one_comes_before_a_little_of_both() {
    let text = "PostgreSQL, soudage";
    let answer = search(COMPANY.view(), text, Wanted::default(), Tongue::French);
    assert_eq!(answer.topics.len(), 2, "{}", told(text, &answer));
    let depths: Vec<&str> = answer
        .items
        .iter()
        .filter_map(|hit| deepest(hit.covers.iter().map(|c| c.depth)))
        .collect();
    let order = ["deep", "solid", "some"];
    let place = |depth: &&str| order.iter().position(|known| known == depth);
    assert!(depths.is_sorted_by_key(place), "{}", told(text, &answer));
    let about = |topic: &str| {
        answer
            .items
            .iter()
            .any(|hit| hit.covers.iter().any(|c| c.topic == topic))
    };
    assert!(about("PostgreSQL") && about("soudage"), "{}", told(text, &answer));
}

fn deepest<'d>(depths: impl Iterator<Item = &'d str>) -> Option<&'d str> {
    depths.min_by_key(|depth| ["deep", "solid", "some"].iter().position(|known| known == depth))
}

#[test]
fn a_wide_skill_finds_whoever_has_a_narrow_one_and_not_the_other_way_round() {
    let view = COMPANY.view();
    let wide = search(view, "programmation", Wanted::default(), Tongue::French);
    let embedded = |hit: &&antenne::recommend::Hit| hit.subject.as_str() == "etienne.vasselin";
    let found = wide
        .items
        .iter()
        .find(embedded)
        .unwrap_or_else(|| panic!("{}", told("programmation", &wide)));
    assert_eq!(found.matched, Match::Exact, "C and C++ are programming");
}

#[test]
fn nobody_says_why_and_what_to_do() {
    let view = COMPANY.view();
    let nothing = search(view, "zxqv wvxk", Wanted::default(), Tongue::French)
        .nobody
        .expect("nobody");
    assert_eq!(nothing.code, "nothing_understood");
    let wanted = Wanted {
        site: Some("Tombouctou".to_owned()),
        ..Wanted::default()
    };
    let filtered = search(view, "soudage", wanted, Tongue::English).nobody.expect("nobody");
    assert_eq!(filtered.code, "all_filtered");
    assert!(filtered.text.contains("leave out site"), "{}", filtered.text);
}
