//! The whole measurement on a generated organisation: figures, runs, learning, and no look ahead.

use super::*;
use crate::domain::Timestamp;
use crate::recommend::{CoAnimatorsRecommender, CommunitiesRecommender};
use crate::replay::{CoAnimatorsRule, CommunitiesRule, Pool};

const COMMUNITIES: usize = 16;
const EMPLOYERS: usize = 4;

/// Numbers that look random and are always the same.
struct Draw(u64);

impl Draw {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }
}

/// An organisation into which somebody comes every day: they join a community that their employer likes, later another one
/// that goes with it, and whoever came last begins to animate from time to time.
fn organisation(people: usize) -> History {
    let (mut history, mut draw, mut number) = (History::default(), Draw(5), 0);
    let mut line = |kind: &str, day: usize, data: String| {
        number += 1;
        let (year, month, of_month) = (2020 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
        let at = format!("{year}-{month:02}-{of_month:02}T09:00:00Z");
        let text = format!(r#"{{"id":"{number}","source":"s","type":"{kind}","at":"{at}","data":{{{data}}}}}"#);
        history.push(number, text.as_bytes(), Timestamp::from_micros(0));
    };
    let belongs = |person: &str, community: usize, role: &str| {
        format!(r#""person":"{person}","community":"c{community:02}","role":"{role}""#)
    };
    for community in 0..COMMUNITIES {
        let data = format!(r#""community":"c{community:02}","name":"Place {community}","access":"open""#);
        line("community.upserted", 0, data);
        line(
            "membership.added",
            0,
            belongs(&format!("founder{community}"), community, "animator"),
        );
    }
    for n in 0..people {
        let (person, employer) = (format!("p{n}"), draw.below(EMPLOYERS));
        let profile = format!(r#""person":"{person}","employer":"e{employer}","title":"Clerk""#);
        line("person.upserted", n + 1, profile);
        let first = (employer * 4 + draw.below(3)) % COMMUNITIES;
        line("membership.added", n + 1, belongs(&person, first, "member"));
        if n % 2 == 0 {
            let second = (first + 4) % COMMUNITIES;
            line("membership.added", n + 9, belongs(&person, second, "member"));
        }
        if n % 3 == 0 {
            line("membership.added", n + 20, belongs(&person, first, "animator"));
        }
    }
    history
}

fn newcomers() -> CommunitiesRule {
    CommunitiesRule {
        from: "2020-01-10".into(),
        min_members: 1,
        max_batch: 10,
    }
}

fn animators() -> CoAnimatorsRule {
    CoAnimatorsRule {
        from: "2020-01-10".into(),
        max_batch: 10,
        pool: Pool::Members,
    }
}

fn evaluated<R: Daily>(
    history: &History,
    rule: &R::Rule,
    shipped: &R,
    learn: bool,
    threads: usize,
) -> DaysEvaluation<R> {
    let settings = DaysSettings {
        shipped,
        measured: if learn {
            Measured::Learnt
        } else {
            Measured::Given(shipped)
        },
        part: Part::Test,
        threads,
    };
    days(history, rule, &settings, &mut |_, _| {})
}

fn communities() -> CommunitiesRecommender {
    CommunitiesRecommender::shipped().expect("shipped weights are in order")
}

#[test]
fn every_candidate_is_ranked_once_and_threads_do_not_matter() {
    let history = organisation(200);
    let one = evaluated(&history, &newcomers(), &communities(), false, 1);
    let report = one.report();
    let [cold, warm] = &report.groups[..] else {
        panic!("two groups")
    };
    assert!(cold.figures.queries >= 20 && warm.figures.queries >= 20, "{report}");
    assert_eq!(cold.figures.queries + warm.figures.queries, report.test_queries);
    for group in &report.groups {
        assert_eq!(group.figures.errors, Vec::<String>::new());
        assert!(group.baselines.iter().all(|(_, line)| line.error_count == 0));
        assert!(0.0 < group.coverage && group.coverage <= 1.0);
    }
    let three = evaluated(&history, &newcomers(), &communities(), false, 3);
    assert_eq!(report.to_json(), three.report().to_json());
}

#[test]
fn where_colleagues_and_neighbours_go_beats_where_most_are() {
    let report = evaluated(&organisation(300), &newcomers(), &communities(), true, 2).report();
    for (group, told) in report.groups.iter().zip(["attributes", "item_item"]) {
        let line = |name| {
            &group
                .baselines
                .iter()
                .find(|(known, _)| *known == name)
                .expect("a line")
                .1
        };
        let popularity = line("popularity").ndcg10;
        assert!(group.figures.ndcg10 > popularity, "{report}");
        assert!(line(told).ndcg10 > popularity, "{report}");
    }
    let learnt = report.learnt.as_ref().expect("enough queries");
    assert!(learnt.check.interval.0 <= learnt.check.interval.1);
    let taken = learnt.check.passed();
    assert!(report.groups.iter().all(|group| group.shipped.is_some() == taken));
    let [cold, warm] = &learnt.apart[..] else {
        panic!("cold and warm are learnt apart: {report}")
    };
    assert_eq!((cold.group.as_str(), warm.group.as_str()), ("cold", "warm"));
    assert_eq!(cold.examples + warm.examples, learnt.examples);
    assert_eq!(taken, cold.check.passed() || warm.check.passed());
    let json = report.to_json();
    assert_eq!(json["learnt"]["apart"][1]["group"], "warm");
    assert_eq!(json["learnt"]["taken"], taken);
    assert_eq!(json["warm"]["interval"]["metric"], "ndcg10");
    assert!(json["cold"]["baselines"]["recent_joins"]["r10"].is_number());
}

#[test]
fn co_animators_have_one_table_and_are_held_to_reciprocal_ranks() {
    let shipped = CoAnimatorsRecommender::shipped().expect("shipped weights are in order");
    let report = evaluated(&organisation(300), &animators(), &shipped, true, 2).report();
    let json = report.to_json();
    assert_eq!(json["test_queries"], report.test_queries);
    assert_eq!(json["interval"]["metric"], "mrr");
    assert_eq!(json["error_count"], 0);
    assert!(report.to_string().contains("\nnewest_member "), "{report}");
    assert!(report.test_queries >= 20, "{report}");
}

#[test]
fn a_run_names_both_parts_of_a_query_and_qrels_the_gold() {
    let evaluation = evaluated(&organisation(60), &newcomers(), &communities(), false, 1);
    let (mut run, mut qrels) = (Vec::new(), Vec::new());
    evaluation.write_run(&mut run).expect("memory");
    evaluation.write_qrels(&mut qrels).expect("memory");
    let queries = evaluation.protocol().part(Part::Test);
    let lines = |bytes: &[u8]| {
        String::from_utf8(bytes.to_vec())
            .expect("ASCII")
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let ranked: usize = queries.iter().map(|query| query.candidate_count()).sum();
    let gold: usize = queries.iter().map(|query| query.gold().len()).sum();
    assert_eq!((lines(&run).len(), lines(&qrels).len()), (ranked, gold));
    assert!(lines(&run)[0].starts_with(&format!("{} Q0 c", queries[0].name().join("|"))));
}

/// The ranking of `query`, to the bit.
fn ranking(history: &History, protocol: &DaysProtocol, query: &DayQuery) -> Vec<(String, u64)> {
    let recommender = communities();
    let judge = |view: &View, query: &DayQuery| judge(protocol, view, query, &recommender, None);
    let judged = replay(history, &[query], &BasisRule::Held(None), 1, judge, &mut |_, _| {});
    let named = judged[0]
        .ours
        .iter()
        .map(|&(n, score)| (protocol.id(n).to_owned(), score.to_bits()));
    named.collect()
}

#[test]
fn what_comes_later_leaves_no_trace() {
    let history = organisation(120);
    let protocol = DaysProtocol::communities(&history, &newcomers());
    for n in (0..6).map(|n| n * 19 % protocol.queries().len()) {
        let query = &protocol.queries()[n];
        let cut = history.before(query.at());
        assert!(cut.facts().len() < history.facts().len(), "the join itself is cut off");
        assert_eq!(ranking(&history, &protocol, query), ranking(&cut, &protocol, query));
    }
}

#[test]
fn learning_sees_nothing_of_the_test() {
    let history = organisation(240);
    let shipped = communities();
    let protocol = DaysProtocol::communities(&history, &newcomers());
    let cut = history.before(protocol.part(Part::Test)[0].at());
    let whole = evaluated(&history, &newcomers(), &shipped, true, 2);
    let whole = whole.report().learnt.expect("enough queries");
    let learner = Learner {
        current: &shipped,
        prior: &shipped,
        basis: BasisRule::Refreshed(&unkept_basis),
        since: None,
        threads: 1,
    };
    let learnt = learner.learn(&cut, &DaysProtocol::communities(&cut, &newcomers()), &mut |_, _| {});
    let learnt = learnt.expect("enough queries");
    let bits = |learnt: &Learnt| {
        learnt
            .weights
            .iter()
            .map(|(_, weight)| weight.to_bits())
            .collect::<Vec<_>>()
    };
    assert_eq!(bits(&whole), bits(&learnt));
    assert_eq!(whole.examples, protocol.part(Part::Fit).len());
}

#[test]
fn several_places_are_told_together_each_query_weighing_the_same() {
    let shipped = communities();
    let reports = [120, 200].map(|people| evaluated(&organisation(people), &newcomers(), &shipped, false, 1).report());
    let together = Together::of(&reports).expect("they have queries").to_json();
    for (place, name) in ["cold", "warm"].into_iter().enumerate() {
        let told = &together[place];
        let figures = reports.each_ref().map(|report| &report.groups[place].figures);
        let queries: usize = figures.iter().map(|figures| figures.queries).sum();
        let sum: f64 = figures
            .iter()
            .map(|figures| figures.ndcg10 * figures.queries as f64)
            .sum();
        assert_eq!((&told["group"], &told["queries"]), (&name.into(), &queries.into()));
        let number = |value: &serde_json::Value| value.as_f64().expect("a number");
        let mean = number(&told["mean"]);
        assert!((mean - sum / queries as f64).abs() < 1e-4, "{told}");
        assert!(number(&told["lo"]) < mean && mean < number(&told["hi"]), "{told}");
    }
    assert!(Together::of(&[]).is_none());
}
