//! Who sends events: the holder of a key, or a platform whose webhook is signed.

use super::api::Api;
use super::auth::{Caller, EventsWrite};
use super::error::{ApiError, ProblemCode};
use super::params::{Params, bad, whole};
use crate::app::{Delivery, Identity, IngestError, IngestReport, Service, WebhookError, limits, split};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Characters of an identifier, an instant or the signatures of a delivery.
const MAX_HEADER: usize = 1_024;

/// Who sends.
pub(super) enum Sender {
    /// A key, seen to be valid.
    Key(Arc<Identity>),
    /// A delivery whose signature is still to be compared with the body.
    Signed(Signed),
}

/// The headers of a signed delivery, and the source that the query names.
pub(super) struct Signed {
    source: String,
    id: String,
    timestamp: String,
    signatures: String,
}

/// What becomes of lines that were handed over.
pub(super) type Fate = Pin<Box<dyn Future<Output = Result<IngestReport, IngestError>> + Send>>;

impl FromRequestParts<Arc<Api>> for Sender {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, ApiError> {
        let params = Params::from_request_parts(parts, api).await?;
        if !parts.headers.contains_key("webhook-signature") {
            let caller = Caller::<EventsWrite>::from_request_parts(parts, api).await?;
            params.only(&[])?;
            return Ok(Self::Key(caller.identity));
        }
        let [id, timestamp, signatures] =
            ["webhook-id", "webhook-timestamp", "webhook-signature"].map(|name| header(&parts.headers, name));
        let (id, timestamp, signatures) = (id?, timestamp?, signatures?);
        params.only(&["source"])?;
        let source = params.text("source").filter(|source| !source.is_empty());
        let source = source.ok_or_else(|| bad("source", "names the source whose secret signed this delivery"))?;
        api.service().expect_webhook(source, &timestamp).map_err(refused)?;
        Ok(Self::Signed(Signed {
            source: source.to_owned(),
            id,
            timestamp,
            signatures,
        }))
    }
}

fn refused(error: WebhookError) -> ApiError {
    ApiError::new(ProblemCode::Unauthenticated, error.to_string())
}

/// Who sends, and what: a body is read once its sender may send one.
pub(super) struct Sending {
    pub(super) sender: Sender,
    pub(super) body: Bytes,
}

impl FromRequest<Arc<Api>> for Sending {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let sender = Sender::from_request_parts(&mut parts, api).await?;
        let intake = match sender {
            Sender::Key(_) => &api.gate().intake,
            Sender::Signed(_) => &api.gate().strangers,
        };
        let body = whole(Request::from_parts(parts, body), intake, limits::MAX_BATCH_BYTES).await?;
        Ok(Self { sender, body })
    }
}

fn header(headers: &HeaderMap, name: &'static str) -> Result<String, ApiError> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    let text = text.filter(|text| !text.is_empty() && text.len() <= MAX_HEADER);
    text.map(str::to_owned).ok_or_else(|| {
        let detail = format!("a signed delivery has the header `{name}`, of at most {MAX_HEADER} characters");
        ApiError::new(ProblemCode::Unauthenticated, detail)
    })
}

impl Sender {
    /// Makes sure of who sends, and hands the lines of `body` over. Cost: reading the lines, on this thread.
    ///
    /// # Errors
    /// `unauthenticated` when the signature does not fit, `rate_limited`, and what makes a body unreadable.
    pub(super) fn hand_over(&self, api: &Api, body: &[u8]) -> Result<Fate, ApiError> {
        let service = api.service();
        let identity = match self {
            Self::Key(identity) => identity,
            Self::Signed(signed) => &signed.identity(api, body)?,
        };
        if let Self::Signed(signed) = self
            && service.was_delivered(&signed.source, &signed.id)
        {
            // Senders repeat what they got no answer to. The first one was taken in; this one is not read.
            let generation = service.snapshot().generation;
            let nothing = IngestReport {
                generation,
                ..IngestReport::default()
            };
            return Ok(Box::pin(std::future::ready(Ok(nothing))));
        }
        let lines = split(body)?;
        let mut lines = lines
            .iter()
            .map(|line| (line.number, line.bytes.as_deref().map_err(Clone::clone)));
        Ok(Box::pin(service.submit(&mut lines, Some(identity))))
    }

    /// Notes that what was handed over was taken in.
    pub(super) fn delivered(&self, service: &Service) {
        if let Self::Signed(signed) = self {
            service.note_delivery(&signed.source, &signed.id);
        }
    }
}

impl Signed {
    /// Who signed. Only what is seen to be theirs counts against their rate.
    fn identity(&self, api: &Api, body: &[u8]) -> Result<Arc<Identity>, ApiError> {
        let delivery = Delivery {
            id: &self.id,
            timestamp: &self.timestamp,
            signatures: &self.signatures,
            body,
        };
        let identity = api
            .service()
            .authenticate_webhook(&self.source, &delivery)
            .map_err(refused)?;
        api.gate().rates.count(&identity.counted_as())?;
        Ok(identity)
    }
}
