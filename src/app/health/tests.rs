//! Figures and findings on small organisations, each with what makes it and what does not.

use super::findings::{Found, findings};
use super::network::forecast;
use super::told::Teller;
use super::*;
use crate::domain::{
    AnswerId, CommunityId, CommunityPatch, Day, DaySpan, EventKey, Fact, FactBody, Objective, ObjectiveMeasure, Patch,
    PersonId, PersonPatch, Preference, Purpose, QuestionId, QuestionPatch, UnitPath,
};
use crate::recommend::{Finding, Manner, Playbook};
use crate::world::World;

/// The day as of which everything is told.
const TODAY: i64 = 1_000;

/// An organisation with one community, `club`; days are counted from the first of 1970.
struct Club {
    world: World,
    facts: u32,
}

fn day(day: f64) -> Timestamp {
    Timestamp::from_micros((day * 86_400e6) as i64)
}

fn today() -> Timestamp {
    day(TODAY as f64)
}

impl Club {
    fn new() -> Self {
        let mut club = Self {
            world: World::default(),
            facts: 0,
        };
        let patch = CommunityPatch {
            name: Patch::Set("The club".into()),
            ..CommunityPatch::default()
        };
        let community = CommunityId::new("club");
        club.say(
            1.0,
            FactBody::CommunityUpserted {
                community,
                patch: Box::new(patch),
            },
        );
        club
    }

    fn say(&mut self, at: f64, body: FactBody) {
        self.facts += 1;
        let id = format!("{:06}", self.facts).into();
        let key = EventKey {
            source: "club".into(),
            id,
        };
        let content = [0; 16];
        self.world.apply(Fact {
            key,
            at: day(at),
            content,
            body,
        });
    }

    fn view(&self) -> &View {
        self.world.view()
    }

    fn club(&self) -> CommunityIx {
        self.view().communities.find("club").expect("the club")
    }

    fn joins(&mut self, person: &str, at: f64, role: MemberRole) {
        let (person, community) = (PersonId::new(person), CommunityId::new("club"));
        self.say(
            at,
            FactBody::MembershipAdded {
                person,
                community,
                role,
                since_unknown: false,
            },
        );
    }

    /// `person` works in `unit`.
    fn works(&mut self, person: &str, unit: &str) {
        let patch = PersonPatch {
            name: Patch::Set(person.to_uppercase().into()),
            unit: Patch::Set(UnitPath::new(unit)),
            ..PersonPatch::default()
        };
        let person = PersonId::new(person);
        self.say(
            2.0,
            FactBody::PersonUpserted {
                person,
                patch: Box::new(patch),
            },
        );
    }

    fn asks(&mut self, question: &str, asker: &str, at: f64, tags: &[&str]) {
        let patch = QuestionPatch {
            title: Patch::Set(format!("About {question}").into()),
            community: Patch::Set(CommunityId::new("club")),
            tags: Patch::Set(tags.iter().map(|&tag| tag.into()).collect()),
            ..QuestionPatch::default()
        };
        let (question, asker) = (QuestionId::new(question), PersonId::new(asker));
        self.say(
            at,
            FactBody::QuestionCreated {
                question,
                asker,
                patch: Box::new(patch),
                anonymous: false,
            },
        );
    }

    /// A club in which badges were asked about four times, with an answer each.
    fn asked_about_badges() -> Self {
        let mut club = Self::new();
        club.joins("ann", 10.0, MemberRole::Animator);
        for n in 0..4 {
            club.asks(&format!("q{n}"), "bob", 700.0 + f64::from(n) * 10.0, &["badges"]);
            club.answers(&format!("q{n}"), "ann", 790.0);
        }
        club
    }

    fn scores(&mut self, answer: &str, score: i64, at: f64) {
        let answer = AnswerId::new(answer);
        self.say(at, FactBody::AnswerScored { answer, score });
    }

    /// `author` answers `question`; the answer bears both names.
    fn answers(&mut self, question: &str, author: &str, at: f64) {
        let answer = AnswerId::new(format!("{question} {author}"));
        let (question, author) = (QuestionId::new(question), PersonId::new(author));
        self.say(
            at,
            FactBody::AnswerCreated {
                answer,
                question,
                author,
                body: None,
                url: None,
            },
        );
    }

    fn accepts(&mut self, answer: &str, at: f64) {
        self.say(
            at,
            FactBody::AnswerAccepted {
                answer: AnswerId::new(answer),
            },
        );
    }

    fn health(&self) -> CommunityHealth {
        self.told(false)
    }

    fn told(&self, own: bool) -> CommunityHealth {
        let playbook = Playbook::shipped().expect("the shipped playbook");
        let teller = Teller {
            playbook: &playbook,
            tongue: Tongue::English,
            manner: Manner::Vous,
        };
        community_health(
            self.view(),
            self.club(),
            today(),
            own,
            (&teller, &|| usual_members(self.view())),
        )
    }

    /// What is found, with its main count.
    fn found(&self) -> Vec<(Finding, usize)> {
        let found = findings(
            self.view(),
            self.club(),
            today(),
            (&self.health(), &|| usual_members(self.view())),
        );
        found
            .into_iter()
            .map(|Found { seen, .. }| (seen.finding, seen.count))
            .collect()
    }

    fn finds(&self, finding: Finding) -> Option<usize> {
        self.found()
            .into_iter()
            .find(|(found, _)| *found == finding)
            .map(|(_, count)| count)
    }
}

#[test]
fn questions_are_counted_over_the_days_that_had_their_week() {
    let mut club = Club::new();
    for (n, asked, waited) in [
        (0, 996.0, None),
        (1, 993.0, Some(7.0)),
        (2, 990.0, Some(7.01)),
        (3, 950.0, Some(0.5)),
        (4, 903.1, None),
        (5, 903.0, None),
    ] {
        club.asks(&format!("q{n}"), "ann", asked, &[]);
        club.answers(&format!("q{n}"), "ann", asked + 0.1);
        if let Some(waited) = waited {
            club.answers(&format!("q{n}"), "bob", asked + waited);
        }
    }
    let fares = club.health().questions;
    assert_eq!(
        (fares.asked, fares.unanswered),
        (4, 2),
        "an own answer is none, and seven days are within the week"
    );
    assert_eq!((fares.first_answerers, fares.median_minutes), (1, Some(7 * 1440)));
    assert_eq!(
        (fares.unanswered_rate(), fares.first_answer_hours()),
        (None, None),
        "too few to be told"
    );
    let five = Fares {
        asked: 5,
        unanswered: 1,
        first_answerers: 5,
        median_minutes: Some(90),
    };
    assert_eq!(
        (five.unanswered_rate(), five.first_answer_hours()),
        (Some(0.2), Some(1.5))
    );
}

#[test]
fn months_tell_the_circles_at_their_end_and_the_questions_asked_in_them() {
    let mut club = Club::new();
    // Day 1000 is 1972-09-27: the last whole month is August 1972, days 943 to 973.
    club.joins("bob", 950.0, MemberRole::Member);
    for (n, at) in [943.0, 960.0, 973.999].into_iter().enumerate() {
        club.asks(&format!("in{n}"), "ann", at, &[]);
    }
    club.asks("before", "ann", 942.999, &[]);
    club.asks("after", "cy", 974.0, &[]);
    let months = club.health().months;
    assert_eq!(months.len(), 12);
    let august = months[11];
    assert_eq!((august.month, august.questions.asked), (Day::from_days(943), 3));
    assert_eq!(
        august.circles,
        CircleCounts {
            core: 0,
            active: 1,
            occasional: 0,
            silent: 1
        }
    );
    assert_eq!(
        months[10].circles,
        CircleCounts {
            occasional: 1,
            ..CircleCounts::default()
        }
    );
    assert_eq!(months[10].questions.asked, 1);
}

#[test]
fn an_animator_away_leaves_days_without_cover_told_to_animators_alone() {
    let mut club = Club::new();
    assert_eq!(club.found(), [(Finding::NoAnimator, 0)]);
    club.joins("ann", 10.0, MemberRole::Animator);
    assert_eq!(club.found(), []);
    let away = |from: i64, until: i64| {
        let span = DaySpan::new(
            Day::from_days((TODAY + from) as i32),
            Day::from_days((TODAY + until) as i32),
        );
        let person = PersonId::new("ann");
        FactBody::AbsenceSet {
            person,
            span: span.expect("in order"),
        }
    };
    club.say(990.0, away(1, 4));
    assert_eq!(club.found(), [], "four days are nobody's business");
    club.say(991.0, away(20, 25));
    assert_eq!(club.found(), [(Finding::CoverNeeded, 10)]);
    let days = |own: bool| club.told(own).findings[0].days.len();
    assert_eq!((days(false), days(true)), (0, 2));
    let text = &club.told(true).findings[0].text;
    assert!(
        text.ends_with("No animator is available for 10 of the next 90 days."),
        "{text}"
    );
    club.joins("bob", 11.0, MemberRole::Animator);
    assert_eq!(club.found(), [], "somebody else is there");
}

#[test]
fn a_first_time_alone_is_seen_and_company_or_time_ends_it() {
    let mut club = Club::new();
    club.joins("ann", 980.0, MemberRole::Animator);
    assert_eq!(club.found(), [(Finding::FirstTimeAnimatorAlone, 0)]);
    club.joins("bob", 990.0, MemberRole::Animator);
    assert_eq!(club.found(), []);
    let mut experienced = Club::new();
    experienced.joins("ann", 900.0, MemberRole::Animator);
    assert_eq!(experienced.found(), []);
}

#[test]
fn newcomers_wait_when_nobody_else_answered_for_three_days() {
    let mut club = Club::new();
    club.joins("ann", 10.0, MemberRole::Animator);
    club.asks("old", "old-hand", 500.0, &[]);
    club.answers("old", "ann", 500.1);
    club.asks("of an old hand", "old-hand", 990.0, &[]);
    club.asks("fresh", "new", 998.0, &[]);
    assert_eq!(club.finds(Finding::NewcomersWaiting), None);
    club.asks("waits", "new", 996.0, &[]);
    club.answers("waits", "new", 996.5);
    assert_eq!(
        club.finds(Finding::NewcomersWaiting),
        Some(1),
        "an own answer helps nobody"
    );
    club.joins("joined", 950.0, MemberRole::Member);
    let health = club.health();
    assert_eq!((health.newcomers, health.newcomers_waiting), (2, 1));
    club.answers("waits", "old-hand", 999.0);
    assert_eq!(club.finds(Finding::NewcomersWaiting), None);
}

#[test]
fn a_rising_rate_is_told_with_the_one_before() {
    let mut club = Club::new();
    club.joins("ann", 10.0, MemberRole::Animator);
    for n in 0..5 {
        club.asks(&format!("before{n}"), "bob", 850.0, &[]);
        club.answers(&format!("before{n}"), "ann", 851.0);
        club.asks(&format!("now{n}"), "bob", 950.0, &[]);
    }
    for n in 1..5 {
        club.answers(&format!("now{n}"), "ann", 951.0);
    }
    let told = club.health().findings;
    let rising = told
        .iter()
        .find(|told| told.finding == Finding::UnansweredRising)
        .expect("20 % against 0 %");
    assert!(
        rising.text.contains("20 %") && rising.text.contains("0 % three months before"),
        "{}",
        rising.text
    );
    club.answers("now0", "ann", 951.0);
    assert_eq!(club.finds(Finding::UnansweredRising), None);
}

#[test]
fn a_theme_that_comes_again_ends_with_an_answer_to_refer_to() {
    let mut club = Club::asked_about_badges();
    club.asks("elsewhere", "bob", 600.0, &["gates"]);
    club.answers("elsewhere", "ann", 601.0);
    club.accepts("elsewhere ann", 602.0);
    assert_eq!(club.finds(Finding::AskedAgain), Some(4));
    let told = club.health().findings;
    let again = told
        .iter()
        .find(|told| told.finding == Finding::AskedAgain)
        .expect("four questions");
    assert!(again.text.contains("“badges” was asked 4 times"), "{}", again.text);
    assert_eq!(again.ways[0].id, "reference-answer-workshop");
    club.accepts("q2 ann", 800.0);
    assert_eq!(club.finds(Finding::AskedAgain), None);
}

#[test]
fn where_nothing_is_ever_accepted_votes_tell_what_to_refer_to_and_without_votes_nobody_can() {
    let mut club = Club::asked_about_badges();
    assert_eq!(
        club.finds(Finding::AskedAgain),
        None,
        "each has an answer, and none stands out"
    );
    club.asks("elsewhere", "bob", 600.0, &["gates"]);
    club.answers("elsewhere", "ann", 601.0);
    club.scores("elsewhere ann", 2, 602.0);
    assert_eq!(club.finds(Finding::AskedAgain), Some(4), "people vote here");
    club.scores("q1 ann", 1, 801.0);
    assert_eq!(club.finds(Finding::AskedAgain), None);
    club.accepts("elsewhere ann", 802.0);
    assert_eq!(club.finds(Finding::AskedAgain), Some(4), "answers are accepted here");
    let mut club = Club::new();
    for n in 0..4 {
        club.asks(&format!("q{n}"), "bob", 700.0 + f64::from(n) * 10.0, &["badges"]);
    }
    assert_eq!(club.finds(Finding::AskedAgain), Some(4), "no answer at all");
}

#[test]
fn a_tag_that_stands_on_much_of_what_is_asked_is_no_theme() {
    for (under, finds) in [(10, Some(10)), (11, None)] {
        let mut club = Club::new();
        for n in 0..50 {
            let (place, other) = (["gate", "desk", "hall", "yard", "shop"][n % 5], n % 7);
            let tag: &[&str] = if n < under { &["pumps"] } else { &[] };
            club.asks(&format!("q{n} {place} {other}"), "bob", 700.0 + n as f64, tag);
        }
        let told = themes::themes(club.view(), club.club(), today());
        let pumps = told.iter().find(|theme| theme.name == "pumps").map(|theme| theme.asked);
        assert_eq!(pumps, finds, "{under} of 50");
    }
}

#[test]
fn questions_without_tags_are_a_theme_by_their_words() {
    let mut club = Club::new();
    for (n, title) in [
        "lost badge at the gate",
        "badge lost near the gate",
        "gate badge lost again",
        "lost my badge, gate closed",
    ]
    .iter()
    .enumerate()
    {
        club.asks(&format!("q{n}"), "bob", 900.0 + n as f64, &[]);
        let patch = QuestionPatch {
            title: Patch::Set((*title).into()),
            ..QuestionPatch::default()
        };
        let question = QuestionId::new(format!("q{n}"));
        club.say(
            950.0,
            FactBody::QuestionEdited {
                question,
                patch: Box::new(patch),
            },
        );
    }
    for (n, title) in ["soup recipe", "train timetable", "holiday calendar", "printer toner"]
        .iter()
        .cycle()
        .take(24)
        .enumerate()
    {
        club.asks(&format!("other{n}"), "bob", 100.0, &[]);
        let patch = QuestionPatch {
            title: Patch::Set(format!("{title} {n}").into()),
            ..QuestionPatch::default()
        };
        let question = QuestionId::new(format!("other{n}"));
        club.say(
            101.0,
            FactBody::QuestionEdited {
                question,
                patch: Box::new(patch),
            },
        );
    }
    let told = themes::themes(club.view(), club.club(), today());
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].asked, told[0].name.as_str()),
        (4, "lost my badge, gate closed")
    );
}

#[test]
fn answers_from_few_need_ten_answers_and_subjects_name_nobody() {
    let mut club = Club::new();
    club.joins("ann", 10.0, MemberRole::Animator);
    for n in 0..9 {
        club.asks(&format!("q{n}"), "bob", 900.0, &["pumps"]);
        club.answers(&format!("q{n}"), "ann", 901.0);
    }
    assert_eq!(
        club.finds(Finding::AnswersFromFew),
        None,
        "nine answers are too few to tell"
    );
    club.asks("q9", "bob", 900.0, &[]);
    club.answers("q9", "cy", 901.0);
    assert_eq!(club.finds(Finding::AnswersFromFew), Some(1));
    let succession = club.health().succession;
    assert_eq!(
        (succession.answers, succession.people, succession.half_from),
        (10, 2, 1)
    );
    assert_eq!(succession.bridges, 1, "bob, whom both answered");
    assert_eq!(succession.subjects, ["pumps"]);
    let text = &club
        .health()
        .findings
        .iter()
        .find(|told| told.finding == Finding::SubjectsOnFew)
        .expect("pumps")
        .text
        .clone();
    assert!(!text.contains("ann") && text.contains("pumps"), "{text}");
}

#[test]
fn a_community_is_quiet_after_sixty_days_and_archived_ones_are_left_in_peace() {
    let mut club = Club::new();
    club.joins("ann", 10.0, MemberRole::Animator);
    assert_eq!(
        club.finds(Finding::Quiet),
        None,
        "where nothing was ever told, nothing is known"
    );
    club.asks("q", "bob", 940.0, &[]);
    assert_eq!(club.finds(Finding::Quiet), Some(60));
    club.asks("r", "bob", 940.1, &[]);
    assert_eq!(club.finds(Finding::Quiet), None);
    club.say(
        999.0,
        FactBody::CommunityArchived {
            community: CommunityId::new("club"),
        },
    );
    club.asks("q", "bob", 100.0, &[]);
    assert_eq!(club.found(), []);
}

#[test]
fn many_members_for_an_animator_are_twice_what_is_usual() {
    let mut club = Club::new();
    club.joins("ann", 10.0, MemberRole::Animator);
    for n in 0..48 {
        club.joins(&format!("p{n}"), 10.0, MemberRole::Member);
    }
    assert_eq!(club.finds(Finding::ManyMembers), None, "49 are not twice 25");
    club.joins("p48", 10.0, MemberRole::Member);
    assert_eq!(club.finds(Finding::ManyMembers), Some(50));
}

#[test]
fn an_objective_is_told_before_and_now() {
    let mut club = Club::new();
    let objective = Objective {
        problem: "One in five waits.".into(),
        measure: ObjectiveMeasure::UnansweredRate,
        target_micros: Some(0),
        review: None,
    };
    let community = CommunityId::new("club");
    club.say(
        800.0,
        FactBody::CommunityObjectiveSet {
            community,
            objective: Box::new(objective),
        },
    );
    for n in 0..5 {
        club.asks(&format!("before{n}"), "bob", 750.0, &[]);
        club.asks(&format!("now{n}"), "bob", 950.0, &[]);
        club.answers(&format!("now{n}"), "ann", 951.0);
    }
    for n in 0..4 {
        club.answers(&format!("before{n}"), "ann", 751.0);
    }
    let health = club.health();
    let progress = health.objective.expect("it was stated");
    assert_eq!(
        (progress.before, progress.now),
        (Some(Measured::Figure(0.2)), Some(Measured::Figure(0.0)))
    );
    assert_eq!(health.ways[0].id, "first-reply-rota");
}

#[test]
fn thanks_go_to_those_who_agree_once_each_and_not_to_animators() {
    let mut club = Club::new();
    club.joins("ann", 10.0, MemberRole::Animator);
    for (n, author) in ["ann", "bob", "bob", "cy", "dan"].iter().enumerate() {
        club.asks(&format!("q{n}"), "eve", 980.0 + n as f64, &[]);
        club.answers(&format!("q{n}"), author, 981.0 + n as f64);
        club.accepts(&format!("q{n} {author}"), 990.0);
    }
    let preference = Preference {
        allowed: false,
        until: None,
    };
    let person = PersonId::new("cy");
    club.say(
        900.0,
        FactBody::PreferenceSet {
            person,
            purpose: Purpose::Thanks,
            preference,
        },
    );
    let worth = thanks::worth_thanking(club.view(), club.club(), today());
    let told: Vec<_> = worth
        .iter()
        .map(|w| (w.answer.as_str(), w.author.person.as_str()))
        .collect();
    assert_eq!(told, [("q2 bob", "bob"), ("q4 dan", "dan")]);
    let later = thanks::worth_thanking(club.view(), club.club(), day(1_020.0));
    assert!(later.is_empty(), "gestures of more than a month ago: {later:?}");
}

#[test]
fn units_are_told_from_five_answers_by_five_people_on() {
    let mut club = Club::new();
    for n in 0..6 {
        club.works(&format!("it{n}"), "Group/IT/Net");
        club.works(&format!("hr{n}"), "Group/HR");
    }
    for n in 0..12 {
        let (asker, author) = (format!("it{}", n % 6), format!("hr{}", n % 6));
        club.asks(&format!("a{n}"), &asker, 900.0, &[]);
        club.answers(&format!("a{n}"), &author, 901.0);
        // All answers within HR come from one person.
        club.asks(&format!("b{n}"), &format!("hr{}", 1 + n % 5), 900.0, &[]);
        club.answers(&format!("b{n}"), "hr0", 901.0);
    }
    let silos = Silos::of(club.view(), today());
    assert_eq!(silos.units, ["Group/HR", "Group/IT"]);
    assert_eq!(silos.answers, [vec![None, None], vec![Some(12), None]]);
    assert_eq!(silos.apart, 0);
    assert_eq!(
        Silos::of(club.view(), day(1_400.0)),
        Silos::default(),
        "a year later there is nothing to tell"
    );
}

#[test]
fn units_are_apart_from_five_askers_in_each_on() {
    let apart = |askers: usize| {
        let mut club = Club::new();
        for n in 0..6 {
            club.works(&format!("it{n}"), "IT");
            club.works(&format!("hr{n}"), "HR");
        }
        // Each unit answers itself alone: twelve answers by six people, to so many who asked.
        for n in 0..12 {
            for unit in ["it", "hr"] {
                let asker = format!("{unit}{}", if unit == "it" { n % askers } else { n % 6 });
                let author = format!("{unit}{}", (n + 1) % 6);
                let author = if author == asker {
                    format!("{unit}{}", (n + 2) % 6)
                } else {
                    author
                };
                club.asks(&format!("{unit}-{n}"), &asker, 900.0, &[]);
                club.answers(&format!("{unit}-{n}"), &author, 901.0);
            }
        }
        let silos = Silos::of(club.view(), today());
        assert_eq!(silos.units, ["HR", "IT"]);
        (silos.apart, silos.answers[1][1])
    };
    assert_eq!(apart(6), (1, Some(12)));
    assert_eq!(apart(5), (1, Some(12)));
    assert_eq!(apart(4), (0, None), "what four people ask is their own");
}

#[test]
fn people_who_only_ask_need_no_animator_and_members_who_come_do() {
    let mut club = Club::new();
    club.joins("ann", 1.0, MemberRole::Animator);
    for n in 0..60 {
        club.asks(&format!("q{n}"), &format!("guest {n}"), 950.0, &[]);
    }
    let roles = |club: &Club| {
        let forecast = forecast(club.view(), &[club.club()], today());
        (forecast.needed_now, forecast.needed[0].1)
    };
    assert_eq!(roles(&club), (1, 1), "sixty who ask are no members");
    for n in 0..20 {
        club.joins(&format!("member {n}"), 950.0, MemberRole::Member);
    }
    assert_eq!(
        roles(&club),
        (1, 2),
        "21 now, 41 if as many come again, at 25 for an animator"
    );
}
