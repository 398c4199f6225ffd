//! Simulated years as a table and as JSON.

use super::{AskRun, AskSimulation};
use crate::evaluate::metrics::rounded;
use serde_json::{Value, json};
use std::fmt;

impl AskSimulation {
    /// It as JSON, shares to four decimals.
    pub fn to_json(&self) -> Value {
        let rates = self
            .rates
            .iter()
            .map(|&(rank, rate)| json!({"to_rank": rank, "rate": rounded(rate, 4)}));
        json!({
            "model": self.model,
            "seed": self.seed,
            "questions": self.questions,
            "busiest": self.busiest,
            "base_rates": rates.collect::<Vec<_>>(),
            "runs": self.runs.iter().map(run).collect::<Vec<_>>(),
        })
    }
}

fn run(run: &AskRun) -> Value {
    let figures = &run.figures;
    json!({
        "spreading": run.spreading,
        "slope": run.slope,
        "questions": figures.questions,
        "answered": rounded(figures.answered, 4),
        "asks": figures.asks,
        "people": figures.people,
        "asks_above_cap": figures.asks_above_cap,
        "asks_while_away": figures.asks_while_away,
        "gini": rounded(figures.gini, 4),
        "top5pct_asks": rounded(figures.top5pct_asks, 4),
        "top5pct_first_three": rounded(figures.top5pct_first_three, 4),
        "busiest_first_three": rounded(figures.busiest_first_three, 4),
        "ndcg10": rounded(figures.ndcg10, 4),
        "ndcg10_lost": rounded(figures.ndcg10_lost, 4),
    })
}

impl fmt::Display for AskSimulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} questions of the last 365 days, weights {}, seed {}",
            self.questions, self.model, self.seed
        )?;
        writeln!(f)?;
        writeln!(
            f,
            "{:<9} {:>5} {:>8} {:>7} {:>9} {:>5} {:>6} {:>9} {:>12} {:>13} {:>8} {:>6}",
            "spreading",
            "slope",
            "answered",
            "asks",
            "above cap",
            "away",
            "Gini",
            "5 % asks",
            "5 % first 3",
            format!("{} busiest", self.busiest),
            "nDCG@10",
            "lost"
        )?;
        for run in &self.runs {
            let figures = &run.figures;
            writeln!(
                f,
                "{:<9} {:>5} {:>8.3} {:>7} {:>9} {:>5} {:>6.3} {:>9.3} {:>12.3} {:>13.3} {:>8.3} {:>6.3}",
                if run.spreading { "on" } else { "off" },
                run.slope,
                figures.answered,
                figures.asks,
                figures.asks_above_cap,
                figures.asks_while_away,
                figures.gini,
                figures.top5pct_asks,
                figures.top5pct_first_three,
                figures.busiest_first_three,
                figures.ndcg10,
                figures.ndcg10_lost
            )?;
        }
        Ok(())
    }
}
