//! Searching people by what they know.

use super::reader::{Reader, viewer};
use super::recommendations::Mark;
use super::service::Service;
use crate::domain::{Timestamp, UnitPath};
use crate::parallel::among;
use crate::recommend::{SearchAnswer, SearchPage, Tongue};
use crate::signals::search::{Glances, Said, SearchQuery, Sought, Wanted};
use crate::world::View;
use std::sync::{Arc, Mutex, PoisonError};

/// People whom the parts of one list name at most; it ends there, and the facets lead on.
const MOST_NAMED: usize = 300;

/// What is sought, and what the people must be like.
#[derive(Clone, Debug, Default)]
pub struct SearchRequest {
    /// Free text; may be empty where a skill is named.
    pub text: String,
    /// A skill, by identifier or by name: what is sought where there is no text, a filter where there is.
    pub skill: Option<String>,
    /// They work in this unit, or below it.
    pub unit: Option<String>,
    /// They work there.
    pub site: Option<String>,
    /// They work in this language, BCP 47.
    pub language: Option<String>,
    /// They can be turned to now, or cannot.
    pub available: Option<bool>,
    /// They belong to this community.
    pub community: Option<String>,
    /// They are found by this.
    pub origin: Option<Said>,
    /// How many at most, 1..=100.
    pub limit: usize,
    /// The language of the texts.
    pub tongue: Tongue,
    /// Who reads.
    pub viewer: Option<Reader>,
    /// The instant of the list's first part and whom the parts before named, when a list is read on: it goes on behind them,
    /// whatever came meanwhile.
    pub after: Option<SearchPlace>,
}

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchPlace {
    /// The instant of its first part.
    pub first: Timestamp,
    /// Whom its parts named.
    pub named: Vec<Mark>,
}

/// A part of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Searched {
    /// The people.
    pub answer: SearchAnswer,
    /// Where the next part begins, when there is one.
    pub next: Option<SearchPlace>,
    /// The last sequence of the log that it knows.
    pub generation: u64,
    /// The instant as of which it holds.
    pub as_of: Timestamp,
}

/// Everybody at a glance, as the newest state shows them that was searched: the next one takes from it what did not change.
#[derive(Default)]
pub(super) struct Crowd(Mutex<(u64, Arc<Glances>)>);

impl Crowd {
    /// Everybody in `view`, which knows the log up to `generation`. Whoever comes meanwhile works with what was there before.
    /// Cost: as [`Glances::of`].
    fn of(&self, view: &View, generation: u64) -> Arc<Glances> {
        let before = Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner).1);
        let now = Arc::new(Glances::of(view, Some(&before)));
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A view of before somebody was erased may come last; it must not bring them back.
        if generation >= held.0 {
            *held = (generation, Arc::clone(&now));
        }
        now
    }

    /// Forgets everybody, when somebody was erased: what is older than `generation` is held no more.
    pub(super) fn forget(&self, generation: u64) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *held = (held.0.max(generation), Arc::default());
    }
}

impl Service {
    /// People who know about what is sought, with the evidence that the reader may see. Those who left, who do not want to be
    /// found, and guests whom the reader does not meet are not among them.
    ///
    /// Whoever reads on gets nobody twice and passes nobody over: the parts before are known by whom they named.
    pub fn search(&self, request: &SearchRequest) -> Searched {
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let as_of = snapshot.as_of(self.now());
        let reader = request.viewer.as_ref();
        let sought = Sought {
            text: &request.text,
            skill: request.skill.as_deref(),
            wanted: wanted(view, request),
            viewer: viewer(view, reader),
            animates: reader.is_some_and(|reader| reader.animates),
            first: request.after.as_ref().map(|place| place.first),
        };
        let before: &[Mark] = request.after.as_ref().map_or(&[], |place| &place.named);
        let page = SearchPage {
            limit: request.limit,
            tongue: request.tongue,
            named: &|person| !before.is_empty() && before.contains(&self.register.mark(person.as_str())),
        };
        let recommender = snapshot.search();
        let answer = among(|| {
            let everybody = self.crowd.of(view, snapshot.generation);
            match SearchQuery::seen(view, &everybody, sought, as_of) {
                Some(query) => recommender.answer(view, &query, page),
                None => recommender.nothing_understood(request.tongue),
            }
        });
        let shown = answer.items.iter().map(|hit| self.register.mark(hit.subject.as_str()));
        let named: Vec<Mark> = before.iter().copied().chain(shown).collect();
        let first = request.after.as_ref().map_or(as_of, |place| place.first);
        let next = (answer.more && named.len() < MOST_NAMED).then_some(SearchPlace { first, named });
        Searched {
            answer,
            next,
            generation: snapshot.generation,
            as_of,
        }
    }
}

fn wanted(view: &View, request: &SearchRequest) -> Wanted {
    let primary = |tag: &String| tag.split('-').next().unwrap_or_default().to_lowercase();
    Wanted {
        skills: None,
        unit: request.unit.as_deref().map(UnitPath::new),
        site: request.site.clone(),
        language: request.language.as_ref().map(primary),
        available: request.available,
        community: request.community.as_deref().map(|id| view.communities.find(id)),
        origin: request.origin,
    }
}
