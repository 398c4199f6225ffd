//! Laws as property tests, over organisations that are messy on purpose: what the World shows (`world`) and forgets
//! (`forget`), who is named for a question (`experts`), where a newcomer belongs (`communities`), who is proposed to animate a
//! community (`co_animators`; `eligible` reckons from the facts alone whom the rules let in, `known_truth` holds the proposals
//! against organisations in which one person is the right one, and `two_worlds` against organisations that differ in what is
//! one person's own), how many wishes are shared at once (`plans`), who is found (`search`), what is concluded of somebody
//! (`skills`), who is in no map (`skill_maps`), and that every suggestion is explained, whoever suggests (`explained`).
//!
//! `ANTENNE_CASES=10000 cargo test --release --test laws` is the long run; by default each law draws as many cases as fit a
//! minute on two cores.
#![expect(
    clippy::too_many_lines,
    clippy::unnecessary_box_returns,
    reason = "the generator has one arm for each type of event, in the shapes of the facts"
)]

mod co_animators;
mod communities;
mod eligible;
mod experts;
mod explained;
mod forget;
mod known_truth;
mod plans;
mod search;
mod skill_maps;
mod skills;
mod support;
mod two_worlds;
mod world;

use proptest::prelude::ProptestConfig;

/// So many cases of each law: `ANTENNE_CASES`, else `usual`.
fn config(usual: u32) -> ProptestConfig {
    let cases = std::env::var("ANTENNE_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(usual);
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}
