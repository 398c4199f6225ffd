//! What is known of a model beside its bytes, as the TOML text that is kept with them.
//!
//! Numbers are written so that the same bits are read again: a restart changes no answer. Tables and names that are not
//! known are passed over; a signal without a weight weighs nothing.

use crate::domain::Timestamp;
use crate::fit::{Apart, Check, Learnt, Trial};
use crate::recommend::Calibration;
use toml::{Table, Value};

/// A model that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its number, from 1 on.
    pub version: u64,
    /// When it was made.
    pub made: Timestamp,
    /// Its weights, and how they were learnt; `None` when they are those that the program ships.
    pub learnt: Option<Learnt>,
    /// How many terms its latent basis knows; 0 without one.
    pub terms: u64,
    /// A few digits that stand for its basis; `None` without one.
    pub mark: Option<String>,
}

/// `model` as text, its weights in `section`.
pub(super) fn encode(model: &Model, section: &str) -> String {
    let mut all = Table::new();
    all.insert("made".to_owned(), Value::Integer(model.made.micros()));
    if let Some(mark) = &model.mark {
        let basis = [
            ("terms", Value::Integer(model.terms as i64)),
            ("mark", Value::String(mark.clone())),
        ];
        all.insert("basis".to_owned(), table(basis));
    }
    if let Some(learnt) = &model.learnt {
        all.insert("learnt".to_owned(), learning(learnt));
        let weights = learnt
            .weights
            .iter()
            .map(|&(name, weight)| (name, Value::Float(weight)));
        all.insert(section.to_owned(), table(weights));
    }
    all.to_string()
}

fn table<'n>(pairs: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value));
    Value::Table(pairs.collect())
}

fn learning(learnt: &Learnt) -> Value {
    let tried = learnt.tried.iter();
    let tried = tried.map(|trial| floats(&[trial.pull, trial.worth, trial.share]));
    table([
        ("examples", Value::Integer(learnt.examples as i64)),
        ("first", Value::Integer(learnt.span.0.micros())),
        ("last", Value::Integer(learnt.span.1.micros())),
        ("pull", Value::Float(learnt.pull)),
        ("tried", Value::Array(tried.collect())),
        ("slope", Value::Float(learnt.calibration.slope)),
        ("offset", Value::Float(learnt.calibration.offset)),
        ("check", checked(&learnt.check)),
        ("apart", Value::Array(learnt.apart.iter().map(apart).collect())),
    ])
}

fn apart(apart: &Apart) -> Value {
    table([
        ("group", Value::String(apart.group.clone())),
        ("examples", Value::Integer(apart.examples as i64)),
        ("pull", Value::Float(apart.pull)),
        ("check", checked(&apart.check)),
    ])
}

fn checked(check: &Check) -> Value {
    table([
        ("questions", Value::Integer(check.questions as i64)),
        ("questions_min", Value::Integer(check.questions_min as i64)),
        ("current", Value::Float(check.current)),
        ("learnt", Value::Float(check.learnt)),
        ("interval", floats(&[check.interval.0, check.interval.1])),
    ])
}

fn floats(numbers: &[f64]) -> Value {
    Value::Array(numbers.iter().map(|&number| Value::Float(number)).collect())
}

/// The model that [`encode`] wrote, with a weight for each of `names`; `None` when the text is of another form.
pub(super) fn decode(version: u64, text: &str, section: &str, names: &[&'static str]) -> Option<Model> {
    let all: Table = text.parse().ok()?;
    let learnt = match all.get("learnt") {
        Some(learning) => Some(learnt(learning.as_table()?, all.get(section)?.as_table()?, names)?),
        None => None,
    };
    let (terms, mark) = match all.get("basis") {
        Some(basis) => (
            whole(basis.as_table()?, "terms")?,
            Some(basis.get("mark")?.as_str()?.to_owned()),
        ),
        None => (0, None),
    };
    Some(Model {
        version,
        made: instant(&all, "made")?,
        learnt,
        terms,
        mark,
    })
}

fn learnt(learning: &Table, weights: &Table, names: &[&'static str]) -> Option<Learnt> {
    let weight = |name: &&'static str| Some((*name, weights.get(*name).map_or(Some(0.0), number)?));
    let pull = float(learning, "pull")?;
    Some(Learnt {
        weights: names.iter().map(weight).collect::<Option<_>>()?,
        calibration: Calibration {
            slope: float(learning, "slope")?,
            offset: float(learning, "offset")?,
        },
        pull,
        tried: learning
            .get("tried")?
            .as_array()?
            .iter()
            .map(|told| trial(told, pull))
            .collect::<Option<_>>()?,
        examples: whole(learning, "examples")? as usize,
        span: (instant(learning, "first")?, instant(learning, "last")?),
        check: check(learning)?,
        // Nothing was learnt apart before this was told.
        apart: learning
            .get("apart")
            .map_or(Some(&[][..]), |groups| groups.as_array().map(Vec::as_slice))?
            .iter()
            .map(|group| of_group(group.as_table()?))
            .collect::<Option<_>>()?,
    })
}

/// One pull as it did on the folds. Before shares were told, the one that was taken had all of it.
fn trial(told: &Value, taken: f64) -> Option<Trial> {
    let told = told.as_array()?.iter().map(number).collect::<Option<Vec<_>>>()?;
    match told[..] {
        [pull, worth, share] => Some(Trial { pull, worth, share }),
        [pull, worth] => Some(Trial {
            pull,
            worth,
            share: f64::from(u8::from(pull.to_bits() == taken.to_bits())),
        }),
        _ => None,
    }
}

fn of_group(told: &Table) -> Option<Apart> {
    Some(Apart {
        group: told.get("group")?.as_str()?.to_owned(),
        examples: whole(told, "examples")? as usize,
        pull: float(told, "pull")?,
        check: check(told)?,
    })
}

fn check(told: &Table) -> Option<Check> {
    let check = told.get("check")?.as_table()?;
    Some(Check {
        questions: whole(check, "questions")? as usize,
        questions_min: whole(check, "questions_min")? as usize,
        current: float(check, "current")?,
        learnt: float(check, "learnt")?,
        interval: pair(check.get("interval")?)?,
    })
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().filter(|number| number.is_finite())
}

fn float(table: &Table, name: &str) -> Option<f64> {
    number(table.get(name)?)
}

fn whole(table: &Table, name: &str) -> Option<u64> {
    u64::try_from(table.get(name)?.as_integer()?).ok()
}

fn instant(table: &Table, name: &str) -> Option<Timestamp> {
    table.get(name)?.as_integer().map(Timestamp::from_micros)
}

fn pair(value: &Value) -> Option<(f64, f64)> {
    match value.as_array()?.as_slice() {
        [a, b] => Some((number(a)?, number(b)?)),
        _ => None,
    }
}

/// A choice among models as text: what was done, when, and which version is pinned by it.
pub(super) fn choice(what: &str, at: Timestamp, pinned: Option<u64>) -> String {
    let mut all = Table::new();
    all.insert("did".to_owned(), Value::String(what.to_owned()));
    all.insert("at".to_owned(), Value::Integer(at.micros()));
    if let Some(version) = pinned {
        all.insert("pinned".to_owned(), Value::Integer(version as i64));
    }
    all.to_string()
}

/// The version that [`choice`] pinned.
pub(super) fn pinned(text: &str) -> Option<u64> {
    whole(&text.parse().ok()?, "pinned")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const SECTION: &str = "communities";
    pub(crate) const NAMES: [&str; 3] = ["similar_vote", "recency", "newcomer"];

    /// Weights whose bits are awkward to write in decimal.
    pub(crate) fn learnt() -> Learnt {
        let check = Check {
            questions: 288,
            questions_min: 40,
            current: 0.4,
            learnt: 0.7 / 3.0,
            interval: (-1e-17, 5e16),
        };
        let apart = |group: &str, pull| Apart {
            group: group.to_owned(),
            examples: 240,
            pull,
            check: check.clone(),
        };
        let trial = |pull, worth, share| Trial { pull, worth, share };
        Learnt {
            apart: vec![apart("cold", 0.1 + 0.2), apart("warm", 1.0)],
            weights: vec![(NAMES[0], 0.1 + 0.2), (NAMES[1], 1e-300), (NAMES[2], -1.0 / 3.0)],
            calibration: Calibration {
                slope: 1.0,
                offset: -0.0,
            },
            pull: 0.000_3,
            tried: vec![trial(0.1, 1.0, 0.3), trial(0.000_3, 2.0 / 3.0, 0.1 + 0.2)],
            examples: 480,
            span: (
                Timestamp::from_micros(-5),
                Timestamp::from_micros(1_700_000_000_000_001),
            ),
            check,
        }
    }

    fn model(learnt: Option<Learnt>) -> Model {
        Model {
            version: 3,
            made: Timestamp::from_micros(1_772_442_030_000_000),
            mark: learnt.as_ref().map(|_| "0a1b2c".to_owned()),
            terms: learnt.as_ref().map_or(0, |_| 812),
            learnt,
        }
    }

    #[test]
    fn what_was_written_is_read_to_the_bit() {
        for model in [model(Some(learnt())), model(None)] {
            let text = encode(&model, SECTION);
            let again = decode(3, &text, SECTION, &NAMES).unwrap_or_else(|| panic!("unreadable: {text}"));
            assert_eq!(again, model, "{text}");
            let bits = |model: &Model| {
                let learnt = model.learnt.iter().flat_map(|learnt| &learnt.weights);
                learnt.map(|(_, weight)| weight.to_bits()).collect::<Vec<_>>()
            };
            assert_eq!(bits(&again), bits(&model));
        }
    }

    #[test]
    fn before_shares_were_told_the_pull_that_was_taken_had_all() {
        let mut text: Table = encode(&model(Some(learnt())), SECTION).parse().unwrap();
        let tried = Value::Array(vec![floats(&[0.1, 1.0]), floats(&[0.000_3, 0.5])]);
        text["learnt"].as_table_mut().unwrap().insert("tried".to_owned(), tried);
        let read = decode(3, &text.to_string(), SECTION, &NAMES).and_then(|model| model.learnt);
        let told: Vec<_> = read
            .unwrap()
            .tried
            .iter()
            .map(|trial| (trial.pull, trial.share))
            .collect();
        assert_eq!(told, [(0.1, 0.0), (0.000_3, 1.0)]);
    }

    #[test]
    fn a_signal_that_is_new_weighs_nothing_and_one_that_is_gone_is_passed_over() {
        let text = encode(&model(Some(learnt())), SECTION);
        let other = decode(3, &text, SECTION, &["recency", "brand_new"]).and_then(|model| model.learnt);
        assert_eq!(other.unwrap().weights, [("recency", 1e-300), ("brand_new", 0.0)]);
    }

    #[test]
    fn text_of_another_form_is_no_model() {
        let text = encode(&model(Some(learnt())), SECTION);
        for bad in [
            "",
            "made = 1 =",
            "made = \"today\"",
            &text.replace("pull", "push"),
            &text.replace("1.0", "nan"),
        ] {
            assert_eq!(decode(1, bad, SECTION, &NAMES), None, "{bad}");
        }
    }

    #[test]
    fn a_choice_says_what_it_pins() {
        let at = Timestamp::from_micros(9);
        assert_eq!(pinned(&choice("pin", at, Some(4))), Some(4));
        assert_eq!(pinned(&choice("rollback", at, Some(0))), Some(0));
        assert_eq!(pinned(&choice("unpin", at, None)), None);
        assert_eq!(pinned("nonsense ="), None);
    }
}
