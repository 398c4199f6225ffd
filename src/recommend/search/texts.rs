//! The words of a search, in French and English: what speaks for a person, a colleague's tone, never a mark or a rank.

use crate::recommend::tongue::{Tongue, list};
use crate::signals::FACTS_GATHERED;
use crate::signals::search::{Facet, Family, Said};

/// What a reason is said with; whatever is empty is left unsaid.
#[derive(Debug, Default)]
pub struct Words<'a> {
    /// How many records support it, those cited included.
    pub count: usize,
    /// The title of the closest question answered.
    pub title: Option<&'a str>,
    /// Names of tags, skills, communities or projects.
    pub names: &'a [String],
    /// Whether the person offers help rather than that others say so.
    pub offers: bool,
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
    match (family, count) {
        (Family::SimilarQuestions | Family::Subject, _) => {
            let such = words.title.map(|title| Tongue::English.quoted(title));
            let kind = if family == Family::Subject { "related" } else { "close" };
            match (count, such) {
                (1, Some(title)) => format!("answered a {kind} question: {title}"),
                (0, _) => format!("answers {kind} questions"),
                (_, Some(title)) => format!("gave {many} answers to {kind} questions, such as {title}"),
                (_, None) => format!("gave {many} answers to {kind} questions"),
            }
        }
        (Family::Topic, 0) => "answers on this".to_owned(),
        (Family::Topic, 1) => format!("gave an answer about {names}"),
        (Family::Topic, _) => format!("gave {many} answers about {names}"),
        (Family::Skill, _) if words.offers => format!("offers help with {names}"),
        (Family::Skill, _) => format!("knows about {names}"),
        (Family::BroaderSkill, _) => format!("knows about {names}, which is wider"),
        (Family::Community, _) => format!("is active in {names}"),
        (Family::Project, _) => format!("takes or took part in {names}"),
        (Family::Availability, _) => "seems available these days".to_owned(),
    }
}

fn french(family: Family, words: &Words<'_>) -> String {
    let quoted: Vec<String> = words.names.iter().map(|name| Tongue::French.quoted(name)).collect();
    // Between quotation marks a name needs no elision: « d’exploitation » would not be the tag.
    let (names, subjects) = (list(words.names, "et"), list(&quoted, "et"));
    let count = words.count;
    let many = if count < FACTS_GATHERED {
        count.to_string()
    } else {
        format!("au moins {count}")
    };
    match (family, count) {
        (Family::SimilarQuestions | Family::Subject, _) => {
            let such = words.title.map(|title| Tongue::French.quoted(title));
            let (one, all) = if family == Family::Subject {
                ("une question du même sujet", "des questions du même sujet")
            } else {
                ("une question proche", "des questions proches")
            };
            match (count, such) {
                (1, Some(title)) => format!("a répondu à {one} : {title}"),
                (0, _) => format!("répond à {all}"),
                (_, Some(title)) => format!("a donné {many} réponses à {all}, dont {title}"),
                (_, None) => format!("a donné {many} réponses à {all}"),
            }
        }
        (Family::Topic, 0) => "répond à ce sujet".to_owned(),
        (Family::Topic, 1) => format!("a donné une réponse sur {subjects}"),
        (Family::Topic, _) => format!("a donné {many} réponses sur {subjects}"),
        (Family::Skill, _) if words.offers => format!("propose son aide : {names}"),
        (Family::Skill, _) => format!("s’y connaît : {names}"),
        (Family::BroaderSkill, _) => format!("s’y connaît, plus largement : {names}"),
        (Family::Community, _) => format!("prend part à la vie de {subjects}"),
        (Family::Project, _) => format!("participe ou a participé au projet {subjects}"),
        (Family::Availability, _) => "semble disponible en ce moment".to_owned(),
    }
}

/// What a value of a facet is called where it is not a name of the organisation's own.
pub fn label(tongue: Tongue, facet: Facet, value: &str) -> String {
    let (english, french) = match (facet, value) {
        (Facet::Availability, "available") => ("available these days", "disponible en ce moment"),
        (Facet::Availability, _) => ("not available these days", "pas disponible en ce moment"),
        (Facet::Origin, code) => origin(code),
        (Facet::Language, "fr") => ("French", "français"),
        (Facet::Language, "en") => ("English", "anglais"),
        (Facet::Language, "de") => ("German", "allemand"),
        (Facet::Language, "es") => ("Spanish", "espagnol"),
        (Facet::Language, "it") => ("Italian", "italien"),
        (Facet::Language, "pt") => ("Portuguese", "portugais"),
        (Facet::Language, "nl") => ("Dutch", "néerlandais"),
        _ => (value, value),
    };
    match tongue {
        Tongue::English => english.to_owned(),
        Tongue::French => french.to_owned(),
    }
}

fn origin(code: &str) -> (&str, &str) {
    let said = Said::ALL.iter().find(|(known, _)| *known == code);
    match said.map(|(_, said)| said) {
        Some(Said::Answers) => ("by their answers", "par ses réponses"),
        Some(Said::Declared) => ("they say so", "de son propre aveu"),
        Some(Said::Endorsed) => ("a colleague says so", "d’après un ou une collègue"),
        Some(Said::Imported) => ("another system says so", "d’après un autre système"),
        Some(Said::Confirmed) => ("confirmed by the person", "confirmé par la personne"),
        Some(Said::Offered) => ("they offer help", "propose son aide"),
        None => (code, code),
    }
}

/// Why nobody is found, and what to do.
pub fn nobody(tongue: Tongue, code: &str, leave_out: &[Facet]) -> String {
    let filters: Vec<String> = leave_out.iter().map(|facet| facet.code().to_owned()).collect();
    match (code, tongue) {
        ("nothing_understood", Tongue::English) => {
            "None of these words is a skill, a tag or a word of a past question here: try the name of a skill, or a word that \
             colleagues use."
                .to_owned()
        }
        ("nothing_understood", Tongue::French) => {
            "Aucun de ces mots n’est ici une compétence, une étiquette ou un mot d’une question passée : essayez le nom d’une \
             compétence, ou un mot que les collègues emploient."
                .to_owned()
        }
        ("all_filtered", Tongue::English) if filters.is_empty() => {
            "Some know about it, but nobody is as all filters ask: leave out two or more of them.".to_owned()
        }
        ("all_filtered", Tongue::French) if filters.is_empty() => {
            "Des personnes s’y connaissent, mais aucune ne répond à tous les filtres : retirez-en deux ou plus.".to_owned()
        }
        ("all_filtered", Tongue::English) => {
            format!(
                "Some know about it, but nobody is as all filters ask: leave out {}.",
                list(&filters, "or")
            )
        }
        ("all_filtered", Tongue::French) => {
            format!(
                "Des personnes s’y connaissent, mais aucune ne répond à tous les filtres : retirez {}.",
                list(&filters, "ou")
            )
        }
        (_, Tongue::English) => {
            "Nobody is known to know about this yet: ask the question where colleagues will see it, or try a wider word.".to_owned()
        }
        (_, Tongue::French) => {
            "Personne n’est encore connu pour cela : posez la question là où les collègues la verront, ou essayez un mot plus \
             large."
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::tongue::rating_word;

    #[test]
    fn no_text_rates_anybody() {
        let names = ["X".to_owned(), "Y".to_owned()];
        for tongue in [Tongue::English, Tongue::French] {
            for family in Family::ALL {
                for (count, title, offers) in [
                    (0, None, false),
                    (1, Some("T"), true),
                    (60, Some("T"), false),
                    (4, None, true),
                ] {
                    let words = Words {
                        count,
                        title,
                        names: &names,
                        offers,
                    };
                    let text = reason(tongue, family, &words);
                    assert_eq!(rating_word(&text), None, "{text}");
                }
            }
            for (code, _) in Said::ALL {
                let text = label(tongue, Facet::Origin, code);
                assert!(text != code && rating_word(&text).is_none(), "{text}");
            }
            for code in ["nothing_understood", "all_filtered", "nobody_known"] {
                for leave_out in [&[][..], &[Facet::Site, Facet::Unit]] {
                    let text = nobody(tongue, code, leave_out);
                    assert_eq!(rating_word(&text), None, "{text}");
                }
            }
        }
    }

    #[test]
    fn nobody_says_which_filters_to_leave_out() {
        let text = nobody(Tongue::French, "all_filtered", &[Facet::Site, Facet::Unit]);
        assert!(text.ends_with("retirez site ou unit."), "{text}");
    }
}
