//! What a token says.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::IdentityError;
use crate::model::{Contact, EstablishmentId, PartnerId, Right, UserId, Visitor};

/// Long enough for any id, short enough to be kept.
const LONGEST_JTI: usize = 128;

/// The payload of a token.
#[derive(Deserialize)]
pub(super) struct Claims {
    #[serde(rename = "iss")]
    pub(super) issuer: String,
    #[serde(rename = "aud")]
    pub(super) audience: Audience,
    #[serde(rename = "iat")]
    issued: i64,
    #[serde(rename = "exp")]
    expires: i64,
    #[serde(rename = "nbf")]
    not_before: Option<i64>,
    #[serde(rename = "jti")]
    id: String,
    #[serde(rename = "sub")]
    user: UserId,
    partner: PartnerId,
    establishments: BTreeSet<EstablishmentId>,
    rights: Vec<String>,
    // The rest only spares questions: when it is missing, or nothing that can be used, it is asked for as of anybody. A portal
    // whose file has a wrong address must not lock its user out of his contracts.
    #[serde(default)]
    name: Value,
    #[serde(default)]
    email: Value,
    /// OpenID's word for an address that the portal did not check: then it proves nothing.
    #[serde(default)]
    email_verified: Value,
    #[serde(default)]
    partner_name: Value,
}

/// One name or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

/// A visitor and for how long the proof holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    /// Who is asking.
    pub(crate) visitor: Visitor,
    /// The token's own name: remembered until it ends, it is taken once.
    pub(crate) token_id: String,
    /// From this moment on it proves nothing.
    pub(crate) valid_until: Timestamp,
}

impl Audience {
    pub(super) fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(name) => name == audience,
            Self::Several(names) => names.iter().any(|name| name == audience),
        }
    }
}

impl Claims {
    pub(super) fn parse(payload: &[u8]) -> Result<Self, IdentityError> {
        serde_json::from_slice(payload).map_err(|_| IdentityError::Malformed("a claim is missing or wrong"))
    }

    /// When it was issued, from when it holds and until when.
    pub(super) fn times(&self) -> Result<(Timestamp, Timestamp, Timestamp), IdentityError> {
        let read = |seconds| Timestamp::from_second(seconds).map_err(|_| IdentityError::Malformed("a time is none"));
        let issued = read(self.issued)?;
        let begins = self.not_before.map_or(Ok(issued), read)?;
        Ok((issued, issued.max(begins), read(self.expires)?))
    }

    pub(super) fn proof(self, valid_until: Timestamp) -> Result<Proof, IdentityError> {
        if self.id.is_empty() || self.id.len() > LONGEST_JTI {
            return Err(IdentityError::Malformed("its jti is empty or too long"));
        }
        if self.establishments.is_empty() {
            return Err(IdentityError::Malformed("it names no establishment"));
        }
        let contact = self.contact();
        let visitor = Visitor {
            partner: self.partner,
            user: self.user,
            establishments: self.establishments,
            // A right that we do not know gives nothing here.
            rights: self.rights.iter().filter_map(|name| Right::from_name(name)).collect(),
            contact,
        };
        Ok(Proof { visitor, token_id: self.id, valid_until })
    }

    /// How the person can be reached. An address counts unless the portal says that it was not checked: then anybody could
    /// have typed it.
    fn contact(&self) -> Contact {
        let is_checked = matches!(&self.email_verified, Value::Null | Value::Bool(true));
        let email = self.email.as_str().filter(|_| is_checked);
        Contact::read(self.name.as_str(), email, self.partner_name.as_str())
    }
}
