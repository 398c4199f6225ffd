//! What questions are about: their vectors in the latent basis, and those close to a text.

use super::View;
use crate::world::latent::{Basis, Vector};
use crate::world::table::{Ix as _, QuestionIx};
use crate::world::text::shared_vec::SharedVec;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// The vectors of questions, by row.
#[derive(Clone, Default)]
pub(super) struct Subjects {
    basis: Option<Arc<Basis>>,
    vectors: SharedVec<Option<Vector>>,
}

impl fmt::Debug for Subjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subjects({:?})", self.basis)
    }
}

impl Subjects {
    /// Notes what the question at `ix` is about; its terms come in the order of their bytes.
    pub(super) fn set<'t>(&mut self, ix: QuestionIx, terms: impl IntoIterator<Item = (&'t str, u16)>) {
        let vector = self.basis.as_ref().and_then(|basis| basis.fold(terms));
        self.put(ix, vector);
    }

    /// Forgets what the question at `ix` is about.
    pub(super) fn clear(&mut self, ix: QuestionIx) {
        self.put(ix, None);
    }

    fn put(&mut self, ix: QuestionIx, vector: Option<Vector>) {
        let row = ix.row() as usize;
        if vector.is_none() && self.vectors.get(row).is_none_or(Option::is_none) {
            return;
        }
        self.vectors.grow(row + 1, &None);
        if let Some(place) = self.vectors.get_mut(row) {
            *place = vector;
        }
    }
}

impl View {
    /// The latent basis in use.
    pub fn basis(&self) -> Option<&Arc<Basis>> {
        self.subjects.basis.as_ref()
    }

    /// What the question at `ix` is about, where the basis says so.
    pub fn subject(&self, ix: QuestionIx) -> Option<&Vector> {
        self.subjects.vectors.get(ix.row() as usize)?.as_ref()
    }

    /// The `k` questions among those that `keep` accepts whose subjects are closest to `vector`, with their cosines,
    /// closest first; equal ones in the order of identifiers. Only cosines above 0. Cost: every question's vector.
    pub fn closest(&self, vector: &Vector, k: usize, keep: impl Fn(QuestionIx) -> bool) -> Vec<(QuestionIx, f64)> {
        let id = |ix: QuestionIx| &self.questions.get(ix).id;
        let better = |a: &(QuestionIx, f64), b: &(QuestionIx, f64)| match b.1.total_cmp(&a.1) {
            Ordering::Equal => id(a.0).cmp(id(b.0)),
            unequal => unequal,
        };
        let mut found: Vec<(QuestionIx, f64)> = Vec::with_capacity(2 * k);
        let mut least = f64::MIN_POSITIVE;
        for row in 0..self.subjects.vectors.len() {
            let Some(other) = self.subjects.vectors.get(row).and_then(Option::as_ref) else {
                continue;
            };
            let (ix, cosine) = (QuestionIx::from_row(row as u32), vector.cosine(other));
            if cosine < least || !keep(ix) {
                continue;
            }
            found.push((ix, cosine));
            if found.len() == 2 * k {
                found.select_nth_unstable_by(k - 1, better);
                found.truncate(k);
                least = found[k - 1].1;
            }
        }
        found.sort_unstable_by(better);
        found.truncate(k);
        found
    }

    /// Reads subjects by `basis` from now on. Cost: every question's terms, and every answer once.
    pub fn set_basis(&mut self, basis: Option<Arc<Basis>>) {
        let answers: Vec<_> = self.answers.iter().map(|(ix, _)| ix).collect();
        answers.iter().for_each(|&answer| self.move_topics(answer, false));
        self.subjects = Subjects {
            basis,
            vectors: SharedVec::default(),
        };
        if self.subjects.basis.is_some() {
            let questions: Vec<_> = self.questions.iter().map(|(ix, _)| ix).collect();
            for ix in questions {
                let Self { subjects, texts, .. } = self;
                subjects.set(ix, texts.terms_of(ix.row()));
            }
            answers.iter().for_each(|&answer| self.move_topics(answer, true));
        }
    }

    /// Adds what `answer` says of its author's topics, or takes it back.
    fn move_topics(&mut self, answer: crate::world::table::AnswerIx, add: bool) {
        let Some(contribution) = self.contribution(answer) else {
            return;
        };
        let Some(subject) = &contribution.subject else { return };
        let topics = &mut self.people.get_mut(contribution.author).evidence.topics;
        if add {
            topics.add(contribution.at, subject);
        } else {
            topics.take(contribution.at, subject);
        }
    }
}
