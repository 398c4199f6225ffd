//! The sentences of findings, in French and English: the aim and a way of animating first, then what was seen.
//!
//! Counts of people under five read `some`, as everywhere; counts of questions and of days are no people.

use super::finding::{Aim, Finding, Seen};
use super::playbook::{Occasion, Way};
use crate::domain::CommunityKind;
use crate::recommend::tongue::{Manner, Tongue, list};
use std::fmt::Write as _;

/// People below which a count is not told.
const FEW: usize = 5;

/// To whom a finding is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// To an animator or a steward: advice.
    Advice,
    /// By an animator to the members: an invitation.
    Together,
}

/// A finding as a text that opens with its aim and with `way`, the title of a way of animating.
pub fn said(tongue: Tongue, manner: Manner, voice: Voice, seen: &Seen, way: &str) -> String {
    let (aim, observed) = (aim(tongue, seen.finding), observed(tongue, voice, seen));
    let way = tongue.quoted(way);
    let offer = match (tongue, voice) {
        (Tongue::English, Voice::Advice) => "consider".to_owned(),
        (Tongue::English, Voice::Together) => "we could try".to_owned(),
        (Tongue::French, Voice::Advice) => manner.pick("vous pouvez essayer", "tu peux essayer").to_owned(),
        (Tongue::French, Voice::Together) => "nous pourrions essayer".to_owned(),
    };
    format!("{aim}, {offer} {way}. {observed}")
}

/// What a finding aims at, as the beginning of a sentence.
const fn aim(tongue: Tongue, finding: Finding) -> &'static str {
    match tongue {
        Tongue::English => english_aim(finding),
        Tongue::French => french_aim(finding),
    }
}

const fn english_aim(finding: Finding) -> &'static str {
    match finding {
        Finding::NoAnimator => "So that everyone knows whom to turn to",
        Finding::CoverNeeded => "So that the community is looked after all year round",
        Finding::FirstTimeAnimatorAlone => "So that a first time is not spent alone",
        Finding::NewcomersWaiting => "So that newcomers feel at home",
        Finding::UnansweredRising => "So that asking stays worth it",
        Finding::AskedAgain => "So that one good answer serves all who will ask",
        Finding::AnswersFromFew => "So that more people enjoy answering",
        Finding::SubjectsOnFew => "So that rare knowledge is passed on in time",
        Finding::ManyMembers => "So that animating stays a pleasure",
        Finding::Quiet => "So that members find each other again",
        Finding::CommunitiesWithoutAnimator => "So that every community has somebody to turn to",
        Finding::AnimatorsNeeded => "So that communities grow with enough people to care for them",
        Finding::AnimatorsStretched => "So that animating stays a pleasure for all who do it",
        Finding::UnitsApart => "So that units learn from each other",
    }
}

const fn french_aim(finding: Finding) -> &'static str {
    match finding {
        Finding::NoAnimator => "Pour que chacun sache vers qui se tourner",
        Finding::CoverNeeded => "Pour que la communauté soit accompagnée toute l’année",
        Finding::FirstTimeAnimatorAlone => "Pour qu’une première fois ne se vive pas en solitaire",
        Finding::NewcomersWaiting => "Pour que les nouveaux venus se sentent chez eux",
        Finding::UnansweredRising => "Pour que poser une question continue d’en valoir la peine",
        Finding::AskedAgain => "Pour qu’une bonne réponse serve à toutes celles et ceux qui se poseront la question",
        Finding::AnswersFromFew => "Pour que davantage de personnes prennent plaisir à répondre",
        Finding::SubjectsOnFew => "Pour que les savoirs rares se transmettent à temps",
        Finding::ManyMembers => "Pour qu’animer reste un plaisir",
        Finding::Quiet => "Pour que les membres se retrouvent",
        Finding::CommunitiesWithoutAnimator => "Pour que chaque communauté ait quelqu’un vers qui se tourner",
        Finding::AnimatorsNeeded => "Pour que les communautés grandissent bien entourées",
        Finding::AnimatorsStretched => "Pour qu’animer reste un plaisir pour celles et ceux qui le font",
        Finding::UnitsApart => "Pour que les services apprennent les uns des autres",
    }
}

/// What was seen, as a sentence. What is said to all leaves open how few people answer: one would be somebody.
fn observed(tongue: Tongue, voice: Voice, seen: &Seen) -> String {
    if voice == Voice::Together && seen.finding == Finding::AnswersFromFew {
        let few = match tongue {
            Tongue::English => "A few people give half of the answers.",
            Tongue::French => "Quelques personnes donnent la moitié des réponses.",
        };
        return few.to_owned();
    }
    match tongue {
        Tongue::English => english(seen),
        Tongue::French => french(seen),
    }
}

fn english(seen: &Seen) -> String {
    let (count, against) = (seen.count, seen.against);
    let names: Vec<String> = seen.names.iter().map(|name| Tongue::English.quoted(name)).collect();
    let names = list(&names, "and");
    let some = |few: &str| if count < FEW { few.to_owned() } else { count.to_string() };
    match seen.finding {
        Finding::NoAnimator => "No animator is identified here at present.".to_owned(),
        Finding::CoverNeeded => format!("No animator is available for {count} of the next 90 days."),
        Finding::FirstTimeAnimatorAlone => "The only animator here does this for the first time.".to_owned(),
        Finding::NewcomersWaiting => format!(
            "{} newcomers have waited three days or more for a first answer.",
            some("A few")
        ),
        Finding::UnansweredRising => {
            format!(
                "{count} % of the questions stay without an answer for a week, against {against} % three months before."
            )
        }
        Finding::AskedAgain => {
            format!("{names} was asked {count} times within a year, and no answer is marked to refer to.")
        }
        Finding::AnswersFromFew if count == 1 => {
            "Half of the answers of the last year come from one person.".to_owned()
        }
        Finding::AnswersFromFew => "Half of the answers of the last year come from two people.".to_owned(),
        Finding::SubjectsOnFew if seen.names.len() == 1 => format!("{names} hangs on one person or two."),
        Finding::SubjectsOnFew => format!("These subjects hang on one person or two each: {names}."),
        Finding::ManyMembers => {
            format!("There are {count} members for each animator; elsewhere in the organisation {against} are usual.")
        }
        Finding::Quiet => format!("Nothing was contributed for {count} days or more."),
        Finding::CommunitiesWithoutAnimator if count == 1 => "One community has no identified animator.".to_owned(),
        Finding::CommunitiesWithoutAnimator => format!("{count} communities have no identified animator."),
        Finding::AnimatorsNeeded => {
            format!(
                "At the pace of the last three months, {count} roles of animator will be needed in half a year; {against} are filled."
            )
        }
        Finding::AnimatorsStretched => {
            format!("{} people animate more than the time they have for it.", some("A few"))
        }
        Finding::UnitsApart if count == 1 => "There is one pair of units that hardly answer each other.".to_owned(),
        Finding::UnitsApart => format!("There are {count} pairs of units that hardly answer each other."),
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each finding")]
fn french(seen: &Seen) -> String {
    let (count, against) = (seen.count, seen.against);
    let names: Vec<String> = seen.names.iter().map(|name| Tongue::French.quoted(name)).collect();
    let names = list(&names, "et");
    let some = |few: &str| if count < FEW { few.to_owned() } else { count.to_string() };
    match seen.finding {
        Finding::NoAnimator => "Personne n’est identifié pour animer ici en ce moment.".to_owned(),
        Finding::CoverNeeded => {
            format!("Personne n’est disponible pour animer pendant {count} des 90 prochains jours.")
        }
        Finding::FirstTimeAnimatorAlone => "La seule personne qui anime ici le fait pour la première fois.".to_owned(),
        Finding::NewcomersWaiting => {
            format!(
                "{} nouveaux venus attendent une première réponse depuis trois jours ou plus.",
                some("Quelques")
            )
        }
        Finding::UnansweredRising => {
            format!("{count} % des questions restent une semaine sans réponse, contre {against} % trois mois plus tôt.")
        }
        Finding::AskedAgain => {
            format!("{names} est revenu {count} fois en un an, sans réponse marquée à laquelle se référer.")
        }
        Finding::AnswersFromFew if count == 1 => {
            "La moitié des réponses de l’année vient d’une seule personne.".to_owned()
        }
        Finding::AnswersFromFew => "La moitié des réponses de l’année vient de deux personnes.".to_owned(),
        Finding::SubjectsOnFew if seen.names.len() == 1 => format!("{names} ne tient qu’à une ou deux personnes."),
        Finding::SubjectsOnFew => format!("Ces sujets ne tiennent chacun qu’à une ou deux personnes : {names}."),
        Finding::ManyMembers => {
            format!(
                "On compte {count} membres par personne qui anime ; ailleurs dans l’organisation, c’est plutôt {against}."
            )
        }
        Finding::Quiet => format!("Rien n’a été partagé depuis {count} jours ou plus."),
        Finding::CommunitiesWithoutAnimator if count == 1 => {
            "Une communauté n’a personne d’identifié pour l’animer.".to_owned()
        }
        Finding::CommunitiesWithoutAnimator => {
            format!("{count} communautés n’ont personne d’identifié pour les animer.")
        }
        Finding::AnimatorsNeeded => {
            format!(
                "Au rythme des trois derniers mois, il faudra {count} rôles d’animation dans six mois ; {against} sont tenus."
            )
        }
        Finding::AnimatorsStretched => format!(
            "{} personnes animent au-delà du temps dont elles disposent.",
            some("Quelques")
        ),
        Finding::UnitsApart if count == 1 => "Deux services ne se répondent presque jamais.".to_owned(),
        Finding::UnitsApart => format!("{count} paires de services ne se répondent presque jamais."),
    }
}

/// Why `way` is named on `occasion`: what it is for, and what of the community it suits.
pub fn reason(tongue: Tongue, way: &Way, occasion: Occasion) -> String {
    let aims: Vec<String> = way.aims.iter().map(|&aim| aim_name(tongue, aim).to_owned()).collect();
    let (is_for, and, suits, serves) = match tongue {
        Tongue::English => (
            "it is for",
            "and",
            "it suits",
            "it serves the objective that the community chose",
        ),
        Tongue::French => (
            "sert",
            "et",
            "convient à",
            "sert l’objectif que la communauté s’est donné",
        ),
    };
    let mut text = format!("{is_for} {}", list(&aims, and));
    // Writing into a string cannot fail.
    if let Some(kind) = occasion.kind.filter(|kind| way.kinds.contains(kind)) {
        _ = write!(text, " ; {suits} {}", kind_name(tongue, kind));
    }
    if occasion.measure.is_some_and(|measure| way.measures.contains(&measure)) {
        _ = write!(text, " ; {serves}");
    }
    match tongue {
        Tongue::English => text.replace(" ;", ";"),
        Tongue::French => text,
    }
}

const fn aim_name(tongue: Tongue, aim: Aim) -> &'static str {
    match (tongue, aim) {
        (Tongue::English, Aim::CollectiveIntelligence) => "thinking together",
        (Tongue::English, Aim::Belonging) => "belonging",
        (Tongue::English, Aim::SharedVision) => "a shared vision",
        (Tongue::English, Aim::Commitment) => "commitment",
        (Tongue::French, Aim::CollectiveIntelligence) => "l’intelligence collective",
        (Tongue::French, Aim::Belonging) => "le sentiment d’appartenance",
        (Tongue::French, Aim::SharedVision) => "la vision partagée",
        (Tongue::French, Aim::Commitment) => "l’engagement",
    }
}

const fn kind_name(tongue: Tongue, kind: CommunityKind) -> &'static str {
    match (tongue, kind) {
        (Tongue::English, CommunityKind::Interest) => "communities of interest",
        (Tongue::English, CommunityKind::Practice) => "communities of practice",
        (Tongue::English, CommunityKind::Project) => "projects",
        (Tongue::English, CommunityKind::Instance) => "committees",
        (Tongue::English, CommunityKind::Watch) => "those who keep watch",
        (Tongue::English, CommunityKind::Team) => "teams",
        (Tongue::English, CommunityKind::Process) => "those who share a process",
        (Tongue::English, CommunityKind::Unspecified) => "any community",
        (Tongue::French, CommunityKind::Interest) => "une communauté d’intérêt",
        (Tongue::French, CommunityKind::Practice) => "une communauté de pratique",
        (Tongue::French, CommunityKind::Project) => "un projet",
        (Tongue::French, CommunityKind::Instance) => "une instance",
        (Tongue::French, CommunityKind::Watch) => "une communauté de veille",
        (Tongue::French, CommunityKind::Team) => "une équipe",
        (Tongue::French, CommunityKind::Process) => "une communauté de processus",
        (Tongue::French, CommunityKind::Unspecified) => "toute communauté",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ObjectiveMeasure;
    use crate::recommend::health::Playbook;
    use crate::recommend::tongue::rating_word;

    #[test]
    fn every_finding_opens_with_its_aim_and_a_way_and_rates_nobody() {
        for &finding in Finding::ALL {
            for (tongue, so) in [(Tongue::English, "So that "), (Tongue::French, "Pour qu")] {
                for (manner, voice) in [
                    (Manner::Vous, Voice::Advice),
                    (Manner::Tu, Voice::Advice),
                    (Manner::Vous, Voice::Together),
                ] {
                    for count in [0, 1, 2, 7] {
                        let seen = Seen::of(finding)
                            .counting(count)
                            .against(3)
                            .naming(vec!["pompes".to_owned()]);
                        let text = said(tongue, manner, voice, &seen, "Walk");
                        assert!(text.starts_with(so) && text.ends_with('.'), "{text}");
                        assert!(text.find("Walk") < text.find(&observed(tongue, voice, &seen)), "{text}");
                        assert_eq!(rating_word(&text), None, "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn advice_says_vous_or_tu_and_small_counts_of_people_are_not_told() {
        let seen = Seen::of(Finding::NewcomersWaiting).counting(3);
        let text = |manner| said(Tongue::French, manner, Voice::Advice, &seen, "Le café d’accueil");
        assert_eq!(
            text(Manner::Vous),
            "Pour que les nouveaux venus se sentent chez eux, vous pouvez essayer « Le café d’accueil ». Quelques nouveaux \
             venus attendent une première réponse depuis trois jours ou plus."
        );
        assert!(text(Manner::Tu).contains(", tu peux essayer"));
        let five = said(
            Tongue::English,
            Manner::Vous,
            Voice::Together,
            &Seen { count: 5, ..seen },
            "W",
        );
        assert!(five.contains("we could try “W”. 5 newcomers"), "{five}");
    }

    #[test]
    fn a_way_is_named_with_what_it_is_for() {
        let playbook = Playbook::shipped().unwrap();
        let way = playbook.way("watch-review").unwrap();
        let watch = Occasion {
            kind: Some(CommunityKind::Watch),
            measure: None,
        };
        assert_eq!(
            reason(Tongue::English, way, watch),
            "it is for thinking together and a shared vision; it suits those who keep watch"
        );
        assert_eq!(
            reason(Tongue::French, way, watch),
            "sert l’intelligence collective et la vision partagée ; convient à une communauté de veille"
        );
        let mentor = playbook.way("pairing").unwrap();
        let holders = Occasion {
            kind: None,
            measure: Some(ObjectiveMeasure::Holders),
        };
        assert!(
            reason(Tongue::English, mentor, holders).ends_with("; it serves the objective that the community chose")
        );
        for way in playbook.ways() {
            for tongue in [Tongue::English, Tongue::French] {
                let text = reason(
                    tongue,
                    way,
                    Occasion {
                        kind: way.kinds.first().copied(),
                        ..holders
                    },
                );
                assert_eq!(rating_word(&text), None, "{text}");
            }
        }
    }
}
