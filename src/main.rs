//! The `antenne` binary.
fn main() {}
