//! What a button of an editor does: the draft is kept, and what was asked for follows.

use guichet_kb::{DocumentKey, Status};
use jiff::civil::DateTime;

use super::super::{Refusal, Signed, now};
use super::history::one_line;
use super::typed::Asked;
use crate::app::App;
use crate::model::{Document, Permission, Publication, PublicationAction};
use crate::publishing::edit::{self, EditError, Hand};
use crate::publishing::order::{self, Order};

/// Longest reason, in characters.
pub(super) const LONGEST_REASON: usize = 200;

/// What became of it.
pub(super) enum Acted {
    /// The draft is kept.
    Saved,
    /// Nothing differed from what was kept already.
    Unchanged,
    /// Somebody is to look at it.
    Submitted,
    /// The gate looks at it, now or later.
    Ordered(Box<Publication>),
}

/// Why nothing was done.
pub(super) enum Failed {
    /// It cannot be kept as it is.
    Edit(EditError),
    /// When it is to take effect cannot be read, or is over.
    Moment(&'static str),
    Refused(Refusal),
}

impl From<EditError> for Failed {
    fn from(error: EditError) -> Self {
        Self::Edit(error)
    }
}

/// Keeps `content` and does what was asked for.
pub(super) async fn act(
    app: &App,
    signed: &Signed,
    key: &DocumentKey,
    content: &str,
    asked: &Asked,
) -> Result<Acted, Failed> {
    let at = now();
    let (publish_at, expire_at) =
        (moment(app, &asked.publish_at, "publish_at")?, moment(app, &asked.expire_at, "expire_at")?);
    let is_order = matches!(asked.then.as_str(), "publish" | "expire");
    if is_order && !signed.may(Permission::Publish) {
        return Err(Failed::Refused(Refusal::Forbidden));
    }
    if expire_at.is_some_and(|expire| expire <= publish_at.unwrap_or(at)) {
        return Err(Failed::Moment("expire_at"));
    }
    let reason = one_line(&asked.reason);
    let hand = Hand { author: signed.name(), reason: &reason, at };
    let seen = asked.seen.parse().ok();
    let (document, is_kept) = keep(app, key, content, seen, hand).await?;
    let may_submit = document.status == Status::Draft;
    match asked.then.as_str() {
        "submit" if may_submit => {
            edit::submit(&app.store, key, document.latest, hand).await?;
            Ok(Acted::Submitted)
        }
        "try" => {
            let order = Order { is_preview: true, ..Order::of(key, document.latest, PublicationAction::Publish) };
            ordered(app, order, hand).await
        }
        "publish" => {
            let order = Order { run_at: publish_at, ..Order::of(key, document.latest, PublicationAction::Publish) };
            let is_in_force = document.in_force == Some(document.latest);
            let acted = if is_in_force { Acted::Unchanged } else { ordered(app, order, hand).await? };
            let Some(run_at) = expire_at else { return Ok(acted) };
            let expiry = Order::of(key, document.latest, PublicationAction::Archive);
            let expiry = ordered(app, Order { run_at: Some(run_at), ..expiry }, hand).await?;
            Ok(if is_in_force { expiry } else { acted })
        }
        _ if is_kept => Ok(Acted::Saved),
        _ => Ok(Acted::Unchanged),
    }
}

/// The document with `content` as its last revision; whether a revision had to be added.
async fn keep(
    app: &App,
    key: &DocumentKey,
    content: &str,
    seen: Option<i64>,
    hand: Hand<'_>,
) -> Result<(Document, bool), EditError> {
    if let Some(document) = app.store.find_document(key).await?
        && Some(document.latest) == seen
        && let Some(latest) = app.store.find_revision(key, document.latest).await?
        && let Some(kept) = &latest.content
    {
        let as_draft = |text: &str| key.with_status(text, Status::Draft);
        if document.status != Status::Archived && as_draft(kept) == as_draft(content) {
            return Ok((document, false));
        }
    }
    Ok((edit::save(&app.store, key, seen, content, hand).await?, true))
}

async fn ordered(app: &App, order: Order, hand: Hand<'_>) -> Result<Acted, Failed> {
    let publication = order::place(&app.store, order, hand).await?;
    app.wake.wake();
    Ok(Acted::Ordered(Box::new(publication)))
}

/// A date and time where support is, in milliseconds since 1970.
fn moment(app: &App, typed: &str, field: &'static str) -> Result<Option<i64>, Failed> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let local: DateTime = typed.trim().parse().map_err(|_| Failed::Moment(field))?;
    let zone = &app.conversations.support.zone;
    let at = zone.to_timestamp(local).map_err(|_| Failed::Moment(field))?;
    Ok(Some(at.as_millisecond()))
}
