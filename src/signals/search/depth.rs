//! How deep somebody is in a topic: in bands, from what they did and what is said of them, never from how they compare.

use super::held::Heard;
use super::topics::Gist;
use super::{SearchQuery, Topic};
use crate::signals::ExpertsQuery;
use crate::world::{PersonIx, View};

/// A vote is half for one answer, as answers to one question saturate.
const VOTE: f64 = 2.0;
/// Answers that are worth as much as a statement about a skill whose worth is 1/1.25.
const ANSWERS: f64 = 4.0;
const STATEMENT: f64 = 1.25;
/// From which measure on somebody is solid, and deep.
const SOLID: f64 = 0.7;
const DEEP: f64 = 2.0;

/// A band of depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// Something: an answer, a declared skill.
    Touched,
    /// Three answers, or an endorsed skill.
    Solid,
    /// Eight answers, or a skill that several endorse.
    Deep,
}

impl Depth {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Touched => "some",
            Self::Solid => "solid",
            Self::Deep => "deep",
        }
    }

    /// The band of a measure; none where there is nothing.
    fn of(measure: f64) -> Option<Self> {
        let depths = [None, Some(Self::Touched), Some(Self::Solid), Some(Self::Deep)];
        depths[usize::from(band(measure))]
    }
}

/// The band of [`SOLID`].
pub(super) const SOLID_BAND: u8 = 2;

/// The number of the band of a measure, 1 to 3; 0 where there is nothing.
pub(super) fn band(measure: f64) -> u8 {
    u8::from(measure > 0.0) + u8::from(measure >= SOLID) + u8::from(measure >= DEEP)
}

/// How deep somebody is in one of the topics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepthShown {
    /// Which, by its place.
    pub topic: usize,
    /// How deep.
    pub depth: Depth,
}

/// What answers to questions about `gist` are worth to each person, in answers; in order of index. A sum in the order of
/// closeness, so that the same past gives the same bits.
pub(super) fn efforts(view: &View, gist: &Gist, asked: &ExpertsQuery) -> Vec<(PersonIx, f64)> {
    // Of what is near a skill or a tag, everything says it; words may be near without being said.
    let said: Vec<bool> = asked
        .similar
        .iter()
        .map(|similar| !gist.is_of_words() || gist.is_said_by(view, similar.question))
        .collect();
    let about = asked.votes.iter().filter(|vote| said[vote.rank]);
    let mut efforts: Vec<(PersonIx, f64)> = about.map(|vote| (vote.person, VOTE * vote.worth)).collect();
    efforts.sort_by_key(|effort| effort.0);
    efforts.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    efforts
}

/// max(answers under the topic's tags, answers to questions about it) / 4 + 1¼ · Σ worth of what is said of the topic's skills
/// and shows to the reader, which is what is `heard` of them. ≥ 0; rises with every answer and statement; the same whoever
/// else there is. Cost: three look-ups.
pub(super) fn measure(topic: &Topic, person: PersonIx, heard: Heard) -> f64 {
    let near = topic.near(person);
    f64::from(topic.tagged.of(person)).max(near) / ANSWERS + STATEMENT * heard.own()
}

impl SearchQuery {
    /// How deep `person` is in each topic in which they are at all, in the order of topics.
    pub fn depths(&self, person: PersonIx) -> Vec<DepthShown> {
        let shown = |(topic, measure)| {
            Some(DepthShown {
                topic,
                depth: Depth::of(measure)?,
            })
        };
        self.measured(person).enumerate().filter_map(shown).collect()
    }

    /// The topic in which `person` is deepest, the first of equals, by its place; and how deep that is, ≥ 0: what is told of
    /// their answers and skills is about that one. Cost: three look-ups a topic, and the skills of their row.
    pub fn lead(&self, person: PersonIx) -> (usize, f64) {
        self.measured(person)
            .enumerate()
            .fold((0, f64::MIN), |most, other| if other.1 > most.1 { other } else { most })
    }

    /// What is measured of `person`, topic by topic.
    fn measured(&self, person: PersonIx) -> impl Iterator<Item = f64> + '_ {
        let heard = self.heard(person, self.glances().at(person));
        let measure = move |(topic, heard)| measure(topic, person, heard);
        self.topics.iter().zip(heard).map(measure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_where_they_say() {
        let bands = [0.0, 0.25, 0.69, 0.7, 1.99, 2.0, 9.0].map(Depth::of);
        let (some, solid, deep) = (Some(Depth::Touched), Some(Depth::Solid), Some(Depth::Deep));
        assert_eq!(bands, [None, some, some, solid, solid, deep, deep]);
        assert!(Depth::Deep > Depth::Solid && Depth::Solid > Depth::Touched);
    }
}
