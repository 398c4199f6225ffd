//! Reading what somebody typed: which skills and tags it names, in French or in English, and which words are left.
//!
//! Labels and aliases of skills are found whole, wherever they stand. Of the rest, commas and words such as *and* part one
//! subject from the next; in each part tags are found, and where a part names neither skill nor tag, its words are the
//! topic. Words with which one asks (*who knows about …*) are nobody's subject. It knows nothing of people.

use crate::world::text::{Document, Scratch, tag_name};
use crate::world::{Ix as _, SkillIx, TagIx, View};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Words of a tag that are looked for at most.
const TAG_WORDS: usize = 3;
/// Skills that say a part of a name at most: where more do, it is not said which is meant.
const SAYING: usize = 3;
/// Letters of a stem that stands for a longer word at least.
const STEM: usize = 4;
/// Topics that are told apart at most: what comes after is left to the words as a whole.
pub(super) const TOPICS: usize = 5;

/// Words between two subjects.
const BETWEEN: [&str; 10] = ["and", "et", "or", "ou", "&", "+", "plus", "puis", "as", "well"];

/// Words with which one asks, and with which one says who somebody is; French ones as they are typed with and without accents.
const ASKING: &str = "a about aide aider an any anybody anyone au aux avec avez can ce cette cherche cherchons chez \
    colleague collegue collègue competence competences competent compétence compétences connais \
    connaissances connait connaît could dans de des do does du en est experience experienced expert \
    experte expertise experts expérience find for good has help how i in is it j'ai je know knowledge \
    knows la le les looking maitrise maîtrise me need needs nous of on our par parmi people personne \
    personnes peut please pour quelqu'un qui sait search skilled skills somebody someone specialist \
    specialiste spécialiste sur the to un une us we what who with y";

/// What a topic was recognised by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TopicKind {
    /// The label or alias of a skill.
    Skill,
    /// A tag.
    Tag,
    /// Neither: its words.
    Words,
}

impl TopicKind {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Skill => "skill",
            Self::Tag => "tag",
            Self::Words => "words",
        }
    }
}

/// A topic as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// As it was typed.
    pub(super) words: String,
    pub(super) kind: TopicKind,
    /// The skills of that name, merged ones as the one they were merged into, in the order of identifiers.
    pub(super) skills: Vec<SkillIx>,
    /// The tag, when it is one.
    pub(super) tag: Option<TagIx>,
}

/// The topics that `text` names, in the order in which they stand, each once. Cost: linear in the text.
pub(super) fn read(view: &View, text: &str) -> Vec<Read> {
    let mut topics: Vec<Read> = Vec::new();
    for part in parts(view, text) {
        let named = part.iter().any(|piece| matches!(piece, Piece::Skill(..)));
        let (mut found, mut left) = (Vec::new(), Vec::new());
        let mut run: Vec<&str> = Vec::new();
        for piece in part {
            match piece {
                Piece::Word(word) => run.push(word),
                Piece::Skill(words, skills) => {
                    tags(view, &std::mem::take(&mut run), &mut found, &mut left);
                    found.push(Read {
                        words: words.to_owned(),
                        kind: TopicKind::Skill,
                        skills,
                        tag: None,
                    });
                }
            }
        }
        tags(view, &run, &mut found, &mut left);
        let words = left.join(" ");
        let skills = skills_saying(view, &words);
        if !named && found.is_empty() && (!skills.is_empty() || is_known(view, &words)) {
            let kind = if skills.is_empty() {
                TopicKind::Words
            } else {
                TopicKind::Skill
            };
            found.push(Read {
                words,
                kind,
                skills,
                tag: None,
            });
        }
        topics.extend(found);
    }
    let mut seen = BTreeSet::new();
    topics.retain(|topic| seen.insert((topic.skills.clone(), topic.tag, key(topic))));
    topics.truncate(TOPICS);
    topics
}

/// What tells two topics of words apart; a skill or a tag is the same one whatever it was called.
fn key(topic: &Read) -> Option<String> {
    (topic.kind == TopicKind::Words).then(|| topic.words.to_lowercase())
}

/// What a text is made of.
enum Piece<'t> {
    Skill(&'t str, Vec<SkillIx>),
    Word(&'t str),
}

/// The parts of `text` that stand between commas and words such as *and*.
fn parts<'t>(view: &View, text: &'t str) -> Vec<Vec<Piece<'t>>> {
    let mut spans: BTreeMap<(usize, usize), BTreeSet<SkillIx>> = BTreeMap::new();
    for (row, Range { start, end }) in view.labels.find(text) {
        let root = view.skill_root(SkillIx::from_row(row));
        spans.entry((start, end)).or_default().insert(root);
    }
    let mut parts = vec![Vec::new()];
    let mut at = 0;
    for ((start, end), roots) in spans {
        words(&text[at..start], &mut parts);
        let mut skills: Vec<SkillIx> = roots.into_iter().collect();
        skills.sort_unstable_by(|a, b| view.skills.get(*a).id.cmp(&view.skills.get(*b).id));
        if let Some(part) = parts.last_mut() {
            part.push(Piece::Skill(&text[start..end], skills));
        }
        at = end;
    }
    words(&text[at..], &mut parts);
    parts
}

/// Adds the words of `text` to the last of `parts`, and begins a new one at each sign or word that parts subjects.
fn words<'t>(text: &'t str, parts: &mut Vec<Vec<Piece<'t>>>) {
    for raw in text.split_whitespace() {
        let before = raw.starts_with([',', ';', '|']);
        let after = raw.ends_with([',', ';', '|']);
        let bare = raw.trim_end_matches(['.', ')', ',', ';', ':', '|', '!', '?', ']', '"', '»', '”']);
        let bare = bare.trim_start_matches([',', ';', ':', '|', '!', '?', '(', '[', '"', '«', '“']);
        // What follows an elision is the word: `l’hydraulique`, `d'exploitation`.
        let word = match bare.split_once(['\'', '’']) {
            Some((elided, rest)) if elided.chars().count() <= 2 && !rest.is_empty() => rest,
            _ => bare,
        };
        let between = BETWEEN.contains(&word.to_lowercase().as_str());
        if before || between {
            parts.push(Vec::new());
        }
        if !between && word.chars().any(char::is_alphanumeric) {
            parts
                .last_mut()
                .into_iter()
                .for_each(|part| part.push(Piece::Word(word)));
        }
        if after {
            parts.push(Vec::new());
        }
    }
}

/// Finds tags among words that stand side by side, longest first; those that are none and say something are `left`.
fn tags(view: &View, words: &[&str], found: &mut Vec<Read>, left: &mut Vec<String>) {
    let mut at = 0;
    while at < words.len() {
        let longest = (1..=TAG_WORDS.min(words.len() - at)).rev().find_map(|count| {
            let joined = words[at..at + count].join(" ");
            let says = count > 1 || !is_asking(&joined);
            Some((count, tag_called(view, &joined).filter(|_| says)?, joined))
        });
        if let Some((count, tag, words)) = longest {
            found.push(Read {
                skills: skills_saying(view, &words),
                words,
                kind: TopicKind::Tag,
                tag: Some(tag),
            });
            at += count;
        } else {
            left.extend(Some(words[at].to_owned()).filter(|word| !is_asking(word)));
            at += 1;
        }
    }
}

fn is_asking(word: &str) -> bool {
    let word = word.to_lowercase().replace('’', "'");
    ASKING.split(' ').any(|asking| asking == word)
}

/// The tag of that name under which something was asked, in the singular or in the plural.
pub(super) fn tag_called(view: &View, name: &str) -> Option<TagIx> {
    let name = tag_name(name)?;
    let name = name.as_str();
    let singular = name.strip_suffix('s').filter(|rest| rest.chars().count() > 3);
    let plural = format!("{name}s");
    let used = |tag: &TagIx| view.tags.get(*tag).questions > 0;
    let find = |name: &str| view.tags.find(name).filter(used);
    find(name).or_else(|| find(singular?)).or_else(|| find(&plural))
}

/// The skills whose labels and aliases say all of `words`, in the order of identifiers; none where so many do that it is not
/// said which is meant.
fn skills_saying(view: &View, words: &str) -> Vec<SkillIx> {
    let names = Names::of([words]);
    let id = |row: u32| &view.skills.get(SkillIx::from_row(row)).id;
    let says = |row: u32| names.are_said(|term| view.skill_texts.holds(row, term));
    let mut scratch = Scratch::default();
    let hits = view.skill_texts.top(
        &document([words]),
        SAYING + 1,
        &mut scratch,
        |a, b| id(a).cmp(id(b)),
        says,
    );
    let roots: BTreeSet<SkillIx> = hits
        .iter()
        .map(|hit| view.skill_root(SkillIx::from_row(hit.doc)))
        .collect();
    let mut skills: Vec<SkillIx> = roots.into_iter().collect();
    skills.sort_unstable_by(|a, b| view.skills.get(*a).id.cmp(&view.skills.get(*b).id));
    if skills.len() > SAYING { Vec::new() } else { skills }
}

/// Names, as texts say them: for each of its words the terms that stand for it.
pub(super) struct Names(Vec<Vec<Vec<String>>>);

impl Names {
    /// The names `texts`; one without a word that a text index keeps is never said.
    pub(super) fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let names = texts.into_iter().map(|text| {
            let words = text.split(|c: char| c.is_whitespace() || "'’,;/()".contains(c));
            let words = words.filter(|word| word.chars().count() > 1 && !is_asking(word));
            words
                .map(terms_of)
                .filter(|terms| !terms.is_empty())
                .collect::<Vec<_>>()
        });
        Self(names.filter(|words| !words.is_empty()).collect())
    }

    /// Whether a text that has the terms that `has` tells says one of the names: all of its words, or two thirds of more than
    /// two.
    pub(super) fn are_said(&self, has: impl Fn(&str) -> bool) -> bool {
        self.0.iter().any(|words| {
            let said = words.iter().filter(|word| word.iter().any(|term| has(term))).count();
            let enough = if words.len() > 2 {
                (2 * words.len()).div_ceil(3)
            } else {
                words.len()
            };
            said >= enough
        })
    }
}

/// The terms that stand for a word. A stem of three letters stands for too much when the word has more.
fn terms_of(word: &str) -> Vec<String> {
    let document = document([word]);
    let long = |term: &&str| term.chars().count() >= STEM || word.chars().count() < STEM;
    document
        .terms()
        .map(|(term, _)| term)
        .filter(long)
        .map(str::to_owned)
        .collect()
}

/// Whether a past question or a community says one of the words.
fn is_known(view: &View, words: &str) -> bool {
    let document = document([words]);
    let mut terms = document.terms();
    terms.any(|(term, _)| view.texts.doc_frequency(term) > 0 || view.community_texts.doc_frequency(term) > 0)
}

/// Words in any language, as they are looked up: as they are, and as French and English take their endings off, because a
/// few words do not tell which language they are in.
pub(super) fn document<'t>(texts: impl IntoIterator<Item = &'t str>) -> Document {
    let read = |text: &'t str| ["fr", "en", "und"].map(|language| Document::of(text, "", Some(language)));
    let read: Vec<Document> = texts.into_iter().flat_map(read).collect();
    merged(&read)
}

/// Every term of `documents`, as often as in the one that has it most.
pub(super) fn merged<'d>(documents: impl IntoIterator<Item = &'d Document>) -> Document {
    let mut terms: BTreeMap<String, u16> = BTreeMap::new();
    for (term, count) in documents.into_iter().flat_map(Document::terms) {
        let most = terms.entry(term.to_owned()).or_default();
        *most = count.max(*most);
    }
    Document::from_terms(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_words_are_in_order_and_in_lowercase() {
        let words: Vec<&str> = ASKING.split(' ').collect();
        assert!(
            words
                .iter()
                .all(|word| is_asking(word) && word.to_lowercase() == **word)
        );
        assert!(words.is_sorted() && words.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn commas_and_conjunctions_part_subjects_and_elisions_are_taken_off() {
        let view = View::default();
        let told = |text| -> Vec<Vec<String>> {
            let word = |piece: &Piece<'_>| match piece {
                Piece::Word(word) => (*word).to_owned(),
                Piece::Skill(words, _) => format!("={words}"),
            };
            let parts = parts(&view, text);
            let parts = parts.iter().map(|part| part.iter().map(word).collect::<Vec<_>>());
            parts.filter(|part| !part.is_empty()).collect()
        };
        assert_eq!(
            told("l’hydraulique et d'exploitation, pompes; C++ (Linux)."),
            [
                vec!["hydraulique"],
                vec!["exploitation"],
                vec!["pompes"],
                vec!["C++", "Linux"]
            ]
        );
        assert_eq!(told(" , ; et "), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_name_is_said_whole_and_short_stems_do_not_stand_for_longer_words() {
        let names = Names::of(["coup de bélier", "water hammer"]);
        let said = |text: &str, language| {
            let document = Document::of(text, "", Some(language));
            names.are_said(|term| document.terms().any(|(other, _)| other == term))
        };
        assert!(said("Des coups de bélier au démarrage", "fr"));
        assert!(said("How loud may a water hammer be?", "en"));
        assert!(!said("The collector hammers the gateway", "en") && !said("Un coup de main", "fr"));
        let pay = Names::of(["paie"]);
        assert!(
            !pay.are_said(|term| ["pai", "rout"].contains(&term)),
            "paie, paye and payer are one stem"
        );
    }

    #[test]
    fn words_are_looked_up_with_the_endings_of_both_languages_off() {
        let document = document(["certificats rotating"]);
        let terms: Vec<&str> = document.terms().map(|(term, _)| term).collect();
        assert!(terms.contains(&"certificat") && terms.contains(&"rotat"), "{terms:?}");
    }
}
