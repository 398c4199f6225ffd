//! What each kind of evidence tells, on a small organisation that is told fact by fact; and what feeds nothing.

use super::*;
use crate::domain::{
    AnswerId, Audience, CommunityId, CommunityPatch, Contribution, ContributionPlace, FactBody, Level, MemberRole,
    Patch, PersonId, Preference, ProjectId, ProjectPatch, ProjectRole, Purpose, QuestionId, QuestionPatch, SkillId,
    SkillPatch,
};
use crate::pipeline::{Filter as _, Order, Pipeline, Signal, Source as _, Weighted};
use crate::signals::Viewer;
use crate::signals::sample::{Sample, hour};

/// The hour at which everything is asked.
const NOW: i64 = 100 * 24;

/// An organisation that is told facts in few words.
struct Place(Sample, i64);

impl Place {
    /// Ann and three others, and the skills sql, rust and tls.
    fn new() -> Self {
        let mut place = Self(Sample::of(&["ann", "bob", "cem", "dan"]), 0);
        for skill in ["sql", "rust", "tls", "programming"] {
            place.skill(skill, &[]);
        }
        place
    }

    fn view(&self) -> &View {
        self.0.view()
    }

    fn skill(&mut self, skill: &str, broader: &[&str]) {
        let patch = SkillPatch {
            labels: Patch::Set(vec![("en".into(), skill.into())]),
            broader: Patch::Set(broader.iter().map(|&id| SkillId::new(format!("s/{id}"))).collect()),
            ..SkillPatch::default()
        };
        let (skill, patch) = (SkillId::new(format!("s/{skill}")), Box::new(patch));
        self.1 += 1;
        self.0.say(self.1, FactBody::SkillUpserted { skill, patch });
    }

    fn states(&mut self, person: &str, skill: &str) {
        let body = FactBody::SkillAsserted {
            person: PersonId::new(person),
            skill: SkillId::new(format!("s/{skill}")),
            origin: Origin::Declared,
            level: Level::new(1.0),
            by: None,
        };
        self.0.say(1, body);
    }

    fn answers(&mut self, person: &str, name: &str, title: &str, tags: &[&str], community: Option<&str>) {
        let patch = QuestionPatch {
            title: Patch::Set(title.into()),
            tags: Patch::Set(tags.iter().map(|&tag| tag.into()).collect()),
            community: community.map_or(Patch::Keep, |id| Patch::Set(CommunityId::new(id))),
            ..QuestionPatch::default()
        };
        let question = QuestionId::new(format!("q/{name}"));
        let asked = FactBody::QuestionCreated {
            question: question.clone(),
            asker: PersonId::new("dan"),
            patch: Box::new(patch),
            anonymous: false,
        };
        self.0.say(NOW - 2, asked);
        let answered = FactBody::AnswerCreated {
            answer: AnswerId::new(format!("a/{name}")),
            question,
            author: PersonId::new(person),
            body: None,
            url: None,
        };
        self.0.say(NOW - 1, answered);
    }

    fn accepted(&mut self, name: &str) {
        let answer = AnswerId::new(format!("a/{name}"));
        self.0.say(NOW, FactBody::AnswerAccepted { answer });
    }

    fn community(&mut self, community: &str, topic: &str, sensitive: bool) {
        let patch = CommunityPatch {
            topics: Patch::Set(vec![topic.into()]),
            sensitive: Patch::Set(sensitive),
            ..CommunityPatch::default()
        };
        let (community, patch) = (CommunityId::new(community), Box::new(patch));
        self.1 += 1;
        self.0.say(self.1, FactBody::CommunityUpserted { community, patch });
    }

    fn joins(&mut self, person: &str, community: &str) {
        let body = FactBody::MembershipAdded {
            person: PersonId::new(person),
            community: CommunityId::new(community),
            role: MemberRole::Member,
            since_unknown: false,
        };
        self.0.say(2, body);
    }

    fn gives(&mut self, person: &str, community: &str, topic: &str) {
        let contribution = Contribution {
            person: PersonId::new(person),
            place: ContributionPlace::Community(CommunityId::new(community)),
            count: 3,
            topics: vec![topic.into()],
            form: None,
        };
        let contribution = Box::new(contribution);
        self.0.say(NOW - 1, FactBody::ContributionRecorded { contribution });
    }

    fn project(&mut self, project: &str, topic: &str, community: Option<&str>, people: &[&str]) {
        let patch = ProjectPatch {
            topics: Patch::Set(vec![topic.into()]),
            community: community.map_or(Patch::Keep, |id| Patch::Set(CommunityId::new(id))),
            ..ProjectPatch::default()
        };
        let id = ProjectId::new(project);
        let patch = Box::new(patch);
        self.0.say(0, FactBody::ProjectUpserted { project: id, patch });
        for &person in people {
            let (person, project, role) = (PersonId::new(person), ProjectId::new(project), ProjectRole::Member);
            self.0.say(1, FactBody::ParticipationStarted { person, project, role });
        }
    }

    fn hides(&mut self, person: &str, skill: &str) {
        let body = FactBody::SkillVisibilitySet {
            person: PersonId::new(person),
            skill: SkillId::new(format!("s/{skill}")),
            audience: Audience::Me,
        };
        self.0.say(3, body);
    }

    fn contests(&mut self, person: &str, skill: &str) {
        let (person, skill) = (PersonId::new(person), SkillId::new(format!("s/{skill}")));
        self.0.say(3, FactBody::SkillContested { person, skill });
    }

    fn refuses(&mut self, person: &str, purpose: Purpose) {
        let preference = Preference {
            allowed: false,
            until: None,
        };
        let person = PersonId::new(person);
        self.0.say(
            3,
            FactBody::PreferenceSet {
                person,
                purpose,
                preference,
            },
        );
    }

    fn ix(&self, skill: &str) -> SkillIx {
        self.view()
            .skills
            .find(format!("s/{skill}").as_str())
            .expect("a skill of the sample")
    }

    /// Ann, as she sees herself.
    fn own(&self) -> SkillsQuery {
        self.own_after(0)
    }

    /// Ann, as she sees herself so many days later.
    fn own_after(&self, days: i64) -> SkillsQuery {
        let viewer = Viewer {
            person: Some(self.0.ix("ann")),
            animates: vec![],
        };
        self.asked_after(days, viewer)
    }

    fn asked(&self, viewer: Viewer) -> SkillsQuery {
        self.asked_after(0, viewer)
    }

    fn asked_after(&self, days: i64, viewer: Viewer) -> SkillsQuery {
        let at = hour(NOW + days * 24);
        SkillsQuery::of(self.view(), self.0.ix("ann"), at, viewer, &mut Holdings::default())
    }

    /// The raw strength of one skill, and what is cited for it.
    fn strength(&self, signal: impl Signal<Skills> + 'static, skill: &str) -> (f64, Vec<Proof>) {
        self.strength_after(0, signal, skill)
    }

    fn strength_after(&self, days: i64, signal: impl Signal<Skills> + 'static, skill: &str) -> (f64, Vec<Proof>) {
        let (query, skill) = (self.own_after(days), self.ix(skill));
        let facts = signal.facts(self.view(), &query, skill);
        let weighted = Weighted {
            signal: Box::new(signal),
            weight: 1.0,
        };
        let pipeline = Pipeline::<Skills>::new(vec![], vec![], vec![weighted], Box::new(ByScore));
        let (_, strengths) = pipeline.strengths(self.view(), &query, vec![skill]);
        (strengths[0], facts)
    }

    /// The skills that are candidates, and not dropped.
    fn considered(&self, viewer: Viewer) -> Vec<String> {
        let query = self.asked(viewer);
        let mut found = Vec::new();
        Evidenced.propose(self.view(), &query, &mut found);
        found.sort_unstable();
        found.dedup();
        let kept = |skill: &SkillIx| {
            Exclusion::ALL
                .iter()
                .all(|f| f.excludes(self.view(), &query, *skill).is_none())
        };
        let mut ids: Vec<String> = found
            .into_iter()
            .filter(kept)
            .map(|skill| self.view().skills.get(skill).id.to_string())
            .collect();
        ids.sort();
        ids
    }

    fn mine(&self) -> Vec<String> {
        let person = Some(self.0.ix("ann"));
        self.considered(Viewer {
            person,
            animates: vec![],
        })
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.02
}

#[test]
fn answers_speak_by_tag_most_then_by_title() {
    let mut place = Place::new();
    place.answers("ann", "1", "Why is it slow?", &["SQL"], None);
    place.answers("ann", "2", "A lifetime in rust puzzles me", &[], None);
    let (sql, facts) = place.strength(Answered, "sql");
    assert_eq!(facts.len(), 1);
    // One fresh answer under the tag: 1 − 2^(−½).
    assert!(close(sql, 0.293), "{sql}");
    assert!(close(place.strength(Answered, "rust").0, 1.0 - libm::exp2(-0.35)));
    assert!(close(place.strength(Answered, "tls").0, 0.0));
    assert!(close(place.strength(Accepted, "sql").0, 0.0));
    place.accepted("1");
    assert!(place.strength(Answered, "sql").0 > sql && place.strength(Accepted, "sql").0 > 0.3);
}

#[test]
fn projects_communities_and_contributions_speak_by_topic() {
    let mut place = Place::new();
    place.project("p1", "SQL", None, &["ann"]);
    place.community("club", "rust", false);
    place.joins("ann", "club");
    place.gives("ann", "club", "TLS");
    assert!(close(place.strength(InProjects, "sql").0, 0.5));
    assert!(close(place.strength(InCommunities, "rust").0, 1.0 - libm::exp2(-0.4)));
    let (given, facts) = place.strength(Contributed, "tls");
    assert!(close(given, 1.0 - libm::exp2(-0.75)) && matches!(facts[..], [Proof::Contribution(..)]));
    assert_eq!(place.mine(), ["s/rust", "s/sql", "s/tls"]);
}

#[test]
fn an_answer_or_a_contribution_says_half_as_much_after_its_half_life() {
    let mut place = Place::new();
    place.answers("ann", "1", "Why is it slow?", &["SQL"], None);
    place.gives("ann", "club", "TLS");
    let fresh = place.strength(Answered, "sql").0;
    let old = place.strength_after(540, Answered, "sql").0;
    assert!(close(fresh, 1.0 - libm::exp2(-0.5)), "{fresh}");
    assert!(
        close(old, 1.0 - libm::exp2(-0.25)),
        "half of an answer after 540 days: {old}"
    );
    // A second one: the older counts for less, and is not gone.
    place.answers("ann", "2", "Why is it slow again?", &["SQL"], None);
    assert!(place.strength_after(540, Answered, "sql").0 > old);
    let given = place.strength_after(730, Contributed, "tls").0;
    assert!(close(given, 1.0 - libm::exp2(-0.375)), "{given}");
}

#[test]
fn a_project_or_a_community_says_all_as_long_as_it_lasts_and_then_less_and_less() {
    let (mut place, two_years) = (Place::new(), 730);
    place.project("lasting", "rust", None, &["ann"]);
    place.project("over", "programming", None, &["ann"]);
    place.community("guild", "programming", false);
    place.joins("ann", "guild");
    for skill in ["rust", "programming"] {
        assert!(close(place.strength_after(two_years, InProjects, skill).0, 0.5));
    }
    let belongs = place.strength_after(two_years, InCommunities, "programming").0;
    assert!(close(belongs, 1.0 - libm::exp2(-0.4)), "{belongs}");

    let (person, project, role) = (PersonId::new("ann"), ProjectId::new("over"), ProjectRole::Member);
    place.0.say(NOW, FactBody::ParticipationEnded { person, project, role });
    let (person, community, role) = (PersonId::new("ann"), CommunityId::new("guild"), MemberRole::Member);
    let removed = FactBody::MembershipRemoved {
        person,
        community,
        role,
    };
    place.0.say(NOW, removed);
    assert!(
        close(place.strength(InProjects, "programming").0, 0.5),
        "it has just ended"
    );
    let over = place.strength_after(two_years, InProjects, "programming").0;
    assert!(close(over, 1.0 - libm::exp2(-0.5)), "{over}");
    let left = place.strength_after(two_years, InCommunities, "programming").0;
    assert!(close(left, 1.0 - libm::exp2(-0.2)), "{left}");
    let lasting = place.strength_after(two_years, InProjects, "rust").0;
    assert!(close(lasting, 0.5), "it still lasts: {lasting}");
}

#[test]
fn what_sensitive_communities_know_feeds_nothing() {
    let mut place = Place::new();
    place.community("club", "rust", true);
    place.joins("ann", "club");
    place.gives("ann", "club", "tls");
    place.answers("ann", "1", "Why is it slow?", &["sql"], Some("club"));
    place.project("p1", "sql", Some("club"), &["ann", "bob"]);
    place.states("bob", "rust");
    assert!(place.mine().is_empty(), "{:?}", place.mine());
    place.community("club", "rust", false);
    assert_eq!(place.mine(), ["s/rust", "s/sql", "s/tls"], "open, all of it speaks");
}

#[test]
fn colleagues_and_neighbours_speak_unless_they_hide_it() {
    let mut place = Place::new();
    place.project("p1", "nothing", None, &["ann", "bob"]);
    place.states("bob", "rust");
    for person in ["cem", "dan"] {
        place.states(person, "sql");
        place.states(person, "tls");
    }
    place.states("ann", "sql");
    let (share, facts) = place.strength(SharedWork, "rust");
    assert!(close(share, 0.586), "{share}"); // (1/√2) / (1/√2 + ½)
    assert_eq!(facts, [Proof::Colleague(place.0.ix("bob"))]);
    let (near, facts) = place.strength(NearestSkill, "tls");
    // cosine 2 / √(3 · 2), worth of a declared skill at level 1: ½.
    assert!(close(near, 0.408), "{near}");
    assert_eq!(facts, [Proof::Assertion(place.ix("sql"), Origin::Declared, None)]);
    place.hides("bob", "rust");
    place.hides("cem", "tls");
    assert!(close(place.strength(SharedWork, "rust").0, 0.0));
    assert!(place.strength(NearestSkill, "tls").0 < near);
    place.refuses("bob", Purpose::Search);
    place.states("bob", "tls");
    assert!(
        place.strength(SharedWork, "tls").1.is_empty(),
        "who does not want to be found is not named"
    );
}

#[test]
fn what_is_hidden_toggles_no_byte_of_what_others_are_told() {
    let mut without = Place::new();
    without.project("p1", "nothing", None, &["ann", "bob"]);
    without.states("ann", "sql");
    without.states("bob", "sql");
    without.states("cem", "sql");
    without.states("cem", "tls");
    let mut with = without;
    let told = |place: &Place| format!("{:?}", place.own());
    let before = told(&with);
    with.hides("bob", "rust");
    with.states("bob", "rust");
    assert_eq!(
        told(&with),
        before,
        "a skill that Bob keeps for himself is as if it were not"
    );
    with.contests("cem", "tls");
    assert_ne!(told(&with), before, "the check sees a difference where there is one");
}

#[test]
fn a_narrower_skill_speaks_for_the_broader_ones_step_by_step() {
    let mut place = Place::new();
    place.skill("ownership", &["rust"]);
    place.skill("rust", &["programming"]);
    place.states("ann", "ownership");
    let (rust, facts) = place.strength(Narrower, "rust");
    assert!(close(rust, 0.5), "{rust}");
    assert_eq!(facts, [Proof::Assertion(place.ix("ownership"), Origin::Declared, None)]);
    assert!(close(place.strength(Narrower, "programming").0, 0.3));
    // A circle ends.
    place.skill("programming", &["ownership"]);
    assert!(close(place.strength(Narrower, "programming").0, 0.3));
}

#[test]
fn who_opted_out_or_left_is_not_looked_at_and_contested_stays_gone() {
    let mut place = Place::new();
    place.answers("ann", "1", "Why?", &["sql"], None);
    assert_eq!(place.mine(), ["s/sql"]);
    place.contests("ann", "sql");
    assert!(place.mine().is_empty());
    for n in 2..12 {
        place.answers("ann", &n.to_string(), "Why?", &["sql"], None);
        place.accepted(&n.to_string());
    }
    assert!(place.mine().is_empty(), "new evidence changes nothing");
    place.answers("ann", "99", "Why?", &["tls"], None);
    assert_eq!(place.mine(), ["s/tls"]);
    place.refuses("ann", Purpose::Inference);
    assert!(place.mine().is_empty());
    let query = place.own();
    assert!(
        query.deeds.is_empty() && query.near.is_empty() && query.known.is_empty(),
        "nothing is even read"
    );
}

#[test]
fn animating_and_traits_are_never_concluded() {
    let mut place = Place::new();
    for skill in ["Community management", "Empathy"] {
        place.skill(skill, &[]);
        place.answers("ann", skill, "Why?", &[skill], None);
    }
    place.skill("Icebreakers", &["Community management"]);
    place.answers("ann", "ice", "Why?", &["Icebreakers"], None);
    assert!(!place.own().deeds.is_empty());
    assert!(place.mine().is_empty(), "{:?}", place.mine());
}

#[test]
fn others_eyes_do_not_rest_on_what_the_person_keeps() {
    let mut place = Place::new();
    place.states("ann", "sql");
    for person in ["bob", "cem"] {
        place.states(person, "sql");
        place.states(person, "tls");
    }
    assert_eq!(place.considered(Viewer::default()), ["s/tls"]);
    place.hides("ann", "sql");
    assert!(
        place.considered(Viewer::default()).is_empty(),
        "nobody learns of it through what goes with it"
    );
    assert_eq!(place.mine(), ["s/tls"]);
}

#[test]
fn a_project_tells_less_of_the_command_than_answers_do() {
    let mut place = Place::new();
    place.project("p1", "sql", None, &["ann"]);
    let band = |place: &Place| {
        let skill = place.ix("sql");
        let done = place.own().practice(skill);
        (done, place.own().own_doing(skill))
    };
    assert_eq!(
        band(&place),
        (0.5, 1.0),
        "in one project somebody else may do what it is about"
    );
    place.answers("ann", "1", "Why?", &["sql"], None);
    let (practice, doing) = band(&place);
    assert!(practice > 1.0 && (doing - practice - 0.5).abs() < 1e-12);
}

#[test]
fn a_lone_letter_in_a_sentence_names_no_skill_and_a_tag_does() {
    let mut place = Place::new();
    place.skill("C", &[]);
    place.answers("ann", "1", "Does it freeze at 0 C in winter?", &[], None);
    assert!(place.mine().is_empty(), "{:?}", place.mine());
    place.answers("ann", "2", "Why does it not compile?", &["C"], None);
    assert_eq!(place.mine(), ["s/C"]);
}

#[test]
fn parts_sum_to_the_score_and_a_cited_record_is_worth_something() {
    let mut place = Place::new();
    place.answers("ann", "1", "Why?", &["sql"], None);
    place.answers("ann", "2", "Why?", &["sql"], None);
    place.project("p1", "sql", None, &["ann", "bob"]);
    place.states("bob", "sql");
    let weighted = |signal: Box<dyn Signal<Skills>>| Weighted { signal, weight: 1.0 };
    let signals: Vec<Box<dyn Signal<Skills>>> = vec![Box::new(Answered), Box::new(InProjects), Box::new(SharedWork)];
    let pipeline = Pipeline::<Skills>::new(
        vec![Box::new(Evidenced)],
        vec![],
        signals.into_iter().map(weighted).collect(),
        Box::new(ByScore),
    );
    let query = place.own();
    let ranking = pipeline.run(place.view(), &query, 5, Order::Score);
    let sql = &ranking.picks[0];
    let sum: f64 = sql.parts.iter().map(|part| part.contribution).sum();
    assert_eq!(sum.to_bits(), sql.score.to_bits());
    let cited = conclude(&query, sql).expect("enough speaks for it");
    assert_eq!(cited.facts.len(), 4);
    assert_eq!((cited.band, cited.sureness), (LevelBand::Practising, Sureness::Medium));
    // Without one of the answers cited, the same family is worth less.
    let mut fewer = Place::new();
    fewer.answers("ann", "1", "Why?", &["sql"], None);
    fewer.project("p1", "sql", None, &["ann", "bob"]);
    fewer.states("bob", "sql");
    let again = pipeline.parts_under(fewer.view(), &fewer.own(), fewer.ix("sql"), &ranking.norms);
    assert!(again[0].contribution < sql.parts[0].contribution && again[0].family == Family::Answers);
}
