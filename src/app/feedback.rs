//! What somebody thinks of a recommendation, taken in as an event of the service's own.

use super::access::Identity;
use super::ingest::{IngestError, IngestReport, RejectedLine};
use super::recommendations::{Age, age, read_name};
use super::service::Service;
use crate::domain::{EventType, FactBody, PersonId, RecommendationId, Timestamp, Verdict};

/// A verdict on one pick of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// The identifier that the answer bore.
    pub recommendation: String,
    /// Whom of its picks it is about.
    pub subject: String,
    /// What is thought.
    pub verdict: Verdict,
    /// Who says so.
    pub by: Option<String>,
}

/// Why a verdict is not taken.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FeedbackError {
    /// No answer bore that identifier.
    #[error("no answer of the last 90 days bears this identifier: quote `recommendation` as it was sent")]
    Unknown,
    /// The answer is too old.
    #[error("this answer is older than 90 days: ask again, and quote the new one")]
    Expired,
    /// The answer did not name that person.
    #[error("the answer did not name this person: quote one of its `subject`s")]
    NotNamed,
    /// The key speaks for somebody else.
    #[error("this key speaks for one person: leave `by` out")]
    NotYou,
    /// It was not written.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A field holds what no event may hold.
    #[error("`{}` is not right: {}", .0.field, .0.detail)]
    Bad(RejectedLine),
}

impl Service {
    /// Takes a verdict in on behalf of `identity`. The one that the same person gave last for the same pick counts; the
    /// same verdict again is a duplicate. The future ends once it is durable and visible. Cost: an answer that is not among
    /// the newest is looked up on the writer's thread.
    ///
    /// # Errors
    /// [`FeedbackError`]; from the future, when it could not be written.
    pub fn give_feedback(
        &self,
        feedback: &Feedback,
        identity: &Identity,
    ) -> Result<impl Future<Output = Result<IngestReport, FeedbackError>> + Send + use<>, FeedbackError> {
        let by = match (&identity.person, &feedback.by) {
            (Some(own), Some(by)) if own.as_str() != by => return Err(FeedbackError::NotYou),
            (Some(own), _) => Some(own.as_str()),
            (None, by) => by.as_deref(),
        };
        let now = self.now();
        let name = read_name(&feedback.recommendation).ok_or(FeedbackError::Unknown)?;
        match age(&name, now) {
            Age::Fresh => {}
            Age::Expired => return Err(FeedbackError::Expired),
            Age::Forgotten => return Err(FeedbackError::Unknown),
        }
        let named = match self.register.find(&name) {
            Some(newest) => newest,
            None => self.note_called(name)?.ok_or(FeedbackError::Unknown)?.into(),
        };
        if !self.register.is_named(&feedback.subject, &named) {
            return Err(FeedbackError::NotNamed);
        }
        let said = self.said_already(feedback, by);
        let line = (!said).then(|| line(feedback, by, now));
        let mut lines = line.iter().map(|line| (1, Ok(line.as_bytes())));
        let fate = self.submit(&mut lines, None);
        Ok(async move {
            let mut report = fate.await?;
            report.duplicate += u64::from(said);
            match report.rejected.pop() {
                Some(rejected) => Err(FeedbackError::Bad(rejected)),
                None => Ok(report),
            }
        })
    }

    /// Whether this is the last verdict that was given on this pick by the same person.
    fn said_already(&self, feedback: &Feedback, by: Option<&str>) -> bool {
        let snapshot = self.snapshot();
        let recommendation = RecommendationId::new(&*feedback.recommendation);
        let last = snapshot
            .view
            .feedback_on(&recommendation)
            .iter()
            .rev()
            .find_map(|fact| match &fact.body {
                FactBody::FeedbackGiven {
                    subject,
                    verdict,
                    by: who,
                    ..
                } if **subject == *feedback.subject && who.as_ref().map(PersonId::as_str) == by => Some(*verdict),
                _ => None,
            });
        last == Some(feedback.verdict)
    }
}

/// The event, under an identifier made of all that it says.
fn line(feedback: &Feedback, by: Option<&str>, at: Timestamp) -> String {
    let verdict = match feedback.verdict {
        Verdict::Accepted => "accepted",
        Verdict::Declined => "declined",
        Verdict::NotRelevant => "not_relevant",
    };
    let mut data = serde_json::json!({
        "recommendation": feedback.recommendation, "subject": feedback.subject, "verdict": verdict,
    });
    if let Some(by) = by {
        data["by"] = by.into();
    }
    super::own::line(EventType::FeedbackGiven, &data, at)
}
