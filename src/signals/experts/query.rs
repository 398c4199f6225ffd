//! Understanding a question: everything about it that does not depend on the person, worked out once.

use super::referrals::Referrals;
use crate::domain::{Timestamp, UnitPath};
use crate::language;
use crate::signals::Viewer;
use crate::world::latent::Vector;
use crate::world::text::{self, Document, Scratch};
use crate::world::{AnswerState, CommunityIx, Decay, Ix, PersonIx, QuestionIx, SkillIx, TagIx, View, Width};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Days after which an answer weighs half as a vote.
const HALF_LIFE_DAYS: f64 = 730.0;
/// How many past questions are looked at.
const SIMILAR_QUESTIONS: usize = 100;

/// A question that the World does not hold: being written, or replayed at its instant.
#[derive(Clone, Debug, Default)]
pub struct Draft<'a> {
    /// The title.
    pub title: &'a str,
    /// The body, plain text.
    pub body: &'a str,
    /// Its tags.
    pub tags: &'a [Arc<str>],
    /// Where it would be asked.
    pub community: Option<CommunityIx>,
    /// Who asks.
    pub asker: Option<PersonIx>,
    /// The language it is written in; told from the words when it is not stated.
    pub language: Option<&'a str>,
}

/// Words by which people are sought.
#[derive(Clone, Copy)]
pub struct Sought<'a> {
    /// As they are looked up.
    pub document: &'a Document,
    /// Tags among them, each once, in the order of names.
    pub tags: &'a [TagIx],
    /// Whether a past question that shares words, with that much of the closest one's closeness, is about what is sought.
    pub near: &'a dyn Fn(QuestionIx, f64) -> bool,
    /// From which cosine on questions are about the same subject, whatever their words; none are looked for without.
    pub related: Option<f64>,
}

/// A past question that resembles the one asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similar {
    /// Which.
    pub question: QuestionIx,
    /// How close it is, 0..=1: its BM25 score as a share of the best one's, or the cosine of the subjects.
    pub strength: f64,
    /// The sum of the strengths in its list.
    pub of: f64,
    /// Its place, from 0.
    pub rank: usize,
}

/// A person's answers to one similar question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vote {
    /// Who.
    pub person: PersonIx,
    /// The question's place in `ExpertsQuery::similar`.
    pub rank: usize,
    /// What the answers are worth, 0..1.
    pub worth: f64,
}

/// A question, understood.
pub struct ExpertsQuery {
    /// The question, when the World holds it.
    pub question: Option<QuestionIx>,
    /// Who asks: never proposed.
    pub asker: Option<PersonIx>,
    /// Who asks, when it shows to the viewer: an anonymous question tells nobody else, by nothing that it changes.
    pub shown_asker: Option<PersonIx>,
    /// Where.
    pub community: Option<CommunityIx>,
    /// Primary tag of its language.
    pub language: Option<Arc<str>>,
    /// Its tags and how much each tells: ln(1 + questions / questions under the tag), in the order of names.
    pub tags: Vec<(TagIx, f64)>,
    /// The skills that it names, merged skills as the one they were merged into, in the order of identifiers.
    pub skills: Vec<SkillIx>,
    /// Past questions close to it, best first, itself excepted.
    pub similar: Vec<Similar>,
    /// Who answered them, in the order of `similar`.
    pub votes: Vec<Vote>,
    /// What the question is about, where the latent basis says so.
    pub subject: Option<Vector>,
    /// Past questions about the same subject, closest first, itself excepted.
    pub related: Vec<Similar>,
    /// Who answered them, in the order of `related`.
    pub related_votes: Vec<Vote>,
    /// What was said when this question and those similar to it were asked about.
    pub referrals: Referrals,
    /// When it was asked, when the World holds it.
    pub asked_at: Option<Timestamp>,
    /// Where the asker works.
    pub asker_unit: Option<UnitPath>,
    /// Whether nobody of the asker's unit is wanted.
    pub outside_unit: bool,
    /// The instant of the answer.
    pub as_of: Timestamp,
    /// Who reads it.
    pub viewer: Viewer,
    /// Decay of day buckets at half-lives of 3, 30 and 180 days.
    pub days: Decay<3>,
    /// Decay of week buckets at half-lives of 30 and 180 days, and none.
    pub weeks: Decay<3>,
    /// Communities and projects of the asker, with what sharing one tells.
    pub places: super::relations::Places,
}

impl ExpertsQuery {
    /// Understands a question that the World holds; `None` when it is unknown, a stub, or deleted.
    pub fn of(view: &View, question: QuestionIx, as_of: Timestamp, viewer: Viewer) -> Option<Self> {
        let node = view.questions.get(question);
        let state = node.state.as_deref()?;
        let draft = Draft {
            title: state.title.as_deref().unwrap_or_default(),
            body: state.body.as_ref().map_or("", |body| &body.excerpt),
            tags: state.tags.as_deref().unwrap_or_default(),
            community: node.community,
            asker: node.asker.map(|p| view.human(p)),
            language: node.language.as_deref(),
        };
        let understood = Self::understand(view, &draft, Some(question), as_of, viewer);
        let hidden = view.is_anonymous(question) && understood.viewer.person != understood.asker;
        Some(if hidden { understood.without_asker() } else { understood })
    }

    /// The same question without anything of who asks, but that they are not proposed.
    fn without_asker(self) -> Self {
        Self {
            shown_asker: None,
            asker_unit: None,
            places: super::relations::Places::default(),
            ..self
        }
    }

    /// Understands a question that the World does not hold.
    pub fn draft(view: &View, draft: &Draft<'_>, as_of: Timestamp, viewer: Viewer) -> Self {
        Self::understand(view, draft, None, as_of, viewer)
    }

    fn understand(
        view: &View,
        draft: &Draft<'_>,
        question: Option<QuestionIx>,
        as_of: Timestamp,
        viewer: Viewer,
    ) -> Self {
        let stated = draft.language.map(|tag| tag.split('-').next().unwrap_or(tag));
        let language = stated
            .or_else(|| language::detect(draft.body))
            .or_else(|| language::detect(draft.title))
            .map(Arc::<str>::from);
        let document = Document::of(draft.title, draft.body, language.as_deref()).tagged(draft.tags);
        let similar = similar_to(view, &document, question, |_| true);
        let referrals = Referrals::of(view, question, &similar);
        let subject = match question {
            Some(question) => view.subject(question).cloned(),
            None => view.basis().and_then(|basis| basis.fold(document.terms())),
        };
        let related = subject.as_ref().map_or_else(Vec::new, |subject| {
            related_to(view, subject, |other| Some(other) != question)
        });
        Self {
            question,
            asker: draft.asker,
            shown_asker: draft.asker,
            community: draft.community,
            language,
            tags: tags_of(view, draft.tags),
            skills: skills_of(view, draft),
            votes: votes(view, &similar, as_of),
            similar,
            subject,
            related_votes: votes(view, &related, as_of),
            related,
            referrals,
            asked_at: question.and_then(|q| Some(view.questions.get(q).state.as_ref()?.at)),
            asker_unit: draft.asker.and_then(|asker| view.profile(asker, |p| p.unit.clone())),
            outside_unit: false,
            as_of,
            viewer,
            days: Decay::new(as_of, [3.0, 30.0, 180.0], Width::Day),
            weeks: Decay::new(as_of, [30.0, 180.0, f64::INFINITY], Width::Week),
            places: super::relations::Places::of(view, draft.asker),
        }
    }

    /// Understands what is sought rather than asked: words in any language, compared with those past questions alone that
    /// the viewer may see; with related ones only where that is wanted, because every question is looked at for them. No skill
    /// is looked for in the words: whoever seeks knows which are sought.
    pub fn sought(view: &View, sought: &Sought<'_>, as_of: Timestamp, viewer: Viewer) -> Self {
        // Where nothing is hidden, no question is asked where it stands: of equals tens of thousands may be.
        let all = viewer.sees_all(view);
        let shown = |question: QuestionIx| all || viewer.sees(view, view.questions.get(question).community);
        let mut similar = similar_to(view, sought.document, None, shown);
        similar.retain(|similar| (sought.near)(similar.question, similar.strength));
        renumber(&mut similar);
        let subject = view.basis().and_then(|basis| basis.fold(sought.document.terms()));
        let mut related = match (&subject, sought.related) {
            (Some(subject), Some(_)) => related_to(view, subject, shown),
            _ => Vec::new(),
        };
        related.retain(|related| sought.related.is_some_and(|least| related.strength >= least));
        renumber(&mut related);
        Self {
            question: None,
            asker: None,
            shown_asker: None,
            community: None,
            language: None,
            tags: telling(view, sought.tags.iter().copied()),
            skills: Vec::new(),
            votes: votes(view, &similar, as_of),
            similar,
            subject,
            related_votes: votes(view, &related, as_of),
            related,
            referrals: Referrals::default(),
            asked_at: None,
            asker_unit: None,
            outside_unit: false,
            as_of,
            days: Decay::new(as_of, [3.0, 30.0, 180.0], Width::Day),
            weeks: Decay::new(as_of, [30.0, 180.0, f64::INFINITY], Width::Week),
            places: super::relations::Places::of(view, None),
            viewer,
        }
    }

    /// The same question and the same similar questions, with the votes as `view` counts them: what a record was worth
    /// shows when the world lacks it and all else is held.
    #[must_use]
    pub fn counted_in(mut self, view: &View) -> Self {
        self.votes = votes(view, &self.similar, self.as_of);
        self.related_votes = votes(view, &self.related, self.as_of);
        self
    }

    /// Whether the viewer may see what happened in `community`.
    pub fn shows(&self, view: &View, community: Option<CommunityIx>) -> bool {
        self.viewer.sees(view, community)
    }
}

fn tags_of(view: &View, tags: &[Arc<str>]) -> Vec<(TagIx, f64)> {
    let names: BTreeSet<_> = tags.iter().filter_map(|tag| text::tag_name(tag)).collect();
    telling(view, names.iter().filter_map(|name| view.tags.find(name.as_str())))
}

/// Each of `tags` with how much it tells.
fn telling(view: &View, tags: impl Iterator<Item = TagIx>) -> Vec<(TagIx, f64)> {
    let all = view.texts.len() as f64;
    tags.map(|tag| (tag, libm::log1p(all / f64::from(view.tags.get(tag).questions.max(1)))))
        .collect()
}

/// Skills whose label or alias stands in the title, the body or a tag.
fn skills_of(view: &View, draft: &Draft<'_>) -> Vec<SkillIx> {
    let texts = [draft.title, draft.body]
        .into_iter()
        .chain(draft.tags.iter().map(|tag| &**tag));
    let found = texts.flat_map(|text| view.labels.find(text));
    let roots: BTreeSet<_> = found.map(|(row, _)| view.skill_root(SkillIx::from_row(row))).collect();
    let mut skills: Vec<_> = roots.into_iter().collect();
    skills.sort_unstable_by(|a, b| view.skills.get(*a).id.cmp(&view.skills.get(*b).id));
    skills
}

/// Past questions about the same subject.
fn related_to(view: &View, subject: &Vector, keep: impl Fn(QuestionIx) -> bool) -> Vec<Similar> {
    let closest = view.closest(subject, SIMILAR_QUESTIONS, keep);
    let of = closest.iter().map(|(_, cosine)| cosine).sum();
    let similar = |(rank, (question, cosine)): (usize, (QuestionIx, f64))| Similar {
        question,
        strength: cosine,
        of,
        rank,
    };
    closest.into_iter().enumerate().map(similar).collect()
}

/// Past questions that share words with `document`, or with `question` where the World holds it; of those that `keep`.
fn similar_to(
    view: &View,
    document: &Document,
    question: Option<QuestionIx>,
    keep: impl Fn(QuestionIx) -> bool,
) -> Vec<Similar> {
    let id = |row: u32| &view.questions.get(QuestionIx::from_row(row)).id;
    let tie_break = |a, b| id(a).cmp(id(b));
    let mut scratch = Scratch::default();
    let hits = if let Some(row) = question.map(Ix::row) {
        let others = |other| other != row;
        view.texts
            .top_like(row, SIMILAR_QUESTIONS, &mut scratch, tie_break, others)
    } else {
        view.texts
            .top(document, SIMILAR_QUESTIONS, &mut scratch, tie_break, |row| {
                keep(QuestionIx::from_row(row))
            })
    };
    let best = hits.first().map_or(1.0, |hit| f64::from(hit.score));
    let of = hits.iter().map(|hit| f64::from(hit.score) / best).sum();
    let similar = |(rank, hit): (usize, &text::Hit)| Similar {
        question: QuestionIx::from_row(hit.doc),
        strength: f64::from(hit.score) / best,
        of,
        rank,
    };
    hits.iter().enumerate().map(similar).collect()
}

/// Gives those that are left of a list their places and the sum of their strengths.
fn renumber(list: &mut [Similar]) {
    let of = list.iter().map(|similar| similar.strength).sum();
    for (rank, similar) in list.iter_mut().enumerate() {
        (similar.rank, similar.of) = (rank, of);
    }
}

/// Worth of one answer: (1 + ½·accepted + ¼·ln(1 + score)) · 2^(−age / half-life); rises with acceptance and score.
fn worth(answer: &AnswerState, as_of: Timestamp) -> f64 {
    let accepted = if answer.accepted { 0.5 } else { 0.0 };
    let liked = 0.25 * libm::log1p(answer.score.max(0) as f64);
    let age_days = (as_of.minutes_since(answer.at) as f64) / 1440.0;
    (1.0 + accepted + liked) * libm::exp2(-age_days / HALF_LIFE_DAYS)
}

/// Every person's answers to every similar question. Answers to one question saturate, 1 − 2^(−Σ worth), so that a long
/// exchange does not outweigh ten questions.
fn votes(view: &View, similar: &[Similar], as_of: Timestamp) -> Vec<Vote> {
    let mut votes: Vec<Vote> = Vec::new();
    for similar in similar {
        let first = votes.len();
        for (person, answer) in view.counted_answers(similar.question) {
            let worth = worth(answer, as_of);
            match votes[first..].iter_mut().find(|vote| vote.person == person) {
                Some(vote) => vote.worth += worth,
                None => votes.push(Vote {
                    person,
                    rank: similar.rank,
                    worth,
                }),
            }
        }
        for vote in &mut votes[first..] {
            vote.worth = 1.0 - libm::exp2(-vote.worth);
        }
    }
    votes
}
