//! Skill maps: how many people have which skill in which unit, as releases that are published now and then and never
//! change. Nobody reads the organisation itself through a map.
//!
//! [`count`] sees people and yields numbers; [`tell`] decides which numbers may be told, and knows neither people nor
//! wire; [`publish`] makes a release of them beside the one before; [`demand`] finds what is asked for; releases are
//! artefacts of the store ([`codec`]); [`read`] looks things up in them. Off until the operator switches it on.

mod codec;
mod count;
mod demand;
mod publish;
mod read;
mod release;
mod shelf;
mod target;
mod tell;
mod tree;

pub use read::{Gap, GapsPart, MapColumn, MapPage, MapRow, MapWish, Trend};
pub use release::{Few, Lists, Release, Slice, Unmet};
pub use shelf::{MapRules, SkillMapError};
pub use target::Target;
pub use tell::Number;

pub(super) use shelf::{KIND, Shelf};

#[cfg(test)]
mod tests;
