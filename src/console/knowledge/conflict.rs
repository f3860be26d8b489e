//! Files and console said two things: both are shown side by side, and somebody chooses, field by field.

use std::collections::HashMap;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use guichet_kb::{DocumentKey, Entry, Status, front_matter};

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed, now};
use super::compare::{Field, fields};
use super::history::{between, called, described, find, revision};
use super::{page_of, section};
use crate::app::App;
use crate::model::{Document, Revision};
use crate::publishing::edit::{self, Hand};
use crate::text::knowledge as text;

/// A choice of the form: this field is taken from the files. Anything else is the console's.
const FILES: &str = "files";

/// A field that both say differently.
struct Choice {
    name: &'static str,
    label: &'static str,
    console: String,
    files: String,
}

#[derive(Template)]
#[template(path = "knowledge/conflict.html")]
struct ConflictPage {
    frame: Frame,
    key: DocumentKey,
    title: String,
    page: String,
    latest: i64,
    console: String,
    files: String,
    /// Of an entry; other documents are chosen whole.
    choices: Vec<Choice>,
    /// From what the console says to what the files say.
    differences: Vec<Field>,
    is_removed: bool,
}

pub(in crate::console) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let document = find(&app, &key).await?;
    let (console, files) = sides(&app, &document).await?;
    let choices = match (entry(&console), entry(&files)) {
        (Some(console), Some(files)) => choices(&console, &files),
        _ => Vec::new(),
    };
    let title = called(&document);
    Ok(render(&ConflictPage {
        frame: Frame::new(text::conflict_of(&title), section(&document.key), &signed),
        page: page_of(&document.key),
        latest: document.latest,
        console: described(&app, &console),
        files: described(&app, &files),
        is_removed: files.content.is_none(),
        choices,
        differences: between(&document.key, console, files).await?,
        key: document.key,
        title,
    }))
}

/// Keeps what was chosen as a draft; publishing it ends the conflict.
pub(in crate::console) async fn choose(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Form(chosen): Form<HashMap<String, String>>,
) -> Result<Response, Refusal> {
    let document = find(&app, &key).await?;
    let (console, files) = sides(&app, &document).await?;
    let is_files = |name: &str| chosen.get(name).is_some_and(|choice| choice == FILES);
    let content = match (entry(&console), entry(&files)) {
        (Some(console), Some(files)) => front_matter::write(&picked(&console, &files, &is_files)),
        _ if is_files("whole") => files.content.ok_or(Refusal::Invalid)?,
        _ => console.content.ok_or(Refusal::NotFound)?,
    };
    let seen = chosen.get("seen").and_then(|seen| seen.parse().ok());
    let hand = Hand { author: signed.name(), reason: text::CONFLICT_SOLVED, at: now() };
    edit::save(&app.store, &document.key, seen, &content, hand).await?;
    Ok(Redirect::to(&format!("{}?fait=conflit", page_of(&document.key))).into_response())
}

/// What the console has in force, and what the files say.
async fn sides(app: &App, document: &Document) -> Result<(Revision, Revision), Refusal> {
    let files = document.conflict.ok_or(Refusal::NotFound)?;
    let console = document.in_force.unwrap_or(document.latest);
    Ok((revision(app, &document.key, console).await?, revision(app, &document.key, files).await?))
}

fn entry(revision: &Revision) -> Option<Entry> {
    let text = revision.content.as_deref().filter(|_| revision.document.kind() == guichet_kb::DocumentKind::Entry)?;
    front_matter::parse("", text).0.map(|(entry, _)| entry)
}

fn choices(console: &Entry, files: &Entry) -> Vec<Choice> {
    let both = fields(console).into_iter().zip(fields(files));
    let differ = both.filter(|((_, console), (_, files))| console != files);
    differ.map(|((name, console), (_, files))| Choice { name, label: text::field(name), console, files }).collect()
}

/// The console's entry with the fields of the files that were chosen.
fn picked(console: &Entry, files: &Entry, is_files: &dyn Fn(&str) -> bool) -> Entry {
    let from = |name: &str| if is_files(name) { files } else { console };
    Entry {
        id: console.id.clone(),
        status: Status::Draft,
        question: from("question").question.clone(),
        answer: from("answer").answer.clone(),
        composed: from("composed").composed.clone(),
        variants: from("variants").variants.clone(),
        checks: guichet_kb::Checks {
            must: from("must").checks.must.clone(),
            must_not: from("must_not").checks.must_not.clone(),
        },
        follow_ups: from("follow_ups").follow_ups.clone(),
        facts: from("facts").facts.clone(),
        category: from("category").category.clone(),
        audience: from("audience").audience,
        owner: from("owner").owner.clone(),
        review_by: from("review_by").review_by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_comes_from_where_it_was_chosen() {
        let console = Entry::new("a".parse().expect("an id"), "Où ?", "X", "Ici.");
        let files =
            Entry { answer: "Là.".into(), question: "Où donc ?".into(), owner: "b".into(), ..console.clone() };
        let names: Vec<&str> = choices(&console, &files).iter().map(|choice| choice.name).collect();
        assert_eq!(names, ["question", "answer", "owner"]);
        let both = picked(&console, &files, &|name| name == "answer");
        assert_eq!((both.question.as_str(), both.answer.as_str(), both.owner.as_str()), ("Où ?", "Là.", ""));
        // Every field that can differ can be chosen.
        let all = picked(&console, &files, &|_| true);
        assert_eq!(fields(&all), fields(&files));
    }
}
