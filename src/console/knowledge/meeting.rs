//! Two people wrote the same entry at once: both are put together where that can be done, and both are shown.

use guichet_kb::{DocumentKey, Entry, Status, front_matter, merge};

use super::super::Refusal;
use super::compare::{Field, entries};
use super::typed::Typed;
use crate::app::App;
use crate::text::console;

/// What somebody else saved meanwhile.
pub(super) struct Meeting {
    pub(super) author: String,
    pub(super) at: String,
    pub(super) number: i64,
    /// Both are in the form already.
    pub(super) is_merged: bool,
    /// What theirs and ours say differently.
    pub(super) fields: Vec<Field>,
}

/// The form to go on with, and what is to be told about it. Theirs is in the history; nothing is lost.
pub(super) async fn meet(
    app: &App,
    key: &DocumentKey,
    typed: Typed,
    ours: &Entry,
) -> Result<(Typed, Meeting), Refusal> {
    let latest = app.store.find_document(key).await?.ok_or(Refusal::NotFound)?.latest;
    let theirs = app.store.find_revision(key, latest).await?.ok_or(Refusal::NotFound)?;
    let base = match typed.asked.seen.parse() {
        Ok(seen) => app.store.find_revision(key, seen).await?,
        Err(_) => None,
    };
    let as_draft = |text: &str| key.with_status(text, Status::Draft);
    let their_text = as_draft(theirs.content.as_deref().unwrap_or_default());
    let merged = base.and_then(|base| base.content).and_then(|base| {
        let merged = merge::merge(key, &as_draft(&base), &front_matter::write(ours), &their_text)?;
        front_matter::parse("", &merged).0.map(|(entry, _)| entry)
    });
    let their_entry = front_matter::parse("", &their_text).0.map(|(entry, _)| entry);
    let meeting = Meeting {
        author: theirs.author,
        at: console::moment(theirs.created_at, &app.conversations.support.zone),
        number: latest,
        is_merged: merged.is_some(),
        fields: their_entry.map(|theirs| entries(&theirs, ours)).unwrap_or_default(),
    };
    let mut asked = typed.asked.clone();
    asked.seen = latest.to_string();
    let typed = Typed { asked, ..merged.as_ref().map_or(typed, Typed::of) };
    Ok((typed, meeting))
}
