//! Answers that somebody gave to questions which bear or name a skill.

use super::{Family, Proof, Skills, SkillsQuery};
use crate::domain::Timestamp;
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::Viewer;
use crate::world::{AnswerIx, AnswerState, Ix as _, PersonIx, QuestionIx, SkillIx, View};
use std::collections::BTreeMap;

/// Answers that are looked at, the newest ones.
const ANSWERS: usize = 300;
/// Days in which an answer says half as much.
const HALF_LIFE_DAYS: f64 = 540.0;
/// What a question says that bears the skill as a tag, names it in its title, or in its body.
const BEARS: f64 = 1.0;
const TITLE: f64 = 0.7;
const NAMES: f64 = 0.4;

/// The answers that speak of one skill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deeds {
    /// Σ of what each is worth, in the order of time.
    pub worth: f64,
    /// The same of accepted ones.
    pub accepted: f64,
    /// Each with what it is worth, the weightiest first, then the newest.
    pub answers: Vec<(AnswerIx, f64)>,
}

/// The skills of which the counted answers of `person` speak; answers in sensitive communities are not counted, and those
/// that the viewer may not see are left out. Cost: the words of the newest 300 questions that they answered.
pub fn of(view: &View, person: PersonIx, as_of: Timestamp, viewer: &Viewer) -> BTreeMap<SkillIx, Deeds> {
    let mut answers: Vec<(Timestamp, AnswerIx)> = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).answered)
        .filter_map(|&answer| Some((view.answers.get(answer).state.as_ref()?.at, answer)))
        .filter(|&(at, _)| at <= as_of)
        .collect();
    let id = |answer: AnswerIx| &view.answers.get(answer).id;
    answers.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1))));
    let mut found: BTreeMap<SkillIx, Deeds> = BTreeMap::new();
    for (_, answer) in answers
        .into_iter()
        .filter(|&(_, a)| view.counted(a).is_some())
        .take(ANSWERS)
    {
        let node = view.answers.get(answer);
        let (Some(state), Some(question)) = (&node.state, node.question) else {
            continue;
        };
        if !viewer.sees(view, view.questions.get(question).community) {
            continue;
        }
        let worth = worth(state, as_of);
        for (skill, spoken) in spoken_of(view, question) {
            let deeds = found.entry(skill).or_default();
            deeds.worth += spoken * worth;
            deeds.accepted += if state.accepted { spoken * worth } else { 0.0 };
            deeds.answers.push((answer, spoken * worth));
        }
    }
    // They came newest first, which a stable sort keeps among equals.
    for deeds in found.values_mut() {
        deeds.answers.sort_by(|a, b| b.1.total_cmp(&a.1));
    }
    found
}

/// (1 + ½·accepted + ¼·ln(1 + score)) · 2^(−age / 540 days); rises with acceptance and score.
fn worth(answer: &AnswerState, as_of: Timestamp) -> f64 {
    let accepted = if answer.accepted { 0.5 } else { 0.0 };
    let liked = 0.25 * libm::log1p(answer.score.max(0) as f64);
    let age_days = as_of.minutes_since(answer.at) as f64 / 1440.0;
    (1.0 + accepted + liked) * libm::exp2(-age_days / HALF_LIFE_DAYS)
}

/// The skills that a question speaks of, merged ones as the one they were merged into, with how plainly it does.
fn spoken_of(view: &View, question: QuestionIx) -> BTreeMap<SkillIx, f64> {
    let mut found = BTreeMap::new();
    let Some(state) = view.questions.get(question).state.as_ref() else {
        return found;
    };
    let mut note = |skill: SkillIx, plainly: f64| {
        let most = found.entry(view.skill_root(skill)).or_insert(plainly);
        *most = plainly.max(*most);
    };
    let tags = state.tags.iter().flatten().flat_map(|tag| named_by(view, tag));
    tags.for_each(|skill| note(skill, BEARS));
    let title = state.title.as_deref().unwrap_or_default();
    let body = state.body.as_ref().map_or("", |body| &*body.excerpt);
    for (text, plainly) in [(title, TITLE), (body, NAMES)] {
        // In a sentence a lone letter is a unit or an initial (12 °C, R. Roe) before it is a language: only tags name it.
        let named = view.labels.find(text).into_iter().filter(|(_, place)| place.len() > 1);
        named.for_each(|(row, _)| note(SkillIx::from_row(row), plainly));
    }
    found
}

/// The skills that a tag or topic stands for: those of which it is a name, whole, or the identifier. In order of index.
pub fn named_by(view: &View, topic: &str) -> Vec<SkillIx> {
    let topic = topic.trim();
    let whole =
        |(row, place): (u32, std::ops::Range<usize>)| (place == (0..topic.len())).then(|| SkillIx::from_row(row));
    let mut skills: Vec<SkillIx> = view.labels.find(topic).into_iter().filter_map(whole).collect();
    skills.extend(view.skills.find(topic));
    let mut skills: Vec<SkillIx> = skills.into_iter().map(|skill| view.skill_root(skill)).collect();
    skills.sort_unstable();
    skills.dedup();
    skills
}

/// 1 − 2^(−half of what the answers are worth that speak of the skill): a half at two fresh answers under its tag. In
/// 0..=1. Better. Cost: one look-up.
pub struct Answered;

impl Signal<Skills> for Answered {
    fn name(&self) -> &'static str {
        "answered"
    }

    fn family(&self) -> Family {
        Family::Answers
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn theme(&self) -> &'static str {
        "answers"
    }

    fn measure(&self, round: &Round<'_, Skills>, out: &mut [f64]) {
        for (skill, strength) in round.subjects.iter().zip(out) {
            let worth = round.query.deeds.get(&skill).map_or(0.0, |deeds| deeds.worth);
            *strength = saturated(worth / 2.0);
        }
    }

    fn facts(&self, _: &View, query: &SkillsQuery, skill: SkillIx) -> Vec<Proof> {
        let deeds = query.deeds.get(&skill).into_iter().flat_map(|deeds| &deeds.answers);
        deeds.map(|&(answer, _)| Proof::Answer(answer)).collect()
    }
}

/// The same of accepted answers alone. In 0..=1. Better. Cost: one look-up.
pub struct Accepted;

impl Signal<Skills> for Accepted {
    fn name(&self) -> &'static str {
        "accepted"
    }

    fn family(&self) -> Family {
        Family::Answers
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn theme(&self) -> &'static str {
        "answers"
    }

    fn measure(&self, round: &Round<'_, Skills>, out: &mut [f64]) {
        for (skill, strength) in round.subjects.iter().zip(out) {
            let worth = round.query.deeds.get(&skill).map_or(0.0, |deeds| deeds.accepted);
            *strength = saturated(worth / 2.0);
        }
    }

    fn facts(&self, view: &View, query: &SkillsQuery, skill: SkillIx) -> Vec<Proof> {
        Answered.facts(view, query, skill)
    }
}

/// 1 − 2^(−worth): a half at 1, never more than 1.
pub(super) fn saturated(worth: f64) -> f64 {
    1.0 - libm::exp2(-worth)
}
