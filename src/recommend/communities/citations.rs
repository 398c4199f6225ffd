//! The records behind the reasons of a newcomer's page, as the platform knows them.

use crate::domain::{Origin, Timestamp};
use crate::recommend::answer::Citation;
use crate::signals::communities::{NewcomerQuery, Proof};
use crate::world::{CommunityIx, View};
use std::sync::Arc;

/// The record, where it has an identifier. What stands behind it was found visible to the reader when it was gathered.
pub fn cite(view: &View, query: &NewcomerQuery, fact: Proof) -> Option<Citation> {
    let citation = |kind, id: String, at: Option<Timestamp>, url: Option<Arc<str>>| Citation { kind, id, at, url };
    let url_of = |community: CommunityIx| {
        let state = view.communities.get(community).state.as_ref();
        state.and_then(|s| s.url.clone())
    };
    Some(match fact {
        Proof::Invitation(community) => {
            let id = query.openness.invitation(community)?;
            citation("proposal", id.to_string(), None, None)
        }
        Proof::Participation(project) => {
            citation("participation", view.projects.get(project).id.to_string(), None, None)
        }
        Proof::Assertion(skill, origin, _) => {
            let kind = match origin {
                Origin::Declared => "skill_declared",
                Origin::Endorsed => "skill_endorsed",
                Origin::Imported => "skill_imported",
            };
            citation(kind, view.skills.get(skill).id.to_string(), None, None)
        }
        Proof::Interest(skill, _) => citation("interest", view.skills.get(skill).id.to_string(), None, None),
        Proof::Answer(answer) => {
            let node = view.answers.get(answer);
            let state = node.state.as_ref();
            let url = state.and_then(|s| s.url.clone());
            citation("answer", node.id.to_string(), state.map(|s| s.at), url)
        }
        Proof::Question(question) => {
            let node = view.questions.get(question);
            let state = node.state.as_ref();
            let url = state.and_then(|s| s.url.clone());
            citation("question", node.id.to_string(), state.map(|s| s.at), url)
        }
        Proof::Colleague(person) => {
            let url = view.profile(person, |p| p.url.clone());
            citation("person", view.person_id(person).to_string(), None, url)
        }
        Proof::Membership(community) => {
            let id = view.communities.get(community).id.to_string();
            citation("membership", id, None, url_of(community))
        }
    })
}
