//! Somebody who signs, for tests: a portal, or a provider of identities. Ed25519 keys with their public half.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

/// A key of the portal.
#[derive(Clone)]
pub(crate) struct Signing {
    id: String,
    seed: [u8; 32],
}

impl Signing {
    /// The key called `id`, made from `seed`.
    pub(crate) fn new(id: &str, seed: u8) -> Self {
        Self { id: id.to_owned(), seed: [seed; 32] }
    }

    /// Its public half, as a JWK.
    pub(crate) fn public(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.pair().public_key().as_ref());
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": self.id, "use": "sig", "alg": "EdDSA", "x": x })
    }

    /// A token for the user U-11, issued at `now`.
    pub(crate) fn token(&self, now: Timestamp) -> String {
        let issued = now.as_second();
        let claims = json!({
            "iss": "https://portail.example", "aud": "guichet", "iat": issued, "exp": issued + 300,
            "jti": uuid::Uuid::now_v7().to_string(), "sub": "U-11", "partner": "P-1", "establishments": ["E-11"],
            "rights": ["contracts"],
        });
        self.sign(&claims)
    }

    /// A token that says `claims`.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "EdDSA", "kid": self.id });
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", encode(&header), encode(claims));
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(self.pair().sign(text.as_bytes())))
    }

    fn pair(&self) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&self.seed).expect("a key pair")
    }
}
