//! The values of closed lists, by name. A value that is not on the list is rejected with the list.

use super::fields::{Place, Read};
use super::json::Node;
use super::rejection::{Code, echo};
use super::values::{string, write_text};
use crate::domain::{
    Access, Audience, CommunityKind, ContributionForm, DeclineReason, MemberRole, ObjectiveMeasure, Origin,
    ProjectRole, ProposalKind, Purpose, Stance, Verdict,
};

/// How a body is marked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyFormat {
    /// Not at all.
    #[default]
    Text,
    /// Markdown, as `CommonMark` and GitHub tables define it.
    Markdown,
    /// HTML.
    Html,
}

fn choose<T: Copy>(choices: &[(&'static str, T)], node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<T> {
    let word = string(node, place)?;
    let Some((name, value)) = choices.iter().find(|(name, _)| *name == word) else {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let detail = format!("`{}` is not one of {}", echo(&word), names.join(", "));
        return Err(place.reject(Code::BadValue, detail));
    };
    write_text(out, name);
    Ok(*value)
}

macro_rules! choices {
    ($($read:ident: $kind:ident { $($name:literal = $variant:ident),* })*) => {$(
        pub(super) fn $read(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<$kind> {
            choose(&[$(($name, $kind::$variant)),*], node, place, out)
        }
    )*};
}

choices! {
    body_format: BodyFormat { "text" = Text, "markdown" = Markdown, "html" = Html }
    origin: Origin { "declared" = Declared, "endorsed" = Endorsed, "imported" = Imported }
    stance: Stance {
        "can_help" = CanHelp, "can_mentor" = CanMentor, "can_train" = CanTrain, "wants_to_learn" = WantsToLearn,
        "follows" = Follows
    }
    audience: Audience { "me" = Me, "animators" = Animators, "organisation" = Organisation }
    project_role: ProjectRole { "lead" = Lead, "member" = Member }
    member_role: MemberRole { "member" = Member, "animator" = Animator }
    community_kind: CommunityKind {
        "interest" = Interest, "practice" = Practice, "project" = Project, "instance" = Instance, "watch" = Watch,
        "team" = Team, "process" = Process, "unspecified" = Unspecified
    }
    access: Access { "open" = Open, "request" = Request, "private" = Private }
    measure: ObjectiveMeasure {
        "unanswered_rate" = UnansweredRate, "first_answer" = FirstAnswer, "newcomers_answered" = NewcomersAnswered,
        "holders" = Holders
    }
    contribution_form: ContributionForm {
        "watch" = Watch, "practice" = Practice, "experience" = Experience, "minutes" = Minutes,
        "document" = Document, "message" = Message
    }
    proposal_kind: ProposalKind { "co_animator" = CoAnimator, "community" = Community }
    decline_reason: DeclineReason {
        "not_my_skill" = NotMySkill, "overloaded" = Overloaded, "away" = Away, "other" = Other
    }
    verdict: Verdict { "accepted" = Accepted, "declined" = Declined, "not_relevant" = NotRelevant }
}

pub(super) fn purpose(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Purpose> {
    choose(&Purpose::ALL, node, place, out)
}
