//! What the reader wants people to be like, facet by facet, read off rows: worked out once a search.

use super::SearchQuery;
use super::apart::Standing;
use super::facets::{Facet, Wanted, available};
use super::glance::{Glance, Glances};
use super::grounds::shows_members;
use super::rows::Rows;
use crate::domain::UnitPath;
use crate::world::text::tag_name;
use crate::world::{Ix as _, PersonIx, View};

/// No text has this number.
const NOBODY: u32 = u32::MAX;

/// What is wanted, in terms of rows.
pub(super) struct Lens {
    /// The facets of which something is wanted.
    asked: Vec<Facet>,
    skills: Rows,
    /// Whether each text is a unit that is wanted; the same of sites.
    units: Vec<bool>,
    sites: Vec<bool>,
    language: u32,
}

impl Lens {
    /// Cost: the texts of all rows, where a unit or a site is wanted.
    pub(super) fn of(glances: &Glances, wanted: &Wanted) -> Self {
        let texts = glances.texts();
        let of_texts = |holds: &dyn Fn(&str) -> bool| texts.iter().map(|text| holds(text)).collect::<Vec<bool>>();
        let units = wanted.unit.as_ref().map(|unit| {
            let within = |text: &str| !text.is_empty() && UnitPath::new(text).is_within(unit);
            of_texts(&within)
        });
        let sites = wanted.site.as_ref().map(|site| {
            let site = tag_name(site);
            of_texts(&|text| !text.is_empty() && tag_name(text) == site)
        });
        let language = wanted.language.as_deref().map(|language| {
            let place = texts.iter().position(|text| !text.is_empty() && **text == *language);
            place.map_or(NOBODY, |place| place as u32)
        });
        let rows = |skills: &[crate::world::SkillIx]| skills.iter().map(|skill| skill.row()).collect::<Vec<_>>();
        let skills = wanted.skills.as_deref().map(rows).unwrap_or_default();
        let is_asked = |facet: &Facet| match facet {
            Facet::Skill => wanted.skills.is_some(),
            Facet::Unit => wanted.unit.is_some(),
            Facet::Site => wanted.site.is_some(),
            Facet::Language => wanted.language.is_some(),
            Facet::Availability => wanted.available.is_some(),
            Facet::Community => wanted.community.is_some(),
            Facet::Origin => wanted.origin.is_some(),
        };
        Self {
            asked: Facet::ALL.into_iter().filter(is_asked).collect(),
            skills: Rows::of(skills.into_iter()),
            units: units.unwrap_or_default(),
            sites: sites.unwrap_or_default(),
            language: language.unwrap_or(NOBODY),
        }
    }

    /// The facets by which the person, with their row, is not as the reader wants people to be.
    pub(super) fn failing<'l>(
        &'l self,
        view: &'l View,
        query: &'l SearchQuery,
        person: (PersonIx, Glance<'l>),
    ) -> impl Iterator<Item = Facet> + 'l {
        let fails = move |facet: &Facet| !self.passes(*facet, view, query, person);
        self.asked.iter().copied().filter(fails)
    }

    fn passes(&self, facet: Facet, view: &View, query: &SearchQuery, (person, glance): (PersonIx, Glance<'_>)) -> bool {
        let wanted = &query.wanted;
        let told = |of: &[bool], number: u32| of.get(number as usize).copied().unwrap_or(false);
        match facet {
            Facet::Skill => {
                let audience = query.audience(person);
                let mut shown = glance.skills.iter().filter(|spoken| spoken.audience >= audience);
                shown.any(|spoken| self.skills.has(spoken.skill.row()))
            }
            Facet::Unit => told(&self.units, glance.unit()),
            Facet::Site => told(&self.sites, glance.site()),
            Facet::Language => glance.languages.contains(&self.language),
            Facet::Availability => wanted
                .available
                .is_none_or(|wanted| can_be_asked(view, query, person, glance) == wanted),
            Facet::Community => {
                let shown = |community: &_| shows_members(view, query.viewer(), *community);
                let community = wanted.community.flatten().filter(shown);
                community.is_some_and(|community| glance.communities.contains(&community))
            }
            Facet::Origin => wanted
                .origin
                .is_none_or(|origin| Standing::of(query, person, glance).by & origin.bit() != 0),
        }
    }
}

/// Whether the person can be turned to now.
pub(super) fn can_be_asked(view: &View, query: &SearchQuery, person: PersonIx, glance: Glance<'_>) -> bool {
    glance.is_free() || available(view, query, person)
}
