//! How fast people who know about something are found, over HTTP, in an organisation of 50,000 people and 200,000 questions,
//! at one and at eight connections: one topic, two topics, free words, and a wide skill with all its narrower ones.
//!
//! Run: `cargo bench --bench search`; `ANTENNE_BENCH_FIT=1` finds a latent basis before. Data: made up here, from a seed;
//! nothing is read.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]

#[expect(dead_code, reason = "nothing real is read here")]
mod common;
#[path = "common/random.rs"]
mod random;

use common::{Client, Server, antenne, quantile};
use random::{Draws, Uneven as _};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

const SEED: u64 = 20_261_122;
const PEOPLE: usize = 50_000;
const QUESTIONS: usize = 200_000;
const TAGS: usize = 1_000;
const SKILLS: usize = 2_000;
const COMMUNITIES: usize = 400;
const WORDS: usize = 30_000;
/// Requests in one measurement.
const REQUESTS: usize = 2_000;

/// The word of that number: two syllables or three, none of them a language's.
fn word(number: usize) -> String {
    let syllables = [
        "ba", "cor", "du", "fe", "gi", "ho", "jal", "ku", "lem", "mi", "no", "pra", "qua", "ri", "sol", "tu",
    ];
    let mut rest = number + 16;
    let mut word = String::new();
    while rest > 0 {
        word += syllables[rest % 16];
        rest /= 16;
    }
    word
}

fn text(random: &mut Draws, words: usize) -> String {
    (0..words)
        .map(|_| word(random.few(WORDS)))
        .collect::<Vec<_>>()
        .join(" ")
}

fn tag(number: usize) -> String {
    format!("tag {}", word(number * 7))
}

/// The organisation, as lines in a file.
struct Lines {
    out: BufWriter<std::fs::File>,
    number: usize,
    random: Draws,
}

impl Lines {
    fn say(&mut self, kind: &str, minute: usize, data: &str) {
        self.number += 1;
        let number = self.number;
        let (day, minute) = (minute / 1_440, minute % 1_440);
        let date = format!("20{:02}-{:02}-{:02}", 20 + day / 336, 1 + day % 336 / 28, 1 + day % 28);
        let time = format!("{:02}:{:02}:00Z", minute / 60, minute % 60);
        writeln!(
            self.out,
            r#"{{"id":"{number}","source":"bench","type":"{kind}","at":"{date}T{time}","data":{{{data}}}}}"#
        )
        .expect("a line");
    }

    /// Skills in three levels, each with two labels and a tag as its other name.
    fn skills(&mut self) {
        for n in 0..SKILLS {
            let broader = match n {
                0..20 => String::new(),
                20..200 => format!(r#","broader":["s{}"]"#, n % 20),
                _ => format!(r#","broader":["s{}"]"#, 20 + n % 180),
            };
            let (name, tag) = (word(n * 11), tag(n / 2));
            let labels = format!(r#""labels":{{"fr":"savoir {name}","en":"{name} knowledge"}},"aliases":["{tag}"]"#);
            self.say("skill.upserted", 0, &format!(r#""skill":"s{n}",{labels}{broader}"#));
        }
    }

    fn communities(&mut self) {
        for n in 0..COMMUNITIES {
            let (name, topic) = (text(&mut self.random, 3), tag(n));
            let says = format!(r#""kind":"practice","access":"open","name":"{name}","topics":["{topic}"]"#);
            self.say("community.upserted", 1, &format!(r#""community":"c{n}",{says}"#));
        }
    }

    /// People with four skills each, in two communities.
    fn people(&mut self) {
        for n in 0..PEOPLE {
            let unit = format!("Group/D{}/U{}", n % 25, n % 500);
            let (site, language) = (n % 40, ["fr", "en"][n % 2]);
            let place = format!(r#""unit":"{unit}","site":"Site {site}","languages":["{language}"]"#);
            self.say(
                "person.upserted",
                2,
                &format!(r#""person":"p{n}","name":"Person {n}",{place}"#),
            );
            for _ in 0..4 {
                let skill = self.random.few(SKILLS);
                let held = format!(r#""person":"p{n}","skill":"s{skill}","origin":"declared""#);
                self.say("skill.asserted", 3, &held);
            }
            for _ in 0..2 {
                let community = self.random.few(COMMUNITIES);
                let role = if self.random.below(100) == 0 {
                    "animator"
                } else {
                    "member"
                };
                let belongs = format!(r#""person":"p{n}","community":"c{community}","role":"{role}""#);
                self.say("membership.added", 4, &belongs);
            }
        }
    }

    /// Questions under two tags, each with two answers.
    fn threads(&mut self) {
        for n in 0..QUESTIONS {
            let minute = 10 + n * 10;
            let (title, body) = (text(&mut self.random, 8), text(&mut self.random, 30));
            let tags = [(); 2].map(|()| tag(self.random.few(TAGS)));
            let (asker, community) = (self.random.below(PEOPLE), self.random.few(COMMUNITIES));
            let about = format!(r#""tags":["{}","{}"],"community":"c{community}""#, tags[0], tags[1]);
            let asked = format!(r#""question":"q{n}","asker":"p{asker}","title":"{title}","body":"{body}",{about}"#);
            self.say("question.created", minute, &asked);
            for answer in 0..2 {
                let author = self.random.few(PEOPLE);
                let answered = format!(r#""answer":"a{n}-{answer}","question":"q{n}","author":"p{author}""#);
                self.say("answer.created", minute + 5, &answered);
            }
        }
    }
}

/// Writes the organisation to `path`.
fn organisation(path: &Path) {
    let mut lines = Lines {
        out: BufWriter::new(std::fs::File::create(path).expect("a file")),
        number: 0,
        random: Draws(SEED),
    };
    lines.skills();
    lines.communities();
    lines.people();
    lines.threads();
    lines.out.flush().expect("the lines are written");
}

/// The latencies of `REQUESTS` requests over `connections`, and requests a second.
fn measure(address: &str, key: &str, paths: &[String], connections: usize) -> (Vec<Duration>, f64) {
    let start = Instant::now();
    let times: Vec<Duration> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|worker| {
                scope.spawn(move || {
                    let mut client = Client::connect(address, key);
                    let ask = |n: usize| {
                        let path = &paths[(worker + n * connections) % paths.len()];
                        let start = Instant::now();
                        let (status, _) = client.send("GET", path, "");
                        assert_eq!(status, 200, "{path}");
                        start.elapsed()
                    };
                    (0..REQUESTS / connections).map(ask).collect::<Vec<_>>()
                })
            })
            .collect();
        let joined = workers.into_iter().flat_map(|worker| worker.join().expect("a client"));
        joined.collect()
    });
    (times, REQUESTS as f64 / start.elapsed().as_secs_f64())
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("organisation.jsonl");
    organisation(&file);
    let data = folder.path().join("data");
    antenne(&data, &["import", file.to_str().expect("a path")]);
    if std::env::var_os("ANTENNE_BENCH_FIT").is_some() {
        println!(
            "a basis and weights were learnt in {:.0} s",
            antenne(&data, &["fit"]).1.as_secs_f64()
        );
    }
    let made = antenne(&data, &["keys", "create", "--name", "bench", "--scopes", "search:read"]);
    let key = made.0.trim();
    let server = Server::start(&data);
    println!(
        "{PEOPLE} people, {QUESTIONS} questions: {:.1} s to ready, {:.0} MiB",
        server.start.as_secs_f64(),
        server.peak_mib()
    );
    let mut random = Draws(SEED + 1);
    let mut paths = |sought: &mut dyn FnMut(&mut Draws) -> String| -> Vec<String> {
        let query = |_| format!("/v1/people?limit=10&q={}", encoded(&sought(&mut random)));
        (0..REQUESTS).map(query).collect()
    };
    let kinds: [(&str, Vec<String>); 4] = [
        ("a tag", paths(&mut |random| tag(random.few(TAGS)))),
        (
            "two topics",
            paths(&mut |random| format!("{}, {}", tag(random.few(TAGS)), tag(random.few(TAGS)))),
        ),
        ("free words", paths(&mut |random| text(random, 4))),
        (
            "a skill",
            paths(&mut |random| format!("savoir {}", word(11 * random.below(SKILLS)))),
        ),
    ];
    for (what, paths) in &kinds {
        // A connection that waited for the last measurement would be closed.
        let (_, answer) = Client::connect(&server.address, key).send("GET", &paths[0], "");
        for connections in [1, 8] {
            let (mut times, rate) = measure(&server.address, key, paths, connections);
            println!(
                "{what}, {connections} connection(s): p50 {:.2} ms, p99 {:.2} ms, {rate:.0} requests/s; an answer is {} bytes",
                quantile(&mut times, 0.5),
                quantile(&mut times, 0.99),
                answer.len()
            );
        }
    }
}
