//! Who visitors are: tokens of the portal, each taken once; keys that rotate; accounts of other channels that people link
//! with a short code.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::clients::jwks::Jwks;
use crate::identity::{IdentityError, Keys, Proof, Verifier};
use crate::model::{Person, Visitor};
use crate::store::{Store, StoreError};

/// Keys are not fetched more often than this because of tokens that name unknown ones.
pub(crate) const FETCH_PAUSE: Duration = Duration::from_secs(10);

/// How long a conversation knows who linked the account that it is held with; it looks again before.
const LINKED_MS: i64 = 10 * 60 * 1000;

/// Letters and digits of a code that nobody takes for another.
const CODE_LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 8;
const CODE_GROUP: usize = 4;

/// Whose tokens are taken.
pub(crate) struct Trust {
    /// Who signs.
    pub(crate) issuer: String,
    /// For whom.
    pub(crate) audience: String,
    /// Keys that are always there.
    pub(crate) fixed: Keys,
    /// Keys that the portal publishes.
    pub(crate) published: Option<Jwks>,
    /// How often they are read again.
    pub(crate) refresh: Duration,
    /// How often at most they are read because a token names an unknown one.
    pub(crate) fetch_pause: Duration,
    /// How long a code for linking an account lives, in milliseconds.
    pub(crate) link_code_ms: i64,
}

/// Who visitors are.
pub(crate) struct Visitors {
    store: Store,
    trust: Trust,
    verifier: ArcSwap<Verifier>,
    /// When keys were fetched last; held while they are.
    fetched: Mutex<Option<Instant>>,
}

/// Why somebody is not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VisitorError {
    /// The token proves nothing.
    #[error(transparent)]
    Refused(#[from] IdentityError),
    /// The token was taken before.
    #[error("the token was taken before")]
    Used,
    /// Nothing was kept.
    #[error("the store failed")]
    Store(#[source] StoreError),
}

/// A code by which an account is linked.
pub(crate) struct LinkCode {
    /// As it is shown.
    pub(crate) code: String,
    /// Until when it can be used, in milliseconds since 1970.
    pub(crate) expires_at: i64,
}

impl From<StoreError> for VisitorError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Used,
            error => Self::Store(error),
        }
    }
}

impl Visitors {
    /// Takes tokens of whom `trust` names.
    pub(crate) fn new(store: Store, trust: Trust) -> Self {
        let verifier = Verifier::new(trust.fixed.clone(), &trust.issuer, &trust.audience);
        Self { store, verifier: ArcSwap::from_pointee(verifier), trust, fetched: Mutex::default() }
    }

    /// Who `token` says is asking. Nothing is kept.
    ///
    /// # Errors
    /// When it proves nothing.
    pub(crate) async fn prove(&self, token: &str) -> Result<Proof, VisitorError> {
        let now = Timestamp::now();
        match self.verifier.load().verify(token, now) {
            Err(IdentityError::UnknownKey) => {
                self.fetch_unless_just_done().await;
                Ok(self.verifier.load().verify(token, now)?)
            }
            outcome => Ok(outcome?),
        }
    }

    /// Keeps that `proof` says who the visitor of `conversation` is, until it ends. A proof is taken once.
    ///
    /// # Errors
    /// When it was taken before.
    pub(crate) async fn sign_in(&self, conversation: &str, proof: &Proof) -> Result<i64, VisitorError> {
        let valid_until = proof.valid_until.as_millisecond();
        self.store.keep_visitor(conversation, &proof.visitor, &proof.token_id, valid_until).await?;
        Ok(valid_until)
    }

    /// A code by which the visitor of `proof` links an account of another channel, once.
    ///
    /// # Errors
    /// When the proof was taken before.
    pub(crate) async fn create_link_code(&self, proof: &Proof) -> Result<LinkCode, VisitorError> {
        self.store.take_token(&proof.token_id, proof.valid_until.as_millisecond()).await?;
        let code = new_code();
        let expires_at = Timestamp::now().as_millisecond() + self.trust.link_code_ms;
        self.store.create_link_code(&code_hash(&code), &proof.visitor, expires_at).await?;
        Ok(LinkCode { code, expires_at })
    }

    /// Undoes every link of the visitor of `proof` with accounts of other channels; how many there were.
    ///
    /// # Errors
    /// When the proof was taken before.
    pub(crate) async fn revoke_links(&self, proof: &Proof) -> Result<u64, VisitorError> {
        self.store.take_token(&proof.token_id, proof.valid_until.as_millisecond()).await?;
        let person = Person { users: vec![proof.visitor.user.clone()], ..Person::default() };
        Ok(self.store.unlink_person(&person, None).await?)
    }

    /// Links an account of `channel` to who made `code`; `None` when the code is wrong, used or too old.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn link_account(
        &self,
        channel: &str,
        account: &str,
        code: &str,
    ) -> Result<Option<Visitor>, StoreError> {
        self.store.link_account(channel, account, &code_hash(code), Timestamp::now().as_millisecond()).await
    }

    /// Lets a conversation that is held with an account of `channel` know who linked the account, for a while; forgets who
    /// it was when nobody did, or nobody does any more.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn recognise(&self, conversation: &str, channel: &str, account: &str) -> Result<(), StoreError> {
        let linked = self.store.find_linked(channel, account).await?;
        let known = self.store.find_visitor(conversation).await?;
        let now = Timestamp::now().as_millisecond();
        match (linked, known) {
            (None, None) => Ok(()),
            (None, Some(_)) => self.store.remove_visitor(conversation).await,
            (Some(linked), Some((known, until))) if linked == known && until > now + LINKED_MS / 2 => Ok(()),
            (Some(linked), _) => self.store.keep_linked_visitor(conversation, &linked, now + LINKED_MS).await,
        }
    }

    /// Reads the published keys again and again, for ever; returns at once when there are none.
    pub(crate) async fn keep_keys(self: Arc<Self>) {
        if self.trust.published.is_none() {
            return;
        }
        loop {
            self.fetch(&mut *self.fetched.lock().await).await;
            tokio::time::sleep(self.trust.refresh).await;
        }
    }

    /// Those whose tokens name a new key at the same time wait for one fetch: all of them are known after it.
    async fn fetch_unless_just_done(&self) {
        let mut fetched = self.fetched.lock().await;
        if fetched.is_none_or(|at| at.elapsed() >= self.trust.fetch_pause) {
            self.fetch(&mut fetched).await;
        }
    }

    /// Takes the published keys in the place of those before. When they cannot be had, those before stay.
    async fn fetch(&self, fetched: &mut Option<Instant>) {
        let Some(published) = &self.trust.published else { return };
        *fetched = Some(Instant::now());
        let json = match published.fetch().await {
            Ok(json) => json,
            Err(error) => {
                tracing::warn!("{:#}: those known so far stay", anyhow::Error::from(error));
                return;
            }
        };
        match Keys::from_jwk_set(&json).and_then(|keys| self.trust.fixed.clone().and(keys)) {
            Ok(keys) => {
                let verifier = Verifier::new(keys, &self.trust.issuer, &self.trust.audience);
                self.verifier.store(Arc::new(verifier));
            }
            Err(error) => tracing::error!("the keys of the portal cannot be used, those known so far stay: {error}"),
        }
    }
}

/// Eight letters and digits in two groups: 40 bits of chance, for ten minutes and one use.
fn new_code() -> String {
    let mut code = String::with_capacity(CODE_LENGTH + 1);
    while code.len() < CODE_LENGTH + 1 {
        let mut byte = [0_u8];
        getrandom::fill(&mut byte).expect("the system gives random bytes");
        // The bytes beyond the last whole round would make some letters likelier.
        let round = usize::from(byte[0]) / CODE_LETTERS.len();
        if round < 256 / CODE_LETTERS.len() {
            code.push(char::from(CODE_LETTERS[usize::from(byte[0]) % CODE_LETTERS.len()]));
        }
        if code.len() == CODE_GROUP {
            code.push('-');
        }
    }
    code
}

/// What is kept of a code, however it is typed.
fn code_hash(code: &str) -> String {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    blake3::hash(letters.as_bytes()).to_hex().to_string()
}
