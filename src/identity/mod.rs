//! Who is asking: the portal's page hands the widget a signed token (a JWT, RFC 7519) that names partner, user,
//! establishments and rights. Checked here, purely: the keys and the moment are arguments.
//!
//! A token is short-lived (`exp` at most ten minutes after `iat`), for us (`aud`), from the portal (`iss`), and has a `jti`
//! by which the caller may refuse to take it twice. Its `kid` names the key, so that keys can be replaced one after the
//! other; the key says which algorithm holds, never the token. Signatures are ring's: its comparison of MACs takes the same
//! time whatever is wrong.

mod claims;
pub(crate) mod demo;
pub(crate) mod id_token;
mod jws;
mod keys;
#[cfg(test)]
pub(crate) mod signing;

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

pub(crate) use claims::Proof;
pub(crate) use keys::{Key, KeyError, Keys};

/// Longest life of a token.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// How far the portal's clock may be from ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(30);

/// Longer is no token of ours.
const LONGEST_TOKEN: usize = 8_192;

/// For whom and from whom tokens are taken.
#[derive(Debug, Clone)]
pub(crate) struct Verifier {
    keys: Keys,
    issuer: String,
    audience: String,
}

/// Why a token proves nothing. The person is told to sign in again, whatever it is; the operator reads which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IdentityError {
    /// It is no token, or says something that ours do not say.
    #[error("the token is malformed: {0}")]
    Malformed(&'static str),
    /// No key of that name: it may have been taken out, or never was ours.
    #[error("the token is signed with a key that is not known")]
    UnknownKey,
    /// Not signed by who holds that key.
    #[error("the signature of the token is wrong")]
    WrongSignature,
    /// For somebody else, or by somebody else.
    #[error("the token is not meant for this service")]
    NotForUs,
    /// Its time is over: the page asks for a new one.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come: a clock is wrong.
    #[error("the token is not valid yet")]
    NotYet,
    /// It answers a sign-in that somebody else began.
    #[error("the token answers another sign-in")]
    WrongNonce,
    /// It lives longer than tokens may.
    #[error("the token lives too long")]
    TooLong,
}

impl Verifier {
    /// Takes tokens of `issuer` for `audience`, signed with one of `keys`.
    pub(crate) fn new(keys: Keys, issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self { keys, issuer: issuer.into(), audience: audience.into() }
    }

    /// Who `token` says is asking at `now`.
    ///
    /// # Errors
    /// When it proves nothing.
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Result<Proof, IdentityError> {
        if token.len() > LONGEST_TOKEN {
            return Err(IdentityError::Malformed("it is too long"));
        }
        let token = jws::Token::parse(token)?;
        let key = self.keys.find(&token.key_id).ok_or(IdentityError::UnknownKey)?;
        // Nothing that it says is looked at before this.
        if token.algorithm != key.algorithm() || !key.has_signed(token.signed, &token.signature) {
            return Err(IdentityError::WrongSignature);
        }
        let claims = claims::Claims::parse(&token.payload)?;
        if claims.issuer != self.issuer || !claims.audience.names(&self.audience) {
            return Err(IdentityError::NotForUs);
        }
        let (issued, begins, expires) = claims.times()?;
        if expires <= issued || expires.duration_since(issued) > LONGEST_LIFE {
            return Err(IdentityError::TooLong);
        }
        if now.duration_since(expires) >= CLOCK_SKEW {
            return Err(IdentityError::Expired);
        }
        if begins.duration_since(now) > CLOCK_SKEW {
            return Err(IdentityError::NotYet);
        }
        claims.proof(expires.saturating_add(CLOCK_SKEW).unwrap_or(expires))
    }
}
