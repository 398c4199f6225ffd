//! Every suggestion is explained, whoever suggests: one law over all recommenders, over seeded organisations into which messy
//! facts of every type are mixed. The parts of a score sum to it, to the bit. With normalisers held, a part falls when a
//! record that it cites is taken back. No record is cited that the reader may not see.

use crate::search::shows;
use crate::support::organisation::{fact, key, messy_set};
use crate::support::{after, world};
use crate::{co_animators, communities, experts, skills};
use antenne::domain::*;
use antenne::pipeline::{Order, Pipeline, Task};
use antenne::recommend::{
    CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, SearchRecommender, SkillsRecommender,
};
use antenne::signals::co_animators::{CoAnimators, CoAnimatorsQuery};
use antenne::signals::communities::{self as places, Communities, NewcomerQuery};
use antenne::signals::search::{Search, SearchQuery, Sought};
use antenne::signals::skills::{self as knowing, Holdings, Skills, SkillsQuery};
use antenne::signals::{Experts, ExpertsQuery, Proof, Viewer};
use antenne::world::{CommunityIx, PersonIx, SkillIx, View, World};
use proptest::prelude::*;
use std::collections::BTreeSet;

type Query<E> = <<E as Explained>::Of as Task>::Query;
type Subject<E> = <<E as Explained>::Of as Task>::Subject;
type Record<E> = <<E as Explained>::Of as Task>::Fact;

/// Queries of one organisation that are looked at, picks of each, and records of each reason that are taken back.
const QUERIES: usize = 5;
const PICKS: usize = 2;
const RECORDS: usize = 2;

/// A recommender as the law sees it.
trait Explained: Sized {
    type Of: Task<World = View>;

    fn pipeline(&self) -> &Pipeline<Self::Of>;

    /// An organisation in which it has something to say.
    fn organisation(seed: u64) -> Vec<Fact>;

    /// The `n`th thing that is asked in `view`; readers of every kind take turns.
    fn query(view: &View, n: usize, as_of: Timestamp) -> Option<Query<Self>>;

    /// The same query, with everything that is counted as `view` counts it, and all else held. The words of past questions
    /// are the same in both: what is sought anew finds the same ones.
    fn recounted(query: Query<Self>, view: &View) -> Query<Self>;

    /// Whether the same is measured of `subject` in both: of several topics, the one in which somebody is deepest speaks for
    /// them, and without a record it may be another one.
    fn is_comparable(_: &Query<Self>, _: &Query<Self>, _: Subject<Self>) -> bool {
        true
    }

    /// Whether `body` is what `record` stands for.
    fn is_it(view: &View, query: &Query<Self>, subject: Subject<Self>, record: Record<Self>, body: &FactBody) -> bool;

    /// Whether the reader of `query` may see `record`.
    fn may_see(view: &View, query: &Query<Self>, subject: Subject<Self>, record: Record<Self>) -> bool;
}

/// The law. How many records were taken back.
fn holds<E: Explained>(recommender: &E, facts: &[Fact]) -> Result<usize, TestCaseError> {
    let (world, as_of) = (world(facts), after(facts, 5));
    let view = world.view();
    let mut taken = 0;
    for n in 0..QUERIES {
        let Some(query) = E::query(view, n, as_of) else {
            continue;
        };
        let ranking = recommender.pipeline().run(view, &query, PICKS, Order::Waves);
        for pick in &ranking.picks {
            let sum = pick.parts.iter().fold(0.0, |sum, part| sum + part.contribution);
            prop_assert_eq!(sum.to_bits(), pick.score.to_bits(), "the parts do not sum to the score");
            for part in &pick.parts {
                for &record in &part.facts {
                    prop_assert!(
                        E::may_see(view, &query, pick.subject, record),
                        "{record:?} is not for the reader"
                    );
                }
                for &record in part.facts.iter().take(RECORDS) {
                    let without = without::<E>(facts, view, &query, pick.subject, record, as_of);
                    let same = E::query(view, n, as_of).expect("it was asked before");
                    let recounted = E::recounted(same, without.view());
                    if !E::is_comparable(&query, &recounted, pick.subject) {
                        continue;
                    }
                    let parts =
                        recommender
                            .pipeline()
                            .parts_under(without.view(), &recounted, pick.subject, &ranking.norms);
                    let less = parts
                        .iter()
                        .find(|p| p.family == part.family)
                        .map_or(0.0, |p| p.contribution);
                    prop_assert!(
                        less < part.contribution,
                        "{:?} without {record:?}: {less} after {}",
                        part.family,
                        part.contribution
                    );
                    taken += 1;
                }
            }
        }
    }
    Ok(taken)
}

/// The World of `facts` in which the record was taken back; the rows stay where they are.
fn without<E: Explained>(
    facts: &[Fact],
    view: &View,
    query: &Query<E>,
    subject: Subject<E>,
    record: Record<E>,
    as_of: Timestamp,
) -> World {
    let mut world = world(facts);
    let said = facts
        .iter()
        .filter(|fact| E::is_it(view, query, subject, record, &fact.body));
    for (n, said) in said.enumerate() {
        let target = said.key.clone();
        world.apply(fact(
            key("without", &n.to_string()),
            as_of,
            FactBody::FactRetracted { target },
        ));
    }
    world
}

/// Kinds of readers.
const READERS: usize = 4;

/// The reader whose turn it is: a platform, an animator, somebody, somebody else.
fn reader(view: &View, n: usize) -> Viewer {
    let person = |id: &str| Viewer {
        person: view.person(id),
        animates: vec![],
    };
    match n % READERS {
        0 => Viewer::default(),
        1 => Viewer {
            person: None,
            animates: view.communities.find("c1").into_iter().collect(),
        },
        2 => person("p1"),
        _ => person("p4"),
    }
}

/// The person themself, or a platform.
fn own_or_platform(person: PersonIx, n: usize) -> Viewer {
    Viewer {
        person: n.is_multiple_of(2).then_some(person),
        animates: vec![],
    }
}

fn ids(view: &View, human: PersonIx) -> BTreeSet<PersonId> {
    view.accounts(human).map(|ix| view.people.get(ix).id.clone()).collect()
}

fn is_answer(view: &View, answer: antenne::world::AnswerIx, body: &FactBody) -> bool {
    matches!(body, FactBody::AnswerCreated { answer: id, .. } if *id == view.answers.get(answer).id)
}

fn is_statement(
    view: &View,
    human: PersonIx,
    (skill, origin, by): (SkillIx, Origin, Option<PersonIx>),
    body: &FactBody,
) -> bool {
    let (skill, by) = (&view.skills.get(skill).id, by.map(|by| &view.people.get(by).id));
    matches!(body, FactBody::SkillAsserted { person, skill: s, origin: o, by: b, .. }
        if ids(view, human).contains(person) && s == skill && *o == origin && b.as_ref() == by)
}

fn is_interest(view: &View, human: PersonIx, (skill, stance): (SkillIx, Stance), body: &FactBody) -> bool {
    matches!(body, FactBody::InterestDeclared { person, skill: s, stance: t }
        if ids(view, human).contains(person) && *s == view.skills.get(skill).id && *t == stance)
}

fn is_membership(view: &View, human: PersonIx, place: CommunityIx, body: &FactBody) -> bool {
    let place = &view.communities.get(place).id;
    matches!(body, FactBody::MembershipAdded { person, community, .. } | FactBody::MembershipRemoved { person, community, .. }
        if ids(view, human).contains(person) && community == place)
}

fn is_part(view: &View, human: PersonIx, project: antenne::world::ProjectIx, body: &FactBody) -> bool {
    let of = &view.projects.get(project).id;
    matches!(body, FactBody::ParticipationStarted { person, project, .. } | FactBody::ParticipationEnded { person, project, .. }
        if ids(view, human).contains(person) && project == of)
}

/// Whether `body` is the record of `human` that `proof` stands for.
fn is_proof(view: &View, human: PersonIx, proof: Proof, body: &FactBody) -> bool {
    match proof {
        Proof::Answer(answer) => is_answer(view, answer, body),
        Proof::Assertion(skill, origin, by) => is_statement(view, human, (skill, origin, by), body),
        Proof::Interest(skill, stance) => is_interest(view, human, (skill, stance), body),
        Proof::Membership(place) => is_membership(view, human, place, body),
        Proof::Participation(project) => is_part(view, human, project, body),
    }
}

fn sees_answer(view: &View, viewer: &Viewer, answer: antenne::world::AnswerIx) -> bool {
    let question = view.answers.get(answer).question;
    question.is_some_and(|question| viewer.sees(view, view.questions.get(question).community))
        && view.counted(answer).is_some()
}

/// Whether `viewer`, for whom what is shown to `audience` shows, may see the record of `human`.
fn sees(view: &View, viewer: &Viewer, audience: Audience, human: PersonIx, proof: Proof) -> bool {
    match proof {
        Proof::Answer(answer) => sees_answer(view, viewer, answer),
        Proof::Assertion(skill, ..) | Proof::Interest(skill, _) => shows(view, human, skill, audience),
        Proof::Membership(place) => viewer.sees(view, Some(place)) && !view.is_sensitive(place),
        Proof::Participation(_) => viewer.sees(view, None),
    }
}

impl Explained for ExpertsRecommender {
    type Of = Experts;

    fn pipeline(&self) -> &Pipeline<Experts> {
        ExpertsRecommender::pipeline(self)
    }

    fn organisation(seed: u64) -> Vec<Fact> {
        experts::furnished(seed)
    }

    fn query(view: &View, n: usize, as_of: Timestamp) -> Option<ExpertsQuery> {
        let mut asked = view.questions.iter().filter(|(_, node)| node.state.is_some());
        let (question, _) = asked.nth(n * 5)?;
        ExpertsQuery::of(view, question, as_of, reader(view, n))
    }

    fn recounted(query: ExpertsQuery, view: &View) -> ExpertsQuery {
        query.counted_in(view)
    }

    fn is_it(view: &View, _: &ExpertsQuery, person: PersonIx, record: Proof, body: &FactBody) -> bool {
        is_proof(view, person, record, body)
    }

    fn may_see(view: &View, query: &ExpertsQuery, person: PersonIx, record: Proof) -> bool {
        sees(view, &query.viewer, Audience::Organisation, person, record)
    }
}

impl Explained for CoAnimatorsRecommender {
    type Of = CoAnimators;

    fn pipeline(&self) -> &Pipeline<CoAnimators> {
        CoAnimatorsRecommender::pipeline(self)
    }

    fn organisation(seed: u64) -> Vec<Fact> {
        co_animators::furnished(seed)
    }

    fn query(view: &View, n: usize, as_of: Timestamp) -> Option<CoAnimatorsQuery> {
        let (community, _) = view.communities.iter().nth(n)?;
        Some(CoAnimatorsQuery::of(view, community, as_of, reader(view, n)))
    }

    fn recounted(query: CoAnimatorsQuery, view: &View) -> CoAnimatorsQuery {
        // How near other communities lie, and how rare topics are, are what strengths are measured against.
        CoAnimatorsQuery {
            field: query.field,
            topics: query.topics,
            ..CoAnimatorsQuery::of(view, query.community, query.as_of, query.viewer)
        }
    }

    fn is_it(view: &View, _: &CoAnimatorsQuery, person: PersonIx, record: Proof, body: &FactBody) -> bool {
        is_proof(view, person, record, body)
    }

    fn may_see(view: &View, query: &CoAnimatorsQuery, person: PersonIx, record: Proof) -> bool {
        sees(view, &query.viewer, Audience::Organisation, person, record)
    }
}

impl Explained for SearchRecommender {
    type Of = Search;

    fn pipeline(&self) -> &Pipeline<Search> {
        SearchRecommender::pipeline(self)
    }

    fn organisation(seed: u64) -> Vec<Fact> {
        skills::furnished(seed)
    }

    fn query(view: &View, n: usize, as_of: Timestamp) -> Option<SearchQuery> {
        let texts = [
            "craft0",
            "craft1, craft2",
            "how does craft4 behave",
            "circle 1",
            "craft5; Secret craft",
        ];
        let sought = Sought {
            text: texts[n % texts.len()],
            viewer: reader(view, n),
            animates: n % READERS == 1,
            ..Sought::default()
        };
        SearchQuery::of(view, sought, as_of)
    }

    fn recounted(query: SearchQuery, view: &View) -> SearchQuery {
        let sought = Sought {
            text: query.text(),
            viewer: query.viewer().clone(),
            animates: query.animates,
            ..Sought::default()
        };
        SearchQuery::of(view, sought, query.as_of()).expect("the words say the same")
    }

    fn is_comparable(query: &SearchQuery, recounted: &SearchQuery, person: PersonIx) -> bool {
        query.lead(person).0 == recounted.lead(person).0
    }

    fn is_it(view: &View, _: &SearchQuery, person: PersonIx, record: Proof, body: &FactBody) -> bool {
        is_proof(view, person, record, body)
    }

    fn may_see(view: &View, query: &SearchQuery, person: PersonIx, record: Proof) -> bool {
        sees(view, query.viewer(), query.audience(person), person, record)
    }
}

impl Explained for CommunitiesRecommender {
    type Of = Communities;

    fn pipeline(&self) -> &Pipeline<Communities> {
        CommunitiesRecommender::pipeline(self)
    }

    fn organisation(seed: u64) -> Vec<Fact> {
        communities::furnished(seed)
    }

    fn query(view: &View, n: usize, as_of: Timestamp) -> Option<NewcomerQuery> {
        let person = view.person(&format!("p{n}"))?;
        Some(NewcomerQuery::of(view, person, as_of, own_or_platform(person, n)))
    }

    fn recounted(query: NewcomerQuery, view: &View) -> NewcomerQuery {
        query.counted_in(view)
    }

    fn is_it(view: &View, query: &NewcomerQuery, at: CommunityIx, record: places::Proof, body: &FactBody) -> bool {
        use places::Proof as P;
        let person = query.person;
        match record {
            P::Answer(answer) => is_answer(view, answer, body),
            P::Question(question) => {
                let asked = &view.questions.get(question).id;
                matches!(body, FactBody::QuestionCreated { question, .. } | FactBody::QuestionEdited { question, .. } if question == asked)
            }
            P::Assertion(skill, origin, by) => is_statement(view, person, (skill, origin, by), body),
            P::Interest(skill, stance) => is_interest(view, person, (skill, stance), body),
            P::Membership(place) => is_membership(view, person, place, body),
            P::Participation(project) => is_part(view, person, project, body),
            P::Colleague(colleague) => is_membership(view, colleague, at, body),
            P::Invitation(place) => {
                let place = &view.communities.get(place).id;
                matches!(body, FactBody::ProposalSent { kind: ProposalKind::Community, person: to, community, .. }
                    if ids(view, person).contains(to) && community == place)
            }
        }
    }

    fn may_see(view: &View, query: &NewcomerQuery, at: CommunityIx, record: places::Proof) -> bool {
        use places::Proof as P;
        let (person, viewer) = (query.person, &query.viewer);
        let audience = if query.is_own() {
            Audience::Me
        } else {
            Audience::Organisation
        };
        let own = |proof| query.is_own() || sees(view, viewer, audience, person, proof);
        match record {
            P::Answer(answer) => own(Proof::Answer(answer)),
            P::Question(question) => viewer.sees(view, view.questions.get(question).community),
            P::Assertion(skill, origin, by) => own(Proof::Assertion(skill, origin, by)),
            P::Interest(skill, stance) => own(Proof::Interest(skill, stance)),
            P::Membership(place) => own(Proof::Membership(place)),
            P::Participation(project) => own(Proof::Participation(project)),
            P::Colleague(other) => query.may_name(view, other) && viewer.sees(view, Some(at)) && !view.is_sensitive(at),
            P::Invitation(place) => place == at,
        }
    }
}

impl Explained for SkillsRecommender {
    type Of = Skills;

    fn pipeline(&self) -> &Pipeline<Skills> {
        SkillsRecommender::pipeline(self)
    }

    fn organisation(seed: u64) -> Vec<Fact> {
        skills::furnished(seed)
    }

    fn query(view: &View, n: usize, as_of: Timestamp) -> Option<SkillsQuery> {
        let person = view.person(&format!("p{n}"))?;
        let viewer = own_or_platform(person, n);
        Some(SkillsQuery::of(view, person, as_of, viewer, &mut Holdings::default()))
    }

    fn recounted(query: SkillsQuery, view: &View) -> SkillsQuery {
        SkillsQuery::of(view, query.person, query.as_of, query.viewer, &mut Holdings::default())
    }

    fn is_it(view: &View, query: &SkillsQuery, about: SkillIx, record: knowing::Proof, body: &FactBody) -> bool {
        use knowing::Proof as P;
        let person = query.person;
        match record {
            P::Answer(answer) => is_answer(view, answer, body),
            P::Participation(project) => is_part(view, person, project, body),
            P::Membership(place) => is_membership(view, person, place, body),
            P::Assertion(skill, origin, by) => is_statement(view, person, (skill, origin, by), body),
            P::Contribution(account, place) => view.people.get(account).records[place as usize].body == *body,
            P::Colleague(other) => {
                let is_about = |id: &SkillId| view.skills.find(id.as_str()).map(|s| view.skill_root(s)) == Some(about);
                matches!(body, FactBody::SkillAsserted { person, skill, .. } if ids(view, other).contains(person) && is_about(skill))
            }
        }
    }

    fn may_see(view: &View, query: &SkillsQuery, about: SkillIx, record: knowing::Proof) -> bool {
        use knowing::Proof as P;
        let (person, viewer) = (query.person, &query.viewer);
        let own = viewer.person == Some(person);
        let audience = if own { Audience::Me } else { Audience::Organisation };
        match record {
            P::Answer(answer) => sees_answer(view, viewer, answer),
            P::Participation(_) | P::Contribution(..) => own || viewer.sees(view, None),
            P::Membership(place) => viewer.sees(view, Some(place)) && !view.is_sensitive(place),
            P::Assertion(skill, ..) => shows(view, person, skill, audience),
            P::Colleague(other) => {
                places::may_be_named(view, other, query.as_of) && shows(view, other, about, Audience::Organisation)
            }
        }
    }
}

/// The organisations of `E` with trouble mixed in.
fn troubled<E: Explained>() -> impl Strategy<Value = Vec<Fact>> {
    (any::<u64>(), messy_set(30)).prop_map(|(seed, mess)| {
        let mut facts = E::organisation(seed);
        facts.extend(mess);
        facts
    })
}

/// The law over many organisations; records must be taken back in most of them, or it shows nothing.
fn law<E: Explained>(recommender: E, usual: u32) {
    let taken = std::cell::Cell::new(0);
    let config = crate::config(usual);
    let cases = config.cases as usize;
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let outcome = runner.run(&troubled::<E>(), |facts| {
        taken.set(taken.get() + holds(&recommender, &facts)?);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    println!("{} records taken back in {cases} organisations", taken.get());
    assert!(taken.get() >= cases, "{} records in {cases} organisations", taken.get());
}

#[test]
fn people_who_could_answer_are_explained() {
    law(
        ExpertsRecommender::shipped().expect("the shipped weights are in order"),
        20,
    );
}

#[test]
fn people_who_could_animate_are_explained() {
    law(
        CoAnimatorsRecommender::shipped().expect("the shipped weights are in order"),
        20,
    );
}

#[test]
fn people_who_know_are_explained() {
    law(
        SearchRecommender::shipped().expect("the shipped weights are in order"),
        20,
    );
}

#[test]
fn communities_to_join_are_explained() {
    law(
        CommunitiesRecommender::shipped().expect("the shipped weights are in order"),
        20,
    );
}

#[test]
fn skills_that_are_concluded_are_explained() {
    law(
        SkillsRecommender::shipped().expect("the shipped weights are in order"),
        20,
    );
}
