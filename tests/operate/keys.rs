//! A stolen file opens nothing: of a key only its hash is kept, and revoking it acts on the next request.

use crate::support::{Server, antenne, bearer, furnished, names, stdout, temp};
use memchr::memmem::find;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::path::Path;

/// Everything that lies in the folder, and the log.
fn everything(data: &Path, log: &str) -> Vec<(String, Vec<u8>)> {
    let sockets = |name: &String| name.rsplit('.').next() != Some("sock");
    let files = names(data).into_iter().filter(sockets);
    let mut all: Vec<_> = files
        .map(|name| (name.clone(), std::fs::read(data.join(&name)).unwrap()))
        .collect();
    all.push(("the log".to_owned(), log.as_bytes().to_vec()));
    all
}

/// Where `needle` lies.
fn places(all: &[(String, Vec<u8>)], needle: &[u8]) -> Vec<String> {
    let holds = all.iter().filter(|(_, bytes)| find(bytes, needle).is_some());
    holds.map(|(name, _)| name.clone()).collect()
}

#[test]
fn no_byte_of_a_key_lies_in_a_file_or_in_the_log() {
    let home = temp();
    let (data, before) = furnished(home.path(), 10);
    let server = Server::start(&data, &[], &[("ANTENNE_LOG", "trace")]);
    let mut create = antenne(&data);
    create.args([
        "keys",
        "create",
        "--name",
        "operator",
        "--scopes",
        "admin,recommend:read",
    ]);
    let beside = stdout(&mut create, 0).trim().to_owned();
    let wish = json!({"name": "over-http", "scopes": ["recommend:read"]}).to_string();
    let (status, made) = server.send("POST", "/v1/admin/keys", &[bearer(&beside)], &wish);
    assert_eq!(status, 201, "{made}");
    let keys = [before, beside, made["key"].as_str().unwrap().to_owned()];
    for key in &keys {
        assert_eq!(server.send("GET", "/v1/questions", &[bearer(key)], "").0, 200);
    }
    for name in ["plugin", "over-http"] {
        antenne(&data).args(["keys", "revoke", name]).assert().code(0);
    }
    let opens = |key: &str| server.send("GET", "/v1/questions", &[bearer(key)], "").0;
    assert_eq!(
        keys.each_ref().map(|key| opens(key)),
        [401, 200, 401],
        "the next request knows"
    );

    let running = everything(&data, &server.log());
    let log = server.stop();
    for all in [running, everything(&data, &log)] {
        for key in &keys {
            let digits = key.strip_prefix("antenne_").unwrap();
            assert_eq!(digits.len(), 64, "32 bytes");
            let raw: Vec<u8> = (0..32)
                .map(|n| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).unwrap())
                .collect();
            for needle in [key.as_bytes(), digits.as_bytes(), &raw] {
                assert_eq!(places(&all, needle), Vec::<String>::new());
            }
            // The search finds what is there.
            assert!(!places(&all, &Sha256::digest(key.as_bytes())).is_empty());
        }
    }
}

/// How many of `needles` lie somewhere in `all`. Needles have at least 8 bytes.
fn found(all: &[(String, Vec<u8>)], needles: &[Vec<u8>]) -> usize {
    let by_start: HashMap<&[u8], Vec<usize>> =
        needles.iter().enumerate().fold(HashMap::new(), |mut map, (n, needle)| {
            map.entry(&needle[..8]).or_insert_with(Vec::new).push(n);
            map
        });
    let mut seen = vec![false; needles.len()];
    for (_, bytes) in all {
        for (place, start) in bytes.windows(8).enumerate() {
            for &n in by_start.get(start).into_iter().flatten() {
                seen[n] |= bytes[place..].starts_with(&needles[n]);
            }
        }
    }
    seen.into_iter().filter(|&seen| seen).count()
}

/// Makes a thousand keys and two hundred tokens over HTTP, and uses one of each.
fn issued(server: &Server, operator: &str) -> (Vec<String>, Vec<String>) {
    let made = |target: &str, wish: String, field: &str| {
        let (status, made) = server.send("POST", target, &[bearer(operator)], &wish);
        assert_eq!(status, 201, "{made}");
        made[field].as_str().unwrap().to_owned()
    };
    let key = |n: usize| {
        let wish = json!({"name": format!("k{n}"), "scopes": ["search:read"]}).to_string();
        made("/v1/admin/keys", wish, "key")
    };
    let token = |n: usize| {
        let wish = json!({"person": format!("p-{}", n % 12)}).to_string();
        made("/v1/member-tokens", wish, "token")
    };
    let (keys, tokens): (Vec<_>, Vec<_>) = ((0..1_000).map(key).collect(), (0..200).map(token).collect());
    for (secret, target) in [(&keys[999], "/v1/people/p-1"), (&tokens[199], "/v1/me/load")] {
        assert_eq!(server.send("GET", target, &[bearer(secret)], "").0, 200, "{target}");
    }
    (keys, tokens)
}

/// What must be nowhere of a secret: its bytes, and its digits behind those that a listing shows.
fn telling(secret: &str) -> [Vec<u8>; 2] {
    let digits = secret.rsplit('_').next().unwrap();
    let byte = |n: usize| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).unwrap();
    [(0..32).map(byte).collect(), digits.as_bytes()[6..].to_vec()]
}

#[test]
fn of_a_thousand_keys_and_their_tokens_none_lies_in_a_file_or_in_the_log() {
    let home = temp();
    let (data, _) = furnished(home.path(), 3);
    let often = [
        ("ANTENNE_LOG", "trace"),
        ("ANTENNE_LIMITS_REQUESTS_PER_SECOND", "100000"),
        ("ANTENNE_LIMITS_REQUESTS_BURST", "100000"),
    ];
    let server = Server::start(&data, &[], &often);
    let mut create = antenne(&data);
    create.args([
        "keys",
        "create",
        "--name",
        "operator",
        "--scopes",
        "admin,members:delegate",
    ]);
    let operator = stdout(&mut create, 0).trim().to_owned();
    let (keys, tokens) = issued(&server, &operator);
    let needles: Vec<Vec<u8>> = keys.iter().chain(&tokens).flat_map(|secret| telling(secret)).collect();
    let hashes = |secrets: &[String]| {
        let hash = |secret: &String| Sha256::digest(secret.as_bytes()).to_vec();
        secrets.iter().map(hash).collect::<Vec<_>>()
    };
    let running = everything(&data, &server.log());
    let log = server.stop();
    for all in [running, everything(&data, &log)] {
        assert_eq!(found(&all, &needles), 0);
        // The search finds what is there: the hash of each key, and of no token, which memory alone holds.
        assert_eq!(
            (found(&all, &hashes(&keys)), found(&all, &hashes(&tokens))),
            (keys.len(), 0)
        );
    }
}
