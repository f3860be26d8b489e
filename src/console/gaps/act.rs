//! What is done about a subject: a draft gets its wordings, or it is ignored. Nothing goes into force here.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use guichet_kb::entry::one_line;
use guichet_kb::{DocumentKey, front_matter};

use super::super::{Refusal, Signed, address, now};
use super::load::{Subject, Wanted};
use super::{HERE, subject};
use crate::app::App;
use crate::model::Audit;
use crate::publishing::additions;
use crate::publishing::edit::{self, Hand};
use crate::text::{console, insight as text};

/// Longest wording, and most wordings of one step.
const LONGEST: usize = 300;
/// Begins the field of a wording that is chosen, and of its text.
const CHOSEN: &str = "choix:";
const TEXT: &str = "texte:";

/// The fields of the form, as there is one for each wording.
type Fields = BTreeMap<String, String>;

/// `POST /console/lacunes/{id}`
pub(in crate::console) async fn act(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Refusal> {
    let field = |name: &str| fields.get(name).map(|value| value.trim()).unwrap_or_default();
    let wanted = Wanted::of_days(field("jours"));
    let found = subject::find(&app, &wanted, &id).await?;
    let chosen = Chosen::of(&fields, &found)?;
    // A button may name its target: `variante:ID`.
    let then = field("then");
    let (then, target) = then.split_once(':').unwrap_or((then, ""));
    let target = |name: &str| if target.is_empty() { field(name).to_owned() } else { target.to_owned() };
    let hand = Hand { author: signed.name(), reason: text::FROM_GAPS, at: now() };
    let (key, done) = match then {
        "ignorer" => (None, "ignorees"),
        "variante" => {
            (Some(add(&app, &format!("entry:{}", target("fiche")), "", &chosen.texts, hand).await?), "formulation")
        }
        "orientation" => {
            let key = format!("orientation:{}", target("orientation"));
            (Some(add(&app, &key, "", &chosen.texts, hand).await?), "orientation")
        }
        "politesse" => (Some(add(&app, "small_talk", &target("intention"), &chosen.texts, hand).await?), "politesse"),
        "synonyme" => (Some(synonym(&app, field("dit"), field("veut_dire"), hand).await?), "synonyme"),
        "nouvelle" => {
            let (question, category) = (one_line(field("question")), one_line(field("categorie")));
            (Some(begin(&app, &question, &category, &chosen.texts, hand).await?), "fiche")
        }
        _ => return Err(Refusal::Invalid),
    };
    let how = key.as_ref().map_or("ignored", DocumentKey::as_str);
    let line = Audit {
        at: now(),
        who: signed.name().to_owned(),
        what: "gap.handled".to_owned(),
        object: how.to_owned(),
        // Not the questions: lines of the log stay when a conversation is forgotten.
        after: text::questions(chosen.ids.len()),
        ..Audit::default()
    };
    app.store.handle_questions(&chosen.ids, how, &line).await?;
    let document = key.as_ref().map(DocumentKey::as_str).unwrap_or_default();
    let back = address(HERE, &[("jours", field("jours")), ("fait", done), ("document", document)]);
    Ok(Redirect::to(&back).into_response())
}

/// What of the subject is meant.
struct Chosen {
    /// The questions that are done with.
    ids: Vec<String>,
    /// Their wordings, as corrected by the curator.
    texts: Vec<String>,
}

impl Chosen {
    fn of(fields: &Fields, subject: &Subject) -> Result<Self, Refusal> {
        let (mut ids, mut texts) = (Vec::new(), Vec::new());
        for id in fields.keys().filter_map(|name| name.strip_prefix(CHOSEN)) {
            let Some(asked) = subject.questions.iter().find(|one| one.id == id) else { continue };
            let text = fields.get(&format!("{TEXT}{id}")).map_or_else(|| one_line(&asked.text), |text| one_line(text));
            if text.is_empty() || text.chars().count() > LONGEST {
                return Err(Refusal::Invalid);
            }
            let same = |text: &str| text.trim().to_lowercase();
            let alike = subject.questions.iter().filter(|one| same(&one.text) == same(&asked.text));
            ids.extend(alike.map(|one| one.id.clone()));
            texts.push(text);
        }
        if ids.is_empty() { Err(Refusal::Conflict(text::NOTHING_CHOSEN)) } else { Ok(Self { ids, texts }) }
    }
}

/// Adds wordings to the last revision of a document, as a draft.
async fn add(app: &App, key: &str, intent: &str, texts: &[String], hand: Hand<'_>) -> Result<DocumentKey, Refusal> {
    let key: DocumentKey = key.parse().map_err(|_| Refusal::Invalid)?;
    let (seen, content) = latest(app, &key).await?;
    // What it has already needs no draft: the questions are done with all the same.
    if let Some(more) = additions::with_phrases(&key, &content, intent, texts) {
        edit::save(&app.store, &key, Some(seen), &more, hand).await?;
    }
    Ok(key)
}

async fn synonym(app: &App, said: &str, means: &str, hand: Hand<'_>) -> Result<DocumentKey, Refusal> {
    let words = |typed: &str| -> Vec<String> {
        typed.split(',').map(|word| one_line(word).to_lowercase()).filter(|word| !word.is_empty()).collect()
    };
    let (said, means) = (words(said), words(means));
    if said.is_empty() || means.is_empty() {
        return Err(Refusal::Conflict(text::SYNONYM_INCOMPLETE));
    }
    let key: DocumentKey = "synonyms".parse().map_err(|_| Refusal::Invalid)?;
    let (seen, content) = latest(app, &key).await?;
    edit::save(&app.store, &key, Some(seen), &additions::with_synonym(&content, &said, &means), hand).await?;
    Ok(key)
}

/// Begins an entry.
async fn begin(
    app: &App,
    question: &str,
    category: &str,
    texts: &[String],
    hand: Hand<'_>,
) -> Result<DocumentKey, Refusal> {
    if question.is_empty() || question.chars().count() > LONGEST || category.chars().count() > LONGEST {
        return Err(Refusal::Invalid);
    }
    let known = app.store.list_known_documents().await?;
    let is_taken = |id: &guichet_kb::EntryId| known.iter().any(|one| one.document.key == DocumentKey::of_entry(id));
    let entry = additions::new_entry(question, category, texts, text::ANSWER_TO_WRITE, is_taken);
    let entry = entry.ok_or(Refusal::Conflict(console::CHANGED_MEANWHILE))?;
    let key = DocumentKey::of_entry(&entry.id);
    edit::save(&app.store, &key, None, &front_matter::write(&entry), hand).await?;
    Ok(key)
}

/// The number and the text of the last revision.
async fn latest(app: &App, key: &DocumentKey) -> Result<(i64, String), Refusal> {
    let document = app.store.find_document(key).await?.ok_or(Refusal::NotFound)?;
    let revision = app.store.find_revision(key, document.latest).await?;
    let content = revision.and_then(|revision| revision.content).ok_or(Refusal::NotFound)?;
    Ok((document.latest, content))
}
