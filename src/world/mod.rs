//! The World: the fold of an organisation's facts, held in memory.

pub mod text;
