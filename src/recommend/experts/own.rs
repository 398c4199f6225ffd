//! Whether somebody could answer a question, told to themself: for their own page, which they open when they like.
//!
//! What keeps others from asking them (their will, their absence, how much they are asked) is not looked at: nobody asks
//! them here. Nothing is told that they could not be told of a colleague.

use super::ExpertsRecommender;
use super::texts::Words;
use super::wording::Wording;
use crate::pipeline::Part;
use crate::recommend::answer::Reason;
use crate::recommend::tongue::{Manner, Tongue, list};
use crate::signals::{Experts, ExpertsQuery, Family, Proof};
use crate::world::{PersonIx, View};

/// Reasons told at most.
const REASONS: usize = 3;
/// What weighs less than this share of the weightiest reason is not told.
const TOLD: f64 = 0.2;

/// Why somebody could answer a question, in words to themself.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnReasons {
    /// Their place among all who could, by relevance alone, from 1. For ordering; nobody is told.
    pub place: usize,
    /// Why, the weightiest first; at least one.
    pub reasons: Vec<Reason>,
}

impl ExpertsRecommender {
    /// Why `person` could answer `query`, of which they are the viewer; `None` when nothing that they know or did speaks
    /// for it. Cost: as one answer.
    pub fn own_reasons(
        &self,
        view: &View,
        query: &ExpertsQuery,
        person: PersonIx,
        (tongue, manner): (Tongue, Manner),
    ) -> Option<OwnReasons> {
        let (place, mut parts) = self.pipeline.standing(view, query, person)?;
        parts.retain(|part| part.contribution > 0.0 && tells(part));
        parts.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
        let least = parts.first()?.contribution * TOLD;
        let wording = Wording {
            view,
            query,
            title: "",
            tongue,
            manner,
        };
        let told = parts.iter().take_while(|part| part.contribution >= least).take(REASONS);
        let reason = |part: &Part<Experts>| {
            let names = wording.names(part);
            let words = Words {
                count: part.facts.len(),
                title: wording.closest(part),
                names: &names,
                helped: part.facts.iter().any(|fact| matches!(fact, Proof::Answer(_))),
            };
            let text = text(tongue, manner, part.family, &words);
            Reason {
                text,
                ..wording.reason(part, names)
            }
        };
        Some(OwnReasons {
            place,
            reasons: told.map(reason).collect(),
        })
    }
}

/// Whether a part says something about what the person knows or did.
fn tells(part: &Part<Experts>) -> bool {
    match part.family {
        Family::SimilarQuestions | Family::Topic | Family::Community | Family::Skill => !part.facts.is_empty(),
        Family::Subject | Family::Referral => true,
        Family::Language | Family::Relation | Family::Availability => false,
    }
}

/// The sentence of a reason, said to the person.
fn text(tongue: Tongue, manner: Manner, family: Family, words: &Words<'_>) -> String {
    match tongue {
        Tongue::English => english(family, words),
        Tongue::French => french(manner, family, words),
    }
}

fn english(family: Family, words: &Words<'_>) -> String {
    let names = list(words.names, "and");
    match (family, words.title) {
        (Family::SimilarQuestions, Some(title)) => {
            format!("you answered a similar question: {}", Tongue::English.quoted(title))
        }
        (Family::SimilarQuestions, None) => "you answered similar questions".to_owned(),
        (Family::Topic, _) if !words.names.is_empty() => format!("you answered about {names}"),
        (Family::Community, _) if !words.names.is_empty() => format!("you answered in {names}"),
        (Family::Skill, _) if !words.names.is_empty() => format!("it speaks of what you know: {names}"),
        (Family::Skill, _) => "it speaks of what you know".to_owned(),
        (Family::Referral, _) => "a colleague thought of you".to_owned(),
        _ => "you often answer about this kind of subject".to_owned(),
    }
}

fn french(manner: Manner, family: Family, words: &Words<'_>) -> String {
    let names = list(words.names, "et");
    let answered = manner.pick("vous avez répondu", "tu as répondu");
    let know = manner.pick("vous connaissez", "tu connais");
    match (family, words.title) {
        (Family::SimilarQuestions, Some(title)) => {
            format!("{answered} à une question proche : {}", Tongue::French.quoted(title))
        }
        (Family::SimilarQuestions, None) => format!("{answered} à des questions proches"),
        (Family::Topic, _) if !words.names.is_empty() => {
            let subjects: Vec<String> = words.names.iter().map(|name| Tongue::French.quoted(name)).collect();
            format!("{answered} sur {}", list(&subjects, "et"))
        }
        (Family::Community, _) if !words.names.is_empty() => format!("{answered} dans {names}"),
        (Family::Skill, _) if !words.names.is_empty() => format!("elle parle de ce que {know} : {names}"),
        (Family::Skill, _) => format!("elle parle de ce que {know}"),
        (Family::Referral, _) => format!("un collègue a pensé à {}", manner.pick("vous", "toi")),
        _ => manner
            .pick(
                "vous répondez souvent sur ce genre de sujets",
                "tu réponds souvent sur ce genre de sujets",
            )
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::tongue::rating_word;

    #[test]
    fn a_reason_is_said_to_the_person_and_rates_nobody() {
        let names = ["TLS".to_owned(), "C".to_owned()];
        for family in Family::ALL {
            for (title, names) in [(Some("T"), &names[..]), (None, &names[..]), (None, &[])] {
                let words = Words {
                    count: 2,
                    title,
                    names,
                    helped: false,
                };
                for (tongue, manner, you) in [
                    (Tongue::English, Manner::Vous, "you"),
                    (Tongue::French, Manner::Vous, "vous"),
                    (Tongue::French, Manner::Tu, "t"),
                ] {
                    let text = text(tongue, manner, family, &words);
                    assert_eq!(rating_word(&text), None, "{text}");
                    assert!(text.contains(you), "{text}");
                }
            }
        }
    }
}
