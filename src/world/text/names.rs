//! Names of people, found by what somebody remembers of them: the beginning of any part, or how it sounds.
//!
//! A name is cut into parts at spaces and marks (`Jean-Pierre O’Brien`: jean, pierre, o, brien), each without case and
//! accents; a word with a mark inside is also kept in one piece (`jeanpierre`, `obrien`). A part of the query meets a
//! part of a name exactly, as its beginning, or, from three letters on, by sound; every part of the query must meet one.
//!
//! [`sound`] is ours: a table for French and English spelling, read from left to right. It writes one sign for
//! spellings that sound alike (`ph` and `f`, `eau` and `o`, `qu` and `k`), leaves out what is silent, and says nothing of
//! other languages than that close spellings stay close.
//!
//! Invariants: the index equals a fresh one of the names that are in it, whatever came and went; a clone is a snapshot.
//! It does not know people; numbers are the caller's, one name a number.

use super::characters::{fold_into, normalise_into};
use std::collections::BTreeMap;
use std::ops::Bound::{Included, Unbounded};
use std::sync::Arc;

/// Characters by which parts are kept together: what a write copies.
const STEM: usize = 2;
/// Letters from which on a part of a query is also compared by sound.
const SOUND_CHARS_MIN: usize = 3;

/// How close a name comes to what was asked for; the smaller the closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closeness {
    /// Every part of the query is a part of the name.
    Whole,
    /// Every part begins one.
    Beginning,
    /// Some part only sounds like one.
    Sound,
}

/// Parts by their first characters; then by the part, the numbers that have it, in order.
type Parts = Arc<BTreeMap<Box<str>, Arc<BTreeMap<Box<str>, Vec<u32>>>>>;

/// Names and the numbers they stand for. See the module for its promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameIndex {
    spelled: Parts,
    sounding: Parts,
}

impl NameIndex {
    /// Adds the name of `id`. Cost: the parts of the name, and a copy of the few hundred parts that begin alike.
    pub fn add(&mut self, name: &str, id: u32) {
        for part in parts(name) {
            put(&mut self.sounding, &sound(&part), id, true);
            put(&mut self.spelled, &part, id, true);
        }
    }

    /// Removes the name of `id`, as it was added. Cost: as adding it.
    pub fn remove(&mut self, name: &str, id: u32) {
        for part in parts(name) {
            put(&mut self.sounding, &sound(&part), id, false);
            put(&mut self.spelled, &part, id, false);
        }
    }

    /// The numbers whose names come close to `query`, each with how close. Nothing is close to a query without letters.
    ///
    /// Cost: the parts that begin as the query's do.
    pub fn find(&self, query: &str) -> BTreeMap<u32, Closeness> {
        let mut found: Option<BTreeMap<u32, Closeness>> = None;
        for part in cut(&folded(query)) {
            let close = self.close_to(&part);
            let both = match found {
                None => close,
                Some(earlier) => {
                    let worst = |(id, one): (u32, Closeness)| Some((id, one.max(*close.get(&id)?)));
                    earlier.into_iter().filter_map(worst).collect()
                }
            };
            if both.is_empty() {
                return both;
            }
            found = Some(both);
        }
        found.unwrap_or_default()
    }

    fn close_to(&self, part: &str) -> BTreeMap<u32, Closeness> {
        let mut close = BTreeMap::new();
        let mut note = |ids: &[u32], how: Closeness| {
            for &id in ids {
                let closest = close.entry(id).or_insert(how);
                *closest = how.min(*closest);
            }
        };
        let stem = stem_of(part);
        let shelves = self
            .spelled
            .range::<str, _>((Included(stem), Unbounded))
            .map(|(key, shelf)| (&**key, shelf));
        for (_, shelf) in shelves.take_while(|(key, _)| key.starts_with(stem)) {
            let from = shelf.range::<str, _>((Included(part), Unbounded));
            for (key, ids) in from.take_while(|(key, _)| key.starts_with(part)) {
                note(
                    ids,
                    if **key == *part {
                        Closeness::Whole
                    } else {
                        Closeness::Beginning
                    },
                );
            }
        }
        if part.chars().nth(SOUND_CHARS_MIN - 1).is_some() {
            let sound = sound(part);
            if let Some(ids) = self.sounding.get(stem_of(&sound)).and_then(|shelf| shelf.get(&*sound)) {
                note(ids, Closeness::Sound);
            }
        }
        close
    }
}

/// Writes `id` under `part`, or takes it out.
fn put(parts: &mut Parts, part: &str, id: u32, held: bool) {
    let parts = Arc::make_mut(parts);
    let stem = stem_of(part);
    let shelf = Arc::make_mut(parts.entry(stem.into()).or_default());
    let ids = shelf.entry(part.into()).or_default();
    match (ids.binary_search(&id), held) {
        (Err(place), true) => ids.insert(place, id),
        (Ok(place), false) => {
            ids.remove(place);
        }
        _ => {}
    }
    if ids.is_empty() {
        shelf.remove(part);
    }
    if shelf.is_empty() {
        parts.remove(stem);
    }
}

/// The first characters of a part.
fn stem_of(part: &str) -> &str {
    part.char_indices().nth(STEM).map_or(part, |(end, _)| &part[..end])
}

/// Lowercase, without accents.
pub fn folded(text: &str) -> String {
    let (mut normal, mut folded) = (String::new(), String::new());
    normalise_into(text, &mut normal);
    fold_into(&normal, &mut folded);
    folded
}

fn cut(folded: &str) -> Vec<String> {
    let mut parts: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// The different parts of a name, words with a mark inside also in one piece.
fn parts(name: &str) -> Vec<String> {
    let folded = folded(name);
    let mut parts = cut(&folded);
    let whole = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    parts.extend(folded.split_whitespace().map(whole).filter(|word| !word.is_empty()));
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// What must follow a spelling for it to sound as the table says.
#[derive(Clone, Copy)]
enum Before {
    Anything,
    /// e, i or y.
    Soft,
    /// A consonant other than the nasals, or the end.
    Hard,
    /// The end.
    Nothing,
}

use Before::{Anything, Hard, Nothing, Soft};

/// Spellings and their signs; the first that fits is taken, so the longest come first. `x` stands for sh.
const SPELLINGS: &[(&str, &str, Before)] = &[
    ("eau", "o", Anything),
    ("geo", "jo", Anything),
    ("sch", "x", Anything),
    ("tch", "x", Anything),
    ("ain", "1", Hard),
    ("ein", "1", Hard),
    ("aim", "1", Hard),
    ("ien", "i1", Hard),
    ("ille", "iy", Anything),
    ("aux", "o", Anything),
    ("au", "o", Anything),
    ("ou", "u", Anything),
    ("oo", "u", Anything),
    ("ai", "e", Anything),
    ("ay", "e", Anything),
    ("ei", "e", Anything),
    ("ey", "e", Anything),
    ("oe", "e", Anything),
    ("ae", "e", Anything),
    ("eu", "e", Anything),
    ("ee", "i", Anything),
    ("ie", "i", Hard),
    ("an", "0", Hard),
    ("am", "0", Hard),
    ("en", "0", Hard),
    ("em", "0", Hard),
    ("in", "1", Hard),
    ("yn", "1", Hard),
    ("im", "1", Hard),
    ("on", "2", Hard),
    ("om", "2", Hard),
    ("ph", "f", Anything),
    ("sh", "x", Anything),
    ("ch", "x", Anything),
    ("ck", "k", Anything),
    ("cqu", "k", Anything),
    ("qu", "k", Anything),
    ("gn", "ny", Anything),
    ("gu", "g", Soft),
    ("ge", "j", Hard),
    ("bv", "v", Anything),
    ("dj", "j", Anything),
    ("tz", "s", Anything),
    ("c", "s", Soft),
    ("g", "j", Soft),
    ("c", "k", Anything),
    ("q", "k", Anything),
    ("w", "v", Anything),
    ("x", "ks", Anything),
    ("y", "i", Anything),
    ("z", "s", Anything),
    ("h", "", Anything),
    ("e", "", Nothing),
];

/// How a folded part of a name sounds, in signs of our own: silent letters at the end (d, s, t, x, z, then a mute e) and
/// every h go, doubled signs are one. Never empty unless the part is. Cost: length × table.
pub fn sound(part: &str) -> String {
    let mut rest = without_silent_end(part);
    let mut signs = String::with_capacity(rest.len());
    while let Some(first) = rest.chars().next() {
        let fits = |(spelling, _, before): &&(&str, &str, Before)| {
            rest.strip_prefix(*spelling)
                .is_some_and(|after| follows(after, *before))
        };
        let own = &rest[..first.len_utf8()];
        let (taken, sign) = SPELLINGS
            .iter()
            .find(fits)
            .map_or((own.len(), own), |(spelling, sign, _)| (spelling.len(), *sign));
        for sign in sign.chars() {
            if !signs.ends_with(sign) {
                signs.push(sign);
            }
        }
        rest = &rest[taken..];
    }
    if signs.is_empty() { part.to_owned() } else { signs }
}

fn follows(after: &str, before: Before) -> bool {
    let next = after.chars().next();
    match before {
        Anything => true,
        Soft => next.is_some_and(|c| "eiy".contains(c)),
        Hard => next.is_none_or(|c| !"aeiouymnh".contains(c)),
        Nothing => next.is_none(),
    }
}

/// `part` without the consonants that French leaves silent at the end, as long as three letters stay.
fn without_silent_end(part: &str) -> &str {
    let kept = part.trim_end_matches(['d', 's', 't', 'x', 'z']);
    if kept.chars().nth(2).is_some() { kept } else { part }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check_alike(one: &str, other: &str) {
        assert_eq!(sound(&folded(one)), sound(&folded(other)), "{one} and {other}");
    }

    #[test]
    fn spellings_that_sound_alike_are_one() {
        for (one, other) in [
            ("Dupont", "Dupond"),
            ("Lefèvre", "Lefebvre"),
            ("Thierry", "Tierry"),
            ("Stéphane", "Stefane"),
            ("Catherine", "Katherine"),
            ("Philippe", "Filip"),
            ("Moreau", "Moraux"),
            ("Moreau", "Moro"),
            ("Cédric", "Sedrick"),
            ("Geoffroy", "Joffroi"),
            ("Alice", "Alisse"),
            ("Serge", "Serje"),
            ("Étienne", "Etiene"),
            ("Charles", "Charle"),
            ("Laurent", "Laurant"),
            ("Schmidt", "Schmitt"),
            ("Hélène", "Elène"),
            ("Marc", "Mark"),
            ("Sophie", "Sofy"),
            ("Quentin", "Kentin"),
            ("Matthew", "Mathew"),
            ("Louise", "Louyse"),
        ] {
            check_alike(one, other);
        }
    }

    #[test]
    fn different_names_stay_apart() {
        for (one, other) in [
            ("Martin", "Morin"),
            ("Léa", "Léo"),
            ("Marc", "Marie"),
            ("Durand", "Dupont"),
            ("Anne", "Yann"),
            ("Bob", "Rob"),
            ("Louis", "Louise"),
            ("Martin", "Martine"),
        ] {
            assert_ne!(sound(&folded(one)), sound(&folded(other)), "{one} and {other}");
        }
    }

    #[test]
    fn any_part_may_be_remembered() {
        let mut names = NameIndex::default();
        for (id, name) in (0..).zip([
            "Léa Fontaine",
            "Jean-Pierre O’Brien",
            "Étienne Lefèvre",
            "Lea Fontanel",
            "李小龙",
        ]) {
            names.add(name, id);
        }
        let find = |query: &str| names.find(query).into_iter().collect::<Vec<_>>();
        assert_eq!(find("LEA"), [(0, Closeness::Whole), (3, Closeness::Whole)]);
        assert_eq!(find("font"), [(0, Closeness::Beginning), (3, Closeness::Beginning)]);
        assert_eq!(find("fontaine léa"), [(0, Closeness::Whole)]);
        assert_eq!(find("pierre"), [(1, Closeness::Whole)]);
        assert_eq!(find("jeanpierre obrien"), [(1, Closeness::Whole)]);
        assert_eq!(find("o'brien"), [(1, Closeness::Whole)]);
        assert_eq!(find("lefebvre"), [(2, Closeness::Sound)]);
        assert_eq!(find("etienne lefebvre"), [(2, Closeness::Sound)]);
        assert_eq!(find("李小"), [(4, Closeness::Beginning)]);
        assert_eq!(find("lea dupont"), []);
        assert_eq!((find(""), find(" -' ")), (vec![], vec![]));
    }

    proptest! {
        #[test]
        fn what_came_and_went_leaves_no_trace(
            names in prop::collection::vec("[a-cé' -]{0,8}", 1..12), gone in prop::collection::vec(any::<bool>(), 12)
        ) {
            let (mut index, mut fresh) = (NameIndex::default(), NameIndex::default());
            for (id, name) in (0..).zip(&names) { index.add(name, id); }
            for ((id, name), gone) in (0..).zip(&names).zip(gone) {
                if gone { index.remove(name, id) } else { fresh.add(name, id) }
            }
            prop_assert_eq!(index, fresh);
        }

        #[test]
        fn a_name_is_found_by_the_beginning_of_each_part(name in "[a-zA-ZéèçœßøŁ’' -]{0,30}", length in 1..5_usize) {
            let mut index = NameIndex::default();
            index.add(&name, 7);
            for part in cut(&folded(&name)) {
                prop_assert!(!sound(&part).is_empty());
                let beginning: String = part.chars().take(length).collect();
                prop_assert!(index.find(&beginning).contains_key(&7), "{} of {}", beginning, name);
            }
        }
    }
}
