//! What a person is about, as documents: the tags and words of their skills, interests and projects, and of what they ask
//! and answer; each term with the records that it comes from.

use super::Proof;
use super::attributes::primary;
use crate::domain::{CommunityId, ContributionPlace, FactBody, Origin, UnitPath};
use crate::signals::statements::{Decision, statement_order};
use crate::world::latent::Vector;
use crate::world::text::Document;
use crate::world::{CommunityIx, PersonIx, ProjectIx, QuestionIx, SkillIx, TagIx, View};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What one record counts in a document of tags: fine enough for every record more to show.
const ONE: f64 = 256.0;

/// No language in particular: no inflection is taken off.
const AS_WRITTEN: &str = "und";
/// Languages whose inflections are taken off the person's words.
const TONGUES: [&str; 3] = ["en", "fr", AS_WRITTEN];

/// A person, as far as it says where they belong.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Primary tags of the languages they work in: those declared, else those in which they wrote.
    pub languages: Vec<Arc<str>>,
    /// Skills that they have, or with which they want or offer help, merged ones as the one they were merged into, in
    /// the order of identifiers.
    pub skills: Vec<SkillIx>,
    /// Projects in which they take part, the newest part first.
    pub projects: Vec<ProjectIx>,
    /// Communities that their projects belong with, and how many do, in the order of index.
    pub accompanied: BTreeMap<CommunityIx, u32>,
    /// Names of skills and topics of projects and records, as tags.
    pub tags: Document,
    /// Names of the skills and interests that they state themselves, as tags.
    pub stated: Document,
    /// Words of the job title, the employer, the unit, of skills and of projects.
    pub words: Document,
    /// Of these, the words of the job title, the employer and the unit, as they are written.
    pub origin: Document,
    /// Of these, the words of skills, interests and projects, in every tongue.
    pub pursuits: Document,
    /// Tags of the questions that they asked and answered.
    pub deeds: Document,
    /// What a term of `tags` or `words` comes from.
    pub sources: BTreeMap<Box<str>, Vec<Proof>>,
    /// What they write about, where the latent basis says so.
    pub subject: Option<Vector>,
}

impl Profile {
    /// The profile of `person`. With `own` also what they hide from others is looked at: for an answer that they alone
    /// read. Cost: their records, and the answers they gave.
    pub fn of(view: &View, person: PersonIx, own: bool) -> Self {
        let mut profile = Self {
            languages: languages(view, person),
            projects: projects(view, person),
            deeds: deeds(view, person, own),
            ..Self::default()
        };
        profile.accompanied = accompanied(view, &profile.projects);
        let mut told = Told::default();
        profile.tell_skills(view, person, own, &mut told);
        profile.tell_projects(view, &mut told);
        tell_records(view, person, &mut told);
        let title = view.profile(person, |p| p.title.as_deref()).unwrap_or_default();
        let language = profile.languages.first().map(|tag| &**tag);
        let employer = view.profile(person, |p| p.employer.as_deref());
        let unit = view.profile(person, |p| p.unit.as_ref().map(UnitPath::as_str));
        // Where they come from says what they are about, too; it stands first, since only so many words are read.
        let places = employer.into_iter().chain(unit).map(|path| path.replace('/', " . "));
        let places = places.collect::<Vec<_>>().join(" . ");
        let pursuits = told.words.join(" . ");
        profile.words = Document::of(title, &format!("{places} . {pursuits}"), language);
        profile.origin = Document::of(title, &places, Some(AS_WRITTEN));
        profile.pursuits = in_every_tongue(&pursuits);
        profile.tags = document(told.tags.iter().map(|(term, count)| (term.clone(), *count)));
        profile.stated = document(told.stated.iter().map(|(term, count)| (term.clone(), *count)));
        profile.sources = told.sources;
        profile.subject = view.basis().and_then(|basis| basis.fold(profile.words.terms()));
        profile
    }

    fn tell_skills(&mut self, view: &View, person: PersonIx, own: bool, told: &mut Told) {
        let nodes = || view.accounts(person).map(|account| view.people.get(account));
        let mut stated: Vec<_> = nodes().flat_map(|n| n.assertions.iter().map(|(key, _)| *key)).collect();
        let mut wanted: Vec<_> = nodes().flat_map(|n| n.interests.iter().map(|(key, _)| *key)).collect();
        // Only so many words are read, and so many records cited: which ones must not depend on the order of arrival.
        stated.sort_by(|a, b| statement_order(view, *a, *b));
        wanted.sort_by_key(|&(skill, stance)| (&view.skills.get(skill).id, stance));
        let stated = stated
            .into_iter()
            .map(|(skill, origin, by)| (skill, Proof::Assertion(skill, origin, by)));
        let wanted = wanted
            .into_iter()
            .map(|(skill, stance)| (skill, Proof::Interest(skill, stance)));
        let mut roots = BTreeSet::new();
        for (skill, proof) in stated.chain(wanted) {
            if !counts_for(view, person, skill, own) {
                continue;
            }
            let root = view.skill_root(skill);
            let id = &view.skills.get(root).id;
            roots.insert((id, root));
            // Topics name a skill by its label, or as the platform knows it.
            told.tag(id.as_str(), proof);
            for name in names_of(view, root) {
                told.name(name, proof);
            }
        }
        self.skills = roots.into_iter().map(|(_, root)| root).collect();
    }

    fn tell_projects(&self, view: &View, told: &mut Told) {
        for &project in &self.projects {
            let Some(state) = view.projects.get(project).state.as_ref() else {
                continue;
            };
            let proof = Proof::Participation(project);
            state.topics.iter().flatten().for_each(|topic| told.tag(topic, proof));
            if let Some(name) = &state.name {
                told.word(name, proof);
            }
        }
    }
}

/// Terms as they are told.
#[derive(Default)]
struct Told {
    tags: BTreeMap<Box<str>, u32>,
    stated: BTreeMap<Box<str>, u32>,
    words: Vec<String>,
    sources: BTreeMap<Box<str>, Vec<Proof>>,
}

impl Told {
    /// A name that may be a topic, and whose words say something too.
    fn name(&mut self, name: &str, proof: Proof) {
        self.tag(name, proof);
        self.word(name, proof);
    }

    fn tag(&mut self, name: &str, proof: Proof) {
        for term in terms_of_tag(name) {
            *self.tags.entry(term.clone()).or_insert(0) += 1;
            if is_own_word(proof) {
                *self.stated.entry(term.clone()).or_insert(0) += 1;
            }
            self.source(term, proof);
        }
    }

    fn word(&mut self, name: &str, proof: Proof) {
        for language in TONGUES {
            for (term, _) in Document::of("", name, Some(language)).terms() {
                self.source(term.into(), proof);
            }
        }
        self.words.push(name.to_owned());
    }

    fn source(&mut self, term: Box<str>, proof: Proof) {
        let proofs = self.sources.entry(term).or_default();
        if !proofs.contains(&proof) {
            proofs.push(proof);
        }
    }
}

/// Words whose language nobody told, and which meet texts of several: each word as every tongue has it, a term as often as
/// in the tongue that has it most.
fn in_every_tongue(words: &str) -> Document {
    let mut counts: BTreeMap<Box<str>, u16> = BTreeMap::new();
    for language in TONGUES {
        for (term, count) in Document::of("", words, Some(language)).terms() {
            let most = counts.entry(term.into()).or_insert(0);
            *most = count.max(*most);
        }
    }
    Document::from_terms(counts)
}

/// Whether the person says so, not somebody else or another system.
fn is_own_word(proof: Proof) -> bool {
    matches!(proof, Proof::Interest(..) | Proof::Assertion(_, Origin::Declared, _))
}

/// The term of a tag, in the namespace of tags.
fn terms_of_tag(name: &str) -> Vec<Box<str>> {
    let document = Document::default().tagged([name]);
    document.terms().map(|(term, _)| term.into()).collect()
}

/// A document of counts: ∝ 1 + log2 count each, so that the hundredth project adds little.
fn document(counts: impl Iterator<Item = (Box<str>, u32)>) -> Document {
    let damped = |count: u32| (ONE * (1.0 + libm::log2(f64::from(count.max(1))))) as u16;
    Document::from_terms(counts.map(|(term, count)| (term, damped(count))))
}

/// Labels and aliases of a skill.
pub(super) fn names_of(view: &View, skill: SkillIx) -> impl Iterator<Item = &Arc<str>> {
    let state = view.skills.get(skill).state.iter();
    state.flat_map(|s| {
        let labels = s.labels.iter().flatten().map(|(_, label)| label);
        labels.chain(s.aliases.iter().flatten())
    })
}

/// Whether what is said of `account` about `skill` counts for others: it is not contested, and not hidden unless `own`.
pub(super) fn counts(view: &View, account: PersonIx, skill: SkillIx, own: bool) -> bool {
    counts_for(view, view.human(account), skill, own)
}

fn counts_for(view: &View, person: PersonIx, skill: SkillIx, own: bool) -> bool {
    let decision = Decision::on(view, person, view.skill_root(skill));
    (own || decision.is_open()) && !decision.is_contested()
}

fn languages(view: &View, person: PersonIx) -> Vec<Arc<str>> {
    let declared = view.profiles(person).flat_map(|p| p.languages.iter().flatten());
    let mut languages: Vec<Arc<str>> = Vec::new();
    for tag in declared {
        if !languages.iter().any(|known| **known == *primary(tag)) {
            languages.push(primary(tag).into());
        }
    }
    if languages.is_empty() {
        let mut written: Vec<_> = view.people.get(person).evidence.languages.iter().collect();
        written.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        languages.extend(written.into_iter().map(|(tag, _)| Arc::clone(tag)));
    }
    languages
}

fn projects(view: &View, person: PersonIx) -> Vec<ProjectIx> {
    let parts = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).participations);
    let present = parts.filter(|(_, part)| part.ended.is_none());
    let mut projects: Vec<_> = present.map(|&((project, _), part)| (part.since, project)).collect();
    let id = |project: ProjectIx| &view.projects.get(project).id;
    projects.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1))));
    let mut seen = BTreeSet::new();
    projects.retain(|&(_, project)| seen.insert(project));
    projects.into_iter().map(|(_, project)| project).collect()
}

/// The communities that accompany `projects`, as these say or as the communities say.
fn accompanied(view: &View, projects: &[ProjectIx]) -> BTreeMap<CommunityIx, u32> {
    let mut found: BTreeMap<CommunityIx, u32> = BTreeMap::new();
    let ids: BTreeSet<&str> = projects.iter().map(|&p| view.projects.get(p).id.as_str()).collect();
    let state = |project: &ProjectIx| view.projects.get(*project).state.as_ref();
    let named = projects.iter().filter_map(|p| state(p)?.community.as_ref());
    for community in named.filter_map(|id: &CommunityId| view.communities.find(id.as_str())) {
        *found.entry(community).or_insert(0) += 1;
    }
    if !ids.is_empty() {
        let of = view.communities.iter().filter(|(_, node)| {
            let project = node.state.as_ref().and_then(|s| s.project.as_ref());
            project.is_some_and(|project| ids.contains(project.as_str()))
        });
        of.for_each(|(community, _)| _ = found.entry(community).or_insert(1));
    }
    found
}

/// The questions that the person asked outside sensitive communities; those asked without a name only for `own` eyes, so
/// that nobody else can read from a page who asked them.
pub(super) fn asked(view: &View, person: PersonIx, own: bool) -> impl Iterator<Item = QuestionIx> + '_ {
    let asked = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).asked);
    asked.copied().filter(move |&question| {
        let node = view.questions.get(question);
        let named = node.state.as_ref().is_some_and(|s| own || !s.anonymous);
        named && !node.community.is_some_and(|c| view.is_sensitive(c))
    })
}

/// The tags of what the person asked and answered, outside sensitive communities.
fn deeds(view: &View, person: PersonIx, own: bool) -> Document {
    let mut counts: BTreeMap<TagIx, u32> = BTreeMap::new();
    for (tag, weeks) in &view.people.get(person).evidence.tags {
        *counts.entry(*tag).or_insert(0) += weeks.total();
    }
    for question in asked(view, person, own) {
        let tags = &view.questions.get(question).tags;
        tags.iter().for_each(|&tag| *counts.entry(tag).or_insert(0) += 1);
    }
    let terms = counts.into_iter().flat_map(|(tag, count)| {
        let terms = terms_of_tag(view.tags.get(tag).id.as_str());
        terms.into_iter().map(move |term| (term, count))
    });
    document(terms)
}

/// The topics of what the person contributed outside sensitive communities.
fn tell_records(view: &View, person: PersonIx, told: &mut Told) {
    let records = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).records);
    for fact in records {
        let FactBody::ContributionRecorded { contribution } = &fact.body else {
            continue;
        };
        let private = match &contribution.place {
            ContributionPlace::Community(id) => {
                view.communities.find(id.as_str()).is_some_and(|c| view.is_sensitive(c))
            }
            _ => false,
        };
        for topic in contribution.topics.iter().filter(|_| !private) {
            for term in terms_of_tag(topic) {
                *told.tags.entry(term).or_insert(0) += 1;
            }
        }
    }
}
