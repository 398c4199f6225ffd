//! Every bound on what comes from outside, in one place. `docs/EVENTS.md` states the same figures.
//!
//! Lengths of text are counted in characters (Unicode scalar values) after normalisation, never in bytes.

/// Most bytes of one line, without its line feed.
pub const MAX_LINE_BYTES: usize = 1 << 20;
/// Most objects and arrays inside one another; the envelope is the first.
pub const MAX_DEPTH: usize = 8;
/// Most keys of one JSON object. No type has as many; it bounds the search for repeated keys.
pub const MAX_KEYS: usize = 100;
/// Most bytes of a batch over HTTP.
pub const MAX_BATCH_BYTES: usize = 16 << 20;
/// Most lines of a batch over HTTP.
pub const MAX_BATCH_LINES: usize = 10_000;
/// How many bytes one byte of a compressed file may become.
pub const MAX_GZIP_RATIO: u64 = 200;

/// Characters of an identifier.
pub const MAX_ID: usize = 200;
/// Characters of a source.
pub const MAX_SOURCE: usize = 40;
/// Characters of a question's title.
pub const MAX_TITLE: usize = 500;
/// Characters that are kept of a body's plain text: the one limit that shortens instead of rejecting.
pub const MAX_BODY: usize = 20_000;
/// Words of a question's body that the World keeps.
pub const EXCERPT_WORDS: usize = 200;
/// Characters of a name, unit, job title, site, employer, status, tag, topic, label or alias.
pub const MAX_NAME: usize = 200;
/// Characters of a description, or of the problem that an objective states.
pub const MAX_DESCRIPTION: usize = 5_000;
/// Characters of an address.
pub const MAX_URL: usize = 2_048;

/// Tags of a question.
pub const MAX_TAGS: usize = 50;
/// Topics of a community, project, contribution or offer, and communities of an offer.
pub const MAX_TOPICS: usize = 200;
/// Labels, aliases or wider skills of a skill; units that one person heads.
pub const MAX_LABELS: usize = 50;
/// Languages of a person.
pub const MAX_LANGUAGES: usize = 20;

/// Contributions in one event, at least 1.
pub const MAX_COUNT: i64 = 1_000_000;
/// Invitations to answer that a person may accept in a week.
pub const MAX_ASKS_PER_WEEK: i64 = 100;
/// The size of an answer's score, in either direction.
pub const MAX_SCORE: i64 = 1_000_000_000;
/// The size of an objective's target, in either direction.
pub const MAX_TARGET: f64 = 1e9;
/// First year of a date or an instant.
pub const MIN_YEAR: i16 = 1970;
/// Last year of a date or an instant.
pub const MAX_YEAR: i16 = 2100;
/// Days of an absence, both ends included: two years of which one is a leap year.
pub const MAX_ABSENCE_DAYS: i32 = 731;
/// How far ahead of the clock an instant may be over HTTP, in microseconds: clocks differ by minutes.
pub const MAX_AHEAD_MICROS: i64 = 5 * 60 * 1_000_000;
