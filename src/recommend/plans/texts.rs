//! The words of plans, in French and English.

use super::Idle;
use crate::recommend::tongue::Tongue;

/// Why a wish goes without anybody.
pub fn idle(tongue: Tongue, why: Idle) -> &'static str {
    match tongue {
        Tongue::English => match why {
            Idle::NotFound => "there is no such thing, or you may not see it",
            Idle::NotOpen => "it does not wait for an answer any more",
            Idle::AskedLately => "people were asked less than a day ago: they have their day",
            Idle::NobodyKnown => "no past answer, skill or membership points to anybody",
            Idle::NobodyAvailable => "everybody who could help is unavailable, or has a part in it already",
            Idle::SharedOut => "everybody who could help has as much as they accept",
            Idle::Archived => "the community is archived",
            Idle::NotNeeded => "nobody is missing there",
            Idle::ToBeAsked => "nobody who could help has offered to: ask them first",
            Idle::NeedsCompany => {
                "it would be the first time for everybody who could help, and nobody is there to accompany them"
            }
            Idle::Closed => "it is private or sensitive: those who animate it look for company themselves",
        },
        Tongue::French => match why {
            Idle::NotFound => "cela n’existe pas, ou n’est pas visible d’ici",
            Idle::NotOpen => "la question n’attend plus de réponse",
            Idle::AskedLately => {
                "des personnes ont été sollicitées il y a moins d’un jour : laissons-leur leur journée"
            }
            Idle::NobodyKnown => "aucune réponse passée, compétence ou appartenance ne mène à quelqu’un",
            Idle::NobodyAvailable => {
                "les personnes qui pourraient aider ne sont pas disponibles, ou y ont déjà leur part"
            }
            Idle::SharedOut => "les personnes qui pourraient aider ont déjà autant qu’elles acceptent",
            Idle::Archived => "la communauté est archivée",
            Idle::NotNeeded => "il n’y manque personne",
            Idle::ToBeAsked => {
                "les personnes qui pourraient aider ne se sont pas proposées : il faut d’abord le leur demander"
            }
            Idle::NeedsCompany => {
                "ce serait une première pour les personnes qui pourraient aider, et personne n’est là pour les accompagner"
            }
            Idle::Closed => {
                "elle est privée ou sensible : les personnes qui l’animent cherchent elles-mêmes du renfort"
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::tongue::rating_word;

    #[test]
    fn no_word_rates_anybody() {
        for why in Idle::ALL {
            for tongue in [Tongue::English, Tongue::French] {
                assert_eq!(rating_word(idle(tongue, why)), None, "{why:?}");
            }
        }
    }
}
