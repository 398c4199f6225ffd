//! No text rates anybody, tells of anybody's absences, or mixes vous and tu.

use super::*;
use crate::recommend::co_animators::invitation::{Invitation, invitation};
use crate::recommend::tongue::rating_word;

const KINDS: [CommunityKind; 8] = [
    CommunityKind::Interest,
    CommunityKind::Practice,
    CommunityKind::Project,
    CommunityKind::Instance,
    CommunityKind::Watch,
    CommunityKind::Team,
    CommunityKind::Process,
    CommunityKind::Unspecified,
];

fn need(animators: usize, without: u32, hours_short: bool) -> Need {
    Need {
        animators,
        missing: 0,
        days: (without, 90),
        hours_short,
    }
}

fn invitations(tongue: Tongue, manner: Manner) -> Vec<String> {
    let names = ["Léa Morin".to_owned(), "Ali Ben".to_owned()];
    let knows = ["pompes".to_owned()];
    let mut all = Vec::new();
    for animators in [&names[..0], &names[..1], &names] {
        for (knows, volunteer, belongs, first_time, beside) in [
            (&knows[..], false, true, false, None),
            (&knows[..0], true, false, true, Some("Léa")),
            (&knows[..0], false, true, true, Some("Léa")),
            (&knows[..0], false, true, true, None),
        ] {
            let words = Invitation {
                name: Some("Zoé Petit"),
                community: "Pompes",
                animators,
                knows,
                volunteer,
                belongs,
                first_time,
                beside,
            };
            all.push(invitation(tongue, manner, &words));
        }
    }
    all
}

#[test]
fn no_text_rates_anybody_and_none_is_empty() {
    let names = ["X".to_owned(), "Y".to_owned()];
    let mut texts: Vec<String> = Vec::new();
    for tongue in [Tongue::English, Tongue::French] {
        for family in Family::ALL {
            for (answers, names, long) in [
                (0, &names[..0], true),
                (1, &names, false),
                (7, &names[..0], true),
                (7, &names, false),
            ] {
                texts.push(reason(tongue, family, &Words { answers, names, long }));
            }
        }
        for side in Side::ALL {
            for share in [Share::Part, Share::Most, Share::All] {
                texts.push(added(tongue, side, share, &names));
                texts.push(added(tongue, side, share, &[]));
            }
        }
        texts.push(time(tongue).to_owned());
        for (animators, days, short) in [(0, 90, true), (2, 15, true), (2, 0, false)] {
            texts.push(needs(tongue, need(animators, days, short)));
        }
        texts.extend(KINDS.map(|kind| rule(tongue, kind).to_owned()));
        texts.extend(["archived", "nobody_known", "nobody_available"].map(|code| nobody(tongue, code).to_owned()));
        for manner in [Manner::Vous, Manner::Tu] {
            texts.extend(Exclusion::ALL.map(|why| you(tongue, manner, why).to_owned()));
            texts.extend(invitations(tongue, manner));
        }
    }
    for text in &texts {
        assert!(!text.is_empty());
        assert_eq!(rating_word(text), None, "{text}");
    }
}

#[test]
fn the_need_is_told_without_dates() {
    assert_eq!(
        needs(Tongue::English, need(1, 15, false)),
        "No animator is available for 15 of the next 90 days."
    );
    let missing = Need {
        missing: 1,
        ..need(1, 0, false)
    };
    assert_eq!(needs(Tongue::French, missing), "Un animateur de plus est recommandé.");
    assert_eq!(
        needs(Tongue::French, need(1, 15, true)),
        "Aucun animateur n’est disponible pendant 15 des 90 prochains jours. Les heures d’animation manquent."
    );
    assert_eq!(needs(Tongue::English, need(0, 90, false)), "No animator is identified.");
}

#[test]
fn a_french_text_says_vous_or_tu_throughout() {
    let has = |text: &str, words: &[&str]| {
        let lower = text.to_lowercase();
        let all = lower
            .split(|c: char| !c.is_alphanumeric() && c != '’')
            .collect::<Vec<_>>();
        words.iter().any(|word| all.contains(word))
    };
    let (of_vous, of_tu) = (
        ["vous", "vos", "votre"],
        [
            "tu",
            "te",
            "toi",
            "t’",
            "t’est",
            "t’es",
            "tes",
            "ta",
            "t’a",
            "t’accompagner",
        ],
    );
    let you = |manner| Exclusion::ALL.map(|why| you(Tongue::French, manner, why).to_owned());
    for text in invitations(Tongue::French, Manner::Vous)
        .into_iter()
        .chain(you(Manner::Vous))
    {
        assert!(!has(&text, &of_tu), "{text}");
    }
    for text in invitations(Tongue::French, Manner::Tu)
        .into_iter()
        .chain(you(Manner::Tu))
    {
        assert!(!has(&text, &of_vous), "{text}");
    }
    let words = Invitation {
        name: Some("Zoé Petit"),
        community: "Pompes",
        beside: Some("Léa Morin"),
        belongs: true,
        ..Invitation::default()
    };
    assert_eq!(
        invitation(Tongue::French, Manner::Tu, &words),
        "Salut Zoé, la communauté « Pompes » cherche quelqu’un pour l’animer. Léa Morin t’accompagnerait au début. \
         Te verrais-tu y consacrer à peu près une heure par semaine, pour un temps ? Un non convient très bien."
    );
}

#[test]
fn that_somebody_would_accompany_is_told_where_they_may_not_be_named() {
    for (tongue, told) in [
        (
            Tongue::French,
            " Quelqu’un qui a déjà animé t’accompagnerait au début. ",
        ),
        (
            Tongue::English,
            " Somebody who has animated before would accompany you at the beginning. ",
        ),
    ] {
        let words = Invitation {
            community: "Pompes",
            first_time: true,
            ..Invitation::default()
        };
        let text = invitation(tongue, Manner::Tu, &words);
        assert!(text.contains(told), "{text}");
    }
}
