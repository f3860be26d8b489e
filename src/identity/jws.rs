//! The form of a signed token: `header.payload.signature`, each in base64url (RFC 7515, compact).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::IdentityError;
use super::keys::Algorithm;

/// A token taken apart; nothing is proved yet.
pub(super) struct Token<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: String,
    /// What the signature is over.
    pub(super) signed: &'a [u8],
    pub(super) payload: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood: we understand none.
    crit: Option<serde::de::IgnoredAny>,
}

impl<'a> Token<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, IdentityError> {
        let malformed = IdentityError::Malformed;
        let (signed, signature) = token.rsplit_once('.').ok_or(malformed("it has no signature"))?;
        let (header, payload) = signed.split_once('.').ok_or(malformed("it has no payload"))?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed("it is not base64url"));
        let header: Header =
            serde_json::from_slice(&decode(header)?).map_err(|_| malformed("its header cannot be read"))?;
        if header.crit.is_some() {
            return Err(malformed("it has extensions"));
        }
        Ok(Self {
            algorithm: Algorithm::from_name(&header.alg).ok_or(malformed("its algorithm is not taken"))?,
            key_id: header.kid.ok_or(malformed("it does not name its key"))?,
            signed: signed.as_bytes(),
            payload: decode(payload)?,
            signature: decode(signature)?,
        })
    }
}
