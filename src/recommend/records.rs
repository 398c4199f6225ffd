//! Records and names, as readers look them up: the same for every recommender that cites them.

use super::answer::Citation;
use super::labels;
use super::tongue::Tongue;
use crate::domain::{Origin, Timestamp};
use crate::signals::Proof;
use crate::world::View;

/// The record behind a reason.
pub(super) fn citation(view: &View, fact: Proof) -> Citation {
    let (kind, id, at, url) = match fact {
        Proof::Answer(answer) => {
            let node = view.answers.get(answer);
            let state = node.state.as_ref();
            let at: Option<Timestamp> = state.map(|s| s.at);
            ("answer", node.id.to_string(), at, state.and_then(|s| s.url.clone()))
        }
        Proof::Assertion(skill, origin, _) => {
            let id = view.skills.get(skill).id.to_string();
            let kind = match origin {
                Origin::Declared => "skill_declared",
                Origin::Endorsed => "skill_endorsed",
                Origin::Imported => "skill_imported",
            };
            (kind, id, None, None)
        }
        Proof::Interest(skill, _) => ("interest", view.skills.get(skill).id.to_string(), None, None),
        Proof::Membership(community) => {
            let node = view.communities.get(community);
            let url = node.state.as_ref().and_then(|s| s.url.clone());
            ("membership", node.id.to_string(), None, url)
        }
        Proof::Participation(project) => ("participation", view.projects.get(project).id.to_string(), None, None),
    };
    Citation { kind, id, at, url }
}

/// What a record is about, by name: a skill, a community or a project; nothing for an answer.
pub(super) fn name_of(view: &View, fact: Proof, tongue: Tongue) -> Option<String> {
    match fact {
        Proof::Assertion(skill, ..) | Proof::Interest(skill, _) => Some(labels::skill(view, skill, tongue)),
        Proof::Membership(community) => Some(labels::community(view, community)),
        Proof::Participation(project) => Some(labels::project(view, project)),
        Proof::Answer(_) => None,
    }
}
