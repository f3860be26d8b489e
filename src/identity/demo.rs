//! Tokens of the demo portal: the service signs them itself, for invented users.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::hmac;
use serde_json::{Value, json};

use crate::model::{Right, Secret, Visitor};

/// How long such a token lives, in seconds.
const LIFE: i64 = 300;

/// The name of the key that signs.
pub(crate) const KEY: &str = "demo";

/// Signs for the users of the demo portal.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    /// Made once for each store; it leaves the service only as signatures.
    pub(crate) secret: Secret,
    pub(crate) issuer: String,
    pub(crate) audience: String,
}

impl Signer {
    /// A token that says `visitor` is asking, from `now` on.
    pub(crate) fn sign(&self, visitor: &Visitor, token_id: &str, now: Timestamp) -> String {
        let issued = now.as_second();
        let rights: Vec<&str> =
            Right::NAMES.iter().filter(|(right, _)| visitor.may(*right)).map(|(_, name)| *name).collect();
        let mut claims = json!({
            "iss": self.issuer, "aud": self.audience, "iat": issued, "exp": issued + LIFE, "jti": token_id,
            "sub": visitor.user, "partner": visitor.partner, "establishments": visitor.establishments, "rights": rights,
        });
        let contact = &visitor.contact;
        let email = contact.email.as_ref().map(|email| email.as_str());
        for (name, value) in
            [("name", contact.name.as_deref()), ("email", email), ("partner_name", contact.company.as_deref())]
        {
            if let Some(value) = value {
                claims[name] = value.into();
            }
        }
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", encode(&json!({ "alg": "HS256", "kid": KEY, "typ": "JWT" })), encode(&claims));
        let mark = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.secret.reveal().as_bytes()), text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(mark))
    }
}
