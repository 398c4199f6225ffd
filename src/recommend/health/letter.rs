//! Texts that an animator edits and sends: the digest of a community, and the sheet by which its care is handed over.
//!
//! Plain text, one thought a line. What only concerns one person (an absence, a load) has no place to stand here; those who
//! are thanked agreed to it before their names come this far.

use super::finding::Seen;
use super::words::{Voice, said};
use crate::recommend::tongue::{Manner, Tongue, list};
use std::fmt::Write as _;

/// A question that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterQuestion {
    /// Its title, or its identifier where it has none.
    pub title: String,
    /// Where the platform shows it.
    pub url: Option<String>,
    /// Days since it was asked.
    pub days: u64,
}

/// What an answer is thanked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thanked {
    /// It was accepted.
    Accepted,
    /// It was the first that a newcomer received.
    WelcomedNewcomer,
    /// It ended a long wait.
    EndedAWait,
}

impl Thanked {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::WelcomedNewcomer => "welcomed_newcomer",
            Self::EndedAWait => "ended_a_wait",
        }
    }
}

/// Somebody to thank, for one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterThanks {
    /// The name that colleagues use.
    pub name: String,
    /// The title of the question.
    pub title: String,
    /// What for.
    pub thanked: Thanked,
}

/// What a digest tells.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The community's name.
    pub community: String,
    /// Questions that wait, the oldest first.
    pub questions: Vec<LetterQuestion>,
    /// How many more wait.
    pub more: usize,
    /// Findings that may be sent, each with the title of a way of animating.
    pub findings: Vec<(Seen, String)>,
    /// Whom to thank.
    pub thanks: Vec<LetterThanks>,
}

/// What a hand-over sheet tells.
#[derive(Clone, Debug, Default)]
pub struct HandOver {
    /// The community's name.
    pub community: String,
    /// Who hands over.
    pub from: String,
    /// What it is about.
    pub about: Option<String>,
    /// Where its charter is.
    pub charter_url: Option<String>,
    /// What it wants to change, in its own words.
    pub objective: Option<String>,
    /// Questions asked in the last twelve whole months.
    pub asked_in_a_year: usize,
    /// Questions that wait, the oldest first.
    pub questions: Vec<LetterQuestion>,
    /// How many more wait.
    pub more: usize,
    /// Who else animates it and wants to be found.
    pub animators: Vec<String>,
    /// Ways of animating that fit, with what each is.
    pub ways: Vec<(String, String)>,
}

/// The digest of a community in `tongue`. It speaks to all its members, in the plural.
pub fn letter(tongue: Tongue, letter: &Letter) -> String {
    let english = tongue == Tongue::English;
    let say = |en: &'static str, fr: &'static str| if english { en } else { fr };
    let mut text = format!("{}\n\n", say("Hello everyone,", "Bonjour à toutes et à tous,"));
    let name = tongue.quoted(&letter.community);
    // Writing into a string cannot fail.
    _ = writeln!(text, "{} {name}.", say("A word from", "Quelques nouvelles de"));
    text.push('\n');
    news(&mut text, tongue, letter);
    ideas(&mut text, tongue, &letter.findings);
    if !letter.thanks.is_empty() {
        _ = writeln!(text, "\n{}", say("And thank you:", "Et merci :"));
    }
    for thanks in &letter.thanks {
        _ = writeln!(text, "- {}", thank(tongue, thanks));
    }
    _ = writeln!(text, "\n{}", say("See you soon!", "À bientôt !"));
    text
}

/// The questions that wait, or that none does.
fn news(text: &mut String, tongue: Tongue, letter: &Letter) {
    let (none, some, lead) = match tongue {
        Tongue::English => (
            "No question waits at the moment. Thank you all.",
            "Questions that wait for a hand:",
            "Even a lead helps; you need not know the whole answer.",
        ),
        Tongue::French => (
            "Aucune question n’attend en ce moment. Merci à vous.",
            "Des questions attendent un coup de main :",
            "Même une piste aide ; nul besoin d’avoir toute la réponse.",
        ),
    };
    if letter.questions.is_empty() {
        _ = writeln!(text, "{none}");
        return;
    }
    _ = writeln!(text, "{some}");
    questions(text, tongue, &letter.questions, letter.more);
    _ = writeln!(text, "{lead}");
}

/// Findings as invitations.
fn ideas(text: &mut String, tongue: Tongue, findings: &[(Seen, String)]) {
    if findings.is_empty() {
        return;
    }
    let opening = match tongue {
        Tongue::English => "Some ideas for the weeks to come, for those who feel like it:",
        Tongue::French => "Quelques idées pour les semaines qui viennent, pour qui en a envie :",
    };
    _ = writeln!(text, "\n{opening}");
    for (seen, way) in findings {
        _ = writeln!(text, "- {}", said(tongue, Manner::Vous, Voice::Together, seen, way));
    }
}

/// Questions as lines.
fn questions(text: &mut String, tongue: Tongue, questions: &[LetterQuestion], more: usize) {
    for question in questions {
        let title = tongue.quoted(&question.title);
        let days = question.days;
        let waits = match (tongue, days) {
            (Tongue::English, 0) => "since today".to_owned(),
            (Tongue::English, 1) => "for a day".to_owned(),
            (Tongue::English, _) => format!("for {days} days"),
            (Tongue::French, 0) => "depuis aujourd’hui".to_owned(),
            (Tongue::French, 1) => "depuis un jour".to_owned(),
            (Tongue::French, _) => format!("depuis {days} jours"),
        };
        let link = question.url.as_deref().map(|url| format!(" {url}")).unwrap_or_default();
        _ = writeln!(text, "- {title}, {waits}{link}");
    }
    if more > 0 {
        _ = match tongue {
            Tongue::English => writeln!(text, "- and {more} more"),
            Tongue::French => writeln!(text, "- et {more} de plus"),
        };
    }
}

fn thank(tongue: Tongue, thanks: &LetterThanks) -> String {
    let (name, title) = (&thanks.name, tongue.quoted(&thanks.title));
    match (tongue, thanks.thanked) {
        (Tongue::English, Thanked::Accepted) => format!("to {name}, whose answer to {title} did the trick"),
        (Tongue::English, Thanked::WelcomedNewcomer) => {
            format!("to {name}, who welcomed somebody new with an answer to {title}")
        }
        (Tongue::English, Thanked::EndedAWait) => format!("to {name}, who took up {title} when it had waited for days"),
        (Tongue::French, Thanked::Accepted) => {
            format!("à {name}, dont la réponse à {title} a tiré quelqu’un d’affaire")
        }
        (Tongue::French, Thanked::WelcomedNewcomer) => {
            format!("à {name}, pour l’accueil fait à une nouvelle personne en répondant à {title}")
        }
        (Tongue::French, Thanked::EndedAWait) => {
            format!("à {name}, pour avoir repris {title} qui attendait depuis des jours")
        }
    }
}

/// The hand-over sheet of a community in `tongue`; it speaks to whoever takes over.
pub fn hand_over(tongue: Tongue, manner: Manner, sheet: &HandOver) -> String {
    let english = tongue == Tongue::English;
    let say = |en: &'static str, fr: &'static str| if english { en } else { fr };
    let name = tongue.quoted(&sheet.community);
    // Writing into a string cannot fail.
    let mut text = match tongue {
        Tongue::English => format!("Taking over {name} from {}\n", sheet.from),
        Tongue::French => format!("Reprendre {name} après {}\n", sheet.from),
    };
    purpose(&mut text, tongue, sheet);
    _ = writeln!(
        text,
        "\n{}\n- {}",
        say("Its rhythm", "Son rythme"),
        rhythm(tongue, sheet.asked_in_a_year)
    );
    _ = writeln!(text, "\n{}", say("Threads that are open", "Les fils ouverts"));
    if sheet.questions.is_empty() {
        _ = writeln!(
            text,
            "{}",
            say(
                "- None: everybody has an answer.",
                "- Aucun : tout le monde a une réponse."
            )
        );
    }
    questions(&mut text, tongue, &sheet.questions, sheet.more);
    who_animates(&mut text, tongue, manner, &sheet.animators);
    _ = writeln!(text, "\n{}", say("To begin with", "Pour commencer"));
    for (title, idea) in &sheet.ways {
        _ = writeln!(text, "- {}. {idea}", tongue.quoted(title));
    }
    text
}

/// What the community is for, as far as it is written down.
fn purpose(text: &mut String, tongue: Tongue, sheet: &HandOver) {
    let (heading, nothing) = match tongue {
        Tongue::English => (
            "What it is for",
            "- Nobody has written it down yet: a good first thing to do together.",
        ),
        Tongue::French => (
            "À quoi elle sert",
            "- Personne ne l’a encore écrit : une belle première chose à faire ensemble.",
        ),
    };
    _ = writeln!(text, "\n{heading}");
    let told = [&sheet.about, &sheet.objective, &sheet.charter_url];
    for line in told.into_iter().flatten() {
        _ = writeln!(text, "- {line}");
    }
    if sheet.about.is_none() && sheet.objective.is_none() {
        _ = writeln!(text, "{nothing}");
    }
}

/// Who else animates.
fn who_animates(text: &mut String, tongue: Tongue, manner: Manner, names: &[String]) {
    let (heading, and) = match tongue {
        Tongue::English => ("Who animates", "and"),
        Tongue::French => ("Qui anime", "et"),
    };
    let nobody = || match tongue {
        Tongue::English => "Nobody else yet: look for a second person before anything else.".to_owned(),
        Tongue::French => {
            let look = manner.pick("cherchez", "cherche");
            format!("Personne d’autre pour l’instant : {look} une deuxième personne avant toute chose.")
        }
    };
    let told = if names.is_empty() { nobody() } else { list(names, and) };
    _ = writeln!(text, "\n{heading}\n- {told}");
}

fn rhythm(tongue: Tongue, asked_in_a_year: usize) -> String {
    let a_month = (asked_in_a_year + 6) / 12;
    match (tongue, a_month) {
        (Tongue::English, 0) => "Less than one question a month".to_owned(),
        (Tongue::English, 1) => "About one question a month".to_owned(),
        (Tongue::English, _) => format!("About {a_month} questions a month"),
        (Tongue::French, 0) => "Moins d’une question par mois".to_owned(),
        (Tongue::French, 1) => "Environ une question par mois".to_owned(),
        (Tongue::French, _) => format!("Environ {a_month} questions par mois"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::health::Finding;
    use crate::recommend::tongue::rating_word;

    fn question(title: &str, days: u64) -> LetterQuestion {
        LetterQuestion {
            title: title.to_owned(),
            url: Some(format!("https://forum.example/{days}")),
            days,
        }
    }

    #[test]
    fn a_digest_tells_questions_then_ideas_then_thanks() {
        let full = Letter {
            community: "Pompes".to_owned(),
            questions: vec![question("Elle gronde", 1), question("Elle fuit", 4)],
            more: 2,
            findings: vec![(
                Seen::of(Finding::NewcomersWaiting).counting(2),
                "Le café d’accueil".to_owned(),
            )],
            thanks: vec![LetterThanks {
                name: "Léa".to_owned(),
                title: "Le clapet".to_owned(),
                thanked: Thanked::Accepted,
            }],
        };
        assert_eq!(
            letter(Tongue::French, &full),
            "Bonjour à toutes et à tous,\n\nQuelques nouvelles de « Pompes ».\n\nDes questions attendent un coup de main :\n\
             - « Elle gronde », depuis un jour https://forum.example/1\n- « Elle fuit », depuis 4 jours https://forum.example/4\n\
             - et 2 de plus\nMême une piste aide ; nul besoin d’avoir toute la réponse.\n\n\
             Quelques idées pour les semaines qui viennent, pour qui en a envie :\n- Pour que les nouveaux venus se sentent chez \
             eux, nous pourrions essayer « Le café d’accueil ». Quelques nouveaux venus attendent une première réponse depuis trois \
             jours ou plus.\n\nEt merci :\n- à Léa, dont la réponse à « Le clapet » a tiré quelqu’un d’affaire\n\nÀ bientôt !\n"
        );
        let empty = letter(
            Tongue::English,
            &Letter {
                community: "Pumps".to_owned(),
                ..Letter::default()
            },
        );
        assert_eq!(
            empty,
            "Hello everyone,\n\nA word from “Pumps”.\n\nNo question waits at the moment. Thank you all.\n\nSee you soon!\n"
        );
    }

    #[test]
    fn no_line_of_either_text_rates_anybody() {
        let thanks = [Thanked::Accepted, Thanked::WelcomedNewcomer, Thanked::EndedAWait].map(|thanked| LetterThanks {
            name: "Ana".to_owned(),
            title: "T".to_owned(),
            thanked,
        });
        for tongue in [Tongue::English, Tongue::French] {
            for (count, names) in [(0, vec![]), (14, vec!["Bo".to_owned(), "Cy".to_owned()]), (60, vec![])] {
                let sheet = HandOver {
                    community: "C".to_owned(),
                    from: "Ana".to_owned(),
                    asked_in_a_year: count,
                    questions: (0..count as u64 / 10).map(|days| question("Q", days)).collect(),
                    animators: names,
                    ways: vec![("W".to_owned(), "I.".to_owned())],
                    ..HandOver::default()
                };
                let digest = Letter {
                    community: "C".to_owned(),
                    questions: sheet.questions.clone(),
                    thanks: thanks.to_vec(),
                    ..Letter::default()
                };
                for text in [hand_over(tongue, Manner::Tu, &sheet), letter(tongue, &digest)] {
                    assert_eq!(rating_word(&text), None, "{text}");
                }
            }
        }
        assert_eq!(rhythm(Tongue::English, 5), "Less than one question a month");
        assert_eq!(rhythm(Tongue::English, 6), "About one question a month");
        assert_eq!(rhythm(Tongue::English, 30), "About 3 questions a month");
    }
}
