//! Errors of the demo portal (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::portal_demo::Denied;

/// What went wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem {
    code: &'static str,
    status: StatusCode,
    title: &'static str,
}

macro_rules! problems {
    ($($name:ident = $code:literal, $status:ident, $title:literal;)*) => {
        impl Problem {
            $(
                #[doc = $title]
                pub(super) const $name: Self = Self { code: $code, status: StatusCode::$status, title: $title };
            )*
        }
    };
}

problems! {
    INVALID_PARAMETER = "invalid-parameter", BAD_REQUEST, "Un paramètre est absent ou incorrect";
    UNAUTHENTICATED = "unauthenticated", UNAUTHORIZED, "Le jeton manque ou n’est plus valable";
    FORBIDDEN = "forbidden", FORBIDDEN, "Un droit manque à cet utilisateur";
    INSUFFICIENT_SCOPE = "insufficient-scope", FORBIDDEN, "Le jeton ne couvre pas cet appel";
    NOT_FOUND = "not-found", NOT_FOUND, "Introuvable";
    METHOD_NOT_ALLOWED = "method-not-allowed", METHOD_NOT_ALLOWED, "Cette adresse n’accepte pas cette méthode";
    CONFLICT = "conflict", CONFLICT, "Cette clé a servi à une autre demande";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "Le corps doit être du JSON";
    INVALID_BODY = "invalid-body", UNPROCESSABLE_ENTITY, "Le corps n’a pas la forme attendue";
    UNAVAILABLE = "unavailable", SERVICE_UNAVAILABLE, "Service momentanément indisponible";
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NOT_FOUND,
            Denied::Forbidden => Self::FORBIDDEN,
            Denied::Cursor => Self::INVALID_PARAMETER,
            Denied::Conflict => Self::CONFLICT,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("urn:portal:problem:{}", self.code),
            "code": self.code,
            "status": self.status.as_u16(),
            "title": self.title,
        });
        let mut response = (self.status, axum::Json(body)).into_response();
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }
}
