//! What handlers share: the service, the gate before it, and the document as it is served.

use super::error::ApiError;
use super::gate::Gate;
use crate::app::{Service, Tongue};
use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use std::sync::Arc;

/// The state of every handler.
pub(super) struct Api {
    service: Arc<Service>,
    gate: Gate,
    document: Bytes,
}

impl Api {
    /// The state over `service` behind `gate`, which serves `document`.
    pub(super) fn new(service: Arc<Service>, gate: Gate, document: &utoipa::openapi::OpenApi) -> Self {
        let json = serde_json::to_vec(document).expect("the document has text keys only");
        Self {
            service,
            gate,
            document: json.into(),
        }
    }

    /// The service, for what never blocks.
    pub(super) fn service(&self) -> &Service {
        &self.service
    }

    /// The bounds of what is taken at once.
    pub(super) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The `OpenAPI` document, as JSON.
    pub(super) fn document(&self) -> Bytes {
        self.document.clone()
    }

    /// Runs `work` in the pool.
    ///
    /// # Errors
    /// `overloaded` when too much waits, and `internal` when the work panics.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Service) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let service = Arc::clone(&self.service);
        self.gate.pool.run(move || work(&service)).await
    }

    /// Runs `work` in the pool and writes what it returns as JSON there too; texts in it are in `tongue`.
    ///
    /// # Errors
    /// Those of `work` and of [`Api::run`].
    pub(super) async fn answer<T: Serialize>(
        &self,
        tongue: Tongue,
        work: impl FnOnce(&Service) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        let json = self
            .run(move |service| work(service).map(|answer| serde_json::to_vec(&answer)))
            .await??
            .map_err(|error| ApiError::internal(&error))?;
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (CONTENT_LANGUAGE, HeaderValue::from_static(tongue.tag())),
        ];
        Ok((headers, json).into_response())
    }
}
