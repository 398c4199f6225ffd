//! `[oidc]`: whose tokens are taken beside keys, and what they may do.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is said of the identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// The issuer, exactly as tokens name it.
    pub issuer: String,
    /// What the provider calls this service.
    pub audience: String,
    /// A file with the pinned keys: a JWK set, or one public key in PEM.
    pub keys: PathBuf,
    /// The family of algorithms: `rsa`, `ec` or `ed25519`.
    pub family: String,
    /// The claim that names the person as events do.
    #[serde(default = "subject")]
    pub person_claim: String,
    /// The claim whose words are granted scopes.
    #[serde(default)]
    pub scopes_claim: Option<String>,
    /// The scopes of every token.
    #[serde(default = "reader")]
    pub scopes: Vec<String>,
    /// The scopes of each word of that claim.
    #[serde(default)]
    pub grants: BTreeMap<String, Vec<String>>,
    /// Seconds by which the provider's clock may differ, at most 60.
    #[serde(default = "leeway")]
    pub leeway_seconds: u32,
}

fn subject() -> String {
    "sub".to_owned()
}

fn reader() -> Vec<String> {
    vec!["member".to_owned()]
}

const fn leeway() -> u32 {
    30
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_the_narrowest() {
        let text = "issuer = \"https://sso.example\"\naudience = \"antenne\"\nkeys = \"jwks.json\"\nfamily = \"rsa\"\n";
        let oidc: Oidc = toml::from_str(text).unwrap();
        assert_eq!((&*oidc.person_claim, oidc.leeway_seconds), ("sub", 30));
        assert_eq!(
            (oidc.scopes, oidc.scopes_claim, oidc.grants),
            (vec!["member".to_owned()], None, BTreeMap::new())
        );
        assert!(toml::from_str::<Oidc>(&format!("{text}algorithm = \"none\"\n")).is_err());
    }
}
