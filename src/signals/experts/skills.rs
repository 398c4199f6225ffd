//! Skills that the question names and the person is said to have, or offers to help with.

use super::{Experts, ExpertsQuery, Family, Proof};
use crate::domain::{Audience, Origin, Stance};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::statements::{Decision, statement_order};
use crate::world::{PersonIx, SkillIx, View};
use std::cmp::Ordering;

/// Σ over the question's skills of what is said of the person: an offer to help ½; an assertion by its origin (declared
/// or imported ½, endorsed ¾) · (½ + ½ level, ¾ when no level is stated), half more when the person confirmed it. Better;
/// rises with every statement. A contested skill counts nothing, and so does one that the person hides. Cost: the
/// person's statements.
pub struct SkillMatch;

/// Whether the person confirmed a skill that counts.
struct Confirmed(bool);

/// What is said of the person about `skills` (the ones that others were merged into), with what each statement is worth:
/// the weightiest first, equal ones by identifiers. Worths are multiples of 2^-22: their sum does not depend on its order.
pub fn skill_statements(view: &View, skills: &[SkillIx], person: PersonIx) -> Vec<(Proof, f64)> {
    skill_statements_to(Audience::Organisation, view, skills, person)
}

/// As [`skill_statements`], of the skills that somebody who is of `audience`, and of none narrower, may see.
pub fn skill_statements_to(audience: Audience, view: &View, skills: &[SkillIx], person: PersonIx) -> Vec<(Proof, f64)> {
    let mut facts: Vec<(Proof, f64)> = Vec::new();
    if skills.is_empty() {
        return facts;
    }
    SkillMatch::statements(view, skills, (person, audience), |proof, worth| {
        facts.push((proof, (worth * 4_194_304.0).round() / 4_194_304.0));
    });
    facts.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| order(view, a.0, b.0)));
    facts
}

/// Statements before offers, each in the order of identifiers.
fn order(view: &View, a: Proof, b: Proof) -> Ordering {
    let offer = |proof: Proof| match proof {
        Proof::Interest(skill, stance) => Some((&view.skills.get(skill).id, stance)),
        _ => None,
    };
    match (a, b) {
        (Proof::Assertion(skill, origin, by), Proof::Assertion(other, whose, endorser)) => {
            statement_order(view, (skill, origin, by), (other, whose, endorser))
        }
        _ => offer(a).cmp(&offer(b)),
    }
}

/// Whether anything that everybody may see is said of the person about `skills`.
pub(super) fn is_said(view: &View, skills: &[SkillIx], person: PersonIx) -> bool {
    let mut said = false;
    SkillMatch::statements(view, skills, (person, Audience::Organisation), |_, _| said = true);
    said
}

impl SkillMatch {
    fn statements(
        view: &View,
        skills: &[SkillIx],
        (person, audience): (PersonIx, Audience),
        mut each: impl FnMut(Proof, f64),
    ) {
        for account in view.accounts(person) {
            let node = view.people.get(account);
            for &((skill, origin, by), ref assertion) in &node.assertions {
                if let Some(Confirmed(confirmed)) = Self::counts(view, skills, (person, audience), skill) {
                    let trust = if origin == Origin::Endorsed { 0.75 } else { 0.5 };
                    let level = assertion.level.map_or(0.75, |level| 0.5 + 0.5 * level.value());
                    let confirmed = if confirmed { 1.5 } else { 1.0 };
                    each(Proof::Assertion(skill, origin, by), trust * level * confirmed);
                }
            }
            for &((skill, stance), _) in &node.interests {
                let offers = matches!(stance, Stance::CanHelp | Stance::CanMentor | Stance::CanTrain);
                if offers && Self::counts(view, skills, (person, audience), skill).is_some() {
                    each(Proof::Interest(skill, stance), 0.5);
                }
            }
        }
    }

    /// What is said of the person about `skill` alone, at most 1.
    pub(super) fn covers(view: &View, query: &ExpertsQuery, person: PersonIx, skill: SkillIx) -> f64 {
        let mut sum = 0.0;
        let everybody = (person, Audience::Organisation);
        Self::statements(view, &query.skills, everybody, |proof, worth| match proof {
            Proof::Assertion(other, ..) | Proof::Interest(other, _) if view.skill_root(other) == skill => sum += worth,
            _ => {}
        });
        f64::min(sum, 1.0)
    }

    /// Whether the person confirmed the skill, when it is one of `skills`, may be counted for them, and shows to `audience`.
    fn counts(
        view: &View,
        skills: &[SkillIx],
        (person, audience): (PersonIx, Audience),
        skill: SkillIx,
    ) -> Option<Confirmed> {
        let root = view.skill_root(skill);
        if !skills.contains(&root) {
            return None;
        }
        let decision = Decision::on(view, person, root);
        let counts = audience <= decision.audience && !decision.is_contested();
        counts.then_some(Confirmed(decision.is_confirmed()))
    }
}

impl Signal<Experts> for SkillMatch {
    fn name(&self) -> &'static str {
        "skills"
    }

    fn family(&self) -> Family {
        Family::Skill
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (person, strength) in round.subjects.iter().zip(out) {
            let statements = skill_statements(round.world, &round.query.skills, person);
            *strength = statements.iter().map(|(_, worth)| worth).sum();
        }
    }

    fn facts(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
        let statements = skill_statements(view, &query.skills, person);
        statements.into_iter().map(|(proof, _)| proof).collect()
    }
}
