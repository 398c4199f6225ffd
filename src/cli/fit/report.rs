//! What became of lessons, for programs and for people.

use crate::app::{Fate, FitOutcome, FitReason, Verdict};
use crate::calendar::rfc3339;
use crate::fit::{Apart, Check, Learnt};
use crate::recommend::Recommender;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Weights that are shown when they move.
const MOVED: usize = 6;

/// What is learnt from, for `which`.
pub(super) const fn queries(which: Recommender) -> &'static str {
    match which {
        Recommender::Experts => "questions",
        Recommender::Communities => "days on which somebody joined",
        Recommender::CoAnimators => "days on which somebody began to animate",
        Recommender::Search => "tags that people went on answering under",
        Recommender::Skills => "people with stated skills",
    }
}

/// What was decided of what a file taught.
pub(super) struct Judged {
    verdict: &'static str,
    reason: Option<FitReason>,
    /// Why, in a sentence.
    pub(super) why: String,
}

impl Judged {
    pub(super) fn taken() -> Self {
        Self {
            verdict: "adopted",
            reason: None,
            why: "these weights may be taken".to_owned(),
        }
    }

    pub(super) fn refused(reason: FitReason, which: Recommender) -> Self {
        Self {
            verdict: "refused",
            reason: Some(reason),
            why: reason.sentence(which),
        }
    }
}

/// All recommenders in one object: that of people who could answer at the top, the others beside it under their sections.
pub(super) fn whole(each: impl Iterator<Item = (Recommender, Value)>) -> Value {
    let (mut all, mut beside) = (Map::new(), Map::new());
    for (which, told) in each {
        match (which, told) {
            (Recommender::Experts, Value::Object(keys)) => all.extend(keys),
            (which, told) => drop(beside.insert(which.section().to_owned(), told)),
        }
    }
    all.extend(beside);
    Value::Object(all)
}

/// What a file taught one recommender.
pub(super) fn of_file(judged: &Judged, model: &str, learnt: Option<&Learnt>, before: &[(&'static str, f64)]) -> Value {
    json!({
        "verdict": judged.verdict,
        "reason": judged.reason.map(FitReason::code),
        "why": judged.why,
        "model": model,
        "learnt": learnt.map(|learnt| learnt_json(learnt, before)),
    })
}

/// What became of a lesson, for programs and for [`report`].
pub fn json(outcome: &FitOutcome) -> Value {
    whole(outcome.each.iter().map(|fate| (fate.which, fate_json(outcome, fate))))
}

fn fate_json(outcome: &FitOutcome, fate: &Fate) -> Value {
    let (verdict, reason) = match fate.verdict {
        Verdict::Adopted => ("adopted", None),
        Verdict::BasisAlone(reason) => ("basis_alone", Some(reason)),
        Verdict::Refused(reason) => ("refused", Some(reason)),
    };
    let before = outcome.before.of(fate.which).weights();
    let shelf = outcome.after.of(fate.which);
    let kept = shelf.newest_first().next().filter(|_| verdict != "refused");
    json!({
        "verdict": verdict,
        "reason": reason.map(FitReason::code),
        "why": sentence(outcome, fate),
        "model": shelf.name(),
        "version": kept.map(|model| model.version),
        "terms": kept.map(|model| model.terms),
        "learnt": fate.learnt.as_ref().map(|learnt| learnt_json(learnt, &before)),
    })
}

/// What became of a lesson for one recommender, and why.
pub fn sentence(outcome: &FitOutcome, fate: &Fate) -> String {
    let shelf = outcome.after.of(fate.which);
    let newest = shelf.newest_first().next().map_or(0, |model| model.version);
    let mut text = match fate.verdict {
        Verdict::Adopted => format!("adopted as version {newest}"),
        Verdict::BasisAlone(reason) => format!(
            "what questions are about is adopted as version {newest}, and the weights stay as they are: {}",
            reason.sentence(fate.which)
        ),
        Verdict::Refused(reason) => return format!("refused: {}", reason.sentence(fate.which)),
    };
    if let Some(pinned) = shelf.pinned() {
        let _ = write!(
            text,
            "; not in use, because version {pinned} is pinned: `antenne models unpin`"
        );
        if fate.which != Recommender::Experts {
            text.truncate(text.len() - 1);
            let _ = write!(text, " --recommender {}`", fate.which.name());
        }
    } else if shelf.given().is_some() {
        text.push_str("; its weights are not used, because the configuration gives others");
    }
    text
}

fn learnt_json(learnt: &Learnt, before: &[(&'static str, f64)]) -> Value {
    let mut moved: Vec<_> = before
        .iter()
        .zip(&learnt.weights)
        .map(|(&(signal, before), &(_, after))| (signal, before, after))
        .collect();
    moved.sort_by(|a, b| (b.2 - b.1).abs().total_cmp(&(a.2 - a.1).abs()).then(a.0.cmp(b.0)));
    let signal =
        |(signal, before, after): (&str, f64, f64)| json!({"signal": signal, "before": before, "after": after});
    let tried = learnt
        .tried
        .iter()
        .map(|trial| json!({"pull": trial.pull, "ndcg10": trial.worth, "share": trial.share}));
    json!({
        "examples": learnt.examples,
        "first": rfc3339(learnt.span.0),
        "last": rfc3339(learnt.span.1),
        "pull": learnt.pull,
        "folds": tried.collect::<Vec<_>>(),
        "check": check_json(&learnt.check),
        "apart": learnt.apart.iter().map(apart_json).collect::<Vec<_>>(),
        "weights": moved.into_iter().map(signal).collect::<Vec<_>>(),
    })
}

fn apart_json(apart: &Apart) -> Value {
    json!({
        "group": apart.group,
        "examples": apart.examples,
        "pull": apart.pull,
        "taken": apart.check.passed(),
        "check": check_json(&apart.check),
    })
}

fn check_json(check: &Check) -> Value {
    json!({
        "questions": check.questions,
        "current": check.current,
        "learnt": check.learnt,
        "low": check.interval.0,
        "high": check.interval.1,
    })
}

/// The same for people, recommender by recommender.
pub(super) fn report(outcome: &Value) -> String {
    let mut text = String::new();
    for which in Recommender::ALL {
        let told = match which {
            Recommender::Experts => outcome,
            beside => &outcome[beside.section()],
        };
        if told["why"].is_string() {
            let _ = writeln!(text, "{}{}:", if text.is_empty() { "" } else { "\n" }, which.name());
            one(told, which, &mut text);
        }
    }
    text
}

/// What became of one. Writing into a string cannot fail.
fn one(outcome: &Value, which: Recommender, text: &mut String) {
    let learnt = &outcome["learnt"];
    if learnt.is_object() {
        figures(learnt, which, text);
        text.push_str("weights that move most:\n");
        for moved in learnt["weights"].as_array().into_iter().flatten().take(MOVED) {
            let _ = writeln!(
                text,
                "  {:<20}{:>9.3} → {:.3}",
                moved["signal"].as_str().unwrap_or_default(),
                number(&moved["before"]),
                number(&moved["after"])
            );
        }
    }
    let _ = writeln!(
        text,
        "{}\nmodel {}",
        outcome["why"].as_str().unwrap_or_default(),
        outcome["model"].as_str().unwrap_or_default()
    );
}

/// What was learnt apart, and how it did. Writing into a string cannot fail.
fn groups(learnt: &Value, text: &mut String) {
    for apart in learnt["apart"].as_array().into_iter().flatten() {
        let check = &apart["check"];
        let _ = writeln!(
            text,
            "  {} apart, from {}, pull {}: {:.3} on the newest {}, and {:.3} with the weights in use; {}",
            apart["group"].as_str().unwrap_or_default(),
            apart["examples"],
            apart["pull"],
            number(&check["learnt"]),
            check["questions"],
            number(&check["current"]),
            if apart["taken"] == true { "taken" } else { "not taken" }
        );
    }
}

/// From what was learnt, and how it did. Writing into a string cannot fail.
fn figures(learnt: &Value, which: Recommender, text: &mut String) {
    let queries = queries(which);
    let day = |name: &str| {
        let at = learnt[name].as_str().unwrap_or_default();
        at.get(..10).unwrap_or(at).to_owned()
    };
    let _ = writeln!(
        text,
        "learnt from {} {queries}, {} to {}",
        learnt["examples"],
        day("first"),
        day("last")
    );
    let folds = || learnt["folds"].as_array().into_iter().flatten();
    let is_mean = folds().filter(|fold| number(&fold["share"]) > 0.0).count() > 1;
    let fold = |fold: &Value| {
        let (figure, share) = (number(&fold["ndcg10"]), number(&fold["share"]));
        let share = if is_mean && share > 0.0 {
            format!(" ({:.0} %)", 100.0 * share)
        } else {
            String::new()
        };
        format!("{} → {figure:.3}{share}", fold["pull"])
    };
    let taken = if is_mean {
        "the mean of their weights, by these shares".to_owned()
    } else {
        learnt["pull"].to_string()
    };
    let _ = writeln!(
        text,
        "nDCG@10 on the folds, by pull: {}; taken: {taken}",
        folds().map(fold).collect::<Vec<_>>().join(", "),
    );
    let check = &learnt["check"];
    if check["questions"].as_u64() > Some(0) {
        let _ = writeln!(
            text,
            "nDCG@10 on the newest {} {queries}: {:.3}, and {:.3} with the weights in use; the difference lies in {:+.3} \
             to {:+.3}",
            check["questions"],
            number(&check["learnt"]),
            number(&check["current"]),
            number(&check["low"]),
            number(&check["high"])
        );
    }
    groups(learnt, text);
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::fit::Trial;
    use crate::recommend::{Calibration, ExpertsRecommender};

    pub fn learnt() -> Learnt {
        let shipped = ExpertsRecommender::shipped().unwrap();
        let bent = |(n, (name, weight)): (usize, (&'static str, f64))| (name, weight * (1.0 + n as f64 / 7e5));
        Learnt {
            weights: shipped.pipeline().weights().enumerate().map(bent).collect(),
            calibration: Calibration {
                slope: 1.0,
                offset: 0.0,
            },
            pull: 0.003,
            tried: vec![Trial {
                pull: 0.003,
                worth: 0.5,
                share: 1.0,
            }],
            examples: 99,
            span: (Timestamp::from_micros(0), Timestamp::from_micros(86_400_000_000)),
            check: Check {
                questions: 59,
                questions_min: 0,
                current: 0.25,
                learnt: 0.5,
                interval: (0.125, 0.375),
            },
            apart: Vec::new(),
        }
    }

    #[test]
    fn a_report_says_what_moved_and_what_became_of_it() {
        let mut after = learnt();
        after.weights[4].1 += 3.0;
        let before = learnt().weights;
        let text = report(
            &json!({"why": "adopted as version 2", "model": "learnt-x", "learnt": learnt_json(&after, &before)}),
        );
        assert!(
            text.starts_with("experts:\nlearnt from 99 questions, 1970-01-01 to 1970-01-02\n"),
            "{text}"
        );
        assert!(
            text.contains(
                "newest 59 questions: 0.500, and 0.250 with the weights in use; the difference lies in +0.125 to +0.375"
            ),
            "{text}"
        );
        let moved = text.lines().skip_while(|line| !line.starts_with("weights")).nth(1);
        assert!(moved.is_some_and(|line| line.contains(before[4].0)), "{text}");
        assert!(text.ends_with("adopted as version 2\nmodel learnt-x\n"), "{text}");
        let nothing = report(&json!({"why": "refused: x", "model": "default-x", "learnt": null}));
        assert_eq!(nothing, "experts:\nrefused: x\nmodel default-x\n");
    }

    #[test]
    fn one_pull_is_named_and_a_mean_tells_its_shares() {
        let told = |learnt: &Learnt| {
            report(&json!({"why": "refused: x", "model": "x", "learnt": learnt_json(learnt, &learnt.weights)}))
        };
        let mut learnt = learnt();
        let trial = |pull, worth, share| Trial { pull, worth, share };
        learnt.tried = vec![trial(0.1, 0.25, 0.0), trial(0.003, 0.5, 1.0)];
        let text = told(&learnt);
        assert!(
            text.contains("by pull: 0.1 → 0.250, 0.003 → 0.500; taken: 0.003\n"),
            "{text}"
        );
        learnt.tried = vec![trial(0.1, 0.25, 0.0), trial(0.01, 0.5, 0.75), trial(0.003, 0.5, 0.25)];
        let text = told(&learnt);
        assert!(
            text.contains(
                "by pull: 0.1 → 0.250, 0.01 → 0.500 (75 %), 0.003 → 0.500 (25 %); taken: the mean of their weights, by \
                 these shares\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn what_is_learnt_apart_is_told_group_by_group() {
        let mut learnt = learnt();
        let lost = Check {
            learnt: 0.125,
            ..learnt.check.clone()
        };
        let apart = |group: &str, pull, check| Apart {
            group: group.to_owned(),
            examples: 45,
            pull,
            check,
        };
        learnt.apart = vec![apart("cold", 0.1, learnt.check.clone()), apart("warm", 1.0, lost)];
        let told =
            json!({"why": "adopted as version 2", "model": "x", "learnt": learnt_json(&learnt, &learnt.weights)});
        let text = report(&told);
        assert!(
            text.contains(
                "\n  cold apart, from 45, pull 0.1: 0.500 on the newest 59, and 0.250 with the weights in use; taken\n"
            ),
            "{text}"
        );
        assert!(text.contains("with the weights in use; not taken\n"), "{text}");
    }

    #[test]
    fn the_others_stand_beside_those_who_could_answer() {
        let told = |why: &str| json!({"why": why, "model": "m", "learnt": null});
        let all = whole(Recommender::ALL.into_iter().map(|which| (which, told(which.name()))));
        assert_eq!(
            (&all["why"], &all["co_animators"]["why"]),
            (&json!("experts"), &json!("co-animators"))
        );
        let each = Recommender::ALL.map(|which| format!("{0}:\n{0}\nmodel m\n", which.name()));
        assert_eq!(report(&all), each.join("\n"));
    }
}
