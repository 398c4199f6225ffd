//! The words of reasons for a conclusion: what speaks for it, without praise, for whoever reads.

use crate::recommend::tongue::{Tongue, list};
use crate::signals::skills::Family;

/// Names told of one reason at most.
pub const NAMES: usize = 3;

/// The reason in words. `count` is how many records stand behind it, `names` what they are called.
pub fn reason(family: Family, count: usize, names: &[String], tongue: Tongue) -> String {
    match tongue {
        Tongue::English => english(family, count, names),
        Tongue::French => french(family, count, names),
    }
}

fn english(family: Family, count: usize, names: &[String]) -> String {
    let named = list(names, "and");
    match family {
        Family::Answers if count == 1 => "one answer to a question about it".to_owned(),
        Family::Answers => format!("{count} answers to questions about it"),
        Family::Project if count == 1 => format!("a project about it: {named}"),
        Family::Project => format!("{count} projects about it: {named}"),
        Family::Community => format!("takes part where it is discussed: {named}"),
        Family::Colleague => format!("colleagues of the same projects have it: {named}"),
        Family::Related => format!("often goes with {named}"),
        Family::Narrower => format!("is wider than {named}"),
        Family::Subject => "close to the questions answered".to_owned(),
        Family::Likeness => "people with similar skills have it".to_owned(),
    }
}

fn french(family: Family, count: usize, names: &[String]) -> String {
    let named = list(names, "et");
    match family {
        Family::Answers if count == 1 => "une réponse à une question sur ce sujet".to_owned(),
        Family::Answers => format!("{count} réponses à des questions sur ce sujet"),
        Family::Project if count == 1 => format!("un projet sur ce sujet : {named}"),
        Family::Project => format!("{count} projets sur ce sujet : {named}"),
        Family::Community => format!("participe là où l’on en parle : {named}"),
        Family::Colleague => format!("des collègues des mêmes projets l’ont : {named}"),
        Family::Related => format!("va souvent avec {named}"),
        Family::Narrower => format!("est plus large que {named}"),
        Family::Subject => "proche des questions auxquelles il a été répondu".to_owned(),
        Family::Likeness => "des personnes aux compétences voisines l’ont".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::tongue::rating_word;

    #[test]
    fn no_reason_rates_anybody_and_all_are_worded() {
        let names = ["A".to_owned(), "B".to_owned()];
        for family in Family::ALL {
            for tongue in [Tongue::English, Tongue::French] {
                for count in [1, 2] {
                    let text = reason(family, count, &names[..count], tongue);
                    assert!(!text.is_empty() && rating_word(&text).is_none(), "{text}");
                }
            }
        }
        assert_eq!(
            reason(Family::Project, 2, &names, Tongue::French),
            "2 projets sur ce sujet : A et B"
        );
    }
}
