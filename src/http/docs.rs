//! The document to read and try in a browser, at `/docs`: pages that lie in this program, nothing is fetched elsewhere.
//! Whoever opens the bare address is led there.

use super::api::Api;
use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use std::sync::Arc;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The pages.
pub(super) fn pages() -> Router<Arc<Api>> {
    // Without a validator: it would be asked over the network.
    let config = Config::from("/openapi.json")
        .validator_url("none")
        .persist_authorization(false)
        .try_it_out_enabled(true);
    let pages: Router<Arc<Api>> = SwaggerUi::new("/docs").config(config).into();
    pages.route("/", get(async || Redirect::to("/docs/")))
}
