//! Interactions as signed HTTP requests, for deployments without a gateway.

use std::sync::Arc;

use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;
use serenity::model::application::Interaction;

use super::Discord;

/// How old or how far ahead a signature may be, in seconds: a captured request cannot be sent again later.
const FRESH_S: i64 = 300;

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// No public key is configured.
    #[error("no public key of the application is configured")]
    Off,
    /// It is not signed by Discord, or too old.
    #[error("the request is not signed by Discord, or too old")]
    NotSigned,
    /// It is signed, and no interaction that we know.
    #[error("the request is no interaction")]
    NoInteraction,
}

impl Discord {
    /// The answer to a signed request: `signature` in hexadecimal over `timestamp` (seconds since 1970) and `body`.
    ///
    /// # Errors
    /// When it is not signed as it must be; nothing was done then.
    pub async fn interaction(
        self: Arc<Self>,
        signature: &str,
        timestamp: &str,
        body: &[u8],
        now_s: i64,
    ) -> Result<Value, EndpointError> {
        let key = self.settings.public_key.ok_or(EndpointError::Off)?;
        check(&key, signature, timestamp, body, now_s)?;
        let interaction: Interaction = serde_json::from_slice(body).map_err(|_| EndpointError::NoInteraction)?;
        let (first, later) = self.answer(interaction).await;
        if let Some((who, later)) = later {
            tokio::spawn(async move { self.go_on(&who, later).await });
        }
        Ok(first)
    }
}

fn check(key: &[u8; 32], signature: &str, timestamp: &str, body: &[u8], now_s: i64) -> Result<(), EndpointError> {
    let signed_at: i64 = timestamp.parse().map_err(|_| EndpointError::NotSigned)?;
    let signature = unhex(signature).ok_or(EndpointError::NotSigned)?;
    if now_s.abs_diff(signed_at) > FRESH_S.unsigned_abs() {
        return Err(EndpointError::NotSigned);
    }
    let signed = [timestamp.as_bytes(), body].concat();
    UnparsedPublicKey::new(&ED25519, key).verify(&signed, &signature).map_err(|_| EndpointError::NotSigned)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use ring::signature::{Ed25519KeyPair, KeyPair};

    use super::*;

    #[test]
    fn only_what_is_signed_and_fresh_is_believed() {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a seed has 32 bytes");
        let key: [u8; 32] = pair.public_key().as_ref().try_into().expect("a key has 32 bytes");
        let signature = super::super::hex(pair.sign(b"1000{}").as_ref());
        let verdict =
            |signature: &str, timestamp: &str, body: &[u8], now: i64| check(&key, signature, timestamp, body, now);
        assert_eq!(verdict(&signature, "1000", b"{}", 1100), Ok(()));
        for (signature, timestamp, body, now) in [
            (signature.as_str(), "1000", b"[]".as_slice(), 1100),
            (signature.as_str(), "1001", b"{}".as_slice(), 1100),
            (signature.as_str(), "1000", b"{}".as_slice(), 1301),
            (signature.as_str(), "1000", b"{}".as_slice(), 699),
            (signature.as_str(), "-9223372036854775808", b"{}".as_slice(), i64::MAX),
            (&signature[2..], "1000", b"{}".as_slice(), 1100),
            ("zz", "1000", b"{}".as_slice(), 1100),
            ("é", "1000", b"{}".as_slice(), 1100),
            ("", "", b"".as_slice(), 0),
        ] {
            assert_eq!(verdict(signature, timestamp, body, now), Err(EndpointError::NotSigned));
        }
    }
}
