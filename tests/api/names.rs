//! Searching people by name.

use crate::client::{Server, encoded, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

fn people(names: &[&str]) -> Server {
    let server = Server::start();
    let line = |(n, name): (u32, &&str)| {
        event(
            n,
            "person.upserted",
            AT,
            &json!({"person": format!("p{n:03}"), "name": name, "site": "Lyon"}),
        )
    };
    server.told(&(0..).zip(names).map(line).collect::<Vec<_>>());
    server
}

fn found(server: &Server, query: &str) -> Vec<String> {
    let reply = server.get(&format!("/v1/names/people?q={}", encoded(query)));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let list = reply.json();
    let line = |item: &Value| format!("{} {}", item["name"].as_str().unwrap(), item["match"].as_str().unwrap());
    list["items"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_name_is_found_by_what_is_remembered_of_it() {
    let server = people(&[
        "Léa Fontaine",
        "Étienne Lefèvre",
        "Lea Dupond",
        "Jean-Pierre O’Brien",
        "Leandro Costa",
    ]);
    assert_eq!(
        found(&server, "lea"),
        ["Lea Dupond exact", "Léa Fontaine exact", "Leandro Costa prefix"]
    );
    assert_eq!(found(&server, "FONT lé"), ["Léa Fontaine prefix"]);
    assert_eq!(found(&server, "dupont"), ["Lea Dupond sound"]);
    assert_eq!(found(&server, "lefebvre etiene"), ["Étienne Lefèvre sound"]);
    assert_eq!(found(&server, "obrien"), ["Jean-Pierre O’Brien exact"]);
    assert_eq!(found(&server, "pier"), ["Jean-Pierre O’Brien prefix"]);
    assert_eq!(found(&server, "martin"), Vec::<String>::new());
    assert_eq!(found(&server, "-"), Vec::<String>::new());
    for query in ["", "?q=", "?q=%20", "?name=x"] {
        assert_eq!(server.get(&format!("/v1/names/people{query}")).status, 400, "{query}");
    }
    let one = server.get("/v1/names/people?q=fontaine").json();
    let expected = json!({"person": "p000", "name": "Léa Fontaine", "site": "Lyon", "match": "exact"});
    assert_eq!(one["items"], json!([expected]));
}

#[test]
fn a_new_name_replaces_the_old_one_and_accounts_of_one_human_are_one() {
    let server = people(&["Zoé Martin", "Zoé Martin"]);
    server.told(&[
        event(50, "identity.linked", AT, &json!({"person": "p000", "same_as": "p001"})),
        event(
            51,
            "person.upserted",
            "2026-02-02T08:00:00Z",
            &json!({"person": "p001", "name": "Zoé Costa"}),
        ),
    ]);
    assert_eq!(found(&server, "martin"), ["Zoé Martin exact"]);
    assert_eq!(
        found(&server, "costa"),
        ["Zoé Martin exact"],
        "by any name, shown once, as everywhere"
    );
    server.told(&[event(
        52,
        "person.upserted",
        "2026-02-03T08:00:00Z",
        &json!({"person": "p000", "name": "Zoé Costa"}),
    )]);
    assert_eq!(found(&server, "martin"), Vec::<String>::new());
}

#[test]
fn a_list_that_is_read_on_stays_whole_while_people_come() {
    let names: Vec<String> = (0..25).map(|n| format!("Anna {n:02}")).collect();
    let server = people(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    for part in 0..6 {
        let page = server.get(&format!("/v1/names/people?q=anna&limit=5{cursor}")).json();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        // Somebody comes before the place of the list, another closer one too, and somebody is renamed away behind it.
        let earlier = event(
            100 + part,
            "person.upserted",
            AT,
            &json!({"person": format!("new{part}"), "name": "Anna 00"}),
        );
        server.told(&[earlier]);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, names);
    server
        .get("/v1/names/people?q=anna&cursor=00")
        .problem(400, "bad_parameter");
}
