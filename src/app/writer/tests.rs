//! What several batches that wait together tell each other.

use crate::app::{Clock, IngestReport, Manner, NewKey, RECOMMENDATIONS_BYTES, Service, Settings, Sources};
use crate::domain::Timestamp;
use serde_json::{Value, json};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::channel;

/// A clock that moves by a second whenever somebody looks.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_add(1_000_000, Ordering::SeqCst))
    }
}

fn open(folder: &Path) -> Service {
    let settings = Settings {
        folder: folder.to_owned(),
        create: true,
        new_data_id: [7; 16],
        weights: None,
        sources: Sources::default(),
        manner: Manner::Vous,
        recommendations_bytes: RECOMMENDATIONS_BYTES,
    };
    let clock = Ticking(AtomicI64::new(1_772_442_030_000_000));
    Service::open(settings, Arc::new(clock)).unwrap()
}

fn event(source: &str, id: &str, kind: &str, data: &Value) -> String {
    let event = json!({"id": id, "source": source, "type": kind, "at": "2026-01-01T08:00:00Z", "data": data});
    event.to_string()
}

fn key(service: &Service, name: &str, scope: &str) -> Arc<crate::app::Identity> {
    let new = NewKey {
        name: name.to_owned(),
        scopes: vec!["events:write".to_owned(), scope.to_owned()],
        sources: Vec::new(),
        event_types: Vec::new(),
        person: None,
        communities: Vec::new(),
    };
    let key = service.create_key(&new, [name.len() as u8; 32], None).unwrap();
    service.published.identity(&key).unwrap()
}

/// Sends batches that all wait while the writer is held up: they are one group. What became of each.
fn at_once(service: &Service, batches: &[(&str, Option<&Arc<crate::app::Identity>>)]) -> Vec<IngestReport> {
    let (held, hold) = channel::<()>();
    let cabinet = service.cabinet().unwrap();
    let (begun, begins) = channel();
    let holder = std::thread::spawn(move || {
        cabinet.change(move |_| {
            begun.send(()).unwrap();
            hold.recv().unwrap();
            Ok(())
        })
    });
    begins.recv().unwrap();
    let submit = |&(text, identity): &(&str, Option<&Arc<_>>)| {
        let mut lines = (1..).zip(text.lines()).map(|(n, line)| (n, Ok(line.as_bytes())));
        service.submit(&mut lines, identity)
    };
    let fates: Vec<_> = batches.iter().map(submit).collect();
    held.send(()).unwrap();
    holder.join().unwrap().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    fates.into_iter().map(|fate| runtime.block_on(fate).unwrap()).collect()
}

#[test]
fn a_batch_is_a_duplicate_of_what_is_durable_only() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path());
    let ana = event("forum", "1", "person.upserted", &json!({"person": "ana"}));
    let bo = event("forum", "2", "person.upserted", &json!({"person": "bo"}));
    let both = format!("{ana}\n{bo}\n{bo}");
    let reports = at_once(&service, &[(&ana, None), (&both, None), (&bo, None)]);
    let told = |r: &IngestReport| (r.accepted, r.duplicate, r.generation);
    let told: Vec<_> = reports.iter().map(told).collect();
    assert_eq!(
        told,
        [(1, 0, 1), (1, 2, 2), (0, 1, 2)],
        "each was answered after what it repeats was written"
    );
}

#[test]
fn what_waits_together_may_not_be_undone_by_whoever_may_not_undo_it() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path());
    let (officer, platform) = (
        key(&service, "officer", "dpo"),
        key(&service, "platform", "recommend:read"),
    );
    let no = json!({"person": "ana", "purpose": "all", "allowed": false});
    let opt_out = |id: &str| event("forum", id, "preference.set", &no);
    let undo = |id: &str, target: &str| {
        let data = json!({"source": "forum", "id": target});
        event("forum", id, "fact.retracted", &data)
    };
    let (out, undone) = (opt_out("out"), undo("undo", "out"));
    let reports = at_once(&service, &[(&out, Some(&officer)), (&undone, Some(&platform))]);
    assert_eq!((reports[0].accepted, reports[1].accepted), (1, 0), "{reports:?}");
    assert_eq!(reports[1].rejected[0].code, "speaks_for_somebody");
    // The other way round: the word comes under an id whose retraction waits before it.
    let (undone, out) = (undo("early", "late"), opt_out("late"));
    let reports = at_once(&service, &[(&undone, Some(&platform)), (&out, Some(&officer))]);
    assert_eq!((reports[0].accepted, reports[1].accepted), (1, 0), "{reports:?}");
    assert_eq!(reports[1].rejected[0].code, "id_reused", "and whoever sent it knows");
}

/// How often `needle` stands in the files of `folder`; some come and go.
fn occurrences(folder: &Path, needle: &str) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let bytes = files.filter_map(|path| std::fs::read(path).ok());
    bytes
        .map(|bytes| {
            bytes
                .windows(needle.len())
                .filter(|part| *part == needle.as_bytes())
                .count()
        })
        .sum()
}

#[test]
fn what_somebody_read_while_it_was_erased_leaves_the_log_although_others_keep_writing() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path());
    let someone = |n: usize, who: &str| event("forum", &n.to_string(), "person.upserted", &json!({"person": who}));
    at_once(&service, &[(&someone(0, "CANARY"), None), (&someone(1, "bo"), None)]);
    let mut erased = false;
    let mut each = |_: &[u8]| {
        if !erased {
            service.erase_person("CANARY").unwrap();
            erased = true;
        }
        ControlFlow::Continue(())
    };
    service.export(&mut each).unwrap();
    assert!(occurrences(folder.path(), "CANARY") > 0, "an old state was still read");
    at_once(&service, &[(&someone(2, "cy"), None)]);
    assert_eq!(
        occurrences(folder.path(), "CANARY"),
        0,
        "whoever writes next finds it gone"
    );
}
