//! What is kept over a restart, for how long, and in how much room.

use super::*;
use crate::app::recommendations::{Name, name};
use crate::app::{RECOMMENDATIONS_BYTES, Service, Settings, Sources};
use crate::domain::Timestamp;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

const DAY: i64 = 86_400_000_000;

#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

fn open(folder: &Path, clock: &Hands, recommendations_bytes: u64) -> Service {
    let settings = Settings {
        folder: folder.to_owned(),
        create: true,
        new_data_id: [7; 16],
        weights: None,
        sources: Sources::default(),
        manner: crate::app::Manner::Vous,
        recommendations_bytes,
    };
    Service::open(settings, Arc::new(clock.clone())).unwrap()
}

/// Notes `count` answers, which end with the service's, and returns their names.
fn give(service: &Service, count: u32) -> Vec<Name> {
    let names: Vec<_> = (0..count)
        .map(|n| {
            let mut digest = [0; 32];
            digest[..4].copy_from_slice(&n.to_be_bytes());
            name(service.now(), &digest)
        })
        .collect();
    names
        .iter()
        .for_each(|name| service.register.note(*name, ["ana", "bo"].into_iter()));
    names
}

fn kept(service: &Service, names: &[Name]) -> usize {
    let named = |name: &&Name| {
        let marks = service.note_called(**name).unwrap();
        marks.is_some_and(|marks| service.register.is_named("bo", &marks) && !service.register.is_named("cy", &marks))
    };
    names.iter().filter(named).count()
}

#[test]
fn they_outlive_a_restart_and_go_after_ninety_days() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Hands(Arc::new(AtomicI64::new(1_700_000_000_000_000)));
    let service = open(folder.path(), &clock, RECOMMENDATIONS_BYTES);
    let first = give(&service, 3 * GROUP as u32);
    drop(service);
    clock.0.fetch_add(90 * DAY, Ordering::SeqCst);
    let service = open(folder.path(), &clock, RECOMMENDATIONS_BYTES);
    assert_eq!(service.register.unwritten(), 0, "they are read when they are asked for");
    assert_eq!(kept(&service, &first), first.len());
    give(&service, 1);
    drop(service);
    let service = open(folder.path(), &clock, RECOMMENDATIONS_BYTES);
    assert_eq!(kept(&service, &first), first.len(), "on the ninetieth day");
    clock.0.fetch_add(DAY, Ordering::SeqCst);
    let last = give(&service, 1);
    drop(service);
    let service = open(folder.path(), &clock, RECOMMENDATIONS_BYTES);
    assert_eq!((kept(&service, &first), kept(&service, &last)), (0, 1));
}

#[test]
fn beyond_their_room_the_oldest_go() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Hands(Arc::new(AtomicI64::new(1_700_000_000_000_000)));
    let bytes = 1_000 * 40;
    let service = open(folder.path(), &clock, bytes);
    let first = give(&service, 900);
    clock.0.fetch_add(DAY, Ordering::SeqCst);
    let second = give(&service, 300);
    drop(service);
    let service = open(folder.path(), &clock, bytes);
    assert_eq!((kept(&service, &first), kept(&service, &second)), (700, 300));
}
