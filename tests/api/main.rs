//! The service as platforms meet it: a real one on a folder of its own, spoken to over TCP.
//!
//! Every input gets a clear answer, nothing that was acknowledged is lost, and no input is answered with a 5xx.

mod access;
mod admin;
mod answers;
mod audit;
mod cards;
mod client;
mod co_animators;
mod communities;
mod discretion;
mod document;
mod erasure;
mod events;
mod feedback;
mod fresh;
mod health;
mod held;
mod hidden;
mod my_skills;
mod names;
mod oidc;
mod oidc_families;
mod own;
mod page;
mod plans;
mod privacy;
mod reach;
mod readers;
mod search;
mod skill_maps;
mod sources;
mod tokens;
mod two_worlds;
mod watch;
mod waves;
