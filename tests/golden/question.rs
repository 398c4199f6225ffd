//! A question as a test asks it, and the two rankings that answer it: ours and the vote by shared words.

use crate::company::NOW;
use antenne::pipeline::Order;
use antenne::recommend::{ExpertsAnswer, ExpertsRecommender, Manner, Page, Tongue};
use antenne::signals::{Draft, ExpertsQuery, Viewer};
use antenne::world::{PersonIx, View};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A question in words.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub title: String,
    pub body: String,
    pub tags: Vec<String>,
    pub community: Option<String>,
    pub asker: String,
}

impl Asked {
    /// The same question in the words that `rewrite` makes of its title and body.
    pub fn reworded(&self, rewrite: impl Fn(&str) -> String) -> Self {
        Self {
            title: rewrite(&self.title),
            body: rewrite(&self.body),
            ..self.clone()
        }
    }

    /// It, understood in `view`; its language is told from its words.
    pub fn understood(&self, view: &View) -> ExpertsQuery {
        let tags: Vec<Arc<str>> = self.tags.iter().map(|tag| Arc::from(tag.as_str())).collect();
        let community = self.community.as_deref();
        let draft = Draft {
            title: &self.title,
            body: &self.body,
            tags: &tags,
            community: community.map(|id| view.communities.find(id).unwrap_or_else(|| panic!("no {id}"))),
            asker: Some(person(view, &self.asker)),
            language: None,
        };
        ExpertsQuery::draft(view, &draft, NOW, Viewer::default())
    }

    /// Our answer, by score alone.
    pub fn answer(&self, recommender: &ExpertsRecommender, view: &View, limit: usize) -> ExpertsAnswer {
        let page = Page {
            limit,
            order: Order::Score,
            group: false,
            tongue: Tongue::French,
            manner: Manner::Vous,
        };
        recommender.answer(view, &self.understood(view), &self.title, page)
    }

    /// Identifiers of the first `limit` people of [`Self::answer`].
    pub fn first(&self, recommender: &ExpertsRecommender, view: &View, limit: usize) -> Vec<String> {
        let answer = self.answer(recommender, view, limit);
        answer.items.iter().map(|pick| pick.subject.to_string()).collect()
    }

    /// Who comes first where the words alone decide: each person gathers the BM25 scores of those of the closest past
    /// questions that they answered. The asker is left out; equal sums go by identifier.
    pub fn first_by_words(&self, view: &View) -> String {
        let query = self.understood(view);
        let mut votes: BTreeMap<PersonIx, f64> = BTreeMap::new();
        for similar in &query.similar {
            let answers = view.counted_answers(similar.question);
            let authors: BTreeSet<PersonIx> = answers.map(|(author, _)| author).collect();
            for author in authors {
                *votes.entry(author).or_default() += similar.strength;
            }
        }
        votes.remove(&person(view, &self.asker));
        let id = |person: PersonIx| view.person_id(person).to_string();
        let best = votes
            .into_iter()
            .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| id(b.0).cmp(&id(a.0))));
        best.map(|(person, _)| id(person)).expect("somebody answered")
    }
}

/// The shipped weights.
pub fn shipped() -> ExpertsRecommender {
    ExpertsRecommender::shipped().expect("the shipped weights are in order")
}

/// The person called `id`, who must exist: a misspelt name would make a test pass for nothing.
pub fn person(view: &View, id: &str) -> PersonIx {
    view.person(id).unwrap_or_else(|| panic!("nobody is called {id}"))
}
