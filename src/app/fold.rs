//! Reading a log as facts, to fold them: at the start, and whenever what is in memory is held against what is on disk.

use super::erasure::Places;
use super::service::OpenError;
use super::tally::Tally;
use crate::domain::{Fact, Timestamp};
use crate::ingest::{FutureRule, decode};
use crate::store::Reader;
use crate::world::World;
use std::ops::ControlFlow;
use std::path::Path;

/// A part of a log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Records after this sequence,
    pub(super) after: u64,
    /// up to this one, itself included.
    pub(super) until: u64,
}

impl Span {
    /// All of it.
    pub(super) const WHOLE: Self = Self {
        after: 0,
        until: u64::MAX,
    };
}

/// Hands the facts of `span` to `each`, in order, each with its sequence; `path` is what errors are about. Cost: linear in the records.
///
/// # Errors
/// [`OpenError::Store`] when the log cannot be read, [`OpenError::Record`] when one of its records cannot be understood.
pub(super) fn fold(
    reader: &dyn Reader,
    span: Span,
    path: &Path,
    now: Timestamp,
    each: &mut dyn FnMut(u64, Fact),
) -> Result<(), OpenError> {
    let mut unreadable = None;
    reader.scan(span.after, &mut |record| {
        if record.sequence > span.until {
            return ControlFlow::Break(());
        }
        match decode(record.payload, FutureRule::Accept { now }) {
            Ok(decoded) => {
                each(record.sequence, decoded.fact);
                ControlFlow::Continue(())
            }
            Err(why) => {
                unreadable = Some(OpenError::Record {
                    sequence: record.sequence,
                    path: path.to_owned(),
                    why,
                });
                ControlFlow::Break(())
            }
        }
    })?;
    unreadable.map_or(Ok(()), Err)
}

/// The World that the whole log amounts to, what each source sent to it, and where each event lies. Cost: as [`fold`].
///
/// # Errors
/// As [`fold`].
pub(super) fn fold_whole(
    reader: &dyn Reader,
    path: &Path,
    now: Timestamp,
) -> Result<(World, Tally, Places), OpenError> {
    let (mut world, mut tally, mut places) = (World::default(), Tally::default(), Places::default());
    fold(reader, Span::WHOLE, path, now, &mut |sequence, fact| {
        tally.count(&fact);
        places.note(sequence, &fact.key);
        world.apply(fact);
    })?;
    Ok((world, tally, places))
}
