//! Figures as CSV, as spreadsheets in French read it. No cell is a formula.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::super::{Refusal, Signed};
use super::load::{self, Wanted};
use crate::app::App;
use crate::statistics::Figures;
use crate::text::statistics as text;

/// `GET /console/statistiques/export`
pub(in crate::console) async fn export(
    State(app): State<App>,
    _: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let period = wanted.period(&app.conversations.support.zone);
    let loaded = load::load(&app, period).await?;
    let figures = |name: String, one: &Figures| {
        let numbers = [one.questions, one.answered, one.clarified, one.unanswered, one.escalated];
        let judged = [one.helpful, one.unhelpful, one.given, one.lasting];
        let mut cells = vec![name];
        cells.extend(numbers.iter().chain(&judged).map(ToString::to_string));
        cells
    };
    let mut lines: Vec<Vec<String>> = vec![text::EXPORT_FIGURES.map(str::to_owned).into()];
    let name = match wanted.quoi.as_str() {
        "fiches" => {
            let engine = app.live.engine();
            lines = vec![text::EXPORT_ENTRIES.map(str::to_owned).into()];
            lines.extend(loaded.entries.iter().map(|one| {
                let known = engine.knowledge_base().entry(&one.entry);
                let (question, category) =
                    known.map(|entry| (entry.question.clone(), entry.category.clone())).unwrap_or_default();
                let numbers = [one.sums.turns, one.sums.helpful, one.sums.unhelpful, one.sums.given, one.sums.lasting];
                let mut cells = vec![one.entry.clone(), question, category];
                cells.extend(numbers.map(|number| number.to_string()));
                cells
            }));
            "fiches"
        }
        "canaux" => {
            lines.extend(loaded.now.by_channel.iter().map(|(name, one)| figures(text::channel(name).to_owned(), one)));
            "canaux"
        }
        "heures" => {
            let hours = loaded.now.by_hour.iter().enumerate();
            lines.extend(hours.map(|(hour, one)| figures(text::hour(hour), one)));
            "heures"
        }
        _ => {
            let day = |day| figures(format!("{day}"), &loaded.now.by_day.get(&day).copied().unwrap_or_default());
            lines.extend(period.each().map(day));
            "jours"
        }
    };
    let file = format!("attachment; filename=\"guichet-{name}-{}-{}.csv\"", period.first, period.last);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, csv(&lines)).into_response())
}

/// Cells between semicolons, after a mark that says UTF-8.
fn csv(lines: &[Vec<String>]) -> String {
    let line = |cells: &Vec<String>| cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(";");
    let all: Vec<String> = lines.iter().map(line).collect();
    format!("\u{feff}{}\r\n", all.join("\r\n"))
}

/// A cell. What a spreadsheet would compute is told to be text.
fn quoted(cell: &str) -> String {
    let is_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let safe = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains([';', '"', '\n', '\r', ',']) || is_formula {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_separators_are_quoted() {
        for (cell, expected) in [
            ("Comment résilier ?", "Comment résilier ?"),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-2", "\"'-2\""),
            ("a;b", "\"a;b\""),
            ("dit \"oui\"", "\"dit \"\"oui\"\"\""),
        ] {
            assert_eq!(quoted(cell), expected);
        }
        assert_eq!(csv(&[vec!["a".into(), "b".into()], vec!["1".into(), "2".into()]]), "\u{feff}a;b\r\n1;2\r\n");
    }
}
