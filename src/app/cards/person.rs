//! The public card of a person.

use super::{Card, CardRequest, Named, named};
use crate::app::answers::QueryError;
use crate::app::reader::{sees_community, sees_person, viewer};
use crate::app::service::Service;
use crate::domain::{CommunityId, MemberRole, Origin, SkillId, Stance};
use crate::recommend::Tongue;
use crate::signals::Viewer;
use crate::signals::skills::{Eyes, SkillsOf};
use crate::world::{PersonIx, SkillState, Stand, View};
use std::collections::BTreeSet;
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
            eyes: eyes(&viewer, animates, person),
            tongue: request.tongue,
        };
        Ok(Card {
            shows: shown.person(person),
            generation: snapshot.generation,
            as_of,
        })
    }
}

/// With whose eyes the viewer sees the person's skills.
fn eyes(viewer: &Viewer, animates: bool, person: PersonIx) -> Eyes {
    if viewer.person == Some(person) {
        Eyes::Owner
    } else if animates {
        Eyes::Animator
    } else {
        Eyes::Organisation
    }
}

/// What of a person is shown, and how.
struct Shown<'a> {
    view: &'a View,
    viewer: &'a Viewer,
    eyes: Eyes,
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

    /// Skills that somebody states or the person offers; contested ones, and those kept from this audience, left out.
    fn skills(&self, person: PersonIx) -> Vec<CardSkill> {
        let view = self.view;
        let skills = SkillsOf::of(view, person, self.eyes, Vec::new()).skills.into_iter();
        let held = skills.filter(|held| held.stand != Some(Stand::Contested));
        let offers =
            |&&(stance, _): &&(Stance, _)| matches!(stance, Stance::CanHelp | Stance::CanMentor | Stance::CanTrain);
        let shown = held.map(|held| {
            let origins: BTreeSet<Origin> = held.statements.iter().map(|statement| statement.origin).collect();
            CardSkill {
                skill: view.skills.get(held.skill).id.clone(),
                label: view.skills.get(held.skill).state.as_ref().and_then(|s| self.label(s)),
                origins: origins.into_iter().collect(),
                confirmed: held.stand == Some(Stand::Confirmed),
                offers: held.stances.iter().filter(offers).map(|&(stance, _)| stance).collect(),
            }
        });
        // Their own card says no more than what others read of it.
        shown
            .filter(|skill| !skill.origins.is_empty() || !skill.offers.is_empty())
            .collect()
    }

    fn label(&self, skill: &SkillState) -> Option<Arc<str>> {
        let labels = skill.labels.as_deref()?;
        let own = labels
            .iter()
            .find(|(tag, _)| tag.split('-').next() == Some(self.tongue.tag()));
        own.or(labels.first()).map(|(_, label)| Arc::clone(label))
    }
}
