//! Events about invitations to answer, verdicts on recommendations, and events taken back.

use super::choices::{decline_reason, verdict};
use super::fields::{Fields, Read};
use super::values::{ask, id, person, question, recommendation, source};
use crate::domain::{EventKey, FactBody};

pub(super) fn sent(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::AskSent {
        ask: f.required("ask", ask)?,
        question: f.required("question", question)?,
        person: f.required("person", person)?,
        recommendation: f.optional("recommendation", recommendation)?,
    })
}

pub(super) fn answered(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::AskAnswered {
        ask: f.required("ask", ask)?,
        reason: f.optional("reason", decline_reason)?,
    })
}

pub(super) fn declined(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::AskDeclined {
        ask: f.required("ask", ask)?,
        reason: f.optional("reason", decline_reason)?,
    })
}

pub(super) fn referred(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::AskReferred {
        ask: f.required("ask", ask)?,
        to: f.required("to", person)?,
    })
}

pub(super) fn retracted(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    let source = f.required("source", source)?;
    let id = f.required("id", id)?;
    let target = EventKey { source, id };
    Ok(FactBody::FactRetracted { target })
}

pub(super) fn feedback(f: &mut Fields<'_, '_, '_>) -> Read<FactBody> {
    Ok(FactBody::FeedbackGiven {
        recommendation: f.required("recommendation", recommendation)?,
        subject: f.required("subject", id)?,
        verdict: f.required("verdict", verdict)?,
        by: f.optional("by", person)?,
    })
}
