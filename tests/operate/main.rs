//! Operating the binary: backups, verification, damage, the doctor, the configuration, models, the daily job, and what the log and
//! the files say.
#![expect(clippy::format_collect, reason = "the texts of a test are short")]

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "not every test asks everything of the binary")]
mod common;

mod audit;
mod backup;
mod commands;
mod damage;
mod doctor;
mod keys;
mod logs;
mod models;
mod retention;
mod skill_maps;
mod support;
