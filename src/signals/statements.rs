//! What is stated of people's skills, in an order that nobody's arrival changes, and what each person decided of it.
//!
//! A human decides over every account and every skill merged into another one at once: one denial is enough, and the
//! narrowest audience that was chosen holds.

use crate::domain::{Audience, Origin};
use crate::world::{PersonIx, SkillIx, Stand, View};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What a human decided of one skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether they say that it is theirs, or that it is not.
    pub stand: Option<Stand>,
    /// Who may know; the organisation, unless they chose.
    pub audience: Audience,
}

impl Decision {
    const NONE: Self = Self {
        stand: None,
        audience: Audience::Organisation,
    };

    /// What the human `person` decided of `root`, which was not merged into another skill. Cost: their choices.
    pub fn on(view: &View, person: PersonIx, root: SkillIx) -> Self {
        let mut decision = Self::NONE;
        each(view, person, |skill, stand, audience| {
            if view.skill_root(skill) == root {
                decision.hear(stand, audience);
            }
        });
        decision
    }

    /// What the human `person` decided, by the skill into which others were merged, in order of index. Cost: their choices.
    pub fn all(view: &View, person: PersonIx) -> BTreeMap<SkillIx, Self> {
        let mut decisions = BTreeMap::new();
        each(view, person, |skill, stand, audience| {
            let of = decisions.entry(view.skill_root(skill)).or_insert(Self::NONE);
            of.hear(stand, audience);
        });
        decisions
    }

    /// Whether they deny it.
    pub fn is_contested(self) -> bool {
        self.stand == Some(Stand::Contested)
    }

    /// Whether they say that it is theirs.
    pub fn is_confirmed(self) -> bool {
        self.stand == Some(Stand::Confirmed)
    }

    /// Whether everybody may know.
    pub fn is_open(self) -> bool {
        self.audience == Audience::Organisation
    }

    fn hear(&mut self, stand: Option<Stand>, audience: Option<Audience>) {
        if !self.is_contested() {
            self.stand = stand.or(self.stand);
        }
        self.audience = audience.map_or(self.audience, |chosen| chosen.min(self.audience));
    }
}

fn each(view: &View, person: PersonIx, mut heard: impl FnMut(SkillIx, Option<Stand>, Option<Audience>)) {
    for account in view.accounts(person) {
        let node = view.people.get(account);
        node.stands
            .iter()
            .for_each(|&(skill, stand)| heard(skill, Some(stand), None));
        node.visibility
            .iter()
            .for_each(|&(skill, audience)| heard(skill, None, Some(audience)));
    }
}

/// Which of two statements of a skill comes first: by the skill's identifier, the origin, the endorser's identifier.
pub(super) fn statement_order(
    view: &View,
    a: (SkillIx, Origin, Option<PersonIx>),
    b: (SkillIx, Origin, Option<PersonIx>),
) -> Ordering {
    let by = |by: Option<PersonIx>| by.map(|by| &view.people.get(by).id);
    let skill = |skill: SkillIx| &view.skills.get(skill).id;
    (skill(a.0), a.1, by(a.2)).cmp(&(skill(b.0), b.1, by(b.2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FactBody, PersonId, SkillId};
    use crate::signals::sample::Sample;

    /// Ann has two accounts, and *weld* became *joining*.
    fn sample(words: &[FactBody]) -> Sample {
        let mut sample = Sample::of(&["ann", "ann2"]);
        let skill = |id: &str| SkillId::new(id);
        words.iter().for_each(|body| sample.say(1, body.clone()));
        sample.say(
            2,
            FactBody::IdentityLinked {
                person: PersonId::new("ann"),
                same_as: PersonId::new("ann2"),
            },
        );
        sample.say(
            2,
            FactBody::SkillMerged {
                skill: skill("weld"),
                into: skill("joining"),
            },
        );
        sample
    }

    fn confirmed(person: &str, skill: &str) -> FactBody {
        let (person, skill) = (PersonId::new(person), SkillId::new(skill));
        FactBody::SkillConfirmed { person, skill }
    }

    fn contested(person: &str, skill: &str) -> FactBody {
        let (person, skill) = (PersonId::new(person), SkillId::new(skill));
        FactBody::SkillContested { person, skill }
    }

    fn shown(person: &str, skill: &str, audience: Audience) -> FactBody {
        let (person, skill) = (PersonId::new(person), SkillId::new(skill));
        FactBody::SkillVisibilitySet {
            person,
            skill,
            audience,
        }
    }

    fn decided(words: &[FactBody]) -> Decision {
        let sample = sample(words);
        let (view, ann) = (sample.view(), sample.ix("ann"));
        let root = view.skills.find("joining").expect("a skill of the sample");
        let decision = Decision::on(view, ann, root);
        let all = Decision::all(view, ann);
        assert_eq!(all.get(&root).copied().unwrap_or(Decision::NONE), decision);
        decision
    }

    #[test]
    fn one_denial_is_enough_wherever_and_whenever_it_was_said() {
        for (yes, no) in [("ann", "ann2"), ("ann2", "ann"), ("ann", "ann")] {
            for (merged, root) in [("weld", "joining"), ("joining", "weld")] {
                let (yes, no) = (confirmed(yes, merged), contested(no, root));
                assert!(decided(&[yes.clone(), no.clone()]).is_contested());
                assert!(decided(&[no, yes]).is_contested());
            }
        }
        let both = [confirmed("ann", "weld"), confirmed("ann2", "joining")];
        assert!(decided(&both).is_confirmed());
        assert_eq!(decided(&[]), Decision::NONE);
    }

    #[test]
    fn the_narrowest_audience_holds() {
        let words = [
            shown("ann", "joining", Audience::Organisation),
            shown("ann2", "weld", Audience::Me),
            shown("ann2", "joining", Audience::Animators),
        ];
        let decision = decided(&words);
        assert_eq!((decision.audience, decision.is_open()), (Audience::Me, false));
        assert!(decided(&words[..1]).is_open());
    }
}
