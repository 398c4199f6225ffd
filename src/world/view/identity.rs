//! One human, several accounts: linking moves every answer's evidence to the account that stands for the human.

use super::View;
use super::nodes::set_member;
use crate::domain::PersonId;
use crate::world::table::{AnswerIx, PersonIx};
use std::collections::BTreeSet;

impl View {
    /// The account that stands for the human of `person`: the one with the smallest identifier.
    pub fn human(&self, person: PersonIx) -> PersonIx {
        self.people.get(person).leader.unwrap_or(person)
    }

    /// Every account of the human for whom `human` stands, that one included, in the order of identifiers.
    pub fn accounts(&self, human: PersonIx) -> impl Iterator<Item = PersonIx> + '_ {
        let others = &self.people.get(human).accounts;
        others
            .is_empty()
            .then_some(human)
            .into_iter()
            .chain(others.iter().copied())
    }

    pub(super) fn set_link(&mut self, low: &PersonId, high: &PersonId, linked: bool) {
        let (a, b) = (self.people.intern(low), self.people.intern(high));
        if self.people.get(a).links.contains(&b) == linked {
            return;
        }
        let accounts: BTreeSet<PersonIx> = [a, b].iter().flat_map(|&p| self.accounts(self.human(p))).collect();
        let answers = self.answers_touching(&accounts);
        answers.iter().for_each(|&answer| self.take_evidence(answer));
        set_member(&mut self.people.get_mut(a).links, b, linked);
        set_member(&mut self.people.get_mut(b).links, a, linked);
        self.regroup(&accounts);
        answers.iter().for_each(|&answer| self.add_evidence(answer));
    }

    /// Answers whose evidence names one of `accounts`, as author or as asker.
    fn answers_touching(&self, accounts: &BTreeSet<PersonIx>) -> BTreeSet<AnswerIx> {
        let mut answers = BTreeSet::new();
        for &account in accounts {
            let person = self.people.get(account);
            answers.extend(&person.answered);
            answers.extend(person.asked.iter().flat_map(|&q| &self.questions.get(q).answers));
        }
        answers
    }

    /// Finds the groups of linked accounts among `accounts` anew, and who stands for each.
    fn regroup(&mut self, accounts: &BTreeSet<PersonIx>) {
        let mut left = accounts.clone();
        while let Some(start) = left.pop_first() {
            let mut group = BTreeSet::from([start]);
            let mut open = vec![start];
            while let Some(account) = open.pop() {
                let links = self.people.get(account).links.clone();
                open.extend(links.into_iter().filter(|&other| group.insert(other)));
            }
            left.retain(|account| !group.contains(account));
            let leader = group
                .iter()
                .copied()
                .min_by_key(|&p| self.people.get(p).id.clone())
                .unwrap_or(start);
            for &account in &group {
                let person = self.people.get_mut(account);
                person.leader = (account != leader).then_some(leader);
                person.accounts = Vec::new();
            }
            if group.len() > 1 {
                let mut accounts: Vec<_> = group.into_iter().collect();
                accounts.sort_unstable_by(|a, b| self.people.get(*a).id.cmp(&self.people.get(*b).id));
                self.people.get_mut(leader).accounts = accounts;
            }
        }
    }
}
