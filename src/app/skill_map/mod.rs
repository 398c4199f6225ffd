//! Skill maps: how many people have which skill in which unit, as releases that are published now and then and never
//! change. Nobody reads the organisation itself through a map.
//!
//! [`count`] sees people and yields numbers; [`tell`] decides which numbers may be told, and knows neither people nor
//! wire; [`publish`] makes a release of them beside the one before; [`demand`] finds what is asked for; releases are
//! artefacts of the store ([`codec`]); [`read`] looks things up in them; [`mine`] tells somebody what of theirs is counted.
//! Off until the operator switches it on; and so, apart, is counting those of whom a skill is only concluded.

mod codec;
mod count;
mod demand;
mod mine;
mod publish;
mod read;
mod release;
#[cfg(test)]
mod sample;
mod shelf;
mod target;
mod tell;
mod tree;

pub use mine::{Counted, HeldByFew, MapsOnMe};
pub use publish::Occasion;
pub use read::{MapColumn, MapPage, MapRow, MapWish, Trend};
pub use release::{Few, Inference, Lists, Release, Slice, Unmet};
pub use shelf::{MapRules, SkillMapError};
pub use target::Target;
pub use tell::Number;

pub(super) use shelf::{KIND, Shelf};

#[cfg(test)]
mod tests;
