//! The public card of a person.

use super::{Card, CardRequest, Named, named};
use crate::app::answers::QueryError;
use crate::app::reader::{sees_community, sees_person, viewer};
use crate::app::service::Service;
use crate::domain::{Audience, CommunityId, MemberRole, Origin, SkillId, Stance};
use crate::recommend::Tongue;
use crate::signals::Viewer;
use crate::world::{PersonIx, SkillIx, SkillState, Stand, View};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A skill on a person's card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSkill {
    /// Which.
    pub skill: SkillId,
    /// Its label in the reader's language.
    pub label: Option<Arc<str>>,
    /// Who says so.
    pub origins: Vec<Origin>,
    /// Whether the person confirmed it.
    pub confirmed: bool,
    /// What the person offers.
    pub offers: Vec<Stance>,
}

/// A community on a person's card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardCommunity {
    /// Which.
    pub community: CommunityId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// The person's part in it.
    pub role: MemberRole,
}

/// What everybody may read of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonCard {
    /// Who, by the account that stands for the human.
    pub who: Named,
    /// Where they work.
    pub unit: Option<Arc<str>>,
    /// Town or building.
    pub site: Option<Arc<str>>,
    /// Job title.
    pub title: Option<Arc<str>>,
    /// Employer.
    pub employer: Option<Arc<str>>,
    /// BCP 47 tags.
    pub languages: Vec<Arc<str>>,
    /// Whether they are a guest.
    pub external: bool,
    /// Where the platform shows them.
    pub url: Option<Arc<str>>,
    /// Skills that the reader may see, in the order of identifiers.
    pub skills: Vec<CardSkill>,
    /// Communities that the reader may see, in the order of identifiers.
    pub communities: Vec<CardCommunity>,
}

impl Service {
    /// The card of the person called `id`, by any of their accounts.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when nobody of that name is described, or the reader may not see them.
    pub fn person_card(&self, id: &str, request: &CardRequest) -> Result<Card<PersonCard>, QueryError> {
        let snapshot = self.snapshot();
        let (view, as_of) = (&snapshot.view, snapshot.as_of(self.now()));
        let viewer = viewer(view, request.viewer.as_ref());
        let person = view.person(id).filter(|&p| sees_person(view, &viewer, p, as_of));
        let person = person.ok_or(QueryError::NotFound("person"))?;
        let animates = request.viewer.as_ref().is_some_and(|reader| reader.animates);
        let shown = Shown {
            view,
            viewer: &viewer,
            audience: audience(&viewer, animates, person),
            tongue: request.tongue,
        };
        Ok(Card {
            shows: shown.person(person),
            generation: snapshot.generation,
            as_of,
        })
    }
}

/// The narrowest audience to which the viewer belongs.
fn audience(viewer: &Viewer, animates: bool, person: PersonIx) -> Audience {
    if viewer.person == Some(person) {
        Audience::Me
    } else if animates {
        Audience::Animators
    } else {
        Audience::Organisation
    }
}

/// What of a person is shown, and how.
struct Shown<'a> {
    view: &'a View,
    viewer: &'a Viewer,
    audience: Audience,
    tongue: Tongue,
}

impl Shown<'_> {
    fn person(&self, person: PersonIx) -> PersonCard {
        let view = self.view;
        PersonCard {
            who: named(view, person),
            unit: view
                .profile(person, |p| p.unit.as_ref())
                .map(|unit| unit.as_str().into()),
            site: view.profile(person, |p| p.site.clone()),
            title: view.profile(person, |p| p.title.clone()),
            employer: view.profile(person, |p| p.employer.clone()),
            languages: view.profile(person, |p| p.languages.clone()).unwrap_or_default(),
            external: view.is_external(person),
            url: view.profile(person, |p| p.url.clone()),
            skills: self.skills(person),
            communities: self.communities(person),
        }
    }

    fn communities(&self, person: PersonIx) -> Vec<CardCommunity> {
        let view = self.view;
        let shown = view.communities_of(person).into_iter().filter_map(|c| {
            let node = view.communities.get(c);
            let state = node.state.as_ref().filter(|s| s.archived.is_none())?;
            // What is sensitive stays off the card, even for those who belong.
            let visible = sees_community(view, self.viewer, c) && !view.is_sensitive(c);
            visible.then_some(())?;
            Some(CardCommunity {
                community: node.id.clone(),
                name: state.name.clone(),
                role: view.role(person, c)?,
            })
        });
        let mut communities: Vec<_> = shown.collect();
        communities.sort_unstable_by(|a, b| a.community.cmp(&b.community));
        communities
    }

    /// Skills that somebody ascribes or the person offers; contested ones, and those kept from this audience, left out.
    fn skills(&self, person: PersonIx) -> Vec<CardSkill> {
        let view = self.view;
        let mut said: BTreeMap<&SkillId, (SkillIx, BTreeSet<Origin>, BTreeSet<Stance>)> = BTreeMap::new();
        for account in view.accounts(person) {
            let node = view.people.get(account);
            for &((skill, origin, _), _) in &node.assertions {
                let root = view.skill_root(skill);
                let entry = said.entry(&view.skills.get(root).id);
                entry
                    .or_insert_with(|| (root, BTreeSet::new(), BTreeSet::new()))
                    .1
                    .insert(origin);
            }
            let offers = |stance: Stance| matches!(stance, Stance::CanHelp | Stance::CanMentor | Stance::CanTrain);
            for &((skill, stance), _) in node.interests.iter().filter(|((_, stance), _)| offers(*stance)) {
                let root = view.skill_root(skill);
                let entry = said.entry(&view.skills.get(root).id);
                entry
                    .or_insert_with(|| (root, BTreeSet::new(), BTreeSet::new()))
                    .2
                    .insert(stance);
            }
        }
        let shown = said.into_iter().filter_map(|(id, (root, origins, offers))| {
            Some(CardSkill {
                skill: id.clone(),
                label: view.skills.get(root).state.as_ref().and_then(|s| self.label(s)),
                origins: origins.into_iter().collect(),
                confirmed: self.confirmed(person, root)?,
                offers: offers.into_iter().collect(),
            })
        });
        shown.collect()
    }

    /// Whether the person confirmed the skill; `None` when they contested it, or keep it from this audience.
    fn confirmed(&self, person: PersonIx, root: SkillIx) -> Option<bool> {
        let view = self.view;
        let mut confirmed = false;
        for account in view.accounts(person) {
            let node = view.people.get(account);
            let same = |other: SkillIx| view.skill_root(other) == root;
            let hidden = |&&(s, audience): &&(SkillIx, Audience)| same(s) && audience < self.audience;
            let contested = |&&(s, stand): &&(SkillIx, Stand)| same(s) && stand == Stand::Contested;
            if node.visibility.iter().any(|v| hidden(&v)) || node.stands.iter().any(|s| contested(&s)) {
                return None;
            }
            confirmed |= node.stands.iter().any(|&(s, _)| same(s));
        }
        Some(confirmed)
    }

    fn label(&self, skill: &SkillState) -> Option<Arc<str>> {
        let labels = skill.labels.as_deref()?;
        let own = labels
            .iter()
            .find(|(tag, _)| tag.split('-').next() == Some(self.tongue.tag()));
        own.or(labels.first()).map(|(_, label)| Arc::clone(label))
    }
}
