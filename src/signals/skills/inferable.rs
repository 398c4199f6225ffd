//! What may be concluded of somebody at all: knowledge and know-how of the organisation's own list.
//!
//! Two kinds of skill are never concluded. *Animating* and each way of it: declared, endorsed or confirmed only, since
//! nobody is watched while animating. And *traits*: character, moods, attitudes, health, beliefs; nomenclatures list some
//! of them as skills. What a skill is called decides, in French or English, and so does what any broader one is called:
//! a whole branch is left out by the name of its head.

use super::kin;
use crate::world::text::names::folded;
use crate::world::{SkillIx, View};

/// What kind of skill one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Knowledge or know-how: may be concluded.
    Craft,
    /// Animating a community, or a way of it.
    Animating,
    /// Character, mood, attitude.
    Trait,
}

/// Beginnings of words, in this order within a name, by which animating is known; folded, without accents.
const ANIMATING: [&[&str]; 12] = [
    &["anim", "communaut"],
    &["anim", "communit"],
    &["anim", "reseau"],
    &["anim", "atelier"],
    &["anim", "network"],
    &["anim", "collecti"],
    &["communit", "anim"],
    &["communit", "manag"],
    &["communit", "build"],
    &["communit", "moderat"],
    &["facilitat"],
    &["accueil", "nouveaux"],
];

/// Beginnings of words by which a trait is known.
const TRAITS: [&[&str]; 36] = [
    &["personalit"],
    &["personnalite"],
    &["charact", "trait"],
    &["trait", "caract"],
    &["mood"],
    &["humeur"],
    &["emotion"],
    &["sentiment", "personn"],
    &["attitude"],
    &["savoir", "etre"],
    &["soft", "skill"],
    &["self", "manag"],
    &["self", "control"],
    &["self", "confiden"],
    &["self", "esteem"],
    &["maitrise", "de", "soi"],
    &["confiance", "en", "soi"],
    &["connaissance", "de", "soi"],
    &["empath"],
    &["charism"],
    &["introver"],
    &["extraver"],
    &["loyal"],
    &["honest"],
    &["honnete"],
    &["resilien", "person"],
    &["stress"],
    &["optimis", "attitud"],
    &["motivat"],
    &["temperament"],
    &["assertive"],
    &["ambiti"],
    &["patien", "trait"],
    &["health", "status"],
    &["etat", "sante"],
    &["religi"],
];

/// What kind of skill `skill` is. Cost: its names and those of every broader one.
pub fn kind_of(view: &View, skill: SkillIx) -> Kind {
    let branch = std::iter::once((skill, 0)).chain(kin::broader(view, skill));
    let kinds = branch.map(|(skill, _)| kind_by_name(view, skill));
    kinds.max().unwrap_or(Kind::Craft)
}

fn kind_by_name(view: &View, skill: SkillIx) -> Kind {
    let node = view.skills.get(skill);
    let state = node.state.iter();
    let names = state.flat_map(|s| {
        let labels = s.labels.iter().flatten().map(|(_, label)| &**label);
        labels.chain(s.aliases.iter().flatten().map(|alias| &**alias))
    });
    let kind = |name: &str| {
        let folded = folded(name);
        let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).collect();
        let speaks_of = |patterns: &[&[&str]]| patterns.iter().any(|pattern| holds(&words, pattern));
        match (speaks_of(&TRAITS), speaks_of(&ANIMATING)) {
            (true, _) => Kind::Trait,
            (_, true) => Kind::Animating,
            _ => Kind::Craft,
        }
    };
    names.chain([node.id.as_str()]).map(kind).max().unwrap_or(Kind::Craft)
}

/// Whether some words, in their order, begin as `pattern` says.
fn holds(words: &[&str], pattern: &[&str]) -> bool {
    let mut rest = words.iter();
    pattern.iter().all(|begin| rest.any(|word| word.starts_with(begin)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FactBody, Patch, SkillId, SkillPatch};
    use crate::signals::sample::Sample;

    fn kind(names: &[&str], broader: Option<&str>) -> Kind {
        let mut sample = Sample::default();
        let mut tell = |id: &str, labels: &[&str], broader: Option<&str>| {
            let patch = SkillPatch {
                aliases: Patch::Set(labels.iter().map(|&name| name.into()).collect()),
                broader: Patch::Set(broader.into_iter().map(SkillId::new).collect()),
                ..SkillPatch::default()
            };
            let (skill, patch) = (SkillId::new(id), Box::new(patch));
            sample.say(0, FactBody::SkillUpserted { skill, patch });
        };
        tell("x1", names, broader.map(|_| "x2"));
        tell("x2", &broader.into_iter().collect::<Vec<_>>(), None);
        let view = sample.view();
        kind_of(view, view.skills.find("x1").expect("it was told"))
    }

    #[test]
    fn what_is_animating_or_a_trait_is_known_by_name_and_by_branch() {
        for craft in [
            "Welding",
            "PostgreSQL",
            "Motor control",
            "Network administration",
            "Gestion de projet",
            "Animation 3D",
        ] {
            assert_eq!(kind(&[craft], None), Kind::Craft, "{craft}");
        }
        for way in [
            "Animer une communauté",
            "Community management",
            "Facilitation graphique",
            "Animation de réseaux",
        ] {
            assert_eq!(kind(&[way], None), Kind::Animating, "{way}");
        }
        for character in [
            "Empathy",
            "cope with stress",
            "attitudes and values",
            "Maîtrise de soi",
            "Savoir-être",
            "Motivation",
        ] {
            assert_eq!(kind(&[character], None), Kind::Trait, "{character}");
        }
        assert_eq!(
            kind(&["Ice-breakers"], Some("Animation de communauté")),
            Kind::Animating
        );
        assert_eq!(kind(&["work alone"], Some("self-management skills")), Kind::Trait);
    }
}
