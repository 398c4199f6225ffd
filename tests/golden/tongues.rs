//! French and English in one organisation: of two people who differ in nothing but the language that they answer in, the
//! one of the question's language comes first.

use crate::company::{event, exchange, world};
use crate::question::{Asked, shipped};
use antenne::recommend::ExpertsRecommender;
use antenne::world::{View, World};
use serde_json::{Value, json};

/// A subject in both languages: what was asked about it, sentence by sentence, and what is asked now.
struct Subject {
    name: &'static str,
    past: [[&'static str; 2]; 6],
    now: [&'static str; 2],
}

const FRENCH: usize = 0;
const ENGLISH: usize = 1;
const LANGUAGES: [&str; 2] = ["fr", "en"];
const ANSWERS: [&str; 2] = [
    "Oui, je l’ai fait l’an dernier et cela tient encore. Passe me voir.",
    "Yes, I did that last year and it still holds. Come and see me.",
];

const SUBJECTS: [Subject; 5] = [
    Subject {
        name: "backup",
        past: [
            [
                "Comment restaurer la sauvegarde d’une base ?",
                "How do I restore the backup of a database?",
            ],
            [
                "La sauvegarde de nuit échoue depuis lundi",
                "The nightly backup has been failing since Monday",
            ],
            [
                "Combien de temps garde-t-on les sauvegardes ?",
                "How long do we keep the backups?",
            ],
            [
                "Chiffrer les sauvegardes avant de les envoyer",
                "Encrypting the backups before they are sent",
            ],
            [
                "Vérifier qu’une sauvegarde est lisible",
                "Checking that a backup can be read",
            ],
            [
                "Une sauvegarde plus grosse que le disque",
                "A backup that is larger than the disk",
            ],
        ],
        now: [
            "Qui sait restaurer les sauvegardes du serveur après une panne ?",
            "Who knows how to restore the backups of the server after a failure?",
        ],
    },
    Subject {
        name: "welding",
        past: [
            [
                "Quel gaz pour souder de l’acier fin ?",
                "Which gas for welding thin steel?",
            ],
            [
                "Le cordon de soudure est plein de trous",
                "The weld seam is full of holes",
            ],
            ["Souder sans déformer la tôle", "Welding without bending the sheet"],
            [
                "Préchauffer avant de souder en hiver",
                "Preheating before welding in winter",
            ],
            ["La soudure casse au pliage", "The weld breaks when it is bent"],
            [
                "Meuler les soudures avant peinture",
                "Grinding the welds before painting",
            ],
        ],
        now: [
            "Quel gaz évite que la soudure casse sur une tôle fine ?",
            "Which gas stops the weld from breaking on a thin sheet?",
        ],
    },
    Subject {
        name: "payroll",
        past: [
            [
                "Une prime a disparu de mon bulletin de paie",
                "A bonus has gone from my payslip",
            ],
            [
                "Comment lire les cotisations du bulletin ?",
                "How do I read the deductions on a payslip?",
            ],
            [
                "Heures de nuit payées deux mois plus tard",
                "Night hours paid two months later",
            ],
            [
                "Changer de compte avant la prochaine paie",
                "Changing my account before the next payday",
            ],
            [
                "Un acompte sur salaire, à qui le demander ?",
                "Whom do I ask for an advance on my salary?",
            ],
            [
                "Jours de congé perdus sur le bulletin",
                "Days of leave lost on the payslip",
            ],
        ],
        now: [
            "Il manque des heures de nuit sur mon bulletin de ce mois-ci",
            "There are night hours missing on my payslip for this month",
        ],
    },
    Subject {
        name: "valves",
        past: [
            [
                "La vanne ne ferme plus jusqu’au bout",
                "The valve does not close to the end any more",
            ],
            [
                "Quelle graisse pour une tige de vanne ?",
                "Which grease for the stem of a valve?",
            ],
            [
                "Remplacer la garniture sans vider la conduite",
                "Replacing the packing without draining the pipe",
            ],
            ["Une vanne gelée dans un regard", "A frozen valve in a manhole"],
            [
                "Le volant de la vanne tourne dans le vide",
                "The wheel of the valve turns freely",
            ],
            [
                "Combien de tours pour ouvrir cette vanne ?",
                "How many turns to open this valve?",
            ],
        ],
        now: [
            "Une vanne reste bloquée à moitié de sa course dans le regard",
            "A valve is stuck half way down in the manhole",
        ],
    },
    Subject {
        name: "sampling",
        past: [
            [
                "Quel flacon pour prélever des métaux ?",
                "Which bottle for sampling metals?",
            ],
            [
                "Un échantillon resté deux jours au chaud",
                "A sample that was left warm for two days",
            ],
            [
                "Prélever l’eau d’un robinet en plastique",
                "Sampling the water of a plastic tap",
            ],
            [
                "Étiquettes illisibles sur les flacons",
                "Labels on the bottles that cannot be read",
            ],
            [
                "Transporter les échantillons sans glace",
                "Carrying the samples without ice",
            ],
            [
                "Rincer le flacon avant le prélèvement ?",
                "Rinsing the bottle before the sample?",
            ],
        ],
        now: [
            "Mes échantillons arrivent tièdes au laboratoire, faut-il prélever de nouveau ?",
            "My samples reach the laboratory warm, do we have to take them again?",
        ],
    },
];

/// Who answers about `subject`, by language. The English one comes first in the order of identifiers: in French, a tie
/// would show.
fn answerer(subject: &Subject, language: usize) -> String {
    format!("{}.{}", ["zoe", "abel"][language], subject.name)
}

/// Each subject is asked about in French and in English, at the same instants, by the same askers and under the same tag;
/// `title` says in which words.
fn mixed(title: impl Fn(&Subject, usize, usize) -> String) -> World {
    let mut events: Vec<Value> = Vec::new();
    let mut joins = |id: &str| events.push(event(id, "person.upserted", 400, 0, &json!({"person": id})));
    (0..6).for_each(|n| joins(&format!("asker.{n}")));
    joins("asker");
    for subject in &SUBJECTS {
        for language in [FRENCH, ENGLISH] {
            joins(&answerer(subject, language));
        }
    }
    for subject in &SUBJECTS {
        for n in 0..subject.past.len() {
            for language in [FRENCH, ENGLISH] {
                let (tag, answer) = (LANGUAGES[language], ANSWERS[language]);
                let title = title(subject, n, language);
                let asker = format!("asker.{n}");
                let asked = json!({"asker": asker, "title": title, "tags": [subject.name], "language": tag});
                let of = format!("{}-{n}-{tag}", subject.name);
                events.extend(exchange(
                    &of,
                    300 - 20 * n as i64,
                    asked,
                    &answerer(subject, language),
                    answer,
                ));
            }
        }
    }
    world(&events)
}

/// Identifiers of all who could answer `title`, in the order of `recommender`.
fn ranked(recommender: &ExpertsRecommender, view: &View, title: &str, tags: &[&str]) -> Vec<String> {
    let asked = Asked {
        title: title.to_owned(),
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        asker: "asker".to_owned(),
        ..Asked::default()
    };
    asked.first(recommender, view, usize::MAX)
}

#[test]
fn of_two_equals_the_one_of_the_language_comes_first() {
    let world = mixed(|subject, n, language| subject.past[n][language].to_owned());
    for subject in &SUBJECTS {
        for language in [FRENCH, ENGLISH] {
            let (title, known) = (subject.now[language], answerer(subject, language));
            assert_eq!(
                ranked(&shipped(), world.view(), title, &[subject.name])[0],
                known,
                "{title}"
            );
            // Without a tag somebody of another subject may come in between, but never the other of the two before.
            let untagged = ranked(&shipped(), world.view(), title, &[]);
            let place = |id: &str| untagged.iter().position(|other| other == id);
            let (known, other) = (
                place(&known).expect("a candidate"),
                place(&answerer(subject, 1 - language)),
            );
            assert!(other.is_none_or(|other| known < other), "{title}: {untagged:?}");
        }
    }
}

/// The subjects and languages for which `recommender` turns to the wrong one of two, where what was asked about are fault
/// codes, written alike in both languages: nothing but the language tells the two apart.
fn mistaken(recommender: &ExpertsRecommender) -> Vec<(&'static str, &'static str)> {
    let world = mixed(|subject, n, _| format!("E{}{n}", subject.name.len()));
    let texts = [
        "Bonjour, j’aurais besoin que quelqu’un m’aide demain matin avec ce voyant",
        "Hello, I would need somebody to help me with this light tomorrow morning",
    ];
    let asked = SUBJECTS
        .iter()
        .flat_map(|subject| [(subject, FRENCH), (subject, ENGLISH)]);
    let wrong = asked.filter(|&(subject, language)| {
        let first = ranked(recommender, world.view(), texts[language], &[subject.name]).swap_remove(0);
        first != answerer(subject, language)
    });
    wrong
        .map(|(subject, language)| (subject.name, LANGUAGES[language]))
        .collect()
}

#[test]
fn the_language_decides_where_the_words_do_not() {
    assert_eq!(mistaken(&shipped()), []);
}

#[test]
fn weights_that_are_deaf_to_the_language_are_caught() {
    let deaf = ExpertsRecommender::learnt(&[("similar_vote", 1.0), ("tags_ever", 1.0)], "deaf".to_owned(), None);
    let french = SUBJECTS.map(|subject| (subject.name, LANGUAGES[FRENCH]));
    assert_eq!(
        mistaken(&deaf),
        french,
        "equals go by identifier, and the English ones come first"
    );
}
