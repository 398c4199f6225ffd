//! What becomes of each line of a batch, on the writer's thread: it is new, it came before, or it is refused.

use super::Intake;
use super::desk::Desk;
use super::group::{Reply, Sorted, told_of};
use crate::app::access::{Identity, Refusal, binds_a_person};
use crate::app::ingest::{IngestReport, RejectedLine};
use crate::domain::{ContentHash, EventKey, Fact, FactBody};
use crate::ingest::{Code, Rejection};
use std::collections::HashMap;

impl Desk {
    /// Tells new lines from repetitions and from those that are refused.
    pub(super) fn sort(&self, batch: Intake, reply: Reply) -> Sorted {
        let (mut audit, now) = (Vec::new(), self.clock.now());
        let mut pending: HashMap<EventKey, ContentHash> = HashMap::new();
        let mut fresh = Vec::with_capacity(batch.lines.len());
        let mut report = IngestReport {
            generation: self.generation,
            ..IngestReport::default()
        };
        let identity = batch.identity.as_deref();
        for line in batch.lines {
            let fact = &line.decoded.fact;
            let known = self.world.content(&fact.key);
            let known = known.or_else(|| pending.get(&fact.key).copied());
            match self.is_new(line.line, fact, identity, known) {
                Err(rejected) => report.rejected.push(rejected),
                Ok(false) => report.duplicate += 1,
                Ok(true) => {
                    pending.insert(fact.key.clone(), fact.content);
                    report.accepted += 1;
                    let row = identity.and_then(|by| told_of(&self.world, by, fact));
                    audit.extend(row.map(|row| row.encode(self.store.data_id(), now)));
                    fresh.push(line);
                }
            }
        }
        Sorted {
            fresh,
            report,
            audit,
            reply,
        }
    }

    /// Whether `fact`, sent on behalf of `identity` as line `line`, is new; `known` is the content of what came before under
    /// its key.
    ///
    /// # Errors
    /// Why it is refused.
    fn is_new(
        &self,
        line: u64,
        fact: &Fact,
        identity: Option<&Identity>,
        known: Option<ContentHash>,
    ) -> Result<bool, RejectedLine> {
        if let Some(refusal) = self.may_not_undo(identity, fact) {
            return Err(RejectedLine::refused(line, refusal));
        }
        if self.marks.refuse(self.world.view(), fact) {
            let detail = "this is about somebody who was erased: nothing about them is taken any more";
            let rejection = Rejection::of_line(Code::SubjectErased, detail);
            return Err(RejectedLine::new(line, rejection));
        }
        let taken = |detail: &str| RejectedLine {
            line,
            field: "id".to_owned(),
            code: Code::IdReused.as_str(),
            detail: detail.to_owned(),
        };
        match known {
            Some(content) if content == fact.content => Ok(false),
            Some(_) => Err(taken(
                "another event came before under this source and id, and was kept: give the new event an id of its own",
            )),
            // Whoever may not take a person's word back cannot have done so before it came either.
            None if identity.is_some() && self.is_undone_word(fact) => Err(taken(
                "an event that came before undoes whatever comes under this source and id: give it an id of its own",
            )),
            None => Ok(true),
        }
    }

    /// Whether `fact` binds a person, and a retraction of it came before.
    fn is_undone_word(&self, fact: &Fact) -> bool {
        binds_a_person(fact.body.kind()) && self.world.retractions_of(&fact.key).next().is_some()
    }

    /// Why `identity` may not undo what `fact` undoes, when the World holds it.
    fn may_not_undo(&self, identity: Option<&Identity>, fact: &Fact) -> Option<Refusal> {
        let (Some(identity), FactBody::FactRetracted { target }) = (identity, &fact.body) else {
            return None;
        };
        identity.may_not_undo(self.world.fact(target)?, &self.sources)
    }
}
