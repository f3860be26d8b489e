//! Signing in at the provider of identities of the company: somebody leaves for it and comes back with a code. The account is
//! made at the first time, found again by the provider's own name for the person, never by the address alone, and has the
//! role that the provider gives at each time.
//!
//! What was asked travels with the browser, in a cookie that only we can write: nothing is kept for strangers who leave, and
//! any replica takes whoever comes back. Each answer is taken once.

mod claims;
mod pending;

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::{new_account, told};
use crate::clients::oidc::{OidcError, Provider, Question};
use crate::identity::id_token::IdToken;
use crate::model::{Account, Audit, ExternalId, Secret, Session};
use crate::store::{Store, StoreError};
use crate::token;
use claims::Stranger;
use pending::Pending;

pub(crate) use claims::Roles;

/// How long somebody may take at the provider.
const LIFE_MS: i64 = 10 * 60_000;
/// How far the clock of the provider may be from ours, when it says that somebody has just proved who it is.
const SKEW_MS: i64 = 30_000;

/// The way in by the provider.
pub(crate) struct Sso {
    store: Store,
    provider: Provider,
    roles: Roles,
    /// Marks what browsers carry; all replicas have the same.
    key: [u8; 32],
}

/// Somebody leaves for the provider.
#[derive(Debug)]
pub(crate) struct Leaving {
    /// Where to.
    pub(crate) url: String,
    /// What the browser carries until it is back.
    pub(crate) cookie: String,
}

/// What somebody brings back, as the address has it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Brought<'a> {
    pub(crate) code: Option<&'a str>,
    pub(crate) state: &'a str,
    pub(crate) issuer: Option<&'a str>,
    pub(crate) error: Option<&'a str>,
}

/// Somebody is back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// With a new session.
    In {
        /// Its secret.
        secret: String,
        /// Where the person wanted to go.
        wanted: String,
    },
    /// The session's owner proved again who it is.
    Confirmed {
        /// Where the person wanted to go.
        wanted: String,
    },
}

/// Why somebody does not come in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SsoError {
    /// It was begun elsewhere, too long ago, or has ended before: begin again.
    #[error("the sign-in was not begun here, or is over")]
    Over,
    /// The person, or the provider for it, said no.
    #[error("the sign-in was declined")]
    Declined,
    /// The provider gives no role that counts here.
    #[error("no role is given")]
    NoRole,
    /// An address must be known, and the person's.
    #[error("no address is given, or one that was not checked")]
    NoEmail,
    /// The address belongs to another account.
    #[error("somebody has this address")]
    Taken,
    /// To confirm, somebody else signed in.
    #[error("somebody else signed in")]
    SomebodyElse,
    /// To confirm, nobody proved anything anew.
    #[error("the provider did not ask who it is")]
    NotAnew,
    /// The provider.
    #[error(transparent)]
    Provider(#[from] OidcError),
    /// Nothing was changed.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

impl Sso {
    /// The way in by `provider`, which gives `roles`; `secret` is what all replicas share.
    pub(crate) fn new(store: Store, provider: Provider, roles: Roles, secret: &Secret) -> Self {
        let key = blake3::derive_key("guichet 2026 staff sign-in cookie", secret.reveal().as_bytes());
        Self { store, provider, roles, key }
    }

    /// Somebody leaves to sign in, and wants to go to `wanted` then.
    ///
    /// # Errors
    /// When the provider does not say where it is.
    pub(crate) async fn leave(&self, wanted: &str, now: i64) -> Result<Leaving, SsoError> {
        self.send_off(Pending::new(wanted, false, now)).await
    }

    /// Somebody who is in leaves to prove anew who it is.
    ///
    /// # Errors
    /// When the provider does not say where it is.
    pub(crate) async fn leave_to_confirm(&self, wanted: &str, now: i64) -> Result<Leaving, SsoError> {
        self.send_off(Pending::new(wanted, true, now)).await
    }

    /// Where somebody signs out of the provider too, when it has said so.
    pub(crate) async fn sign_out_url(&self) -> Option<String> {
        self.provider.sign_out_url().await
    }

    /// Somebody is back, with this cookie; `session` is the one that the browser has, with its secret.
    ///
    /// # Errors
    /// When nothing is proved, or the person has no place here.
    pub(crate) async fn arrive(
        &self,
        cookie: &str,
        brought: Brought<'_>,
        session: Option<(&Session, &str)>,
        now: i64,
    ) -> Result<Arrived, SsoError> {
        let pending = Pending::read(cookie, &self.key).ok_or(SsoError::Over)?;
        let is_late = !(0..LIFE_MS).contains(&(now - pending.begun_at));
        if is_late || token::hash(brought.state) != token::hash(&pending.state) {
            return Err(SsoError::Over);
        }
        // Whatever comes of it, it comes once.
        let until = pending.begun_at + LIFE_MS;
        self.store.take_token(&format!("staff:{}", token::hash(&pending.state)), until).await.map_err(|error| {
            match error {
                StoreError::Conflict => SsoError::Over,
                error => error.into(),
            }
        })?;
        if let Some(error) = brought.error {
            return Err(refusal(error));
        }
        let code = brought.code.ok_or(SsoError::Over)?;
        let at = Timestamp::from_millisecond(now).map_err(|_| SsoError::Over)?;
        let said = self.provider.redeem(code, brought.issuer, pending.question(), at).await?;
        match pending.is_to_confirm {
            false => self.let_in(&said, pending.wanted, now).await,
            true => self.confirm(&said, session, pending, now).await,
        }
    }

    async fn send_off(&self, pending: Pending) -> Result<Leaving, SsoError> {
        let url = self.provider.sign_in_url(pending.question(), pending.is_to_confirm).await?;
        Ok(Leaving { url, cookie: pending.write(&self.key) })
    }

    async fn let_in(&self, said: &IdToken, wanted: String, now: i64) -> Result<Arrived, SsoError> {
        let external = self.external(said);
        let known = self.store.find_external_account(&external).await?;
        let person = match self.roles.read(&said.claims) {
            Ok(person) => person,
            Err(stranger) => return Err(self.send_away(&external, known, stranger, now).await?),
        };
        let account = match known {
            Some(before) => {
                let account = Account { name: person.name, email: person.email, role: person.role, ..before.clone() };
                let line = (account.role != before.role).then(|| Audit {
                    before: before.role.name().to_owned(),
                    after: account.role.name().to_owned(),
                    ..told(&account.name, "staff.role_followed", &account, now)
                });
                self.store.follow_provider(&account, line.as_ref()).await?;
                account
            }
            None => self.create(external, person, now).await?,
        };
        let secret = token::new();
        let line = told(&account.name, "staff.signed_in", &account, now);
        // Whoever was let through without being asked has proved nothing now.
        let confirmed_at = said.authenticated_at.map_or(0, |at| at.as_millisecond().min(now));
        self.store.create_session(&token::hash(&secret), &account.id, now, confirmed_at, &line).await?;
        Ok(Arrived::In { secret, wanted })
    }

    async fn create(&self, external: ExternalId, person: claims::Colleague, now: i64) -> Result<Account, SsoError> {
        let account = new_account(&person.name, &person.email, person.role, now);
        let account = Account { external: Some(external.clone()), ..account };
        let line =
            Audit { after: account.role.name().to_owned(), ..told(&account.name, "staff.joined", &account, now) };
        match self.store.create_external_account(&account, &line).await {
            Ok(()) => return Ok(account),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        // In two windows at once: the other one has made the account.
        if let Some(account) = self.store.find_external_account(&external).await? {
            return Ok(account);
        }
        let line = Audit { after: "address taken".to_owned(), ..told(&account.name, "staff.refused", &account, now) };
        self.store.note_refusal(&line).await?;
        Err(SsoError::Taken)
    }

    /// Somebody has no place here, or none any more.
    async fn send_away(
        &self,
        external: &ExternalId,
        known: Option<Account>,
        stranger: Stranger,
        now: i64,
    ) -> Result<SsoError, StoreError> {
        let (reason, error) = match stranger {
            Stranger::NoRole => ("no role", SsoError::NoRole),
            Stranger::NoEmail => ("no address", SsoError::NoEmail),
        };
        match (&error, known) {
            (SsoError::NoRole, Some(account)) => {
                let before = account.role.name().to_owned();
                let line = Audit { before, ..told(&account.name, "staff.withdrawn", &account, now) };
                self.store.withdraw_account(&account.id, &line).await?;
            }
            _ => {
                let (what, object) = ("staff.refused".to_owned(), external.subject.clone());
                let line =
                    Audit { at: now, who: object.clone(), what, object, after: reason.to_owned(), ..Audit::default() };
                self.store.note_refusal(&line).await?;
            }
        }
        Ok(error)
    }

    async fn confirm(
        &self,
        said: &IdToken,
        session: Option<(&Session, &str)>,
        pending: Pending,
        now: i64,
    ) -> Result<Arrived, SsoError> {
        let (session, secret) = session.ok_or(SsoError::Over)?;
        if session.account.external.as_ref() != Some(&self.external(said)) {
            return Err(SsoError::SomebodyElse);
        }
        let is_anew = said.authenticated_at.is_some_and(|at| at.as_millisecond() + SKEW_MS >= pending.begun_at);
        if !is_anew {
            return Err(SsoError::NotAnew);
        }
        self.store.touch_session(&token::hash(secret), now, true).await?;
        Ok(Arrived::Confirmed { wanted: pending.wanted })
    }

    fn external(&self, said: &IdToken) -> ExternalId {
        ExternalId { issuer: self.provider.issuer().to_owned(), subject: said.subject.clone() }
    }
}

impl Pending {
    fn question(&self) -> Question<'_> {
        Question { state: &self.state, nonce: &self.nonce, verifier: &self.verifier }
    }
}

/// What the provider's error means (OpenID Connect Core §3.1.2.6, RFC 6749 §4.1.2.1). Its text is not ours to show or log.
fn refusal(error: &str) -> SsoError {
    match error {
        "access_denied"
        | "login_required"
        | "interaction_required"
        | "consent_required"
        | "account_selection_required" => SsoError::Declined,
        "server_error" | "temporarily_unavailable" => OidcError::Unavailable("it answers with an error").into(),
        "invalid_scope" => OidcError::Unusable("it does not know a scope: see console.oidc.scopes").into(),
        _ => OidcError::Unusable("it refuses what was asked").into(),
    }
}
