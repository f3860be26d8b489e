//! Proves to a subscriber that a message is ours and when it was sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::model::Secret;

/// Base64 of HMAC-SHA256 over the timestamp, a dot and the body. The dot keeps a digit from moving from one to the other.
pub(super) fn sign(secret: &Secret, timestamp: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).expect("HMAC takes keys of any length");
    let mac = mac.chain_update(timestamp.as_bytes()).chain_update(b".").chain_update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_what_other_programs_compute() {
        // printf '%s' '1764000000.{"a":1}' | openssl dgst -sha256 -hmac secret -binary | base64
        assert_eq!(
            sign(&Secret::new("secret"), "1764000000", r#"{"a":1}"#),
            "ES3Bc2rQMo8JTr2tY8i95ZNs59C7euRn+fjUgaJt9Rw="
        );
    }
}
