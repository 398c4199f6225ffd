//! How long a skill map takes: a first release and the next one beside it, with and without those of whom a skill is only
//! concluded, and a page of 50 × 50 read from it, as JSON and as a table. How the time grows with the number of people, in
//! an organisation of 500 units and 2,000 skills.
//!
//! Run: `cargo bench --bench skill_maps`. Data: made up here, from a seed; nothing is read.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]

use antenne::app::{MapOccasion, MapWish, Release, Slice};
use antenne::chance::Draws;
use antenne::domain::{
    AnswerId, Day, EventKey, Fact, FactBody, Level, Origin, Patch, PersonId, PersonPatch, QuestionId, QuestionPatch,
    SkillId, SkillPatch, UnitPath,
};
use antenne::http;
use antenne::recommend::{SkillsRecommender, Tongue};
use antenne::world::{View, World};
use std::time::Instant;

const SEED: u64 = 20_261_122;
/// A decade apart.
const SIZES: [usize; 3] = [3_000, 30_000, 300_000];
const SKILLS: usize = 2_000;
/// Skills that each person has.
const EACH: usize = 10;
/// Pages that are read.
const PAGES: usize = 20;

fn main() {
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for people in SIZES {
        let (world, building) = timed(|| organisation(people));
        println!("{people} people, {SKILLS} skills of which each has {EACH}, 500 units (told in {building:.1} s)");
        let view = world.view();
        let (earlier, seconds) = timed(|| release(view, 0, false, None));
        let told = numbers(&earlier);
        println!("  first release: {seconds:.2} s, {told} numbers of the whole map are told");
        first.push(seconds);
        let (next, seconds) = timed(|| release(view, 7, false, Some(&earlier)));
        println!("  the next beside it: {seconds:.2} s");
        later.push(seconds);
        pages(view, &next);
        let (_, seconds) = timed(|| release(view, 7, true, Some(&earlier)));
        let each = 1e3 * seconds / people as f64;
        println!("  the next with conclusions: {seconds:.1} s, {each:.2} ms a person");
    }
    let grows =
        |times: &[f64], a: usize, b: usize| (times[b] / times[a]).ln() / (SIZES[b] as f64 / SIZES[a] as f64).ln();
    for (noun, times) in [("first", &first), ("next", &later)] {
        println!(
            "growth exponents, {noun}: {:.2}, {:.2}",
            grows(times, 0, 1),
            grows(times, 1, 2)
        );
    }
}

/// Below `bound`, the first ones more often than the last: many have a few skills, and few have most of them.
fn few(random: &mut Draws, bound: usize) -> usize {
    (bound as f64 * random.share().powi(2)) as usize
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed().as_secs_f64())
}

/// Facts, told as they come.
#[derive(Default)]
struct Told {
    world: World,
    facts: u64,
}

impl Told {
    fn say(&mut self, body: FactBody) {
        self.facts += 1;
        let key = EventKey {
            source: "bench".into(),
            id: self.facts.to_string().into(),
        };
        let at = Day::from_days(20_000).start().plus_micros(self.facts as i64);
        let content = [0; 16];
        self.world.apply(Fact { key, at, content, body });
    }

    /// `person` answers a question about `skill`.
    fn answer(&mut self, n: usize, person: &PersonId, skill: usize) {
        let question = QuestionId::new(format!("q{n}"));
        let patch = QuestionPatch {
            title: Patch::Set("How?".into()),
            tags: Patch::Set(vec![label(skill).into()]),
            ..QuestionPatch::default()
        };
        self.say(FactBody::QuestionCreated {
            question: question.clone(),
            asker: PersonId::new("asker"),
            patch: Box::new(patch),
            anonymous: false,
        });
        self.say(FactBody::AnswerCreated {
            answer: AnswerId::new(format!("a{n}")),
            question,
            author: person.clone(),
            body: None,
            url: None,
        });
    }
}

fn label(skill: usize) -> String {
    format!("craft{skill}")
}

fn skill(n: usize) -> SkillId {
    SkillId::new(format!("s{n:04}"))
}

/// The unit of that number: 500 in three steps, 5 × 9 × 10 of the lowest and what is above them.
fn unit(n: usize) -> UnitPath {
    UnitPath::new(format!("G/{}/{}/{}", n % 5, n / 5 % 9, n / 45 % 10))
}

/// People in 500 units; 2,000 skills in three steps (20, 180, 1,800). Everybody has ten, most of them common ones, declared,
/// endorsed or imported, with a level or none; every fifth answered three questions about others.
fn organisation(people: usize) -> World {
    let (mut told, mut random) = (Told::default(), Draws(SEED));
    for n in 0..SKILLS {
        let broader = match n {
            0..20 => None,
            20..200 => Some(n % 20),
            _ => Some(20 + n % 180),
        };
        let patch = SkillPatch {
            aliases: Patch::Set(vec![label(n).into()]),
            broader: Patch::Set(broader.into_iter().map(skill).collect()),
            ..SkillPatch::default()
        };
        let (skill, patch) = (skill(n), Box::new(patch));
        told.say(FactBody::SkillUpserted { skill, patch });
    }
    for n in 0..people {
        let person = PersonId::new(format!("p{n:06}"));
        let patch = PersonPatch {
            unit: Patch::Set(unit(random.below(450))),
            ..PersonPatch::default()
        };
        told.say(FactBody::PersonUpserted {
            person: person.clone(),
            patch: Box::new(patch),
        });
        for _ in 0..EACH {
            let origin = [Origin::Declared, Origin::Declared, Origin::Imported][random.below(3)];
            let level = [None, Some(0.1), Some(0.4), Some(0.6), Some(0.9)][random.below(5)];
            told.say(FactBody::SkillAsserted {
                person: person.clone(),
                skill: skill(few(&mut random, SKILLS)),
                origin,
                level: level.and_then(Level::new),
                by: None,
            });
        }
        for thread in 0..if n % 5 == 0 { 3 } else { 0 } {
            let subject = few(&mut random, SKILLS);
            told.answer(3 * n + thread, &person, subject);
        }
    }
    told.world
}

fn release(view: &View, day: i32, inferred: bool, before: Option<&Release>) -> Release {
    let skills = SkillsRecommender::shipped().expect("the shipped weights are in order");
    let occasion = MapOccasion {
        made: Day::from_days(20_010 + day).start(),
        generation: 1,
        k: 10,
        inferred,
    };
    Release::next(view, occasion, &skills, before)
}

/// A page that goes down both trees from the top, on from these places.
fn wish(rows_from: usize, columns_from: usize, most: usize) -> MapWish {
    MapWish {
        unit: String::new(),
        unit_depth: 20,
        skill: None,
        skill_depth: 20,
        slice: Slice::All,
        rows_from,
        rows_most: most,
        columns_from,
        columns_most: most,
    }
}

/// How many numbers of skills the whole map tells.
fn numbers(release: &Release) -> usize {
    let world = World::default();
    let page = release.page(world.view(), &wish(0, 0, usize::MAX), Tongue::French);
    let page = page.expect("there is a map");
    page.rows.iter().flat_map(|row| &row.cells).flatten().count()
}

/// Reads pages of 50 × 50 all over the map, as they are sent, and tells the slowest.
fn pages(view: &View, release: &Release) {
    let mut times = Vec::new();
    for n in 0..PAGES {
        let wish = wish(50 * (n % 10), 50 * (n % 30), 50);
        let (bytes, seconds) = timed(|| {
            let page = release.page(view, &wish, Tongue::French).expect("there is a map");
            let (json, csv) = http::skill_map_page(release, wish.slice, page);
            json.to_string().len() + csv.len()
        });
        assert!(bytes > 1_000, "a page that says nothing");
        times.push(1e3 * seconds);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "  a page of 50 × 50: {:.2} ms, the slowest of {PAGES} {:.2} ms, as JSON and CSV",
        times[PAGES / 2],
        times[PAGES - 1]
    );
}
