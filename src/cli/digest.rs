//! `antenne digest`: a text about a community that an animator edits and sends, or the sheet by which it is handed over.

use super::control::wire::{DigestWish, Request};
use super::failure::{Done, Failure};
use super::health::{as_animator, no_community};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::Service;
use crate::config::{Config, Language};
use crate::http;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

/// Write a text about a community to edit and send
#[derive(Debug, clap::Args)]
pub struct DigestArgs {
    /// The identifier of the community
    #[arg(long)]
    community: String,
    /// Write the sheet for whoever takes over from this person instead
    #[arg(long, value_name = "PERSON")]
    hand_over: Option<String>,
    /// The language of the text [default: en]
    #[arg(long, alias = "lang")]
    language: Option<Language>,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

impl DigestArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        let wish = DigestWish {
            community: self.community,
            hand_over: self.hand_over,
            language: self.language.unwrap_or(config.language).tag().to_owned(),
        };
        let answer = Session::open(config, IfAbsent::Fail)?.ask(Request::Digest(wish))?;
        print(&if self.json {
            format!("{answer}\n")
        } else {
            answer["text"].as_str().unwrap_or_default().to_owned()
        })?;
        Ok(Done::Whole)
    }
}

/// The answer as HTTP gives it.
///
/// # Errors
/// When there is no such community, or the person never animated it.
pub fn answer(service: &Service, wish: DigestWish) -> Result<Value, Failure> {
    let community: String = wish.community.nfc().collect();
    let from: Option<String> = wish.hand_over.map(|person| person.nfc().collect());
    let request = as_animator(&community, &wish.language);
    let digest = service
        .digest(&community, from.as_deref(), false, &request)
        .map_err(|_| {
            let known = service.community_card(&community, &request).is_ok();
            match from.filter(|_| known) {
                Some(person) => Failure::new(format!(
                    "`{person}` never animated `{community}`: check the identifiers"
                )),
                None => no_community(&community),
            }
        })?;
    Ok(http::digest_json(digest))
}
