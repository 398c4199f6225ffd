//! What `evaluate signals` and `evaluate defaults` need of a recommender: its queries, and how given weights do on them.

use crate::cli::failure::Failure;
use crate::cli::machine::cores;
use crate::evaluate::{Daily, DaysSettings, ExpertsSettings, Figures, Measured, SkillsSettings, days, experts, skills};
use crate::fit::{
    Ablation, Example, Joint, Kept, Learnable, Learner, Left, SkillsLearner, as_many_likely, unkept_basis,
};
use crate::recommend::{ExpertsRecommender, Recommender, SkillsRecommender};
use crate::replay::{
    BasisRule, ExpertsProtocol, Habits, Hidden, History, LinkRule, Links, Part, PastQuery as _, Protocol as _,
};

/// A recommender that is evaluated.
pub(super) trait Evaluated: Kept {
    /// What counts as a query.
    type Rule;

    /// The rule that `said` names, or that is read off `history`.
    fn rule(history: &History, said: &Said) -> Self::Rule;

    /// What the fit part of `history` teaches.
    fn taught_by(
        joint: &Joint<'_, Self>,
        history: &History,
        rule: &Self::Rule,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<Example>;

    /// `weights` that `examples` taught, as they are to be used instead of those of `prior`.
    fn to_be_used(_prior: &Self, weights: Named, _examples: &[&[Example]]) -> Named {
        weights
    }

    /// What each signal of the shipped weights earns on what comes before the test part of `history`; `None` when that is
    /// too little.
    fn ablated(
        shipped: &Self,
        history: &History,
        rule: &Self::Rule,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Ablation>;

    /// How `measured` and, beside them, the weights `of_all` do on a part of `history`.
    fn held(
        history: &History,
        rule: &Self::Rule,
        weights: (&Self, &Self),
        part: Part,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<HeldLine>;

    /// The shipped weights.
    fn default_weights() -> Result<Self, Failure> {
        Self::shipped().map_err(|error| Failure::new(error.to_string()))
    }
}

/// Weights, by the names of their signals.
pub(super) type Named = Vec<(&'static str, f64)>;

/// What is said of a place: which days count there, and which topics.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// Days of communities and co-animators.
    pub habits: Habits,
    /// Topics of projects that count as skills, where nobody is said to have any.
    pub topics: Vec<String>,
}

/// What the queries of `R` in the fit part of `history` teach.
fn of_queries<R: Learnable>(
    joint: &Joint<'_, R>,
    history: &History,
    protocol: &R::Protocol,
    progress: &mut dyn FnMut(usize, usize),
) -> Vec<Example> {
    let queries = protocol.part(Part::Fit);
    joint.examples(
        history,
        protocol,
        &queries,
        &BasisRule::Refreshed(&unkept_basis),
        progress,
    )
}

/// What each signal earns on the queries that `to_learn` finds in what came before the test part of `protocol`.
fn without_each<R: Learnable>(
    shipped: &R,
    history: &History,
    protocol: R::Protocol,
    to_learn: impl Fn(&History) -> R::Protocol,
    progress: &mut dyn FnMut(usize, usize),
) -> Option<Ablation> {
    let first = protocol.part(Part::Test).first().map(|query| query.at())?;
    drop(protocol);
    let past = history.before(first);
    let learner = Learner {
        current: shipped,
        prior: shipped,
        basis: BasisRule::Refreshed(&unkept_basis),
        since: None,
        threads: cores(),
    };
    learner.ablate(&past, &to_learn(&past), progress)
}

/// The figures of some queries of one place.
pub(super) struct HeldLine {
    /// Which queries; empty for all.
    pub group: &'static str,
    /// The best simple line, by nDCG at 10.
    pub baseline: Option<(&'static str, Figures)>,
    /// The weights of the other places.
    pub left_out: Figures,
    /// The weights of all places.
    pub of_all: Figures,
}

impl Evaluated for ExpertsRecommender {
    type Rule = ();

    fn rule(_: &History, _: &Said) {}

    fn taught_by(
        joint: &Joint<'_, Self>,
        history: &History,
        (): &(),
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<Example> {
        of_queries(joint, history, &ExpertsProtocol::of(history), progress)
    }

    fn ablated(shipped: &Self, history: &History, (): &(), progress: &mut dyn FnMut(usize, usize)) -> Option<Ablation> {
        let protocol = ExpertsProtocol::of(history);
        without_each(shipped, history, protocol, ExpertsProtocol::to_learn, progress)
    }

    fn held(
        history: &History,
        (): &(),
        (measured, of_all): (&Self, &Self),
        part: Part,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<HeldLine> {
        let settings = ExpertsSettings {
            shipped: of_all,
            measured: Measured::Given(measured),
            part,
            threads: cores(),
        };
        let report = experts(history, &settings, progress).report();
        vec![HeldLine {
            group: "",
            baseline: best(report.baselines),
            of_all: report.shipped.unwrap_or_else(|| report.figures.clone()),
            left_out: report.figures,
        }]
    }
}

impl<R: Daily + Kept> Evaluated for R {
    type Rule = <R as Daily>::Rule;

    fn rule(history: &History, said: &Said) -> Self::Rule {
        <R as Daily>::rule(history, &said.habits)
    }

    fn taught_by(
        joint: &Joint<'_, Self>,
        history: &History,
        rule: &Self::Rule,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<Example> {
        of_queries(joint, history, &R::protocol(history, rule), progress)
    }

    fn ablated(
        shipped: &Self,
        history: &History,
        rule: &Self::Rule,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Ablation> {
        let to_learn = |past: &History| R::to_learn(past, rule);
        without_each(shipped, history, R::protocol(history, rule), to_learn, progress)
    }

    fn held(
        history: &History,
        rule: &Self::Rule,
        (measured, of_all): (&Self, &Self),
        part: Part,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<HeldLine> {
        let settings = DaysSettings {
            shipped: of_all,
            measured: Measured::Given(measured),
            part,
            threads: cores(),
        };
        let groups = days(history, rule, &settings, progress).report().groups;
        let line = |group: crate::evaluate::Group| HeldLine {
            group: group.name,
            baseline: best(group.baselines),
            of_all: group.shipped.unwrap_or_else(|| group.figures.clone()),
            left_out: group.figures,
        };
        groups.into_iter().map(line).collect()
    }
}

impl Evaluated for SkillsRecommender {
    type Rule = LinkRule;

    fn rule(_: &History, said: &Said) -> LinkRule {
        LinkRule {
            topics: said.topics.clone(),
            ..LinkRule::to_learn()
        }
    }

    fn taught_by(
        joint: &Joint<'_, Self>,
        history: &History,
        rule: &LinkRule,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<Example> {
        let links = Links::of(history, rule);
        let people: Vec<&Hidden> = links.hidden(Part::Fit).collect();
        let learner = SkillsLearner {
            current: joint.prior,
            prior: joint.prior,
            threads: joint.threads,
        };
        let examples = learner.examples(&Left::of(history, &links), &people, progress);
        examples.into_iter().map(|(_, example)| example).collect()
    }

    fn to_be_used(prior: &Self, weights: Named, examples: &[&[Example]]) -> Named {
        let examples: Vec<&Example> = examples.iter().copied().flatten().collect();
        as_many_likely(prior.pipeline(), weights, &examples)
    }

    fn ablated(
        shipped: &Self,
        history: &History,
        rule: &LinkRule,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Ablation> {
        let links = Links::of(history, rule);
        let people: Vec<&Hidden> = links.hidden(Part::Fit).collect();
        let learner = SkillsLearner {
            current: shipped,
            prior: shipped,
            threads: cores(),
        };
        learner.ablate(&Left::of(history, &links), &people, progress)
    }

    fn held(
        history: &History,
        rule: &LinkRule,
        (measured, of_all): (&Self, &Self),
        part: Part,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<HeldLine> {
        let mut report = |weights| {
            let settings = SkillsSettings {
                rule,
                measured: Measured::Given(weights),
                shipped: weights,
                part,
                threads: cores(),
            };
            skills(history, &settings, progress).report()
        };
        let (left_out, all) = (report(measured), report(of_all));
        let (ours, simple) = left_out.lines.split_first().expect("ours is the first line");
        let simple = simple.iter().map(|line| (line.name, left_out.figures(line)));
        vec![HeldLine {
            group: "",
            baseline: best(simple.collect()),
            left_out: left_out.figures(ours),
            of_all: all.figures(&all.lines[0]),
        }]
    }
}

/// The best of some lines, by nDCG at 10; the first of equal ones.
fn best(lines: Vec<(&'static str, Figures)>) -> Option<(&'static str, Figures)> {
    lines
        .into_iter()
        .reduce(|best, line| if line.1.ndcg10 > best.1.ndcg10 { line } else { best })
}

/// The recommender called `name`, on the command line.
pub(in crate::cli) fn recommender(name: &str) -> Result<Recommender, String> {
    Recommender::named(name).ok_or_else(|| {
        let known: Vec<&str> = Recommender::ALL.iter().map(|recommender| recommender.name()).collect();
        format!("known are {}", known.join(", "))
    })
}
