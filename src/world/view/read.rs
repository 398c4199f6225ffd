//! Reading a person: what holds of the human behind several accounts at an instant.

use super::View;
use crate::domain::{
    Access, Day, Fact, MemberRole, PersonId, ProposalId, Purpose, RecommendationId, Timestamp, UnitPath,
};
use crate::world::fold::{Chosen, PersonState, ProposalState};
use crate::world::table::{AnswerIx, CommunityIx, PersonIx, QuestionIx, SkillIx};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::sync::Arc;

impl View {
    /// The human called `id`, by any of their accounts; `None` when nothing that holds is known of such an account.
    pub fn person(&self, id: &str) -> Option<PersonIx> {
        self.people.find(id).map(|ix| self.human(ix))
    }

    /// The identifier of the account that stands for `human`.
    pub fn person_id(&self, human: PersonIx) -> &PersonId {
        &self.people.get(human).id
    }

    /// The latest instant of any fact: answers are never given as of an earlier one.
    pub fn newest(&self) -> Option<Timestamp> {
        self.newest
    }

    /// How many answers by somebody else than the asker are counted as evidence.
    pub fn answers_counted(&self) -> u32 {
        self.answers_counted
    }

    /// Those who answered on the latest days that saw an answer, back until at least `enough` people are found; in
    /// order of index.
    pub fn recent_answerers(&self, enough: usize) -> BTreeSet<PersonIx> {
        let mut people = BTreeSet::new();
        for answerers in self.answerers.values().rev() {
            if people.len() >= enough {
                break;
            }
            people.extend(answerers.iter().map(|(&person, _)| person));
        }
        people
    }

    /// The proposals made, in order of identifier, each with the human it was made to.
    pub fn proposals(&self) -> impl Iterator<Item = (&ProposalId, PersonIx, &ProposalState)> {
        let rows = self.proposals.iter();
        rows.map(|(id, (person, state))| (id, self.human(*person), &**state))
    }

    /// What was said of each recommendation, in order of identifier, then of facts.
    pub fn feedback(&self) -> impl Iterator<Item = (&RecommendationId, &[Arc<Fact>])> {
        self.feedback.iter().map(|(id, facts)| (id, &**facts))
    }

    /// What was said of one recommendation, in the order of facts.
    pub fn feedback_on(&self, recommendation: &RecommendationId) -> &[Arc<Fact>] {
        self.feedback.get(recommendation).map_or(&[], |facts| facts)
    }

    /// Profiles of the human's accounts, in order of account identifier.
    pub fn profiles(&self, human: PersonIx) -> impl Iterator<Item = &PersonState> {
        self.accounts(human)
            .filter_map(|ix| self.people.get(ix).state.as_deref())
    }

    /// The first value that `field` has in the human's profiles.
    pub fn profile<'a, T: 'a>(&'a self, human: PersonIx, field: impl Fn(&'a PersonState) -> Option<T>) -> Option<T> {
        self.profiles(human).find_map(field)
    }

    /// The name that colleagues use.
    pub fn name(&self, human: PersonIx) -> Option<&Arc<str>> {
        self.profile(human, |p| p.name.as_ref())
    }

    /// Whether the human left: one account that left is enough.
    pub fn has_left(&self, human: PersonIx) -> bool {
        self.profiles(human).any(|p| p.left.is_some())
    }

    /// Whether the human is a guest of the organisation.
    pub fn is_external(&self, human: PersonIx) -> bool {
        self.profiles(human).any(|p| p.external == Some(true))
    }

    /// Whether the human heads `unit` or a unit above it.
    pub fn heads(&self, human: PersonIx, unit: &UnitPath) -> bool {
        self.profiles(human)
            .flat_map(|p| p.heads.iter().flatten())
            .any(|headed| unit.is_within(headed))
    }

    /// The calendar day of `at` where the human lives; in UTC when that is not known.
    pub fn local_day(&self, human: PersonIx, at: Timestamp) -> Day {
        let zone = self.profile(human, |p| p.time_zone.as_ref());
        let offset = zone.and_then(|name| TimeZone::get(name).ok()).and_then(|zone| {
            let instant = jiff::Timestamp::from_microsecond(at.micros()).ok()?;
            Some(i64::from(zone.to_offset(instant).seconds()))
        });
        at.plus_micros(offset.unwrap_or(0) * 1_000_000).day()
    }

    /// Whether the human said they are away on the day of `at`.
    pub fn is_away(&self, human: PersonIx, at: Timestamp) -> bool {
        let mut spans = self
            .accounts(human)
            .flat_map(|ix| &self.people.get(ix).absences)
            .peekable();
        if spans.peek().is_none() {
            return false;
        }
        let day = self.local_day(human, at);
        spans.any(|span| span.contains(day))
    }

    /// Whether the human allows `purpose` at `at`: the newest choice for it or for everything that has not run out;
    /// what was never refused is allowed.
    pub fn allows(&self, human: PersonIx, purpose: Purpose, at: Timestamp) -> bool {
        self.choice(human, purpose, at)
            .is_none_or(|(_, chosen)| chosen.preference.allowed)
    }

    /// The choice that decides about `purpose` at `at`, with the purpose it was made for: that one, or everything.
    pub fn choice(&self, human: PersonIx, purpose: Purpose, at: Timestamp) -> Option<(Purpose, &Chosen)> {
        let mut choices = self.choices(human, purpose).peekable();
        choices.peek()?;
        let day = self.local_day(human, at);
        choices
            .filter(|(_, chosen)| chosen.preference.until.is_none_or(|until| day <= until))
            .max_by(|(_, a), (_, b)| (a.at, &a.key).cmp(&(b.at, &b.key)))
    }

    /// Every choice of the human that concerns `purpose`, those that have run out included, each with the purpose it was
    /// made for; everything is concerned by all.
    pub fn choices(&self, human: PersonIx, purpose: Purpose) -> impl Iterator<Item = (Purpose, &Chosen)> {
        let all = self.accounts(human).flat_map(|ix| &self.people.get(ix).preferences);
        let concern = move |of: Purpose| purpose == Purpose::All || of == purpose || of == Purpose::All;
        all.filter(move |(of, _)| concern(*of))
            .flat_map(|(of, chosen)| chosen.iter().map(|chosen| (*of, chosen)))
    }

    /// The human's present role in `community`.
    pub fn role(&self, human: PersonIx, community: CommunityIx) -> Option<MemberRole> {
        let roles = self.accounts(human).filter_map(|ix| {
            let memberships = &self.people.get(ix).memberships;
            let place = memberships.binary_search_by_key(&community, |(c, _)| *c).ok()?;
            memberships[place].1.role()
        });
        roles.max()
    }

    /// The communities to which the human belongs now, in order of index.
    pub fn communities_of(&self, human: PersonIx) -> BTreeSet<CommunityIx> {
        let memberships = self.accounts(human).flat_map(|ix| &self.people.get(ix).memberships);
        memberships
            .filter(|(_, m)| m.role().is_some())
            .map(|(c, _)| *c)
            .collect()
    }

    /// Whether the human may read `community`: everybody may, unless it is private; guests only where they belong.
    pub fn may_read(&self, human: PersonIx, community: CommunityIx) -> bool {
        let private = self.is_private(community);
        (!private && !self.is_external(human)) || self.role(human, community).is_some()
    }

    /// Whether only its members may read `community`.
    pub fn is_private(&self, community: CommunityIx) -> bool {
        self.communities
            .get(community)
            .state
            .as_ref()
            .is_some_and(|s| s.access == Some(Access::Private))
    }

    /// The smallest limit that the human set on invitations in seven days.
    pub fn asks_per_week(&self, human: PersonIx) -> Option<u32> {
        self.accounts(human)
            .filter_map(|ix| self.people.get(ix).capacity.asks_per_week)
            .min()
    }

    /// Invitations to answer that the human received after `since` and until `until`.
    pub fn asks_between(&self, human: PersonIx, since: Timestamp, until: Timestamp) -> u32 {
        let asks = self.accounts(human).flat_map(|ix| &self.people.get(ix).asks);
        let states = asks.filter_map(|&ask| self.asks.get(ask).state.as_deref());
        states.filter(|ask| since < ask.at && ask.at <= until).count() as u32
    }

    /// Whether the human was invited to answer `question`.
    pub fn was_asked(&self, human: PersonIx, question: QuestionIx) -> bool {
        let asks = &self.questions.get(question).asks;
        let people = asks.iter().filter_map(|&ask| self.asks.get(ask).state.as_ref());
        people
            .filter_map(|state| self.person(state.person.as_str()))
            .any(|person| person == human)
    }

    /// Whether `question` was asked without a name.
    pub fn is_anonymous(&self, question: QuestionIx) -> bool {
        let state = self.questions.get(question).state.as_ref();
        state.is_some_and(|state| state.anonymous)
    }

    /// The human who asked `question`, where that shows to everybody: nobody where it was asked without a name. Whatever
    /// counts, compares or names who asked for others' eyes reads this, so that an anonymous question tells of nobody.
    pub fn shown_asker(&self, question: QuestionIx) -> Option<PersonIx> {
        let asker = self.questions.get(question).asker.map(|asker| self.human(asker));
        asker.filter(|_| !self.is_anonymous(question))
    }

    /// The human's answers to `question`, in order of time.
    pub fn answers_by(&self, human: PersonIx, question: QuestionIx) -> impl Iterator<Item = AnswerIx> + '_ {
        let answers = self.questions.get(question).answers.iter().copied();
        answers.filter(move |&a| self.answers.get(a).author.is_some_and(|p| self.human(p) == human))
    }

    /// The first answer by somebody else than the asker, in order of time.
    pub fn first_answer(&self, question: QuestionIx) -> Option<AnswerIx> {
        let node = self.questions.get(question);
        let asker = node.asker.map(|p| self.human(p));
        let others = |&&a: &&AnswerIx| self.answers.get(a).author.map(|p| self.human(p)) != asker;
        node.answers.iter().find(others).copied()
    }

    /// The skill into which `skill` was merged, through every step; a circle of merges ends at its smallest identifier.
    pub fn skill_root(&self, skill: SkillIx) -> SkillIx {
        // Hardly any skill was merged: no list of steps is made for the others.
        if self.skills.get(skill).merged_into.is_none() {
            return skill;
        }
        let mut path = vec![skill];
        let mut here = skill;
        while let Some(into) = self.skills.get(here).merged_into {
            if let Some(place) = path.iter().position(|&s| s == into) {
                return path[place..]
                    .iter()
                    .copied()
                    .min_by_key(|&s| &self.skills.get(s).id)
                    .unwrap_or(into);
            }
            path.push(into);
            here = into;
        }
        here
    }

    /// The skill and every skill merged into it.
    pub fn skill_family(&self, root: SkillIx) -> BTreeSet<SkillIx> {
        let mut family = BTreeSet::from([root]);
        let mut open = vec![root];
        while let Some(skill) = open.pop() {
            let merged = self.skills.get(skill).merged_from.iter().copied();
            open.extend(merged.filter(|&s| family.insert(s)));
        }
        family
    }
}
