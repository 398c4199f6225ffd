//! The envelope of an event, and the reader that each type has.

use super::fields::{Fields, Place, Read};
use super::json::Node;
use super::limits::MAX_AHEAD_MICROS;
use super::rejection::{Code, echo, nearest};
use super::time::instant;
use super::values::{id, source, string, write_text};
use super::{FutureRule, asks, communities, people, questions, skills};
use crate::domain::{EventKey, EventType, FactBody, Timestamp};

/// What an envelope holds.
pub(super) struct Envelope {
    pub(super) key: EventKey,
    pub(super) at: Timestamp,
    pub(super) ahead_of_clock: bool,
    pub(super) body: FactBody,
}

type Reader = fn(&mut Fields<'_, '_, '_>) -> Read<FactBody>;

/// The reader of each type, in the order of `EventType::ALL`.
const READERS: [(EventType, Reader); EventType::ALL.len()] = [
    (EventType::PersonUpserted, people::upserted),
    (EventType::PersonLeft, people::left),
    (EventType::IdentityLinked, people::linked),
    (EventType::IdentityUnlinked, people::unlinked),
    (EventType::UnitRenamed, people::unit_renamed),
    (EventType::SkillUpserted, skills::upserted),
    (EventType::SkillAsserted, skills::asserted),
    (EventType::SkillRetracted, skills::retracted),
    (EventType::SkillMerged, skills::merged),
    (EventType::InterestDeclared, skills::interest_declared),
    (EventType::InterestWithdrawn, skills::interest_withdrawn),
    (EventType::ProjectUpserted, communities::project_upserted),
    (EventType::ParticipationStarted, communities::participation_started),
    (EventType::ParticipationEnded, communities::participation_ended),
    (EventType::CommunityUpserted, communities::upserted),
    (EventType::CommunityObjectiveSet, communities::objective_set),
    (EventType::CommunityArchived, communities::archived),
    (EventType::MembershipAdded, communities::membership_added),
    (EventType::MembershipRemoved, communities::membership_removed),
    (EventType::QuestionCreated, questions::created),
    (EventType::QuestionEdited, questions::edited),
    (EventType::QuestionDeleted, questions::deleted),
    (EventType::QuestionClosed, questions::closed),
    (EventType::QuestionReopened, questions::reopened),
    (EventType::AnswerCreated, questions::answer_created),
    (EventType::AnswerDeleted, questions::answer_deleted),
    (EventType::AnswerAccepted, questions::answer_accepted),
    (EventType::AnswerUnaccepted, questions::answer_unaccepted),
    (EventType::AnswerScored, questions::answer_scored),
    (EventType::VoteAdded, questions::vote_added),
    (EventType::VoteRemoved, questions::vote_removed),
    (EventType::ContributionRecorded, communities::contribution_recorded),
    (EventType::AnimationRecorded, communities::animation_recorded),
    (EventType::AnimationOffered, communities::animation_offered),
    (EventType::AnimationWithdrawn, communities::animation_withdrawn),
    (EventType::ProposalSent, communities::proposal_sent),
    (EventType::ProposalAccepted, communities::proposal_accepted),
    (EventType::ProposalDeclined, communities::proposal_declined),
    (EventType::AbsenceSet, people::absence_set),
    (EventType::AbsenceCleared, people::absence_cleared),
    (EventType::CapacitySet, people::capacity_set),
    (EventType::PreferenceSet, people::preference_set),
    (EventType::SkillVisibilitySet, people::visibility_set),
    (EventType::SkillContested, people::contested),
    (EventType::SkillConfirmed, people::confirmed),
    (EventType::AskSent, asks::sent),
    (EventType::AskAnswered, asks::answered),
    (EventType::AskDeclined, asks::declined),
    (EventType::AskReferred, asks::referred),
    (EventType::FactRetracted, asks::retracted),
    (EventType::FeedbackGiven, asks::feedback),
];

/// Reads the envelope `node` and writes its canonical line to `out`.
pub(super) fn read(node: Node<'_>, future: FutureRule, out: &mut Vec<u8>) -> Read<Envelope> {
    let mut f = Fields::open(node, &Place::LINE, out)?;
    let id = f.required("id", id)?;
    let source = f.required("source", source)?;
    let key = EventKey { source, id };
    let kind = f.required("type", event_type)?;
    let at = f.required("at", instant)?;
    let ahead_of_clock = is_ahead(at, future, &f)?;
    let body = f.required("data", |node, place, out| {
        let mut data = Fields::open(node, place, out)?;
        let body = READERS[kind as usize].1(&mut data)?;
        let itself = matches!(&body, FactBody::FactRetracted { target } if *target == key);
        data.ensure(!itself, "id", "an event takes back another, never itself")?;
        data.close()?;
        Ok(body)
    })?;
    f.close()?;
    Ok(Envelope {
        key,
        at,
        ahead_of_clock,
        body,
    })
}

fn event_type(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<EventType> {
    let name = string(node, place)?;
    let kind = EventType::from_name(&name).ok_or_else(|| {
        let known = EventType::ALL.iter().map(|kind| kind.name());
        let hint = nearest(&name, known).map_or_else(
            || "docs/EVENTS.md lists the types".to_owned(),
            |name| format!("did you mean `{name}`?"),
        );
        place.reject(
            Code::UnknownType,
            format!("there is no event type `{}`: {hint}", echo(&name)),
        )
    })?;
    write_text(out, kind.name());
    Ok(kind)
}

/// Whether `at` lies further ahead of the clock than clocks differ; an error where that is refused.
fn is_ahead(at: Timestamp, future: FutureRule, f: &Fields<'_, '_, '_>) -> Read<bool> {
    let (now, refused) = match future {
        FutureRule::Reject { now } => (now, true),
        FutureRule::Accept { now } => (now, false),
    };
    let ahead = at > now.plus_micros(MAX_AHEAD_MICROS);
    if ahead && refused {
        let detail = "this instant is more than five minutes ahead: correct the clock or the offset of the platform; \
                      for data that are made up there is `import --allow-future`";
        return Err(f.reject("at", Code::InTheFuture, detail));
    }
    Ok(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_reader_at_its_place() {
        let listed: Vec<EventType> = READERS.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(listed, EventType::ALL);
        for (place, &kind) in EventType::ALL.iter().enumerate() {
            assert_eq!(kind as usize, place);
        }
    }
}
