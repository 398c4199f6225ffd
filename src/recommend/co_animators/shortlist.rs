//! Those who could co-animate a community, before it is decided who is proposed: many communities are looked at first, and
//! only those who are chosen are put into words.

use super::answer::CoAnimatorPick;
use super::wording::Wording;
use super::{CoAnimatorsRecommender, Manner, Tongue};
use crate::pipeline::{Kept, Placed};
use crate::signals::co_animators::{ByWorth, CoAnimators, CoAnimatorsQuery, Exclusion, Gives, Move, Sharing};
use crate::world::{PersonIx, View};

/// Somebody who gives a place to a plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Giver {
    /// Who.
    pub person: PersonIx,
    /// Fit for this one community.
    pub score: f64,
    /// Place by fit alone, from 1.
    pub base_rank: usize,
    /// What it is worth that they join those who animate now.
    pub worth: i64,
}

/// Those who could co-animate one community.
pub struct Shortlist {
    /// The community, as it was understood.
    pub query: CoAnimatorsQuery,
    /// Those who give a place, what is worth most first.
    pub givers: Vec<Giver>,
    /// Those who could, and have to be asked first.
    pub to_be_asked: Vec<PersonIx>,
    /// Those who could, and would be alone with their first time.
    pub need_company: Vec<PersonIx>,
    /// Who was not considered, and why.
    pub dropped: Vec<(PersonIx, Exclusion)>,
    kept: Kept<CoAnimators>,
}

impl CoAnimatorsRecommender {
    /// The `most` of those who could co-animate the query's community whose place is worth most. Cost: as one answer.
    pub fn shortlist(&self, view: &View, query: CoAnimatorsQuery, most: usize) -> Shortlist {
        let (ranking, kept) = self.pipeline.shortlist(&ByWorth, view, &query, most);
        let placed = || ranking.picks.iter().chain(&ranking.reserve);
        let scores: Vec<f64> = placed().map(|placed| placed.score).collect();
        let terms = Sharing::of(view, &query, &scores);
        let (mut givers, mut to_be_asked, mut need_company) = (Vec::new(), Vec::new(), Vec::new());
        for (n, one) in placed().enumerate() {
            match ByWorth::group(one.wave) {
                Gives::Place(_) if n >= most => {}
                Gives::Place(_) => {
                    if let Gives::Place(worth) = terms.gives(one.subject, one.score) {
                        givers.push(Giver {
                            person: one.subject,
                            score: one.score,
                            base_rank: one.base_rank,
                            worth,
                        });
                    }
                }
                Gives::ToBeAsked => to_be_asked.push(one.subject),
                Gives::NeedsCompany => need_company.push(one.subject),
            }
        }
        Shortlist {
            givers,
            to_be_asked,
            need_company,
            dropped: ranking.dropped,
            query,
            kept,
        }
    }

    /// The givers at the places `chosen` of a shortlist, in that order, as an answer about the one community shows them.
    /// Whoever does not stand where the fit alone puts them was moved by the plan.
    pub fn told(
        &self,
        view: &View,
        list: &Shortlist,
        chosen: &[usize],
        (tongue, manner): (Tongue, Manner),
    ) -> Vec<CoAnimatorPick> {
        let wording = Wording {
            view,
            query: &list.query,
            tongue,
            manner,
        };
        let place = |(rank, &place): (usize, &usize)| {
            let giver = list.givers[place];
            Placed {
                subject: giver.person,
                score: giver.score,
                base_rank: giver.base_rank,
                wave: 1,
                moved_by: (giver.base_rank != rank).then_some(Move::Plan),
                parts: self.pipeline.explain(view, &list.query, &list.kept, giver.person),
            }
        };
        let placed: Vec<_> = (1..).zip(chosen).map(place).collect();
        let (chosen, _) = wording.chosen(&placed);
        (1..).zip(&chosen).map(|(rank, one)| wording.pick(rank, one)).collect()
    }
}
