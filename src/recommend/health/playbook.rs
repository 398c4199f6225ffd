//! The playbook: ways of animating, written for this project in French and English, and which of them suits what.
//!
//! It is read and checked once, at the start: every finding has a way, every way is complete in both languages. A way is
//! chosen by what was found, then by the kind of the community and by the measure of its own objective; nothing else of a
//! community, and nothing of a person, enters.

use super::finding::{Aim, Finding};
use crate::domain::{CommunityKind, ObjectiveMeasure};
use crate::recommend::tongue::Tongue;
use std::ops::RangeInclusive;

/// The shipped playbook.
const SHIPPED: &str = include_str!("../../../data/playbook.toml");

/// Why a playbook cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaybookError {
    /// Not TOML.
    #[error("the playbook is not readable TOML: {0}")]
    Syntax(#[from] Box<toml::de::Error>),
    /// A way is not in order.
    #[error("the playbook, {way}: {what}")]
    Way {
        /// Its identifier, or its place.
        way: String,
        /// What is wrong.
        what: String,
    },
    /// A finding for which no way is written.
    #[error("the playbook has no way of animating for the finding {0}")]
    NoWay(&'static str),
}

/// How a way goes, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guide {
    /// Its name.
    pub title: String,
    /// What it is, and what it brings.
    pub idea: String,
    /// How it goes: a short list.
    pub rules: Vec<String>,
    /// How it goes when people are not in one place.
    pub remote: String,
    /// How to draw people in without constraint.
    pub invite: String,
}

/// A way of animating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its identifier: stable across versions.
    pub id: String,
    /// What it is for.
    pub aims: Vec<Aim>,
    /// The findings that it answers.
    pub findings: Vec<Finding>,
    /// The kinds of community that it suits more than others; empty when it suits all alike.
    pub kinds: Vec<CommunityKind>,
    /// The objectives that it serves.
    pub measures: Vec<ObjectiveMeasure>,
    /// How long it takes.
    pub minutes: RangeInclusive<u32>,
    /// For how many people.
    pub people: RangeInclusive<u32>,
    french: Guide,
    english: Guide,
}

impl Way {
    /// How it goes, in `tongue`.
    pub const fn guide(&self, tongue: Tongue) -> &Guide {
        match tongue {
            Tongue::English => &self.english,
            Tongue::French => &self.french,
        }
    }
}

/// What a way is looked for with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occasion {
    /// The kind of the community.
    pub kind: Option<CommunityKind>,
    /// The measure of its own objective.
    pub measure: Option<ObjectiveMeasure>,
}

/// The ways of animating.
#[derive(Clone, Debug)]
pub struct Playbook(Vec<Way>);

impl Playbook {
    /// The shipped one.
    ///
    /// # Errors
    /// As [`Self::parse`]; the shipped file is checked by a test.
    pub fn shipped() -> Result<Self, PlaybookError> {
        Self::parse(SHIPPED)
    }

    /// Reads a playbook.
    ///
    /// # Errors
    /// Says which way lacks what, and which finding has no way.
    pub fn parse(text: &str) -> Result<Self, PlaybookError> {
        let tables: toml::Table = text.parse().map_err(Box::new)?;
        let ways = tables.get("way").and_then(toml::Value::as_array);
        let mut playbook = Self(Vec::new());
        for (place, value) in (1..).zip(ways.into_iter().flatten()) {
            let way = value
                .as_table()
                .and_then(|table| table.get("id"))
                .and_then(toml::Value::as_str);
            let name = way.map_or_else(|| format!("way {place}"), str::to_owned);
            let read = Entry(value).way().map_err(|what| PlaybookError::Way {
                way: name.clone(),
                what,
            })?;
            if playbook.way(&read.id).is_some() {
                let what = "this identifier stands there twice".to_owned();
                return Err(PlaybookError::Way { way: name, what });
            }
            playbook.0.push(read);
        }
        let lacks = Finding::ALL
            .iter()
            .find(|&&finding| playbook.for_finding(finding, Occasion::default()).is_empty());
        lacks.map_or(Ok(playbook), |finding| Err(PlaybookError::NoWay(finding.code())))
    }

    /// Every way, in the order of the file.
    pub fn ways(&self) -> &[Way] {
        &self.0
    }

    /// The way called `id`.
    pub fn way(&self, id: &str) -> Option<&Way> {
        self.0.iter().find(|way| way.id == id)
    }

    /// The ways that answer `finding`: those that suit the community's kind before others, then those that serve its
    /// objective, then in the order of the file. Never empty for a playbook that was read.
    pub fn for_finding(&self, finding: Finding, occasion: Occasion) -> Vec<&Way> {
        let mut ways: Vec<&Way> = self.0.iter().filter(|way| way.findings.contains(&finding)).collect();
        let suits = |way: &Way| {
            let kind = occasion.kind.is_some_and(|kind| way.kinds.contains(&kind));
            let other = !kind && !way.kinds.is_empty();
            let measure = occasion.measure.is_some_and(|measure| way.measures.contains(&measure));
            (other, !kind, !measure)
        };
        ways.sort_by_key(|way| suits(way));
        ways
    }

    /// The ways that serve an objective of this measure, those that suit the kind first.
    pub fn for_objective(&self, measure: ObjectiveMeasure, kind: Option<CommunityKind>) -> Vec<&Way> {
        let mut ways: Vec<&Way> = self.0.iter().filter(|way| way.measures.contains(&measure)).collect();
        ways.sort_by_key(|way| !kind.is_some_and(|kind| way.kinds.contains(&kind)));
        ways
    }
}

/// One way as it stands in the file.
struct Entry<'a>(&'a toml::Value);

impl<'a> Entry<'a> {
    fn way(&self) -> Result<Way, String> {
        let known = [
            "id", "aims", "findings", "kinds", "measures", "minutes", "people", "fr", "en",
        ];
        self.only(&known)?;
        let aims = self.codes("aims", Aim::of_code)?;
        if aims.is_empty() {
            return Err("`aims` names none".to_owned());
        }
        Ok(Way {
            id: self.text("id")?.to_owned(),
            aims,
            findings: self.codes("findings", Finding::of_code)?,
            kinds: self.codes("kinds", kind)?,
            measures: self.codes("measures", measure)?,
            minutes: self.range("minutes")?,
            people: self.range("people")?,
            french: self.guide("fr")?,
            english: self.guide("en")?,
        })
    }

    fn guide(&self, language: &str) -> Result<Guide, String> {
        let within = self.0.get(language).ok_or_else(|| format!("`{language}` is missing"))?;
        let entry = Entry(within);
        let within = |what: String| format!("{language}: {what}");
        entry
            .only(&["title", "idea", "rules", "remote", "invite"])
            .map_err(within)?;
        let text = |name: &str| entry.text(name).map(str::to_owned).map_err(within);
        let rules = entry.list("rules").map_err(within)?;
        if !(2..=8).contains(&rules.len()) {
            return Err(within("`rules` are two to eight".to_owned()));
        }
        Ok(Guide {
            title: text("title")?,
            idea: text("idea")?,
            rules: rules.into_iter().map(str::to_owned).collect(),
            remote: text("remote")?,
            invite: text("invite")?,
        })
    }

    fn only(&self, known: &[&str]) -> Result<(), String> {
        let table = self.0.as_table().ok_or("this is a table")?;
        let unknown = table.keys().find(|key| !known.contains(&key.as_str()));
        unknown.map_or(Ok(()), |key| {
            Err(format!("there is no key `{key}`; there are {}", known.join(", ")))
        })
    }

    fn text(&self, name: &str) -> Result<&'a str, String> {
        let text = self.0.get(name).and_then(toml::Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty())
            .ok_or_else(|| format!("`{name}` is a text that says something"))
    }

    fn list(&self, name: &str) -> Result<Vec<&'a str>, String> {
        let Some(value) = self.0.get(name) else {
            return Ok(Vec::new());
        };
        let texts = value
            .as_array()
            .into_iter()
            .flatten()
            .map(|item| item.as_str().filter(|text| !text.trim().is_empty()));
        let texts: Option<Vec<_>> = texts.collect();
        texts
            .filter(|_| value.is_array())
            .ok_or_else(|| format!("`{name}` is a list of texts"))
    }

    fn codes<T>(&self, name: &str, of_code: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
        let named = self.list(name)?;
        named
            .into_iter()
            .map(|code| of_code(code).ok_or_else(|| format!("`{name}`: there is no `{code}`")))
            .collect()
    }

    fn range(&self, name: &str) -> Result<RangeInclusive<u32>, String> {
        let bounds = self.0.get(name).and_then(toml::Value::as_array);
        let bound = |value: &toml::Value| value.as_integer().and_then(|n| u32::try_from(n).ok());
        match bounds.map(Vec::as_slice) {
            Some([from, to]) => bound(from).zip(bound(to)).filter(|(from, to)| 0 < *from && from <= to),
            _ => None,
        }
        .map(|(from, to)| from..=to)
        .ok_or_else(|| format!("`{name}` is two whole numbers, from and to"))
    }
}

fn kind(code: &str) -> Option<CommunityKind> {
    Some(match code {
        "interest" => CommunityKind::Interest,
        "practice" => CommunityKind::Practice,
        "project" => CommunityKind::Project,
        "instance" => CommunityKind::Instance,
        "watch" => CommunityKind::Watch,
        "team" => CommunityKind::Team,
        "process" => CommunityKind::Process,
        _ => return None,
    })
}

fn measure(code: &str) -> Option<ObjectiveMeasure> {
    Some(match code {
        "unanswered_rate" => ObjectiveMeasure::UnansweredRate,
        "first_answer" => ObjectiveMeasure::FirstAnswer,
        "newcomers_answered" => ObjectiveMeasure::NewcomersAnswered,
        "holders" => ObjectiveMeasure::Holders,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::tongue::rating_word;

    #[test]
    fn there_is_a_way_for_every_finding_every_objective_and_every_aim() {
        let playbook = Playbook::shipped().unwrap();
        for &finding in Finding::ALL {
            assert!(
                !playbook.for_finding(finding, Occasion::default()).is_empty(),
                "{finding:?}"
            );
        }
        let measures = [
            ObjectiveMeasure::UnansweredRate,
            ObjectiveMeasure::FirstAnswer,
            ObjectiveMeasure::NewcomersAnswered,
            ObjectiveMeasure::Holders,
        ];
        for measure in measures {
            assert!(!playbook.for_objective(measure, None).is_empty(), "{measure:?}");
        }
        for &aim in Aim::ALL {
            assert!(
                playbook.ways().iter().filter(|way| way.aims.contains(&aim)).count() >= 2,
                "{aim:?}"
            );
        }
        assert!((12..=16).contains(&playbook.ways().len()), "{}", playbook.ways().len());
    }

    #[test]
    fn every_way_is_complete_in_both_languages_and_rates_nobody() {
        for way in Playbook::shipped().unwrap().ways() {
            let [french, english] = [way.guide(Tongue::French), way.guide(Tongue::English)];
            assert_eq!(french.rules.len(), english.rules.len(), "{}", way.id);
            assert_ne!(french.title, english.title, "{}", way.id);
            assert!(!way.findings.is_empty(), "{} answers nothing", way.id);
            for guide in [french, english] {
                let texts = [&guide.title, &guide.idea, &guide.remote, &guide.invite];
                for text in texts.into_iter().chain(&guide.rules) {
                    assert_eq!(rating_word(text), None, "{}: {text}", way.id);
                    let end = text.trim_end_matches(['»', '”', '\u{a0}', ' ']).chars().last();
                    assert!(
                        text == &guide.title || end.is_some_and(|c| ".?!".contains(c)),
                        "{}: {text}",
                        way.id
                    );
                }
            }
            // French typography: the apostrophe is the curly one.
            let texts = [&french.title, &french.idea, &french.remote, &french.invite];
            assert!(
                texts.into_iter().chain(&french.rules).all(|text| !text.contains('\'')),
                "{}",
                way.id
            );
        }
    }

    #[test]
    fn what_suits_the_kind_and_the_objective_comes_first() {
        let playbook = Playbook::shipped().unwrap();
        let watch = Occasion {
            kind: Some(CommunityKind::Watch),
            measure: None,
        };
        let first = |occasion| playbook.for_finding(Finding::Quiet, occasion)[0].id.clone();
        assert_eq!(first(watch), "watch-review");
        assert_ne!(first(Occasion::default()), "watch-review");
    }

    #[test]
    fn what_is_wrong_is_told_by_its_place() {
        let guide = |language: &str| {
            format!(
                "[way.{language}]\ntitle = \"T\"\nidea = \"I.\"\nrules = [\"A.\", \"B.\"]\nremote = \"R.\"\ninvite = \"V.\"\n"
            )
        };
        let way = |head: &str, tail: &str| {
            format!(
                "[[way]]\nid = \"walk\"\naims = [\"belonging\"]\nfindings = [\"quiet\"]\nminutes = [30, 60]\npeople = [2, 9]\n{head}\n{tail}"
            )
        };
        let both = format!("{}{}", guide("fr"), guide("en"));
        for (text, part) in [
            (way("", &both), "no way of animating for the finding no_animator"),
            (way("", &guide("fr")), "walk: `en` is missing"),
            (way("kinds = [\"club\"]", &both), "`kinds`: there is no `club`"),
            (way("mood = \"good\"", &both), "there is no key `mood`"),
            (
                way("", &both).replace("[30, 60]", "[60, 30]"),
                "`minutes` is two whole numbers",
            ),
            (way("", &both).replace("\"T\"", "\" \""), "fr: `title` is a text"),
            (way("", &both).replace(", \"B.\"", ""), "fr: `rules` are two to eight"),
            (format!("{}{}", way("", &both), way("", &both)), "stands there twice"),
            ("[[way]".to_owned(), "not readable TOML"),
        ] {
            let error = Playbook::parse(&text).unwrap_err().to_string();
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
