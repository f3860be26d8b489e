//! What is ranked. The same figures as `metrics.py` of the evaluation, by the same definitions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Figure, Figures, Labelled, Run, Scope, mean, share};

/// Precisions, in percent, at which coverage is told.
const PRECISIONS: [u32; 4] = [80, 90, 95, 98];

/// What is ranked.
#[derive(Debug, Serialize)]
pub(crate) struct Metrics {
    /// Of the questions in scope: `hit1`, `hit3`, `hit5`, `mrr10`, `gold1`.
    #[serde(rename = "in")]
    pub(crate) of_in: Figures,
    /// The same by style.
    pub(crate) in_by_style: BTreeMap<String, Figures>,
    /// Of the vague ones: `cand5`, `cand5_raw`, `any1`.
    pub(crate) vague: Figures,
    /// `hit1` of the questions about a customer that an entry covers.
    pub(crate) account: Figures,
    /// Probability that a question in scope has a higher first score than one out of scope or small talk.
    pub(crate) auroc: Option<f64>,
    /// The same against those out of scope alone.
    pub(crate) auroc_out: Option<f64>,
    /// The same against questions about a customer.
    pub(crate) auroc_account: Option<f64>,
    /// Largest share of the questions that can be answered at a precision in percent, with the best threshold for this
    /// very file: an upper bound. By pool: `in_out_chitchat`, `in_out`.
    pub(crate) coverage: BTreeMap<&'static str, BTreeMap<u32, Coverage>>,
}

/// What can be answered at a precision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Coverage {
    /// Share of all questions of the pool.
    pub(crate) share: f64,
    /// The first score from which they are answered; none when no score gives the precision.
    pub(crate) threshold: Option<f64>,
    /// Those that are answered rightly, as a share of the questions in scope.
    pub(crate) of_in: f64,
}

pub(super) fn score(rows: &[(&Labelled, &Run)]) -> Metrics {
    let of = |scopes: &[Scope]| -> Vec<(&Labelled, &Run)> {
        rows.iter().filter(|(row, _)| scopes.contains(&row.scope)).copied().collect()
    };
    let (inside, outside, chat) = (of(&[Scope::In]), of(&[Scope::Out]), of(&[Scope::Chitchat]));
    let mut styles: BTreeMap<String, Vec<(&Labelled, &Run)>> = BTreeMap::new();
    for (row, run) in &inside {
        styles.entry(row.style.clone()).or_default().push((row, run));
    }
    let vague: Vec<_> = of(&[Scope::Vague]).into_iter().filter(|(row, _)| !row.gold.is_empty()).collect();
    let account: Vec<_> =
        of(&[Scope::Account]).into_iter().filter(|(row, _)| !row.gold.is_empty() || !row.ok.is_empty()).collect();
    let tops = |rows: &[(&Labelled, &Run)]| rows.iter().map(|(_, run)| run.top_score()).collect::<Vec<f64>>();
    let negative = [tops(&outside), tops(&chat)].concat();
    Metrics {
        of_in: hits(&inside),
        in_by_style: styles.iter().map(|(style, rows)| (style.clone(), hits(rows))).collect(),
        vague: named([
            ("cand5", mean(vague.iter().map(|(row, run)| found_in_five(row, run, row.gold.len().min(5))))),
            ("cand5_raw", mean(vague.iter().map(|(row, run)| found_in_five(row, run, row.gold.len())))),
            ("any1", share(vague.iter().map(|(row, run)| is_first_right(row, run)))),
        ]),
        account: named([("hit1", share(account.iter().map(|(row, run)| is_first_right(row, run))))]),
        auroc: auroc(&tops(&inside), &negative),
        auroc_out: auroc(&tops(&inside), &tops(&outside)),
        auroc_account: auroc(&tops(&inside), &tops(&of(&[Scope::Account]))),
        coverage: [
            ("in_out_chitchat", coverages(&of(&[Scope::In, Scope::Out, Scope::Chitchat]))),
            ("in_out", coverages(&of(&[Scope::In, Scope::Out]))),
        ]
        .into(),
    }
}

fn hits(rows: &[(&Labelled, &Run)]) -> Figures {
    let rank = |row: &Labelled, run: &Run| run.rank(|id| row.is_right(id)).filter(|rank| *rank <= 10);
    let within = |places: usize| share(rows.iter().map(|(row, run)| rank(row, run).is_some_and(|rank| rank <= places)));
    #[expect(clippy::cast_precision_loss, reason = "a rank is at most 10")]
    let reciprocal = |row: &Labelled, run: &Run| rank(row, run).map_or(0.0, |rank| 1.0 / rank as f64);
    named([
        ("hit1", within(1)),
        ("hit3", within(3)),
        ("hit5", within(5)),
        ("mrr10", mean(rows.iter().map(|(row, run)| reciprocal(row, run)))),
        ("gold1", share(rows.iter().map(|(row, run)| run.first().is_some_and(|id| row.is_gold(id))))),
    ])
}

fn named<const N: usize>(figures: [(&'static str, Option<Figure>); N]) -> Figures {
    figures.into_iter().filter_map(|(name, figure)| Some((name, figure?))).collect()
}

fn is_first_right(row: &Labelled, run: &Run) -> bool {
    run.first().is_some_and(|id| row.is_right(id))
}

#[expect(clippy::cast_precision_loss, reason = "a handful of entries")]
fn found_in_five(row: &Labelled, run: &Run, of: usize) -> f64 {
    let found = run.ranked.iter().take(5).filter(|(id, _)| row.is_gold(id)).count();
    found as f64 / of as f64
}

/// P(positive > negative), ties one half.
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 questions")]
fn auroc(positive: &[f64], negative: &[f64]) -> Option<f64> {
    if positive.is_empty() || negative.is_empty() {
        return None;
    }
    let wins: f64 = positive
        .iter()
        .flat_map(|p| {
            negative.iter().map(move |n| {
                if p > n {
                    1.0
                } else if p == n {
                    0.5
                } else {
                    0.0
                }
            })
        })
        .sum();
    Some(wins / (positive.len() * negative.len()) as f64)
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 questions")]
fn coverages(rows: &[(&Labelled, &Run)]) -> BTreeMap<u32, Coverage> {
    let inside = rows.iter().filter(|(row, _)| row.scope == Scope::In).count().max(1);
    let mut scored: Vec<(f64, bool)> = rows
        .iter()
        .map(|(row, run)| (run.top_score(), row.scope == Scope::In && is_first_right(row, run)))
        .filter(|(score, _)| *score > f64::NEG_INFINITY)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut best: BTreeMap<u32, Coverage> =
        PRECISIONS.iter().map(|precision| (*precision, Coverage::default())).collect();
    let mut right = 0_usize;
    for (place, (score, is_right)) in scored.iter().enumerate() {
        right += usize::from(*is_right);
        // Questions of one score are answered together or not at all.
        if scored.get(place + 1).is_some_and(|(next, _)| next == score) {
            continue;
        }
        let answered = place + 1;
        for (precision, coverage) in &mut best {
            if right as f64 / answered as f64 >= f64::from(*precision) / 100.0 - 1e-12 {
                *coverage = Coverage {
                    share: answered as f64 / rows.len() as f64,
                    threshold: Some(*score),
                    of_in: right as f64 / inside as f64,
                };
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_counts_ties_as_one_half() {
        assert_eq!(auroc(&[1.0, 0.5], &[0.5, 0.0]), Some(0.875));
        assert_eq!(auroc(&[1.0], &[]), None);
        assert_eq!(auroc(&[f64::NEG_INFINITY], &[f64::NEG_INFINITY]), Some(0.5));
    }
}
