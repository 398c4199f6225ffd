//! A small organisation for the tests of this room: facts said one after the other, by the hour.

use super::ExpertsQuery;
use crate::domain::{
    AnswerId, AskId, CommunityId, Day, DaySpan, DeclineReason, EventKey, Fact, FactBody, MemberRole, Patch, PersonId,
    PersonPatch, QuestionId, Timestamp, UnitPath,
};
use crate::signals::Viewer;
use crate::world::{PersonIx, View, World};

/// The day on which everything begins.
pub const FIRST_DAY: i32 = 20_000;

/// The instant `hours` after the first day began.
pub fn hour(hours: i64) -> Timestamp {
    Day::from_days(FIRST_DAY).start().plus_micros(hours * 3_600_000_000)
}

/// A World that is told things.
#[derive(Default)]
pub struct Sample {
    world: World,
    facts: u32,
}

impl Sample {
    /// With these people, of no unit.
    pub fn of(people: &[&str]) -> Self {
        let mut sample = Self::default();
        people.iter().for_each(|person| sample.person(person, None, &[]));
        sample
    }

    pub fn view(&self) -> &View {
        self.world.view()
    }

    pub fn ix(&self, person: &str) -> PersonIx {
        self.view().person(person).expect("a person of the sample")
    }

    pub fn say(&mut self, at: i64, body: FactBody) {
        self.facts += 1;
        let key = EventKey {
            source: "sample".into(),
            id: self.facts.to_string().into(),
        };
        let content = [0; 16];
        let at = hour(at);
        self.world.apply(Fact { key, at, content, body });
    }

    pub fn person(&mut self, person: &str, unit: Option<&str>, heads: &[&str]) {
        let patch = PersonPatch {
            unit: unit.map_or(Patch::Keep, |unit| Patch::Set(UnitPath::new(unit))),
            heads: Patch::Set(heads.iter().map(|&unit| UnitPath::new(unit)).collect()),
            ..PersonPatch::default()
        };
        let person = PersonId::new(person);
        self.say(
            -48,
            FactBody::PersonUpserted {
                person,
                patch: Box::new(patch),
            },
        );
    }

    pub fn animator(&mut self, person: &str, community: &str) {
        self.say(
            -24,
            FactBody::MembershipAdded {
                person: PersonId::new(person),
                community: CommunityId::new(community),
                role: MemberRole::Animator,
                since_unknown: false,
            },
        );
    }

    pub fn away(&mut self, person: &str, from: i32, until: i32) {
        let day = |day: i32| Day::from_days(FIRST_DAY + day);
        let span = DaySpan::new(day(from), day(until)).expect("in order");
        let person = PersonId::new(person);
        self.say(-24, FactBody::AbsenceSet { person, span });
    }

    pub fn question(&mut self, question: &str, asker: &str, community: Option<&str>, at: i64) {
        let patch = crate::domain::QuestionPatch {
            title: Patch::Set("Why does the pump rumble?".into()),
            community: community.map_or(Patch::Keep, |id| Patch::Set(CommunityId::new(id))),
            ..crate::domain::QuestionPatch::default()
        };
        self.say(
            at,
            FactBody::QuestionCreated {
                question: QuestionId::new(question),
                asker: PersonId::new(asker),
                patch: Box::new(patch),
                anonymous: false,
            },
        );
    }

    pub fn answer(&mut self, answer: &str, question: &str, author: &str, at: i64) {
        self.say(
            at,
            FactBody::AnswerCreated {
                answer: AnswerId::new(answer),
                question: QuestionId::new(question),
                author: PersonId::new(author),
                body: None,
                url: None,
            },
        );
    }

    pub fn deleted(&mut self, answer: &str, at: i64) {
        let answer = AnswerId::new(answer);
        self.say(at, FactBody::AnswerDeleted { answer });
    }

    pub fn ask(&mut self, ask: &str, question: &str, person: &str, at: i64) {
        self.say(
            at,
            FactBody::AskSent {
                ask: AskId::new(ask),
                question: QuestionId::new(question),
                person: PersonId::new(person),
                recommendation: None,
            },
        );
    }

    pub fn decline(&mut self, ask: &str, reason: Option<DeclineReason>, at: i64) {
        let ask = AskId::new(ask);
        self.say(at, FactBody::AskDeclined { ask, reason });
    }

    /// The question as it is understood at an hour.
    pub fn query(&self, question: &str, at: i64) -> ExpertsQuery {
        let question = self.view().questions.find(question).expect("a question of the sample");
        ExpertsQuery::of(self.view(), question, hour(at), Viewer::default()).expect("it was asked")
    }
}
