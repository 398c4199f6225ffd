//! How long plans take: whom to ask about many questions, and who co-animates many communities; given the lists, and with
//! the lists. How the time grows with the size, and what is lost by looking at the first 50 candidates alone.
//!
//! Run: `cargo bench --bench plans`. Data: made up here, from a seed; nothing is read.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]

use antenne::domain::{
    AnswerId, CommunityId, CommunityKind, CommunityPatch, Day, DaySpan, EventKey, Fact, FactBody, MemberRole, Offer,
    Patch, PersonId, PersonPatch, QuestionId, QuestionPatch, Timestamp, UnitPath,
};
use antenne::pipeline::flow::{Assignment, Column, Row, assign};
use antenne::recommend::{AsksWish, ExpertsRecommender, Manner, OpenQuestion, PLANNED_FROM, Tongue, plan_asks};
use antenne::signals::{Sharing, Viewer};
use antenne::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

const SEED: u64 = 20_261_122;
const HOUR_MICROS: i64 = 3_600_000_000;

fn main() {
    println!("given the lists (best of three):");
    lists("questions", &[100, 1_000, 5_000], |questions| {
        asked_lists(questions, 10_000.max(questions))
    });
    println!("with ranking and words:");
    asks();
}

/// `SplitMix64` (S. Vigna, public domain algorithm): the same organisations on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// In 0..1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `bound`, the first ones far more often than the last: as few answer much and many answer little.
    fn few(&mut self, bound: usize) -> usize {
        let share = self.share();
        ((bound as f64) * share * share * share) as usize
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed().as_secs_f64())
}

/// Lists of a plan of whom to ask: each question has candidates of all grades, and the same people are on many lists; most
/// accept five invitations, some fewer, and many got some already.
fn asked_lists(questions: usize, people: usize) -> (Vec<Row>, Vec<Column>) {
    let mut random = Random(SEED);
    let columns = (0..people).map(|_| {
        let (cap, had) = (1 + random.below(5), random.below(3));
        let cost = |n: usize| (5_000.0 * (had + n) as f64 / cap as f64) as i64;
        Column {
            costs: (0..cap.saturating_sub(had)).map(cost).collect(),
        }
    });
    let columns: Vec<Column> = columns.collect();
    let rows = (0..questions).map(|_| {
        let mut values = BTreeMap::new();
        while values.len() < 400.min(people / 4) {
            let gap = -8.0 * random.share();
            values.insert(random.few(people), Sharing::value(-gap, 1));
        }
        Row {
            places: Sharing::places(2),
            values: values.into_iter().collect(),
        }
    });
    (rows.collect(), columns)
}

/// The rows with their first candidates alone.
fn shortened(rows: &[Row]) -> Vec<Row> {
    let shortened = rows.iter().map(|row| {
        let mut values = row.values.clone();
        values.sort_by_key(|&(column, value)| (std::cmp::Reverse(value), column));
        values.truncate(PLANNED_FROM);
        Row {
            places: row.places.clone(),
            values,
        }
    });
    shortened.collect()
}

/// Solves problems of three sizes, short lists and full graphs, and tells times, the gap and the growth.
fn lists(noun: &str, sizes: &[usize; 3], problem: impl Fn(usize) -> (Vec<Row>, Vec<Column>)) {
    let mut times = Vec::new();
    for &size in sizes {
        let (rows, columns) = problem(size);
        let short = shortened(&rows);
        let best = |rows: &[Row]| {
            let runs = (0..3).map(|_| timed(|| assign(rows, &columns)));
            runs.min_by(|a, b| a.1.total_cmp(&b.1)).expect("three runs")
        };
        let (found, seconds) = best(&short);
        let (full, full_seconds) = best(&rows);
        check(&found, &columns);
        let edges = |rows: &[Row]| rows.iter().map(|row| row.values.len()).sum::<usize>();
        println!(
            "  {size} {noun}, {} people, {} pairs: {:.3} s; all {} pairs: {:.3} s; {} and {} places filled, gap {:.4} %",
            columns.len(),
            edges(&short),
            seconds,
            edges(&rows),
            full_seconds,
            filled(&found),
            filled(&full),
            100.0 * (full.worth - found.worth) as f64 / full.worth as f64
        );
        times.push(seconds);
    }
    let grows = |a: usize, b: usize| (times[b] / times[a]).ln() / (sizes[b] as f64 / sizes[a] as f64).ln();
    println!("  growth exponents: {:.2}, {:.2}", grows(0, 1), grows(1, 2));
}

fn filled(found: &Assignment) -> usize {
    found.filled.iter().map(Vec::len).sum()
}

/// Nobody is over capacity.
fn check(found: &Assignment, columns: &[Column]) {
    let mut given = vec![0; columns.len()];
    found.filled.iter().flatten().for_each(|&column| given[column] += 1);
    assert!(
        given
            .iter()
            .zip(columns)
            .all(|(given, column)| *given <= column.costs.len())
    );
}

/// Facts, numbered as they are told.
#[derive(Default)]
struct Told(Vec<Fact>);

impl Told {
    fn say(&mut self, hour: i64, body: FactBody) {
        let key = EventKey {
            source: "bench".into(),
            id: self.0.len().to_string().into(),
        };
        self.0.push(Fact {
            key,
            at: Day::from_days(20_000).start().plus_micros(hour * HOUR_MICROS),
            content: [0; 16],
            body,
        });
    }

    fn world(self) -> World {
        let mut world = World::default();
        self.0.into_iter().for_each(|fact| {
            world.apply(fact);
        });
        world
    }
}

fn person(n: usize) -> PersonId {
    PersonId::new(format!("p{n:05}"))
}

/// Words of a subject: those of one subject resemble one another.
fn words(random: &mut Random, subject: usize) -> Arc<str> {
    let word = |random: &mut Random| format!("word{}x{}", subject, random.below(30));
    let own: Vec<String> = (0..8).map(|_| word(random)).collect();
    format!("{} general{}", own.join(" "), random.below(200)).into()
}

/// `people` people who answered `past` questions about 200 subjects, and `open` questions that wait.
fn forum(people: usize, past: usize, open: usize) -> World {
    let (mut told, mut random) = (Told::default(), Random(SEED));
    for n in 0..people {
        let patch = PersonPatch {
            name: Patch::Set(format!("Person {n}").into()),
            unit: Patch::Set(UnitPath::new(format!("G/u{}", n % 60))),
            ..PersonPatch::default()
        };
        told.say(
            0,
            FactBody::PersonUpserted {
                person: person(n),
                patch: Box::new(patch),
            },
        );
    }
    for n in 0..past + open {
        let (subject, hour) = (random.few(200), n as i64 / 4);
        let question = QuestionId::new(format!("q{n:06}"));
        let patch = QuestionPatch {
            title: Patch::Set(words(&mut random, subject)),
            tags: Patch::Set(vec![format!("subject{subject}").into()]),
            ..QuestionPatch::default()
        };
        let asker = person(random.below(people));
        told.say(
            hour,
            FactBody::QuestionCreated {
                question: question.clone(),
                asker,
                patch: Box::new(patch),
                anonymous: false,
            },
        );
        for a in 0..if n < past { 1 + random.below(3) } else { 0 } {
            // Each subject has people of its own; few of them answer most.
            let author = person((subject * 53 + random.few(people / 20)) % people);
            let (answer, question) = (AnswerId::new(format!("a{n}-{a}")), question.clone());
            told.say(
                hour + 1,
                FactBody::AnswerCreated {
                    answer,
                    question,
                    author,
                    body: None,
                    url: None,
                },
            );
        }
    }
    told.world()
}

/// A whole plan of whom to ask, as the service makes it.
fn asks() {
    let recommender = ExpertsRecommender::shipped().expect("the shipped weights are in order");
    let mut times = Vec::new();
    let sizes = [10, 100, 1_000];
    let world = forum(10_000, 20_000, 1_000);
    let view = world.view();
    let wish = AsksWish {
        people: 2,
        as_of: view.newest().expect("facts"),
        viewer: Viewer::default(),
        tongue: Tongue::French,
        manner: Manner::Vous,
    };
    for size in sizes {
        let waits = view
            .questions
            .iter()
            .filter(|(ix, _)| view.first_answer(*ix).is_none())
            .take(size);
        let waits: Vec<_> = waits.map(|(ix, _)| ix).collect();
        let (open, ranking) = timed(|| {
            let open = waits.iter().map(|&ix| OpenQuestion::of(&recommender, view, ix, &wish));
            open.collect::<Result<Vec<_>, _>>().expect("they wait")
        });
        let listed: BTreeSet<_> = open
            .iter()
            .flat_map(|q| q.list.people.iter().map(|c| c.person))
            .collect();
        let (plan, sharing) = timed(|| plan_asks(&recommender, view, open, vec![], &wish));
        let picks: usize = plan.items.iter().map(|item| item.picks.len()).sum();
        println!(
            "  {size} questions, 10,000 people ({} on some list): ranking {ranking:.2} s, sharing and words {sharing:.2} s, together {:.2} s; {picks} picks, Gini {:?} -> {:?}",
            listed.len(),
            ranking + sharing,
            plan.before.gini_percent,
            plan.after.gini_percent
        );
        times.push(ranking + sharing);
    }
    let grows = |a: usize, b: usize| (times[b] / times[a]).ln() / (sizes[b] as f64 / sizes[a] as f64).ln();
    println!("  growth exponents: {:.2}, {:.2}", grows(0, 1), grows(1, 2));
}
