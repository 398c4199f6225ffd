//! What handlers share: the service, the gate before it, and the document as it is served.

use super::error::ApiError;
use super::fresh::{Asked, Shelf, json, not_modified, tagged};
use super::gate::Gate;
use crate::app::{Identity, Service, Tongue};
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
    shelf: Shelf,
    document: Bytes,
}

impl Api {
    /// The state over `service` behind `gate`, which serves `document`.
    pub(super) fn new(service: Arc<Service>, gate: Gate, document: &utoipa::openapi::OpenApi) -> Self {
        let json = serde_json::to_vec(document).expect("the document has text keys only");
        Self {
            service,
            gate,
            shelf: Shelf::default(),
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
            .run(move |service| work(service).and_then(|answer| json(&answer)))
            .await??;
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (CONTENT_LANGUAGE, HeaderValue::from_static(tongue.tag())),
        ];
        Ok((headers, json).into_response())
    }

    /// [`Api::answer`] to a `GET` by `who`, under its tag; a caller who holds the answer gets a 304 and no work is done.
    ///
    /// # Errors
    /// Those of `work` and of [`Api::run`].
    pub(super) async fn read<T: Serialize>(
        &self,
        asked: Asked,
        who: &Identity,
        tongue: Tongue,
        work: impl FnOnce(&Service) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        let tag = asked.tag(&self.service.edition(), self.service.models().tag(), who, tongue);
        if asked.holds(tag) {
            return Ok(not_modified(tag));
        }
        let bytes = self
            .run(move |service| work(service).and_then(|answer| json(&answer)))
            .await??;
        Ok(tagged(&asked, tag, tongue, bytes.into()))
    }

    /// [`Api::read`] of something that many look at: the answer is kept ready as long as the state stays the same.
    ///
    /// # Errors
    /// Those of `work` and of [`Api::run`].
    pub(super) async fn read_often<T: Serialize>(
        &self,
        asked: Asked,
        who: &Identity,
        tongue: Tongue,
        work: impl FnOnce(&Service) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        let state = self.service.edition();
        let tag = asked.tag(&state, self.service.models().tag(), who, tongue);
        if asked.holds(tag) {
            return Ok(not_modified(tag));
        }
        if let Some(ready) = self.shelf.get(tag) {
            return Ok(tagged(&asked, tag, tongue, ready));
        }
        let bytes = self
            .run(move |service| work(service).and_then(|answer| json(&answer)))
            .await??;
        let bytes = Bytes::from(bytes);
        self.shelf.put(state, tag, bytes.clone());
        Ok(tagged(&asked, tag, tongue, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Clock, Settings, Sources};
    use crate::domain::Timestamp;
    use crate::http::Setup;
    use axum::http::StatusCode;
    use axum::http::header::ETAG;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(0)
        }
    }

    fn identity() -> Identity {
        Identity {
            via: crate::app::Via::Key,
            name: "platform".to_owned(),
            scopes: [].into(),
            sources: vec![],
            event_types: vec![],
            person: None,
            communities: vec![],
        }
    }

    #[tokio::test]
    async fn who_holds_the_answer_causes_no_work_and_a_ready_card_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            folder: folder.path().join("data"),
            create: true,
            new_data_id: [7; 16],
            weights: None,
            sources: Sources::default(),
            manner: crate::app::Manner::Vous,
            recommendations_bytes: crate::app::RECOMMENDATIONS_BYTES,
        };
        let service = Arc::new(Service::open(settings, Arc::new(Still)).unwrap());
        let (_stop, stopped) = tokio::sync::watch::channel(false);
        let (gate, _ended) = Gate::new(&Setup::default(), Arc::new(tokio::sync::Semaphore::new(1)), stopped);
        let api = Api::new(service, gate, &crate::http::openapi());
        let worked = Arc::new(AtomicUsize::new(0));
        let work = || {
            let worked = Arc::clone(&worked);
            move |_: &Service| Ok(worked.fetch_add(1, Ordering::SeqCst))
        };
        let who = identity();
        let first = api
            .read(Asked::of("/x", &[]), &who, Tongue::English, work())
            .await
            .unwrap();
        let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
        let held = || Asked::of("/x", &[&tag]);
        let again = api.read(held(), &who, Tongue::English, work()).await.unwrap();
        assert_eq!(
            (again.status(), worked.load(Ordering::SeqCst)),
            (StatusCode::NOT_MODIFIED, 1)
        );
        for target in ["/card", "/card", "/other"] {
            api.read_often(Asked::of(target, &[]), &who, Tongue::English, work())
                .await
                .unwrap();
        }
        assert_eq!(worked.load(Ordering::SeqCst), 3, "the second time it lay ready");
    }
}
