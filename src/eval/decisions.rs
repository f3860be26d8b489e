//! What is decided. The same figures as `decisions.py` of the evaluation, by the same definitions.

use super::{Figures, Labelled, Run, Scope, share};

/// Whether an answer is wrong; `None` when nothing was answered.
pub(super) fn is_wrong(row: &Labelled, run: &Run) -> Option<bool> {
    let id = run.answer_or_first();
    let is_good = match row.scope {
        Scope::In | Scope::Account | Scope::Vague => id.is_some_and(|id| row.is_right(id)),
        Scope::Out => id.is_some_and(|id| row.is_ok(id)),
        Scope::Chitchat => false,
    };
    (run.decision == "answer").then_some(!is_good)
}

pub(super) fn score(rows: &[(&Labelled, &Run)]) -> Figures {
    let of = |scope: Scope| rows.iter().filter(move |(row, _)| row.scope == scope);
    let at_once = |row: &Labelled, run: &Run| {
        run.decision == "answer" && run.answer_or_first().is_some_and(|id| row.is_right(id))
    };
    let offered =
        |row: &Labelled, run: &Run| run.decision == "clarify" && run.options.iter().take(3).any(|id| row.is_right(id));
    let wrong = rows.iter().filter_map(|(row, run)| is_wrong(row, run));
    let vague_clarified = |row: &Labelled, run: &Run| match run.decision {
        "clarify" => run.options.iter().any(|id| row.is_gold(id)),
        "answer" => run.answer_or_first().is_some_and(|id| row.is_gold(id)),
        _ => false,
    };
    let out_answered =
        |row: &Labelled, run: &Run| run.decision == "answer" && !run.answer_or_first().is_some_and(|id| row.is_ok(id));
    let within =
        |row: &Labelled, run: &Run, places: usize| run.rank(|id| row.is_right(id)).is_some_and(|rank| rank <= places);
    [
        ("rank1", share(of(Scope::In).map(|(row, run)| within(row, run, 1)))),
        ("rank3", share(of(Scope::In).map(|(row, run)| within(row, run, 3)))),
        ("at_once", share(of(Scope::In).map(|(row, run)| at_once(row, run)))),
        ("in_two_turns", share(of(Scope::In).map(|(row, run)| at_once(row, run) || offered(row, run)))),
        ("wrong_share", share(wrong)),
        ("out_answered", share(of(Scope::Out).map(|(row, run)| out_answered(row, run)))),
        ("vague_clarified", share(of(Scope::Vague).map(|(row, run)| vague_clarified(row, run)))),
        ("chitchat", share(of(Scope::Chitchat).map(|(_, run)| matches!(run.decision, "smalltalk" | "handoff")))),
        ("account_lookup", share(of(Scope::Account).map(|(_, run)| run.decision == "lookup"))),
        ("in_lookup", share(of(Scope::In).map(|(_, run)| run.decision == "lookup"))),
    ]
    .into_iter()
    .filter_map(|(name, figure)| Some((name, figure?)))
    .collect()
}
