//! Who calls, whether they ask too often, and whether they may: the first thing that every handler under `/v1` asks.
//!
//! Invariant: nothing of a key is ever logged or repeated in an answer.

use super::api::Api;
use super::error::{ApiError, ProblemCode};
use crate::app::{Identity, Scope, Stranger};
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use std::marker::PhantomData;
use std::sync::Arc;

/// A scope that a handler needs, as a type: it stands in the handler's signature.
pub(super) trait Need: Send {
    /// The scopes, of which one is enough.
    const SCOPES: &'static [Scope];
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident = $($scope:ident)|+;)*) => {$(
        $(#[$doc])*
        pub(super) struct $name;

        impl Need for $name {
            const SCOPES: &'static [Scope] = &[$(Scope::$scope),+];
        }
    )*};
}

needs! {
    /// Needs `events:write`.
    EventsWrite = EventsWrite;
    /// Needs `recommend:read`.
    RecommendRead = RecommendRead;
    /// Needs `search:read`.
    SearchRead = SearchRead;
    /// Needs `recommend:read` or `member`.
    RecommendOrMember = RecommendRead | Member;
    /// Needs `steward`.
    Steward = Steward;
    /// Needs `steward`, or `animator` for the communities of the key.
    StewardOrAnimator = Steward | Animator;
    /// Needs `animator`.
    Animator = Animator;
    /// Needs `member`.
    Member = Member;
    /// Needs `dpo`.
    Dpo = Dpo;
    /// Needs `member`, for the key's own person, or `dpo`.
    MemberOrDpo = Member | Dpo;
    /// Needs `members:delegate`.
    MembersDelegate = MembersDelegate;
    /// Needs `hr:read`.
    HrRead = HrRead;
    /// Needs `admin`.
    Admin = Admin;
}

/// A caller who has the scope `N`.
pub(super) struct Caller<N> {
    /// Who it is.
    pub(super) identity: Arc<Identity>,
    need: PhantomData<N>,
}

impl<N: Need> FromRequestParts<Arc<Api>> for Caller<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let identity = header.and_then(bearer).and_then(|key| known(api, key));
        let identity = identity.ok_or_else(|| {
            let detail = "send a valid key: `Authorization: Bearer KEY`";
            ApiError::new(ProblemCode::Unauthenticated, detail)
        })?;
        api.gate().rates.count(&identity.counted_as())?;
        if !N::SCOPES.iter().any(|&scope| identity.has(scope)) {
            let names: Vec<_> = N::SCOPES.iter().map(|scope| format!("`{}`", scope.name())).collect();
            let detail = format!("this key does not have the scope {}", names.join(" or "));
            return Err(ApiError::new(ProblemCode::ScopeMissing, detail));
        }
        Ok(Self {
            identity,
            need: PhantomData,
        })
    }
}

/// Who presents `key`. Why it is nobody goes to the log, without a byte of what was presented.
fn known(api: &Api, key: &str) -> Option<Arc<Identity>> {
    match api.service().authenticate(key) {
        Ok(identity) => Some(identity),
        Err(Stranger::Unknown) => None,
        Err(why) => {
            tracing::info!(%why, "a key or token was refused");
            None
        }
    }
}

/// The key in an `Authorization` header; the scheme's name may be written in any case.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, key) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bearer_scheme_carries_a_key() {
        assert_eq!(bearer("Bearer k"), Some("k"));
        assert_eq!(bearer("bearer   k "), Some("k"));
        assert_eq!(bearer("Basic k"), None);
        assert_eq!(bearer("k"), None);
        assert_eq!(bearer(""), None);
    }
}
