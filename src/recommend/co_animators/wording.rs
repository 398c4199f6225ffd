//! A ranking of people who could co-animate, put into words: names, reasons with their records, what each adds, and an
//! invitation.

use super::answer::{Added, CoAnimatorPick, Share, Someone, TIME};
use super::invitation::{Invitation, invitation};
use super::texts::{self, Words};
use crate::domain::Purpose;
use crate::pipeline::{Part, Placed};
use crate::recommend::answer::{Param, Reason, split};
use crate::recommend::labels;
use crate::recommend::records;
use crate::recommend::tongue::{Manner, Tongue};
use crate::signals::co_animators::{
    Brought, CoAnimators, CoAnimatorsQuery, CommunityUnit, Cover, Family, Gain, Invited, Move, Profile, Side,
    accompanies, is_experienced,
};
use crate::signals::workload::Workload;
use crate::signals::{Proof, speaks, takes_part_openly};
use crate::world::{PersonIx, View};
use std::collections::BTreeSet;

/// Records cited for one reason at most, and names in it.
const TOLD: usize = 3;
/// A side on which somebody adds less than this share of it is not told.
const ADDS: f64 = 0.05;
/// Days after which somebody has known the community for long.
const LONG_DAYS: f64 = 365.0;

/// Puts a ranking into words.
pub(super) struct Wording<'a> {
    pub(super) view: &'a View,
    pub(super) query: &'a CoAnimatorsQuery,
    pub(super) tongue: Tongue,
    pub(super) manner: Manner,
}

/// Somebody of the set, with what they add to those before them.
pub(super) struct Chosen<'a> {
    pub(super) placed: &'a Placed<CoAnimators>,
    pub(super) gain: Gain,
    /// Who would accompany them, when it is their first time and whoever does may be named.
    pub(super) beside: Option<PersonIx>,
}

impl<'a> Wording<'a> {
    /// What each of `picks` adds to the present animators and to those before them, and what is covered in the end.
    pub(super) fn chosen(&self, picks: &'a [Placed<CoAnimators>]) -> (Vec<Chosen<'a>>, Cover) {
        let (view, query) = (self.view, self.query);
        let mut cover = Cover::of(&query.need);
        let mut company = self.company();
        let mut chosen = Vec::new();
        for placed in picks {
            let free = Workload::of(view, placed.subject, query.as_of).free();
            let brought = Brought::by(view, placed.subject, free, query.as_of);
            let gain = cover.gain(&brought);
            cover.add(&brought);
            let experienced = is_experienced(view, placed.subject, query.as_of);
            chosen.push(Chosen {
                placed,
                gain,
                beside: company.filter(|_| !experienced),
            });
            let beside = accompanies(view, placed.subject, query.as_of).then_some(placed.subject);
            company = company.or(beside);
        }
        (chosen, cover)
    }

    /// The first of the present animators who could accompany somebody and wants to be named.
    fn company(&self) -> Option<PersonIx> {
        let mut company = self.query.need.company(self.view, self.query.as_of);
        company.find(|&person| self.is_nameable(person))
    }

    /// Whether others may be told the person's name beside this.
    pub(super) fn is_nameable(&self, person: PersonIx) -> bool {
        let allows = |purpose| self.view.allows(person, purpose, self.query.as_of);
        allows(Purpose::CoAnimators) && allows(Purpose::Search)
    }

    /// Somebody, by name.
    pub(super) fn someone(&self, person: PersonIx) -> Someone {
        Someone {
            person: self.view.person_id(person).clone(),
            name: self.view.name(person).cloned(),
        }
    }

    /// What people call somebody.
    fn called(&self, person: PersonIx) -> String {
        let name = self.view.name(person).map(ToString::to_string);
        name.unwrap_or_else(|| self.view.person_id(person).to_string())
    }

    /// Whether `person` reads it: what is somebody's own is told to them.
    fn is_own(&self, person: PersonIx) -> bool {
        self.query.viewer.person == Some(person)
    }

    /// The pick at `rank`: who, why, and what they add. Fit is told as far as the reader may know what it is made of.
    pub(super) fn pick(&self, rank: usize, chosen: &Chosen<'_>) -> CoAnimatorPick {
        let (placed, person) = (chosen.placed, chosen.placed.subject);
        let own = self.is_own(person);
        let shown = placed.parts.iter().filter(|part| own || !part.family.is_own());
        let score = shown.clone().fold(0.0, |sum, part| sum + part.contribution);
        let shown = shown.filter(|part| part.contribution != 0.0);
        let mut named: Vec<_> = shown.map(|part| (part, self.names(part))).collect();
        named.sort_by(|a, b| b.0.contribution.total_cmp(&a.0.contribution));
        let invited = Invited::of(self.view, self.query, person);
        let expertise = named.iter().find(|(part, _)| part.family == Family::Expertise);
        let invitation = self.invitation(
            person,
            invited,
            chosen.beside,
            expertise.map_or(&[], |(_, names)| names),
        );
        let profile = Profile::of(self.view, self.query, person);
        let (told, rest) = split(named, |part| self.holds(part.family, person));
        let told = told
            .into_iter()
            .map(|(part, names)| self.reason(person, &profile, part, names));
        let mut reasons: Vec<Reason> = told.collect();
        reasons.extend(rest.map(|contribution| Reason::rest(self.tongue, contribution)));
        reasons.extend(self.takes_part(person));
        CoAnimatorPick {
            subject: self.view.person_id(person).clone(),
            name: self.view.name(person).cloned(),
            rank,
            base_rank: placed.base_rank,
            score,
            reasons,
            gain: self.gain(person, &chosen.gain),
            volunteer: invited.offered.is_some(),
            to_be_introduced: invited.to_be_introduced,
            first_time: invited.first_time,
            beside: chosen.beside.map(|person| self.someone(person)),
            moved_by: placed.moved_by.map(Move::code),
            invitation,
        }
    }

    /// That somebody takes part in the life of the community, for others than them: it is told without a weight, and only of
    /// what they gave under their name.
    fn takes_part(&self, person: PersonIx) -> Option<Reason> {
        let (view, query) = (self.view, self.query);
        let told = !self.is_own(person) && takes_part_openly(view, person, query.community, query.as_of);
        told.then(|| Reason {
            code: Family::Circle.code(),
            params: Vec::new(),
            text: texts::reason(self.tongue, Family::Circle, &Words::default()),
            contribution: 0.0,
            facts: Vec::new(),
        })
    }

    /// What somebody adds, the side on which they add most first. When they are there and which hours they have left is told
    /// to those who animate; to everybody else the same of all. It depends on who stands before them: even somebody's own
    /// would tell of these.
    fn gain(&self, person: PersonIx, gain: &Gain) -> Vec<Added> {
        let in_full = self.query.told_in_full();
        let sides = gain.sides().into_iter().map(|(side, adds)| (side, adds / side.worth()));
        let lacks = |side: Side| side != Side::Hours || self.query.need.lacks_hours();
        let told = sides.filter(|&(side, part)| part >= ADDS && lacks(side) && (in_full || !side.is_own()));
        let told = told.map(|(side, part)| {
            let share = Share::of(part);
            Added {
                code: side.code(),
                share: Some(share),
                text: texts::added(self.tongue, side, share, &self.brought(person, side)),
            }
        });
        let time = (!in_full).then(|| Added {
            code: TIME,
            share: None,
            text: texts::time(self.tongue).to_owned(),
        });
        told.chain(time).collect()
    }

    /// What somebody brings on a side, by name: what everybody may read of them on their card.
    fn brought(&self, person: PersonIx, side: Side) -> Vec<String> {
        let name = match side {
            Side::Unit => self.view.profile(person, |p| p.unit.as_ref()).map(ToString::to_string),
            Side::Site => self.view.profile(person, |p| p.site.as_ref()).map(ToString::to_string),
            _ => None,
        };
        name.into_iter().collect()
    }

    /// Whether what a reason says is so: that somebody works in a language takes more than a doubt.
    fn holds(&self, family: Family, person: PersonIx) -> bool {
        let language = || self.query.language.as_deref();
        family != Family::Place
            || CommunityUnit::holds(self.view, self.query, person)
            || language().is_some_and(|tag| speaks(self.view, person, tag) > 0.5)
    }

    fn reason(&self, person: PersonIx, profile: &Profile, part: &Part<CoAnimators>, names: Vec<String>) -> Reason {
        let answers = part
            .facts
            .iter()
            .filter(|fact| matches!(fact, Proof::Answer(_)))
            .count();
        let long = match part.family {
            Family::Tenure => profile
                .joined
                .is_some_and(|joined| self.query.as_of.minutes_since(joined) as f64 >= LONG_DAYS * 24.0 * 60.0),
            Family::Experience => profile.animates > 0,
            Family::Field => profile.animates_near > 0.0,
            Family::Place => CommunityUnit::holds(self.view, self.query, person),
            _ => false,
        };
        let words = Words {
            answers,
            names: &names,
            long,
        };
        let text = texts::reason(self.tongue, part.family, &words);
        let mut params = vec![];
        if answers > 0 {
            params.push(("count", Param::Count(answers)));
        }
        if !names.is_empty() {
            params.push(("names", Param::List(names)));
        }
        let cited = part.facts.iter().take(TOLD);
        Reason {
            code: part.family.code(),
            params,
            text,
            contribution: part.contribution,
            facts: cited.map(|&fact| records::citation(self.view, fact)).collect(),
        }
    }

    /// The names that a reason speaks of: skills, shared communities and projects.
    fn names(&self, part: &Part<CoAnimators>) -> Vec<String> {
        if !matches!(part.family, Family::Expertise | Family::Relation) {
            return Vec::new();
        }
        let found = part
            .facts
            .iter()
            .filter_map(|&fact| records::name_of(self.view, fact, self.tongue));
        let mut seen = BTreeSet::new();
        let mut names: Vec<String> = found.filter(|name| seen.insert(name.clone())).collect();
        names.truncate(TOLD);
        names
    }

    /// A few words to send. Those who animate are named where they want to be.
    fn invitation(&self, person: PersonIx, invited: Invited, beside: Option<PersonIx>, knows: &[String]) -> String {
        let animators = self
            .query
            .animators
            .iter()
            .filter(|&&animator| self.is_nameable(animator));
        let animators: Vec<String> = animators.take(TOLD).map(|&animator| self.called(animator)).collect();
        let beside = beside.map(|person| self.called(person));
        let words = Invitation {
            name: self.view.name(person).map(|name| &**name),
            community: &labels::community(self.view, self.query.community),
            animators: &animators,
            knows,
            volunteer: invited.offered.is_some(),
            belongs: !invited.to_be_introduced,
            first_time: invited.first_time,
            beside: beside.as_deref(),
        };
        invitation(self.tongue, self.manner, &words)
    }
}
