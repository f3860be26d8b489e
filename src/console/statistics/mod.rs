//! Figures of a period: what was asked, what became of it, and when.

mod chart;
mod export;
mod load;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;

pub(super) use export::export;

use super::refusal::render;
use super::{Frame, Refusal, Signed};
use crate::app::App;
use crate::model::Permission;
use crate::statistics::{Figures, Period, within};
use crate::text::statistics as text;
use load::{Loaded, Wanted};

/// The section of the menu.
const HERE: &str = "/console/statistiques";
/// Entries that are shown; the export has all.
const SHOWN: usize = 15;
/// Longer periods are drawn by week.
const MOST_DAYS: i64 = 45;

/// One figure with what it was before.
struct Tile {
    name: &'static str,
    value: String,
    detail: String,
    /// Against the period before.
    change: String,
    help: &'static str,
}

/// A line of a table: a name, then its figures as text.
pub(super) struct Line {
    name: String,
    cells: Vec<String>,
}

/// A chart and its table.
struct Chart {
    id: &'static str,
    title: &'static str,
    /// Made here of numbers and of texts that are escaped.
    svg: String,
    head: Vec<&'static str>,
    lines: Vec<Line>,
}

/// An entry with its figures.
struct EntryLine {
    id: String,
    title: String,
    category: String,
    given: String,
    helpful: String,
    lasting: String,
}

#[derive(Template)]
#[template(path = "statistics.html")]
struct StatisticsPage {
    frame: Frame,
    period: String,
    days: i64,
    first: String,
    last: String,
    is_custom: bool,
    tiles: Vec<Tile>,
    charts: Vec<Chart>,
    entries: Vec<EntryLine>,
    more: usize,
    categories: Vec<Line>,
    channels: Vec<Line>,
    may_see_gaps: bool,
}

/// `GET /console/statistiques`
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let zone = &app.conversations.support.zone;
    let period = wanted.period(zone);
    let loaded = load::load(&app, period).await?;
    let engine = app.live.engine();
    let knowledge = engine.knowledge_base();
    let entry = |one: &crate::model::EntrySums| {
        let known = knowledge.entry(&one.entry);
        EntryLine {
            id: one.entry.clone(),
            title: known.map_or_else(|| one.entry.clone(), |entry| entry.question.clone()),
            category: known.map_or_else(String::new, |entry| entry.category.clone()),
            given: text::number(one.sums.turns),
            helpful: text::share(crate::statistics::percent(one.sums.helpful, one.sums.helpful + one.sums.unhelpful)),
            lasting: text::share(crate::statistics::percent(one.sums.lasting, one.sums.given)),
        }
    };
    let page = StatisticsPage {
        frame: Frame::new(text::STATISTICS, HERE, &signed),
        period: text::period(period.first, period.last),
        days: period.days(),
        first: period.first.to_string(),
        last: period.last.to_string(),
        is_custom: wanted.is_custom(),
        tiles: tiles(&loaded),
        charts: vec![by_day(&loaded, period), by_hour(&loaded)],
        entries: loaded.entries.iter().take(SHOWN).map(entry).collect(),
        more: loaded.entries.len().saturating_sub(SHOWN),
        categories: loaded.by_category(knowledge).into_iter().map(|(name, turns)| line(name, &[turns])).collect(),
        channels: loaded.now.by_channel.iter().map(|(name, one)| figures(text::channel(name), one)).collect(),
        may_see_gaps: signed.may(Permission::ReadRequests),
    };
    Ok(render(&page))
}

fn tiles(loaded: &Loaded) -> Vec<Tile> {
    let (now, before) = (&loaded.now.whole, &loaded.before);
    let part = |name, help, count: fn(&Figures) -> i64| Tile {
        name,
        value: text::share(now.share(count(now))),
        detail: text::number(count(now)),
        change: text::change(now.share(count(now)), before.share(count(before))),
        help,
    };
    vec![
        Tile {
            name: text::QUESTIONS,
            value: text::number(now.questions),
            detail: String::new(),
            change: text::growth(now.questions, before.questions),
            help: text::QUESTIONS_HELP,
        },
        part(text::ANSWERED, text::ANSWERED_HELP, |one| one.answered),
        part(text::CLARIFIED, text::CLARIFIED_HELP, |one| one.clarified),
        part(text::UNANSWERED, text::UNANSWERED_HELP, |one| one.unanswered),
        part(text::ESCALATED, text::ESCALATED_HELP, |one| one.escalated),
        Tile {
            name: text::LASTING,
            value: text::share(now.lasting_share()),
            detail: text::of(now.lasting, now.given),
            change: text::change(now.lasting_share(), before.lasting_share()),
            help: text::LASTING_HELP,
        },
        Tile {
            name: text::HELPFUL,
            value: text::share(now.helpful_share()),
            detail: text::of(now.helpful, now.helpful + now.unhelpful),
            change: text::change(now.helpful_share(), before.helpful_share()),
            help: text::HELPFUL_HELP,
        },
        Tile {
            name: text::TIME,
            value: text::millis(within(&loaded.times, 50)),
            detail: text::slowest(within(&loaded.times, 95)),
            change: String::new(),
            help: text::TIME_HELP,
        },
    ]
}

fn by_day(loaded: &Loaded, period: Period) -> Chart {
    let is_by_week = period.days() > MOST_DAYS;
    let mut stretches: Vec<(Date, Figures)> = Vec::new();
    for day in period.each() {
        let begins =
            if is_by_week { day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days()) } else { day };
        let figures = loaded.now.by_day.get(&day).copied().unwrap_or_default();
        match stretches.last_mut().filter(|(known, _)| *known == begins) {
            Some((_, sum)) => sum.join(&figures),
            None => stretches.push((begins, figures)),
        }
    }
    let title = if is_by_week { text::BY_WEEK } else { text::BY_DAY };
    chart("par-jour", title, stretches.into_iter().map(|(day, one)| (text::day(day), one)).collect())
}

fn by_hour(loaded: &Loaded) -> Chart {
    let hours = loaded.now.by_hour.iter().enumerate();
    chart("par-heure", text::BY_HOUR, hours.map(|(hour, one)| (text::hour(hour), *one)).collect())
}

fn chart(id: &'static str, title: &'static str, columns: Vec<(String, Figures)>) -> Chart {
    let drawn: Vec<chart::Column> = columns
        .iter()
        .map(|(label, one)| chart::Column {
            label: label.clone(),
            parts: [one.answered, one.clarified, one.unanswered],
        })
        .collect();
    let most = columns.iter().max_by_key(|(_, one)| one.questions).filter(|(_, one)| one.questions > 0);
    let description = text::chart(most.map(|(label, one)| (label.as_str(), one.questions)));
    Chart {
        id,
        title,
        svg: chart::stacked(id, title, &description, &drawn),
        head: text::FIGURES.into(),
        lines: columns
            .into_iter()
            .filter(|(_, one)| one.questions > 0)
            .map(|(name, one)| figures(&name, &one))
            .collect(),
    }
}

/// What stands under [`text::FIGURES`].
fn figures(name: &str, of: &Figures) -> Line {
    line(name.to_owned(), &[of.questions, of.answered, of.clarified, of.unanswered, of.escalated])
}

fn line(name: String, numbers: &[i64]) -> Line {
    Line { name, cells: numbers.iter().map(|number| text::number(*number)).collect() }
}
