//! The words of answers, in French and English: a colleague's tone, concrete, never a mark or a rank.

use crate::recommend::tongue::{Manner, Tongue, list};
use crate::signals::{FACTS_GATHERED, Family};

/// What a reason is said with; whatever is empty is left unsaid.
#[derive(Debug, Default)]
pub struct Words<'a> {
    /// How many records support it, those cited included.
    pub count: usize,
    /// The title of the closest question answered.
    pub title: Option<&'a str>,
    /// Names of tags, skills, communities or projects.
    pub names: &'a [String],
    /// Whether the person helped the asker before.
    pub helped: bool,
}

/// The sentence of a reason, without a subject: the person's name stands before it.
pub fn reason(tongue: Tongue, family: Family, words: &Words<'_>) -> String {
    match tongue {
        Tongue::English => english(family, words),
        Tongue::French => french(family, words),
    }
}

fn english(family: Family, words: &Words<'_>) -> String {
    let names = list(words.names, "and");
    let count = words.count;
    let many = if count < FACTS_GATHERED {
        count.to_string()
    } else {
        format!("{count} or more")
    };
    match family {
        Family::SimilarQuestions => match (count, words.title) {
            (1, Some(title)) => format!("answered a similar question: {}", Tongue::English.quoted(title)),
            (0, _) => "answered similar questions".to_owned(),
            (_, Some(title)) => {
                format!(
                    "gave {count} answers to similar questions, such as {}",
                    Tongue::English.quoted(title)
                )
            }
            (_, None) => format!("gave {count} answers to similar questions"),
        },
        Family::Subject => "often answers about this kind of subject".to_owned(),
        Family::Topic if count > 1 => format!("gave {many} answers about {names}"),
        Family::Topic if count == 1 => format!("gave an answer about {names}"),
        Family::Topic => "answers on the same subjects".to_owned(),
        Family::Community if count > 1 => format!("gave {many} answers in {names}"),
        Family::Community if count == 1 => format!("gave an answer in {names}"),
        Family::Community => "answers in this community".to_owned(),
        Family::Skill if words.names.is_empty() => "knows what the question is about".to_owned(),
        Family::Skill => format!("knows about {names}"),
        Family::Language => "works in the language of the question".to_owned(),
        Family::Relation if words.helped => "has helped the person who asks before".to_owned(),
        Family::Relation if words.names.is_empty() => "works close to the person who asks".to_owned(),
        Family::Relation => format!("shares {names} with the person who asks"),
        Family::Referral => "knows about it, says a colleague who was asked".to_owned(),
        Family::Availability => "seems available these days".to_owned(),
    }
}

fn french(family: Family, words: &Words<'_>) -> String {
    let names = list(words.names, "et");
    // Between quotation marks a name needs no elision: « d’exploitation » would not be the tag.
    let subjects: Vec<String> = words.names.iter().map(|name| Tongue::French.quoted(name)).collect();
    let subjects = list(&subjects, "et");
    let many = if words.count < FACTS_GATHERED {
        words.count.to_string()
    } else {
        format!("au moins {}", words.count)
    };
    let count = words.count;
    match family {
        Family::SimilarQuestions => match (count, words.title) {
            (1, Some(title)) => format!("a répondu à une question proche : {}", Tongue::French.quoted(title)),
            (0, _) => "a répondu à des questions proches".to_owned(),
            (_, Some(title)) => {
                format!(
                    "a donné {count} réponses à des questions proches, dont {}",
                    Tongue::French.quoted(title)
                )
            }
            (_, None) => format!("a donné {count} réponses à des questions proches"),
        },
        Family::Subject => "répond souvent sur ce genre de sujets".to_owned(),
        Family::Topic if count > 1 => format!("a donné {many} réponses sur {subjects}"),
        Family::Topic if count == 1 => format!("a donné une réponse sur {subjects}"),
        Family::Topic => "répond sur les mêmes sujets".to_owned(),
        Family::Community if count > 1 => format!("a donné {many} réponses dans {names}"),
        Family::Community if count == 1 => format!("a donné une réponse dans {names}"),
        Family::Community => "répond dans cette communauté".to_owned(),
        Family::Skill if words.names.is_empty() => "connaît ce dont il est question".to_owned(),
        Family::Skill => format!("s’y connaît en {names}"),
        Family::Language => "travaille dans la langue de la question".to_owned(),
        Family::Relation if words.helped => "a déjà aidé la personne qui demande".to_owned(),
        Family::Relation if words.names.is_empty() => "travaille près de la personne qui demande".to_owned(),
        Family::Relation => format!("partage {names} avec la personne qui demande"),
        Family::Referral => "s’y connaît, d’après un collègue à qui la question a été posée".to_owned(),
        Family::Availability => "semble disponible en ce moment".to_owned(),
    }
}

/// A few words to send, to be edited, with a way out. They say why this person, when `words` know it.
pub fn invitation(tongue: Tongue, manner: Manner, name: Option<&str>, title: &str, words: &Words<'_>) -> String {
    let first = name.and_then(|name| name.split_whitespace().next());
    let title = tongue.quoted(title);
    match tongue {
        Tongue::English => {
            let hello = first.map_or("Hello,".to_owned(), |name| format!("Hello {name},"));
            let because = match (words.title, words.names) {
                (Some(past), _) => format!(" I thought of you because you answered {}.", tongue.quoted(past)),
                (None, []) => String::new(),
                (None, names) => format!(" I thought of you because you know about {}.", list(names, "and")),
            };
            format!(
                "{hello} the question {title} is waiting for an answer.{because} \
                 Would you have a moment for it? If not, whom would you ask?"
            )
        }
        Tongue::French => {
            let hi = manner.pick("Bonjour", "Salut");
            let hello = first.map_or(format!("{hi},"), |name| format!("{hi} {name},"));
            let because = match (words.title, words.names) {
                (Some(past), _) => {
                    let (to, had) = manner.pick(("vous", "vous aviez"), ("toi", "tu avais"));
                    format!(" J’ai pensé à {to} parce que {had} répondu à {}.", tongue.quoted(past))
                }
                (None, []) => String::new(),
                (None, names) => {
                    let (to, to_whom) = manner.pick(("vous", "vous"), ("toi", "t’"));
                    let space = manner.pick(" ", "");
                    format!(
                        " J’ai pensé à {to} parce que le sujet {to_whom}{space}est familier : {}.",
                        list(names, "et")
                    )
                }
            };
            let (would_have, would_think) =
                manner.pick(("Auriez-vous", "penseriez-vous"), ("Aurais-tu", "penserais-tu"));
            format!(
                "{hello} la question {title} attend une réponse.{because} \
                 {would_have} un moment pour y jeter un œil ? Sinon, à qui {would_think} ?"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::tongue::rating_word;

    #[test]
    fn a_french_invitation_says_vous_or_tu_throughout() {
        let names = ["pompes".to_owned()];
        for words in [
            Words {
                title: Some("Une pompe qui cavite"),
                ..Words::default()
            },
            Words {
                names: &names,
                ..Words::default()
            },
            Words::default(),
        ] {
            let text = |manner| invitation(Tongue::French, manner, Some("Léa Morin"), "Une pompe", &words);
            let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
            let (vous, tu) = (text(Manner::Vous), text(Manner::Tu));
            let (of_vous, of_tu) = (["vous", "Auriez", "penseriez"], ["toi", "tu ", "Aurais-", "penserais"]);
            assert!(
                has(&vous, &of_vous) && !has(&vous, &of_tu) && !vous.contains("t’est"),
                "{vous}"
            );
            assert!(has(&tu, &of_tu) && !has(&tu, &of_vous), "{tu}");
        }
        let words = Words {
            names: &names,
            ..Words::default()
        };
        assert_eq!(
            invitation(Tongue::French, Manner::Tu, Some("Léa Morin"), "Une pompe", &words),
            "Salut Léa, la question « Une pompe » attend une réponse. J’ai pensé à toi parce que le sujet t’est \
             familier : pompes. Aurais-tu un moment pour y jeter un œil ? Sinon, à qui penserais-tu ?"
        );
    }

    #[test]
    fn no_text_rates_anybody() {
        let names = ["X".to_owned(), "Y".to_owned()];
        for tongue in [Tongue::English, Tongue::French] {
            for family in Family::ALL {
                for (count, title) in [(0, None), (1, Some("T")), (4, Some("T")), (4, None)] {
                    for helped in [false, true] {
                        let text = reason(
                            tongue,
                            family,
                            &Words {
                                count,
                                title,
                                names: &names,
                                helped,
                            },
                        );
                        assert_eq!(rating_word(&text), None, "{text}");
                    }
                }
            }
            for (title, names) in [(Some("P"), &names[..]), (None, &names), (None, &[])] {
                let words = Words {
                    title,
                    names,
                    ..Words::default()
                };
                for manner in [Manner::Vous, Manner::Tu] {
                    let text = invitation(tongue, manner, Some("Ana"), "T", &words);
                    assert_eq!(rating_word(&text), None, "{text}");
                }
            }
        }
    }
}
