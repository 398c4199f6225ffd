//! Tokens of an identity provider over HTTP: one good one opens, and whatever was forged, altered, borrowed or is over opens
//! nothing, under one answer that tells a stranger nothing.

use crate::client::{Server, bearer, event};
use antenne::app::{Oidc, OidcSettings};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};
use sha2::Sha256;

const AT: &str = "2026-02-01T08:00:00Z";
/// 2026-03-02T09:00:30Z, the server's clock.
pub const NOW: i64 = 1_772_442_030;
pub const ISSUER: &str = "https://sso.example/realms/staff";

/// A key of Ed25519 made of one byte: PKCS #8 (RFC 8410).
fn key(seed: u8) -> EncodingKey {
    let before = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    EncodingKey::from_ed_der(&[&before[..], &[seed; 32]].concat())
}

fn public(seed: u8, id: &str) -> Value {
    let mut jwk = Jwk::from_encoding_key(&key(seed), Algorithm::EdDSA).unwrap();
    jwk.common.key_id = Some(id.to_owned());
    serde_json::to_value(jwk).unwrap()
}

pub fn settings() -> OidcSettings {
    let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    OidcSettings {
        issuer: ISSUER.to_owned(),
        audience: "antenne".to_owned(),
        keys: json!({"keys": [public(1, "first"), public(2, "second")]})
            .to_string()
            .into_bytes(),
        family: "ed25519".to_owned(),
        person_claim: "sub".to_owned(),
        scopes_claim: Some("realm_access.roles".to_owned()),
        scopes: list(&["member", "recommend:read"]),
        grants: [
            ("animators".to_owned(), list(&["animator"])),
            ("rh".to_owned(), list(&["hr:read"])),
        ]
        .into(),
        leeway_seconds: 30,
    }
}

fn furnished() -> Server {
    let server = Server::trusting(Oidc::new(settings()).unwrap());
    server.told(&[
        event(1, "person.upserted", AT, &json!({"person": "ana", "name": "Ana Ruiz"})),
        event(
            2,
            "person.upserted",
            AT,
            &json!({"person": "gone", "name": "Gone Away"}),
        ),
        event(3, "person.left", AT, &json!({"person": "gone"})),
        event(
            4,
            "community.upserted",
            AT,
            &json!({"community": "board", "kind": "team", "access": "private"}),
        ),
        event(
            5,
            "community.upserted",
            AT,
            &json!({"community": "lab", "kind": "team", "access": "private"}),
        ),
        event(
            6,
            "membership.added",
            AT,
            &json!({"person": "ana", "community": "board", "role": "animator"}),
        ),
        event(
            7,
            "membership.added",
            AT,
            &json!({"person": "ana", "community": "lab", "role": "member"}),
        ),
    ]);
    server
}

fn header() -> Value {
    json!({"alg": "EdDSA", "typ": "JWT", "kid": "first"})
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "antenne", "sub": "ana", "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 300,
           "realm_access": {"roles": ["animators", "unheard-of"]}})
}

fn part(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A token of these texts, as they stand, signed with the key made of `seed`.
fn signed(header: &str, claims: &str, seed: u8) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let signature = crypto::sign(message.as_bytes(), &key(seed), Algorithm::EdDSA).unwrap();
    format!("{message}.{signature}")
}

/// A token of `person` that is sound until `expires`.
pub fn token(person: &str, expires: i64) -> String {
    let claims = json!({"iss": ISSUER, "aud": "antenne", "sub": person, "exp": expires});
    signed(&header().to_string(), &claims.to_string(), 1)
}

fn good() -> String {
    signed(&header().to_string(), &claims().to_string(), 1)
}

/// The good token with `value` under `name` of its header, or without it; signed as it should be.
fn with_header(name: &str, value: Value) -> String {
    let mut header = header();
    match value {
        Value::Null => drop(header.as_object_mut().unwrap().remove(name)),
        value => header[name] = value,
    }
    signed(&header.to_string(), &claims().to_string(), 1)
}

/// The same for a claim.
fn with_claim(name: &str, value: Value) -> String {
    let mut claims = claims();
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
        value => claims[name] = value,
    }
    signed(&header().to_string(), &claims.to_string(), 1)
}

/// A symmetric signature under a secret that everybody knows: the public key.
fn symmetric(secret: &[u8]) -> String {
    let message = format!(
        "{}.{}",
        part(&json!({"alg": "HS256", "typ": "JWT", "kid": "first"}).to_string()),
        part(&claims().to_string())
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// Tokens whose signature, form or header is not right.
#[expect(clippy::too_many_lines, reason = "a table of forgeries")]
fn forged() -> Vec<(&'static str, String)> {
    let good = good();
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let (header_text, claims_text) = (header().to_string(), claims().to_string());
    let none = |alg: &str| part(&json!({"alg": alg, "typ": "JWT", "kid": "first"}).to_string());
    let root = part(&claims_text.replace("\"ana\"", "\"gone\""));
    let x = public(1, "first")["x"].as_str().unwrap().to_owned();
    let mut last = signature.to_owned();
    let end = last.pop().unwrap();
    last.push(if end == 'A' { 'B' } else { char::from(end as u8 ^ 1) });
    let twice = |text: &str, extra: &str| text.replacen('{', &format!("{{{extra},"), 1);
    vec![
        ("no algorithm, no signature", format!("{}.{body}.", none("none"))),
        ("no algorithm, in other case", format!("{}.{body}.", none("nOnE"))),
        (
            "no algorithm, with the signature",
            format!("{}.{body}.{signature}", none("none")),
        ),
        ("no signature", format!("{head}.{body}.")),
        (
            "symmetric, under the raw public key",
            symmetric(&URL_SAFE_NO_PAD.decode(&x).unwrap()),
        ),
        (
            "symmetric, under the public key as it is written",
            symmetric(x.as_bytes()),
        ),
        ("symmetric, under the whole set", symmetric(&settings().keys)),
        ("another family", with_header("alg", json!("RS256"))),
        ("no algorithm named", with_header("alg", Value::Null)),
        ("a list of algorithms", with_header("alg", json!(["EdDSA"]))),
        ("signed by a stranger", signed(&header_text, &claims_text, 9)),
        ("signed by the other pinned key", signed(&header_text, &claims_text, 2)),
        ("a key that is not pinned", with_header("kid", json!("third"))),
        ("no key named", with_header("kid", Value::Null)),
        ("a key that is a path", with_header("kid", json!("../../dev/null"))),
        ("a key that is a number", with_header("kid", json!(1))),
        (
            "brings its key",
            signed(
                &twice(&header_text, &format!("\"jwk\":{}", public(9, "first"))),
                &claims_text,
                9,
            ),
        ),
        (
            "points to its keys",
            with_header("jku", json!("https://evil.example/jwks")),
        ),
        (
            "points to a certificate",
            with_header("x5u", json!("https://evil.example/c")),
        ),
        ("brings a certificate", with_header("x5c", json!(["MIIB"]))),
        ("asks for what nobody knows", with_header("crit", json!(["exp"]))),
        ("is not encoded", with_header("b64", json!(false))),
        ("is compressed", with_header("zip", json!("DEF"))),
        ("holds another token", with_header("cty", json!("JWT"))),
        ("another type", with_header("typ", json!("logout+jwt"))),
        ("a type that is a number", with_header("typ", json!(7))),
        ("other claims", format!("{head}.{root}.{signature}")),
        (
            "another header",
            format!("{}.{body}.{signature}", part(&header_text.replace("first", "second"))),
        ),
        ("cut short", good[..good.len() - 9].to_owned()),
        ("one bit of the signature", format!("{head}.{body}.{last}")),
        ("two parts", format!("{head}.{body}")),
        ("four parts", format!("{good}.{signature}")),
        ("five parts, as if encrypted", format!("{good}.x.y")),
        ("padded", format!("{head}=.{body}.{signature}")),
        (
            "an algorithm twice",
            signed(&twice(&header_text, "\"alg\":\"none\""), &claims_text, 1),
        ),
        (
            "a person twice",
            signed(&header_text, &twice(&claims_text, "\"sub\":\"gone\""), 1),
        ),
        (
            "an end twice",
            signed(&header_text, &twice(&claims_text, "\"exp\":1"), 1),
        ),
        ("claims that are a list", signed(&header_text, "[]", 1)),
        ("claims that are no JSON", signed(&header_text, "sub=ana", 1)),
        (
            "deep claims",
            signed(
                &header_text,
                &twice(&claims_text, &format!("\"x\":{}1{}", "[".repeat(99), "]".repeat(99))),
                1,
            ),
        ),
        ("huge", with_claim("padding", json!("x".repeat(9_000)))),
    ]
}

/// Tokens that are signed as they should be and say what they should not.
fn misplaced() -> Vec<(&'static str, String)> {
    vec![
        ("expired", with_claim("exp", json!(NOW - 31))),
        ("expired, to the second", with_claim("exp", json!(NOW - 30))),
        ("without an end", with_claim("exp", Value::Null)),
        ("an end in words", with_claim("exp", json!("tomorrow"))),
        ("not yet", with_claim("nbf", json!(NOW + 31))),
        ("from a text", with_claim("nbf", json!("now"))),
        ("issued ahead", with_claim("iat", json!(NOW + 3_600))),
        ("another audience", with_claim("aud", json!("payroll"))),
        ("an audience that begins so", with_claim("aud", json!("antenne2"))),
        (
            "audiences without this one",
            with_claim("aud", json!(["payroll", "wiki"])),
        ),
        (
            "an audience in a list of other things",
            with_claim("aud", json!(["antenne", 7])),
        ),
        ("no audience", with_claim("aud", Value::Null)),
        ("another issuer", with_claim("iss", json!("https://evil.example"))),
        ("almost the issuer", with_claim("iss", json!(format!("{ISSUER}/")))),
        ("a list of issuers", with_claim("iss", json!([ISSUER]))),
        ("no issuer", with_claim("iss", Value::Null)),
        ("nobody", with_claim("sub", Value::Null)),
        ("nobody in words", with_claim("sub", json!(""))),
        ("a number", with_claim("sub", json!(7))),
        ("somebody unknown", with_claim("sub", json!("unheard-of"))),
        ("somebody who left", with_claim("sub", json!("gone"))),
    ]
}

#[test]
fn the_good_token_opens_as_its_person_with_what_it_was_granted() {
    let server = furnished();
    let opens = |token: &str, target: &str| server.get_as(token, target).status;
    assert_eq!(opens(&good(), "/v1/me/load"), 200);
    assert_eq!(opens(&good(), "/v1/communities/board"), 200);
    assert_eq!(opens(&good(), "/v1/communities/board/newcomers"), 200, "animates it");
    server
        .get_as(&good(), "/v1/communities/lab/newcomers")
        .problem(404, "not_found");
    for target in ["/v1/health", "/v1/admin/audit", "/v1/names/people?q=a"] {
        server.get_as(&good(), target).problem(403, "scope_missing");
    }
    let plain = with_claim("realm_access", Value::Null);
    server
        .get_as(&plain, "/v1/communities/board/newcomers")
        .problem(403, "scope_missing");
    for (name, token) in [
        (
            "by the second key",
            signed(
                &header().to_string().replace("first", "second"),
                &claims().to_string(),
                2,
            ),
        ),
        ("an access token", with_header("typ", json!("at+jwt"))),
        ("no type", with_header("typ", Value::Null)),
        ("several audiences", with_claim("aud", json!(["wiki", "antenne"]))),
        ("within the leeway", with_claim("exp", json!(NOW - 29))),
        ("no other instants", with_claim("nbf", Value::Null)),
    ] {
        assert_eq!(opens(&token, "/v1/me/load"), 200, "{name}");
    }
    server.pass(6);
    server.get_as(&good(), "/v1/me/load").problem(401, "unauthenticated");
}

#[test]
fn whatever_is_not_right_opens_nothing_under_one_answer() {
    let server = furnished();
    let unknown = server.get_as("antenne_0", "/v1/me/load");
    unknown.problem(401, "unauthenticated");
    let all: Vec<_> = forged().into_iter().chain(misplaced()).collect();
    assert!(all.len() >= 60, "{}", all.len());
    let mut opened = Vec::new();
    for (name, token) in &all {
        let reply = server.get_as(token, "/v1/me/load");
        if (reply.status, &reply.body) != (401, &unknown.body) || reply.header("www-authenticate") != Some("Bearer") {
            opened.push(format!("{name}: {} {}", reply.status, reply.text()));
        }
    }
    assert!(opened.is_empty(), "{opened:#?}");
    // The test of the test: the same way of asking lets the good one in.
    assert_eq!(server.get_as(&good(), "/v1/me/load").status, 200);
}

#[test]
fn a_token_does_not_outlive_its_person_here() {
    let server = furnished();
    let opens = || server.get_as(&good(), "/v1/me/load").status;
    let told = |number: u32, kind: &str, at: &str| {
        server.told(&[event(number, kind, at, &json!({"person": "ana", "name": "Ana Ruiz"}))]);
    };
    assert_eq!(opens(), 200);
    server.told(&[event(
        20,
        "person.left",
        "2026-02-02T08:00:00Z",
        &json!({"person": "ana"}),
    )]);
    assert_eq!(opens(), 401);
    told(21, "person.upserted", "2026-02-03T08:00:00Z");
    assert_eq!(opens(), 200, "back again");
    let officer = server.key("officer", &["dpo"], None);
    let erased = server.send("DELETE", "/v1/people/ana", &[&bearer(&officer)], b"");
    assert_eq!((erased.status, opens()), (200, 401));
}

#[test]
fn without_a_provider_no_such_token_opens() {
    let server = Server::start();
    server.told(&[event(
        1,
        "person.upserted",
        AT,
        &json!({"person": "ana", "name": "Ana Ruiz"}),
    )]);
    server.get_as(&good(), "/v1/me/load").problem(401, "unauthenticated");
}

/// A slip in the settings.
type Change<'c> = &'c dyn Fn(&mut OidcSettings);

#[test]
fn settings_that_cannot_hold_are_refused_by_name() {
    let refusal = |change: Change| {
        let mut settings = settings();
        change(&mut settings);
        Oidc::new(settings).err().unwrap_or_default()
    };
    assert_eq!(refusal(&|_| {}), "");
    let word = |name: &str| vec![name.to_owned()];
    let cases: [(Change, &str); 11] = [
        (&|s| s.family = "hmac".to_owned(), "oidc.family"),
        (&|s| s.family = "rsa".to_owned(), "holds no key of that family"),
        (&|s| s.issuer = String::new(), "oidc.issuer"),
        (&|s| s.audience = " ".to_owned(), "oidc.audience"),
        (&|s| s.leeway_seconds = 61, "oidc.leeway_seconds"),
        (&|s| s.scopes = word("root"), "no scope `root`"),
        (&|s| s.scopes = word("events:write"), "for keys alone"),
        (
            &|s| drop(s.grants.insert("x".to_owned(), word("members:delegate"))),
            "for keys alone",
        ),
        (&|s| s.scopes_claim = None, "go together"),
        (&|s| s.keys = b"secret".to_vec(), "neither a JWK set nor"),
        (
            &|s| {
                s.keys = json!({"keys": [public(1, "a"), public(2, "a")]})
                    .to_string()
                    .into_bytes();
            },
            "the same `kid`",
        ),
    ];
    for (change, named) in cases {
        let refusal = refusal(change);
        assert!(refusal.contains(named), "{named}: {refusal}");
    }
}
