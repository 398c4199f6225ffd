//! Models kept, chosen and read again; and a service that learns from its own log.

use super::adoption::NewModel;
use super::meta::tests::learnt;
use super::shelf::{choice_kind, kind};
use super::*;
use crate::app::{
    Ahead, Clock, CommunitiesRequest, ExpertsRequest, NumberedLine, Order, Service, Settings, Sources, Tongue,
};
use crate::fit::Learnt;
use crate::recommend::Recommender::{CoAnimators, Communities, Experts};
use crate::store::{OpenOptions, SqliteStore};
use crate::world::latent::{DIMS, RawBasis};
use serde_json::{Value, json};
use std::path::Path;

const NOW: Timestamp = Timestamp::from_micros(1_772_442_030_000_000);

fn store(folder: &Path) -> SqliteStore {
    let options = OpenOptions {
        create: true,
        ..OpenOptions::new([7; 16])
    };
    SqliteStore::open(&folder.join("data"), &options).unwrap()
}

fn a_basis(loading: f32) -> Arc<Basis> {
    let raw = RawBasis {
        terms: vec!["pump".to_owned()],
        rarity: vec![1.0],
        loadings: vec![[loading; DIMS]],
    };
    Arc::new(Basis::new(raw, term_key([7; 16])))
}

/// The shipped weights but for the first.
fn weighing(weight: f64) -> Learnt {
    let shipped = ExpertsRecommender::shipped().unwrap();
    let mut weights: Vec<_> = shipped.pipeline().weights().collect();
    weights[0].1 = weight;
    Learnt { weights, ..learnt() }
}

fn adopt(models: &Models, weight: f64, store: &mut SqliteStore) -> Models {
    let new = NewModel::with_basis(NOW, Some(weighing(weight)), Some(a_basis(weight as f32)));
    models.after(Change::Adopt(Box::new(new)), store).unwrap()
}

fn choose(models: &Models, choice: Choice, store: &mut SqliteStore) -> Result<Models, ModelsError> {
    models.after(Change::Choose(Experts, choice, NOW), store)
}

fn load(store: &SqliteStore) -> Models {
    Models::load(store, None, NOW).unwrap()
}

/// What answers depend on.
fn shape(models: &Models) -> (u64, String, u64, Option<Vec<u8>>) {
    let first = models.experts().pipeline().weight("similar_vote").to_bits();
    let basis = models.basis().map(|basis| basis.encode());
    (models.of(Experts).in_use(), models.of(Experts).name(), first, basis)
}

#[test]
fn the_newest_is_used_and_read_again_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    let shipped = load(&store);
    assert_eq!(
        (shipped.of(Experts).in_use(), shipped.basis().is_none()),
        (SHIPPED, true)
    );
    assert!(shipped.of(Experts).name().starts_with("default-"));
    let one = adopt(&shipped, 0.1 + 0.2, &mut store);
    let two = adopt(&one, 0.7, &mut store);
    assert_eq!((one.of(Experts).in_use(), two.of(Experts).in_use()), (1, 2));
    assert_ne!(one.of(Experts).name(), two.of(Experts).name());
    assert!(one.of(Experts).name().starts_with("learnt-"));
    assert_eq!(shape(&load(&store)), shape(&two));
    assert_eq!(two.of(Experts).since(), NOW);
}

#[test]
fn a_name_stands_for_the_basis_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    let named = |basis, store: &mut SqliteStore| {
        let new = NewModel::with_basis(NOW, None, Some(a_basis(basis)));
        let after = load(store).after(Change::Adopt(Box::new(new)), store).unwrap();
        after.of(Experts).name()
    };
    let (one, two) = (named(1.0, &mut store), named(2.0, &mut store));
    assert!(
        one != two && one.starts_with("default-") && two.starts_with("default-"),
        "{one} {two}"
    );
}

#[test]
fn what_the_operator_chose_stays_until_they_choose_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    let mut models = load(&store);
    let first = shape(&adopt(&models, 0.1, &mut store));
    for weight in [0.2, 0.3] {
        models = adopt(&load(&store), weight, &mut store);
    }
    models = choose(&models, Choice::Rollback, &mut store).unwrap();
    assert_eq!((models.of(Experts).in_use(), models.of(Experts).pinned()), (2, Some(2)));
    models = choose(&models, Choice::Rollback, &mut store).unwrap();
    assert_eq!(shape(&models), first, "weights and basis of the first one");
    assert_eq!(shape(&load(&store)), first, "also after a restart");
    models = adopt(&models, 0.4, &mut store);
    assert_eq!(shape(&models), first, "what is learnt meanwhile is kept and not used");
    models = choose(&models, Choice::Rollback, &mut store).unwrap();
    assert_eq!((models.of(Experts).in_use(), models.basis().is_none()), (SHIPPED, true));
    assert!(matches!(
        choose(&models, Choice::Rollback, &mut store),
        Err(ModelsError::First)
    ));
    assert!(matches!(
        choose(&models, Choice::Pin(9), &mut store),
        Err(ModelsError::Unknown(9))
    ));
    assert_eq!(load(&store).of(Experts).in_use(), SHIPPED);
    models = choose(&models, Choice::Unpin, &mut store).unwrap();
    assert_eq!((models.of(Experts).in_use(), models.of(Experts).pinned()), (4, None));
    models = choose(&models, Choice::Pin(3), &mut store).unwrap();
    assert_eq!((models.of(Experts).in_use(), load(&store).of(Experts).in_use()), (3, 3));
    assert_eq!(
        store.artefacts(choice_kind(Experts)).unwrap().len(),
        5,
        "each choice stays on file"
    );
}

#[test]
fn given_weights_stand_above_learnt_ones_and_the_basis_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    let learnt = adopt(&load(&store), 0.25, &mut store);
    let bent = |line: &str| {
        if line.starts_with("recency =") {
            "recency = 1.5\n".to_owned()
        } else {
            format!("{line}\n")
        }
    };
    let text: String = include_str!("../../../data/weights.toml").lines().map(bent).collect();
    let models = Models::load(&store, Some(&text), NOW).unwrap();
    assert!(models.of(Experts).name().starts_with("custom-") && models.of(Experts).given().is_some());
    assert!((models.experts().pipeline().weight("recency") - 1.5).abs() < f64::EPSILON);
    assert_eq!(
        models.basis().map(|basis| basis.encode()),
        learnt.basis().map(|basis| basis.encode())
    );
    assert_eq!(models.of(Experts).learnt_until(), None, "no history taught these");
    assert_eq!(
        load(&store).of(Experts).learnt_until(),
        Some(meta::tests::learnt().span.1)
    );
    assert!(Models::load(&store, Some("[experts]\n"), NOW).is_err());
}

#[test]
fn the_oldest_go_and_what_is_pinned_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    let mut models = load(&store);
    for n in 0..KEPT + 3 {
        models = adopt(&models, n as f64, &mut store);
    }
    let versions = |models: &Models| {
        models
            .of(Experts)
            .newest_first()
            .map(|model| model.version)
            .collect::<Vec<_>>()
    };
    assert_eq!(versions(&models), (4..=13).rev().collect::<Vec<_>>());
    assert_eq!(versions(&load(&store)), versions(&models));
    models = choose(&models, Choice::Pin(5), &mut store).unwrap();
    for n in 0..4 {
        models = adopt(&models, f64::from(n), &mut store);
    }
    assert_eq!(versions(&models), (5..=17).rev().collect::<Vec<_>>());
    assert_eq!(load(&store).of(Experts).in_use(), 5);
}

#[test]
fn a_model_that_cannot_be_read_is_passed_over_and_its_number_is_not_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    let one = adopt(&load(&store), 0.5, &mut store);
    let text = store.artefact(kind(Experts), 1).unwrap().unwrap().meta;
    store
        .put_artefact(kind(Experts), 2, b"another form", &text, &[])
        .unwrap();
    store
        .put_artefact(kind(Experts), 3, b"", "another = form", &[])
        .unwrap();
    let models = load(&store);
    assert_eq!(shape(&models), shape(&one));
    assert!(matches!(
        choose(&models, Choice::Pin(2), &mut store),
        Err(ModelsError::Unreadable(2, _))
    ));
    assert_eq!(
        load(&store).of(Experts).pinned(),
        None,
        "a choice that cannot hold is not kept"
    );
    assert_eq!(adopt(&models, 0.6, &mut store).of(Experts).in_use(), 4);
}

// A service that learns.

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

fn service(folder: &Path) -> Service {
    opened(folder, Arc::new(Still))
}

fn opened(folder: &Path, clock: Arc<dyn Clock>) -> Service {
    let settings = Settings {
        folder: folder.join("data"),
        create: true,
        new_data_id: [7; 16],
        weights: None,
        manner: crate::app::Manner::Vous,
        recommendations_bytes: 1 << 20,
        sources: Sources::default(),
    };
    Service::open(settings, clock).unwrap()
}

fn tell(service: &Service, lines: &[Value]) {
    let texts: Vec<String> = lines.iter().map(Value::to_string).collect();
    let mut numbered = (1..).zip(texts.iter().map(|text| Ok(text.as_bytes())));
    let taken: Vec<NumberedLine> = service.read(&mut numbered, None, Ahead::Refused).taken;
    let report = service.take(taken)().unwrap();
    assert_eq!((report.accepted, report.rejected.len()), (lines.len() as u64, 0));
}

/// Questions `from..until`, two a day: each of six subjects has its words and the two people who answer it. Two askers
/// alone write `zanzibar`, three write `quartz`.
fn questions(from: u32, until: u32) -> Vec<Value> {
    let words = [
        "pump pressure seal",
        "invoice supplier credit",
        "badge door access",
        "holiday rota shift",
        "crane hoist cable",
        "solvent paint booth",
    ];
    let mut lines = Vec::new();
    let mut line = |id: String, kind: &str, hour: u32, day: u32, data: Value| {
        let at = format!("2025-{:02}-{:02}T{hour:02}:00:00Z", day / 28 + 1, day % 28 + 1);
        lines.push(json!({"id": id, "source": "forum", "type": kind, "at": at, "data": data}));
    };
    for n in from..until {
        let (subject, asker) = (n as usize % 6, n % 9);
        let rare = match asker {
            _ if n >= 60 => "",
            0 | 1 => "zanzibar quartz",
            2 => "quartz",
            _ => "",
        };
        let data = json!({"question": format!("q{n}"), "asker": format!("asker{asker}"),
            "title": format!("About the {} number {} {rare}", words[subject], n % 7)});
        line(format!("q{n}"), "question.created", 8 + n % 2 * 4, n / 2, data);
        let author = format!("expert{}-{}", subject, n / 6 % 2);
        let data = json!({"question": format!("q{n}"), "answer": format!("a{n}"), "author": author});
        line(format!("a{n}"), "answer.created", 9 + n % 2 * 4, n / 2, data);
    }
    lines
}

/// What became of the lesson for `which`.
fn fate(outcome: &FitOutcome, which: Recommender) -> (Verdict, Option<Learnt>) {
    let fate = outcome.each.iter().find(|fate| fate.which == which).unwrap();
    (fate.verdict, fate.learnt.clone())
}

fn answer(service: &Service, question: &str) -> String {
    let request = ExpertsRequest {
        limit: 5,
        group: false,
        outside_unit: false,
        order: Order::Waves,
        tongue: Tongue::English,
        viewer: None,
        after: Vec::new(),
    };
    format!("{:?}", service.experts(question, &request).unwrap())
}

#[test]
fn a_service_learns_and_answers_the_same_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let service_one = service(folder.path());
    tell(&service_one, &questions(0, 160));
    assert!(service_one.refit_due(7) == [Experts] && service_one.refit_due(0).is_empty());
    let before = answer(&service_one, "q159");
    let outcome = service_one.fit(1, &mut |_, _| {}).unwrap();
    assert_eq!(fate(&outcome, Experts).0, Verdict::Adopted);
    assert!(outcome.after.basis().is_some());
    assert!(service_one.refit_due(7).is_empty(), "it is new");
    let after = answer(&service_one, "q159");
    assert_ne!(before, after);
    assert!(after.contains(&outcome.after.of(Experts).name()), "{after}");
    let found = service_one.verify().unwrap();
    assert!(found.is_whole(), "memory is what the log and the model say");
    // Nothing came since: nothing can tell which weights are better.
    let again = service_one.fit(1, &mut |_, _| {}).unwrap();
    assert_eq!(fate(&again, Experts).0, Verdict::Refused(Reason::FewNew(0)));
    assert_eq!(again.after.of(Experts).in_use(), 1);
    drop(service_one);
    let service_two = service(folder.path());
    assert_eq!(answer(&service_two, "q159"), after);
    tell(&service_two, &questions(160, 230));
    let newer = service_two.fit(2, &mut |_, _| {}).unwrap();
    let check = fate(&newer, Experts).1.unwrap().check;
    assert_eq!(check.questions, 70, "only what the weights in use have not seen");
    assert!(check.says());
}

#[test]
fn a_term_that_fewer_than_three_people_use_is_in_no_artefact() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(folder.path());
    tell(&service, &questions(0, 120));
    service.adopt(service.lesson(&|| true).unwrap().basis_alone()).unwrap();
    drop(service);
    let store = store(folder.path());
    let artefact = store.artefact(kind(Experts), 1).unwrap().unwrap();
    let basis = Basis::decode(&artefact.bytes, term_key(store.data_id())).unwrap();
    let knows = |term| basis.fold([(term, 1)]).is_some();
    assert!(knows("quartz"), "three askers");
    assert!(!knows("zanzibar"), "two askers");
    let other = Basis::decode(&artefact.bytes, term_key([8; 16])).unwrap();
    assert!(
        other.fold([("quartz", 1)]).is_none(),
        "without the data's identity no word can be tried"
    );
}

/// A clock that moves by a millisecond whenever somebody looks.
struct Ticking(std::sync::atomic::AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let micros = self.0.fetch_add(1_000, std::sync::atomic::Ordering::SeqCst);
        Timestamp::from_micros(micros)
    }
}

#[test]
fn after_an_erasure_another_basis_takes_the_place_of_all_before() {
    let folder = tempfile::tempdir().unwrap();
    let clock: Arc<dyn Clock> = Arc::new(Ticking(NOW.micros().into()));
    let service = opened(folder.path(), Arc::clone(&clock));
    tell(&service, &questions(0, 160));
    let learnt = service.fit(1, &mut |_, _| {}).unwrap();
    assert_eq!(fate(&learnt, Experts).0, Verdict::Adopted);
    let knows = |basis: &Basis, term: &str| basis.fold([(term, 1)]).is_some();
    let known = |service: &Service, term: &str| service.models().basis().is_some_and(|basis| knows(basis, term));
    assert!(known(&service, "quartz"), "three askers write it");
    assert!(!service.erasure_due());
    // A lesson that began before holds what they asked, whatever the clock says when it ends.
    let begun = service.lesson_of_now().unwrap();
    service.erase_person("asker2").unwrap();
    assert!(service.erasure_due(), "it is noticed at once");
    service.adopt(begun.after_erasure()).unwrap();
    assert!(
        known(&service, "quartz") && service.erasure_due(),
        "it stays due until one is learnt without them"
    );
    drop(service);
    let service = opened(folder.path(), clock);
    assert!(service.erasure_due(), "over a restart, too");
    let weights = service.models().of(Experts).learnt().cloned();
    service.adopt(service.lesson_of_now().unwrap().after_erasure()).unwrap();
    assert!(!service.erasure_due());
    assert!(!known(&service, "quartz"), "two askers are left who write it");
    assert!(known(&service, "pump"), "what many write stays");
    assert_eq!(
        service.models().of(Experts).learnt().cloned(),
        weights,
        "numbers over everybody stay"
    );
    assert!(service.verify().unwrap().is_whole());
    drop(service);
    let store = store(folder.path());
    let kept = store.artefacts(kind(Experts)).unwrap();
    assert_eq!(kept.len(), 1, "none of those before is kept");
    let artefact = store.artefact(kind(Experts), kept[0].version).unwrap().unwrap();
    let basis = Basis::decode(&artefact.bytes, term_key(store.data_id())).unwrap();
    assert!(knows(&basis, "pump") && !knows(&basis, "quartz"));
}

#[test]
fn what_comes_in_during_a_lesson_is_taken_at_once_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(folder.path());
    tell(&service, &questions(0, 100));
    let lesson = service.lesson(&|| true).unwrap();
    assert!(matches!(service.lesson(&|| true), Err(FitError::Busy)));
    tell(&service, &questions(100, 110));
    assert!(service.snapshot().view.questions.find("q109").is_some());
    let outcome = service
        .adopt(lesson.learn(&Recommender::ALL, 1, &mut |_, _| {}))
        .unwrap();
    assert_eq!(
        (fate(&outcome, Experts).0, outcome.after.of(Experts).in_use()),
        (Verdict::Adopted, 1)
    );
    let snapshot = service.snapshot();
    assert_eq!(snapshot.generation, 220);
    let newest = snapshot.view.questions.find("q109").unwrap();
    assert!(snapshot.view.subject(newest).is_some(), "it is read by the new basis");
    assert!(service.verify().unwrap().is_whole());
    drop(service.lesson(&|| true).unwrap());
    assert!(
        service.lesson(&|| true).is_ok(),
        "a lesson that nobody finishes holds up no other"
    );
}

#[test]
fn too_little_history_keeps_the_weights() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(folder.path());
    tell(&service, &questions(0, 49));
    assert!(service.refit_due(7).is_empty());
    let fit = || service.fit(1, &mut |_, _| {}).unwrap();
    assert_eq!(fate(&fit(), Experts).0, Verdict::Refused(Reason::FewQuestions(49)));
    tell(&service, &questions(49, 52));
    let outcome = fit();
    assert_eq!(fate(&outcome, Experts).0, Verdict::BasisAlone(Reason::FewAnswered));
    assert!(outcome.after.of(Experts).name().starts_with("default-") && outcome.after.basis().is_some());
    assert_eq!(fate(&fit(), Experts).0, Verdict::Refused(Reason::Same));
    assert_eq!(service.models().of(Experts).in_use(), 1);
}

#[test]
fn weights_that_lose_are_refused_and_a_first_basis_is_taken_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(folder.path());
    tell(&service, &questions(0, 52));
    let (loses, found) = (learnt(), a_basis(1.0));
    let decide = |found| service.lesson(&|| true).unwrap().decide(Some(&loses), found);
    assert_eq!(decide(None), Verdict::Refused(Reason::Loses));
    assert_eq!(decide(Some(&found)), Verdict::BasisAlone(Reason::Loses));
    service.fit(1, &mut |_, _| {}).unwrap();
    assert_eq!(decide(Some(&found)), Verdict::Refused(Reason::Loses));
    let mut wins = learnt();
    wins.check.learnt = wins.check.current;
    let wins = service.lesson(&|| true).unwrap().decide(Some(&wins), Some(&found));
    assert_eq!(wins, Verdict::Adopted, "as good is good enough");
}

#[test]
fn words_that_everybody_uses_make_no_basis() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(folder.path());
    let questions = questions(0, 120)
        .into_iter()
        .filter(|line| line["type"] == "question.created");
    let same = questions.map(|mut line| {
        line["data"]["title"] = json!("How does the pump work?");
        line
    });
    tell(&service, &same.collect::<Vec<_>>());
    let outcome = service.fit(1, &mut |_, _| {}).unwrap();
    assert_eq!(fate(&outcome, Experts).0, Verdict::Refused(Reason::NoTerms));
    assert_eq!(service.models().of(Experts).in_use(), SHIPPED);
}

#[test]
fn a_lesson_that_is_not_wanted_any_more_ends_in_the_middle_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(folder.path());
    tell(&service, &questions(0, 600));
    assert!(matches!(service.lesson(&|| false), Err(FitError::Stopping)));
    assert!(service.lesson(&|| true).is_ok());
}

/// An event of a day of 2025.
fn dated(id: String, kind: &str, (day, hour): (u32, u32), data: &Value) -> Value {
    let at = format!("2025-{:02}-{:02}T{hour:02}:00:00Z", day / 28 + 1, day % 28 + 1);
    json!({"id": id, "source": "hr", "type": kind, "at": at, "data": data})
}

fn community(id: &str, kind: &str) -> Value {
    json!({"community": id, "name": format!("Place {id}"), "kind": kind, "access": "open"})
}

fn belongs(person: &str, community: &str, role: &str) -> Value {
    json!({"person": person, "community": community, "role": role})
}

/// Twelve communities of three people or more, the first two of them teams.
fn places() -> Vec<Value> {
    let mut lines = Vec::new();
    for c in 0..12 {
        let (id, kind) = (format!("c{c:02}"), if c < 2 { "team" } else { "interest" });
        lines.push(dated(
            format!("place{c}"),
            "community.upserted",
            (0, 1),
            &community(&id, kind),
        ));
        for n in 0..3 + c {
            let old = belongs(&format!("old{c}-{n}"), &id, "member");
            lines.push(dated(format!("old{c}-{n}"), "membership.added", (0, 2), &old));
        }
    }
    lines
}

/// Days `from..until`, each with somebody who joins one of the two teams, and a new community whose newest member begins to
/// animate it the day after.
fn joins(from: u32, until: u32) -> Vec<Value> {
    let day = |n: u32| {
        let (new, club) = (format!("new{n:03}"), format!("club{n:03}"));
        let mut lines = vec![
            ("person.upserted", (n, 1), json!({"person": new, "title": "Engineer"})),
            (
                "membership.added",
                (n, 2),
                belongs(&new, &format!("c{:02}", n % 2), "member"),
            ),
            ("community.upserted", (n, 3), community(&club, "interest")),
            (
                "membership.added",
                (n, 4),
                belongs(&format!("old5-{}", n % 8), &club, "animator"),
            ),
        ];
        let members = (0..4).map(|m| belongs(&format!("old{}-{m}", 6 + m), &club, "member"));
        lines.extend(
            (5..)
                .zip(members)
                .map(|(hour, member)| ("membership.added", (n, hour), member)),
        );
        lines.push(("membership.added", (n + 1, 9), belongs("old9-3", &club, "animator")));
        let numbered = (0..).zip(lines);
        numbered.map(move |(i, (kind, at, data))| dated(format!("{n}-{i}"), kind, at, &data))
    };
    (from..until).flat_map(day).collect()
}

fn communities(service: &Service, person: &str) -> (String, String) {
    let request = CommunitiesRequest {
        limit: 5,
        tongue: Tongue::English,
        viewer: None,
        after: Vec::new(),
    };
    let reply = service.communities_for(person, &request).unwrap();
    (reply.answer.model.clone(), format!("{reply:?}"))
}

#[test]
fn every_recommender_learns_from_what_there_is_and_the_others_keep_what_they_have() {
    let folder = tempfile::tempdir().unwrap();
    let one = service(folder.path());
    tell(&one, &[places(), joins(1, 30)].concat());
    assert!(one.refit_due(7).contains(&Communities) && !one.refit_due(7).contains(&Experts));
    let outcome = one.fit(1, &mut |_, _| {}).unwrap();
    assert_eq!(fate(&outcome, Experts).0, Verdict::Refused(Reason::FewQuestions(0)));
    assert!(matches!(
        fate(&outcome, CoAnimators).0,
        Verdict::Refused(Reason::FewDays(29))
    ));
    tell(&one, &joins(30, 56));
    let (shipped, before) = communities(&one, "new055");
    let outcome = one.fit(2, &mut |_, _| {}).unwrap();
    for which in [Communities, CoAnimators] {
        assert_eq!(fate(&outcome, which).0, Verdict::Adopted, "{which:?}");
        let shelf = outcome.after.of(which);
        assert_eq!(
            (shelf.in_use(), shelf.name().starts_with("learnt-")),
            (1, true),
            "{which:?}"
        );
    }
    assert_eq!(outcome.after.of(Experts).in_use(), SHIPPED);
    let (learnt, after) = communities(&one, "new055");
    assert!(
        shipped.starts_with("default-") && learnt == outcome.after.of(Communities).name(),
        "{learnt}"
    );
    assert_ne!(before, after);
    assert_ne!(outcome.before.tag(), outcome.after.tag());
    assert!(outcome.after.tag().contains(&learnt) && one.refit_due(7).is_empty());
    drop(one);
    let two = service(folder.path());
    assert_eq!(communities(&two, "new055"), (learnt, after), "the same after a restart");
    let again = two.fit(1, &mut |_, _| {}).unwrap();
    assert_eq!(fate(&again, Communities).0, Verdict::Refused(Reason::FewNew(0)));
    // What is chosen for one holds for that one alone.
    two.choose_model(Communities, Choice::Rollback).unwrap();
    assert_eq!(communities(&two, "new055").0, shipped);
    assert_eq!(two.models().of(CoAnimators).in_use(), 1);
    drop(two);
    let three = service(folder.path());
    assert_eq!(three.models().of(Communities).pinned(), Some(SHIPPED));
    three.choose_model(Communities, Choice::Unpin).unwrap();
    assert_eq!(three.models().of(Communities).in_use(), 1);
    assert!(three.verify().unwrap().is_whole());
}

#[test]
fn weights_given_for_one_recommender_leave_the_others_what_they_learnt() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    let learnt_of = |which| {
        let models = load(&store);
        let mut weights = models.of(which).weights();
        weights[0].1 = 0.625;
        Learnt { weights, ..learnt() }
    };
    let both = [Communities, CoAnimators].map(|which| NewModel::of(which, NOW, Some(learnt_of(which))));
    let mut models = load(&store);
    for new in both {
        models = models.after(Change::Adopt(Box::new(new)), &mut store).unwrap();
    }
    let shipped = include_str!("../../../data/weights.toml");
    let experts_alone = shipped.split("[communities]").next().unwrap();
    let given = Models::load(&store, Some(experts_alone), NOW).unwrap();
    assert!(given.of(Experts).given().is_some() && given.of(Communities).given().is_none());
    assert_eq!(given.of(Communities).name(), models.of(Communities).name());
    let first = given.communities().pipeline().weights().next().unwrap().1;
    assert!((first - 0.625).abs() < f64::EPSILON);
    let given = Models::load(&store, Some(shipped), NOW).unwrap();
    assert!(
        given.of(CoAnimators).name().starts_with("custom-"),
        "what the file says stands above"
    );
    assert_eq!(given.of(CoAnimators).in_use(), 1);
}
