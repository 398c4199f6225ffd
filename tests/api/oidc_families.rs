//! Tokens of providers that sign with RSA or with elliptic curves: good ones open, and what is bent into another algorithm,
//! another key or another form of signature does not.
//!
//! The keys in `keys/` were made for these tests and open nothing else.

use crate::client::{Server, event};
use crate::oidc::{ISSUER, NOW, settings};
use antenne::app::{Oidc, OidcSettings};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};
use sha2::Sha256;

const RSA: &str = include_str!("keys/rsa.pem");
const RSA_PUBLIC: &str = include_str!("keys/rsa.pub.pem");
const RSA_STRANGER: &str = include_str!("keys/rsa-stranger.pem");
const RSA_SHORT: &str = include_str!("keys/rsa-1024.pub.pem");
const EC: &str = include_str!("keys/ec.pem");
const EC_PUBLIC: &str = include_str!("keys/ec.pub.pem");
const EC_STRANGER: &str = include_str!("keys/ec-stranger.pem");

/// A family as a provider of it pins its key.
struct Family {
    name: &'static str,
    private: &'static str,
    public: &'static str,
    stranger: &'static str,
    usual: Algorithm,
}

const FAMILIES: [Family; 2] = [
    Family {
        name: "rsa",
        private: RSA,
        public: RSA_PUBLIC,
        stranger: RSA_STRANGER,
        usual: Algorithm::RS256,
    },
    Family {
        name: "ec",
        private: EC,
        public: EC_PUBLIC,
        stranger: EC_STRANGER,
        usual: Algorithm::ES256,
    },
];

fn key(pem: &str, algorithm: Algorithm) -> EncodingKey {
    let read = match algorithm {
        Algorithm::ES256 | Algorithm::ES384 => EncodingKey::from_ec_pem(pem.as_bytes()),
        _ => EncodingKey::from_rsa_pem(pem.as_bytes()),
    };
    read.unwrap()
}

impl Family {
    /// The key as a set holds it, for one algorithm or for any of the family.
    fn jwk(&self, of: Option<KeyAlgorithm>) -> Value {
        let mut jwk = Jwk::from_encoding_key(&key(self.private, self.usual), self.usual).unwrap();
        jwk.common.key_id = Some("first".to_owned());
        jwk.common.key_algorithm = of;
        serde_json::to_value(jwk).unwrap()
    }

    fn settings(&self, keys: Vec<u8>) -> OidcSettings {
        OidcSettings {
            family: self.name.to_owned(),
            keys,
            ..settings()
        }
    }

    /// A server that pins the key as a set of one, for any algorithm of its family.
    fn server(&self) -> Server {
        self.pinning(json!({"keys": [self.jwk(None)]}).to_string().into_bytes())
    }

    fn pinning(&self, keys: Vec<u8>) -> Server {
        let server = Server::trusting(Oidc::new(self.settings(keys)).unwrap());
        let ana = json!({"person": "ana", "name": "Ana Ruiz"});
        server.told(&[event(1, "person.upserted", "2026-02-01T08:00:00Z", &ana)]);
        server
    }

    fn token(&self, algorithm: Algorithm) -> String {
        signed(&message(&format!("{algorithm:?}")), self.private, algorithm)
    }
}

/// The header that names `algorithm`, and claims that are sound.
fn message(algorithm: &str) -> String {
    let header = json!({"alg": algorithm, "typ": "JWT", "kid": "first"}).to_string();
    let claims = json!({"iss": ISSUER, "aud": "antenne", "sub": "ana", "exp": NOW + 300}).to_string();
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

fn signed(message: &str, pem: &str, algorithm: Algorithm) -> String {
    let signature = crypto::sign(message.as_bytes(), &key(pem, algorithm), algorithm).unwrap();
    format!("{message}.{signature}")
}

/// `message` under a signature of these bytes.
fn under(message: &str, signature: &[u8]) -> String {
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn signature(token: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(token.rsplit('.').next().unwrap()).unwrap()
}

/// A symmetric signature whose secret is what everybody may read.
fn symmetric(secret: &[u8]) -> String {
    let message = message("HS256");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(message.as_bytes());
    under(&message, &mac.finalize().into_bytes())
}

/// What no family lets in.
fn forged(family: &Family) -> Vec<(&'static str, String)> {
    let good = family.token(family.usual);
    let usual = message(&format!("{:?}", family.usual));
    let sound = signature(&good);
    let flipped = |place: usize| {
        let mut bytes = sound.clone();
        bytes[place] ^= 1;
        under(&usual, &bytes)
    };
    let set = json!({"keys": [family.jwk(None)]}).to_string();
    let ed = "EdDSA";
    vec![
        ("no algorithm", format!("{}.", message("none"))),
        (
            "no algorithm, with the signature",
            format!("{}.{}", message("none"), URL_SAFE_NO_PAD.encode(&sound)),
        ),
        ("no signature", format!("{usual}.")),
        (
            "symmetric, under the public key in PEM",
            symmetric(family.public.as_bytes()),
        ),
        (
            "symmetric, under the public key in PEM without its last line end",
            symmetric(family.public.trim_end().as_bytes()),
        ),
        ("symmetric, under the whole set", symmetric(set.as_bytes())),
        ("symmetric, under an empty secret", symmetric(b"")),
        ("a stranger's key", signed(&usual, family.stranger, family.usual)),
        ("another family's name", under(&message(ed), &sound)),
        (
            "an algorithm in lower case",
            under(&message(&format!("{:?}", family.usual).to_lowercase()), &sound),
        ),
        ("the first bit", flipped(0)),
        ("the last byte", flipped(sound.len() - 1)),
        ("cut by a byte", under(&usual, &sound[..sound.len() - 1])),
        ("a zero before", under(&usual, &[&[0], &sound[..]].concat())),
        ("a zero behind", under(&usual, &[&sound[..], &[0]].concat())),
        ("nothing but zeros", under(&usual, &vec![0; sound.len()])),
        ("nothing but ones", under(&usual, &vec![0xff; sound.len()])),
        ("the sound one twice", under(&usual, &[&sound[..], &sound[..]].concat())),
    ]
}

/// A signature of two numbers in DER, as certificates have it and tokens do not.
fn der(raw: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| {
        let kept: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
        let sign = kept.first().is_some_and(|first| *first >= 0x80);
        let kept = if sign { [&[0], &kept[..]].concat() } else { kept };
        [&[2, kept.len() as u8], &kept[..]].concat()
    };
    let (r, s) = raw.split_at(raw.len() / 2);
    let both = [number(r), number(s)].concat();
    [&[0x30, both.len() as u8], &both[..]].concat()
}

/// What only one family could be fooled by.
fn bent(family: &Family) -> Vec<(&'static str, String)> {
    let sound = signature(&family.token(family.usual));
    if family.name == "rsa" {
        let pss = signature(&family.token(Algorithm::PS256));
        return vec![
            ("one padding under the other's name", under(&message("PS256"), &sound)),
            ("the other way round", under(&message("RS256"), &pss)),
            ("another digest", under(&message("RS512"), &sound)),
            ("a curve", signed(&message("ES256"), EC, Algorithm::ES256)),
        ];
    }
    let (r, s) = sound.split_at(sound.len() / 2);
    let usual = message("ES256");
    vec![
        ("the numbers exchanged", under(&usual, &[s, r].concat())),
        ("a first number of zero", under(&usual, &[&[0; 32], s].concat())),
        ("a second number of zero", under(&usual, &[r, &[0; 32]].concat())),
        ("as certificates write it", under(&usual, &der(&sound))),
        ("another curve's name", under(&message("ES384"), &sound)),
        ("a modulus", signed(&message("RS256"), RSA, Algorithm::RS256)),
    ]
}

#[test]
fn a_provider_of_each_family_is_taken_at_its_word() {
    for family in &FAMILIES {
        let opens = |server: &Server, token: &str| server.get_as(token, "/v1/me/load").status;
        let by_set = family.server();
        let in_pem = family.pinning(family.public.as_bytes().to_vec());
        let usual = family.token(family.usual);
        assert_eq!(
            (opens(&by_set, &usual), opens(&in_pem, &usual)),
            (200, 200),
            "{}",
            family.name
        );
        if family.name == "rsa" {
            for algorithm in [
                Algorithm::RS384,
                Algorithm::RS512,
                Algorithm::PS256,
                Algorithm::PS384,
                Algorithm::PS512,
            ] {
                assert_eq!(opens(&by_set, &family.token(algorithm)), 200, "{algorithm:?}");
            }
        }
    }
}

#[test]
fn what_is_bent_opens_nothing_under_one_answer() {
    let mut refused = 0;
    for family in &FAMILIES {
        let server = family.server();
        let unknown = server.get_as("antenne_0", "/v1/me/load");
        unknown.problem(401, "unauthenticated");
        for (name, token) in forged(family).into_iter().chain(bent(family)) {
            let reply = server.get_as(&token, "/v1/me/load");
            assert_eq!(
                (reply.status, &reply.body),
                (401, &unknown.body),
                "{}: {name}",
                family.name
            );
            refused += 1;
        }
        // The test of the test: the same way of asking lets the good one in.
        assert_eq!(server.get_as(&family.token(family.usual), "/v1/me/load").status, 200);
    }
    assert!(refused >= 40, "{refused}");
}

#[test]
fn a_key_that_is_for_one_algorithm_is_for_no_other() {
    let rsa = &FAMILIES[0];
    let pinned = json!({"keys": [rsa.jwk(Some(KeyAlgorithm::RS256))]}).to_string();
    let server = rsa.pinning(pinned.into_bytes());
    let opens = |algorithm| server.get_as(&rsa.token(algorithm), "/v1/me/load").status;
    assert_eq!(
        [Algorithm::RS256, Algorithm::PS256, Algorithm::RS512].map(opens),
        [200, 401, 401]
    );
}

#[test]
fn a_pinned_key_is_of_the_family_and_long_enough() {
    let [rsa, ec] = &FAMILIES;
    let refusal = |family: &Family, keys: &[u8]| Oidc::new(family.settings(keys.to_vec())).err().unwrap_or_default();
    assert_eq!(refusal(rsa, RSA_PUBLIC.as_bytes()), "");
    assert!(refusal(rsa, RSA_SHORT.as_bytes()).contains("2048 bits"));
    assert!(refusal(rsa, EC_PUBLIC.as_bytes()).contains("no public key of that family"));
    assert!(refusal(ec, RSA_PUBLIC.as_bytes()).contains("no public key of that family"));
    let other = json!({"keys": [rsa.jwk(None)]}).to_string();
    assert!(refusal(ec, other.as_bytes()).contains("holds no key of that family"));
}
