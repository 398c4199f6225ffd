//! What "who could answer" measures, read for a search: the same signals on the same words and tags, never copied.
//!
//! What words, subject and activity say is measured on everything that was typed; what tags say, on the topic in which each
//! person is deepest, so that a little of every topic does not add up to depth in one.

use super::grounds::Grounds;
use super::{Family, Search, SearchQuery};
use crate::parallel::joined;
use crate::pipeline::{Round, Scale, Signal, Subjects};
use crate::signals::experts::{
    Acceptance, Activity, LatentProfile, Recency, RelatedShare, SimilarMax, SimilarRank, SimilarVote, TagAffinity,
    TagFocus, TotalAnswers,
};
use crate::signals::{Experts, Gathered, Proof};
use crate::world::{PersonIx, View};

/// Signals that are measured on everything that was typed, each with the reason under which a search shows it.
static ON_WHOLE: [(&dyn Signal<Experts>, Family); 11] = [
    (&SimilarVote, Family::SimilarQuestions),
    (&SimilarRank, Family::SimilarQuestions),
    (&SimilarMax, Family::SimilarQuestions),
    (&RelatedShare, Family::Subject),
    (&LatentProfile, Family::Subject),
    (&Activity(0), Family::Availability),
    (&Activity(1), Family::Availability),
    (&Activity(2), Family::Availability),
    (&Recency, Family::Availability),
    (&TotalAnswers, Family::Availability),
    (&Acceptance, Family::Availability),
];

/// Signals that are measured on the topic in which the person is deepest.
static ON_LEAD: [(&dyn Signal<Experts>, Family); 4] = [
    (&TagAffinity(0), Family::Topic),
    (&TagAffinity(1), Family::Topic),
    (&TagAffinity(2), Family::Topic),
    (&TagFocus, Family::Topic),
];

/// The signals measured on everything that was typed.
pub const WHOLE: [Whole; ON_WHOLE.len()] = {
    let mut all = [Whole(0); ON_WHOLE.len()];
    let mut n = 0;
    while n < all.len() {
        all[n] = Whole(n);
        n += 1;
    }
    all
};

/// The signals measured on the topic in which the person is deepest.
pub const LEAD: [Lead; ON_LEAD.len()] = {
    let mut all = [Lead(0); ON_LEAD.len()];
    let mut n = 0;
    while n < all.len() {
        all[n] = Lead(n);
        n += 1;
    }
    all
};

/// People who are read in one piece.
const PART: usize = 50;

/// What several signals read of the people of one search.
pub struct Columns {
    /// One column a signal of [`ON_WHOLE`].
    whole: Vec<Vec<f64>>,
    /// One column a signal of [`ON_LEAD`].
    lead: Vec<Vec<f64>>,
    /// What speaks for each person beside their answers.
    grounds: Vec<Grounds>,
}

impl Columns {
    /// Reads `people`. Cost: that of the signals, those of tags on one topic a person.
    pub(super) fn of(view: &View, query: &SearchQuery, people: Subjects<'_, Search>) -> Self {
        let read = |part: &[PersonIx]| Self::read(view, query, Subjects::new(part));
        joined(people.list(), PART, read, Self::join)
    }

    /// This, and what was read of those who come after.
    fn join(&mut self, after: Self) {
        let columns = self.whole.iter_mut().chain(&mut self.lead);
        columns
            .zip(after.whole.into_iter().chain(after.lead))
            .for_each(|(column, more)| column.extend(more));
        self.grounds.extend(after.grounds);
    }

    fn read(view: &View, query: &SearchQuery, people: Subjects<'_, Search>) -> Self {
        let of_lead = |person| query.lead(person).0;
        let leads: Vec<usize> = if query.topics.len() == 1 {
            vec![0; people.len()]
        } else {
            people.iter().map(of_lead).collect()
        };
        let mut lead = vec![vec![0.0; people.len()]; ON_LEAD.len()];
        for (place, topic) in query.topics.iter().enumerate() {
            let own = people.iter().enumerate().filter(|&(row, _)| leads[row] == place);
            let (rows, own): (Vec<usize>, Vec<PersonIx>) = own.unzip();
            let (asked, own) = (query.asked(topic), Subjects::new(&own));
            let alone = Round {
                world: view,
                query: asked,
                subjects: own,
                gathered: Gathered::topics(view, asked, own),
            };
            for (column, (signal, _)) in lead.iter_mut().zip(&ON_LEAD) {
                let mut of_topic = vec![0.0; own.len()];
                signal.measure(&alone, &mut of_topic);
                rows.iter()
                    .zip(of_topic)
                    .for_each(|(&row, strength)| column[row] = strength);
            }
        }
        let whole = Round {
            world: view,
            query: query.whole(),
            subjects: people.of::<Experts>(),
            gathered: Gathered::deeds(view, query.whole(), people.of()),
        };
        let column = |(signal, _): &(&dyn Signal<Experts>, Family)| {
            let mut column = vec![0.0; people.len()];
            signal.measure(&whole, &mut column);
            column
        };
        let grounds = |(person, &lead)| Grounds::of(view, query, person, lead);
        Self {
            whole: ON_WHOLE.iter().map(column).collect(),
            grounds: people.iter().zip(&leads).map(grounds).collect(),
            lead,
        }
    }

    /// What speaks for each person beside their answers, in their order.
    pub(super) fn grounds(&self) -> &[Grounds] {
        &self.grounds
    }
}

/// A signal of "who could answer" on everything that was typed: formula, range and direction are its own.
#[derive(Clone, Copy, Debug)]
pub struct Whole(usize);

impl Signal<Search> for Whole {
    fn name(&self) -> &'static str {
        ON_WHOLE[self.0].0.name()
    }

    fn family(&self) -> Family {
        ON_WHOLE[self.0].1
    }

    fn scale(&self) -> Scale {
        ON_WHOLE[self.0].0.scale()
    }

    fn theme(&self) -> &'static str {
        ON_WHOLE[self.0].0.theme()
    }

    fn measure(&self, round: &Round<'_, Search>, out: &mut [f64]) {
        out.copy_from_slice(&round.gathered.whole[self.0]);
    }

    fn facts(&self, view: &View, query: &SearchQuery, person: PersonIx) -> Vec<Proof> {
        ON_WHOLE[self.0].0.facts(view, query.whole(), person)
    }
}

/// A signal of "who could answer" on the topic in which the person is deepest: formula, range and direction are its own.
#[derive(Clone, Copy, Debug)]
pub struct Lead(usize);

impl Signal<Search> for Lead {
    fn name(&self) -> &'static str {
        ON_LEAD[self.0].0.name()
    }

    fn family(&self) -> Family {
        ON_LEAD[self.0].1
    }

    fn scale(&self) -> Scale {
        ON_LEAD[self.0].0.scale()
    }

    fn theme(&self) -> &'static str {
        ON_LEAD[self.0].0.theme()
    }

    fn measure(&self, round: &Round<'_, Search>, out: &mut [f64]) {
        out.copy_from_slice(&round.gathered.lead[self.0]);
    }

    fn facts(&self, view: &View, query: &SearchQuery, person: PersonIx) -> Vec<Proof> {
        let (lead, _) = query.lead(person);
        ON_LEAD[self.0].0.facts(view, query.asked(&query.topics[lead]), person)
    }
}
