//! A small organisation for the tests of this room: people in units, who have skills and answer questions about them.

use crate::domain::{
    AnswerId, Day, EventKey, Fact, FactBody, Level, Origin, Patch, PersonId, PersonPatch, QuestionId, QuestionPatch,
    SkillId, SkillPatch, Timestamp, UnitPath,
};
use crate::world::{View, World};

/// A World that is told things, one microsecond after the other, from the day on that it is at.
#[derive(Default)]
pub struct Told {
    world: World,
    facts: u32,
    day: i32,
}

/// The first day: 2024-10-04, in a fourth quarter.
const FIRST_DAY: i32 = 20_000;

impl Told {
    /// The start of the day `days` after the first.
    pub fn day(days: i32) -> Timestamp {
        Day::from_days(FIRST_DAY + days).start()
    }

    /// What comes next is told `days` after the first day.
    pub fn at_day(&mut self, days: i32) {
        self.day = days;
    }

    pub fn view(&self) -> &View {
        self.world.view()
    }

    pub fn say(&mut self, body: FactBody) {
        self.facts += 1;
        let key = EventKey {
            source: "test".into(),
            id: self.facts.to_string().into(),
        };
        let at = Self::day(self.day).plus_micros(i64::from(self.facts));
        let content = [0; 16];
        self.world.apply(Fact { key, at, content, body });
    }

    pub fn person(&mut self, id: &str, unit: &str) {
        let patch = PersonPatch {
            unit: if unit.is_empty() {
                Patch::Keep
            } else {
                Patch::Set(UnitPath::new(unit))
            },
            ..PersonPatch::default()
        };
        let (person, patch) = (PersonId::new(id), Box::new(patch));
        self.say(FactBody::PersonUpserted { person, patch });
    }

    pub fn skill(&mut self, id: &str, broader: &[&str]) {
        let patch = SkillPatch {
            aliases: Patch::Set(vec![id.into()]),
            broader: Patch::Set(broader.iter().map(|&id| SkillId::new(id)).collect()),
            ..SkillPatch::default()
        };
        let (skill, patch) = (SkillId::new(id), Box::new(patch));
        self.say(FactBody::SkillUpserted { skill, patch });
    }

    pub fn has(&mut self, person: &str, skill: &str, origin: Origin, level: Option<f64>) {
        self.say(FactBody::SkillAsserted {
            person: PersonId::new(person),
            skill: SkillId::new(skill),
            origin,
            level: level.and_then(Level::new),
            by: (origin == Origin::Endorsed).then(|| PersonId::new("colleague")),
        });
    }

    /// `person` answers questions that speak of `skill`.
    pub fn answers(&mut self, person: &str, skill: &str) {
        for n in 0..4 {
            let question = QuestionId::new(format!("{person} {skill} {n}"));
            let patch = QuestionPatch {
                title: Patch::Set(format!("How does {skill} work?").into()),
                tags: Patch::Set(vec![skill.into()]),
                ..QuestionPatch::default()
            };
            self.say(FactBody::QuestionCreated {
                question: question.clone(),
                asker: PersonId::new("asker"),
                patch: Box::new(patch),
                anonymous: false,
            });
            self.say(FactBody::AnswerCreated {
                answer: AnswerId::new(format!("{person} {skill} {n}")),
                question,
                author: PersonId::new(person),
                body: None,
                url: None,
            });
        }
    }
}
