//! The stages of a pipeline, as traits, and the types that a recommender binds them to.

use std::cmp::Ordering;
use std::fmt::Debug;

/// What a recommender is about: the types that its components share.
pub trait Task: 'static {
    /// What is known.
    type World;
    /// What is asked, with everything that does not depend on the subject worked out once.
    type Query;
    /// What is scored: a small index.
    type Subject: Copy + Ord + Debug;
    /// What a reason is about. Signals of one family are shown as one reason; families are summed in their order.
    type Family: Copy + Ord + Debug;
    /// Why a candidate is not considered.
    type Drop: Copy + Ord + Debug;
    /// Why a subject stands elsewhere than its score puts it.
    type Move: Copy + Ord + Debug;
    /// A record that supports a signal.
    type Fact: Copy + Ord + Debug;
    /// What several signals read of the subjects, worked out once for all of them.
    type Gathered;

    /// Works out what several signals read of `subjects`.
    fn gather(world: &Self::World, query: &Self::Query, subjects: Subjects<'_, Self>) -> Self::Gathered
    where
        Self: Sized;

    /// The order of subjects with equal scores: by external identifier.
    fn tie(world: &Self::World, a: Self::Subject, b: Self::Subject) -> Ordering;
}

/// Proposes candidates.
pub trait Source<T: Task>: Send + Sync {
    /// Its name in measurements.
    fn name(&self) -> &'static str;

    /// Adds its candidates to `into`; repeats do no harm.
    fn propose(&self, world: &T::World, query: &T::Query, into: &mut Vec<T::Subject>);
}

/// Drops candidates, with a reason.
pub trait Filter<T: Task>: Send + Sync {
    /// Why `subject` is not considered; `None` keeps it.
    fn excludes(&self, world: &T::World, query: &T::Query, subject: T::Subject) -> Option<T::Drop>;
}

/// How a raw strength becomes one in 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Divided by the largest raw strength among the subjects of the query; raw strengths are ≥ 0.
    ByMaximum,
    /// It is in 0..=1 already.
    Fixed,
}

/// Measures one strength of evidence for each subject.
pub trait Signal<T: Task>: Send + Sync {
    /// Its name in weights and measurements.
    fn name(&self) -> &'static str;

    /// The reason under which it is shown.
    fn family(&self) -> T::Family;

    /// How its raw strengths are normalised.
    fn scale(&self) -> Scale;

    /// Writes the raw strength of each subject, in their order, into `out`, which comes filled with zeros.
    fn measure(&self, round: &Round<'_, T>, out: &mut [f64]);

    /// What its facts are about: signals of one family and theme cite the same records, which are gathered once.
    fn theme(&self) -> &'static str {
        self.name()
    }

    /// Records without which the strength of `subject` would be lower, the weightiest first.
    fn facts(&self, _world: &T::World, _query: &T::Query, _subject: T::Subject) -> Vec<T::Fact> {
        Vec::new()
    }
}

/// What signals measure on: one query, and the subjects that are left.
pub struct Round<'a, T: Task> {
    /// What is known.
    pub world: &'a T::World,
    /// What is asked.
    pub query: &'a T::Query,
    /// Who is measured.
    pub subjects: Subjects<'a, T>,
    /// What several signals read of them.
    pub gathered: T::Gathered,
}

/// A signal and what its strength is worth.
pub struct Weighted<T: Task> {
    /// The signal.
    pub signal: Box<dyn Signal<T>>,
    /// Utility of strength 1; negative when more of it speaks against a subject.
    pub weight: f64,
}

/// Where a subject is seated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat<M> {
    /// The wave, from 1: a later wave comes after every earlier one, whatever the scores.
    pub wave: u16,
    /// Its turn within the wave; equal turns by score.
    pub turn: usize,
    /// Why it does not stand where its score puts it, when it does not.
    pub moved_by: Option<M>,
}

/// Decides in which wave, and when within it, each subject is shown.
pub trait Selector<T: Task>: Send + Sync {
    /// One seat for each of `ranked`, in their order: best first, equal scores by external identifier. It only seats:
    /// nobody can be added or lost.
    fn seats(&self, world: &T::World, query: &T::Query, ranked: &[(T::Subject, f64)]) -> Vec<Seat<T::Move>>;
}

/// The subjects of one query, in order of index.
pub struct Subjects<'a, T: Task>(pub(super) &'a [T::Subject]);

impl<T: Task> Clone for Subjects<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Task> Copy for Subjects<'_, T> {}

impl<'a, T: Task> Subjects<'a, T> {
    /// `subjects`, which are in order of index, each once.
    pub fn new(subjects: &'a [T::Subject]) -> Self {
        Self(subjects)
    }

    /// All of them, as a list.
    pub fn list(self) -> &'a [T::Subject] {
        self.0
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = T::Subject> + 'a {
        self.0.iter().copied()
    }

    /// The same subjects, for another task over them: so that one recommender reads what another one measures.
    pub fn of<U: Task<Subject = T::Subject>>(self) -> Subjects<'a, U> {
        Subjects(self.0)
    }

    /// Where `subject` stands among them.
    pub fn position(self, subject: T::Subject) -> Option<usize> {
        self.0.binary_search(&subject).ok()
    }
}
