//! A stolen file opens nothing: of a key only its hash is kept, and revoking it acts on the next request.

use crate::support::{Server, antenne, bearer, furnished, names, stdout, temp};
use memchr::memmem::find;
use serde_json::json;
use sha2::{Digest as _, Sha256};
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
