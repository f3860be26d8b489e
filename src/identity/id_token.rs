//! The token by which a provider of identities says who has signed in there (OpenID Connect Core 1.0, §3.1.3.7). Checked
//! purely, as the tokens of the portal are.
//!
//! It came from the provider itself, over TLS, and is checked all the same: then it does not matter who stands in between.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::Audience;
use super::{CLOCK_SKEW, IdentityError, Keys, jws};

/// Longer is no token: one with some hundred groups has 20 kB.
const LONGEST_TOKEN: usize = 65_536;
/// Longest name of somebody (§2).
const LONGEST_SUBJECT: usize = 255;

/// What a token must say to be an answer to what was asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// Who says it.
    pub(crate) issuer: &'a str,
    /// To whom: our name at the provider.
    pub(crate) client_id: &'a str,
    /// The random text that the question had.
    pub(crate) nonce: &'a str,
}

/// Somebody whom the provider knows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IdToken {
    /// The name that never changes there.
    pub(crate) subject: String,
    /// When that person last proved who it is, when the provider says so.
    pub(crate) authenticated_at: Option<Timestamp>,
    /// Everything that is said.
    pub(crate) claims: Map<String, Value>,
}

#[derive(Deserialize)]
struct Claims {
    #[serde(rename = "iss")]
    issuer: String,
    #[serde(rename = "aud")]
    audience: Audience,
    /// To whom it was given, when it is for several.
    #[serde(rename = "azp")]
    authorized: Option<String>,
    #[serde(rename = "sub")]
    subject: String,
    #[serde(rename = "exp")]
    expires: i64,
    #[serde(rename = "iat")]
    issued: i64,
    nonce: Option<String>,
    auth_time: Option<i64>,
}

/// What `token` says, signed with one of `keys`, at `now`.
///
/// # Errors
/// When it proves nothing.
pub(crate) fn read(
    token: &str,
    keys: &Keys,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<IdToken, IdentityError> {
    if token.len() > LONGEST_TOKEN {
        return Err(IdentityError::Malformed("it is too long"));
    }
    let token = jws::Token::parse(token)?;
    let key = keys.find(&token.key_id).ok_or(IdentityError::UnknownKey)?;
    // Nothing that it says is looked at before this.
    if token.algorithm != key.algorithm() || !key.has_signed(token.signed, &token.signature) {
        return Err(IdentityError::WrongSignature);
    }
    let wrong = IdentityError::Malformed("a claim is missing or wrong");
    let claims: Map<String, Value> = serde_json::from_slice(&token.payload).map_err(|_| wrong)?;
    let said: Claims = serde_json::from_value(Value::Object(claims.clone())).map_err(|_| wrong)?;
    if said.issuer != expected.issuer || !is_for(&said, expected.client_id) {
        return Err(IdentityError::NotForUs);
    }
    if said.nonce.as_deref() != Some(expected.nonce) {
        return Err(IdentityError::WrongNonce);
    }
    let time = |seconds| Timestamp::from_second(seconds).map_err(|_| IdentityError::Malformed("a time is none"));
    if now.duration_since(time(said.expires)?) >= CLOCK_SKEW {
        return Err(IdentityError::Expired);
    }
    if time(said.issued)?.duration_since(now) > CLOCK_SKEW {
        return Err(IdentityError::NotYet);
    }
    let subject = said.subject;
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
        return Err(IdentityError::Malformed("its subject is empty or too long"));
    }
    Ok(IdToken { subject, authenticated_at: said.auth_time.map(time).transpose()?, claims })
}

/// A token for several must say to whom it was given; when it says so, that must be us.
fn is_for(said: &Claims, client_id: &str) -> bool {
    let is_given_to_us = match (&said.authorized, &said.audience) {
        (Some(authorized), _) => authorized == client_id,
        (None, Audience::One(_)) => true,
        (None, Audience::Several(names)) => names.len() == 1,
    };
    said.audience.names(client_id) && is_given_to_us
}
