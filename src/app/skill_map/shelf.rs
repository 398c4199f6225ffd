//! The releases that there are: read from the store at the start, one more now and then, the old ones dropped.
//!
//! Invariants: a release is durable before anybody reads it, and is never changed; it is made of one snapshot.

use super::codec;
use super::count::{Concluding, Count};
use super::demand;
use super::publish::{Earlier, Occasion, WINDOW, publish};
use super::release::{Lists, Release};
use super::target::Target;
use crate::app::service::Service;
use crate::calendar::date_of;
use crate::domain::{DAY_MICROS, Day, UnitPath};
use crate::recommend::SkillsRecommender;
use crate::store::{Store, StoreError};
use crate::world::View;
use arc_swap::ArcSwap;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, TryLockError};

/// The kind of artefact that a release is.
pub(in crate::app) const KIND: &str = "skill-map";
/// Past quarters of which the last release is kept.
const QUARTERS: usize = 12;

/// How the organisation wants its maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapRules {
    /// No number of `k` people or fewer is told; at least 5.
    pub k: u32,
    /// After how many days the next release is made.
    pub days: u32,
    /// Whether those are counted too, apart, of whom a skill is only concluded.
    pub inferred: bool,
    /// How many people are wanted where.
    pub targets: Vec<Target>,
}

/// Why no release was made.
#[derive(Debug, thiserror::Error)]
pub enum SkillMapError {
    /// Nobody switched them on.
    #[error("skill maps are off: set `enabled = true` under `[skill_maps]` in the configuration")]
    Off,
    /// One is being made.
    #[error("a skill map is being made: wait until it is done")]
    Busy,
    /// The store refuses.
    #[error("the skill map could not be kept: {0}")]
    Store(String),
}

/// The releases, and how they are made.
#[derive(Default)]
pub(in crate::app) struct Shelf {
    rules: OnceLock<MapRules>,
    /// Oldest first.
    releases: ArcSwap<Vec<Arc<Release>>>,
    turn: Mutex<()>,
}

impl Shelf {
    /// What `store` holds. A release that this program cannot read is left aside, and the log says so.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(in crate::app) fn load(store: &dyn Store) -> Result<Self, StoreError> {
        let mut releases = Vec::new();
        for info in store.artefacts(KIND)? {
            let artefact = store.artefact(KIND, info.version)?;
            if let Some(release) = artefact.and_then(|artefact| codec::decode(&artefact.bytes)) {
                releases.push(Arc::new(release));
            } else {
                let release = info.version;
                tracing::warn!(
                    release,
                    "a skill map is written as this version of antenne cannot read it"
                );
            }
        }
        let shelf = Self::default();
        shelf.releases.store(Arc::new(releases));
        Ok(shelf)
    }
}

/// The number of the quarter that holds the day `day`.
pub(super) fn quarter(day: Day) -> i32 {
    let date = date_of(day);
    i32::from(date.year()) * 4 + i32::from((date.month() - 1) / 3)
}

/// The last release of each quarter in `releases`, oldest first.
pub(super) fn last_of_quarters(releases: &[Arc<Release>]) -> Vec<Arc<Release>> {
    let quarter = |release: &Release| quarter(release.made.day());
    let last = |(n, release): &(usize, &Arc<Release>)| {
        releases.get(n + 1).is_none_or(|next| quarter(next) != quarter(release))
    };
    let found = releases.iter().enumerate().filter(last);
    found.map(|(_, release)| Arc::clone(release)).collect()
}

/// The numbers of the releases that are not kept: older than the last [`WINDOW`] and not the last of a past quarter.
fn dropped(releases: &[Arc<Release>]) -> BTreeSet<u32> {
    let mut kept: BTreeSet<u32> = releases
        .iter()
        .rev()
        .take(WINDOW as usize)
        .map(|release| release.number)
        .collect();
    let quarters = last_of_quarters(releases);
    kept.extend(quarters.iter().rev().take(QUARTERS + 1).map(|release| release.number));
    let all = releases.iter().map(|release| release.number);
    all.filter(|number| !kept.contains(number)).collect()
}

impl Release {
    /// The next release of what `view` shows, beside the one `before`; `skills` draws the conclusions, where they are counted.
    /// Cost: everybody's skills once, and a ranking a person for conclusions.
    #[must_use]
    pub fn next(view: &View, occasion: Occasion, skills: &SkillsRecommender, before: Option<&Self>) -> Self {
        let at = occasion.made;
        let count = Count::of(view, at, occasion.inferred.then(|| Concluding::by(skills)));
        let earlier = before.map(|before| {
            let unit = |old: &str| view.unit_now(&UnitPath::new(old), before.made).as_str().to_owned();
            let skill = |old: &str| {
                let known = view.skills.find(old).map(|skill| view.skill_root(skill));
                known.map_or_else(|| old.to_owned(), |skill| view.skills.get(skill).id.to_string())
            };
            Earlier::of(before, &count.tree, &unit, &skill)
        });
        let release = publish(&count, earlier.as_ref(), Lists::default(), occasion);
        release.listed(before, |release| demand::lists(view, &count, release, at))
    }

    /// The same release with its lists: those of the one `before` as long as the quarter lasts, and `fresh` ones in a new
    /// one. Who joins or leaves one of the few would show if they were made anew each week.
    #[must_use]
    pub(super) fn listed(mut self, before: Option<&Self>, fresh: impl FnOnce(&Self) -> Lists) -> Self {
        let this_quarter = |release: &&Self| quarter(Day::from_days(release.lists.day)) == quarter(self.made.day());
        self.lists = match before.filter(this_quarter) {
            Some(before) => before.lists.still(&self),
            None => fresh(&self),
        };
        self
    }
}

impl Service {
    /// Switches skill maps on, for as long as this process runs. The first call holds.
    pub fn use_skill_maps(&self, rules: MapRules) {
        let _ = self.maps.rules.set(rules);
    }

    /// How skill maps are made; `None` while they are off.
    pub fn skill_map_rules(&self) -> Option<&MapRules> {
        self.maps.rules.get()
    }

    /// The releases that may be read, oldest first; none while maps are off.
    pub fn skill_maps(&self) -> Arc<Vec<Arc<Release>>> {
        match self.skill_map_rules() {
            Some(_) => self.maps.releases.load_full(),
            None => Arc::default(),
        }
    }

    /// Whether the next release is due.
    pub fn skill_map_due(&self) -> bool {
        let Some(rules) = self.skill_map_rules() else {
            return false;
        };
        let last = self.maps.releases.load().last().map(|release| release.made);
        last.is_none_or(|made| self.now() >= made.plus_micros(i64::from(rules.days) * DAY_MICROS))
    }

    /// Makes the next release of the newest snapshot, on this thread, and keeps it. Cost: everybody's skills once.
    ///
    /// # Errors
    /// When maps are off, one is being made, or it could not be kept; nothing was published then.
    pub fn publish_skill_map(&self) -> Result<Arc<Release>, SkillMapError> {
        let rules = self.skill_map_rules().ok_or(SkillMapError::Off)?;
        let _turn = match self.maps.turn.try_lock() {
            Ok(turn) => turn,
            // The guard protects no data that a panic could have left half changed.
            Err(TryLockError::Poisoned(turn)) => turn.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(SkillMapError::Busy),
        };
        let snapshot = self.snapshot();
        let occasion = Occasion {
            made: snapshot.as_of(self.now()),
            generation: snapshot.generation,
            k: rules.k,
            inferred: rules.inferred,
        };
        let before = self.maps.releases.load_full();
        let last = before.last().map(|release| &**release);
        let release = Arc::new(Release::next(&snapshot.view, occasion, snapshot.models.skills(), last));
        drop(snapshot);
        let mut kept: Vec<Arc<Release>> = before.iter().map(Arc::clone).chain([Arc::clone(&release)]).collect();
        let gone = dropped(&kept);
        kept.retain(|release| !gone.contains(&release.number));
        self.keep(&release, gone)?;
        self.maps.releases.store(Arc::new(kept));
        Ok(release)
    }

    fn keep(&self, release: &Arc<Release>, gone: BTreeSet<u32>) -> Result<(), SkillMapError> {
        let (bytes, version) = (codec::encode(release), u64::from(release.number));
        let cabinet = self
            .cabinet()
            .ok_or_else(|| SkillMapError::Store("the service is stopping".to_owned()))?;
        let meta = format!("made {} of generation {}", release.made.micros(), release.generation);
        let kept = cabinet.change(move |store| {
            let gone: Vec<u64> = gone.into_iter().map(u64::from).collect();
            store.put_artefact(KIND, version, &bytes, &meta, &gone)
        });
        kept.map_err(SkillMapError::Store)
    }
}
