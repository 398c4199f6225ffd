//! What a community is about, against what the person is about.
//!
//! Each is BM25 of the person's terms against the name, description and topics of the community: the length of the
//! person's side is the same for every community, so that this orders as a cosine would, and a term more never lowers it.

use super::{Communities, Family, NewcomerQuery, Proof};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::text::Document;
use crate::world::{CommunityIx, Ix, View};
use std::collections::BTreeSet;

/// The records from which the terms come that `document` and `community` share, the most telling term first.
fn shared(view: &View, query: &NewcomerQuery, document: &Document, community: CommunityIx) -> Vec<Proof> {
    let mut terms = view.community_texts.explain(document, community.row());
    terms.sort_by(|a, b| b.contribution.total_cmp(&a.contribution).then(a.term.cmp(b.term)));
    let mut proofs: Vec<Proof> = Vec::new();
    for proof in terms
        .iter()
        .filter_map(|word| query.profile.sources.get(word.term))
        .flatten()
    {
        if !proofs.contains(proof) {
            proofs.push(*proof);
        }
    }
    proofs
}

/// BM25 of the names of the person's skills and interests and of the topics of their projects and records, as tags,
/// against the community's topics: matched whole. Better; rises with every match. Cost: the postings of the tags.
pub struct Topics;

impl Signal<Communities> for Topics {
    fn name(&self) -> &'static str {
        "topics"
    }

    fn family(&self) -> Family {
        Family::Topic
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        out.copy_from_slice(&round.gathered.topics);
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        shared(view, query, &query.profile.tags, community)
    }
}

/// BM25 of the names of the skills that the person declares and of what they say they want to learn, follow or help with,
/// as tags, against the community's topics: matched whole. Beside [`Topics`], because what somebody says of themself is
/// what they came for, however many others join something else. Better; rises with every match. Cost: the postings of the
/// tags.
pub struct Stated;

impl Signal<Communities> for Stated {
    fn name(&self) -> &'static str {
        "stated"
    }

    fn family(&self) -> Family {
        Family::Topic
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        out.copy_from_slice(&round.gathered.stated);
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        shared(view, query, &query.profile.stated, community)
    }
}

/// BM25 of the words of the person's skills, interests and projects against the words of the community's name and
/// description, inflections taken off. Better; rises with every word. Cost: the postings of the words.
pub struct Words;

impl Signal<Communities> for Words {
    fn name(&self) -> &'static str {
        "words"
    }

    fn family(&self) -> Family {
        Family::Topic
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        out.copy_from_slice(&round.gathered.words);
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        shared(view, query, &query.profile.pursuits, community)
    }
}

/// BM25 of the words of the person's job title, employer and unit against those of the community's name and description,
/// all as they are written: a trade meets its own name, and not every description in which something is *developed*.
/// Better; rises with every word. It cites nothing. Cost: the postings of the words.
pub struct OriginWords;

impl Signal<Communities> for OriginWords {
    fn name(&self) -> &'static str {
        "origin_words"
    }

    fn family(&self) -> Family {
        Family::Topic
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        out.copy_from_slice(&round.gathered.origin);
    }
}

/// The cosine, at least 0, of what the community says of itself with the decayed mean of the questions that the person
/// answered, else with the words of their profile, in the latent basis of the questions. In 0..=1. Better. It cites
/// nothing. Cost: 128 products a term of the community. (S. Deerwester et al., *Indexing by latent semantic analysis*,
/// 1990.)
pub struct Subject;

impl Signal<Communities> for Subject {
    fn name(&self) -> &'static str {
        "subject"
    }

    fn family(&self) -> Family {
        Family::Topic
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let view = round.world;
        let interest = view.people.get(round.query.person).evidence.topics.interest();
        let profile = round.query.profile.subject.as_ref();
        let Some(basis) = view.basis().filter(|_| interest.is_some() || profile.is_some()) else {
            return;
        };
        for (community, strength) in round.subjects.iter().zip(out) {
            let Some(about) = basis.fold(view.community_texts.terms_of(community.row())) else {
                continue;
            };
            let near = match interest {
                Some(interest) => interest.cosine(&about),
                None => profile.map_or(0.0, |profile| profile.cosine(&about)),
            };
            *strength = near.max(0.0);
        }
    }
}

/// Σ over the person's communities of BM25 of what each says of itself, as a share of the largest. Better: what is near
/// what they chose. Cost: the postings of these communities' terms.
pub struct Kindred;

impl Signal<Communities> for Kindred {
    fn name(&self) -> &'static str {
        "kindred"
    }

    fn family(&self) -> Family {
        Family::Neighbour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        out.copy_from_slice(&round.gathered.kindred);
    }
}

/// How much of its name, by rarity, stands in the names of the person's communities: Σ ln(1 + names / names with the word)
/// over the words that they share, by the same sum over all words of its name; words of more than a fifth of the names are
/// passed over. In 0..=1. Better: whoever is in *Embedded networking* looks at *Embedded core*. It cites nothing. Cost: the
/// words of the names.
pub struct NameCover;

impl Signal<Communities> for NameCover {
    fn name(&self) -> &'static str {
        "name_cover"
    }

    fn family(&self) -> Family {
        Family::Neighbour
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let names = &round.world.community_names;
        let words = |community: CommunityIx| names.terms_of(community.row()).into_iter().map(|(word, _)| word);
        let own: BTreeSet<&str> = round.query.own.iter().flat_map(|&own| words(own)).collect();
        if own.is_empty() {
            return;
        }
        let rarity = |word: &str| libm::log1p(names.len() as f64 / f64::from(names.doc_frequency(word)));
        for (community, strength) in round.subjects.iter().zip(out) {
            let (mut shared, mut all) = (0.0, 0.0);
            for word in words(community).filter(|word| !names.is_common(word)) {
                all += rarity(word);
                shared += if own.contains(word) { rarity(word) } else { 0.0 };
            }
            if all > 0.0 {
                *strength = shared / all;
            }
        }
    }
}
