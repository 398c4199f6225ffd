//! What somebody says of a skill: declared with a level, confirmed, contested, wanted, shown to whom.
//!
//! A person is one, whatever accounts they have, and so is a skill with those merged into it: a word takes the place of what
//! was said before on any of them. Saying what holds already changes nothing.

use crate::app::answers::QueryError;
use crate::app::ingest::IngestReport;
use crate::app::own::{Said, StatementError, instant};
use crate::app::service::Service;
use crate::domain::{Audience, EventType, Level, Origin, Stance, Timestamp};
use crate::signals::skills::{Eyes, HeldSkill, Holdings, SkillsOf};
use crate::world::{PersonIx, SkillIx, Stand, View};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What changes of a skill; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SkillChange {
    /// Whether the person says that they have it.
    pub declared: Option<bool>,
    /// Their level; declares it too.
    pub level: Option<Level>,
    /// Whether what others or the service say is so: confirming what nobody states declares it; contesting it ends every
    /// conclusion for good.
    pub stand: Option<Stand>,
    /// What they want to do with it: these stances and no other.
    pub stances: Option<BTreeSet<Stance>>,
    /// Who may see it.
    pub audience: Option<Audience>,
}

impl SkillChange {
    /// Takes everything back that the person said: their declaration, their stances and their confirmation. A confirmation
    /// is taken back by contesting, so that the same conclusion does not come again.
    fn withdrawn(held: Option<&HeldSkill>) -> Self {
        let confirmed = held.is_some_and(|held| held.stand == Some(Stand::Confirmed));
        Self {
            declared: Some(false),
            stand: confirmed.then_some(Stand::Contested),
            stances: Some(BTreeSet::new()),
            ..Self::default()
        }
    }
}

impl Service {
    /// Takes in what the person called `id` says of `skill`.
    ///
    /// # Errors
    /// When nobody of that name is known, or the skill is not in the organisation's list and nobody is openly said to have
    /// it; from the future, when it could not be written.
    pub fn say_of_skill(
        &self,
        id: &str,
        skill: &str,
        change: &SkillChange,
    ) -> Result<impl Future<Output = Result<IngestReport, StatementError>> + Send + use<>, QueryError> {
        let snapshot = self.snapshot();
        let word = Word::on(&snapshot.view, id, skill)?;
        Ok(self.say(&word.events(change, instant(&snapshot.view, self.now()))))
    }

    /// Takes back what the person called `id` said of `skill`: declaration, stances, confirmation.
    ///
    /// # Errors
    /// As [`Self::say_of_skill`].
    pub fn withdraw_skill(
        &self,
        id: &str,
        skill: &str,
    ) -> Result<impl Future<Output = Result<IngestReport, StatementError>> + Send + use<>, QueryError> {
        let snapshot = self.snapshot();
        let word = Word::on(&snapshot.view, id, skill)?;
        let change = SkillChange::withdrawn(word.held.as_ref());
        Ok(self.say(&word.events(&change, instant(&snapshot.view, self.now()))))
    }
}

/// Who speaks, and of what.
struct Word<'a> {
    view: &'a View,
    person: PersonIx,
    /// The skill into which the one named was merged, and every one merged into it.
    root: SkillIx,
    family: BTreeSet<SkillIx>,
    held: Option<HeldSkill>,
}

impl<'a> Word<'a> {
    fn on(view: &'a View, id: &str, skill: &str) -> Result<Self, QueryError> {
        let person = view.person(id).ok_or(QueryError::NotFound("person"))?;
        let unknown = QueryError::NotFound("skill");
        let root = view.skill_root(view.skills.find(skill).ok_or(unknown)?);
        let held = SkillsOf::of(view, person, Eyes::Owner, Vec::new());
        let held = held.get(view, root).cloned();
        let described = view.skills.get(root).state.as_ref().is_some_and(|s| s.known);
        // A skill of which only somebody else speaks who hides it is not there.
        let open = || !Holdings::default().holders(view, root).is_empty();
        if !described && held.is_none() && !open() {
            return Err(unknown);
        }
        Ok(Self {
            family: view.skill_family(root),
            view,
            person,
            root,
            held,
        })
    }

    /// The events that make `change` hold.
    fn events(&self, change: &SkillChange, at: Timestamp) -> Vec<Said> {
        let mut said = Vec::new();
        let declares = change.declared == Some(true) || change.level.is_some();
        let contested = self
            .held
            .as_ref()
            .is_some_and(|held| held.stand == Some(Stand::Contested));
        // Who declares what they contested says that it is theirs after all.
        let stand = change.stand.or((declares && contested).then_some(Stand::Confirmed));
        let unstated = self.held.as_ref().is_none_or(|held| held.statements.is_empty());
        let confirms = stand == Some(Stand::Confirmed);
        if declares || (confirms && unstated && change.declared.is_none()) {
            self.declare(change.level, at, &mut said);
        } else if change.declared == Some(false) {
            self.retract(at, &mut said);
        }
        if let Some(stand) = stand {
            self.take_stand(stand, at, &mut said);
        }
        if let Some(stances) = &change.stances {
            self.take_stances(stances, at, &mut said);
        }
        if let Some(audience) = change.audience {
            self.show_to(audience, at, &mut said);
        }
        said
    }

    fn declare(&self, level: Option<Level>, at: Timestamp, said: &mut Vec<Said>) {
        let own = self.held.iter().flat_map(|held| &held.statements);
        let mut declared = own.filter(|statement| statement.origin == Origin::Declared);
        if declared.any(|statement| level.is_none() || statement.level == level) {
            return;
        }
        let mut data = self.data(self.person, self.root);
        data["origin"] = "declared".into();
        if let Some(level) = level {
            data["level"] = level.value().into();
        }
        said.push(Said {
            kind: EventType::SkillAsserted,
            data,
            at,
        });
    }

    fn retract(&self, at: Timestamp, said: &mut Vec<Said>) {
        self.each_account(|account| {
            for &((skill, origin, _), _) in &self.view.people.get(account).assertions {
                if origin == Origin::Declared && self.family.contains(&skill) {
                    let mut data = self.data(account, skill);
                    data["origin"] = "declared".into();
                    said.push(Said {
                        kind: EventType::SkillRetracted,
                        data,
                        at,
                    });
                }
            }
        });
    }

    fn take_stand(&self, stand: Stand, at: Timestamp, said: &mut Vec<Said>) {
        let kind = match stand {
            Stand::Confirmed => EventType::SkillConfirmed,
            Stand::Contested => EventType::SkillContested,
        };
        if self.held.as_ref().and_then(|held| held.stand) != Some(stand) {
            let data = self.data(self.person, self.root);
            said.push(Said { kind, data, at });
        }
        // Words on other accounts, or on skills merged into this one, that say otherwise.
        self.each_account(|account| {
            for &(skill, other) in &self.view.people.get(account).stands {
                let same = (account, skill) == (self.person, self.root);
                if other != stand && self.family.contains(&skill) && !same {
                    let data = self.data(account, skill);
                    said.push(Said { kind, data, at });
                }
            }
        });
    }

    fn take_stances(&self, wanted: &BTreeSet<Stance>, at: Timestamp, said: &mut Vec<Said>) {
        let now: BTreeSet<Stance> = self
            .held
            .iter()
            .flat_map(|held| &held.stances)
            .map(|(stance, _)| *stance)
            .collect();
        for &stance in wanted.difference(&now) {
            let mut data = self.data(self.person, self.root);
            data["stance"] = stance_code(stance).into();
            said.push(Said {
                kind: EventType::InterestDeclared,
                data,
                at,
            });
        }
        self.each_account(|account| {
            for &((skill, stance), _) in &self.view.people.get(account).interests {
                if self.family.contains(&skill) && !wanted.contains(&stance) {
                    let mut data = self.data(account, skill);
                    data["stance"] = stance_code(stance).into();
                    said.push(Said {
                        kind: EventType::InterestWithdrawn,
                        data,
                        at,
                    });
                }
            }
        });
    }

    fn show_to(&self, audience: Audience, at: Timestamp, said: &mut Vec<Said>) {
        let kind = EventType::SkillVisibilitySet;
        let event = |account, skill| {
            let mut data = self.data(account, skill);
            data["audience"] = audience_code(audience).into();
            Said { kind, data, at }
        };
        let mut own = None;
        self.each_account(|account| {
            for &(skill, chosen) in &self.view.people.get(account).visibility {
                let here = (account, skill) == (self.person, self.root);
                own = own.or(here.then_some(chosen));
                if self.family.contains(&skill) && chosen != audience && !here {
                    said.push(event(account, skill));
                }
            }
        });
        if own != Some(audience) {
            said.push(event(self.person, self.root));
        }
    }

    fn each_account(&self, mut each: impl FnMut(PersonIx)) {
        self.view.accounts(self.person).for_each(&mut each);
    }

    fn data(&self, account: PersonIx, skill: SkillIx) -> Value {
        json!({"person": self.view.people.get(account).id.as_str(), "skill": self.view.skills.get(skill).id.as_str()})
    }
}

/// The name of a stance in events.
const fn stance_code(stance: Stance) -> &'static str {
    match stance {
        Stance::CanHelp => "can_help",
        Stance::CanMentor => "can_mentor",
        Stance::CanTrain => "can_train",
        Stance::WantsToLearn => "wants_to_learn",
        Stance::Follows => "follows",
    }
}

/// The name of an audience in events.
const fn audience_code(audience: Audience) -> &'static str {
    match audience {
        Audience::Me => "me",
        Audience::Animators => "animators",
        Audience::Organisation => "organisation",
    }
}
