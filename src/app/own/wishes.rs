//! What a person allows, how much they can give, and when they are away: their word, in force once it is answered.

use super::known;
use super::statement::{Said, StatementError, instant};
use crate::app::answers::QueryError;
use crate::app::cards::Card;
use crate::app::ingest::IngestReport;
use crate::app::service::Service;
use crate::calendar::write_day;
use crate::domain::{Day, DaySpan, EventType, Hours, PersonId, Preference, Purpose, Timestamp};
use crate::world::{CapacityState, PersonIx, View};
use serde_json::{Value, json};

/// One thing that a person says of themself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish {
    /// What they allow.
    Allow(Purpose, Preference),
    /// How much they can give, in place of what they said before; without a number, there is no limit of their own.
    Capacity {
        /// Invitations accepted in any seven days.
        asks_per_week: Option<u32>,
        /// Hours a week for animating.
        animation_hours_per_week: Option<Hours>,
    },
    /// That they are away on these days, or that they are not.
    Days {
        /// The days.
        span: DaySpan,
        /// Whether they are away.
        away: bool,
    },
}

/// What holds for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurposeWish {
    /// The purpose.
    pub purpose: Purpose,
    /// Whether it is allowed now.
    pub allowed: bool,
    /// The last day on which this holds, when it ends by itself.
    pub until: Option<Day>,
    /// Whether they said so, for this purpose or for all of them.
    pub stated: bool,
}

/// What a person allows and can give.
#[derive(Clone, Debug, PartialEq)]
pub struct Wishes {
    /// Who.
    pub person: PersonId,
    /// What holds for each purpose.
    pub purposes: Vec<PurposeWish>,
    /// Their limits, over all their accounts.
    pub capacity: CapacityState,
    /// Days away, in order.
    pub absences: Vec<DaySpan>,
}

impl Wishes {
    /// What holds for `person` at `as_of`.
    pub(super) fn of(view: &View, person: PersonIx, as_of: Timestamp) -> Self {
        let purposes = Purpose::ALL.iter().filter(|(_, purpose)| *purpose != Purpose::All);
        let wish = |&(_, purpose): &(&str, Purpose)| {
            let choice = view.choice(person, purpose, as_of).map(|(_, chosen)| chosen.preference);
            PurposeWish {
                purpose,
                allowed: choice.is_none_or(|choice| choice.allowed),
                until: choice.and_then(|choice| choice.until),
                stated: choice.is_some(),
            }
        };
        let accounts = || view.accounts(person).map(|account| view.people.get(account));
        let hours = accounts().filter_map(|account| account.capacity.animation_hours_per_week);
        let mut absences: Vec<DaySpan> = accounts()
            .flat_map(|account| account.absences.iter().copied())
            .collect();
        absences.sort_unstable();
        absences.dedup();
        Self {
            person: view.person_id(person).clone(),
            purposes: purposes.map(wish).collect(),
            capacity: CapacityState {
                asks_per_week: view.asks_per_week(person),
                animation_hours_per_week: hours.min_by(|a, b| a.value().total_cmp(&b.value())),
            },
            absences,
        }
    }
}

impl Service {
    /// What the person called `id` allows and can give.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when nobody of that name is there.
    pub fn wishes(&self, id: &str) -> Result<Card<Wishes>, QueryError> {
        let snapshot = self.snapshot();
        let as_of = snapshot.as_of(self.now());
        let person = known(&snapshot.view, id)?;
        Ok(Card {
            shows: Wishes::of(&snapshot.view, person, as_of),
            generation: snapshot.generation,
            as_of,
        })
    }

    /// Takes what `id` says of themself. It is newer than anything that was said before about the same, whatever the clock
    /// of who said it; what is said already is a duplicate. The future ends once it is durable and in force: from then on no
    /// answer goes against it.
    ///
    /// # Errors
    /// From the future: [`StatementError`].
    pub fn wish(
        &self,
        id: &str,
        wish: Wish,
    ) -> impl Future<Output = Result<IngestReport, StatementError>> + Send + use<> {
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let person = view.person(id);
        let mut said = false;
        if let (Wish::Allow(purpose, preference), Some(person)) = (wish, person) {
            let newest = view
                .choices(person, purpose)
                .max_by(|(_, a), (_, b)| (a.at, &a.key).cmp(&(b.at, &b.key)));
            said = newest.is_some_and(|(of, chosen)| of == purpose && chosen.preference == preference);
        }
        let (kind, data) = event(id, wish);
        let at = instant(view, self.now());
        let word = (!said).then_some(Said { kind, data, at });
        self.say(word.as_slice())
    }
}

/// The event that says `wish` of `person`.
fn event(person: &str, wish: Wish) -> (EventType, Value) {
    match wish {
        Wish::Allow(purpose, Preference { allowed, until }) => {
            let mut data = json!({"person": person, "purpose": purpose.name(), "allowed": allowed});
            if let Some(until) = until {
                data["until"] = write_day(until).into();
            }
            (EventType::PreferenceSet, data)
        }
        Wish::Capacity {
            asks_per_week,
            animation_hours_per_week,
        } => {
            let hours = animation_hours_per_week.map(Hours::value);
            let data = json!({"person": person, "asks_per_week": asks_per_week, "animation_hours_per_week": hours});
            (EventType::CapacitySet, data)
        }
        Wish::Days { span, away } => {
            let kind = if away {
                EventType::AbsenceSet
            } else {
                EventType::AbsenceCleared
            };
            let data = json!({"person": person, "from": write_day(span.from()), "until": write_day(span.until())});
            (kind, data)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::own::line;
    use crate::ingest::{FutureRule, decode};

    #[test]
    fn every_wish_is_an_event_that_the_door_takes() {
        let span = DaySpan::new(Day::from_days(20_000), Day::from_days(20_010)).unwrap();
        let preference = Preference {
            allowed: false,
            until: Some(Day::from_days(20_000)),
        };
        let all = [
            (Wish::Allow(Purpose::SkillMap, preference), EventType::PreferenceSet),
            (
                Wish::Capacity {
                    asks_per_week: Some(0),
                    animation_hours_per_week: None,
                },
                EventType::CapacitySet,
            ),
            (Wish::Days { span, away: true }, EventType::AbsenceSet),
            (Wish::Days { span, away: false }, EventType::AbsenceCleared),
        ];
        for (wish, kind) in all {
            let (named, data) = event("ana", wish);
            let now = Timestamp::from_micros(1_000_000);
            let line = line(named, &data, now);
            let fact = decode(line.as_bytes(), FutureRule::Reject { now }).unwrap().fact;
            assert_eq!((named, fact.body.kind()), (kind, kind), "{line}");
        }
        assert_eq!(event("ana", all[0].0).1["until"], "2024-10-04");
    }
}
