//! What tests of the World share: organisations as facts, and a canonical picture of a view.
//!
//! [`dump`] writes all that readers can see of a [`View`] by external identifiers, in an order of its own, floats as
//! bits: two views show the same exactly when their dumps are equal. It uses the public readers alone.

pub mod organisation;
pub mod tangle;

use antenne::domain::{Day, EventKey, Fact, Purpose, Timestamp, UnitPath};
use antenne::world::text::{Document, Scratch};
use antenne::world::{Ix, Network, PersonIx, QuestionIx, SkillIx, Thing, View, World};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use std::fmt::Debug;

const PURPOSES: [Purpose; 4] = [Purpose::Experts, Purpose::Inference, Purpose::Search, Purpose::All];
const QUERIES: [&str; 4] = [
    "index serveur",
    "Rust C++ latence",
    "deployments of the network",
    "craft1 réseau",
];
const NAMES: [&str; 3] = ["a", "le", "martin"];

/// The World of `facts`, applied in the order given.
pub fn world(facts: &[Fact]) -> World {
    let mut world = World::default();
    facts.iter().cloned().for_each(|fact| {
        world.apply(fact);
    });
    world
}

/// `facts` in an order drawn from `seed`.
pub fn shuffled(facts: &[Fact], seed: u64) -> Vec<Fact> {
    let mut facts = facts.to_vec();
    facts.shuffle(&mut StdRng::seed_from_u64(seed));
    facts
}

/// All that `view` shows, one line a row, in order.
pub fn dump(view: &View) -> String {
    let names = Names(view);
    let mut lines = Vec::new();
    lines.extend(view.people.iter().map(|(ix, _)| names.account(ix)));
    let humans = view.people.iter().filter(|&(ix, _)| view.human(ix) == ix);
    lines.extend(humans.map(|(ix, _)| names.human(ix)));
    lines.extend(view.skills.iter().map(|(ix, _)| names.of_skill(ix)));
    lines.extend(names.places());
    lines.extend(view.questions.iter().map(|(ix, _)| names.of_question(ix)));
    lines.extend(names.answers());
    lines.extend(names.registers());
    lines.extend(names.searches());
    lines.extend(names.network());
    lines.sort_unstable();
    lines.push(format!("{:?}, {} answers count", view.newest(), view.answers_counted()));
    lines.join("\n")
}

/// [`dump`] without the latest instant, which a fact moves whatever it says.
pub fn dump_but_clock(view: &View) -> String {
    let all = dump(view);
    let (lines, _) = all.rsplit_once('\n').unwrap_or_default();
    format!("{lines}\n{}", view.answers_counted())
}

/// The first lines in which two dumps differ, to read when a law fails.
pub fn difference(left: &str, right: &str) -> String {
    let only = |a: &str, b: &str| {
        let b: std::collections::HashSet<&str> = b.lines().collect();
        a.lines()
            .filter(|line| !b.contains(line))
            .take(3)
            .collect::<Vec<_>>()
            .join("\n  ")
    };
    format!(
        "only left:\n  {}\nonly right:\n  {}",
        only(left, right),
        only(right, left)
    )
}

struct Names<'a>(&'a View);

fn sorted<T: Debug>(items: impl Iterator<Item = T>) -> Vec<String> {
    let mut all: Vec<String> = items.map(|item| format!("{item:?}")).collect();
    all.sort_unstable();
    all
}

impl Names<'_> {
    fn p(&self, ix: PersonIx) -> &str {
        self.0.people.get(ix).id.as_str()
    }

    fn q(&self, ix: QuestionIx) -> &str {
        self.0.questions.get(ix).id.as_str()
    }

    fn s(&self, ix: SkillIx) -> &str {
        self.0.skills.get(ix).id.as_str()
    }

    fn thing(&self, thing: Thing) -> String {
        match thing {
            Thing::Person(ix) => format!("person {}", self.p(ix)),
            Thing::Skill(ix) => format!("skill {}", self.s(ix)),
            Thing::Project(ix) => format!("project {}", self.0.projects.get(ix).id),
            Thing::Community(ix) => format!("community {}", self.0.communities.get(ix).id),
        }
    }

    fn account(&self, ix: PersonIx) -> String {
        let (v, n) = (self.0, self.0.people.get(ix));
        let keys = |facts: &[std::sync::Arc<Fact>]| facts.iter().map(|f| f.key.clone()).collect::<Vec<EventKey>>();
        let answer = |a: &_| v.answers.get(*a).id.clone();
        let mut parts = vec![
            format!("{:?} led by {:?}", n.state, n.leader.map(|l| self.p(l))),
            format!(
                "accounts {:?} links {:?}",
                sorted(n.accounts.iter().map(|&a| self.p(a))),
                sorted(n.links.iter().map(|&a| self.p(a)))
            ),
            format!("asked {:?}", sorted(n.asked.iter().map(|&q| self.q(q)))),
            format!("answered {:?}", sorted(n.answered.iter().map(answer))),
            format!(
                "member {:?}",
                sorted(n.memberships.iter().map(|(c, m)| (&v.communities.get(*c).id, m)))
            ),
            format!(
                "takes part {:?}",
                sorted(
                    n.participations
                        .iter()
                        .map(|((p, role), s)| (&v.projects.get(*p).id, role, s))
                )
            ),
            format!(
                "interests {:?}",
                sorted(n.interests.iter().map(|((s, stance), at)| (self.s(*s), stance, at)))
            ),
            format!(
                "stands {:?}",
                sorted(n.stands.iter().map(|(s, stand)| (self.s(*s), stand)))
            ),
            format!(
                "visibility {:?}",
                sorted(n.visibility.iter().map(|(s, audience)| (self.s(*s), audience)))
            ),
            format!("{:?} {:?} {:?} {:?}", n.absences, n.capacity, n.preferences, n.offer),
            format!("asks {:?}", sorted(n.asks.iter().map(|&a| &v.asks.get(a).id))),
            format!("records {:?}", keys(&n.records)),
        ];
        let by = |(s, origin, by): &(SkillIx, _, Option<PersonIx>)| {
            format!("{} {origin:?} {:?}", self.s(*s), by.map(|b| self.p(b)))
        };
        parts.push(format!(
            "skills {:?}",
            sorted(n.assertions.iter().map(|(key, s)| (by(key), s)))
        ));
        let e = &n.evidence;
        parts.push(format!(
            "{} {} {:?} {:?} {:?} {:?}",
            e.answers, e.accepted, e.days, e.hours, e.latency, e.languages
        ));
        parts.push(format!(
            "{:?}",
            sorted(e.tags.iter().map(|(t, weeks)| (&v.tags.get(*t).id, weeks)))
        ));
        parts.push(format!(
            "{:?}",
            sorted(
                e.communities
                    .iter()
                    .map(|(c, weeks)| (&v.communities.get(*c).id, weeks))
            )
        ));
        parts.push(format!(
            "{:?}",
            sorted(e.helped.iter().map(|(&p, times)| (self.p(p), times)))
        ));
        format!("account {}: {}", n.id, parts.join("; "))
    }

    /// What is read of a human at several instants.
    fn human(&self, ix: PersonIx) -> String {
        let v = self.0;
        let mut parts = vec![format!(
            "{:?} left {} guest {}",
            v.name(ix),
            v.has_left(ix),
            v.is_external(ix)
        )];
        for at in [2, 6, 12].map(|day| Day::from_days(day).start().plus_micros(82_800_000_000)) {
            let allows = PURPOSES.map(|purpose| v.allows(ix, purpose, at));
            let week = at.plus_micros(-7 * 86_400_000_000);
            let (away, asks) = (v.is_away(ix, at), v.asks_between(ix, week, at));
            parts.push(format!("{:?} {allows:?} away {away} asks {asks}", v.local_day(ix, at)));
        }
        let roles = v
            .communities
            .iter()
            .map(|(c, node)| (&node.id, v.role(ix, c), v.may_read(ix, c)));
        parts.push(format!("roles {:?}", sorted(roles)));
        parts.push(format!(
            "belongs {:?}",
            sorted(v.communities_of(ix).iter().map(|&c| &v.communities.get(c).id))
        ));
        let asked = v
            .questions
            .iter()
            .filter(|(q, _)| v.was_asked(ix, *q))
            .map(|(_, node)| &node.id);
        parts.push(format!("invited {:?} limit {:?}", sorted(asked), v.asks_per_week(ix)));
        parts.push(format!("heads {}", v.heads(ix, &UnitPath::new("G/it/data"))));
        format!("human {}: {}", self.p(ix), parts.join("; "))
    }

    fn of_skill(&self, ix: SkillIx) -> String {
        let (v, n) = (self.0, self.0.skills.get(ix));
        let (people, from) = (
            sorted(n.people.iter().map(|&p| self.p(p))),
            sorted(n.merged_from.iter().map(|&s| self.s(s))),
        );
        let root = v.skill_root(ix);
        let family = sorted(v.skill_family(root).iter().map(|&s| self.s(s)));
        let into = n.merged_into.map(|s| self.s(s));
        format!(
            "skill {}: {:?} {people:?} from {from:?} into {into:?} root {} {family:?}",
            n.id,
            n.state,
            self.s(root)
        )
    }

    fn places(&self) -> Vec<String> {
        let v = self.0;
        let people = |list: &[PersonIx]| sorted(list.iter().map(|&p| self.p(p)));
        let projects = v
            .projects
            .iter()
            .map(|(_, n)| format!("project {}: {:?} {:?}", n.id, n.state, people(&n.people)));
        let communities = v.communities.iter().map(|(ix, n)| {
            let (questions, members) = (sorted(n.questions.iter().map(|&q| self.q(q))), people(&n.members));
            let answerers = sorted(n.answerers.iter().map(|(&p, times)| (self.p(p), times)));
            let flags = (v.is_sensitive(ix), v.is_private(ix));
            format!(
                "community {}: {:?} {members:?} {questions:?} {answerers:?} {flags:?}",
                n.id, n.state
            )
        });
        let tags = v.tags.iter().map(|(_, n)| {
            let answerers = sorted(n.answerers.iter().map(|(&p, times)| (self.p(p), times)));
            format!("tag {}: {} questions {answerers:?}", n.id, n.questions)
        });
        projects.chain(communities).chain(tags).collect()
    }

    fn of_question(&self, ix: QuestionIx) -> String {
        let (v, n) = (self.0, self.0.questions.get(ix));
        let answers: Vec<_> = n.answers.iter().map(|&a| &v.answers.get(a).id).collect();
        let tags = sorted(n.tags.iter().map(|&t| &v.tags.get(t).id));
        let asks = sorted(n.asks.iter().map(|&a| &v.asks.get(a).id));
        let first = v.first_answer(ix).map(|a| &v.answers.get(a).id);
        let (asker, community) = (
            n.asker.map(|p| self.p(p)),
            n.community.map(|c| &v.communities.get(c).id),
        );
        let by = |p: PersonIx| v.answers_by(v.human(p), ix).count();
        let counts: Vec<_> = n
            .answers
            .iter()
            .filter_map(|&a| v.answers.get(a).author)
            .map(by)
            .collect();
        let indexed = v.texts.contains(ix.row());
        format!(
            "question {}: {:?} by {asker:?} in {community:?} {tags:?} {:?} {answers:?} first {first:?} {counts:?} {asks:?} {indexed}",
            n.id, n.state, n.language
        )
    }

    fn answers(&self) -> Vec<String> {
        let v = self.0;
        let line = |(ix, n): (_, &antenne::world::AnswerNode)| {
            let shows = v.contribution(ix).map(|c| {
                let tags = sorted(c.tags.iter().map(|&t| &v.tags.get(t).id));
                let place = c.community.map(|place| &v.communities.get(place).id);
                let (who, whom) = (self.p(c.author), self.p(c.asker));
                format!(
                    "{who} helps {whom} at {:?} after {} {} {:?} {tags:?} {place:?}",
                    c.at, c.latency, c.accepted, c.language
                )
            });
            let (question, author) = (n.question.map(|q| self.q(q)), n.author.map(|p| self.p(p)));
            format!("answer {}: {:?} to {question:?} by {author:?} {shows:?}", n.id, n.state)
        };
        v.answers.iter().map(line).collect()
    }

    fn registers(&self) -> Vec<String> {
        let v = self.0;
        let asks = v.asks.iter().map(|(_, n)| format!("ask {}: {:?}", n.id, n.state));
        let proposals = v
            .proposals()
            .map(|(id, to, state)| format!("proposal {id} to {}: {state:?}", self.p(to)));
        let feedback = v.feedback().map(|(id, facts)| format!("feedback {id}: {facts:?}"));
        asks.chain(proposals).chain(feedback).collect()
    }

    /// What the two indexes answer, scores to the bit.
    fn searches(&self) -> Vec<String> {
        let v = self.0;
        let by_id = |a: u32, b: u32| self.q(QuestionIx::from_row(a)).cmp(self.q(QuestionIx::from_row(b)));
        let mut lines = vec![format!(
            "texts {} terms {} labels {}",
            v.texts.len(),
            v.texts.term_count(),
            v.labels.len()
        )];
        for query in NAMES {
            let found = v.names.find(query).into_iter();
            let named = found.map(|(row, close)| (&v.people.get(PersonIx::from_row(row)).id, close));
            lines.push(format!("named {query}: {:?}", sorted(named)));
        }
        for query in QUERIES {
            let document = Document::of(query, "", None).tagged(["rust", "Base de données"]);
            let hits = v.texts.top(&document, 5, &mut Scratch::default(), by_id, |_| true);
            let hit = |h: &antenne::world::text::Hit| {
                let parts = v.texts.explain(&document, h.doc);
                let why: Vec<_> = parts
                    .iter()
                    .map(|w| (w.term.to_owned(), w.contribution.to_bits()))
                    .collect();
                (self.q(QuestionIx::from_row(h.doc)), h.score.to_bits(), why)
            };
            lines.push(format!(
                "search {query}: {:?}",
                hits.iter().map(hit).collect::<Vec<_>>()
            ));
            let labels = v
                .labels
                .find(query)
                .into_iter()
                .map(|(row, range)| (range.start, range.end, self.s(SkillIx::from_row(row))));
            lines.push(format!("labels {query}: {:?}", sorted(labels)));
        }
        lines
    }

    fn network(&self) -> Vec<String> {
        use petgraph::visit::{EdgeRef, IntoEdgeReferences};
        let edge = |tie: antenne::world::Tie| {
            let mut ends = [self.thing(tie.source()), self.thing(tie.target())];
            ends.sort_unstable();
            format!("edge {:?} {ends:?}", tie.weight())
        };
        Network(self.0).edge_references().map(edge).collect()
    }
}

/// The last instant of any of `facts`, moved on by `hours`.
pub fn after(facts: &[Fact], hours: i64) -> Timestamp {
    let last = facts
        .iter()
        .map(|fact| fact.at)
        .max()
        .unwrap_or(Timestamp::from_micros(0));
    last.plus_micros(hours * 3_600_000_000)
}
