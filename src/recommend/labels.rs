//! What things are called in answers: their name, else their identifier.

use super::tongue::Tongue;
use crate::world::{CommunityIx, ProjectIx, SkillIx, View};

/// The name of a community.
pub fn community(view: &View, community: CommunityIx) -> String {
    let node = view.communities.get(community);
    let name = node.state.as_ref().and_then(|s| s.name.as_deref());
    name.map_or_else(|| node.id.to_string(), str::to_owned)
}

/// The name of a project.
pub fn project(view: &View, project: ProjectIx) -> String {
    let node = view.projects.get(project);
    let name = node.state.as_ref().and_then(|s| s.name.as_deref());
    name.map_or_else(|| node.id.to_string(), str::to_owned)
}

/// The label of a skill, or of the one into which it was merged, in the reader's language, else the first one.
pub fn skill(view: &View, skill: SkillIx, tongue: Tongue) -> String {
    let node = view.skills.get(view.skill_root(skill));
    let labels = node.state.as_ref().and_then(|s| s.labels.as_deref());
    let labels = labels.unwrap_or_default();
    let own = labels
        .iter()
        .find(|(tag, _)| tag.split('-').next() == Some(tongue.tag()));
    own.or(labels.first())
        .map_or_else(|| node.id.to_string(), |(_, label)| label.to_string())
}
