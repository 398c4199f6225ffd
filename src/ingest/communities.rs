//! Events about communities and projects: what they are, who belongs to them, and what is done in them.

use super::choices::{access, community_kind, contribution_form, measure, member_role, project_role, proposal_kind};
use super::fields::{Fields, Read};
use super::language::tag;
use super::limits::{MAX_COUNT, MAX_TOPICS};
use super::rejection::Code;
use super::time::day;
use super::values::{
    boolean, community, description, hours, integer, list, name, person, project, proposal, target, topics, unit, url,
};
use crate::domain::{
    CommunityId, CommunityPatch, Contribution, ContributionPlace, FactBody, MemberRole, Objective, Offer, Patch,
    PersonId, ProjectId, ProjectPatch, ProjectRole, ProposalId, ProposalKind,
};

pub(super) fn upserted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::CommunityUpserted {
        community: f.required("community", community)?,
        patch: Box::new(CommunityPatch {
            name: f.patch("name", name)?,
            description: f.patch("description", description)?,
            kind: Patch::Set(f.required("kind", community_kind)?),
            access: Patch::Set(f.required("access", access)?),
            topics: f.patch("topics", topics)?,
            language: f.patch("language", tag)?,
            unit: f.patch("unit", unit)?,
            project: f.patch("project", project)?,
            sponsor: f.patch("sponsor", person)?,
            charter_url: f.patch("charter_url", url)?,
            sensitive: f.patch("sensitive", boolean)?,
            url: f.patch("url", url)?,
        }),
    })
}

pub(super) fn objective_set(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::CommunityObjectiveSet {
        community: f.required("community", community)?,
        objective: Box::new(Objective {
            problem: f.required("problem", description)?,
            measure: f.required("measure", measure)?,
            target_micros: f.optional("target", target)?,
            review: f.optional("review", day)?,
        }),
    })
}

pub(super) fn archived(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let community = f.required("community", community)?;
    Ok(FactBody::CommunityArchived { community })
}

pub(super) fn membership_added(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, community, role) = membership(f)?;
    let since_unknown = f.optional("since_unknown", boolean)?.unwrap_or(false);
    Ok(FactBody::MembershipAdded {
        person,
        community,
        role,
        since_unknown,
    })
}

pub(super) fn membership_removed(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, community, role) = membership(f)?;
    Ok(FactBody::MembershipRemoved {
        person,
        community,
        role,
    })
}

fn membership(f: &mut Fields<'_, '_, '_>) -> Read<(PersonId, CommunityId, MemberRole)> {
    Ok((
        f.required("person", person)?,
        f.required("community", community)?,
        f.required("role", member_role)?,
    ))
}

pub(super) fn project_upserted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let project = f.required("project", project)?;
    let patch = ProjectPatch {
        name: f.patch("name", name)?,
        topics: f.patch("topics", topics)?,
        community: f.patch("community", community)?,
        unit: f.patch("unit", unit)?,
        starts: f.patch("starts", day)?,
        ends: f.patch("ends", day)?,
    };
    if let (Patch::Set(starts), Patch::Set(ends)) = (patch.starts, patch.ends)
        && ends < starts
    {
        return Err(f.reject("ends", Code::OutOfRange, "the last day comes before the first"));
    }
    Ok(FactBody::ProjectUpserted {
        project,
        patch: Box::new(patch),
    })
}

pub(super) fn participation_started(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, project, role) = participation(f)?;
    Ok(FactBody::ParticipationStarted { person, project, role })
}

pub(super) fn participation_ended(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (person, project, role) = participation(f)?;
    Ok(FactBody::ParticipationEnded { person, project, role })
}

fn participation(f: &mut Fields<'_, '_, '_>) -> Read<(PersonId, ProjectId, ProjectRole)> {
    Ok((
        f.required("person", person)?,
        f.required("project", project)?,
        f.required("role", project_role)?,
    ))
}

pub(super) fn contribution_recorded(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let person = f.required("person", person)?;
    let place = match (f.optional("community", community)?, f.optional("project", project)?) {
        (Some(community), None) => ContributionPlace::Community(community),
        (None, Some(project)) => ContributionPlace::Project(project),
        (None, None) => ContributionPlace::Unspecified,
        (Some(_), Some(_)) => {
            let detail = "a contribution is made in a community or in a project: send two events for both";
            return Err(f.reject("project", Code::BadValue, detail));
        }
    };
    let count = f.required("count", integer(1, MAX_COUNT))? as u32;
    let topics = f.optional("topics", topics)?.unwrap_or_default();
    let form = f.optional("form", contribution_form)?;
    Ok(FactBody::ContributionRecorded {
        contribution: Box::new(Contribution {
            person,
            place,
            count,
            topics,
            form,
        }),
    })
}

pub(super) fn animation_recorded(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::AnimationRecorded {
        person: f.required("person", person)?,
        community: f.required("community", community)?,
        hours: f.required("hours", hours)?,
        estimated: f.optional("estimated", boolean)?.unwrap_or(false),
    })
}

pub(super) fn animation_offered(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let offer = offer(f)?;
    Ok(FactBody::AnimationOffered { offer })
}

pub(super) fn animation_withdrawn(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let offer = offer(f)?;
    Ok(FactBody::AnimationWithdrawn { offer })
}

fn offer(f: &mut Fields<'_, '_, '_>) -> Read<Box<Offer>> {
    Ok(Box::new(Offer {
        person: f.required("person", person)?,
        communities: f
            .optional("communities", list(MAX_TOPICS, community))?
            .unwrap_or_default(),
        topics: f.optional("topics", topics)?.unwrap_or_default(),
        hours_per_week: f.optional("hours_per_week", hours)?,
        until: f.optional("until", day)?,
    }))
}

pub(super) fn proposal_sent(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (proposal, kind, person, community) = proposed(f)?;
    Ok(FactBody::ProposalSent {
        proposal,
        kind,
        person,
        community,
    })
}

pub(super) fn proposal_accepted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (proposal, kind, person, community) = proposed(f)?;
    Ok(FactBody::ProposalAccepted {
        proposal,
        kind,
        person,
        community,
    })
}

pub(super) fn proposal_declined(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let (proposal, kind, person, community) = proposed(f)?;
    Ok(FactBody::ProposalDeclined {
        proposal,
        kind,
        person,
        community,
    })
}

fn proposed(f: &mut Fields<'_, '_, '_>) -> Read<(ProposalId, ProposalKind, PersonId, CommunityId)> {
    Ok((
        f.required("proposal", proposal)?,
        f.required("kind", proposal_kind)?,
        f.required("person", person)?,
        f.required("community", community)?,
    ))
}
