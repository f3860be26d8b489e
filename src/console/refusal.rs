//! What is shown instead of a page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::conversation::TurnError;
use crate::desk::DeskError;
use crate::publishing::edit::EditError;
use crate::staff::DoorError;
use crate::store::StoreError;
use crate::text::{console as text, sso};

/// Why there is no page.
#[derive(Debug)]
pub(super) enum Refusal {
    NotFound,
    Forbidden,
    /// The form is not of this session: it was opened before signing in again.
    OldForm,
    /// What came is no form of ours.
    Invalid,
    TooLarge,
    /// What was done cannot be; the sentence says why.
    Conflict(&'static str),
    /// A failure of ours, with its reference.
    Failed(String),
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    title: &'static str,
    detail: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, title, detail) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, text::NOT_FOUND, text::NOT_FOUND_DETAIL.to_owned()),
            Self::Forbidden => (StatusCode::FORBIDDEN, text::FORBIDDEN, text::FORBIDDEN_DETAIL.to_owned()),
            Self::OldForm => (StatusCode::FORBIDDEN, text::OLD_FORM, text::OLD_FORM_DETAIL.to_owned()),
            Self::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, text::INVALID, text::INVALID_DETAIL.to_owned()),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, text::INVALID, text::TOO_LARGE.to_owned()),
            Self::Conflict(why) => (StatusCode::CONFLICT, text::CONFLICT, why.to_owned()),
            Self::Failed(reference) => (StatusCode::SERVICE_UNAVAILABLE, text::FAILED, text::failed(&reference)),
        };
        (status, render(&RefusalPage { title, detail })).into_response()
    }
}

impl Refusal {
    /// A failure of ours: the person gets a reference, the log the reason.
    pub(super) fn failed(error: impl Into<anyhow::Error>) -> Self {
        let reference = uuid::Uuid::now_v7().to_string();
        tracing::error!(problem.instance = %reference, "a page of the console failed: {:#}", error.into());
        Self::Failed(reference)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict(text::CHANGED_MEANWHILE),
            error => Self::failed(error),
        }
    }
}

impl From<TurnError> for Refusal {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::NoTicket
            | TurnError::Desk(DeskError::NoTicket)
            | TurnError::NoConversation
            | TurnError::NoMessage
            | TurnError::NoFile => Self::NotFound,
            TurnError::NotHeld => Self::Conflict(crate::text::problem::NOT_HELD),
            TurnError::OtherDesk => Self::Conflict(crate::text::problem::OTHER_DESK),
            TurnError::Desk(DeskError::Closed) => Self::Conflict(text::TICKET_CLOSED),
            TurnError::Question(_)
            | TurnError::ClientId
            | TurnError::KeyUsed
            | TurnError::UnknownFile
            | TurnError::TooManyFiles
            | TurnError::File(_)
            | TurnError::UnknownOption => Self::Invalid,
            TurnError::Store(error) | TurnError::Desk(DeskError::Store(error)) => error.into(),
            error @ (TurnError::Search(_) | TurnError::Interrupted(_)) => Self::failed(error),
        }
    }
}

impl From<EditError> for Refusal {
    fn from(error: EditError) -> Self {
        use crate::text::publishing as said;
        match error {
            EditError::NotFound | EditError::NoRevision => Self::NotFound,
            EditError::Exists => Self::Conflict(said::DOCUMENT_EXISTS),
            EditError::Outdated(_) => Self::Conflict(text::CHANGED_MEANWHILE),
            EditError::NotADraft => Self::Conflict(said::NOT_A_DRAFT),
            EditError::NotArchived => Self::Conflict(said::NOT_ARCHIVED),
            EditError::TooLong => Self::TooLarge,
            EditError::OtherId | EditError::NothingToPublish | EditError::Invalid(_) => Self::Invalid,
            EditError::Store(error) => error.into(),
        }
    }
}

impl From<DoorError> for Refusal {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Taken => Self::Conflict(text::TAKEN),
            DoorError::LastAdmin => Self::Conflict(text::LAST_ADMIN),
            DoorError::NoLink => Self::Conflict(text::NO_LINK),
            DoorError::NotHere => Self::Conflict(sso::NOT_HERE),
            DoorError::External => Self::Conflict(sso::EXTERNAL),
            DoorError::Wrong | DoorError::Locked(_) | DoorError::Password(_) => Self::Invalid,
            DoorError::Store(error) => error.into(),
            error @ DoorError::Interrupted(_) => Self::failed(error),
        }
    }
}

/// A page of a template. Templates are checked when they are compiled and write to memory: that cannot fail.
pub(super) fn render(page: &impl Template) -> Response {
    Html(page.render().expect("a template that compiled writes to memory")).into_response()
}
