//! What was asked of the provider, while somebody is there: a text that the browser carries and only we can have written.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::token;

/// A longer address is not gone back to: cookies are small.
const LONGEST_WANTED: usize = 1_000;

/// One sign-in that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    /// In milliseconds since 1970.
    pub(super) begun_at: i64,
    /// Where the person wants to go.
    pub(super) wanted: String,
    /// Whether somebody who is in proves anew who it is.
    pub(super) is_to_confirm: bool,
}

impl Pending {
    /// One that begins `now`.
    pub(super) fn new(wanted: &str, is_to_confirm: bool, now: i64) -> Self {
        let wanted = if wanted.len() > LONGEST_WANTED { "/console" } else { wanted }.to_owned();
        let (state, nonce, verifier) = (token::new(), token::new(), token::new());
        Self { state, nonce, verifier, begun_at: now, wanted, is_to_confirm }
    }

    /// As the browser carries it.
    pub(super) fn write(&self, key: &[u8; 32]) -> String {
        let text = serde_json::to_vec(self).expect("texts, a number and a truth value are JSON");
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&text), blake3::keyed_hash(key, &text).to_hex())
    }

    /// What the browser carried, when we wrote it.
    pub(super) fn read(cookie: &str, key: &[u8; 32]) -> Option<Self> {
        let (text, mark) = cookie.split_once('.')?;
        let text = URL_SAFE_NO_PAD.decode(text).ok()?;
        // Hashes are compared in constant time.
        if blake3::Hash::from_hex(mark).ok()? != blake3::keyed_hash(key, &text) {
            return None;
        }
        serde_json::from_slice(&text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_wrote_is_read() {
        let key = [7; 32];
        let pending = Pending::new("/console/demandes", false, 5);
        let cookie = pending.write(&key);
        assert_eq!(Pending::read(&cookie, &key), Some(pending.clone()));
        assert_eq!(Pending::read(&cookie, &[8; 32]), None);
        let forged = Pending { is_to_confirm: true, begun_at: 0, ..pending }.write(&[0; 32]);
        let mark = cookie.split_once('.').expect("a mark").1;
        let mixed = format!("{}.{mark}", forged.split_once('.').expect("a mark").0);
        for wrong in ["", ".", "a.b", forged.as_str(), mixed.as_str()] {
            assert_eq!(Pending::read(wrong, &key), None, "{wrong}");
        }
    }

    #[test]
    fn a_cookie_stays_small() {
        let long = format!("/console/demandes?q={}", "a".repeat(5_000));
        assert_eq!(Pending::new(&long, false, 0).wanted, "/console");
        assert!(Pending::new(&long[..LONGEST_WANTED], false, 0).write(&[0; 32]).len() < 3_000);
    }
}
