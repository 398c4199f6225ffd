//! Who presents what: a key, a member token, or a token of the identity provider.

use super::oidc::{Fault, Said};
use super::tokens::{TOKEN_PREFIX, Tokens};
use super::{Identity, Oidc, Scope, Via};
use crate::app::service::Service;
use crate::domain::{MemberRole, PersonId};
use std::sync::Arc;

/// Why a caller is nobody: for the log, never for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stranger {
    /// The key or token is unknown, revoked or over.
    #[error("it is unknown, revoked or over")]
    Unknown,
    /// The identity provider's token has a fault.
    #[error("{0}")]
    Fault(Fault),
    /// The person for whom the key or token speaks has left, or a token's is not known.
    #[error("the person for whom it speaks is not known, or has left")]
    Gone,
}

/// Whose tokens are taken beside keys.
#[derive(Default)]
pub(in crate::app) struct Bearers {
    /// Those that keys made.
    pub(super) tokens: Tokens,
    /// The identity provider's, when there is one.
    oidc: Option<Oidc>,
}

impl Service {
    /// The same, which also takes the tokens that `oidc` finds sound.
    #[must_use]
    pub fn trusting(mut self, oidc: Option<Oidc>) -> Self {
        self.bearers.oidc = oidc;
        self
    }

    /// Who presents `bearer`. Cost: a hash and a walk over the keys, or the check of one signature. Never blocks.
    ///
    /// # Errors
    /// Why it opens nothing. What speaks for somebody who left opens nothing, from the next request on, and opens again when
    /// they are back; nor does what such a key made. A token of somebody unknown opens nothing either: they would read as
    /// nobody in particular, who sees more than a guest does. A key may come before its person: their own word is taken
    /// before anybody else says who they are.
    pub fn authenticate(&self, bearer: &str) -> Result<Arc<Identity>, Stranger> {
        if bearer.starts_with(TOKEN_PREFIX) {
            let identity = self.bearers.tokens.find(bearer, self.now()).ok_or(Stranger::Unknown)?;
            let maker = self.published.delegate(&identity.name).ok_or(Stranger::Unknown)?;
            self.still_there(maker)?;
            let present = identity.person.as_ref().is_some_and(|person| self.is_present(person));
            return if present { Ok(identity) } else { Err(Stranger::Gone) };
        }
        if let Some(oidc) = self.bearers.oidc.as_ref().filter(|_| Oidc::is_for(bearer)) {
            let said = oidc.check(bearer, self.now()).map_err(Stranger::Fault)?;
            return self.identity_of(said).map(Arc::new);
        }
        let identity = self.published.identity(bearer).ok_or(Stranger::Unknown)?;
        self.still_there(identity)
    }

    /// The same identity, unless it speaks for somebody who left.
    fn still_there(&self, identity: Arc<Identity>) -> Result<Arc<Identity>, Stranger> {
        let Some(person) = &identity.person else {
            return Ok(identity);
        };
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let left = view.person(person.as_str()).is_some_and(|human| view.has_left(human));
        if left { Err(Stranger::Gone) } else { Ok(identity) }
    }

    /// The person whom the provider named, as the World knows them; an animator animates what they animate there.
    fn identity_of(&self, said: Said) -> Result<Identity, Stranger> {
        let person = PersonId::new(&*said.person);
        if !self.is_present(&person) {
            return Err(Stranger::Gone);
        }
        let communities = if said.scopes.contains(&Scope::Animator) {
            self.animated_by(&person)
        } else {
            Vec::new()
        };
        Ok(Identity {
            via: Via::Oidc,
            name: "oidc".to_owned(),
            scopes: said.scopes,
            sources: Vec::new(),
            event_types: Vec::new(),
            person: Some(person),
            communities,
        })
    }

    fn animated_by(&self, person: &PersonId) -> Vec<String> {
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let Some(human) = view.person(person.as_str()) else {
            return Vec::new();
        };
        let own = view.communities_of(human).into_iter();
        let animated = own.filter(|&community| view.role(human, community) == Some(MemberRole::Animator));
        animated
            .map(|community| view.communities.get(community).id.as_str().to_owned())
            .collect()
    }
}
