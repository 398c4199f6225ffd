//! How long plans take: whom to ask about many questions, and who co-animates many communities; given the lists, and with
//! the lists. How the time grows with the size, and what is lost by looking at the first 50 candidates alone.
//!
//! Run: `cargo bench --bench plans`. Data: made up here, from a seed; nothing is read.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]

#[path = "common/random.rs"]
mod random;

use antenne::domain::{
    AnswerId, CommunityId, CommunityKind, CommunityPatch, Day, DaySpan, EventKey, Fact, FactBody, MemberRole, Offer,
    Patch, PersonId, PersonPatch, QuestionId, QuestionPatch, UnitPath,
};
use antenne::pipeline::flow::{Assignment, Column, Row, assign};
use antenne::recommend::{
    AsksWish, CoAnimatorsRecommender, CoAnimatorsWish, ExpertsRecommender, Manner, OpenCommunity, OpenQuestion,
    PLANNED_FROM, Tongue, plan_asks, plan_co_animators, worth_of,
};
use antenne::signals::co_animators::TopicMap;
use antenne::signals::{Sharing, Viewer};
use antenne::world::World;
use random::{Draws, Uneven as _};
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
    lists("communities", &[30, 300, 3_000], |communities| {
        shared_lists(communities, 20_000)
    });
    println!("with ranking and words:");
    asks();
    co_animators();
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed().as_secs_f64())
}

/// Lists of a plan of whom to ask: each question has candidates of all grades, and the same people are on many lists; most
/// accept five invitations, some fewer, and many got some already.
fn asked_lists(questions: usize, people: usize) -> (Vec<Row>, Vec<Column>) {
    let mut random = Draws(SEED);
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

/// Lists of a plan of co-animators: each community has candidates of all tiers, a fifth of the communities lack two, and
/// willing people are on many lists; most have two slots.
fn shared_lists(communities: usize, people: usize) -> (Vec<Row>, Vec<Column>) {
    let mut random = Draws(SEED);
    let columns = (0..people).map(|_| {
        let (slots, taken) = (random.below(4), random.share());
        let cost = |n: usize| (1_000.0 * taken + 5_000.0 * n as f64) as i64;
        Column {
            costs: (0..slots).map(cost).collect(),
        }
    });
    let columns: Vec<Column> = columns.collect();
    let rows = (0..communities).map(|_| {
        let mut values = BTreeMap::new();
        while values.len() < 200 {
            let (tier, adds) = (random.few(6), random.share() + random.share() * random.share() * 4.0);
            let worth = 8_000.0 * tier as f64 + 1_000.0 * adds;
            values.insert(random.few(people / 4), worth as i64);
        }
        let places = [200_000, 0].into_iter().take(1 + usize::from(random.below(5) == 0));
        Row {
            places: places.collect(),
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
            "  {size} {noun}, {} people, {} pairs: {:.3} s; all {} pairs: {:.3} s; {} and {} places filled, gap {} thousandths, {:.4} %",
            columns.len(),
            edges(&short),
            seconds,
            edges(&rows),
            full_seconds,
            filled(&found),
            filled(&full),
            full.worth - found.worth,
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
fn words(random: &mut Draws, subject: usize) -> Arc<str> {
    let word = |random: &mut Draws| format!("word{}x{}", subject, random.below(30));
    let own: Vec<String> = (0..8).map(|_| word(random)).collect();
    format!("{} general{}", own.join(" "), random.below(200)).into()
}

/// `people` people who answered `past` questions about 200 subjects, and `open` questions that wait.
fn forum(people: usize, past: usize, open: usize) -> World {
    let (mut told, mut random) = (Told::default(), Draws(SEED));
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

/// A network of 20,000 people in 300 communities, of which some have no animator and some have one who is away. A few
/// hundred offered to animate, and some animate already.
fn network(people: usize, communities: usize) -> World {
    let (mut told, mut random) = (Told::default(), Draws(SEED));
    for n in 0..people {
        let patch = PersonPatch {
            name: Patch::Set(format!("Person {n}").into()),
            unit: Patch::Set(UnitPath::new(format!("G/u{}", n % 60))),
            site: Patch::Set(format!("Site {}", n % 9).into()),
            languages: Patch::Set(vec!["fr".into()]),
            ..PersonPatch::default()
        };
        let (person, patch) = (person(n), Box::new(patch));
        told.say(0, FactBody::PersonUpserted { person, patch });
    }
    for n in 0..communities {
        community(n, people, &mut told, &mut random);
    }
    for n in 0..4_000 {
        community_thread(n, (people, communities), &mut told, &mut random);
    }
    for _ in 0..400 {
        let offer = Offer {
            person: person(random.below(people)),
            communities: vec![],
            topics: vec![format!("subject{}", random.below(200)).into()],
            hours_per_week: None,
            until: None,
        };
        let offer = Box::new(offer);
        told.say(24 * 156, FactBody::AnimationOffered { offer });
    }
    told.world()
}

/// A community with its members and up to two animators, some of whom are away.
fn community(n: usize, people: usize, told: &mut Told, random: &mut Draws) {
    let kinds = [
        CommunityKind::Interest,
        CommunityKind::Practice,
        CommunityKind::Process,
        CommunityKind::Unspecified,
    ];
    let community = CommunityId::new(format!("c{n:04}"));
    let topics = (0..3).map(|_| format!("subject{}", random.below(200)).into());
    let patch = CommunityPatch {
        name: Patch::Set(format!("Community {n}").into()),
        kind: Patch::Set(kinds[n % kinds.len()]),
        topics: Patch::Set(topics.collect()),
        language: Patch::Set("fr".into()),
        ..CommunityPatch::default()
    };
    let upserted = FactBody::CommunityUpserted {
        community: community.clone(),
        patch: Box::new(patch),
    };
    told.say(1, upserted);
    let join = |person: PersonId, role: MemberRole| FactBody::MembershipAdded {
        person,
        community: community.clone(),
        role,
        since_unknown: false,
    };
    for _ in 0..20 + random.few(400) {
        told.say(2, join(person(random.below(people)), MemberRole::Member));
    }
    for _ in 0..n % 3 {
        let animator = person(random.few(people / 10));
        told.say(3, join(animator.clone(), MemberRole::Animator));
        if random.below(3) == 0 {
            let day = |days: i32| Day::from_days(20_000 + days);
            let span = DaySpan::new(day(150), day(170 + random.below(20) as i32)).expect("in order");
            told.say(4, FactBody::AbsenceSet { person: animator, span });
        }
    }
}

/// A question in some community, and its answer.
fn community_thread(n: usize, (people, communities): (usize, usize), told: &mut Told, random: &mut Draws) {
    let (question, subject) = (QuestionId::new(format!("q{n:06}")), random.few(200));
    let patch = QuestionPatch {
        title: Patch::Set(words(random, subject)),
        tags: Patch::Set(vec![format!("subject{subject}").into()]),
        community: Patch::Set(CommunityId::new(format!("c{:04}", random.below(communities)))),
        ..QuestionPatch::default()
    };
    let (asker, hour) = (person(random.below(people)), 24 * (90 + n as i64 / 60));
    let asked = FactBody::QuestionCreated {
        question: question.clone(),
        asker,
        patch: Box::new(patch),
        anonymous: false,
    };
    told.say(hour, asked);
    let answered = FactBody::AnswerCreated {
        answer: AnswerId::new(format!("a{n}")),
        question,
        author: person((subject * 53 + random.few(people / 20)) % people),
        body: None,
        url: None,
    };
    told.say(hour + 1, answered);
}

/// A whole plan of co-animators, as the service makes it; and what the full lists would bring more.
fn co_animators() {
    let recommender = CoAnimatorsRecommender::shipped().expect("the shipped weights are in order");
    let (mut times, sizes) = (Vec::new(), [3, 30, 300]);
    let world = network(20_000, 300);
    let view = world.view();
    let wish = CoAnimatorsWish {
        as_of: view.newest().expect("facts"),
        viewer: Viewer::default(),
        tongue: Tongue::French,
        manner: Manner::Vous,
        topics: Arc::new(TopicMap::of(view)),
    };
    for size in sizes {
        let asked: Vec<_> = view.communities.iter().map(|(ix, _)| ix).take(size).collect();
        let look = |most: usize| -> Vec<OpenCommunity> {
            let open = asked
                .iter()
                .map(|&ix| OpenCommunity::of(&recommender, view, ix, &wish, most));
            open.filter_map(Result::ok).collect()
        };
        let (open, ranking) = timed(|| look(PLANNED_FROM));
        let full = look(usize::MAX);
        let pairs = |open: &[OpenCommunity]| open.iter().map(OpenCommunity::givers).sum::<usize>();
        let (short_worth, full_worth) = (worth_of(view, &open, wish.as_of), worth_of(view, &full, wish.as_of));
        let (lack, short_pairs) = (open.len(), pairs(&open));
        let (plan, sharing) = timed(|| plan_co_animators(&recommender, view, open, vec![], &wish));
        let picks: usize = plan.items.iter().map(|item| item.picks.len()).sum();
        println!(
            "  {size} communities ({lack} lack somebody), 20,000 people: ranking {ranking:.2} s, sharing and words {sharing:.2} s, together {:.2} s; {picks} picks; {short_pairs} pairs of {}, gap {} thousandths, {:.4} %; Gini {:?} -> {:?}",
            ranking + sharing,
            pairs(&full),
            full_worth - short_worth,
            100.0 * (full_worth - short_worth) as f64 / full_worth.max(1) as f64,
            plan.before.gini_percent,
            plan.after.gini_percent
        );
        times.push(ranking + sharing);
    }
    let grows = |a: usize, b: usize| (times[b] / times[a]).ln() / (sizes[b] as f64 / sizes[a] as f64).ln();
    println!("  growth exponents: {:.2}, {:.2}", grows(0, 1), grows(1, 2));
}
