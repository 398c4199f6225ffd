//! The words of answers to a newcomer, in French and English: a colleague's tone, concrete, never a mark or a rank. They
//! speak to the person.

use crate::recommend::tongue::{Manner, Tongue, list};
use crate::signals::communities::Family;

/// What a reason is said with; whatever is empty is left unsaid.
#[derive(Debug, Default)]
pub struct Words<'a> {
    /// Names of skills, projects, people, communities or attributes.
    pub names: &'a [String],
    /// Records behind it: colleagues who are in it.
    pub count: usize,
    /// Answers that the person gave.
    pub answers: usize,
    /// Questions that the person asked.
    pub questions: usize,
    /// The person's unit, when the community belongs to it.
    pub unit: Option<&'a str>,
    /// Whether people gave or joined lately.
    pub is_lively: bool,
    /// Whether somebody animates it.
    pub is_animated: bool,
    /// Whether it is shown because it is open to all, and everybody may join.
    pub is_open: bool,
}

/// The sentence of a reason, without a subject: the community's name stands before it.
pub fn reason(tongue: Tongue, manner: Manner, family: Family, words: &Words<'_>) -> String {
    match tongue {
        Tongue::English => english(family, words),
        Tongue::French => french(manner, family, words),
    }
}

fn english(family: Family, words: &Words<'_>) -> String {
    let names = list(words.names, "and");
    match family {
        Family::Invitation => "an invitation is waiting for you".to_owned(),
        Family::Place => match (words.names, words.unit) {
            ([], Some(unit)) => format!("belongs to your unit, {unit}"),
            ([], None) => "goes with where you work".to_owned(),
            ([_], _) => format!("goes with your project {names}"),
            _ => format!("goes with your projects {names}"),
        },
        Family::Topic if words.names.is_empty() => "is close to what your profile says".to_owned(),
        Family::Topic => format!("is about what you know, follow or work on: {names}"),
        Family::Deed => {
            let answers = counted(words.answers, "answer", "answers");
            let questions = counted(words.questions, "question", "questions");
            let written: Vec<String> = answers.into_iter().chain(questions).collect();
            format!("you wrote about this already: {}", list(&written, "and"))
        }
        Family::Colleague if words.count == 1 => format!("{names}, who is close to your work, is in it"),
        Family::Colleague if words.count > words.names.len() => {
            format!(
                "{} people close to your work are in it, among them {names}",
                words.count
            )
        }
        Family::Colleague => format!("{names}, who are close to your work, are in it"),
        Family::Likeness if words.names.is_empty() => "people with a profile like yours join it".to_owned(),
        Family::Likeness => format!("people join it who have something in common with you: {names}"),
        Family::Neighbour if words.names.is_empty() => "is close to the communities that you are in".to_owned(),
        Family::Neighbour => format!("people whom you meet in {names} are in it"),
        Family::Language => "works in a language that you work in".to_owned(),
        Family::Vigour => {
            let open = if words.is_open { ", open to all" } else { "" };
            match (words.is_lively, words.is_animated) {
                (true, true) => format!("lively these days, with somebody who animates it{open}"),
                (true, false) => format!("lively these days{open}"),
                (false, true) => format!("somebody animates it{open}"),
                (false, false) => format!("many people are in it{open}"),
            }
        }
    }
}

fn french(manner: Manner, family: Family, words: &Words<'_>) -> String {
    let names = list(words.names, "et");
    match family {
        Family::Invitation => manner
            .pick("une invitation vous attend", "une invitation t’attend")
            .to_owned(),
        Family::Place => match (words.names, words.unit) {
            ([], Some(unit)) => format!("est rattachée à {} : {unit}", manner.pick("votre unité", "ton unité")),
            ([], None) => manner
                .pick("va avec votre lieu de travail", "va avec ton lieu de travail")
                .to_owned(),
            ([_], _) => format!("accompagne {} {names}", manner.pick("votre projet", "ton projet")),
            _ => format!("accompagne {} {names}", manner.pick("vos projets", "tes projets")),
        },
        Family::Topic if words.names.is_empty() => {
            format!("proche de ce que dit {}", manner.pick("votre profil", "ton profil"))
        }
        Family::Topic => {
            let you = manner.pick("vous connaissez, suivez ou faites", "tu connais, suis ou fais");
            format!("parle de ce que {you} : {names}")
        }
        Family::Deed => {
            let answers = counted(words.answers, "réponse", "réponses");
            let questions = counted(words.questions, "question", "questions");
            let written: Vec<String> = answers.into_iter().chain(questions).collect();
            let you = manner.pick("vous avez", "tu as");
            format!("{you} déjà écrit là-dessus : {}", list(&written, "et"))
        }
        Family::Colleague | Family::Likeness | Family::Neighbour => french_people(manner, family, words, &names),
        Family::Language => {
            let yours = manner.pick("dans laquelle vous travaillez", "dans laquelle tu travailles");
            format!("travaille dans une langue {yours}")
        }
        Family::Vigour => {
            let open = if words.is_open {
                ", ouverte à toutes et à tous"
            } else {
                ""
            };
            match (words.is_lively, words.is_animated) {
                (true, true) => format!("vivante en ce moment, et quelqu’un l’anime{open}"),
                (true, false) => format!("vivante en ce moment{open}"),
                (false, true) => format!("quelqu’un l’anime{open}"),
                (false, false) => format!("beaucoup de monde en fait partie{open}"),
            }
        }
    }
}

/// What is said of the people who are in a community.
fn french_people(manner: Manner, family: Family, words: &Words<'_>, names: &str) -> String {
    let unnamed = words.names.is_empty();
    match family {
        Family::Colleague => {
            let work = manner.pick("de votre travail", "de ton travail");
            match words.count {
                1 => format!("{names}, proche {work}, en fait partie"),
                count if count > words.names.len() => {
                    format!("{count} personnes proches {work} en font partie, dont {names}")
                }
                _ => format!("{names}, proches {work}, en font partie"),
            }
        }
        Family::Likeness if unnamed => {
            let like = manner.pick("proche du vôtre", "proche du tien");
            format!("des personnes au profil {like} la rejoignent")
        }
        Family::Likeness => {
            let common = manner.pick("ont un point commun avec vous", "ont un point commun avec toi");
            format!("des personnes qui {common} la rejoignent : {names}")
        }
        _ if unnamed => {
            let own = manner.pick("dont vous faites partie", "dont tu fais partie");
            format!("proche des communautés {own}")
        }
        _ => {
            let meet = manner.pick("que vous côtoyez", "que tu côtoies");
            format!("des personnes {meet} dans {names} en font partie")
        }
    }
}

fn counted(count: usize, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    }
}

/// Why communities in languages that the person does not work in are shown.
pub fn other_languages(tongue: Tongue, manner: Manner) -> &'static str {
    match tongue {
        Tongue::English => "no community that is open to you works in a language of yours yet: these work in others",
        Tongue::French => manner.pick(
            "aucune communauté qui vous est ouverte ne travaille encore dans une de vos langues : celles-ci travaillent dans d’autres",
            "aucune communauté qui t’est ouverte ne travaille encore dans une de tes langues : celles-ci travaillent dans d’autres",
        ),
    }
}

/// What weighs less than the reasons that are told.
pub fn rest(tongue: Tongue) -> &'static str {
    match tongue {
        Tongue::English => "and smaller signs",
        Tongue::French => "et d’autres signes plus ténus",
    }
}

/// Why a question that waits is shown: what it has in common with the person's profile, if anything.
pub fn waiting(tongue: Tongue, manner: Manner, shared: &[String]) -> String {
    match (tongue, shared) {
        (Tongue::English, []) => "waits for a first answer".to_owned(),
        (Tongue::English, shared) => format!(
            "waits for an answer, and your profile speaks of {}",
            list(shared, "and")
        ),
        (Tongue::French, []) => "attend une première réponse".to_owned(),
        (Tongue::French, shared) => {
            let profile = manner.pick("votre profil", "ton profil");
            format!("attend une réponse, et {profile} parle de {}", list(shared, "et"))
        }
    }
}

/// A few words with which a newcomer greets somebody, to be edited.
pub fn hello(tongue: Tongue, manner: Manner, name: Option<&str>, community: &str) -> String {
    let first = name.and_then(|name| name.split_whitespace().next());
    let place = tongue.quoted(community);
    match tongue {
        Tongue::English => {
            let hello = first.map_or("Hello,".to_owned(), |name| format!("Hello {name},"));
            format!("{hello} I would like to join {place}. Would you have a few minutes to tell me how it works?")
        }
        Tongue::French => {
            let hi = manner.pick("Bonjour", "Salut");
            let hello = first.map_or(format!("{hi},"), |name| format!("{hi} {name},"));
            let would = manner.pick("Auriez-vous", "Aurais-tu");
            format!("{hello} j’aimerais rejoindre {place}. {would} quelques minutes pour m’en dire un mot ?")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::tongue::rating_word;

    #[test]
    fn no_text_rates_anybody_and_french_keeps_its_manner() {
        let names = ["GMAO".to_owned(), "pompes".to_owned()];
        for (n, family) in Family::ALL.into_iter().enumerate() {
            for names in [&names[..], &names[..1], &[]] {
                let words = Words {
                    names,
                    count: names.len() + n % 2,
                    answers: 2,
                    questions: 1,
                    unit: Some("Groupe/IT"),
                    is_lively: n % 2 == 0,
                    is_animated: true,
                    is_open: true,
                };
                let text = |tongue, manner| reason(tongue, manner, family, &words);
                let (vous, tu) = (text(Tongue::French, Manner::Vous), text(Tongue::French, Manner::Tu));
                for text in [text(Tongue::English, Manner::Vous), vous.clone(), tu.clone()] {
                    assert_eq!(rating_word(&text), None, "{text}");
                    assert!(!text.is_empty() && !text.ends_with(": "), "{text}");
                }
                assert!(
                    !tu.contains("vous") && !tu.contains("votre") && !tu.contains("vos "),
                    "{tu}"
                );
                assert!(
                    !vous.contains("toi") && !vous.contains(" tu ") && !vous.contains("ton "),
                    "{vous}"
                );
            }
        }
    }

    #[test]
    fn a_greeting_and_a_question_can_be_sent_as_they_are() {
        assert_eq!(
            hello(Tongue::French, Manner::Tu, Some("Léa Morin"), "Pompes"),
            "Salut Léa, j’aimerais rejoindre « Pompes ». Aurais-tu quelques minutes pour m’en dire un mot ?"
        );
        assert_eq!(waiting(Tongue::English, Manner::Vous, &[]), "waits for a first answer");
        let shared = ["pompe".to_owned()];
        assert_eq!(
            waiting(Tongue::French, Manner::Vous, &shared),
            "attend une réponse, et votre profil parle de pompe"
        );
        for text in [
            hello(Tongue::English, Manner::Vous, None, "Pumps"),
            waiting(Tongue::French, Manner::Tu, &shared),
            other_languages(Tongue::English, Manner::Vous).to_owned(),
            other_languages(Tongue::French, Manner::Vous).to_owned(),
            other_languages(Tongue::French, Manner::Tu).to_owned(),
        ] {
            assert_eq!(rating_word(&text), None, "{text}");
        }
    }
}
