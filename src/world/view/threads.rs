//! Questions and answers: their words go to the text index, what an answer shows goes to the person who gave it.

use super::View;
use super::evidence::{Contribution, latency_class};
use super::nodes::{QuestionNode, set_member};
use crate::domain::{AnswerId, QuestionId};
use crate::language;
use crate::world::buckets::Width;
use crate::world::fold::{AnswerState, QuestionState};
use crate::world::table::{AnswerIx, Ix as _, PersonIx, QuestionIx};
use crate::world::text::{self, Document};
use std::sync::Arc;

impl View {
    pub(super) fn set_question(&mut self, id: &QuestionId, state: Option<Box<QuestionState>>) {
        let ix = self.questions.intern(id);
        let old = self.questions.get(ix);
        if old.state == state {
            return;
        }
        let same_words = same_words(old, state.as_deref());
        let answers = old.answers.clone();
        answers.iter().for_each(|&answer| self.take_evidence(answer));
        self.unrelate_question(ix);
        let language = if same_words {
            self.questions.get(ix).language.clone()
        } else {
            self.texts.retract(ix.row());
            self.subjects.clear(ix);
            state.as_deref().and_then(language_of)
        };
        if let (false, Some(state)) = (same_words, &state) {
            let document = document_of(state, language.as_deref());
            self.texts.add(ix.row(), &document);
            self.subjects.set(ix, document.terms());
        }
        self.relate_question(ix, state, language);
        answers.iter().for_each(|&answer| self.add_evidence(answer));
    }

    /// Takes the question out of the lists of its asker, community and tags.
    fn unrelate_question(&mut self, ix: QuestionIx) {
        let node = self.questions.get(ix);
        let (asker, community, tags) = (node.asker, node.community, node.tags.clone());
        if let Some(asker) = asker {
            set_member(&mut self.people.get_mut(asker).asked, ix, false);
        }
        if let Some(community) = community {
            set_member(&mut self.communities.get_mut(community).questions, ix, false);
        }
        for tag in tags {
            self.tags.get_mut(tag).questions -= 1;
        }
    }

    /// Shows `state`, and puts the question into the lists of its asker, community and tags.
    fn relate_question(&mut self, ix: QuestionIx, state: Option<Box<QuestionState>>, language: Option<Arc<str>>) {
        let asker = state.as_ref().map(|s| self.people.intern(&s.asker));
        let community = state
            .as_ref()
            .and_then(|s| s.community.as_ref())
            .map(|c| self.communities.intern(c));
        let mut tags: Vec<_> = state
            .iter()
            .flat_map(|s| s.tags.iter().flatten())
            .filter_map(|tag| text::tag_name(tag))
            .map(|tag| self.tags.intern(&tag))
            .collect();
        tags.sort_unstable();
        tags.dedup();
        if let Some(asker) = asker {
            set_member(&mut self.people.get_mut(asker).asked, ix, true);
        }
        if let Some(community) = community {
            set_member(&mut self.communities.get_mut(community).questions, ix, true);
        }
        for &tag in &tags {
            self.tags.get_mut(tag).questions += 1;
        }
        let node = self.questions.get_mut(ix);
        (node.state, node.asker, node.community, node.tags, node.language) = (state, asker, community, tags, language);
    }

    pub(super) fn set_answer(&mut self, id: &AnswerId, state: Option<Box<AnswerState>>) {
        let ix = self.answers.intern(id);
        let old = self.answers.get(ix);
        if old.state == state {
            return;
        }
        let (question, author) = (old.question, old.author);
        self.take_evidence(ix);
        if let Some(author) = author {
            self.people.get_mut(author).answered.retain(|&answer| answer != ix);
        }
        if let Some(question) = question {
            self.questions.get_mut(question).answers.retain(|&answer| answer != ix);
        }
        let question = state.as_ref().map(|s| self.questions.intern(&s.question));
        let author = state.as_ref().map(|s| self.people.intern(&s.author));
        let node = self.answers.get_mut(ix);
        (node.state, node.question, node.author) = (state, question, author);
        if let Some(author) = author {
            let place = self.place_in_time(&self.people.get(author).answered, ix);
            self.people.get_mut(author).answered.insert(place, ix);
        }
        if let Some(question) = question {
            let place = self.place_in_time(&self.questions.get(question).answers, ix);
            self.questions.get_mut(question).answers.insert(place, ix);
        }
        self.add_evidence(ix);
    }

    /// Where `answer` belongs in a list of answers: by time, then identifier.
    fn place_in_time(&self, answers: &[AnswerIx], answer: AnswerIx) -> usize {
        let key = |ix: AnswerIx| {
            let node = self.answers.get(ix);
            (node.state.as_ref().map(|s| s.at), &node.id)
        };
        answers.partition_point(|&other| key(other) < key(answer))
    }

    /// Who answered whom by `answer`, when it counts as evidence; `None` while its question is unknown, for one's own
    /// question, and in a sensitive community. Cost: constant.
    pub fn counted(&self, answer: AnswerIx) -> Option<(PersonIx, PersonIx)> {
        let node = self.answers.get(answer);
        let question = self.questions.get(node.question?);
        node.state.as_ref().and(question.state.as_ref())?;
        let (author, asker) = (self.human(node.author?), self.human(question.asker?));
        let counts = author != asker && !question.community.is_some_and(|c| self.is_sensitive(c));
        counts.then_some((author, asker))
    }

    /// The answers to `question` that count as evidence, in order of time, each with who gave it: as [`Self::counted`]
    /// tells, with the question looked at once.
    pub fn counted_answers(&self, question: QuestionIx) -> impl Iterator<Item = (PersonIx, &AnswerState)> {
        let node = self.questions.get(question);
        let known = node.state.is_some() && !node.community.is_some_and(|c| self.is_sensitive(c));
        let asker = node.asker.filter(|_| known).map(|asker| self.human(asker));
        let answers = if asker.is_some() { node.answers.as_slice() } else { &[] };
        answers.iter().filter_map(move |&answer| {
            let node = self.answers.get(answer);
            let author = self.human(node.author?);
            Some((author, node.state.as_deref()?)).filter(|_| Some(author) != asker)
        })
    }

    /// What `answer` shows; `None` when it does not count.
    pub fn contribution(&self, answer: AnswerIx) -> Option<Contribution> {
        let (author, asker) = self.counted(answer)?;
        let node = self.answers.get(answer);
        let state = node.state.as_ref()?;
        let question = self.questions.get(node.question?);
        let asked = question.state.as_ref()?;
        Some(Contribution {
            author,
            asker,
            at: state.at,
            asked_hour: asked.at.hour(),
            latency: latency_class(state.at.minutes_since(asked.at)),
            accepted: state.accepted,
            language: state.language.clone().or_else(|| question.language.clone()),
            tags: question.tags.clone(),
            community: question.community,
            subject: self.subject(node.question?).cloned(),
        })
    }

    pub(super) fn add_evidence(&mut self, answer: AnswerIx) {
        if let Some(c) = self.contribution(answer) {
            self.people.get_mut(c.author).evidence.add(&c);
            for &tag in &c.tags {
                self.tags.get_mut(tag).answerers.add(c.author);
            }
            if let Some(community) = c.community {
                self.communities.get_mut(community).answerers.add(c.author);
            }
            let day = Width::Day.bucket(c.at);
            Arc::make_mut(&mut self.answerers).entry(day).or_default().add(c.author);
            self.answers_counted += 1;
        }
    }

    pub(super) fn take_evidence(&mut self, answer: AnswerIx) {
        if let Some(c) = self.contribution(answer) {
            self.people.get_mut(c.author).evidence.take(&c);
            for &tag in &c.tags {
                self.tags.get_mut(tag).answerers.take(&c.author);
            }
            if let Some(community) = c.community {
                self.communities.get_mut(community).answerers.take(&c.author);
            }
            let (days, day) = (Arc::make_mut(&mut self.answerers), Width::Day.bucket(c.at));
            if let Some(answerers) = days.get_mut(&day) {
                answerers.take(&c.author);
                if answerers.is_empty() {
                    days.remove(&day);
                }
            }
            self.answers_counted -= 1;
        }
    }
}

/// Whether the words that are indexed stay the same, so that the text index is left alone.
fn same_words(old: &QuestionNode, new: Option<&QuestionState>) -> bool {
    let words = |s: &QuestionState| {
        (
            s.title.clone(),
            s.body.as_ref().map(|b| (b.hash, b.language.clone())),
            s.tags.clone(),
            s.language.clone(),
        )
    };
    old.state.as_deref().map(words) == new.map(words)
}

/// The language that the platform states, else the one that the words show.
fn language_of(state: &QuestionState) -> Option<Arc<str>> {
    let stated = state
        .language
        .as_deref()
        .map(|tag| tag.split('-').next().unwrap_or(tag));
    stated
        .map(Arc::from)
        .or_else(|| state.body.as_ref().and_then(|body| body.language.clone()))
        .or_else(|| state.title.as_deref().and_then(language::detect).map(Arc::from))
}

/// The document of a question in the text index.
fn document_of(state: &QuestionState, language: Option<&str>) -> Document {
    let title = state.title.as_deref().unwrap_or_default();
    let body = state.body.as_ref().map_or("", |body| &*body.excerpt);
    Document::of(title, body, language).tagged(state.tags.iter().flatten())
}
