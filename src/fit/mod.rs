//! Learning from an organisation's own past: the latent basis of its questions, and the weights of its signals.
//!
//! Everything here is a function of what it is given: the same facts and seed give the same model, whatever the number
//! of threads. It knows neither the store, nor a clock, nor the command line.

mod ablation;
mod basis;
mod calibration;
mod examples;
mod fitting;
mod joint;
mod learnable;
mod learner;
mod linear;
mod mixture;
mod skills;
mod softmax;
mod teachable;

pub use ablation::Ablation;
pub use basis::{QUESTIONS_MIN, SEED, basis, unkept_basis};
pub use examples::Example;
pub use joint::Joint;
pub use learnable::{Learnable, PastQueryOf, QUERIES_MIN, SubjectOf, UnderstoodBy};
pub use learner::{Apart, Check, Learner, Learnt, NEWER_MIN, Trial};
pub use mixture::Choice;
pub use skills::{Asked, Left, SkillsLearner, as_many_likely};
pub use teachable::{Kept, Teachable};
