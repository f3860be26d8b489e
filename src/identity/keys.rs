//! Keys by name: a secret that the portal shares with us, or public keys of its own (JWK, RFC 7517).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{hmac, signature};
use serde::Deserialize;

use crate::model::Secret;

/// A shared secret is at least as long as what it makes (RFC 7518 §3.2).
const SHORTEST_SECRET: usize = 32;

/// Shorter RSA keys are broken (RFC 7518 §3.3).
const SHORTEST_RSA_BYTES: usize = 256;

/// Names of algorithms that we take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Hs256,
    EdDsa,
    Es256,
    Rs256,
}

/// A key with its name.
#[derive(Clone)]
pub(crate) struct Key {
    id: String,
    material: Material,
}

#[derive(Clone)]
enum Material {
    Shared(hmac::Key),
    Ed25519(Vec<u8>),
    /// The point, uncompressed.
    P256(Vec<u8>),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

/// The keys that are valid now: during a rotation, the old one and the new one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(Vec<Key>);

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyError {
    /// Anybody could guess it.
    #[error("the secret of the key {0} is shorter than {SHORTEST_SECRET} bytes")]
    Short(String),
    /// It cannot be read, or is of a kind that we do not take.
    #[error("the key {0} cannot be used: it must be OKP with Ed25519, EC with P-256, or RSA of 2048 bits or more")]
    Unusable(String),
    /// Which one would hold?
    #[error("two keys have the name {0}")]
    Twice(String),
    /// The list of public keys is no JWK set.
    #[error("the list of public keys is no JWK set")]
    NoSet,
}

/// A public key as `/.well-known/jwks.json` has it. Members that do not concern us are passed over.
#[derive(Deserialize)]
struct Jwk {
    kid: Option<String>,
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<serde_json::Value>,
}

impl Algorithm {
    /// `none` and all others are no algorithm.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "HS256" => Some(Self::Hs256),
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            "ES256" => Some(Self::Es256),
            "RS256" => Some(Self::Rs256),
            _ => None,
        }
    }
}

impl Key {
    /// A secret that the portal shares with us.
    ///
    /// # Errors
    /// When it is too short.
    pub(crate) fn shared(id: impl Into<String>, secret: &Secret) -> Result<Self, KeyError> {
        let (id, secret) = (id.into(), secret.reveal().as_bytes());
        if secret.len() < SHORTEST_SECRET {
            return Err(KeyError::Short(id));
        }
        Ok(Self { id, material: Material::Shared(hmac::Key::new(hmac::HMAC_SHA256, secret)) })
    }

    fn from_jwk(jwk: Jwk) -> Result<Self, KeyError> {
        let id = jwk.kid.unwrap_or_default();
        let part = |text: Option<String>| URL_SAFE_NO_PAD.decode(text?).ok();
        let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("OKP", Some("Ed25519")) => part(jwk.x).filter(|x| x.len() == 32).map(Material::Ed25519),
            ("EC", Some("P-256")) => part(jwk.x).zip(part(jwk.y)).and_then(|(x, y)| point(&x, &y)).map(Material::P256),
            ("RSA", _) => part(jwk.n).zip(part(jwk.e)).map(|(n, e)| Material::Rsa { n: without_zeros(n), e }),
            _ => None,
        };
        let is_strong = |material: &Material| match material {
            Material::Rsa { n, .. } => n.len() >= SHORTEST_RSA_BYTES,
            Material::Shared(_) | Material::Ed25519(_) | Material::P256(_) => true,
        };
        let is_named = !id.is_empty();
        match material.filter(|material| is_named && is_strong(material)) {
            Some(material) => Ok(Self { id, material }),
            None => Err(KeyError::Unusable(id)),
        }
    }

    /// The one algorithm that this key is for.
    pub(super) fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Shared(_) => Algorithm::Hs256,
            Material::Ed25519(_) => Algorithm::EdDsa,
            Material::P256(_) => Algorithm::Es256,
            Material::Rsa { .. } => Algorithm::Rs256,
        }
    }

    /// Whether who holds this key made `mark` for `message`.
    pub(super) fn has_signed(&self, message: &[u8], mark: &[u8]) -> bool {
        match &self.material {
            Material::Shared(key) => hmac::verify(key, message, mark).is_ok(),
            Material::Ed25519(x) => {
                signature::UnparsedPublicKey::new(&signature::ED25519, x).verify(message, mark).is_ok()
            }
            Material::P256(point) => signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point)
                .verify(message, mark)
                .is_ok(),
            Material::Rsa { n, e } => signature::RsaPublicKeyComponents { n, e }
                .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, mark)
                .is_ok(),
        }
    }
}

impl Keys {
    /// All of `keys`.
    ///
    /// # Errors
    /// When two have one name.
    pub(crate) fn new(keys: impl IntoIterator<Item = Key>) -> Result<Self, KeyError> {
        let mut all = Self::default();
        for key in keys {
            if all.find(&key.id).is_some() {
                return Err(KeyError::Twice(key.id));
            }
            all.0.push(key);
        }
        Ok(all)
    }

    /// The signing keys of a JWK set, as the portal publishes it. Those of kinds that we do not take are passed over (RFC
    /// 7517 §5): a portal may have them for others.
    ///
    /// # Errors
    /// When it is no set, or none of its signing keys can be used.
    pub(crate) fn from_jwk_set(json: &[u8]) -> Result<Self, KeyError> {
        let set: JwkSet = serde_json::from_slice(json).map_err(|_| KeyError::NoSet)?;
        let read = |value| serde_json::from_value(value).map_err(|_| KeyError::Unusable(String::new()));
        let signs = |jwk: &Jwk| jwk.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
        let (mut usable, mut refused) = (Vec::new(), None);
        for jwk in set.keys {
            match read(jwk).map(|jwk| signs(&jwk).then(|| Key::from_jwk(jwk))) {
                Ok(None) => {}
                Ok(Some(Ok(key))) => usable.push(key),
                Ok(Some(Err(error))) | Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(error) if usable.is_empty() => Err(error),
            _ => Self::new(usable),
        }
    }

    /// These and `others`.
    ///
    /// # Errors
    /// When two have one name.
    pub(crate) fn and(self, others: Self) -> Result<Self, KeyError> {
        Self::new(self.0.into_iter().chain(others.0))
    }

    pub(super) fn find(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id)
    }
}

/// Only the name: the rest may be secret.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, {:?})", self.id, self.algorithm())
    }
}

/// A point of P-256 as X9.62 writes it; whether it lies on the curve is looked at with each signature.
fn point(x: &[u8], y: &[u8]) -> Option<Vec<u8>> {
    (x.len() == 32 && y.len() == 32).then(|| [&[4], x, y].concat())
}

/// Some write a zero before the number; ring takes none.
fn without_zeros(mut number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.drain(..zeros);
    number
}
