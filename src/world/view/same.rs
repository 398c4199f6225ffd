//! Whether two views show the same, whatever the order in which their rows came to be.
//!
//! An index is a place and says nothing: the rows of the other view are renamed to the indices that this one gave to the
//! same identifiers, sets are put in order, and then rows are compared field by field. Every field is listed, so that a
//! new one cannot be forgotten. What the text index says of each question is compared too.

use super::nodes::{AnswerNode, CommunityNode, PersonNode, ProjectNode, QuestionNode, SkillNode, TagNode};
use super::{Evidence, View};
use crate::world::table::{
    AnswerIx, AskIx, CommunityIx, Ix, Node, PersonIx, ProjectIx, QuestionIx, SkillIx, Table, TagIx,
};
use crate::world::text::TextIndex;
use std::collections::HashMap;
use std::fmt::{self, Display};
use std::hash::Hash;
use std::sync::Arc;

/// The first thing that two views do not show alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is: `person`, `question` …
    pub noun: &'static str,
    /// Its identifier; empty when it is a count of the whole.
    pub id: String,
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.noun, self.id)
    }
}

impl View {
    /// The first thing that `other` shows otherwise; `None` when both show the same. Cost: both views are read once.
    pub fn difference(&self, other: &Self) -> Option<Difference> {
        let (here, there) = (Names::own(self), Names::of(other, self));
        let plain = |names: &Names| Plain(names.clone());
        let (a, b) = (plain(&here), plain(&there));
        None.or_else(|| {
            rows("person", (&self.people, &other.people), &there.people, |n| {
                (a.person(n.0), b.person(n.1))
            })
        })
        .or_else(|| {
            rows("skill", (&self.skills, &other.skills), &there.skills, |n| {
                (a.skill(n.0), b.skill(n.1))
            })
        })
        .or_else(|| {
            let projects = (&self.projects, &other.projects);
            rows("project", projects, &there.projects, |n| {
                (a.project(n.0), b.project(n.1))
            })
        })
        .or_else(|| {
            let communities = (&self.communities, &other.communities);
            rows("community", communities, &there.communities, |n| {
                (a.community(n.0), b.community(n.1))
            })
        })
        .or_else(|| {
            let questions = (&self.questions, &other.questions);
            rows("question", questions, &there.questions, |n| {
                (a.question(n.0), b.question(n.1))
            })
        })
        .or_else(|| {
            rows("answer", (&self.answers, &other.answers), &there.answers, |n| {
                (a.answer(n.0), b.answer(n.1))
            })
        })
        .or_else(|| {
            rows("tag", (&self.tags, &other.tags), &there.tags, |n| {
                (a.tag(n.0), b.tag(n.1))
            })
        })
        .or_else(|| {
            rows("ask", (&self.asks, &other.asks), &there.asks, |n| {
                (n.0.clone(), n.1.clone())
            })
        })
        .or_else(|| self.words_difference(other, &there))
        .or_else(|| self.rest_difference(other, &there))
    }

    /// The words of each question, how rare each is, and what they are about.
    fn words_difference(&self, other: &Self, there: &Names) -> Option<Difference> {
        let whole = |texts: &TextIndex| (texts.len(), texts.term_count());
        if whole(&self.texts) != whole(&other.texts) {
            return Some(of_whole("texts"));
        }
        let of_communities = |view: &Self| view.community_indexes().map(whole);
        if of_communities(self) != of_communities(other) {
            return Some(of_whole("texts of communities"));
        }
        if whole(&self.skill_texts) != whole(&other.skill_texts) {
            return Some(of_whole("texts of skills"));
        }
        let skill = other.skills.iter().find(|(ix, _)| {
            let row = there.skills.get(*ix).row();
            self.skill_texts.terms_of(row) != other.skill_texts.terms_of(ix.row())
        });
        if let Some((_, node)) = skill {
            return Some(found("text of skill", &node.id));
        }
        let differs = other.questions.iter().find(|(ix, _)| {
            let row = there.questions.get(*ix).row();
            let (ours, theirs) = (self.texts.terms_of(row), other.texts.terms_of(ix.row()));
            let as_rare = |term: &str| self.texts.doc_frequency(term) == other.texts.doc_frequency(term);
            let subjects = (self.subject(QuestionIx::from_row(row)), other.subject(*ix));
            ours != theirs || subjects.0 != subjects.1 || !ours.iter().all(|(term, _)| as_rare(term))
        });
        let community = other.communities.iter().find(|(ix, _)| {
            let row = there.communities.get(*ix).row();
            let mut pairs = self.community_indexes().into_iter().zip(other.community_indexes());
            pairs.any(|(ours, theirs)| ours.terms_of(row) != theirs.terms_of(ix.row()))
        });
        let differs = differs.map(|(_, node)| found("text of question", &node.id));
        differs.or_else(|| community.map(|(_, node)| found("text of community", &node.id)))
    }

    fn community_indexes(&self) -> [&TextIndex; 3] {
        [&self.community_texts, &self.community_words, &self.community_names]
    }

    fn rest_difference(&self, other: &Self, there: &Names) -> Option<Difference> {
        let named = |(person, state): &super::ProposalRow| (there.people.get(*person), state.clone());
        let proposals = other.proposals.iter().map(|(id, row)| (id, named(row)));
        let answerers = other
            .answerers
            .iter()
            .map(|(day, counts)| (day, counts.renamed(|&p| there.people.get(p))));
        let same = [
            ("labels of skills", self.labels.len() == other.labels.len()),
            (
                "proposals",
                self.proposals.iter().map(|(id, row)| (id, row.clone())).eq(proposals),
            ),
            ("feedback", self.feedback == other.feedback),
            ("newest instant", self.newest == other.newest),
            ("count of answers", self.answers_counted == other.answers_counted),
            (
                "answerers by day",
                self.answerers
                    .iter()
                    .map(|(day, counts)| (day, counts.clone()))
                    .eq(answerers),
            ),
        ];
        same.iter().find(|(_, same)| !same).map(|(noun, _)| of_whole(noun))
    }
}

fn of_whole(noun: &'static str) -> Difference {
    Difference {
        noun,
        id: String::new(),
    }
}

fn found(noun: &'static str, id: &impl Display) -> Difference {
    Difference {
        noun,
        id: id.to_string(),
    }
}

/// Compares two tables row by row; `both` puts a row of each into a form that can be compared.
fn rows<I: Ix, N: Node<Id: Display> + PartialEq>(
    noun: &'static str,
    (ours, theirs): (&Table<I, N>, &Table<I, N>),
    names: &Renamed<I>,
    both: impl Fn((&N, &N)) -> (N, N),
) -> Option<Difference> {
    let mut seen = vec![false; ours.len()];
    for (ix, their) in theirs.iter().filter(|(_, node)| !node.is_blank()) {
        let place = names.get(ix);
        let Some(place_seen) = seen.get_mut(place.row() as usize) else {
            return Some(found(noun, their.id()));
        };
        *place_seen = true;
        let (our, their_renamed) = both((ours.get(place), their));
        if our != their_renamed {
            return Some(found(noun, their.id()));
        }
    }
    let mut unseen = ours
        .iter()
        .filter(|(ix, node)| !node.is_blank() && !seen[ix.row() as usize]);
    unseen.next().map(|(_, node)| found(noun, node.id()))
}

/// Every row, blank ones included: others may still name them.
fn all<I: Ix, N: Node>(table: &Table<I, N>) -> impl Iterator<Item = I> {
    (0..table.len()).map(|row| I::from_row(row as u32))
}

/// The indices that one view gives to the rows of another.
#[derive(Clone)]
struct Renamed<I>(Arc<Vec<I>>);

impl<I: Ix> Renamed<I> {
    fn own<N: Node>(table: &Table<I, N>) -> Self {
        Self(Arc::new(all(table).collect()))
    }

    fn of<N: Node<Id: Hash + Eq>>(theirs: &Table<I, N>, ours: &Table<I, N>) -> Self {
        let by_id: HashMap<&N::Id, I> = all(ours).map(|ix| (ours.get(ix).id(), ix)).collect();
        let place = |ix| by_id.get(theirs.get(ix).id()).copied();
        let nowhere = I::from_row(u32::MAX);
        Self(Arc::new(all(theirs).map(|ix| place(ix).unwrap_or(nowhere)).collect()))
    }

    fn get(&self, ix: I) -> I {
        self.0[ix.row() as usize]
    }
}

#[derive(Clone)]
struct Names {
    people: Renamed<PersonIx>,
    skills: Renamed<SkillIx>,
    projects: Renamed<ProjectIx>,
    communities: Renamed<CommunityIx>,
    questions: Renamed<QuestionIx>,
    answers: Renamed<AnswerIx>,
    tags: Renamed<TagIx>,
    asks: Renamed<AskIx>,
}

macro_rules! names {
    ($($table:ident),*) => {
        impl Names {
            fn own(view: &View) -> Self {
                Self { $($table: Renamed::own(&view.$table),)* }
            }

            fn of(theirs: &View, ours: &View) -> Self {
                Self { $($table: Renamed::of(&theirs.$table, &ours.$table),)* }
            }
        }
    };
}

names!(people, skills, projects, communities, questions, answers, tags, asks);

/// A set in the order of its renamed members.
fn set<I: Ix>(list: &[I], names: &Renamed<I>) -> Vec<I> {
    let mut set: Vec<I> = list.iter().map(|&ix| names.get(ix)).collect();
    set.sort_unstable();
    set
}

/// A list whose order says something.
fn list<I: Ix>(list: &[I], names: &Renamed<I>) -> Vec<I> {
    list.iter().map(|&ix| names.get(ix)).collect()
}

/// A list in the order of its renamed keys.
fn keyed<K: Copy + Ord, V: Clone>(list: &[(K, V)], name: impl Fn(K) -> K) -> Vec<(K, V)> {
    let mut keyed: Vec<(K, V)> = list.iter().map(|(key, value)| (name(*key), value.clone())).collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed
}

/// Rows in the form in which they can be compared.
struct Plain(Names);

impl Plain {
    fn person(&self, n: &PersonNode) -> PersonNode {
        let names = &self.0;
        let (person, skill) = (|p| names.people.get(p), |s| names.skills.get(s));
        PersonNode {
            id: n.id.clone(),
            state: n.state.clone(),
            leader: n.leader.map(person),
            accounts: list(&n.accounts, &names.people),
            links: set(&n.links, &names.people),
            asked: set(&n.asked, &names.questions),
            answered: list(&n.answered, &names.answers),
            memberships: keyed(&n.memberships, |c| names.communities.get(c)),
            participations: keyed(&n.participations, |(p, role)| (names.projects.get(p), role)),
            assertions: keyed(&n.assertions, |(s, origin, by)| (skill(s), origin, by.map(person))),
            interests: keyed(&n.interests, |(s, stance)| (skill(s), stance)),
            stands: keyed(&n.stands, skill),
            visibility: keyed(&n.visibility, skill),
            absences: n.absences.clone(),
            capacity: n.capacity,
            preferences: n.preferences.clone(),
            offer: n.offer.clone(),
            asks: set(&n.asks, &names.asks),
            records: n.records.clone(),
            evidence: self.evidence(&n.evidence),
        }
    }

    fn evidence(&self, e: &Evidence) -> Evidence {
        Evidence {
            answers: e.answers,
            accepted: e.accepted,
            days: e.days.clone(),
            hours: e.hours.clone(),
            question_hours: e.question_hours.clone(),
            latency: e.latency.clone(),
            languages: e.languages.clone(),
            tags: keyed(&e.tags, |t| self.0.tags.get(t)),
            communities: keyed(&e.communities, |c| self.0.communities.get(c)),
            helped: e.helped.renamed(|&p| self.0.people.get(p)),
            topics: e.topics.clone(),
        }
    }

    fn skill(&self, n: &SkillNode) -> SkillNode {
        SkillNode {
            id: n.id.clone(),
            state: n.state.clone(),
            merged_into: n.merged_into.map(|s| self.0.skills.get(s)),
            merged_from: set(&n.merged_from, &self.0.skills),
            narrower: set(&n.narrower, &self.0.skills),
            people: set(&n.people, &self.0.people),
        }
    }

    fn project(&self, n: &ProjectNode) -> ProjectNode {
        ProjectNode {
            id: n.id.clone(),
            state: n.state.clone(),
            people: set(&n.people, &self.0.people),
        }
    }

    fn community(&self, n: &CommunityNode) -> CommunityNode {
        CommunityNode {
            id: n.id.clone(),
            state: n.state.clone(),
            members: set(&n.members, &self.0.people),
            questions: set(&n.questions, &self.0.questions),
            answerers: n.answerers.renamed(|&p| self.0.people.get(p)),
            recorders: n.recorders.renamed(|&p| self.0.people.get(p)),
        }
    }

    fn question(&self, n: &QuestionNode) -> QuestionNode {
        QuestionNode {
            id: n.id.clone(),
            state: n.state.clone(),
            asker: n.asker.map(|p| self.0.people.get(p)),
            community: n.community.map(|c| self.0.communities.get(c)),
            tags: set(&n.tags, &self.0.tags),
            language: n.language.clone(),
            answers: list(&n.answers, &self.0.answers),
            asks: set(&n.asks, &self.0.asks),
        }
    }

    fn answer(&self, n: &AnswerNode) -> AnswerNode {
        AnswerNode {
            id: n.id.clone(),
            state: n.state.clone(),
            question: n.question.map(|q| self.0.questions.get(q)),
            author: n.author.map(|p| self.0.people.get(p)),
        }
    }

    fn tag(&self, n: &TagNode) -> TagNode {
        TagNode {
            id: n.id.clone(),
            answerers: n.answerers.renamed(|&p| self.0.people.get(p)),
            questions: n.questions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;
    use crate::world::small::small;

    // The first row of questions is blank in one order and missing in the other.
    const FACTS: &str = "1 question.created q0 bob - old words\n2 fact.retracted 1\n1 person.upserted ann\n1 person.upserted bob\n1 identity.linked ann ada\n\
        2 question.created q1 bob - rust,sql how_to_sort\n2 question.created q2 ann - rust how_to_join\n\
        3 answer.created a1 q1 ann\n3 answer.created a2 q2 bob\n4 person.left bob\n\
        4 membership.added ann club\n4 skill.asserted ann rust";

    fn reversed(facts: &str) -> World {
        let world = small(facts);
        let mut back = World::default();
        for fact in crate::world::small::facts(facts).into_iter().rev() {
            back.apply(fact);
        }
        assert_eq!(world.digest(), back.digest());
        back
    }

    #[test]
    fn the_order_in_which_rows_came_to_be_makes_no_difference() {
        let (world, back) = (small(FACTS), reversed(FACTS));
        assert_eq!(world.view().difference(back.view()), None);
        assert_eq!(back.view().difference(&world.rebuilt()), None);
    }

    #[test]
    fn a_planted_difference_of_any_kind_is_found() {
        let world = small(FACTS);
        let planted = |noun: &str, plant: &dyn Fn(&mut View)| {
            let mut other = world.view().clone();
            plant(&mut other);
            for (one, two) in [(world.view(), &other), (&other, world.view())] {
                assert_eq!(one.difference(two).expect(noun).noun, noun);
            }
        };
        let view = world.view();
        let (ann, q1) = (view.person("ann").unwrap(), view.questions.find("q1").unwrap());
        let a1 = view.answers.find("a1").unwrap();
        planted("person", &|v| {
            let human = v.human(ann);
            v.people.get_mut(human).evidence.answers += 1;
        });
        planted("person", &|v| {
            let asker = v.questions.get(q1).asker.unwrap();
            v.people.get_mut(asker).asked.clear();
        });
        planted("community", &|v| {
            let club = v.communities.find("club").unwrap();
            v.communities.get_mut(club).members.clear();
        });
        planted("question", &|v| v.questions.get_mut(q1).asker = None);
        planted("answer", &|v| v.answers.get_mut(a1).author = None);
        planted("texts", &|v| _ = v.texts.retract(q1.row()));
        planted("newest instant", &|v| v.newest = None);
        planted("count of answers", &|v| v.answers_counted += 1);
        planted("answerers by day", &|v| v.answerers = Arc::default());
    }
}
