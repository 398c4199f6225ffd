//! Reading a community: who belongs to it, and what was contributed there.

use super::View;
use crate::domain::{ContributionPlace, FactBody, MemberRole, Timestamp};
use crate::world::fold::Stay;
use crate::world::table::{CommunityIx, PersonIx};

/// Something that somebody gave to a community: a question, an answer, or so many recorded contributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gift {
    /// The human.
    pub person: PersonIx,
    /// When.
    pub at: Timestamp,
    /// How many, at least 1.
    pub count: u32,
}

impl View {
    /// The humans who belong to `community` now and have not left the organisation, with their roles, in order of index.
    /// Cost: its accounts, past and present.
    pub fn members_of(&self, community: CommunityIx) -> Vec<(PersonIx, MemberRole)> {
        let accounts = &self.communities.get(community).members;
        let mut humans: Vec<PersonIx> = accounts.iter().map(|&account| self.human(account)).collect();
        humans.sort_unstable();
        humans.dedup();
        let present = humans.into_iter().filter(|&person| !self.has_left(person));
        present
            .filter_map(|person| Some((person, self.role(person, community)?)))
            .collect()
    }

    /// The stays of a human in `community`, past and present, those of one account after those of another.
    pub fn stays(&self, human: PersonIx, community: CommunityIx) -> impl Iterator<Item = &Stay> {
        let accounts = self.accounts(human).filter_map(move |ix| {
            let memberships = &self.people.get(ix).memberships;
            let place = memberships.binary_search_by_key(&community, |(c, _)| *c).ok()?;
            Some(memberships[place].1.stays())
        });
        accounts.flatten()
    }

    /// Everything given to `community`, by anybody, in order of person and time: questions asked in it under a name,
    /// answers to them, and contributions recorded. Cost: its questions and answers, and the records of those who have some there.
    pub fn gifts(&self, community: CommunityIx) -> Vec<Gift> {
        let node = self.communities.get(community);
        let mut gifts = Vec::new();
        for &question in &node.questions {
            let asker = self.shown_asker(question);
            let question = self.questions.get(question);
            let asked = asker.zip(question.state.as_ref().map(|state| state.at));
            let answers = question.answers.iter().map(|&answer| self.answers.get(answer));
            let answered = answers.filter_map(|answer| answer.author.zip(answer.state.as_ref().map(|state| state.at)));
            gifts.extend(asked.into_iter().chain(answered).map(|(account, at)| Gift {
                person: self.human(account),
                at,
                count: 1,
            }));
        }
        for (&account, _) in node.recorders.iter() {
            let person = self.human(account);
            for fact in &self.people.get(account).records {
                let FactBody::ContributionRecorded { contribution } = &fact.body else {
                    continue;
                };
                if contribution.place == ContributionPlace::Community(node.id.clone()) {
                    gifts.push(Gift {
                        person,
                        at: fact.at,
                        count: contribution.count,
                    });
                }
            }
        }
        gifts.sort_unstable();
        gifts
    }
}

#[cfg(test)]
mod tests {
    use crate::world::small::{instant, small};

    #[test]
    fn what_was_given_to_a_community_is_told_once_a_human() {
        let text = "1 membership.added ann club member\n1 membership.added bob club animator\n\
                    2 question.created q1 ann club -\n3 answer.created a1 q1 bob";
        let world = small(text);
        let view = world.view();
        let club = view.communities.find("club").expect("a community");
        let (ann, bob) = (view.person("ann").expect("ann"), view.person("bob").expect("bob"));
        let gifts: Vec<_> = view.gifts(club).iter().map(|gift| (gift.person, gift.at)).collect();
        assert_eq!(gifts.len(), 2, "{gifts:?}");
        assert!(gifts.contains(&(ann, instant("2"))) && gifts.contains(&(bob, instant("3"))));
        assert_eq!(view.members_of(club).len(), 2);
        assert_eq!(view.stays(bob, club).count(), 1);
    }
}
