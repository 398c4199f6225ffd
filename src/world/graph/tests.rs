//! petgraph's algorithms on the World, against brute force on small seeded worlds.

use super::*;
use crate::world::World;
use crate::world::small::small;
use petgraph::algo::{articulation_points::articulation_points, connected_components, dijkstra};
use petgraph::visit::Bfs;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

fn person(world: &World, id: &str) -> Thing {
    Thing::Person(world.view().person(id).expect("the person is named"))
}

#[test]
fn two_people_meet_through_a_community() {
    let world = small(
        "1 membership.added ann club member
         1 membership.added bob club member
         1 skill.asserted bob sql
         1 membership.added cy choir member
         2 membership.removed cy choir member",
    );
    let network = Network(world.view());
    let steps = dijkstra(network, person(&world, "ann"), None, |_| 1_u32);
    assert_eq!(steps.get(&person(&world, "bob")), Some(&2));
    let sql = Thing::Skill(world.view().skills.find("sql").expect("sql is named"));
    assert_eq!(steps.get(&sql), Some(&3));
    assert_eq!(steps.get(&person(&world, "cy")), None, "a past member belongs no more");
    let cut = articulation_points(network);
    let club = Thing::Community(world.view().communities.find("club").expect("the club is named"));
    assert_eq!(cut, [person(&world, "bob"), club].into_iter().collect());
}

/// People, communities, skills, threads and second accounts, at random.
fn seeded(seed: u64) -> World {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut lines = Vec::new();
    for n in 0..14 {
        let (a, b, c) = (rng.random_range(0..8), rng.random_range(0..8), rng.random_range(0..4));
        lines.push(match rng.random_range(0..5) {
            0 => format!("1 question.created q{n} p{a} - -\n2 answer.created a{n} q{n} p{b}\n"),
            1 => format!("1 skill.asserted p{a} s{c}\n"),
            2 if n % 2 == 0 => format!("1 identity.linked p{a} p{b}\n"),
            _ => format!("1 membership.added p{a} c{c} member\n"),
        });
    }
    small(&lines.concat())
}

/// Nodes reached from `start` without passing `without`.
fn reached(network: Network<'_>, start: Thing, without: Option<Thing>) -> HashSet<Thing> {
    let edges: Vec<(Thing, Thing)> = network
        .edge_references()
        .map(|tie| (tie.source(), tie.target()))
        .collect();
    let mut found = HashSet::from([start]);
    loop {
        let before = found.len();
        for &(a, b) in &edges {
            if [a, b].iter().all(|&end| Some(end) != without) && (found.contains(&a) || found.contains(&b)) {
                found.extend([a, b]);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn components(network: Network<'_>, without: Option<Thing>) -> usize {
    let mut left: Vec<Thing> = network.node_identifiers().filter(|&t| Some(t) != without).collect();
    let mut count = 0;
    while let Some(start) = left.pop() {
        let group = reached(network, start, without);
        left.retain(|thing| !group.contains(thing));
        count += 1;
    }
    count
}

#[test]
fn algorithms_agree_with_brute_force() {
    let mut cuts = 0;
    for seed in 0..40 {
        let world = seeded(seed);
        let network = Network(world.view());
        for (index, thing) in network.node_identifiers().enumerate() {
            assert_eq!((network.to_index(thing), network.from_index(index)), (index, thing));
            for tie in network.ties(thing) {
                let back = network.ties(tie.target);
                assert!(
                    back.iter().any(|t| t.target == thing && t.relation == tie.relation),
                    "one way only: {tie:?}"
                );
            }
            let mut walk = Bfs::new(network, thing);
            let walked: HashSet<Thing> = std::iter::from_fn(|| walk.next(network)).collect();
            assert_eq!(walked, reached(network, thing, None));
        }
        let whole = components(network, None);
        assert_eq!(connected_components(network), whole);
        // Taking a node out parts the graph when more groups are left than before.
        let parts = |&thing: &Thing| components(network, Some(thing)) > whole;
        let expected: HashSet<Thing> = network.node_identifiers().filter(parts).collect();
        cuts += expected.len();
        let found: HashSet<Thing> = articulation_points(network).into_iter().collect();
        assert_eq!(found, expected, "seed {seed}");
    }
    assert!(cuts > 20, "the worlds have points to find");
}
