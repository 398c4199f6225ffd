//! The words of answers about co-animators, in French and English: a colleague's tone, never a mark or a rank, and nothing
//! of anybody's absences or hours.

use super::answer::Share;
use crate::domain::CommunityKind;
use crate::recommend::tongue::{Manner, Tongue, list};
use crate::signals::co_animators::{Exclusion, Family, Side};

/// What a reason is said with; whatever is empty is left unsaid.
#[derive(Debug, Default)]
pub struct Words<'a> {
    /// Answers that support it, those cited included.
    pub answers: usize,
    /// Names of skills, communities or projects.
    pub names: &'a [String],
    /// Whether they belong to the community for a year or more; for the field, whether they animate there; for the place,
    /// whether they work in its unit; for experience, whether they animate now.
    pub long: bool,
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
    let either = |long: &str, short: &str| if words.long { long } else { short }.to_owned();
    match family {
        Family::Expertise => match (words.answers, words.names) {
            (0, []) => "knows its subjects".to_owned(),
            (0, _) => format!("knows about {names}"),
            (1, []) => "gave an answer on its subjects".to_owned(),
            (n, []) => format!("gave {n} answers on its subjects"),
            (1, _) => format!("gave an answer on its subjects, and knows about {names}"),
            (n, _) => format!("gave {n} answers on its subjects, and knows about {names}"),
        },
        Family::Circle => "takes part in the life of the community".to_owned(),
        Family::Tenure => either(
            "has known the community for more than a year",
            "joined the community lately",
        ),
        Family::Experience => either("animates another community", "has animated before"),
        Family::Breadth => "knows the organisation: belongs to other communities".to_owned(),
        Family::Relation if words.names.is_empty() => "belongs where other members belong".to_owned(),
        Family::Relation => format!("shares {names} with those who animate it"),
        Family::Field => either(
            "animates a community on the same subjects",
            "belongs to communities on the same subjects",
        ),
        Family::Place => either("works in its unit", "works in its language"),
        Family::Availability => "seems to have time for it".to_owned(),
    }
}

fn french(family: Family, words: &Words<'_>) -> String {
    let names = list(words.names, "et");
    let either = |long: &str, short: &str| if words.long { long } else { short }.to_owned();
    match family {
        Family::Expertise => match (words.answers, words.names) {
            (0, []) => "connaît ses sujets".to_owned(),
            (0, _) => format!("s’y connaît en {names}"),
            (1, []) => "a donné une réponse sur ses sujets".to_owned(),
            (n, []) => format!("a donné {n} réponses sur ses sujets"),
            (1, _) => format!("a donné une réponse sur ses sujets et s’y connaît en {names}"),
            (n, _) => format!("a donné {n} réponses sur ses sujets et s’y connaît en {names}"),
        },
        Family::Circle => "participe à la vie de la communauté".to_owned(),
        Family::Tenure => either(
            "connaît la communauté depuis plus d’un an",
            "a rejoint la communauté récemment",
        ),
        Family::Experience => either("anime une autre communauté", "a déjà animé"),
        Family::Breadth => "connaît l’organisation : appartient à d’autres communautés".to_owned(),
        Family::Relation if words.names.is_empty() => {
            "appartient aux mêmes communautés que d’autres membres".to_owned()
        }
        Family::Relation => format!("partage {names} avec les personnes qui l’animent"),
        Family::Field => either(
            "anime une communauté sur les mêmes sujets",
            "appartient à des communautés sur les mêmes sujets",
        ),
        Family::Place => either("travaille dans son entité", "travaille dans sa langue"),
        Family::Availability => "semble avoir du temps pour cela".to_owned(),
    }
}

/// What somebody adds on a side, with the names that it has.
pub fn added(tongue: Tongue, side: Side, share: Share, names: &[String]) -> String {
    match tongue {
        Tongue::English => match (side, share) {
            (Side::Relief, _) => "could stand in on days when one person is alone".to_owned(),
            (Side::Cover, Share::All) => "is there on all the days without an animator".to_owned(),
            (Side::Cover, Share::Most) => "is there on most of the days without an animator".to_owned(),
            (Side::Cover, Share::Part) => "is there on some of the days without an animator".to_owned(),
            (Side::Hours, Share::All) => "has the hours that are short".to_owned(),
            (Side::Hours, _) => "has some of the hours that are short".to_owned(),
            (Side::Unit, _) => with("brings another unit to those who animate", names, "and"),
            (Side::Site, _) => with("works at another site than those who animate", names, "and"),
            (Side::TimeZone, _) => "lives in another time zone than those who animate".to_owned(),
            (Side::Language, _) => "brings another language to those who animate".to_owned(),
        },
        Tongue::French => match (side, share) {
            (Side::Relief, _) => "pourrait relayer les jours où une personne est seule".to_owned(),
            (Side::Cover, Share::All) => "est là tous les jours sans animateur".to_owned(),
            (Side::Cover, Share::Most) => "est là la plupart des jours sans animateur".to_owned(),
            (Side::Cover, Share::Part) => "est là une partie des jours sans animateur".to_owned(),
            (Side::Hours, Share::All) => "a les heures qui manquent".to_owned(),
            (Side::Hours, _) => "a une partie des heures qui manquent".to_owned(),
            (Side::Unit, _) => with("apporte une autre entité à celles des animateurs", names, "et"),
            (Side::Site, _) => with("travaille sur un autre site que les animateurs", names, "et"),
            (Side::TimeZone, _) => "vit dans un autre fuseau horaire que les animateurs".to_owned(),
            (Side::Language, _) => "apporte une autre langue à celles des animateurs".to_owned(),
        },
    }
}

/// What is said to others of somebody's days and hours: of everybody the same.
pub const fn time(tongue: Tongue) -> &'static str {
    match tongue {
        Tongue::English => "would share the days and hours that animating takes",
        Tongue::French => "partagerait les jours et les heures que prend l’animation",
    }
}

fn with(text: &str, names: &[String], and: &str) -> String {
    if names.is_empty() {
        text.to_owned()
    } else {
        format!("{text} ({})", list(names, and))
    }
}

/// What a community needs, in figures.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// Those who animate it.
    pub animators: usize,
    /// Animators that are missing to the fewest that it should have.
    pub missing: u32,
    /// Days without an available animator, of so many.
    pub days: (u32, u32),
    /// Whether its animators lack hours.
    pub hours_short: bool,
}

/// What the community needs.
pub fn needs(tongue: Tongue, need: Need) -> String {
    let (without, days) = need.days;
    let told = match tongue {
        Tongue::English => [
            (need.animators == 0).then(|| "No animator is identified.".to_owned()),
            (need.animators > 0 && need.missing > 0).then(|| "One animator more is recommended.".to_owned()),
            (need.animators > 0 && without > 0)
                .then(|| format!("No animator is available for {without} of the next {days} days.")),
            need.hours_short.then(|| "Those who animate lack hours.".to_owned()),
        ],
        Tongue::French => [
            (need.animators == 0).then(|| "Aucun animateur n’est identifié.".to_owned()),
            (need.animators > 0 && need.missing > 0).then(|| "Un animateur de plus est recommandé.".to_owned()),
            (need.animators > 0 && without > 0)
                .then(|| format!("Aucun animateur n’est disponible pendant {without} des {days} prochains jours.")),
            need.hours_short.then(|| "Les heures d’animation manquent.".to_owned()),
        ],
    };
    let told: Vec<String> = told.into_iter().flatten().collect();
    if !told.is_empty() {
        return told.join(" ");
    }
    match tongue {
        Tongue::English => "Somebody is there on each of the next days: one person more would share the load.",
        Tongue::French => "Quelqu’un est là chacun des prochains jours : une personne de plus partagerait la charge.",
    }
    .to_owned()
}

/// Who animates a community of this kind.
pub const fn rule(tongue: Tongue, kind: CommunityKind) -> &'static str {
    match (tongue, kind) {
        (Tongue::English, CommunityKind::Project) => {
            "A project's community is animated by its lead, or somebody who takes part."
        }
        (Tongue::English, CommunityKind::Practice) => {
            "A community of practice is animated by people who know or teach the subject."
        }
        (Tongue::English, CommunityKind::Interest) => "A community of interest does well with several animators.",
        (Tongue::English, CommunityKind::Instance) => {
            "A committee's community is animated by somebody of the committee."
        }
        (Tongue::English, CommunityKind::Watch) => "A watch is animated by one of those who post what they find.",
        (Tongue::English, CommunityKind::Team) => {
            "A team's community is animated by the head of the unit, with a second from it."
        }
        (Tongue::English, CommunityKind::Process) => {
            "A process's community is animated by people who know the process."
        }
        (Tongue::English, CommunityKind::Unspecified) => "Every community has an animator who is known to all.",
        (Tongue::French, CommunityKind::Project) => {
            "La communauté d’un projet est animée par qui le pilote ou y participe."
        }
        (Tongue::French, CommunityKind::Practice) => {
            "Une communauté de pratique est animée par des personnes qui connaissent ou enseignent le sujet."
        }
        (Tongue::French, CommunityKind::Interest) => "Une communauté d’intérêt gagne à avoir plusieurs animateurs.",
        (Tongue::French, CommunityKind::Instance) => "La communauté d’une instance est animée par un de ses membres.",
        (Tongue::French, CommunityKind::Watch) => "Une veille est animée par une des personnes qui y publient.",
        (Tongue::French, CommunityKind::Team) => {
            "La communauté d’une équipe est animée par qui dirige l’entité, avec un second de celle-ci."
        }
        (Tongue::French, CommunityKind::Process) => {
            "La communauté d’un processus est animée par des personnes qui le connaissent."
        }
        (Tongue::French, CommunityKind::Unspecified) => "Chaque communauté a un animateur connu de tous.",
    }
}

/// Why the reader was passed over: told to them alone.
pub fn you(tongue: Tongue, manner: Manner, why: Exclusion) -> &'static str {
    match tongue {
        Tongue::English => match why {
            Exclusion::Left => "You have left the organisation.",
            Exclusion::AnimatesAlready => "You animate this community already.",
            Exclusion::NoAccess => "You do not have access to this community.",
            Exclusion::OptedOut => "You chose not to be proposed as a co-animator.",
            Exclusion::Declined => "You declined a proposal less than 180 days ago.",
            Exclusion::ProposedLately => "A proposal was made to you less than 30 days ago.",
            Exclusion::Away => "You are away today.",
            Exclusion::AwayWhenNeeded => "You are away on most of the days on which somebody is needed.",
            Exclusion::Full => "Your hours for animating are taken.",
            Exclusion::Kind => "Communities of this kind turn to others first.",
            Exclusion::Alone => "It would be your first time, and nobody could accompany you yet.",
        },
        Tongue::French => you_in_french(manner, why),
    }
}

fn you_in_french(manner: Manner, why: Exclusion) -> &'static str {
    match why {
        Exclusion::Left => manner.pick("Vous avez quitté l’organisation.", "Tu as quitté l’organisation."),
        Exclusion::AnimatesAlready => {
            manner.pick("Vous animez déjà cette communauté.", "Tu animes déjà cette communauté.")
        }
        Exclusion::NoAccess => manner.pick(
            "Vous n’avez pas accès à cette communauté.",
            "Tu n’as pas accès à cette communauté.",
        ),
        Exclusion::OptedOut => manner.pick(
            "Vous avez choisi de ne pas être proposé comme co-animateur.",
            "Tu as choisi de ne pas être proposé comme co-animateur.",
        ),
        Exclusion::Declined => manner.pick(
            "Vous avez décliné une proposition il y a moins de 180 jours.",
            "Tu as décliné une proposition il y a moins de 180 jours.",
        ),
        Exclusion::ProposedLately => manner.pick(
            "Une proposition vous a été faite il y a moins de 30 jours.",
            "Une proposition t’a été faite il y a moins de 30 jours.",
        ),
        Exclusion::Away => manner.pick("Vous êtes absent aujourd’hui.", "Tu es absent aujourd’hui."),
        Exclusion::AwayWhenNeeded => manner.pick(
            "Vous êtes absent la plupart des jours où quelqu’un est attendu.",
            "Tu es absent la plupart des jours où quelqu’un est attendu.",
        ),
        Exclusion::Full => manner.pick(
            "Vos heures d’animation sont prises.",
            "Tes heures d’animation sont prises.",
        ),
        Exclusion::Kind => "Les communautés de ce genre se tournent d’abord vers d’autres.",
        Exclusion::Alone => manner.pick(
            "Ce serait votre première fois, et personne ne pourrait encore vous accompagner.",
            "Ce serait ta première fois, et personne ne pourrait encore t’accompagner.",
        ),
    }
}

/// Why there is nobody: `archived`, `nobody_known`, or `nobody_available`.
pub fn nobody(tongue: Tongue, code: &str) -> &'static str {
    match (tongue, code) {
        (Tongue::English, "archived") => "The community is archived.",
        (Tongue::English, "nobody_known") => "Nobody belongs to the community or to its field.",
        (Tongue::English, _) => "Nobody can be asked at present: see who was passed over, by reason.",
        (Tongue::French, "archived") => "La communauté est archivée.",
        (Tongue::French, "nobody_known") => "Personne n’appartient à la communauté ni à son domaine.",
        (Tongue::French, _) => "Personne ne peut être sollicité pour l’instant : voir les motifs.",
    }
}

#[cfg(test)]
mod tests;
