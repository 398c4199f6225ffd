//! Events about questions, answers and votes. A body becomes plain text here, once and for all.

use super::choices::{BodyFormat, body_format};
use super::fields::{Fields, Place, Read};
use super::json::Node;
use super::language::tag;
use super::limits::{EXCERPT_WORDS, MAX_SCORE, MAX_TITLE};
use super::plain_text::to_plain;
use super::rejection::Code;
use super::values::{answer, boolean, community, integer, line, person, question, string, tags, url, write_text};
use crate::domain::{AnswerId, FactBody, Patch, QuestionId, QuestionPatch, Text, VoteTarget};
use crate::language::detect;
use sha2::{Digest, Sha256};
use std::sync::Arc;

pub(super) fn created(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let question = f.required("question", question)?;
    let asker = f.required("asker", person)?;
    let patch = Box::new(QuestionPatch {
        title: Patch::Set(f.required("title", line(MAX_TITLE))?),
        body: body_patch(f)?,
        tags: f.patch("tags", tags)?,
        community: f.patch("community", community)?,
        language: f.patch("language", tag)?,
        url: Patch::Keep,
    });
    let anonymous = f.optional("anonymous", boolean)?.unwrap_or(false);
    let url = f.patch("url", url)?;
    Ok(FactBody::QuestionCreated {
        question,
        asker,
        patch: Box::new(QuestionPatch { url, ..*patch }),
        anonymous,
    })
}

pub(super) fn edited(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::QuestionEdited {
        question: f.required("question", question)?,
        patch: Box::new(QuestionPatch {
            title: f.optional("title", line(MAX_TITLE))?.map_or(Patch::Keep, Patch::Set),
            body: body_patch(f)?,
            tags: f.patch("tags", tags)?,
            community: f.patch("community", community)?,
            language: Patch::Keep,
            url: Patch::Keep,
        }),
    })
}

pub(super) fn deleted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let question = f.required("question", question)?;
    Ok(FactBody::QuestionDeleted { question })
}

pub(super) fn closed(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let question = f.required("question", question)?;
    Ok(FactBody::QuestionClosed { question })
}

pub(super) fn reopened(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let question = f.required("question", question)?;
    Ok(FactBody::QuestionReopened { question })
}

pub(super) fn answer_created(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let answer = f.required("answer", answer)?;
    let question = f.required("question", question)?;
    let author = f.required("author", person)?;
    let format = f.unwritten("body_format", body_format)?.unwrap_or_default();
    let body = f.optional_unless_empty("body", |node, place, out| {
        let plain = to_plain(&string(node, place)?, format);
        write_text(out, &plain);
        Ok((!plain.is_empty()).then(|| text(&plain, "")))
    })?;
    let url = f.optional("url", url)?;
    Ok(FactBody::AnswerCreated {
        answer,
        question,
        author,
        body,
        url,
    })
}

pub(super) fn answer_deleted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let answer = f.required("answer", answer)?;
    Ok(FactBody::AnswerDeleted { answer })
}

pub(super) fn answer_accepted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let answer = f.required("answer", answer)?;
    Ok(FactBody::AnswerAccepted { answer })
}

pub(super) fn answer_unaccepted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let answer = f.required("answer", answer)?;
    Ok(FactBody::AnswerUnaccepted { answer })
}

pub(super) fn answer_scored(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::AnswerScored {
        answer: f.required("answer", answer)?,
        score: f.required("score", integer(-MAX_SCORE, MAX_SCORE))?,
    })
}

pub(super) fn vote_added(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::VoteAdded {
        target: f.required("target", vote_target)?,
        voter: f.required("voter", person)?,
        up: f.required("value", vote_value)?,
    })
}

pub(super) fn vote_removed(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let target = f.required("target", vote_target)?;
    let voter = f.required("voter", person)?;
    // Whatever it was, it is gone: the value is checked and forgotten.
    f.unwritten("value", vote_value)?;
    Ok(FactBody::VoteRemoved { target, voter })
}

fn vote_value(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<bool> {
    match integer(-1, 1)(node, place, out)? {
        1 => Ok(true),
        -1 => Ok(false),
        _ => Err(place.reject(Code::BadValue, "a vote is 1 or -1")),
    }
}

fn vote_target(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<VoteTarget> {
    let mut f = Fields::open(node, place, out)?;
    let found: (Option<QuestionId>, Option<AnswerId>) =
        (f.optional("question", question)?, f.optional("answer", answer)?);
    f.close()?;
    match found {
        (Some(question), None) => Ok(VoteTarget::Question(question)),
        (None, Some(answer)) => Ok(VoteTarget::Answer(answer)),
        _ => Err(place.reject(
            Code::BadValue,
            "a vote is on a question or on an answer: send one of the two keys",
        )),
    }
}

/// What an event says of a body. One that is empty, or holds nothing but mark-up, clears it.
fn body_patch(f: &mut Fields<'_, '_, '_>) -> Read<Patch<Text>> {
    let format: BodyFormat = f.unwritten("body_format", body_format)?.unwrap_or_default();
    let body = f.patch("body", |node, place, out| {
        let plain = to_plain(&string(node, place)?, format);
        if plain.is_empty() {
            out.extend_from_slice(b"null");
            return Ok(None);
        }
        write_text(out, &plain);
        Ok(Some(text(&plain, excerpt(&plain))))
    })?;
    Ok(match body {
        Patch::Keep => Patch::Keep,
        Patch::Clear | Patch::Set(None) => Patch::Clear,
        Patch::Set(Some(text)) => Patch::Set(text),
    })
}

fn text(plain: &str, excerpt: &str) -> Text {
    let digest = Sha256::digest(plain.as_bytes());
    let mut hash = [0; 16];
    hash.copy_from_slice(&digest[..16]);
    Text {
        excerpt: Arc::from(excerpt),
        hash,
        language: detect(plain).map(Arc::from),
    }
}

/// The first words of `plain`, its lines kept.
fn excerpt(plain: &str) -> &str {
    let words = plain.split_whitespace().take(EXCERPT_WORDS);
    let end = words
        .last()
        .map_or(0, |word| word.as_ptr() as usize - plain.as_ptr() as usize + word.len());
    &plain[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_after_its_last_word() {
        let long = "mot ".repeat(EXCERPT_WORDS + 5);
        assert_eq!(excerpt(&long).split(' ').count(), EXCERPT_WORDS);
        assert_eq!(excerpt("one\ntwo"), "one\ntwo");
        assert_eq!(excerpt(""), "");
    }

    #[test]
    fn the_hash_tells_the_whole_text_apart() {
        let long = "mot ".repeat(EXCERPT_WORDS);
        let (one, other) = (format!("{long}un"), format!("{long}deux"));
        assert_eq!(excerpt(&one), excerpt(&other));
        assert_ne!(text(&one, "").hash, text(&other, "").hash);
    }
}
