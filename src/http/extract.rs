//! Extractors: what a handler asks for, refused as a problem when it is not there.

use std::fmt;
use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::problem::{Code, Problem};

/// A JSON body.
pub(super) struct Json<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(Object(value))) => Ok(Self(value)),
            Err(rejection) => Err(problem(&rejection)),
        }
    }
}

/// Something that is read from a JSON object and from nothing else: a list of its fields in their order, which serde would
/// take for a struct as well, is not what the description says.
struct Object<T>(T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields(PhantomData))
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for Fields<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
    }
}

/// A JSON body that may be left out, or be `null`.
pub(super) struct MaybeJson<T>(pub(super) Option<T>);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for MaybeJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), state).await;
        let bytes = bytes.map_err(|rejection| match rejection.status().as_u16() {
            413 => Problem::new(Code::BodyTooLarge),
            _ => Problem::new(Code::InvalidJson),
        })?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        let request = Request::from_parts(parts, bytes.into());
        match axum::Json::<Option<Object<T>>>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value.map(|Object(value)| value))),
            Err(rejection) => Err(problem(&rejection)),
        }
    }
}

/// The messages of serde repeat pieces of the body, which may be what a person wrote: they go back to the sender and
/// nowhere else.
fn problem(rejection: &JsonRejection) -> Problem {
    match rejection {
        JsonRejection::JsonDataError(error) => Problem::new(Code::InvalidBody).with_reason(error.body_text()),
        JsonRejection::JsonSyntaxError(error) => Problem::new(Code::InvalidJson).with_reason(error.body_text()),
        JsonRejection::MissingJsonContentType(_) => Problem::new(Code::UnsupportedMediaType),
        other if other.status().as_u16() == 413 => Problem::new(Code::BodyTooLarge),
        _ => Problem::new(Code::InvalidJson),
    }
}

/// A body of bytes, as long as the route allows.
pub(super) struct Body(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) if rejection.status().as_u16() == 413 => Err(Problem::new(Code::BodyTooLarge)),
            Err(_) => Err(Problem::new(Code::InvalidBody)),
        }
    }
}

/// Parameters after the `?`.
pub(super) struct Query<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::new(Code::InvalidParameter).with_reason(rejection.body_text())),
        }
    }
}

/// A part of the path.
pub(super) struct Path<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::new(Code::NotFound)),
        }
    }
}

/// The secret of the conversation: `Authorization: Bearer …`.
pub(super) struct Token(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token =
            header.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        match token {
            Some((_, token)) => Ok(Self(token.trim().to_owned())),
            None => Err(Problem::new(Code::TokenMissing)),
        }
    }
}
