//! Pages, trends over quarters and targets, and what they keep when units are renamed and skills are merged.

use super::*;
use crate::app::skill_map::Occasion;
use crate::app::skill_map::sample::Told;
use crate::domain::{FactBody, Origin, SkillId};
use crate::recommend::SkillsRecommender;

/// A hundred people: fifty in `G/IT`, of whom thirty program, 15 in Rust and 8 in COBOL; fifty in `G/HR`, of whom twenty
/// program, 10 in Rust.
fn organisation() -> Told {
    let mut told = Told::default();
    told.skill("programming", &[]);
    for narrow in ["rust", "cobol", "rustlang"] {
        told.skill(narrow, &["programming"]);
    }
    for n in 0..50 {
        let (it, hr) = (format!("it{n:02}"), format!("hr{n:02}"));
        told.person(&it, "G/IT");
        told.person(&hr, "G/HR");
        match n {
            0..15 => told.has(&it, "rust", Origin::Declared, Some(0.6)),
            15..23 => told.has(&it, "cobol", Origin::Imported, None),
            23..30 => told.has(&it, "programming", Origin::Declared, None),
            _ => {}
        }
        match n {
            0..10 => told.has(&hr, "rust", Origin::Declared, Some(0.6)),
            10..20 => told.has(&hr, "programming", Origin::Declared, None),
            _ => {}
        }
    }
    told
}

fn release(told: &Told, day: i32, before: Option<&Release>) -> Release {
    let skills = SkillsRecommender::shipped().expect("the shipped weights are in order");
    let occasion = Occasion {
        made: Told::day(day),
        generation: day as u64,
        k: 5,
        inferred: false,
    };
    Release::next(told.view(), occasion, &skills, before)
}

fn wish(unit: &str, skill: Option<&str>, slice: Slice) -> MapWish {
    MapWish {
        unit: unit.to_owned(),
        unit_depth: 5,
        skill: skill.map(str::to_owned),
        skill_depth: 5,
        slice,
        rows_from: 0,
        rows_most: 50,
        columns_from: 0,
        columns_most: 50,
    }
}

fn people(number: Option<Number>) -> Option<u32> {
    number.map(|number| number.people)
}

#[test]
fn a_page_shows_both_trees_from_where_it_is_asked_and_goes_on() {
    let told = organisation();
    let release = release(&told, 1, None);
    let page = |wish: &MapWish| release.page(told.view(), wish, Tongue::English);
    let whole = page(&wish("", None, Slice::All)).unwrap();
    let skills: Vec<_> = whole
        .columns
        .iter()
        .map(|c| (&*c.skill, c.broader.as_deref()))
        .collect();
    assert_eq!(
        skills,
        [
            ("programming", None),
            ("cobol", Some("programming")),
            ("rust", Some("programming"))
        ]
    );
    let units: Vec<_> = whole.rows.iter().map(|row| (&*row.unit, row.people.people)).collect();
    assert_eq!(units, [("", 100), ("G", 100), ("G/HR", 50), ("G/IT", 50)]);
    let rust: Vec<_> = whole.rows.iter().map(|row| people(row.cells[2])).collect();
    assert_eq!(rust, [Some(25), Some(25), Some(10), Some(15)]);
    // Eight know COBOL, all in one unit: nobody learns which.
    let cobol: Vec<_> = whole.rows.iter().map(|row| people(row.cells[1])).collect();
    assert_eq!(cobol, [Some(8), Some(8), None, None]);
    let below = page(&wish("G/IT", Some("rust"), Slice::Autonomous)).unwrap();
    assert_eq!((below.rows.len(), below.columns.len()), (1, 1));
    assert_eq!(people(below.rows[0].cells[0]), Some(15));
    assert!(page(&wish("G/Nowhere", None, Slice::All)).is_none());
    assert!(page(&wish("", Some("rustlang"), Slice::All)).is_none(), "nobody has it");
    let part = MapWish {
        rows_from: 1,
        rows_most: 2,
        columns_from: 2,
        columns_most: 1,
        ..wish("", None, Slice::All)
    };
    let part = page(&part).unwrap();
    assert_eq!((part.rows.len(), part.next_row), (2, Some(3)));
    assert_eq!((part.columns.len(), part.next_column), (1, None));
    let shallow = MapWish {
        unit_depth: 1,
        skill_depth: 1,
        ..wish("", None, Slice::All)
    };
    let shallow = page(&shallow).unwrap();
    assert_eq!((shallow.rows.len(), shallow.columns.len()), (2, 1));
}

#[test]
fn a_renamed_unit_and_a_merged_skill_keep_their_numbers_and_their_past() {
    let mut told = organisation();
    let first = release(&told, 1, None);
    told.at_day(80);
    told.say(FactBody::UnitRenamed {
        from: UnitPath::new("G/IT"),
        to: UnitPath::new("G/Technology"),
    });
    told.say(FactBody::SkillMerged {
        skill: SkillId::new("rust"),
        into: SkillId::new("rustlang"),
    });
    // Who learnt it meanwhile is fewer than would be told.
    told.has("it40", "rustlang", Origin::Declared, None);
    let second = release(&told, 100, Some(&first));
    let (view, then) = (told.view(), first.number("G/IT", "rust", Slice::All));
    assert_eq!(people(then), Some(15));
    // The same number, of the day on which it was counted: the one who learnt it does not show.
    assert_eq!(second.number("G/Technology", "rustlang", Slice::All), then);
    assert_eq!(second.number("G/IT", "rustlang", Slice::All), None);
    assert_eq!(second.find("rust"), None);
    // Looking back, old names are found by the new ones, at every level of both trees.
    assert_eq!(number_then(view, &first, "G/Technology", "rustlang", Slice::All), then);
    assert_eq!(
        people(number_then(view, &first, "G/Technology", "rustlang", Slice::Autonomous)),
        Some(15)
    );
    assert_eq!(people(number_then(view, &first, "", "rustlang", Slice::All)), Some(25));
    assert_eq!(
        people(number_then(view, &first, "G/Technology", "programming", Slice::All)),
        people(first.number("G/IT", "programming", Slice::All))
    );
    assert_eq!(number_then(view, &first, "G/Nowhere", "rustlang", Slice::All), None);
}

#[test]
fn units_that_were_joined_add_up_in_the_past_too() {
    let mut told = organisation();
    let first = release(&told, 1, None);
    told.at_day(80);
    told.say(FactBody::UnitRenamed {
        from: UnitPath::new("G/HR"),
        to: UnitPath::new("G/IT"),
    });
    let second = release(&told, 100, Some(&first));
    let sum = second.number("G/IT", "rust", Slice::All);
    assert_eq!(people(sum), Some(25), "the sum of what was told of both");
    let before = number_then(told.view(), &first, "G/IT", "rust", Slice::All);
    assert_eq!(people(before), Some(25));
}

#[test]
fn targets_are_held_against_what_is_told_alone() {
    let told = organisation();
    let release = release(&told, 1, None);
    let towards = |unit: &str, skill: &str| {
        let target = Target {
            unit: unit.to_owned(),
            skill: skill.to_owned(),
            level: Slice::All,
            people: 20,
        };
        people(release.towards(&target))
    };
    assert_eq!(towards("G/IT", "rust"), Some(15));
    assert_eq!(towards("", "cobol"), Some(8));
    assert_eq!(towards("G/IT", "cobol"), None);
    assert_eq!(towards("G/IT", "unheard-of"), None);
}
