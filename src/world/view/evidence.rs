//! Layer 2 evidence: exact integers that answers add to and take back from the person who gave them.

use crate::domain::Timestamp;
use crate::world::buckets::{Buckets, Width};
use crate::world::latent::{Topics, Vector};
use crate::world::table::{CommunityIx, PersonIx, TagIx};
use std::sync::Arc;

/// How often each key was counted, in order of key, never zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts<K>(Vec<(K, u32)>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord> Counts<K> {
    /// Adds one to `key`.
    pub fn add(&mut self, key: K) {
        match self.0.binary_search_by(|(k, _)| k.cmp(&key)) {
            Ok(place) => self.0[place].1 += 1,
            Err(place) => self.0.insert(place, (key, 1)),
        }
    }

    /// Takes one back from `key`.
    ///
    /// # Panics
    /// When nothing is counted there: a contribution is taken back only after it was added.
    pub fn take(&mut self, key: &K) {
        let place = self
            .0
            .binary_search_by(|(k, _)| k.cmp(key))
            .expect("what is taken back was added before");
        self.0[place].1 -= 1;
        if self.0[place].1 == 0 {
            self.0.remove(place);
        }
    }

    /// The count of `key`.
    pub fn get(&self, key: &K) -> u32 {
        self.0
            .binary_search_by(|(k, _)| k.cmp(key))
            .map_or(0, |place| self.0[place].1)
    }

    /// Keys and counts in order of key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, u32)> + Clone {
        self.0.iter().map(|(k, n)| (k, *n))
    }

    /// The same counts under other keys, in the order of these.
    pub(super) fn renamed(&self, name: impl Fn(&K) -> K) -> Self {
        let mut counts: Vec<_> = self.0.iter().map(|(key, count)| (name(key), *count)).collect();
        counts.sort_unstable();
        Self(counts)
    }

    /// How many keys are counted.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What the answers that a person gave to others' questions show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Answers.
    pub answers: u32,
    /// Of these, accepted.
    pub accepted: u32,
    /// Answers by UTC day.
    pub days: Buckets,
    /// Answers by UTC hour of the day.
    pub hours: Counts<u8>,
    /// Answers by the UTC hour of the day at which their question was asked.
    pub question_hours: Counts<u8>,
    /// Answers by time from question to answer, in quarter octaves of minutes: see `latency_class`.
    pub latency: Counts<u8>,
    /// Answers by language of the exchange.
    pub languages: Counts<Arc<str>>,
    /// Answers under each tag, by week.
    pub tags: Vec<(TagIx, Buckets)>,
    /// Answers in each community, by week.
    pub communities: Vec<(CommunityIx, Buckets)>,
    /// Answers to each asker.
    pub helped: Counts<PersonIx>,
    /// What the questions were about.
    pub topics: Topics,
}

/// What one answer contributes. A pure function of the resolved states of answer, question, community and identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The human who answered.
    pub author: PersonIx,
    /// The human who asked; another one.
    pub asker: PersonIx,
    /// When the answer was given.
    pub at: Timestamp,
    /// The UTC hour of the day at which the question was asked.
    pub asked_hour: u8,
    /// Time from question to answer.
    pub latency: u8,
    /// Whether it is accepted.
    pub accepted: bool,
    /// The language of the exchange, where it is known.
    pub language: Option<Arc<str>>,
    /// The question's tags.
    pub tags: Vec<TagIx>,
    /// The question's community.
    pub community: Option<CommunityIx>,
    /// What the question is about, where a latent basis says so.
    pub subject: Option<Vector>,
}

impl Evidence {
    /// Adds what one answer shows.
    pub fn add(&mut self, c: &Contribution) {
        let week = Width::Week.bucket(c.at);
        self.answers += 1;
        self.accepted += u32::from(c.accepted);
        self.days.add(Width::Day.bucket(c.at));
        self.hours.add(c.at.hour());
        self.question_hours.add(c.asked_hour);
        self.latency.add(c.latency);
        self.helped.add(c.asker);
        if let Some(language) = &c.language {
            self.languages.add(Arc::clone(language));
        }
        for &tag in &c.tags {
            entry(&mut self.tags, tag).add(week);
        }
        if let Some(community) = c.community {
            entry(&mut self.communities, community).add(week);
        }
        if let Some(subject) = &c.subject {
            self.topics.add(c.at, subject);
        }
    }

    /// Takes back what one answer showed.
    pub fn take(&mut self, c: &Contribution) {
        let week = Width::Week.bucket(c.at);
        self.answers -= 1;
        self.accepted -= u32::from(c.accepted);
        self.days.take(Width::Day.bucket(c.at));
        self.hours.take(&c.at.hour());
        self.question_hours.take(&c.asked_hour);
        self.latency.take(&c.latency);
        self.helped.take(&c.asker);
        if let Some(language) = &c.language {
            self.languages.take(language);
        }
        for &tag in &c.tags {
            take_from(&mut self.tags, tag, week);
        }
        if let Some(community) = c.community {
            take_from(&mut self.communities, community, week);
        }
        if let Some(subject) = &c.subject {
            self.topics.take(c.at, subject);
        }
    }

    /// Answers under `tag` by week.
    pub fn tag(&self, tag: TagIx) -> Option<&Buckets> {
        find(&self.tags, tag)
    }

    /// Answers under those of `tags` under which there are any, by week, each with what comes with the tag; `tags` are in the order
    /// of index, and so is what is told. Cost: a walk along the person's tags, in strides where they are many.
    pub fn tags_among<'e, T: Copy>(&'e self, tags: &'e [(TagIx, T)]) -> impl Iterator<Item = (T, &'e Buckets)> + 'e {
        let mut left = self.tags.as_slice();
        tags.iter().filter_map(move |&(tag, with)| {
            left = &left[first_from(left, tag)..];
            let (found, weeks) = left.first()?;
            (*found == tag).then_some((with, weeks))
        })
    }

    /// Answers in `community` by week.
    pub fn community(&self, community: CommunityIx) -> Option<&Buckets> {
        find(&self.communities, community)
    }
}

fn find<K: Ord>(list: &[(K, Buckets)], key: K) -> Option<&Buckets> {
    list.binary_search_by(|(k, _)| k.cmp(&key))
        .ok()
        .map(|place| &list[place].1)
}

/// The place of the first of `list` whose key is not less than `key`; its cost is logarithmic in how far that is.
fn first_from<K: Ord>(list: &[(K, Buckets)], key: K) -> usize {
    let (mut from, mut step) = (0, 1);
    while from + step <= list.len() && list[from + step - 1].0 < key {
        (from, step) = (from + step, 2 * step);
    }
    let until = list.len().min(from + step);
    from + list[from..until].partition_point(|(k, _)| *k < key)
}

fn entry<K: Ord>(list: &mut Vec<(K, Buckets)>, key: K) -> &mut Buckets {
    let place = list.binary_search_by(|(k, _)| k.cmp(&key)).unwrap_or_else(|place| {
        list.insert(place, (key, Buckets::default()));
        place
    });
    &mut list[place].1
}

fn take_from<K: Ord>(list: &mut Vec<(K, Buckets)>, key: K, bucket: i32) {
    let place = list
        .binary_search_by(|(k, _)| k.cmp(&key))
        .expect("what is taken back was added before");
    list[place].1.take(bucket);
    if list[place].1.is_empty() {
        list.remove(place);
    }
}

/// The class of a delay: ⌊4 · log2(1 + minutes)⌋, so that two delays of one class differ by at most a fifth.
pub fn latency_class(minutes: u64) -> u8 {
    (4.0 * libm::log2(1.0 + minutes as f64)).min(255.0) as u8
}

/// The natural logarithm of 1 + minutes at the middle of `class`.
pub fn latency_log_minutes(class: u8) -> f64 {
    (f64::from(class) + 0.5) / 4.0 * core::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Ix as _;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_walk_along_the_tags_finds_what_looking_each_up_finds(
            held in prop::collection::btree_set(0_u32..200, 0..120),
            wanted in prop::collection::btree_set(0_u32..200, 0..50),
        ) {
            let mut evidence = Evidence::default();
            held.iter().for_each(|&tag| entry(&mut evidence.tags, TagIx::from_row(tag)).add(tag as i32));
            let wanted: Vec<(TagIx, u32)> = wanted.iter().map(|&tag| (TagIx::from_row(tag), tag)).collect();
            let walked: BTreeSet<(u32, Option<i32>)> =
                evidence.tags_among(&wanted).map(|(tag, weeks)| (tag, weeks.latest())).collect();
            let looked_up = wanted.iter().filter_map(|&(ix, tag)| Some((tag, evidence.tag(ix)?.latest())));
            prop_assert_eq!(walked, looked_up.collect());
        }
    }
}
