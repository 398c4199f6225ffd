//! What each component tells, on small organisations that are told fact by fact.

use super::*;
use crate::domain::{
    Access, AnswerId, Audience, CapacityPatch, CommunityId, CommunityKind, CommunityPatch, FactBody, Hours, MemberRole,
    Patch, PersonId, PersonPatch, Preference, ProjectId, ProjectPatch, ProjectRole, ProposalId, ProposalKind, Purpose,
    QuestionId, QuestionPatch, SkillId, SkillPatch, UnitPath,
};
use crate::pipeline::{Order, Pipeline, Signal, Weighted};
use crate::signals::Viewer;
use crate::signals::sample::{FIRST_DAY, Sample, hour};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The hour at which everything is asked: a year after the first day.
const NOW: i64 = 365 * 24;

/// An organisation that is told facts in few words.
#[derive(Default)]
struct Place(Sample);

impl Place {
    fn view(&self) -> &View {
        self.0.view()
    }

    fn person(&mut self, person: &str, change: impl FnOnce(&mut PersonPatch)) {
        let mut patch = PersonPatch {
            name: Patch::Set(person.into()),
            ..PersonPatch::default()
        };
        change(&mut patch);
        let (person, patch) = (PersonId::new(person), Box::new(patch));
        self.0.say(-48, FactBody::PersonUpserted { person, patch });
    }

    fn of_unit(&mut self, person: &str, unit: &str) {
        self.person(person, |patch| patch.unit = Patch::Set(UnitPath::new(unit)));
    }

    fn community(&mut self, community: &str, change: impl FnOnce(&mut CommunityPatch)) {
        let mut patch = CommunityPatch::default();
        change(&mut patch);
        let (community, patch) = (CommunityId::new(community), Box::new(patch));
        self.0.say(-40, FactBody::CommunityUpserted { community, patch });
    }

    fn about(&mut self, community: &str, topics: &[&str]) {
        let topics = topics.iter().map(|&topic| topic.into()).collect();
        self.community(community, |patch| patch.topics = Patch::Set(topics));
    }

    fn joins(&mut self, person: &str, community: &str, day: i64) {
        self.stays(person, community, day, MemberRole::Member, false);
    }

    fn stays(&mut self, person: &str, community: &str, day: i64, role: MemberRole, since_unknown: bool) {
        let (person, community) = (PersonId::new(person), CommunityId::new(community));
        self.0.say(
            day * 24,
            FactBody::MembershipAdded {
                person,
                community,
                role,
                since_unknown,
            },
        );
    }

    fn quits(&mut self, person: &str, community: &str, day: i64) {
        let (person, community) = (PersonId::new(person), CommunityId::new(community));
        let role = MemberRole::Member;
        self.0.say(
            day * 24,
            FactBody::MembershipRemoved {
                person,
                community,
                role,
            },
        );
    }

    fn knows(&mut self, person: &str, skill: &str) {
        let labels = Patch::Set(vec![("en".into(), skill.into())]);
        let patch = Box::new(SkillPatch {
            labels,
            ..SkillPatch::default()
        });
        let (person, skill) = (PersonId::new(person), SkillId::new(format!("skill/{skill}")));
        self.0.say(
            -47,
            FactBody::SkillUpserted {
                skill: skill.clone(),
                patch,
            },
        );
        let (origin, level, by) = (Origin::Declared, None, None);
        self.0.say(
            -46,
            FactBody::SkillAsserted {
                person,
                skill,
                origin,
                level,
                by,
            },
        );
    }

    fn asks(&mut self, asker: &str, question: &str, community: &str, tag: &str, title: &str) {
        let patch = Box::new(QuestionPatch {
            title: Patch::Set(title.into()),
            community: Patch::Set(CommunityId::new(community)),
            tags: Patch::Set(vec![tag.into()]),
            language: Patch::Set("en".into()),
            ..QuestionPatch::default()
        });
        let (question, asker) = (QuestionId::new(question), PersonId::new(asker));
        let anonymous = false;
        self.0.say(
            NOW - 300,
            FactBody::QuestionCreated {
                question,
                asker,
                patch,
                anonymous,
            },
        );
    }

    fn answers(&mut self, author: &str, question: &str, hours_ago: i64) {
        let answer = AnswerId::new(format!("{question} by {author}"));
        let (question, author) = (QuestionId::new(question), PersonId::new(author));
        let (body, url) = (None, None);
        self.0.say(
            NOW - hours_ago,
            FactBody::AnswerCreated {
                answer,
                question,
                author,
                body,
                url,
            },
        );
    }

    fn refuses(&mut self, person: &str, purpose: Purpose) {
        let preference = Preference {
            allowed: false,
            until: None,
        };
        let person = PersonId::new(person);
        self.0.say(
            0,
            FactBody::PreferenceSet {
                person,
                purpose,
                preference,
            },
        );
    }

    fn ix(&self, community: &str) -> CommunityIx {
        self.view()
            .communities
            .find(community)
            .expect("a community of the place")
    }

    /// `person` as a platform asks about them.
    fn query(&self, person: &str) -> NewcomerQuery {
        NewcomerQuery::of(self.view(), self.0.ix(person), hour(NOW), Viewer::default())
    }

    /// `person` as they ask themself.
    fn own_query(&self, person: &str) -> NewcomerQuery {
        let person = self.0.ix(person);
        let viewer = Viewer {
            person: Some(person),
            animates: Vec::new(),
        };
        NewcomerQuery::of(self.view(), person, hour(NOW), viewer)
    }

    /// What `signal` measures of each of `communities`, normalised among them.
    fn strengths<const N: usize>(
        &self,
        query: &NewcomerQuery,
        signal: impl Signal<Communities> + 'static,
        communities: [&str; N],
    ) -> [f64; N] {
        let signal = Weighted {
            signal: Box::new(signal) as Box<dyn Signal<Communities>>,
            weight: 1.0,
        };
        let pipeline = Pipeline::new(vec![], vec![], vec![signal], Box::new(Table));
        let rows = communities.map(|community| self.ix(community));
        let (subjects, strengths) = pipeline.strengths(self.view(), query, rows.to_vec());
        rows.map(|row| strengths[subjects.binary_search(&row).expect("it was measured")])
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn a_census_tells_who_is_there_from_who_ever_came() {
    let mut place = Place::default();
    for person in ["new", "stays", "quit", "left", "old"] {
        place.person(person, |_| {});
    }
    place.community("club", |_| {});
    place.joins("stays", "club", 10);
    place.joins("quit", "club", 20);
    place.quits("quit", "club", 30);
    place.joins("left", "club", 40);
    place.stays("old", "club", 50, MemberRole::Member, true);
    let left = PersonId::new("left");
    place.0.say(100 * 24, FactBody::PersonLeft { person: left });
    // Becoming an animator is no join, and neither is one's own.
    place.stays("stays", "club", 60, MemberRole::Animator, false);
    place.joins("new", "club", 70);
    let query = place.query("new");
    let club = query.census.place(place.ix("club"));
    assert_eq!((club.present, club.ever, query.census.people), (2, 4, 4));
    let days: Vec<i32> = [10, 20, 40].map(|day| FIRST_DAY + day).to_vec();
    assert_eq!(club.joins, days, "what was only seen by then has no day");
    assert_eq!(club.animators, [place.0.ix("stays")]);
}

#[test]
fn what_the_newcomer_gave_makes_no_place_lively_for_them() {
    let mut place = Place::default();
    for person in ["new", "ann", "bob"] {
        place.person(person, |_| {});
    }
    place.community("club", |_| {});
    place.joins("new", "club", 10);
    for (n, author) in ["new", "bob", "new", "bob", "bob"].into_iter().enumerate() {
        let question = format!("q{n}");
        place.asks("ann", &question, "club", "pumps", "Why does it rumble?");
        place.answers(author, &question, 48);
    }
    let given = |person: &str| place.query(person).census.place(place.ix("club")).given_lately;
    assert_eq!((given("new"), given("bob"), given("ann")), (3, 2, 5));
    // One roll serves everybody.
    let roll = Arc::new(Roll::of(place.view()));
    for person in ["new", "ann", "bob"] {
        let (ix, club) = (place.0.ix(person), place.ix("club"));
        let shared = NewcomerQuery::on(place.view(), &roll, ix, hour(NOW), Viewer::default());
        assert_eq!(shared.census.place(club), place.query(person).census.place(club));
    }
}

#[test]
fn a_department_put_in_at_once_weighs_less_than_people_who_came_one_by_one() {
    let mut place = Place::default();
    place.person("new", |_| {});
    for n in 0..60 {
        let person = format!("p{n}");
        place.person(&person, |_| {});
        place.joins(&person, "imported", 300);
        if n < 40 {
            place.joins(&person, "chosen", 280 + n);
        }
    }
    let query = place.query("new");
    for half_life in 0..3 {
        let [imported, chosen] = place.strengths(&query, Joins(half_life), ["imported", "chosen"]);
        assert!(imported < chosen, "{half_life}: {imported} {chosen}");
    }
    let [imported, chosen] = place.strengths(&query, Members, ["imported", "chosen"]);
    assert!(imported > chosen, "they are there all the same");
    let [imported, chosen] = place.strengths(&query, Growth, ["imported", "chosen"]);
    assert!(imported < chosen, "{imported} {chosen}");
}

#[test]
fn people_like_them_speak_for_a_community_and_others_against_it() {
    let mut place = Place::default();
    place.of_unit("new", "G/it/data");
    for n in 0..6 {
        place.of_unit(&format!("d{n}"), "G/it/data");
        place.joins(&format!("d{n}"), "data club", 100);
        place.of_unit(&format!("i{n}"), "G/it/network");
        place.joins(&format!("i{n}"), "it club", 100);
        place.of_unit(&format!("h{n}"), "G/hr");
        place.joins(&format!("h{n}"), "hr club", 100);
    }
    let query = place.query("new");
    let [data, it, hr] = place.strengths(&query, Likeness(Trait::Unit), ["data club", "it club", "hr club"]);
    assert!(data > 0.0 && hr < 0.0 && data > it && it > hr, "{data} {it} {hr}");
    // By hand: of 18 people 12 are in it, 6 in data; the parts of the path are each other's prior.
    let (all_it, all_data) = (12.0 / 18.0, 6.0 / 18.0);
    let inside_group = (6.0 + 3.0) / 9.0;
    let inside_it = (6.0 + 3.0 * inside_group * all_it) / 9.0;
    let inside_data = (6.0 + 3.0 * inside_it * all_data / all_it) / 9.0;
    assert!(near(data, libm::log(inside_data / all_data) / 3.0), "{data}");
    let sites = place.strengths(&query, Likeness(Trait::Site), ["data club", "hr club"]);
    assert!(
        sites.iter().all(|&strength| near(strength, 0.0)),
        "nothing is said of sites"
    );
    let [data, hr] = place.strengths(&query, MateJoins(Mates::Unit), ["data club", "hr club"]);
    assert!(near(data, 1.0) && near(hr, 0.0));
    let [data, hr] = place.strengths(&query, Acquaintance::Unit, ["data club", "hr club"]);
    assert!(near(data, 1.0) && near(hr, 0.0));
    let named = Acquaintance::Unit.facts(place.view(), &query, place.ix("data club"));
    assert_eq!(named.len(), 6, "{named:?}");
}

#[test]
fn item_to_item_is_the_cosine_of_who_was_in_both() {
    let mut place = Place::default();
    for person in ["new", "a", "b", "c", "d"] {
        place.person(person, |_| {});
    }
    for (person, community) in [("new", "own"), ("a", "own"), ("b", "own"), ("c", "own"), ("a", "near")] {
        place.joins(person, community, 10);
    }
    for (person, community) in [("b", "near"), ("c", "far"), ("d", "far")] {
        place.joins(person, community, 20);
    }
    place.quits("b", "near", 30);
    let query = place.query("new");
    // Three others in one's own; of two in `near` both, of two in `far` one.
    let (near_cosine, far_cosine) = (2.0 / 6.0_f64.sqrt(), 1.0 / 6.0_f64.sqrt());
    for strengths in [
        place.strengths(&query, NeighboursSum, ["near", "far"]),
        place.strengths(&query, NeighboursMax, ["near", "far"]),
    ] {
        assert!(
            near(strengths[0], 1.0) && near(strengths[1], far_cosine / near_cosine),
            "{strengths:?}"
        );
    }
    let own = place.ix("own");
    assert_eq!(
        NeighboursSum.facts(place.view(), &query, place.ix("near")),
        [Proof::Membership(own)]
    );
    assert_eq!(NeighboursSum.facts(place.view(), &query, place.ix("own")).len(), 1);
}

#[test]
fn where_those_beside_them_went_next_is_told_from_where_they_came_from() {
    let mut place = Place::default();
    for person in ["new", "a", "b", "c"] {
        place.person(person, |_| {});
    }
    // Everybody is in all three: a and b came to `next` after one's own community, to `before` before it.
    place.joins("new", "own", 300);
    for person in ["a", "b", "c"] {
        place.joins(person, "own", 100);
        place.joins(person, "before", 50);
    }
    place.joins("a", "next", 200);
    place.joins("b", "next", 364);
    place.joins("c", "next", 100);
    place.stays("c", "seen", 200, MemberRole::Member, true);
    let query = place.query("new");
    let days: Vec<i32> = query.census.followed(0, place.ix("next")).collect();
    assert_eq!(
        days,
        [200, 364].map(|day| FIRST_DAY + day),
        "of one day nobody knows which came first"
    );
    let [next, before, seen] = place.strengths(&query, ThenJoined, ["next", "before", "seen"]);
    assert!(
        near(next, 1.0) && near(before, 0.0) && near(seen, 0.0),
        "{next} {before} {seen}"
    );
    let [next, before] = place.strengths(&query, Together, ["next", "before"]);
    assert!(near(next, before), "in both they are all the same");
    let own = place.ix("own");
    assert_eq!(
        ThenJoined.facts(place.view(), &query, place.ix("next")),
        [Proof::Membership(own)]
    );
    assert_eq!(ThenJoined.facts(place.view(), &query, place.ix("before")), []);
    // By hand: two joins, 165 days and a day ago, of three people of one's own community.
    let sum: f64 = [165.0_f64, 1.0].iter().map(|days| libm::exp2(-days / 730.0)).sum();
    let told = ThenJoined::strength(&query, place.ix("next"));
    assert!((told - (sum / 6.0).sqrt()).abs() < 2e-3, "{told}");
}

#[test]
fn what_is_sensitive_is_no_place_that_people_share() {
    let mut place = Place::default();
    for person in ["new", "a"] {
        place.person(person, |_| {});
        place.joins(person, "care", 10);
    }
    place.joins("a", "near", 10);
    place.community("care", |patch| patch.sensitive = Patch::Set(true));
    let query = place.query("new");
    assert!(query.own.is_empty());
    assert!(near(place.strengths(&query, NeighboursSum, ["near", "care"])[0], 0.0));
    assert_eq!(query.census.place(place.ix("care")).ever, 0);
}

#[test]
fn skills_interests_and_projects_meet_topics_whole_and_words_in_part() {
    let mut place = Place::default();
    place.person("new", |_| {});
    place.knows("new", "Eel ladders");
    place.about("fish", &["eel-ladders", "rivers"]);
    place.about("cars", &["engines"]);
    place.community("ladder makers", |patch| {
        patch.name = Patch::Set("Ladders and scaffolds".into());
    });
    let project = ProjectId::new("weir");
    let patch = Box::new(ProjectPatch {
        name: Patch::Set("The old weir".into()),
        topics: Patch::Set(vec!["rivers".into()]),
        ..ProjectPatch::default()
    });
    place.0.say(
        -30,
        FactBody::ProjectUpserted {
            project: project.clone(),
            patch,
        },
    );
    let (person, role) = (PersonId::new("new"), ProjectRole::Member);
    place
        .0
        .say(-20, FactBody::ParticipationStarted { person, project, role });
    let query = place.query("new");
    let all = ["fish", "cars", "ladder makers"];
    let [fish, cars, ladders] = place.strengths(&query, Topics, all);
    assert!(near(fish, 1.0) && near(cars, 0.0) && near(ladders, 0.0));
    let [_, cars, ladders] = place.strengths(&query, Words, all);
    assert!(ladders > 0.0 && near(cars, 0.0));
    let proofs = Topics.facts(place.view(), &query, place.ix("fish"));
    let skill = place.view().skills.find("skill/Eel ladders").expect("a skill");
    let project = place.view().projects.find("weir").expect("a project");
    assert!(
        proofs.contains(&Proof::Assertion(skill, Origin::Declared, None)),
        "{proofs:?}"
    );
    assert!(proofs.contains(&Proof::Participation(project)), "{proofs:?}");
    let grounds = all.map(|community| ground(place.view(), &query, place.ix(community)));
    assert_eq!(grounds, [Ground::Close, Ground::Open, Ground::Close]);
}

#[test]
fn a_trade_meets_its_own_name_and_not_what_is_derived_from_it() {
    let mut place = Place::default();
    place.person("new", |patch| {
        patch.title = Patch::Set("Développeuse web".into());
        patch.employer = Patch::Set("service/Octo".into());
    });
    for (community, about) in [
        (
            "code",
            "Café des développeuses : chaque développeuse y montre ce qu'elle fait",
        ),
        ("growth", "Le développement des territoires, développer et développé"),
        ("octo", "Les gens d'OCTO"),
    ] {
        place.community(community, |patch| {
            patch.name = Patch::Set(community.into());
            patch.description = Patch::Set(about.into());
            patch.language = Patch::Set("fr".into());
        });
    }
    let query = place.query("new");
    let all = ["code", "growth", "octo"];
    let [code, growth, octo] = place.strengths(&query, OriginWords, all);
    assert!(code > 0.0 && octo > 0.0 && near(growth, 0.0), "{code} {growth} {octo}");
    let words = place.strengths(&query, Words, all);
    assert!(
        words.iter().all(|&strength| near(strength, 0.0)),
        "they pursue nothing yet"
    );
    assert!(query.profile.words.terms().any(|(term, _)| term == "octo"));
}

#[test]
fn a_name_is_covered_by_those_of_the_own_communities() {
    let mut place = Place::default();
    place.person("new", |_| {});
    for (community, name) in [
        ("own", "Embedded networking"),
        ("core", "Embedded core"),
        ("same", "Networking, embedded"),
        ("other", "Compiler"),
        ("nameless", ""),
    ] {
        place.community(community, |patch| patch.name = Patch::Set(name.into()));
    }
    let all = ["core", "same", "other", "nameless"];
    let query = place.query("new");
    assert!(
        place
            .strengths(&query, NameCover, all)
            .iter()
            .all(|&strength| near(strength, 0.0))
    );
    place.joins("new", "own", 10);
    let query = place.query("new");
    let [core, same, other, nameless] = place.strengths(&query, NameCover, all);
    // By hand: of five names three hold `embedded`, one `core`.
    let (embedded, alone) = (libm::log(1.0 + 5.0 / 3.0), libm::log(1.0 + 5.0));
    assert!(near(core, embedded / (embedded + alone)), "{core}");
    assert!(near(same, 1.0) && near(other, 0.0) && near(nameless, 0.0));
}

#[test]
fn what_nobody_else_says_speaks_for_small_communities() {
    let mut place = Place::default();
    place.person("new", |patch| patch.employer = Patch::Set("Nowhere & Sons".into()));
    for n in 0..12 {
        let person = format!("p{n}");
        place.person(&person, |patch| patch.employer = Patch::Set("admin/Octo".into()));
        place.joins(&person, "large", 10);
        if n < 2 {
            place.joins(&person, "small", 20);
        }
    }
    let query = place.query("new");
    let [large, small] = place.strengths(&query, Likeness(Trait::Employer), ["large", "small"]);
    // By hand: nobody of 14 joins, so that half of one in 15 is expected.
    let expected = |ever: f64| libm::log(3.0 / (ever + 3.0)) / 3.0;
    assert!(
        near(large, expected(12.0)) && near(small, expected(2.0)),
        "{large} {small}"
    );
    place.person("octo", |patch| patch.employer = Patch::Set("OCTO".into()));
    let query = place.query("octo");
    let [large, small] = place.strengths(&query, Likeness(Trait::Employer), ["large", "small"]);
    let all = 14.5 / 15.0;
    let told = |ever: f64| libm::log((ever + 3.0 * all) / (ever + 3.0) / all) / 3.0;
    assert!(
        near(large, told(12.0)) && near(small, told(2.0)) && large > small,
        "{large} {small}"
    );
    let [large, _] = place.strengths(&query, MateJoins(Mates::Employer), ["large", "small"]);
    assert!(near(large, 1.0), "they are of one employer");
}

#[test]
fn a_hidden_skill_counts_for_the_person_alone() {
    let mut place = Place::default();
    place.person("new", |_| {});
    place.knows("new", "yoga");
    place.about("yogis", &["yoga"]);
    let (person, skill, audience) = (PersonId::new("new"), SkillId::new("skill/yoga"), Audience::Me);
    place.0.say(
        0,
        FactBody::SkillVisibilitySet {
            person,
            skill,
            audience,
        },
    );
    assert!(near(
        place.strengths(&place.own_query("new"), Topics, ["yogis"])[0],
        1.0
    ));
    let query = place.query("new");
    assert!(near(place.strengths(&query, Topics, ["yogis"])[0], 0.0));
    assert!(query.profile.skills.is_empty() && query.profile.sources.is_empty());
}

#[test]
fn what_they_asked_and_answered_leads_to_its_topics_and_its_place() {
    let mut place = Place::default();
    for person in ["new", "ann"] {
        place.person(person, |_| {});
    }
    place.about("pumps", &["cavitation"]);
    place.about("inside", &["something else"]);
    place.about("cars", &["engines"]);
    place.asks("ann", "q1", "inside", "cavitation", "Why does it rumble?");
    place.answers("new", "q1", 200);
    place.asks("new", "q2", "inside", "grease", "Which grease?");
    let query = place.query("new");
    let [pumps, inside, cars] = place.strengths(&query, TopicDeeds, ["pumps", "inside", "cars"]);
    assert!(near(pumps, 1.0) && near(inside, 0.0) && near(cars, 0.0));
    let [pumps, inside, _] = place.strengths(&query, ActiveInside, ["pumps", "inside", "cars"]);
    assert!(near(pumps, 0.0) && near(inside, 1.0));
    let proofs = TopicDeeds.facts(place.view(), &query, place.ix("pumps"));
    assert!(matches!(proofs[..], [Proof::Answer(_)]), "{proofs:?}");
    let proofs = ActiveInside.facts(place.view(), &query, place.ix("inside"));
    assert!(
        matches!(proofs[..], [Proof::Answer(_), Proof::Question(_)]),
        "{proofs:?}"
    );
    let [exchanged] = [query.acquaintances.get(place.0.ix("ann"))];
    assert_eq!(exchanged, [false, false, true]);
}

/// Why each community is not shown to `person`.
fn excluded(place: &Place, person: &str) -> BTreeMap<String, &'static str> {
    let query = place.query(person);
    let filters = Exclusion::ALL.map(|reason| Box::new(reason) as Box<_>);
    let pipeline = Pipeline::<Communities>::new(vec![Box::new(Everywhere)], filters.into(), vec![], Box::new(Table));
    let dropped = pipeline.run(place.view(), &query, 9, Order::Waves).dropped;
    let named = dropped
        .into_iter()
        .map(|(c, why)| (place.view().communities.get(c).id.to_string(), why.code()));
    named.collect()
}

/// A place with a community of every kind of access.
fn gates() -> Place {
    let mut place = Place::default();
    place.of_unit("new", "G/it/data");
    place.person("head", |patch| patch.heads = Patch::Set(vec![UnitPath::new("G/it")]));
    place.person("guest", |patch| patch.external = Patch::Set(true));
    place.community("open", |_| {});
    place.community("own", |_| {});
    place.joins("new", "own", 1);
    place.community("care", |patch| patch.sensitive = Patch::Set(true));
    place.community("old", |_| {});
    place.0.say(
        5,
        FactBody::CommunityArchived {
            community: CommunityId::new("old"),
        },
    );
    place.community("walled", |patch| patch.access = Patch::Set(Access::Private));
    place.community("board", |patch| {
        patch.kind = Patch::Set(CommunityKind::Instance);
        patch.unit = Patch::Set(UnitPath::new("G"));
    });
    place.community("team", |patch| {
        patch.kind = Patch::Set(CommunityKind::Team);
        patch.access = Patch::Set(Access::Private);
        patch.unit = Patch::Set(UnitPath::new("G/it"));
    });
    place.community("abroad", |patch| patch.language = Patch::Set("de".into()));
    place
}

#[test]
fn each_gate_has_its_reason_and_belonging_opens_it() {
    let mut place = gates();
    place.person("new", |patch| patch.languages = Patch::Set(vec!["fr".into()]));
    let of_new = excluded(&place, "new");
    let told = |list: &[(&str, &'static str)]| -> BTreeMap<String, &'static str> {
        list.iter()
            .map(|(community, why)| ((*community).to_owned(), *why))
            .collect()
    };
    let closed = [
        ("own", "already_in"),
        ("care", "sensitive"),
        ("old", "archived"),
        ("walled", "not_open"),
        ("board", "not_open"),
        ("abroad", "other_language"),
    ];
    assert_eq!(
        of_new,
        told(&closed),
        "the team of one's unit is open, and so is what says nothing"
    );
    let of_head = excluded(&place, "head");
    assert!(
        !of_head.contains_key("board"),
        "who heads a unit right below belongs to the committee"
    );
    assert_eq!(
        of_head.get("team"),
        Some(&"not_open"),
        "who heads it does not say where they work"
    );
}

fn invite(id: &str, person: &str, community: &str) -> FactBody {
    FactBody::ProposalSent {
        proposal: ProposalId::new(id),
        kind: ProposalKind::Community,
        person: PersonId::new(person),
        community: CommunityId::new(community),
    }
}

#[test]
fn an_invitation_opens_a_gate_and_a_no_closes_it_for_half_a_year() {
    let mut place = gates();
    place.0.say(NOW - 500, invite("i1", "new", "walled"));
    place.0.say(NOW - 500, invite("i2", "new", "open"));
    place.0.say(NOW - 500, invite("i3", "guest", "open"));
    let declined = |days: i64, place: &mut Place| {
        let body = FactBody::ProposalDeclined {
            proposal: ProposalId::new("i2"),
            kind: ProposalKind::Community,
            person: PersonId::new("new"),
            community: CommunityId::new("open"),
        };
        place.0.say(NOW - 24 * days, body);
    };
    declined(179, &mut place);
    let of_new = excluded(&place, "new");
    assert!(!of_new.contains_key("walled"), "an invitation opens it: {of_new:?}");
    assert_eq!(of_new.get("open"), Some(&"declined"));
    let of_guest = excluded(&place, "guest");
    assert!(!of_guest.contains_key("open") && of_guest.len() == 7, "{of_guest:?}");
    assert!(
        of_guest.values().filter(|why| **why == "guest").count() >= 4,
        "{of_guest:?}"
    );
    let mut later = gates();
    later.0.say(NOW - 5000, invite("i2", "new", "open"));
    declined(181, &mut later);
    assert!(
        !excluded(&later, "new").contains_key("open"),
        "half a year later it may be shown again"
    );
}

#[test]
fn who_left_or_does_not_want_a_page_gets_none_and_a_project_opens_its_community() {
    let mut place = gates();
    place.person("shy", |_| {});
    place.refuses("shy", Purpose::Communities);
    assert!(excluded(&place, "shy").values().all(|why| *why == "opted_out"));
    place.person("gone", |_| {});
    place.0.say(
        3,
        FactBody::PersonLeft {
            person: PersonId::new("gone"),
        },
    );
    assert!(excluded(&place, "gone").values().all(|why| *why == "left"));
    let project = ProjectId::new("weir");
    let patch = Box::new(ProjectPatch {
        community: Patch::Set(CommunityId::new("walled")),
        ..ProjectPatch::default()
    });
    place.0.say(
        -30,
        FactBody::ProjectUpserted {
            project: project.clone(),
            patch,
        },
    );
    for person in ["guest", "new"] {
        let (person, role, project) = (PersonId::new(person), ProjectRole::Member, project.clone());
        place
            .0
            .say(-20, FactBody::ParticipationStarted { person, project, role });
    }
    for person in ["guest", "new"] {
        assert!(!excluded(&place, person).contains_key("walled"), "{person}");
        let query = place.query(person);
        let [walled, open] = place.strengths(&query, ProjectTie, ["walled", "open"]);
        assert!(near(walled, 1.0) && near(open, 0.0));
        assert_eq!(ProjectTie.facts(place.view(), &query, place.ix("walled")).len(), 1);
    }
}

#[test]
fn whom_to_greet_is_there_has_the_time_and_may_be_named() {
    let mut place = Place::default();
    let people = ["new", "free", "away", "shy", "busy", "silent", "left"];
    for person in people {
        place.person(person, |_| {});
        if person != "new" {
            let role = if person == "silent" {
                MemberRole::Member
            } else {
                MemberRole::Animator
            };
            place.stays(person, "club", 10, role, false);
        }
    }
    place.0.away("away", 360, 370);
    place.refuses("shy", Purpose::CoAnimators);
    place.0.question("q", "left", None, NOW - 100);
    for n in 0..6 {
        place.0.ask(&format!("k{n}"), "q", "busy", NOW - 20 - n);
    }
    place.0.say(
        NOW - 50,
        FactBody::PersonLeft {
            person: PersonId::new("left"),
        },
    );
    let query = place.query("new");
    let mut greeters = Greeters::default();
    let club = place.ix("club");
    assert_eq!(greeters.choose(place.view(), &query, club), Some(place.0.ix("free")));
    assert_eq!(
        greeters.choose(place.view(), &query, club),
        None,
        "nobody is greeted twice on one page"
    );
    place.community("club", |patch| patch.access = Patch::Set(Access::Private));
    let query = place.query("new");
    assert_eq!(
        Greeters::default().choose(place.view(), &query, club),
        None,
        "who is in it does not show"
    );
}

#[test]
fn nobody_is_sent_to_whoever_has_no_hour_left_for_animating() {
    let mut place = Place::default();
    for person in ["new", "host"] {
        place.person(person, |_| {});
    }
    let greeted = |place: &Place| Greeters::default().choose(place.view(), &place.query("new"), place.ix("club"));
    place.stays("host", "club", 10, MemberRole::Animator, false);
    let host = Some(place.0.ix("host"));
    assert_eq!(greeted(&place), host);
    // Two communities take what somebody can give who said nothing of it.
    place.stays("host", "other", 20, MemberRole::Animator, false);
    assert_eq!(greeted(&place), None);
    for (hours, free) in [(3.0, true), (2.5, false)] {
        let patch = CapacityPatch {
            animation_hours_per_week: Patch::Set(Hours::new(hours).expect("hours")),
            ..CapacityPatch::default()
        };
        let person = PersonId::new("host");
        place.0.say(NOW - 60, FactBody::CapacitySet { person, patch });
        assert_eq!(greeted(&place).is_some(), free, "{hours}");
    }
}

#[test]
fn newcomers_are_not_all_sent_to_the_same_willing_person() {
    let mut place = Place::default();
    for n in 0..5 {
        place.person(&format!("host{n}"), |_| {});
        place.stays(&format!("host{n}"), "club", 10, MemberRole::Animator, false);
    }
    let mut greeted: BTreeMap<PersonIx, usize> = BTreeMap::new();
    for n in 0..40 {
        let person = format!("new{n}");
        place.person(&person, |_| {});
        let query = place.query(&person);
        let host = Greeters::default().choose(place.view(), &query, place.ix("club"));
        *greeted.entry(host.expect("five are free")).or_insert(0) += 1;
    }
    assert_eq!(greeted.len(), 5, "{greeted:?}");
    assert!(greeted.values().all(|&times| times < 20), "{greeted:?}");
}

#[test]
fn questions_that_wait_are_those_they_know_about_first() {
    let mut place = Place::default();
    for person in ["new", "ann"] {
        place.person(person, |_| {});
    }
    place.knows("new", "cavitation");
    place.asks("ann", "plain", "club", "paint", "Which paint for a door?");
    place.asks("ann", "known", "club", "noise", "Is this cavitation?");
    place.asks("ann", "answered", "club", "hum", "Is that cavitation too?");
    place.answers("new", "answered", 100);
    place.asks("new", "own", "club", "hum", "Where does cavitation begin?");
    place.asks("ann", "closed", "club", "noise", "Cavitation, again?");
    let question = QuestionId::new("closed");
    place.0.say(NOW - 10, FactBody::QuestionClosed { question });
    let query = place.query("new");
    let open = open_questions(place.view(), &query, place.ix("club"), 5);
    let ids: Vec<&str> = open
        .iter()
        .map(|q| place.view().questions.get(q.question).id.as_str())
        .collect();
    assert_eq!(ids, ["known", "plain"]);
    assert_eq!(open[0].shared, ["cavitation"]);
    assert!(open[1].shared.is_empty() && matches!(open[0].proofs[..], [Proof::Assertion(..)]));
    place.person("new", |patch| patch.languages = Patch::Set(vec!["fr".into()]));
    let query = place.query("new");
    assert_eq!(
        open_questions(place.view(), &query, place.ix("club"), 5),
        [],
        "not in their language"
    );
}

/// The places of a page: the identifiers and why each stands there, by the scores given.
fn seats(place: &Place, query: &NewcomerQuery, scored: &[(&str, f64)]) -> Vec<(String, Option<Move>)> {
    use crate::pipeline::Selector as _;
    let ranked: Vec<_> = scored
        .iter()
        .map(|&(community, score)| (place.ix(community), score))
        .collect();
    let seats = Table.seats(place.view(), query, &ranked);
    let mut order: Vec<_> = seats
        .iter()
        .zip(scored)
        .map(|(seat, (id, _))| (seat.turn, (*id).to_owned(), seat.moved_by))
        .collect();
    order.sort_by_key(|(turn, ..)| *turn);
    order.into_iter().map(|(_, id, why)| (id, why)).collect()
}

/// Ten communities that are lively and animated, each about `topics` of its own.
fn market() -> Place {
    let mut place = Place::default();
    place.person("new", |_| {});
    place.person("host", |_| {});
    for n in 0..10 {
        let community = format!("c{n}");
        let topic = if n < 5 { "pumps".to_owned() } else { format!("topic{n}") };
        place.about(&community, &[&topic]);
        place.stays("host", &community, 350, MemberRole::Animator, false);
    }
    place
}

#[test]
fn a_page_is_not_five_of_one_theme_or_one_unit() {
    let mut place = market();
    let names: Vec<String> = (0..10).map(|n| format!("c{n}")).collect();
    // So far apart that likeness alone would not part them.
    let scored = |high: std::ops::Range<usize>| -> Vec<(&str, f64)> {
        let score = |n: usize| if high.contains(&n) { 9.0 } else { 5.0 } - n as f64 / 100.0;
        let mut scored: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(n, name)| (name.as_str(), score(n)))
            .collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1));
        scored
    };
    let page = seats(&place, &place.query("new"), &scored(0..5));
    let of_pumps = page.iter().take(5).filter(|(id, _)| id.as_str() < "c5").count();
    assert_eq!(of_pumps, 2, "{page:?}");
    assert_eq!(page[0], ("c0".to_owned(), None), "the first by score stays first");
    let sunk = page.iter().position(|(id, _)| id == "c2").expect("nobody is lost");
    assert_eq!((page.len(), page[sunk].1), (10, Some(Move::Diversity)));
    for n in 5..10 {
        place.community(&format!("c{n}"), |patch| patch.unit = Patch::Set(UnitPath::new("G/it")));
    }
    let page = seats(&place, &place.query("new"), &scored(5..10));
    let of_unit = page.iter().take(4).filter(|(id, _)| id.as_str() >= "c5").count();
    assert_eq!(of_unit, 2, "{page:?}");
}

#[test]
fn the_quiet_give_way_and_the_fifth_is_a_step_aside() {
    let mut place = market();
    place.about("asleep", &["quilts"]);
    place.joins("host", "asleep", 1);
    for n in 0..4 {
        place.of_unit(&format!("mate{n}"), "G/it");
        for community in ["c5", "c6", "c7", "c8"] {
            place.joins(&format!("mate{n}"), community, 300);
        }
    }
    place.of_unit("new", "G/it");
    let query = place.query("new");
    let scored = [
        ("asleep", 5.0),
        ("c5", 4.9),
        ("c6", 4.8),
        ("c7", 4.7),
        ("c8", 4.6),
        ("c9", 3.0),
    ];
    let page = seats(&place, &query, &scored);
    assert_eq!(page[0].0, "c5", "{page:?}");
    let asleep = page.iter().find(|(id, _)| id == "asleep").expect("nobody is lost");
    assert_eq!(asleep.1, Some(Move::Vigour));
    assert_eq!(
        page[4],
        ("c9".to_owned(), Some(Move::SideStep)),
        "none of their colleagues is in it"
    );
}

#[test]
fn their_own_subject_has_a_seat_wherever_its_score_puts_it() {
    let mut place = Place::default();
    place.person("new", |_| {});
    place.person("host", |_| {});
    place.knows("new", "eel ladders");
    place.about("eels", &["eel ladders"]);
    let names: Vec<String> = (0..80).map(|n| format!("c{n:02}")).collect();
    for (n, name) in names.iter().enumerate() {
        place.about(name, &[&format!("topic{n}")]);
        place.stays("host", name, 350, MemberRole::Animator, false);
    }
    let query = place.query("new");
    let score = |n: usize| 9.0 - n as f64 / 100.0;
    let mut scored: Vec<(&str, f64)> = names
        .iter()
        .enumerate()
        .map(|(n, name)| (name.as_str(), score(n)))
        .collect();
    scored.push(("eels", 1.0));
    let page = seats(&place, &query, &scored);
    assert_eq!(page[2], ("eels".to_owned(), Some(Move::OwnSubject)), "{:?}", &page[..5]);
}

#[test]
fn whoever_speaks_what_nobody_else_speaks_is_shown_what_is_left() {
    // What is open in French and English, what is not open, and what a newcomer of Icelandic may find besides.
    let found = |besides: &[(Patch<Arc<str>>, Option<Access>)]| {
        let mut place = Place::default();
        place.person("new", |patch| patch.languages = Patch::Set(vec!["is".into()]));
        for (community, language) in [("thé", "fr"), ("tea", "en")] {
            place.community(community, |patch| patch.language = Patch::Set(language.into()));
        }
        place.community("old", |patch| {
            (patch.language, patch.access) = (Patch::Set("fr".into()), Patch::Set(Access::Private));
        });
        for (n, (language, access)) in besides.iter().enumerate() {
            place.community(&format!("te {n}"), |patch| {
                patch.language = language.clone();
                patch.access = access.map_or(Patch::Keep, Patch::Set);
            });
        }
        (place.query("new").any_language, excluded(&place, "new"))
    };
    let (any, why) = found(&[]);
    assert!(any, "nothing works in Icelandic");
    assert_eq!(
        why,
        [("old".to_owned(), "not_open")].into(),
        "the other gates stay closed"
    );
    // With one community in their language, or in one that nobody knows, the others wait again.
    for language in [Patch::Set("is-IS".into()), Patch::Keep] {
        let (any, why) = found(&[(language.clone(), None)]);
        assert!(!any);
        assert_eq!(
            (why.get("thé"), why.get("tea"), why.get("te 0")),
            (Some(&"other_language"), Some(&"other_language"), None)
        );
        assert!(
            found(&[(language, Some(Access::Private))]).0,
            "that one is not open to them"
        );
    }
}
