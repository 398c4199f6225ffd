//! Who animates which kind of community.

use super::CoAnimatorsQuery;
use super::tenure::days_since;
use crate::domain::{CommunityKind, ContributionForm, ContributionPlace, FactBody, ProjectRole, Stance, UnitPath};
use crate::signals::circles::FAR_DAYS;
use crate::signals::experts::{Proof, skill_statements};
use crate::world::{AnswerIx, PersonIx, View};

/// Answers from which somebody knows a subject, where none is accepted.
const TELLING_ANSWERS: usize = 3;

/// How somebody stands to the rule of the community's kind, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The rule names them: they lead the project, or head the unit.
    Natural,
    /// They are among those whom the rule means.
    Meant,
    /// They are not.
    Outside,
}

/// How `person` stands to the rule of the query's kind:
///
/// | kind | natural | meant |
/// |---|---|---|
/// | project | leads it | takes part in it, or belongs |
/// | practice, process | — | knows the subject: three answers or an accepted one, a skill, an offer to teach, or recorded practice |
/// | interest, unspecified | — | everybody |
/// | instance | — | belongs, or takes part in its project |
/// | watch | — | posted watch items within a year |
/// | team | heads the unit itself | works in the unit |
///
/// Where nobody who could be proposed knows the subject of a practice or a process, whoever answered once about it or offers
/// to help is meant too ([`CoAnimatorsQuery::novices`]). A team without a unit is what its members are: its head is whoever of
/// them heads a unit in which most of them work. Cost: the person's records and statements, and answers.
pub fn standing(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Standing {
    let meant = |holds: bool| if holds { Standing::Meant } else { Standing::Outside };
    let belongs = || view.role(person, query.community).is_some();
    match query.kind {
        CommunityKind::Project if takes_part(view, query, person, Some(ProjectRole::Lead)) => Standing::Natural,
        CommunityKind::Project | CommunityKind::Instance => meant(belongs() || takes_part(view, query, person, None)),
        CommunityKind::Practice | CommunityKind::Process => {
            let somewhat = || query.novices && knows_something(view, query, person);
            meant(knows_subject(view, query, person) || somewhat())
        }
        CommunityKind::Watch => meant(recorded(view, query, person, &[ContributionForm::Watch])),
        CommunityKind::Team => match &query.unit {
            Some(unit) if heads_itself(view, person, unit) => Standing::Natural,
            Some(unit) => meant(works_in(view, person, unit)),
            None if belongs() && heads_most(view, query, person) => Standing::Natural,
            None => meant(belongs()),
        },
        CommunityKind::Interest | CommunityKind::Unspecified => Standing::Meant,
    }
}

/// Whether the person takes part now in a project that the community accompanies, as `role` where one is named.
pub(super) fn takes_part(view: &View, query: &CoAnimatorsQuery, person: PersonIx, role: Option<ProjectRole>) -> bool {
    let mut parts = view.accounts(person).flat_map(|ix| &view.people.get(ix).participations);
    parts.any(|((project, own), part)| {
        part.ended.is_none() && role.is_none_or(|role| role == *own) && query.projects.contains(project)
    })
}

/// Whether such a community asks that its animators know a subject.
pub(super) const fn has_subject(kind: CommunityKind) -> bool {
    matches!(kind, CommunityKind::Practice | CommunityKind::Process)
}

/// Whether the person is known to know what the community is about: three answers in it or under its topics or an accepted
/// one, a stated skill, an offer to teach it, or recorded practice within a year.
fn knows_subject(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> bool {
    let practised = [
        ContributionForm::Practice,
        ContributionForm::Experience,
        ContributionForm::Document,
    ];
    let told = |proof: Proof| matches!(proof, Proof::Assertion(..) | Proof::Interest(_, Stance::CanTrain));
    let mut statements = skill_statements(view, &query.skills, person).into_iter();
    statements.any(|(proof, _)| told(proof))
        || answers_tell(view, query, person)
        || recorded(view, query, person, &practised)
}

/// Whether anything at all shows that the person knows something of it: an answer, or an offer to help.
fn knows_something(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> bool {
    has_answered(view, query, person) || !skill_statements(view, &query.skills, person).is_empty()
}

fn has_answered(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> bool {
    let evidence = &view.people.get(person).evidence;
    evidence.community(query.community).is_some() || query.topics.iter().any(|(tag, _)| evidence.tag(*tag).is_some())
}

/// Whether three of the person's answers are about it, or one that is accepted.
fn answers_tell(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> bool {
    if !has_answered(view, query, person) {
        return false;
    }
    let about = |answer: &AnswerIx| {
        let shown = view.contribution(*answer)?;
        let topic = query.topics.iter().any(|(tag, _)| shown.tags.contains(tag));
        (topic || shown.community == Some(query.community)).then_some(shown.accepted)
    };
    let answers = view.accounts(person).flat_map(|ix| &view.people.get(ix).answered);
    let mut told = 0;
    answers.filter_map(about).any(|accepted| {
        told += 1;
        accepted || told == TELLING_ANSWERS
    })
}

/// Whether the person recorded contributions of one of `forms` in the community within a year.
fn recorded(view: &View, query: &CoAnimatorsQuery, person: PersonIx, forms: &[ContributionForm]) -> bool {
    let here = &view.communities.get(query.community).id;
    let mut records = view.accounts(person).flat_map(|ix| &view.people.get(ix).records);
    records.any(|fact| match &fact.body {
        FactBody::ContributionRecorded { contribution } => {
            let place = matches!(&contribution.place, ContributionPlace::Community(id) if id == here);
            let lately = fact.at <= query.as_of && days_since(fact.at, query.as_of) < FAR_DAYS as f64;
            place && lately && contribution.form.is_some_and(|form| forms.contains(&form))
        }
        _ => false,
    })
}

/// Whether the person heads `unit` itself, not one above it.
fn heads_itself(view: &View, person: PersonIx, unit: &UnitPath) -> bool {
    let mut headed = view.profiles(person).flat_map(|profile| profile.heads.iter().flatten());
    headed.any(|own| own == unit)
}

/// Whether the person works in `unit` or below it.
pub(super) fn works_in(view: &View, person: PersonIx, unit: &UnitPath) -> bool {
    let mut units = view.profiles(person).filter_map(|profile| profile.unit.as_ref());
    units.any(|own| own.is_within(unit))
}

/// Whether the person heads a unit in which more than half of the members work. Cost: of few people more than a look at
/// what they head; of these, the members.
fn heads_most(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> bool {
    let mut headed = view.profiles(person).flat_map(|profile| profile.heads.iter().flatten());
    headed.any(|unit| {
        let members = view.members_of(query.community);
        let within = members.iter().filter(|(member, _)| works_in(view, *member, unit));
        2 * within.count() > members.len()
    })
}
