//! What can be found about a community and about the network, what each finding aims at, and how it is said.
//!
//! Invariants: the findings are a closed list; none names a person, none rates anybody; each is said with its aim and a way
//! of animating first, and only then what was seen: method before tool.

mod finding;
mod letter;
mod playbook;
mod words;

pub use finding::{Aim, Finding, Seen};
pub use letter::{HandOver, Letter, LetterQuestion, LetterThanks, Thanked, hand_over, letter};
pub use playbook::{Guide, Occasion, Playbook, PlaybookError, Way};
pub use words::{Voice, reason, said};
