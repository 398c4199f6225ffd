//! What somebody knows of the community's subjects: answers under its topics and in it, and skills that these name.

use super::{CoAnimators, CoAnimatorsQuery, Family};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::experts::{Proof, focus, newest_answers, skill_statements};
use crate::world::{PersonIx, QuestionIx, TagIx, View};

const TOPIC_NAMES: [&str; 3] = ["topic_answers_30d", "topic_answers_180d", "topic_answers_ever"];
const COMMUNITY_NAMES: [&str; 3] = [
    "community_answers_30d",
    "community_answers_180d",
    "community_answers_ever",
];

/// Σ over the community's topics of idf · ln(1 + decayed answers under the topic). Better; a rare topic tells more. Cost:
/// one look-up a topic. `.0` is the half-life: 0 for 30 days, 1 for 180 days, 2 for none.
pub struct TopicAnswers(pub usize);

impl Signal<CoAnimators> for TopicAnswers {
    fn name(&self) -> &'static str {
        TOPIC_NAMES[self.0]
    }

    fn family(&self) -> Family {
        Family::Expertise
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn theme(&self) -> &'static str {
        "answers"
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let evidence = &round.world.people.get(person).evidence;
            let decayed = |&(tag, idf): &(TagIx, f64)| {
                let weeks = evidence.tag(tag)?;
                Some(idf * libm::log1p(weeks.decayed(&round.query.weeks)[self.0]))
            };
            *strength = round.query.topics.iter().filter_map(decayed).sum();
        }
    }

    fn facts(&self, view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Vec<Proof> {
        let on_topic = |q: QuestionIx| {
            let tags = &view.questions.get(q).tags;
            query.topics.iter().any(|(tag, _)| tags.contains(tag))
        };
        let evidence = &view.people.get(person).evidence;
        let weeks = query.topics.iter().filter_map(|&(tag, _)| evidence.tag(tag));
        newest_answers(view, &query.viewer, person, weeks, on_topic)
    }
}

/// Answers under the community's topics / (answers + 3): how much of what the person answers is about them. In 0..=the
/// number of topics. Better. Cost: one look-up a topic.
pub struct TopicFocus;

impl Signal<CoAnimators> for TopicFocus {
    fn name(&self) -> &'static str {
        "topic_focus"
    }

    fn family(&self) -> Family {
        Family::Expertise
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn theme(&self) -> &'static str {
        "answers"
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            *strength = focus(round.world, &round.query.topics, person);
        }
    }

    fn facts(&self, view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Vec<Proof> {
        TopicAnswers(0).facts(view, query, person)
    }
}

/// ln(1 + decayed answers in the community). Better. Cost: one look-up. `.0` is the half-life: 0 for 30 days, 1 for 180
/// days, 2 for none.
pub struct CommunityAnswers(pub usize);

impl Signal<CoAnimators> for CommunityAnswers {
    fn name(&self) -> &'static str {
        COMMUNITY_NAMES[self.0]
    }

    fn family(&self) -> Family {
        Family::Expertise
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn theme(&self) -> &'static str {
        "answers_here"
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let weeks = round.world.people.get(person).evidence.community(round.query.community);
            *strength = weeks.map_or(0.0, |weeks| libm::log1p(weeks.decayed(&round.query.weeks)[self.0]));
        }
    }

    fn facts(&self, view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Vec<Proof> {
        let weeks = view.people.get(person).evidence.community(query.community);
        newest_answers(view, &query.viewer, person, weeks, |q| {
            view.questions.get(q).community == Some(query.community)
        })
    }
}

/// What is said of the person's skills that the community's name and topics name: as the sum over statements that
/// "who could answer" makes of the skills that a question names. Better. Cost: the person's statements.
pub struct TopicSkills;

impl Signal<CoAnimators> for TopicSkills {
    fn name(&self) -> &'static str {
        "topic_skills"
    }

    fn family(&self) -> Family {
        Family::Expertise
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let statements = skill_statements(round.world, &round.query.skills, person);
            *strength = statements.iter().map(|(_, worth)| worth).sum();
        }
    }

    fn facts(&self, view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Vec<Proof> {
        let statements = skill_statements(view, &query.skills, person);
        statements.into_iter().map(|(proof, _)| proof).collect()
    }
}
