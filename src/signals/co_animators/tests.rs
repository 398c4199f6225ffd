//! Rules by kind, who is passed over, and how a set is chosen, in small organisations.

use super::*;
use crate::domain::{
    AnswerId, CommunityId, CommunityKind, CommunityPatch, Contribution, ContributionForm, ContributionPlace, FactBody,
    MemberRole, Offer, Origin, Patch, PersonId, PersonPatch, Preference, ProjectId, ProjectPatch, ProjectRole,
    ProposalId, ProposalKind, Purpose, QuestionId, SkillId, SkillPatch, Stance, UnitPath,
};
use crate::pipeline::Selector as _;
use crate::signals::Viewer;
use crate::signals::sample::{Sample, hour};

/// The instant of the tests, in hours: a year after everything began.
const NOW: i64 = 365 * 24;

/// A sample with the community `club` of `kind`, and these members.
fn club(kind: CommunityKind, members: &[&str]) -> Sample {
    let mut sample = Sample::of(members);
    let patch = CommunityPatch {
        kind: Patch::Set(kind),
        topics: Patch::Set(vec!["pumps".into()]),
        ..CommunityPatch::default()
    };
    let community = CommunityId::new("club");
    let patch = Box::new(patch);
    sample.say(-24, FactBody::CommunityUpserted { community, patch });
    members
        .iter()
        .for_each(|member| joins(&mut sample, member, "club", -20));
    sample
}

fn joins(sample: &mut Sample, person: &str, community: &str, at: i64) {
    let body = FactBody::MembershipAdded {
        person: PersonId::new(person),
        community: CommunityId::new(community),
        role: MemberRole::Member,
        since_unknown: false,
    };
    sample.say(at, body);
}

fn profile(sample: &mut Sample, person: &str, unit: &str, heads: &[&str], external: bool) {
    let patch = PersonPatch {
        unit: Patch::Set(UnitPath::new(unit)),
        heads: Patch::Set(heads.iter().map(|&unit| UnitPath::new(unit)).collect()),
        external: Patch::Set(external),
        ..PersonPatch::default()
    };
    let person = PersonId::new(person);
    let patch = Box::new(patch);
    sample.say(-40, FactBody::PersonUpserted { person, patch });
}

fn query(sample: &Sample) -> CoAnimatorsQuery {
    let club = sample.view().communities.find("club").expect("the community");
    CoAnimatorsQuery::of(sample.view(), club, hour(NOW), Viewer::default())
}

fn stands(sample: &Sample, person: &str) -> Standing {
    standing(sample.view(), &query(sample), sample.ix(person))
}

fn excluded(sample: &Sample, person: &str) -> Option<Exclusion> {
    Exclusion::of(sample.view(), &query(sample), sample.ix(person))
}

fn offers(sample: &mut Sample, person: &str, communities: &[&str], topics: &[&str]) {
    let offer = Offer {
        person: PersonId::new(person),
        communities: communities.iter().map(|&id| CommunityId::new(id)).collect(),
        topics: topics.iter().map(|&topic| topic.into()).collect(),
        hours_per_week: None,
        until: None,
    };
    let offer = Box::new(offer);
    sample.say(0, FactBody::AnimationOffered { offer });
}

fn records(sample: &mut Sample, person: &str, form: ContributionForm, at: i64) {
    let contribution = Contribution {
        person: PersonId::new(person),
        place: ContributionPlace::Community(CommunityId::new("club")),
        count: 1,
        topics: vec![],
        form: Some(form),
    };
    let contribution = Box::new(contribution);
    sample.say(at, FactBody::ContributionRecorded { contribution });
}

fn project(sample: &mut Sample, lead: &str, member: &str) {
    let patch = ProjectPatch {
        community: Patch::Set(CommunityId::new("club")),
        ..ProjectPatch::default()
    };
    let project = ProjectId::new("rig");
    let patch = Box::new(patch);
    sample.say(
        -24,
        FactBody::ProjectUpserted {
            project: project.clone(),
            patch,
        },
    );
    for (person, role) in [(lead, ProjectRole::Lead), (member, ProjectRole::Member)] {
        let (person, project) = (PersonId::new(person), project.clone());
        sample.say(-24, FactBody::ParticipationStarted { person, project, role });
    }
}

/// The seats of everybody eligible, by identifier: who is chosen, in order.
fn chosen(sample: &Sample, scores: &[(&str, f64)]) -> Vec<String> {
    let query = query(sample);
    let mut ranked: Vec<_> = scores.iter().map(|&(id, score)| (sample.ix(id), score)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let seats = Complement.seats(sample.view(), &query, &ranked);
    let mut set: Vec<_> = ranked.iter().zip(seats).filter(|(_, seat)| seat.wave == 1).collect();
    set.sort_by_key(|(_, seat)| seat.turn);
    set.iter()
        .map(|((person, _), _)| sample.view().person_id(*person).to_string())
        .collect()
}

#[test]
fn a_project_turns_to_its_lead_and_a_committee_to_its_own() {
    let mut sample = club(CommunityKind::Project, &["ann", "bob"]);
    sample.person("lea", None, &[]);
    sample.person("pit", None, &[]);
    sample.person("out", None, &[]);
    project(&mut sample, "lea", "pit");
    assert_eq!(stands(&sample, "lea"), Standing::Natural);
    assert_eq!(
        ["ann", "pit", "out"].map(|p| stands(&sample, p)),
        [Standing::Meant, Standing::Meant, Standing::Outside]
    );
    let mut sample = club(CommunityKind::Instance, &["ann"]);
    sample.person("out", None, &[]);
    assert_eq!(
        ["ann", "out"].map(|p| stands(&sample, p)),
        [Standing::Meant, Standing::Outside]
    );
}

/// A club of `kind` with an animator beside whom anybody could begin, and the skill that its topic names.
fn school(kind: CommunityKind, members: &[&str]) -> Sample {
    let mut sample = club(kind, members);
    sample.person("pro", None, &[]);
    sample.animator("pro", "club");
    let patch = SkillPatch {
        labels: Patch::Set(vec![("en".into(), "Pumps".into())]),
        ..SkillPatch::default()
    };
    let (skill, patch) = (SkillId::new("pumps"), Box::new(patch));
    sample.say(-30, FactBody::SkillUpserted { skill, patch });
    sample
}

/// `person` answers question `n` of pro in the club.
fn answers(sample: &mut Sample, person: &str, n: i64) {
    let question = format!("q{person}{n}");
    sample.question(&question, "pro", Some("club"), 5 + n);
    let answered = FactBody::AnswerCreated {
        answer: AnswerId::new(question.as_str()),
        question: QuestionId::new(question.as_str()),
        author: PersonId::new(person),
        body: None,
        url: None,
    };
    sample.say(6 + n, answered);
}

fn declares(sample: &mut Sample, person: &str, stance: Stance) {
    let (person, skill) = (PersonId::new(person), SkillId::new("pumps"));
    sample.say(-20, FactBody::InterestDeclared { person, skill, stance });
}

#[test]
fn a_practice_and_a_process_turn_to_whoever_knows_the_subject() {
    for kind in [CommunityKind::Practice, CommunityKind::Process] {
        let mut sample = school(
            kind,
            &[
                "none", "one", "two", "three", "taken", "old", "doc", "said", "trains", "helps",
            ],
        );
        for (person, count) in [("one", 1), ("two", 2), ("three", 3), ("taken", 1)] {
            (0..count).for_each(|n| answers(&mut sample, person, n));
        }
        let answer = AnswerId::new("qtaken0");
        sample.say(50, FactBody::AnswerAccepted { answer });
        records(&mut sample, "doc", ContributionForm::Document, NOW - 24);
        records(&mut sample, "old", ContributionForm::Practice, NOW - 366 * 24);
        let asserted = FactBody::SkillAsserted {
            person: PersonId::new("said"),
            skill: SkillId::new("pumps"),
            origin: Origin::Declared,
            level: None,
            by: None,
        };
        sample.say(-20, asserted);
        declares(&mut sample, "trains", Stance::CanTrain);
        declares(&mut sample, "helps", Stance::CanHelp);
        for knows in ["three", "taken", "doc", "said", "trains"] {
            assert_eq!(stands(&sample, knows), Standing::Meant, "{kind:?}: {knows}");
        }
        for other in ["none", "one", "two", "old", "helps"] {
            assert_eq!(stands(&sample, other), Standing::Outside, "{kind:?}: {other}");
        }
        assert_eq!(excluded(&sample, "one"), Some(Exclusion::Kind));
    }
}

#[test]
fn whoever_knows_a_little_is_meant_while_nobody_who_knows_could_be_proposed() {
    let mut sample = school(CommunityKind::Practice, &["none", "one", "helps", "learns", "three"]);
    answers(&mut sample, "one", 0);
    (0..3).for_each(|n| answers(&mut sample, "three", n));
    declares(&mut sample, "helps", Stance::CanHelp);
    declares(&mut sample, "learns", Stance::WantsToLearn);
    assert_eq!(excluded(&sample, "one"), Some(Exclusion::Kind));
    let today = (NOW / 24) as i32;
    sample.away("three", today, today);
    for (person, why) in [("one", None), ("helps", None), ("three", Some(Exclusion::Away))] {
        assert_eq!(excluded(&sample, person), why, "{person}");
    }
    for other in ["none", "learns"] {
        assert_eq!(excluded(&sample, other), Some(Exclusion::Kind), "{other}");
    }
}

#[test]
fn a_watch_turns_to_those_who_posted_within_a_year() {
    let mut sample = club(CommunityKind::Watch, &["ann", "bob", "cy"]);
    records(&mut sample, "ann", ContributionForm::Watch, NOW - 24);
    records(&mut sample, "bob", ContributionForm::Message, NOW - 24);
    records(&mut sample, "cy", ContributionForm::Watch, NOW - 366 * 24);
    let found = ["ann", "bob", "cy"].map(|p| stands(&sample, p));
    assert_eq!(found, [Standing::Meant, Standing::Outside, Standing::Outside]);
}

#[test]
fn a_team_turns_to_the_head_of_its_unit_and_to_those_in_it() {
    let mut sample = club(CommunityKind::Team, &["ann"]);
    let patch = CommunityPatch {
        unit: Patch::Set(UnitPath::new("Works/Pumps")),
        ..CommunityPatch::default()
    };
    let community = CommunityId::new("club");
    let patch = Box::new(patch);
    sample.say(-23, FactBody::CommunityUpserted { community, patch });
    profile(&mut sample, "head", "Works", &["Works/Pumps"], false);
    profile(&mut sample, "boss", "Works", &["Works"], false);
    profile(&mut sample, "ann", "Works/Pumps/Night", &[], false);
    let found = ["head", "ann", "boss"].map(|p| stands(&sample, p));
    assert_eq!(found, [Standing::Natural, Standing::Meant, Standing::Outside]);
    // Only a team turns to heads: elsewhere heading says nothing.
    let mut sample = club(CommunityKind::Interest, &["ann"]);
    profile(&mut sample, "ann", "Works", &["Works"], false);
    assert_eq!(stands(&sample, "ann"), Standing::Meant);
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one table of reasons, and the facts that make each hold"
)]
fn each_reason_to_be_passed_over_has_its_boundary() {
    let mut sample = club(
        CommunityKind::Interest,
        &["old", "ann", "away", "full", "no", "sent", "will", "gone"],
    );
    sample.animator("old", "club");
    profile(&mut sample, "guest", "Partner", &[], true);
    let today = (NOW / 24) as i32;
    sample.away("away", today, today);
    for other in ["a", "b"] {
        sample.animator("full", other);
    }
    let proposal = |id: &str, person: &str| (ProposalId::new(id), PersonId::new(person));
    let (kind, community) = (ProposalKind::CoAnimator, CommunityId::new("elsewhere"));
    let (p, person) = proposal("1", "no");
    sample.say(
        NOW - 179 * 24,
        FactBody::ProposalDeclined {
            proposal: p,
            kind,
            person,
            community: community.clone(),
        },
    );
    let (p, person) = proposal("2", "sent");
    sample.say(
        NOW - 29 * 24,
        FactBody::ProposalSent {
            proposal: p,
            kind,
            person,
            community: community.clone(),
        },
    );
    let (p, person) = proposal("3", "ann");
    sample.say(
        NOW - 31 * 24,
        FactBody::ProposalSent {
            proposal: p,
            kind,
            person,
            community,
        },
    );
    let preference = Preference {
        allowed: false,
        until: None,
    };
    let person = PersonId::new("will");
    sample.say(
        0,
        FactBody::PreferenceSet {
            person,
            purpose: Purpose::CoAnimators,
            preference,
        },
    );
    let person = PersonId::new("gone");
    sample.say(0, FactBody::PersonLeft { person });
    for (person, why) in [
        ("old", Some(Exclusion::AnimatesAlready)),
        ("ann", None),
        ("guest", Some(Exclusion::NoAccess)),
        ("away", Some(Exclusion::Away)),
        ("full", Some(Exclusion::Full)),
        ("no", Some(Exclusion::Declined)),
        ("sent", Some(Exclusion::ProposedLately)),
        ("will", Some(Exclusion::OptedOut)),
        ("gone", Some(Exclusion::Left)),
    ] {
        assert_eq!(excluded(&sample, person), why, "{person}");
    }
}

#[test]
fn whoever_misses_most_of_the_need_is_passed_over() {
    let today = (NOW / 24) as i32;
    let mut sample = club(CommunityKind::Interest, &["old", "half", "most"]);
    sample.animator("old", "club");
    sample.away("old", today + 10, today + 29);
    sample.away("half", today + 10, today + 19);
    sample.away("most", today + 10, today + 20);
    assert_eq!(query(&sample).need.days.count(), 20);
    assert_eq!(excluded(&sample, "half"), None, "is there on ten of twenty days");
    assert_eq!(excluded(&sample, "most"), Some(Exclusion::AwayWhenNeeded));
}

#[test]
fn a_first_time_animator_needs_somebody_beside_them() {
    let mut sample = club(CommunityKind::Interest, &["ann", "bob"]);
    assert_eq!(
        excluded(&sample, "ann"),
        Some(Exclusion::Alone),
        "nobody has ever animated"
    );
    sample.person("pro", None, &[]);
    sample.animator("pro", "other");
    assert_eq!(
        excluded(&sample, "ann"),
        Some(Exclusion::Alone),
        "pro is of another field"
    );
    joins(&mut sample, "pro", "club", 0);
    assert_eq!(excluded(&sample, "ann"), None, "pro can be proposed beside ann");
    // However little the experienced one fits, they are chosen first, and the others beside them.
    assert_eq!(
        chosen(&sample, &[("ann", 3.0), ("bob", 2.0), ("pro", 0.0)]),
        ["pro", "ann", "bob"]
    );
}

#[test]
fn who_accompanies_has_animated_for_thirty_days_and_is_there_when_somebody_begins() {
    let animates = |sample: &mut Sample, person: &str, at: i64| {
        let body = FactBody::MembershipAdded {
            person: PersonId::new(person),
            community: CommunityId::new("club"),
            role: MemberRole::Animator,
            since_unknown: false,
        };
        sample.say(at, body);
    };
    let mut sample = club(CommunityKind::Interest, &["new", "pro", "ann"]);
    animates(&mut sample, "new", NOW - 30 * 24 + 1);
    animates(&mut sample, "pro", NOW - 30 * 24);
    let known = |person: &str| is_experienced(sample.view(), sample.ix(person), hour(NOW));
    assert_eq!(["new", "pro", "ann"].map(known), [false, true, false]);
    let today = (NOW / 24) as i32;
    for (from, to, why) in [
        (0, 24, None),
        (0, 25, Some(Exclusion::Alone)),
        (30, 89, None),
        (0, 75, Some(Exclusion::Alone)),
        (4, 89, Some(Exclusion::Alone)),
        (5, 89, None),
    ] {
        let mut sample = club(CommunityKind::Interest, &["pro", "ann"]);
        animates(&mut sample, "pro", 0);
        sample.away("pro", today + from, today + to);
        assert_eq!(excluded(&sample, "ann"), why, "away from day {from} to {to}");
    }
    // Somebody of the set is no company either while they are away.
    for (from, to, set) in [(1, 27, &["pro"][..]), (31, 57, &["pro", "ann"])] {
        let mut sample = club(CommunityKind::Interest, &["pro", "ann"]);
        sample.animator("pro", "other");
        sample.away("pro", today + from, today + to);
        assert_eq!(
            chosen(&sample, &[("ann", 3.0), ("pro", 0.0)]),
            set,
            "away from day {from} to {to}"
        );
    }
}

#[test]
fn volunteers_come_first_and_strangers_last() {
    let mut sample = club(CommunityKind::Interest, &["old", "ann", "vol"]);
    sample.animator("old", "club");
    for person in ["far", "any", "topic"] {
        sample.person(person, None, &[]);
    }
    offers(&mut sample, "vol", &["club"], &[]);
    offers(&mut sample, "topic", &[], &["Pumps"]);
    offers(&mut sample, "any", &[], &[]);
    let scores = [("far", 9.0), ("any", 8.0), ("ann", 7.0), ("topic", 6.0), ("vol", 0.0)];
    assert_eq!(chosen(&sample, &scores), ["vol", "topic", "ann"]);
    let query = query(&sample);
    let offered = |person: &str| offered(sample.view(), &query, sample.ix(person));
    assert_eq!(
        ["vol", "topic", "any", "far"].map(offered),
        [Some(Offered::Here), Some(Offered::Topic), Some(Offered::Anywhere), None]
    );
}

#[test]
fn an_offer_for_other_places_is_none_here() {
    let mut sample = club(CommunityKind::Interest, &["vol"]);
    offers(&mut sample, "vol", &["elsewhere"], &["valves"]);
    assert_eq!(offered(sample.view(), &query(&sample), sample.ix("vol")), None);
}

#[test]
fn the_set_complements_instead_of_repeating() {
    let today = (NOW / 24) as i32;
    let mut sample = club(CommunityKind::Interest, &["old", "twin", "early", "late"]);
    sample.animator("old", "club");
    sample.away("old", today + 6, today + 45);
    // Each of the two is there for a part of the absence; the twin for as much as the first.
    sample.away("early", today + 26, today + 45);
    sample.away("twin", today + 26, today + 45);
    sample.away("late", today + 6, today + 25);
    let scores = [("early", 1.0), ("twin", 0.95), ("late", 0.5)];
    assert_eq!(chosen(&sample, &scores)[..2], ["early", "late"]);
    let query = query(&sample);
    let brought = |person: &str| Brought::by(sample.view(), sample.ix(person), 0.0, hour(NOW));
    let mut cover = Cover::of(&query.need);
    let first = cover.gain(&brought("twin"));
    cover.add(&brought("early"));
    let second = cover.gain(&brought("twin"));
    assert!(second.total() < first.total(), "what is covered is not gained twice");
    assert!(second.on(Side::Cover) < 0.2 * first.on(Side::Cover));
    assert_eq!(cover.open_days().count(), 20);
    cover.add(&brought("late"));
    assert!(cover.open_days().is_empty());
}

#[test]
fn units_sites_zones_and_languages_are_gained_once() {
    let mut sample = club(CommunityKind::Interest, &["old", "near", "far"]);
    sample.animator("old", "club");
    for (person, unit, site, zone, language) in [
        ("old", "Works/Pumps", "Lyon", "Europe/Paris", "fr"),
        ("near", "Works/Pumps/Night", "Lyon", "Europe/Berlin", "fr-FR"),
        ("far", "Lab", "Montréal", "America/Toronto", "en"),
    ] {
        let patch = PersonPatch {
            unit: Patch::Set(UnitPath::new(unit)),
            site: Patch::Set(site.into()),
            time_zone: Patch::Set(zone.into()),
            languages: Patch::Set(vec![language.into()]),
            ..PersonPatch::default()
        };
        let person = PersonId::new(person);
        let patch = Box::new(patch);
        sample.say(-30, FactBody::PersonUpserted { person, patch });
    }
    let query = query(&sample);
    let cover = Cover::of(&query.need);
    let gain = |person: &str| cover.gain(&Brought::by(sample.view(), sample.ix(person), 0.0, hour(NOW)));
    let sides = [Side::Unit, Side::Site, Side::TimeZone, Side::Language];
    assert!(
        sides.iter().all(|&side| gain("near").on(side).abs() < 1e-12),
        "{:?}",
        gain("near")
    );
    assert!(
        sides
            .iter()
            .all(|&side| (gain("far").on(side) - side.worth()).abs() < 1e-12),
        "{:?}",
        gain("far")
    );
    let listed: f64 = gain("far").sides().iter().map(|(_, adds)| adds).sum();
    assert!((listed - gain("far").total()).abs() < 1e-12);
}

#[test]
fn the_need_tells_missing_animators_days_and_hours() {
    let mut sample = club(CommunityKind::Interest, &["ann", "bob"]);
    let need = query(&sample).need;
    assert_eq!(
        (need.people, need.days.count(), need.hours, need.hours_short),
        (2, 90, 1.0, 1.0)
    );
    assert!(need.is_open());
    sample.animator("ann", "club");
    sample.animator("bob", "club");
    let need = query(&sample).need;
    assert_eq!(
        (need.people, need.days.count(), need.hours, need.hours_short),
        (0, 0, 2.0, 0.0)
    );
    assert!(!need.is_open(), "everything is there");
}

#[test]
fn only_those_who_animate_are_told_in_full() {
    let mut sample = club(CommunityKind::Interest, &["old", "ann"]);
    sample.animator("old", "club");
    let mut query = query(&sample);
    assert!(!query.told_in_full());
    query.viewer.person = Some(sample.ix("ann"));
    assert!(!query.told_in_full());
    query.viewer.person = Some(sample.ix("old"));
    assert!(query.told_in_full());
    query.viewer = Viewer {
        person: None,
        animates: vec![query.community],
    };
    assert!(query.told_in_full());
}
