//! Tokens of an identity provider (`OpenID` Connect): whom a signed token names, and what it may do here.
//!
//! Invariants: nothing is fetched; a signature is checked with a key that the operator pinned, never with one that a token
//! brings or points to; algorithms are those of one family, none of them symmetric. Form, size, header, signature, issuer,
//! audience and instants are all checked, and one fault is enough. No part of a token stands in a fault.
//!
//! Must not know who the people are: [`crate::app::Service::authenticate`] asks the World.

use super::Scope;
use crate::domain::Timestamp;
use crate::ingest::{is_strict_json, limits::MAX_ID};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, crypto};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use unicode_normalization::UnicodeNormalization as _;

/// Bytes of a token; a longer one is not looked at.
const MAX_TOKEN_BYTES: usize = 8 << 10;
/// Seconds by which the clocks of two machines may differ, at most.
const MAX_LEEWAY_SECONDS: u32 = 60;
/// Bytes of an RSA modulus: 2048 bits. Shorter ones are broken too easily.
const MIN_MODULUS_BYTES: usize = 256;
/// Types of token that speak for a person.
const TYPES: [&str; 3] = ["jwt", "at+jwt", "application/at+jwt"];
/// Headers that bring a key, point to one, or change how the rest is to be read.
const REFUSED_HEADERS: [&str; 9] = ["crit", "jwk", "jku", "x5u", "x5c", "zip", "enc", "b64", "cty"];
/// What no token may be granted: it writes as a platform, or makes tokens for others.
const NEVER_GRANTED: [Scope; 2] = [Scope::EventsWrite, Scope::MembersDelegate];

/// What the operator says of the identity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OidcSettings {
    /// The issuer, exactly as tokens name it.
    pub issuer: String,
    /// The audience: what the provider calls this service.
    pub audience: String,
    /// The pinned keys: a JWK set, or one public key in PEM.
    pub keys: Vec<u8>,
    /// The family of algorithms: `rsa`, `ec` or `ed25519`.
    pub family: String,
    /// The claim that names the person by the identifier that events use; `a.b` is `b` within `a`.
    pub person_claim: String,
    /// The claim whose words are granted scopes.
    pub scopes_claim: Option<String>,
    /// The scopes of every token.
    pub scopes: Vec<String>,
    /// The scopes of each word of that claim.
    pub grants: BTreeMap<String, Vec<String>>,
    /// Seconds by which the provider's clock may differ.
    pub leeway_seconds: u32,
}

/// Why a token is refused; made of constant words alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault(&'static str);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A pinned key.
#[derive(Clone)]
struct Pinned {
    /// Its name; a key in PEM has none.
    id: Option<String>,
    /// The one algorithm it is for, when the set says so.
    algorithm: Option<KeyAlgorithm>,
    key: DecodingKey,
}

/// A check of tokens of one identity provider.
#[derive(Clone)]
pub struct Oidc {
    issuer: String,
    audience: String,
    keys: Vec<Pinned>,
    family: AlgorithmFamily,
    person_claim: String,
    scopes_claim: Option<String>,
    scopes: BTreeSet<Scope>,
    grants: BTreeMap<String, BTreeSet<Scope>>,
    leeway_seconds: f64,
}

/// What a sound token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// The person whom it names.
    pub(super) person: String,
    /// What it may do.
    pub(super) scopes: BTreeSet<Scope>,
}

impl Oidc {
    /// The check that `settings` describe.
    ///
    /// # Errors
    /// A sentence that names the first setting that cannot hold.
    pub fn new(settings: OidcSettings) -> Result<Self, String> {
        let family = match &*settings.family {
            "rsa" => AlgorithmFamily::Rsa,
            "ec" => AlgorithmFamily::Ec,
            "ed25519" => AlgorithmFamily::Ed,
            _ => return Err("`oidc.family` is one of rsa, ec, ed25519".to_owned()),
        };
        for (name, value) in [
            ("issuer", &settings.issuer),
            ("audience", &settings.audience),
            ("person_claim", &settings.person_claim),
        ] {
            if value.trim().is_empty() {
                return Err(format!("`oidc.{name}` is missing"));
            }
        }
        if settings.leeway_seconds > MAX_LEEWAY_SECONDS {
            return Err(format!("`oidc.leeway_seconds` is at most {MAX_LEEWAY_SECONDS}"));
        }
        if settings.scopes_claim.is_none() != settings.grants.is_empty() {
            return Err("`oidc.scopes_claim` and `[oidc.grants]` go together".to_owned());
        }
        let grants = settings.grants.iter();
        let grants = grants.map(|(word, names)| Ok::<_, String>((word.clone(), granted(names)?)));
        Ok(Self {
            keys: pinned(&settings.keys, family)?,
            family,
            scopes: granted(&settings.scopes)?,
            grants: grants.collect::<Result<_, _>>()?,
            issuer: settings.issuer,
            audience: settings.audience,
            person_claim: settings.person_claim,
            scopes_claim: settings.scopes_claim,
            leeway_seconds: f64::from(settings.leeway_seconds),
        })
    }

    /// Whether `bearer` is such a token rather than a key.
    pub(super) fn is_for(bearer: &str) -> bool {
        bearer.contains('.')
    }

    /// What `token` says at `now`. Cost: one check of a signature, for a token whose header fits.
    ///
    /// # Errors
    /// The first fault.
    pub(super) fn check(&self, token: &str, now: Timestamp) -> Result<Said, Fault> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Fault("the token is too long"));
        }
        let parts: Vec<&str> = token.split('.').collect();
        let &[header, claims, signature] = &parts[..] else {
            return Err(Fault("the token does not have three parts"));
        };
        let read = object(header).ok_or(Fault("the header cannot be read"))?;
        let algorithm = self.algorithm(&read)?;
        let key = self.key(&read, algorithm)?;
        let signed = &token[..header.len() + 1 + claims.len()];
        match crypto::verify(signature, signed.as_bytes(), key, algorithm) {
            Ok(true) => {}
            Ok(false) | Err(_) => return Err(Fault("the signature does not fit")),
        }
        let claims = object(claims).ok_or(Fault("the claims cannot be read"))?;
        self.issued_here(&claims)?;
        self.is_valid_at(&claims, now)?;
        self.said(&claims)
    }

    fn algorithm(&self, header: &Map<String, Value>) -> Result<Algorithm, Fault> {
        if REFUSED_HEADERS.iter().any(|name| header.contains_key(*name)) {
            return Err(Fault(
                "the header brings a key, points to one, or asks to be read otherwise",
            ));
        }
        let typed = match header.get("typ") {
            None => true,
            Some(Value::String(kind)) => TYPES.iter().any(|known| kind.eq_ignore_ascii_case(known)),
            Some(_) => false,
        };
        if !typed {
            return Err(Fault("it is another type of token"));
        }
        let named = header.get("alg").and_then(Value::as_str).unwrap_or_default();
        let of_the_family = self.family.algorithms().iter();
        let found = of_the_family.copied().find(|algorithm| name(*algorithm) == named);
        found.ok_or(Fault("the algorithm is none of the family"))
    }

    fn key(&self, header: &Map<String, Value>, algorithm: Algorithm) -> Result<&DecodingKey, Fault> {
        let named = match header.get("kid") {
            None => None,
            Some(Value::String(id)) => Some(id),
            Some(_) => return Err(Fault("the header names no pinned key")),
        };
        let fits = |pinned: &&Pinned| pinned.id.is_none() || pinned.id.as_ref() == named;
        let pinned = self
            .keys
            .iter()
            .find(fits)
            .ok_or(Fault("the header names no pinned key"))?;
        let other = |of: KeyAlgorithm| of.to_string() != name(algorithm);
        if pinned.algorithm.is_some_and(other) {
            return Err(Fault("the key is for another algorithm"));
        }
        Ok(&pinned.key)
    }

    fn issued_here(&self, claims: &Map<String, Value>) -> Result<(), Fault> {
        if claims.get("iss").and_then(Value::as_str) != Some(&self.issuer) {
            return Err(Fault("another issuer made it"));
        }
        let ours = match claims.get("aud") {
            Some(Value::String(one)) => *one == self.audience,
            Some(Value::Array(many)) => {
                many.iter().all(Value::is_string) && many.iter().any(|one| one.as_str() == Some(&self.audience))
            }
            _ => false,
        };
        if ours {
            Ok(())
        } else {
            Err(Fault("it is meant for another audience"))
        }
    }

    fn is_valid_at(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<(), Fault> {
        let instant = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or(Fault("an instant is no number")),
        };
        let now = now.micros() as f64 / 1e6;
        let (expires, from, issued) = (instant("exp")?, instant("nbf")?, instant("iat")?);
        let expires = expires.ok_or(Fault("it does not say when it expires"))?;
        if now >= expires + self.leeway_seconds {
            return Err(Fault("it has expired"));
        }
        if [from, issued]
            .into_iter()
            .flatten()
            .any(|at| now + self.leeway_seconds < at)
        {
            return Err(Fault("it is not valid yet"));
        }
        Ok(())
    }

    fn said(&self, claims: &Map<String, Value>) -> Result<Said, Fault> {
        let named = claim(claims, &self.person_claim).and_then(Value::as_str);
        let person: String = named.unwrap_or_default().nfc().collect();
        let sound = !person.is_empty() && person.chars().nth(MAX_ID).is_none() && !person.chars().any(char::is_control);
        if !sound {
            return Err(Fault("it names no person"));
        }
        let mut scopes = self.scopes.clone();
        let words = self.scopes_claim.as_deref().and_then(|path| claim(claims, path));
        for word in words.into_iter().flat_map(words_of) {
            scopes.extend(self.grants.get(word).into_iter().flatten());
        }
        Ok(Said { person, scopes })
    }
}

/// The name of an algorithm in headers.
fn name(algorithm: Algorithm) -> String {
    format!("{algorithm:?}")
}

/// The object that a part of a token holds: strict base64, strict JSON, no key twice.
fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    if !is_strict_json(text) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// The claim at `path`: itself, or within others where the path has dots.
fn claim<'c>(claims: &'c Map<String, Value>, path: &str) -> Option<&'c Value> {
    if let Some(found) = claims.get(path) {
        return Some(found);
    }
    let (first, rest) = path.split_once('.')?;
    claim(claims.get(first)?.as_object()?, rest)
}

/// The words of a claim: of a list, or of a text with spaces between them.
fn words_of(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => text.split(' ').collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The scopes of these names, which a token may be granted.
fn granted(names: &[String]) -> Result<BTreeSet<Scope>, String> {
    let each = names.iter().map(|name| {
        let scope = Scope::from_name(name).ok_or_else(|| format!("`oidc`: there is no scope `{name}`"))?;
        if NEVER_GRANTED.contains(&scope) {
            return Err(format!("`oidc`: `{name}` is for keys alone"));
        }
        Ok(scope)
    });
    each.collect()
}

/// The keys of a JWK set, or the one in PEM, that are of `family`.
fn pinned(bytes: &[u8], family: AlgorithmFamily) -> Result<Vec<Pinned>, String> {
    if bytes.starts_with(b"-----BEGIN") {
        let key = match family {
            AlgorithmFamily::Rsa => DecodingKey::from_rsa_pem(bytes),
            AlgorithmFamily::Ec => DecodingKey::from_ec_pem(bytes),
            _ => DecodingKey::from_ed_pem(bytes),
        };
        let key = key.map_err(|_| "`oidc.keys` holds no public key of that family in PEM".to_owned())?;
        if family == AlgorithmFamily::Rsa && key.try_get_as_bytes().is_ok_and(|der| der.len() < MIN_MODULUS_BYTES) {
            return Err("`oidc.keys`: an RSA key has at least 2048 bits".to_owned());
        }
        let (id, algorithm) = (None, None);
        return Ok(vec![Pinned { id, algorithm, key }]);
    }
    let set: JwkSet = serde_json::from_slice(bytes)
        .map_err(|_| "`oidc.keys` is neither a JWK set nor a public key in PEM".to_owned())?;
    let mut keys = Vec::new();
    for jwk in &set.keys {
        let signs = jwk
            .common
            .public_key_use
            .as_ref()
            .is_none_or(|used| *used == PublicKeyUse::Signature);
        let key = DecodingKey::from_jwk(jwk)
            .ok()
            .filter(|key| signs && key.family() == family);
        let Some(key) = key else { continue };
        let id = jwk.common.key_id.clone();
        let id = id.ok_or("`oidc.keys`: each key of a set has a `kid`, by which tokens name it")?;
        if keys.iter().any(|known: &Pinned| known.id.as_ref() == Some(&id)) {
            return Err("`oidc.keys`: two keys of the set have the same `kid`".to_owned());
        }
        if short(jwk) {
            return Err("`oidc.keys`: an RSA key has at least 2048 bits".to_owned());
        }
        let (id, algorithm) = (Some(id), jwk.common.key_algorithm);
        keys.push(Pinned { id, algorithm, key });
    }
    if keys.is_empty() {
        return Err("`oidc.keys` holds no key of that family that signs".to_owned());
    }
    Ok(keys)
}

/// Whether `jwk` is an RSA key that is too short.
fn short(jwk: &jsonwebtoken::jwk::Jwk) -> bool {
    let jsonwebtoken::jwk::AlgorithmParameters::RSA(rsa) = &jwk.algorithm else {
        return false;
    };
    let modulus = URL_SAFE_NO_PAD.decode(&rsa.n).unwrap_or_default();
    modulus.iter().skip_while(|byte| **byte == 0).count() < MIN_MODULUS_BYTES
}
