//! The World as a graph: people, skills, projects and communities are nodes, what relates them are typed edges.
//!
//! petgraph's visit traits read the World's own adjacency, so that every petgraph algorithm runs on the one truth and
//! nothing is copied. Edges are undirected. Neighbours come in order of kind and index.

use super::table::{CommunityIx, Ix as _, PersonIx, ProjectIx, SkillIx};
use super::view::View;
use petgraph::Undirected;
use petgraph::visit::{
    Data, EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNodeIdentifiers,
    IntoNodeReferences, NodeCompactIndexable, NodeCount, NodeIndexable, NodeRef, Visitable,
};
use std::collections::{BTreeSet, HashSet};

/// A node of the graph. Edges meet people only at the account that stands for the human.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// A human.
    Person(PersonIx),
    /// A skill.
    Skill(SkillIx),
    /// A project.
    Project(ProjectIx),
    /// A community.
    Community(CommunityIx),
}

/// What relates two nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// One answered a question of the other.
    Helped,
    /// The person has, or is interested in, the skill.
    Knows,
    /// The person takes or took part in the project.
    TakesPart,
    /// The person belongs to the community.
    Belongs,
}

/// The graph that a snapshot of the World shows.
#[derive(Clone, Copy)]
pub struct Network<'a>(pub &'a View);

/// An edge, seen from its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    source: Thing,
    target: Thing,
    relation: Relation,
}

static RELATIONS: [Relation; 4] = [
    Relation::Helped,
    Relation::Knows,
    Relation::TakesPart,
    Relation::Belongs,
];

impl EdgeRef for Tie {
    type NodeId = Thing;
    type EdgeId = (Thing, Thing);
    type Weight = Relation;

    fn source(&self) -> Thing {
        self.source
    }

    fn target(&self) -> Thing {
        self.target
    }

    fn weight(&self) -> &Relation {
        &RELATIONS[self.relation as usize]
    }

    fn id(&self) -> (Thing, Thing) {
        (self.source.min(self.target), self.source.max(self.target))
    }
}

impl Network<'_> {
    /// The edges at `thing`.
    pub fn ties(self, thing: Thing) -> Vec<Tie> {
        let view = self.0;
        let targets: Vec<(Thing, Relation)> = match thing {
            Thing::Person(human) => self.around(human),
            Thing::Skill(skill) => self.humans(&view.skills.get(skill).people, Relation::Knows),
            Thing::Project(project) => self.humans(&view.projects.get(project).people, Relation::TakesPart),
            Thing::Community(community) => {
                let members = view.communities.get(community).members.iter().copied();
                let present: Vec<_> = members
                    .filter(|&p| view.role(view.human(p), community).is_some())
                    .collect();
                self.humans(&present, Relation::Belongs)
            }
        };
        targets
            .into_iter()
            .map(|(target, relation)| Tie {
                source: thing,
                target,
                relation,
            })
            .collect()
    }

    fn humans(self, accounts: &[PersonIx], relation: Relation) -> Vec<(Thing, Relation)> {
        let humans: BTreeSet<_> = accounts.iter().map(|&p| self.0.human(p)).collect();
        humans.into_iter().map(|p| (Thing::Person(p), relation)).collect()
    }

    fn around(self, human: PersonIx) -> Vec<(Thing, Relation)> {
        let view = self.0;
        if view.human(human) != human {
            return Vec::new();
        }
        let accounts = || view.accounts(human).map(|ix| view.people.get(ix));
        let mut helped: BTreeSet<PersonIx> = view.people.get(human).evidence.helped.iter().map(|(&p, _)| p).collect();
        let threads = accounts()
            .flat_map(|p| &p.asked)
            .flat_map(|&q| &view.questions.get(q).answers);
        helped.extend(threads.filter_map(|&a| view.counted(a)).map(|(author, _)| author));
        let skills: BTreeSet<SkillIx> = accounts()
            .flat_map(|p| {
                p.assertions
                    .iter()
                    .map(|((s, ..), _)| *s)
                    .chain(p.interests.iter().map(|((s, _), _)| *s))
            })
            .collect();
        let projects: BTreeSet<ProjectIx> = accounts()
            .flat_map(|p| p.participations.iter().map(|((project, _), _)| *project))
            .collect();
        let people = helped.into_iter().map(|p| (Thing::Person(p), Relation::Helped));
        let skills = skills.into_iter().map(|s| (Thing::Skill(s), Relation::Knows));
        let projects = projects.into_iter().map(|p| (Thing::Project(p), Relation::TakesPart));
        let communities = view
            .communities_of(human)
            .into_iter()
            .map(|c| (Thing::Community(c), Relation::Belongs));
        people.chain(skills).chain(projects).chain(communities).collect()
    }

    fn starts(self) -> [usize; 4] {
        let people = self.0.people.len();
        let skills = people + self.0.skills.len();
        let projects = skills + self.0.projects.len();
        [people, skills, projects, projects + self.0.communities.len()]
    }
}

impl GraphBase for Network<'_> {
    type NodeId = Thing;
    type EdgeId = (Thing, Thing);
}

impl GraphRef for Network<'_> {}

impl Data for Network<'_> {
    type NodeWeight = Thing;
    type EdgeWeight = Relation;
}

impl GraphProp for Network<'_> {
    type EdgeType = Undirected;
}

impl NodeIndexable for Network<'_> {
    fn node_bound(&self) -> usize {
        self.starts()[3]
    }

    fn to_index(&self, thing: Thing) -> usize {
        let [people, skills, projects, _] = self.starts();
        match thing {
            Thing::Person(ix) => ix.row() as usize,
            Thing::Skill(ix) => people + ix.row() as usize,
            Thing::Project(ix) => skills + ix.row() as usize,
            Thing::Community(ix) => projects + ix.row() as usize,
        }
    }

    fn from_index(&self, index: usize) -> Thing {
        let [people, skills, projects, _] = self.starts();
        let from = |start: usize| (index - start) as u32;
        match index {
            i if i < people => Thing::Person(PersonIx::from_row(from(0))),
            i if i < skills => Thing::Skill(SkillIx::from_row(from(people))),
            i if i < projects => Thing::Project(ProjectIx::from_row(from(skills))),
            _ => Thing::Community(CommunityIx::from_row(from(projects))),
        }
    }
}

impl NodeCount for Network<'_> {
    fn node_count(&self) -> usize {
        self.node_bound()
    }
}

impl NodeCompactIndexable for Network<'_> {}

impl Visitable for Network<'_> {
    type Map = HashSet<Thing>;

    fn visit_map(&self) -> HashSet<Thing> {
        HashSet::new()
    }

    fn reset_map(&self, map: &mut HashSet<Thing>) {
        map.clear();
    }
}

impl IntoNodeIdentifiers for Network<'_> {
    type NodeIdentifiers = std::vec::IntoIter<Thing>;

    /// Every row is a node, so that indices are compact; blank rows, and accounts that others stand for, have no edges.
    fn node_identifiers(self) -> Self::NodeIdentifiers {
        (0..self.node_bound())
            .map(|index| self.from_index(index))
            .collect::<Vec<_>>()
            .into_iter()
    }
}

impl NodeRef for Thing {
    type NodeId = Self;
    type Weight = Self;

    fn id(&self) -> Self {
        *self
    }

    fn weight(&self) -> &Self {
        self
    }
}

impl IntoNodeReferences for Network<'_> {
    type NodeRef = Thing;
    type NodeReferences = std::vec::IntoIter<Thing>;

    fn node_references(self) -> Self::NodeReferences {
        self.node_identifiers()
    }
}

impl IntoNeighbors for Network<'_> {
    type Neighbors = std::vec::IntoIter<Thing>;

    fn neighbors(self, thing: Thing) -> Self::Neighbors {
        self.ties(thing)
            .into_iter()
            .map(|tie| tie.target)
            .collect::<Vec<_>>()
            .into_iter()
    }
}

impl IntoEdgeReferences for Network<'_> {
    type EdgeRef = Tie;
    type EdgeReferences = std::vec::IntoIter<Tie>;

    fn edge_references(self) -> Self::EdgeReferences {
        let ties = self.node_identifiers().flat_map(move |thing| self.ties(thing));
        ties.filter(|tie| tie.source < tie.target)
            .collect::<Vec<_>>()
            .into_iter()
    }
}

impl IntoEdges for Network<'_> {
    type Edges = std::vec::IntoIter<Tie>;

    fn edges(self, thing: Thing) -> Self::Edges {
        self.ties(thing).into_iter()
    }
}

#[cfg(test)]
mod tests;
