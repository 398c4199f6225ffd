//! Where candidates come from. Each source is bounded, so that a question costs the same in a large organisation.

use super::skills::is_said;
use super::{Experts, ExpertsQuery};
use crate::domain::MemberRole;
use crate::pipeline::Source;
use crate::signals::foremost::foremost;
use crate::world::{Counts, PersonIx, View};
use std::cmp::Reverse;

/// People whom one tag, one community or recent days propose at most. On the fit part of four real places, 40 to 200 give
/// the same nDCG@10 and R@10 to three decimals, and 60 the same R@50 (`docs/QUALITY.md`).
const PER_LIST: usize = 60;

/// Those who answered similar questions.
pub struct SimilarAuthors;

impl Source<Experts> for SimilarAuthors {
    fn name(&self) -> &'static str {
        "similar_authors"
    }

    fn propose(&self, _: &View, query: &ExpertsQuery, into: &mut Vec<PersonIx>) {
        into.extend(query.votes.iter().map(|vote| vote.person));
    }
}

/// Those who answered questions about the same subject, whatever their words.
pub struct RelatedAuthors;

impl Source<Experts> for RelatedAuthors {
    fn name(&self) -> &'static str {
        "related_authors"
    }

    fn propose(&self, _: &View, query: &ExpertsQuery, into: &mut Vec<PersonIx>) {
        into.extend(query.related_votes.iter().map(|vote| vote.person));
    }
}

/// Those who answered most under the question's tags and in its community.
pub struct Answerers;

impl Source<Experts> for Answerers {
    fn name(&self) -> &'static str {
        "answerers"
    }

    fn propose(&self, view: &View, query: &ExpertsQuery, into: &mut Vec<PersonIx>) {
        let tags = query.tags.iter().map(|&(tag, _)| &view.tags.get(tag).answerers);
        let community = query.community.map(|c| &view.communities.get(c).answerers);
        for answerers in tags.chain(community) {
            most(answerers, PER_LIST, |person| view.person_id(person), into);
        }
    }
}

/// The `limit` people with the highest counts; of equal ones those whose `name` comes first, which no two share. In no order
/// that matters. Cost: as [`foremost`].
pub(in crate::signals) fn most<N: Ord>(
    counts: &Counts<PersonIx>,
    limit: usize,
    name: impl Fn(PersonIx) -> N,
    into: &mut Vec<PersonIx>,
) {
    let counted = counts.iter().map(|(&person, count)| (person, count));
    let most = foremost(counted, limit, |(_, count)| Reverse(count), |(person, _)| name(person));
    into.extend(most.into_iter().map(|(person, _)| person));
}

/// Those who answered lately, whatever it was.
pub struct RecentAnswerers;

impl Source<Experts> for RecentAnswerers {
    fn name(&self) -> &'static str {
        "recent_answerers"
    }

    fn propose(&self, view: &View, _: &ExpertsQuery, into: &mut Vec<PersonIx>) {
        into.extend(view.recent_answerers(PER_LIST));
    }
}

/// Those who are said to have a skill that the question names, or offer to help with it, as far as everybody may see.
pub struct SkillHolders;

impl Source<Experts> for SkillHolders {
    fn name(&self) -> &'static str {
        "skill_holders"
    }

    fn propose(&self, view: &View, query: &ExpertsQuery, into: &mut Vec<PersonIx>) {
        let named = query.skills.iter().flat_map(|&root| view.skill_family(root));
        let accounts = named.flat_map(|skill| &view.skills.get(skill).people);
        let mut people: Vec<PersonIx> = accounts.map(|&account| view.human(account)).collect();
        people.sort_unstable();
        people.dedup();
        // Whom a skill is known of, in whatever way, is kept with it; who hides it is not to be found by it.
        into.extend(
            people
                .into_iter()
                .filter(|&person| is_said(view, &query.skills, person)),
        );
    }
}

/// The animators of the question's community: somebody to turn to when nobody else is found.
pub struct CommunityPeople;

impl Source<Experts> for CommunityPeople {
    fn name(&self) -> &'static str {
        "community_animators"
    }

    fn propose(&self, view: &View, query: &ExpertsQuery, into: &mut Vec<PersonIx>) {
        let Some(community) = query.community else { return };
        let members = view
            .communities
            .get(community)
            .members
            .iter()
            .map(|&account| view.human(account));
        into.extend(members.filter(|&person| view.role(person, community) == Some(MemberRole::Animator)));
    }
}
