//! The words of an invitation to co-animate: they say why this person, what is asked, and that a no is fine.

use crate::recommend::tongue::{Manner, Tongue, list};

/// What an invitation is made of.
#[derive(Debug, Default)]
pub struct Invitation<'a> {
    /// The name of the person who is invited.
    pub name: Option<&'a str>,
    /// What the community is called.
    pub community: &'a str,
    /// Who animates it, by name.
    pub animators: &'a [String],
    /// What the person knows, by name.
    pub knows: &'a [String],
    /// Whether they offered to animate.
    pub volunteer: bool,
    /// Whether they belong to the community.
    pub belongs: bool,
    /// Whether they would animate for the first time: somebody accompanies them.
    pub first_time: bool,
    /// Who would accompany them, where whoever does may be named.
    pub beside: Option<&'a str>,
}

/// A few words to send, to be edited, with a way out.
pub fn invitation(tongue: Tongue, manner: Manner, words: &Invitation<'_>) -> String {
    let first = words.name.and_then(|name| name.split_whitespace().next());
    let community = tongue.quoted(words.community);
    match tongue {
        Tongue::English => english_invitation(first, &community, words),
        Tongue::French => french_invitation(manner, first, &community, words),
    }
}

fn english_invitation(first: Option<&str>, community: &str, words: &Invitation<'_>) -> String {
    let hello = first.map_or("Hello,".to_owned(), |name| format!("Hello {name},"));
    let wanted = match words.animators {
        [] => format!("the community {community} is looking for somebody to animate it."),
        names => format!(
            "{} would like to share the animation of {community}.",
            list(names, "and")
        ),
    };
    let because = if words.volunteer {
        " You offered to animate: thank you.".to_owned()
    } else if words.knows.is_empty() {
        String::new()
    } else {
        format!(" I thought of you because you know about {}.", list(words.knows, "and"))
    };
    let meet = if words.belongs {
        ""
    } else {
        " I would gladly introduce you to its members."
    };
    let beside = match words.beside {
        Some(name) => format!(" {name} would accompany you at the beginning."),
        None if words.first_time => {
            " Somebody who has animated before would accompany you at the beginning.".to_owned()
        }
        None => String::new(),
    };
    format!(
        "{hello} {wanted}{because}{meet}{beside} \
         Could you see yourself giving it an hour or so a week, for a while? A no is a fine answer."
    )
}

fn french_invitation(manner: Manner, first: Option<&str>, community: &str, words: &Invitation<'_>) -> String {
    let hi = manner.pick("Bonjour", "Salut");
    let hello = first.map_or(format!("{hi},"), |name| format!("{hi} {name},"));
    let wanted = match words.animators {
        [] => format!("la communauté {community} cherche quelqu’un pour l’animer."),
        [one] => format!("{one} aimerait partager l’animation de {community}."),
        names => format!("{} aimeraient partager l’animation de {community}.", list(names, "et")),
    };
    let because = if words.volunteer {
        manner
            .pick(
                " Vous vous êtes proposé pour animer : merci.",
                " Tu t’es proposé pour animer : merci.",
            )
            .to_owned()
    } else if words.knows.is_empty() {
        String::new()
    } else {
        let thought = manner.pick(
            " J’ai pensé à vous parce que le sujet vous est familier :",
            " J’ai pensé à toi parce que le sujet t’est familier :",
        );
        format!("{thought} {}.", list(words.knows, "et"))
    };
    let meet = if words.belongs {
        ""
    } else {
        manner.pick(
            " Je vous présenterai volontiers à ses membres.",
            " Je te présenterai volontiers à ses membres.",
        )
    };
    let you = manner.pick("vous ", "t’");
    let beside = match words.beside {
        Some(name) => format!(" {name} {you}accompagnerait au début."),
        None if words.first_time => format!(" Quelqu’un qui a déjà animé {you}accompagnerait au début."),
        None => String::new(),
    };
    let would = manner.pick(
        "Vous verriez-vous y consacrer à peu près une heure par semaine, pour un temps ? Un non convient très bien.",
        "Te verrais-tu y consacrer à peu près une heure par semaine, pour un temps ? Un non convient très bien.",
    );
    format!("{hello} {wanted}{because}{meet}{beside} {would}")
}
