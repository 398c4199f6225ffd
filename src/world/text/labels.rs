//! Labels of skills and tags, found whole in raw text.
//!
//! Terms of the text index drop lone letters and stem words; a skill called `C`, `R`, `C#` or `.NET` must still be found,
//! and only it. Invariants:
//! * the index is a multiset of (label, id): what was added n times must be removed n times, and an index after any
//!   sequence of additions and removals equals a fresh one of what is left;
//! * matches are leftmost-longest and do not overlap; all ids of a label come back, in ascending order;
//! * a clone is a snapshot that shares memory.
//!
//! Case, accents, and the choice between space, hyphen, underscore, slash and apostrophe do not distinguish labels. Labels
//! of one or two letters or digits (`C`, `R`, `Go`) must match case exactly and stand alone. A plural `s` in the text
//! is tolerated on words whose rest has at least four letters (`habilitations électriques`), an exact match first.
//! It does not know skills; ids are the caller's.

use super::raw_tokens::{RawToken, raw_tokens};
use super::shared_vec::SharedVec;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

const SHARDS: usize = 1_024;
/// A label of at most this many letters or digits is matched by case.
const EXACT_CHARS_MAX: usize = 2;
/// Words of a label beyond these do not distinguish it.
const WORDS_MAX: usize = 16;
/// A plural is tolerated when at least this many letters come before its `s`.
const SINGULAR_CHARS_MIN: usize = 4;
/// Separates the words of a key; no token holds it.
const SEPARATOR: char = ' ';
/// Starts the key of a label matched by case; no token starts with it.
const EXACT: char = '=';

/// What is known about one sequence of words: the ids it labels, and how many longer labels start with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Node {
    ids: BTreeMap<u32, u32>,
    longer: u32,
}

/// Labels by their first word's shard, then by their words and each prefix of them.
type Shard = Arc<HashMap<Box<str>, Node>>;

/// Labels and the numbers they stand for. See the module for its promises.
#[derive(Clone, Debug)]
pub struct LabelIndex {
    shards: SharedVec<Shard>,
    len: usize,
}

impl Default for LabelIndex {
    fn default() -> Self {
        Self {
            shards: SharedVec::filled(SHARDS, &Shard::default()),
            len: 0,
        }
    }
}

impl LabelIndex {
    /// Adds one occurrence of (label, id). A label without letters or digits is ignored. Cost: O(words of the label).
    pub fn add(&mut self, label: &str, id: u32) {
        let prefixes = prefixes(label);
        let Some((whole, shorter)) = prefixes.split_last() else {
            return;
        };
        let shard = self.shard_mut(&prefixes[0]);
        for prefix in shorter {
            shard.entry(prefix.as_str().into()).or_default().longer += 1;
        }
        *shard
            .entry(whole.as_str().into())
            .or_default()
            .ids
            .entry(id)
            .or_default() += 1;
        self.len += 1;
    }

    /// Removes one occurrence of (label, id); whether there was one. Cost: O(words of the label).
    pub fn remove(&mut self, label: &str, id: u32) -> bool {
        let prefixes = prefixes(label);
        let Some((whole, shorter)) = prefixes.split_last() else {
            return false;
        };
        if !self
            .node(&prefixes[0], whole)
            .is_some_and(|node| node.ids.contains_key(&id))
        {
            return false;
        }
        let shard = self.shard_mut(&prefixes[0]);
        update(shard, whole, |node| {
            if let Some(count) = node.ids.get_mut(&id) {
                *count -= 1;
            }
            node.ids.retain(|_, count| *count > 0);
        });
        for prefix in shorter {
            update(shard, prefix, |node| node.longer -= 1);
        }
        self.len -= 1;
        true
    }

    /// How many occurrences of (label, id) there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no label.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The ids whose labels occur in `text`, each with the bytes it was found at, in order of place, then id. Cost:
    /// linear in the text, times the words of the longest label that starts like it.
    pub fn find(&self, text: &str) -> Vec<(u32, Range<usize>)> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        let tokens = raw_tokens(text);
        let mut key = String::new();
        let mut at = 0;
        while at < tokens.len() {
            let best = self
                .longest(&tokens, at, &mut key)
                .or_else(|| self.exact(text, &tokens[at], &mut key));
            let Some((words, node)) = best else {
                at += 1;
                continue;
            };
            let last = at + words - 1;
            let undotted = usize::from(tokens[at].dot_between && !key.starts_with('.'));
            let range = tokens[at].range.start + undotted..tokens[last].range.end;
            found.extend(node.ids.keys().map(|&id| (id, range.clone())));
            at = last + 1;
        }
        found
    }

    /// The longest label that starts with token `at`: how many tokens it takes, and its node. Leaves in `key` a key
    /// that starts with the reading of the first token that matched.
    fn longest(&self, tokens: &[RawToken], at: usize, key: &mut String) -> Option<(usize, &Node)> {
        for first in readings(&tokens[at]) {
            let shard = self.shards.get(shard_of(first))?;
            key.clear();
            key.push_str(first);
            let best = deepest(shard, tokens, at, 1, key);
            if best.is_some() {
                return best;
            }
        }
        None
    }

    /// A label of one or two characters, matched by case, on a token that stands alone.
    fn exact(&self, text: &str, token: &RawToken, key: &mut String) -> Option<(usize, &Node)> {
        if !token.alone || token.folded.len() > 4 * EXACT_CHARS_MAX {
            return None;
        }
        key.clear();
        key.push(EXACT);
        key.extend(text[token.range.clone()].nfkc());
        self.node(key, key).map(|node| (1, node))
    }

    fn node(&self, first: &str, key: &str) -> Option<&Node> {
        self.shards.get(shard_of(first))?.get(key)
    }

    fn shard_mut(&mut self, first: &str) -> &mut HashMap<Box<str>, Node> {
        let shard = self
            .shards
            .get_mut(shard_of(first))
            .expect("every shard was made with the index");
        Arc::make_mut(shard)
    }
}

/// Follows the tokens after the `words` already in `key` as far as labels go; the longest that is one.
fn deepest<'i>(
    shard: &'i HashMap<Box<str>, Node>,
    tokens: &[RawToken],
    at: usize,
    words: usize,
    key: &mut String,
) -> Option<(usize, &'i Node)> {
    let node = shard.get(key.as_str())?;
    if node.longer > 0
        && let Some(next) = tokens.get(at + words).filter(|next| next.follows)
    {
        let length = key.len();
        for reading in readings(next) {
            key.truncate(length);
            key.push(SEPARATOR);
            key.push_str(reading);
            if let Some(best) = deepest(shard, tokens, at, words + 1, key) {
                return Some(best);
            }
        }
    }
    (!node.ids.is_empty()).then_some((words, node))
}

/// How a token of a text may be read: as it is, in the singular, without the dot of the sentence before it.
fn readings(token: &RawToken) -> impl Iterator<Item = &str> {
    let whole = Some(token.folded.as_str());
    let undotted = token.undotted();
    [whole, whole.and_then(singular), undotted, undotted.and_then(singular)]
        .into_iter()
        .flatten()
}

fn singular(word: &str) -> Option<&str> {
    let rest = word.strip_suffix('s')?;
    (rest.len() >= SINGULAR_CHARS_MIN && rest.bytes().all(|b| b.is_ascii_lowercase())).then_some(rest)
}

/// The keys of a label's prefixes, the whole label last; none for a label without words.
fn prefixes(label: &str) -> Vec<String> {
    let exact: String = label.trim().nfkc().collect();
    let chars = exact.chars().count();
    if (1..=EXACT_CHARS_MAX).contains(&chars) && exact.chars().all(char::is_alphanumeric) {
        return vec![format!("{EXACT}{exact}")];
    }
    let mut prefixes: Vec<String> = Vec::new();
    for token in raw_tokens(label).iter().take(WORDS_MAX) {
        let key = match prefixes.last() {
            Some(before) => format!("{before}{SEPARATOR}{}", token.folded),
            None => token.folded.clone(),
        };
        prefixes.push(key);
    }
    prefixes
}

/// Changes a node and forgets it once it says nothing.
fn update(shard: &mut HashMap<Box<str>, Node>, key: &str, change: impl FnOnce(&mut Node)) {
    let Some(node) = shard.get_mut(key) else { return };
    change(node);
    if *node == Node::default() {
        shard.remove(key);
    }
}

fn shard_of(first: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    first.hash(&mut hasher);
    hasher.finish() as usize % SHARDS
}

#[cfg(test)]
mod tests;
