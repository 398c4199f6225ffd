//! Learning what speaks for a skill, from the skills that people are said to have: some are hidden and looked for again.

use super::adoption::NewModel;
use super::lesson::{Fate, Lesson, not_taken};
use super::verdict::{Reason, Verdict};
use crate::fit::{Left, SkillsLearner};
use crate::recommend::{Recommender, SkillsRecommender};
use crate::replay::{Hidden, LinkRule, Links};

impl Lesson {
    /// Weights that stated skills teach: taken, or not. What was learnt before has seen these people: it is the shipped weights
    /// that new ones must do no worse than. Cost: folding the log once without what is hidden, and that of
    /// [`SkillsLearner::learn`].
    pub(super) fn of_links(
        &self,
        (threads, progress): &mut (usize, &mut dyn FnMut(usize, usize)),
    ) -> (Fate, Option<NewModel>) {
        let which = Recommender::Skills;
        let shelf = self.models.of(which);
        let links = Links::of(&self.history, &LinkRule::to_learn());
        // What projects are about is a guess: only what somebody states teaches.
        let people: Vec<&Hidden> = links.all_hidden().filter(|_| !links.are_drawn()).collect();
        let prior = shelf.prior::<SkillsRecommender>();
        let in_use = shelf.recommender::<SkillsRecommender>();
        let learner = SkillsLearner {
            current: shelf.learnt_until().map_or(&*in_use, |_| &prior),
            prior: &prior,
            threads: *threads,
        };
        let left = (!people.is_empty()).then(|| Left::of(&self.history, &links));
        let learnt = left.and_then(|left| learner.learn(&left, &people, progress));
        let verdict = match &learnt {
            Some(learnt) if learnt.check.passed() => Verdict::Adopted,
            Some(learnt) => Verdict::Refused(not_taken(&learnt.check)),
            None => Verdict::Refused(Reason::FewPeople(people.len())),
        };
        let taken = verdict == Verdict::Adopted;
        let new = taken.then(|| NewModel::of(which, self.now, learnt.clone()));
        (Fate { which, verdict, learnt }, new)
    }
}
