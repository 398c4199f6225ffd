//! What a profile says of somebody, as bits: whoever else says the same has the same bits.
//!
//! Nothing here weighs anything. A person has at most 64 attributes; whose bits they share is read of everybody in one
//! pass, with no allocation a person.

use super::profile::Profile;
use crate::world::text::letters;
use crate::world::{PersonIx, PersonState, ProjectIx, SkillIx, View};
use hashbrown::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Levels of a path that are told apart.
const LEVELS: usize = 6;
/// Words of a job title that are looked at.
const TITLE_WORDS: usize = 8;
/// Letters by which words of titles are told apart: `développeuse` and `Developpeur` are one.
const TITLE_LETTERS: usize = 6;
/// Letters that a word of a title has at least.
const TITLE_LETTERS_MIN: usize = 3;
/// Languages, skills and projects that are looked at.
const LANGUAGES: usize = 4;
const SKILLS: usize = 20;
const PROJECTS: usize = 16;

/// What an attribute is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trait {
    /// The unit and each unit above it.
    Unit,
    /// The employer: the last part of a path, however it is spelt.
    Employer,
    /// The site.
    Site,
    /// Words of the job title.
    Title,
    /// Kind of contract.
    Status,
    /// Languages of work.
    Language,
    /// Skills declared, endorsed, imported or offered.
    Skill,
    /// Projects in which they take part.
    Project,
}

impl Trait {
    /// Every trait.
    pub const ALL: [Self; 8] = [
        Self::Unit,
        Self::Employer,
        Self::Site,
        Self::Title,
        Self::Status,
        Self::Language,
        Self::Skill,
        Self::Project,
    ];

    /// Whether each of its attributes holds for whoever has the next one: parts of one path.
    pub const fn is_path(self) -> bool {
        matches!(self, Self::Unit)
    }
}

/// One thing that a profile says, as far as others' attributes are held against it: whoever says the same shares the same
/// bits of anybody's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Said {
    /// The unit, as a path.
    Unit(Arc<str>),
    /// The letters of the employer's name; never none.
    Employer(Box<[char]>),
    /// The site.
    Site(Arc<str>),
    /// The letters of a word of the job title.
    Title([char; TITLE_LETTERS]),
    /// Kind of contract.
    Status(Arc<str>),
    /// A language of work.
    Language(Arc<str>),
}

impl Said {
    /// Hears of everything that `profile` says.
    pub(super) fn each(profile: &PersonState, mut each: impl FnMut(Self)) {
        let unit = profile.unit.as_ref().map(|unit| Self::Unit(unit.as_str().into()));
        unit.into_iter().for_each(&mut each);
        let employer = profile.employer.as_deref().and_then(innermost);
        let employer = employer.map(|name| Self::Employer(letters(name).collect()));
        employer.into_iter().for_each(&mut each);
        profile.site.iter().cloned().map(Self::Site).for_each(&mut each);
        profile.status.iter().cloned().map(Self::Status).for_each(&mut each);
        let titles = profile.title.iter().flat_map(|title| words(title));
        titles.map(|word| Self::Title(beginning(word))).for_each(&mut each);
        let languages = profile.languages.iter().flatten().cloned();
        languages.map(Self::Language).for_each(&mut each);
    }
}

/// One thing that a profile says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// What it is about.
    pub about: Trait,
    /// As the profile says it: a path, a word, an identifier.
    pub value: Arc<str>,
}

/// The attributes of one person, and who shares which.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    list: Vec<Attribute>,
    /// The letters of the employer's name; empty without an employer.
    employer: Vec<char>,
    /// The letters by which the words of the title are told apart, in the order of their bits.
    titles: Vec<[char; TITLE_LETTERS]>,
    /// Who shares a skill or a project; only looked up, never walked.
    linked: HashMap<PersonIx, u64>,
}

impl Attributes {
    /// The attributes of `person`. Cost: their profile, and those who share their skills and projects.
    pub fn of(view: &View, person: PersonIx, profile: &Profile) -> Self {
        let mut attributes = Self::default();
        let text = |value: &Arc<str>| Arc::clone(value);
        let unit = view.profile(person, |p| p.unit.as_ref().map(|unit| unit.as_str().into()));
        attributes.path(Trait::Unit, unit);
        attributes.work_for(view.profile(person, |p| p.employer.as_deref()));
        attributes.push(Trait::Site, view.profile(person, |p| p.site.as_ref().map(text)));
        let title = view.profile(person, |p| p.title.as_ref().map(text));
        for word in title.iter().flat_map(|title| words(title)).take(TITLE_WORDS) {
            let beginning = beginning(word);
            if !attributes.titles.contains(&beginning) {
                attributes.titles.push(beginning);
                attributes.push(Trait::Title, Some(word.into()));
            }
        }
        attributes.push(Trait::Status, view.profile(person, |p| p.status.as_ref().map(text)));
        for language in profile.languages.iter().take(LANGUAGES) {
            attributes.push(Trait::Language, Some(Arc::clone(language)));
        }
        for &skill in profile.skills.iter().take(SKILLS) {
            let bit = attributes.bit_of_next();
            attributes.push(Trait::Skill, Some(view.skills.get(skill).id.as_str().into()));
            attributes.link(holders(view, skill), bit);
        }
        for &project in profile.projects.iter().take(PROJECTS) {
            let bit = attributes.bit_of_next();
            attributes.push(Trait::Project, Some(view.projects.get(project).id.as_str().into()));
            attributes.link(participants(view, project), bit);
        }
        attributes
    }

    /// The attributes, in the order of their bits.
    pub fn list(&self) -> &[Attribute] {
        &self.list
    }

    /// The bits about `about`: they stand side by side.
    pub fn range(&self, about: Trait) -> Range<usize> {
        let first = self.list.partition_point(|attribute| attribute.about < about);
        let last = self.list.partition_point(|attribute| attribute.about <= about);
        first..last
    }

    /// The bits about `about` as a mask; of a path only the last, which holds for the innermost alone.
    pub fn mask(&self, about: Trait) -> u64 {
        let Range { start, end } = self.range(about);
        let start = if about.is_path() {
            start.max(end.saturating_sub(1))
        } else {
            start
        };
        (start..end).fold(0, |mask, bit| mask | 1 << bit)
    }

    /// The bits that the human `other` shares. Cost: their profiles.
    pub fn shared_with(&self, view: &View, other: PersonIx) -> u64 {
        let mut bits = self.linked_with(other);
        for profile in view.profiles(other) {
            Said::each(profile, |value| bits |= self.bits_of(&value));
        }
        bits
    }

    /// The bits of the skills and projects that the human `other` shares.
    pub(super) fn linked_with(&self, other: PersonIx) -> u64 {
        self.linked.get(&other).copied().unwrap_or(0)
    }

    /// The bits that whoever says `value` shares.
    pub(super) fn bits_of(&self, value: &Said) -> u64 {
        match value {
            Said::Unit(path) => self.path_bits(Trait::Unit, Some(path)),
            Said::Employer(letters) if **letters == *self.employer => self.mask(Trait::Employer),
            Said::Employer(_) => 0,
            Said::Site(site) => self.equal_bits(Trait::Site, Some(site)),
            Said::Status(status) => self.equal_bits(Trait::Status, Some(status)),
            Said::Title(beginning) => self.title_bits(*beginning),
            Said::Language(tag) => self.bits(self.range(Trait::Language), |mine| mine == primary(tag)),
        }
    }

    fn bits(&self, range: Range<usize>, shares: impl Fn(&str) -> bool) -> u64 {
        let bit = |bit: usize| if shares(&self.list[bit].value) { 1 << bit } else { 0 };
        range.fold(0, |bits, n| bits | bit(n))
    }

    fn title_bits(&self, beginning: [char; TITLE_LETTERS]) -> u64 {
        let first = self.range(Trait::Title).start;
        let mine = self.titles.iter().position(|mine| *mine == beginning);
        mine.map_or(0, |place| 1 << (first + place))
    }

    fn equal_bits(&self, about: Trait, value: Option<&str>) -> u64 {
        value.map_or(0, |value| self.bits(self.range(about), |mine| mine == value))
    }

    fn path_bits(&self, about: Trait, path: Option<&str>) -> u64 {
        let within = |mine: &str, path: &str| {
            let rest = path.strip_prefix(mine);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        path.map_or(0, |path| self.bits(self.range(about), |mine| within(mine, path)))
    }

    fn work_for(&mut self, employer: Option<&str>) {
        let Some(name) = employer.and_then(innermost) else {
            return;
        };
        self.employer = letters(name).collect();
        self.push(Trait::Employer, Some(name.into()));
    }

    fn path(&mut self, about: Trait, path: Option<Arc<str>>) {
        let Some(path) = path else { return };
        let ends = path.match_indices('/').map(|(at, _)| at).filter(|&at| at > 0);
        for end in ends.take(LEVELS - 1).chain([path.len()]) {
            self.push(about, Some(path[..end].into()));
        }
    }

    fn push(&mut self, about: Trait, value: Option<Arc<str>>) {
        self.list.extend(value.map(|value| Attribute { about, value }));
    }

    fn bit_of_next(&self) -> usize {
        self.list.len()
    }

    fn link(&mut self, people: impl Iterator<Item = PersonIx>, bit: usize) {
        for person in people {
            *self.linked.entry(person).or_insert(0) |= 1 << bit;
        }
    }
}

/// The humans who are said to have the skill `root` or one merged into it, and who neither hide nor contest it.
fn holders(view: &View, root: SkillIx) -> impl Iterator<Item = PersonIx> + '_ {
    let family = view.skill_family(root);
    let accounts = family.into_iter().flat_map(|skill| {
        view.skills
            .get(skill)
            .people
            .iter()
            .map(move |&account| (skill, account))
    });
    let open = accounts.filter(|&(skill, account)| super::profile::counts(view, account, skill, false));
    open.map(|(_, account)| view.human(account))
}

/// The humans who take part in `project` now.
fn participants(view: &View, project: ProjectIx) -> impl Iterator<Item = PersonIx> + '_ {
    let accounts = view.projects.get(project).people.iter();
    let present = accounts.filter(move |&&account| {
        let parts = &view.people.get(account).participations;
        parts.iter().any(|((p, _), part)| *p == project && part.ended.is_none())
    });
    present.map(|&account| view.human(account))
}

/// The words of a job title that say something.
fn words(title: &str) -> impl Iterator<Item = &str> {
    let words = title.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().nth(TITLE_LETTERS_MIN - 1).is_some())
}

/// The letters by which a word of a title is told apart: two words that begin alike, whatever their case and accents, are
/// one.
fn beginning(word: &str) -> [char; TITLE_LETTERS] {
    let mut beginning = [' '; TITLE_LETTERS];
    let places = beginning.iter_mut().zip(letters(word));
    places.for_each(|(place, letter)| *place = letter);
    beginning
}

/// The last part of a path that has a letter or digit: people write `independent/Octo` where others write `OCTO`.
fn innermost(path: &str) -> Option<&str> {
    path.rsplit('/').find(|part| letters(part).next().is_some())
}

/// The primary part of a language tag.
pub(super) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bits that whoever works for `employer` shares.
    fn employed(attributes: &Attributes, employer: &str) -> u64 {
        let profile = PersonState {
            employer: Some(employer.into()),
            ..PersonState::default()
        };
        let mut bits = 0;
        Said::each(&profile, |value| bits |= attributes.bits_of(&value));
        bits
    }

    #[test]
    fn words_of_titles_meet_across_gender_and_case() {
        assert_eq!(beginning("Développeuse"), beginning("developpeur"));
        assert_eq!(beginning("chargé"), beginning("Chargée"));
        assert_ne!(
            beginning("data"),
            beginning("dataviz"),
            "a short word is not the beginning of another"
        );
        assert_eq!(words("Head of IT & data").collect::<Vec<_>>(), ["Head", "data"]);
    }

    #[test]
    fn a_path_has_a_bit_for_each_unit_above_it() {
        let mut attributes = Attributes::default();
        attributes.path(Trait::Unit, Some("Group/IT/Data".into()));
        attributes.push(Trait::Site, Some("Lyon".into()));
        assert_eq!(attributes.range(Trait::Unit), 0..3);
        assert_eq!(
            (attributes.mask(Trait::Unit), attributes.mask(Trait::Site)),
            (0b100, 0b1000)
        );
        let bits = |path| attributes.path_bits(Trait::Unit, Some(path));
        assert_eq!(
            (bits("Group/IT/Data/Lab"), bits("Group/IT"), bits("Group/ITER")),
            (0b111, 0b11, 0b1)
        );
        assert_eq!(attributes.mask(Trait::Employer), 0, "there is none");
        assert_eq!(employed(&attributes, "Octo"), 0);
    }

    #[test]
    fn an_employer_is_one_however_it_is_spelt() {
        let mut attributes = Attributes::default();
        attributes.push(Trait::Unit, Some("Design".into()));
        attributes.work_for(Some("service/Pôle emploi/"));
        assert_eq!(&*attributes.list()[1].value, "Pôle emploi");
        let same = |employer| employed(&attributes, employer) == 0b10;
        assert!(
            ["pole-emploi", "admin/PÔLE EMPLOI", "Pole Emploi"]
                .into_iter()
                .all(same)
        );
        assert!(
            !["Pôle", "Pôle emploi Conseil", "pole-emploi/DSI", "/", ""]
                .into_iter()
                .any(same)
        );
        let mut nameless = Attributes::default();
        nameless.work_for(Some(" / - "));
        assert!(nameless.list().is_empty(), "nothing is said");
        assert_eq!(employed(&nameless, "–"), 0);
    }
}
