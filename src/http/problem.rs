//! The table of error codes, and their form: `application/problem+json` (RFC 9457).

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::attachments::FileError;
use crate::conversation::TurnError;
use crate::desk::DeskError;
use crate::model::{MAX_CHARS, QuestionError};
use crate::store::StoreError;
use crate::text::problem as text;

/// When to try again what could not be kept.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// Every error that the API knows: code, status, title.
macro_rules! codes {
    ($($variant:ident = $code:literal, $status:ident, $title:literal;)*) => {
        /// What went wrong. The code is stable; programs go by it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Code { $(#[doc = $title] $variant,)* }

        impl Code {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$variant,)*];

            fn row(self) -> (&'static str, StatusCode, &'static str) {
                match self { $(Self::$variant => ($code, StatusCode::$status, $title),)* }
            }
        }
    };
}

codes! {
    InvalidJson = "invalid-json", BAD_REQUEST, "Le corps de la requête n’est pas du JSON valide";
    InvalidParameter = "invalid-parameter", BAD_REQUEST, "Un paramètre de l’adresse est absent ou incorrect";
    TokenMissing = "token-missing", UNAUTHORIZED, "Le jeton de la conversation manque";
    SignatureWrong = "signature-wrong", UNAUTHORIZED, "La signature est absente, fausse ou trop ancienne";
    IdentityRefused = "identity-refused", UNAUTHORIZED, "Votre identité n’a pas pu être vérifiée";
    DeliveryReplayed = "delivery-replayed", FORBIDDEN, "Cet envoi signé a déjà été reçu";
    Forbidden = "forbidden", FORBIDDEN, "Ce jeton n’ouvre pas cette adresse";
    NotFound = "not-found", NOT_FOUND, "Cette adresse n’existe pas";
    ConversationNotFound = "conversation-not-found", NOT_FOUND, "Conversation introuvable";
    MessageNotFound = "message-not-found", NOT_FOUND, "Message introuvable";
    TicketNotFound = "ticket-not-found", NOT_FOUND, "Demande introuvable";
    JobNotFound = "job-not-found", NOT_FOUND, "Tâche introuvable";
    IncidentNotFound = "incident-not-found", NOT_FOUND, "Incident introuvable";
    AttachmentNotFound = "attachment-not-found", NOT_FOUND, "Pièce jointe introuvable";
    EntryNotFound = "entry-not-found", NOT_FOUND, "Fiche introuvable";
    DocumentNotFound = "document-not-found", NOT_FOUND, "Document introuvable";
    ImageNotFound = "image-not-found", NOT_FOUND, "Image introuvable";
    PublicationNotFound = "publication-not-found", NOT_FOUND, "Publication introuvable";
    MethodNotAllowed = "method-not-allowed", METHOD_NOT_ALLOWED, "Cette adresse n’accepte pas cette méthode";
    IncidentExists = "incident-exists", CONFLICT, "Un incident porte déjà cet identifiant";
    TicketClosed = "ticket-closed", CONFLICT, "Cette demande est close";
    OtherDesk = "other-desk", CONFLICT, "Cette demande se traite dans l’autre outil d’assistance";
    NotHeld = "not-held", CONFLICT, "Vous n’avez pas pris cette conversation";
    KeyUsed = "request-key-used", CONFLICT, "Cette clé a déjà servi à une autre demande";
    TooManyRequests = "too-many-requests", TOO_MANY_REQUESTS, "Trop de requêtes";
    DocumentExists = "document-exists", CONFLICT, "Un document porte déjà cet identifiant";
    DocumentOutdated = "document-outdated", CONFLICT, "Le document a changé entre-temps";
    PublicationOver = "publication-over", CONFLICT, "La publication ne peut plus être annulée";
    BodyTooLarge = "body-too-large", PAYLOAD_TOO_LARGE, "Le corps de la requête est trop grand";
    UnsupportedMediaType = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "Le corps doit être du JSON (application/json)";
    AttachmentTypeRefused = "attachment-type-refused", UNSUPPORTED_MEDIA_TYPE, "Ce type de fichier n’est pas accepté";
    AttachmentMismatch = "attachment-mismatch", UNPROCESSABLE_ENTITY, "Le contenu du fichier ne correspond pas à son type";
    AttachmentEmpty = "attachment-empty", UNPROCESSABLE_ENTITY, "Fichier vide";
    AttachmentUnknown = "attachment-unknown", UNPROCESSABLE_ENTITY, "Pièce jointe inconnue ou déjà utilisée";
    AttachmentsTooMany = "attachments-too-many", UNPROCESSABLE_ENTITY, "Trop de pièces jointes";
    DocumentInvalid = "document-invalid", UNPROCESSABLE_ENTITY, "Le document ne peut pas être lu";
    ImageRefused = "image-refused", UNPROCESSABLE_ENTITY, "Cette image ne peut pas être gardée";
    InvalidBody = "invalid-body", UNPROCESSABLE_ENTITY, "Le corps de la requête n’a pas la forme attendue";
    QuestionEmpty = "question-empty", UNPROCESSABLE_ENTITY, "Message vide";
    QuestionTooLong = "question-too-long", UNPROCESSABLE_ENTITY, "Message trop long";
    OptionUnknown = "option-unknown", UNPROCESSABLE_ENTITY, "Choix inconnu";
    Internal = "internal", INTERNAL_SERVER_ERROR, "Incident";
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Service momentanément indisponible";
    Stopping = "stopping", SERVICE_UNAVAILABLE, "Le service s’arrête";
    DatabaseUnreachable = "database-unreachable", SERVICE_UNAVAILABLE, "La base de données ne répond pas";
    DatabaseFull = "database-full", SERVICE_UNAVAILABLE, "Le disque de la base de données est plein";
    DatabaseReadOnly = "database-read-only", SERVICE_UNAVAILABLE, "La base de données refuse toute écriture";
    DatabaseFailing = "database-failing", SERVICE_UNAVAILABLE, "Le disque de la base de données ne répond plus";
    DatabaseDamaged = "database-damaged", SERVICE_UNAVAILABLE, "La base de données est endommagée";
    Timeout = "timeout", SERVICE_UNAVAILABLE, "La réponse a pris trop de temps";
}

/// An error as it is sent (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Identifies the kind of problem: `urn:guichet:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:guichet:problem:question-empty")]
    kind: String,
    /// The code; stable.
    #[schema(example = "question-empty")]
    code: &'static str,
    /// The HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// What it is, in French.
    title: &'static str,
    /// What to do, in French; can be shown to a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Box<str>>,
    /// For programmers: what exactly cannot be read, in the words of the parser.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Box<str>>,
    /// Reference of this occurrence, which the log repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<Box<str>>,
    /// After how many seconds it may be tried again; the header says it as well.
    #[serde(skip)]
    retry_after: Option<u32>,
    #[serde(skip)]
    at: StatusCode,
}

impl Problem {
    /// The problem of the table.
    pub(crate) fn new(code: Code) -> Self {
        let (name, at, title) = code.row();
        Self {
            kind: format!("urn:guichet:problem:{name}"),
            code: name,
            status: at.as_u16(),
            title,
            detail: None,
            reason: None,
            instance: None,
            retry_after: None,
            at,
        }
    }

    /// The same with a sentence that says what to do.
    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into().into());
        self
    }

    /// The same with what a program did wrong.
    pub(crate) fn with_reason(mut self, reason: String) -> Self {
        self.reason = Some(reason.into());
        self.with_detail(text::FORM)
    }

    /// The same with when to try again.
    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
        self.retry_after = Some(seconds.saturating_add(1));
        self
    }

    /// A failure of ours: the person gets a reference, the log the reason.
    pub(crate) fn internal(code: Code, reason: &dyn std::fmt::Display) -> Self {
        let reference = format!("urn:uuid:{}", uuid::Uuid::now_v7());
        tracing::error!(problem.instance = %reference, "a request failed: {reason}");
        let mut problem = Self::new(code).with_detail(text::UNAVAILABLE);
        problem.instance = Some(reference.into());
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.at, axum::Json(&self)).into_response();
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<TurnError> for Problem {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::NoConversation => Self::new(Code::ConversationNotFound).with_detail(text::NO_CONVERSATION),
            TurnError::Question(QuestionError::Empty) => Self::new(Code::QuestionEmpty).with_detail(text::EMPTY),
            TurnError::Question(QuestionError::TooLong) => {
                Self::new(Code::QuestionTooLong).with_detail(text::too_long(MAX_CHARS))
            }
            TurnError::ClientId => Self::new(Code::InvalidBody).with_detail(text::CLIENT_ID),
            TurnError::UnknownOption => Self::new(Code::OptionUnknown).with_detail(text::UNKNOWN_OPTION),
            TurnError::NoTicket | TurnError::Desk(DeskError::NoTicket) => {
                Self::new(Code::TicketNotFound).with_detail(text::NO_TICKET)
            }
            TurnError::Desk(DeskError::Closed) => Self::new(Code::TicketClosed).with_detail(text::TICKET_CLOSED),
            TurnError::OtherDesk => Self::new(Code::OtherDesk).with_detail(text::OTHER_DESK),
            TurnError::NotHeld => Self::new(Code::NotHeld).with_detail(text::NOT_HELD),
            TurnError::KeyUsed => Self::new(Code::KeyUsed).with_detail(text::KEY_USED),
            TurnError::NoMessage => Self::new(Code::MessageNotFound),
            TurnError::NoFile => Self::new(Code::AttachmentNotFound),
            TurnError::UnknownFile => Self::new(Code::AttachmentUnknown).with_detail(text::UNKNOWN_FILE),
            TurnError::TooManyFiles => Self::new(Code::AttachmentsTooMany).with_detail(text::TOO_MANY_FILES),
            TurnError::File(FileError::Empty) => Self::new(Code::AttachmentEmpty),
            TurnError::File(FileError::NotAllowed) => {
                Self::new(Code::AttachmentTypeRefused).with_detail(text::FILE_NOT_ALLOWED)
            }
            TurnError::File(FileError::NotWhatItSays) => {
                Self::new(Code::AttachmentMismatch).with_detail(text::FILE_NOT_WHAT_IT_SAYS)
            }
            TurnError::Store(_) | TurnError::Desk(DeskError::Store(_)) => {
                Self::internal(Code::Unavailable, &chain(error)).with_retry_after(STORE_PAUSE)
            }
            TurnError::Search(_) | TurnError::Interrupted(_) => Self::internal(Code::Internal, &chain(error)),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        TurnError::from(error).into()
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        TurnError::from(error).into()
    }
}

/// An error with its causes, on one line.
fn chain(error: TurnError) -> String {
    format!("{:#}", anyhow::Error::from(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_all_are_errors() {
        let names: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.row().0).collect();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| code.row().1.as_u16() >= 400));
    }
}
