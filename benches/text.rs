//! Similar-question search, ours against tantivy: top 100 for 20-term queries over 157,000 texts.
//!
//! Texts: the questions of four real places and the answers of one, then recombinations of their real sentences (seeded,
//! all distinct) up to the number wanted. Both engines get the same terms, in memory, single-threaded, and answer the
//! same queries in alternation. Run: `cargo bench --features peers --bench text`.

use antenne::chance::Draws;
use antenne::world::text::{Analyzer, Document, Scratch, TextIndex};
use flate2::read::GzDecoder;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

const FILES: [&str; 4] = ["sumo-firefox", "dba", "history", "ncar-zulip"];
const TEXTS: usize = 157_000;
const QUERIES: usize = 1_000;
const QUERY_TERMS: usize = 20;
const TOP: usize = 100;
const SEED: u64 = 20_240_502;

fn main() {
    let texts = real_texts();
    if texts.is_empty() {
        println!("bench text: skipped, ../shared/data holds none of {FILES:?}");
        return;
    }
    let documents = documents(texts);
    let (ours, seconds) = timed(|| {
        let mut index = TextIndex::default();
        documents
            .iter()
            .enumerate()
            .for_each(|(doc, document)| index.add(doc as u32, document));
        index
    });
    println!(
        "ours: {} texts, {} terms, indexed in {seconds:.1} s",
        ours.len(),
        ours.term_count()
    );
    let ((theirs, field), seconds) = timed(|| tantivy_index(&documents));
    println!(
        "tantivy: {} texts in {} segment(s), {seconds:.1} s",
        theirs.num_docs(),
        theirs.segment_readers().len()
    );
    compare(&ours, &theirs, field, &queries(&documents, &ours));
    snapshots(ours, &documents);
}

fn compare(ours: &TextIndex, theirs: &Searcher, field: Field, queries: &[Document]) {
    let mut scratch = Scratch::default();
    let (mut our_times, mut their_times, mut overlap) = (Vec::new(), Vec::new(), 0);
    for round in 0..2 {
        for query in queries {
            let (hits, seconds) = timed(|| ours.top(query, TOP, &mut scratch, |a, b| a.cmp(&b), |_| true));
            let (peers, their_seconds) = timed(|| {
                theirs
                    .search(&boolean(field, query), &TopDocs::with_limit(TOP).order_by_score())
                    .expect("a query in memory")
            });
            // The first round warms caches up and checks the answers.
            if round == 0 {
                let hits: HashSet<u32> = hits.iter().map(|hit| hit.doc).collect();
                overlap += peers
                    .iter()
                    .filter(|(_, address)| hits.contains(&address.doc_id))
                    .count();
            } else {
                our_times.push(seconds * 1e3);
                their_times.push(their_seconds * 1e3);
            }
        }
    }
    let (ours, theirs) = (quantiles(our_times), quantiles(their_times));
    println!(
        "{} queries of {QUERY_TERMS} terms, top {TOP}, milliseconds:",
        queries.len()
    );
    println!("            p50      p99");
    println!("ours    {:>7.3}  {:>7.3}", ours.0, ours.1);
    println!("tantivy {:>7.3}  {:>7.3}", theirs.0, theirs.1);
    println!("ratio   {:>7.1}  {:>7.1}", theirs.0 / ours.0, theirs.1 / ours.1);
    let share = overlap as f64 / (queries.len() * TOP) as f64;
    println!(
        "documents in common: {:.1} % (tantivy rounds lengths to a byte)",
        share * 100.0
    );
    assert!(share > 0.9, "the two engines must answer nearly alike");
}

/// What a snapshot costs the writer: replace documents one by one, with and without a snapshot before each.
fn snapshots(mut index: TextIndex, documents: &[Document]) {
    let count = documents.len().min(2_000);
    let every = documents.len() / count;
    let mut per_write = |keep: bool| {
        let mut times = Vec::new();
        for at in (0..count).map(|at| at * every) {
            let snapshot = keep.then(|| index.clone());
            times.push(timed(|| index.add(at as u32, &documents[at])).1 * 1e6);
            drop(snapshot);
        }
        quantiles(times)
    };
    let (alone, shared) = (per_write(false), per_write(true));
    println!(
        "replacing a text, µs p50 / p99: alone {:.0} / {:.0}, under a snapshot {:.0} / {:.0}",
        alone.0, alone.1, shared.0, shared.1
    );
}

fn quantiles(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[values.len() * 99 / 100])
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed().as_secs_f64())
}

/// Titles and bodies of the real texts; an answer's title is empty.
fn real_texts() -> Vec<(String, String)> {
    // Benchmarks run in the project's root.
    let folder = Path::new("../shared/data");
    let mut texts = Vec::new();
    for name in FILES {
        let Ok(file) = File::open(folder.join(format!("{name}.events.jsonl.gz"))) else {
            continue;
        };
        for line in BufReader::new(GzDecoder::new(file)).lines() {
            let line = line.expect("a readable line");
            let event: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
            let field = |key: &str| event["data"][key].as_str().map(plain).unwrap_or_default();
            if event["type"] == "question.created" || event["type"] == "answer.created" {
                let text = (field("title"), field("body"));
                if text.0.len() + text.1.len() > 20 {
                    texts.push(text);
                }
            }
        }
    }
    texts
}

/// Mark-up off, roughly: enough to count words.
fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The real texts as documents, then recombinations: a real title over two to eight real sentences.
fn documents(texts: Vec<(String, String)>) -> Vec<Document> {
    let mut analyzer = Analyzer::default();
    let (mut documents, seconds) = timed(|| {
        texts
            .iter()
            .map(|(title, body)| analyzer.document(title, body, Some("en")))
            .collect::<Vec<_>>()
    });
    let micros = seconds * 1e6 / documents.len() as f64;
    println!("{} real texts, analysed at {micros:.0} µs each", documents.len());
    let sentences: Vec<&str> = texts.iter().flat_map(|(_, body)| sentences(body)).collect();
    let titles: Vec<&str> = texts
        .iter()
        .map(|(title, _)| title.as_str())
        .filter(|title| !title.is_empty())
        .collect();
    let mut random = Draws(SEED);
    let mut seen = HashSet::new();
    while documents.len() < TEXTS {
        let body: Vec<&str> = (0..2 + random.below(7))
            .map(|_| sentences[random.below(sentences.len())])
            .collect();
        let body = body.join(" ");
        if seen.insert(body.clone()) {
            documents.push(analyzer.document(titles[random.below(titles.len())], &body, Some("en")));
        }
    }
    let words: u64 = documents.iter().map(|document| u64::from(document.length())).sum();
    println!(
        "{} texts of {:.0} terms on average",
        documents.len(),
        words as f64 / documents.len() as f64
    );
    documents
}

/// Sentences of at most 25 words; two of the places come without punctuation.
fn sentences(body: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for sentence in body
        .split_inclusive(['.', '?', '!', '\n'])
        .filter(|sentence| sentence.len() > 15)
    {
        let (mut start, mut words) = (0, 0);
        for (at, _) in sentence.match_indices(' ') {
            words += 1;
            if words == 25 {
                out.push(sentence[start..at].trim());
                (start, words) = (at, 0);
            }
        }
        out.push(sentence[start..].trim());
    }
    out.retain(|sentence| !sentence.is_empty());
    out
}

/// Twenty distinct terms of one text each, none of them passed over as common.
fn queries(documents: &[Document], index: &TextIndex) -> Vec<Document> {
    let mut random = Draws(SEED + 1);
    let mut queries = Vec::new();
    while queries.len() < QUERIES {
        let document = &documents[random.below(documents.len())];
        let mut terms: Vec<&str> = document
            .terms()
            .map(|(term, _)| term)
            .filter(|term| !index.is_common(term))
            .collect();
        if terms.len() >= QUERY_TERMS {
            for at in 0..QUERY_TERMS {
                let other = at + random.below(terms.len() - at);
                terms.swap(at, other);
            }
            queries.push(Document::from_terms(terms[..QUERY_TERMS].iter().map(|term| (*term, 1))));
        }
    }
    queries
}

fn tantivy_index(documents: &[Document]) -> (Searcher, Field) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqs);
    let field = schema.add_text_field("terms", TextOptions::default().set_indexing_options(indexing));
    let index = Index::create_in_ram(schema.build());
    let mut writer: IndexWriter = index
        .writer_with_num_threads(1, 400_000_000)
        .expect("a writer in memory");
    for document in documents {
        let mut text = String::new();
        for (term, count) in document.terms() {
            for _ in 0..count {
                text.push_str(term);
                text.push(' ');
            }
        }
        let mut entry = TantivyDocument::default();
        entry.add_text(field, text);
        writer.add_document(entry).expect("a document in memory");
    }
    writer.commit().expect("a commit in memory");
    let segments = index.searchable_segment_ids().expect("segments in memory");
    if segments.len() > 1 {
        writer.merge(&segments).wait().expect("a merge in memory");
    }
    writer.wait_merging_threads().expect("the end of merging");
    (index.reader().expect("a reader in memory").searcher(), field)
}

fn boolean(field: Field, query: &Document) -> BooleanQuery {
    let clause = |(term, _): (&str, u16)| {
        let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(query) as Box<dyn Query>)
    };
    BooleanQuery::new(query.terms().map(clause).collect())
}
