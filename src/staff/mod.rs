//! How people of the staff come in: invitations, passwords, lockout, sessions; or by the provider of identities (`sso`).

mod password;
pub(crate) mod sso;

use std::time::Duration;

use tokio::sync::Semaphore;

use crate::config::Console;
use crate::model::{Account, Audit, EmailAddress, Role, Session};
use crate::store::{Store, StoreError};
use crate::token;

pub(crate) use password::Refused;

/// So many wrong passwords in a row lock an address, first for so long, then doubled up to the longest.
const FAILURES_BEFORE_LOCK: i64 = 5;
const FIRST_LOCK_MS: i64 = 60_000;
const LONGEST_LOCK_MS: i64 = 3_600_000;
/// A use of a session is written at most so often.
const TOUCH_MS: i64 = 60_000;
/// How long a link works.
const LINK_MS: i64 = 24 * 3_600_000;
/// How many passwords are hashed at once: each takes 19 MiB and a core.
const HASHERS: usize = 2;

/// Lets people of the staff in.
pub(crate) struct Door {
    store: Store,
    settings: Console,
    hashers: Semaphore,
    /// Compared with when nobody has the address, so that the time tells nothing.
    nobody: String,
}

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DoorError {
    /// Address or password are wrong; which, is not told.
    #[error("address or password are wrong")]
    Wrong,
    /// Too many wrong passwords.
    #[error("too many wrong passwords")]
    Locked(Duration),
    /// The link was used, has expired, or never was.
    #[error("the link does not work")]
    NoLink,
    /// Somebody has this address.
    #[error("somebody has this address")]
    Taken,
    /// Nobody could manage the staff any more.
    #[error("the last admin stays")]
    LastAdmin,
    /// Nobody comes in with a password here.
    #[error("people sign in elsewhere")]
    NotHere,
    /// The account is managed at the provider of identities.
    #[error("the account is managed elsewhere")]
    External,
    /// The password is not taken.
    #[error("the password is refused")]
    Password(Refused),
    /// Nothing was changed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A task ended before its work was done.
    #[error("the work was interrupted")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl Door {
    /// The door to what `store` holds.
    pub(crate) fn new(store: Store, settings: Console) -> Self {
        let nobody = password::hash(&token::new());
        Self { store, settings, hashers: Semaphore::new(HASHERS), nobody }
    }

    /// The secret of a new session.
    pub(crate) async fn sign_in(&self, typed: &str, password: &str, now: i64) -> Result<String, DoorError> {
        self.takes_passwords()?;
        let email = typed.trim().parse::<EmailAddress>().ok();
        let account = match &email {
            Some(email) => self.store.find_account(email).await?,
            None => None,
        };
        let login = token::hash(&typed.trim().to_lowercase());
        let hash = account.as_ref().and_then(|account| account.password_hash.clone());
        self.check(&login, hash, password, now).await?;
        let account = account.ok_or(DoorError::Wrong)?;
        self.begin(&account, "staff.signed_in", now).await
    }

    /// The owner of the session types the password again, before something dangerous.
    pub(crate) async fn confirm(
        &self,
        secret: &str,
        session: &Session,
        typed: &str,
        now: i64,
    ) -> Result<(), DoorError> {
        let login = token::hash(session.account.email.as_str());
        self.check(&login, session.account.password_hash.clone(), typed, now).await?;
        Ok(self.store.touch_session(&token::hash(secret), now, true).await?)
    }

    /// Whose session this is, when it has not ended. Its use is noted.
    pub(crate) async fn find_session(&self, secret: &str, now: i64) -> Result<Option<Session>, StoreError> {
        let hash = token::hash(secret);
        let Some(session) = self.store.find_session(&hash).await? else { return Ok(None) };
        let is_idle = session.seen_at < now - self.settings.idle_ms;
        if !self.settings.takes(&session.account) || is_idle || session.created_at < now - self.settings.session_ms {
            self.store.remove_session(&hash).await?;
            return Ok(None);
        }
        if session.seen_at < now - TOUCH_MS {
            self.store.touch_session(&hash, now, false).await?;
        }
        Ok(Some(session))
    }

    /// Whether its owner proved a short time ago who it is.
    pub(crate) fn is_confirmed(&self, session: &Session, now: i64) -> bool {
        session.confirmed_at >= now - self.settings.confirmed_ms
    }

    /// Ends a session.
    pub(crate) async fn sign_out(&self, secret: &str) -> Result<(), StoreError> {
        self.store.remove_session(&token::hash(secret)).await
    }

    /// Removes what has expired; how much.
    pub(crate) async fn sweep(&self, now: i64) -> Result<u64, StoreError> {
        self.store.forget_old_sessions(now - self.settings.idle_ms, now - self.settings.session_ms, now).await
    }

    /// The secret of a link to become the first admin; none when there is somebody, or when people sign in elsewhere.
    pub(crate) async fn first_link(&self, now: i64) -> Result<Option<String>, StoreError> {
        if !self.settings.local_sign_in || self.store.has_host().await? {
            return Ok(None);
        }
        let secret = token::new();
        self.store.create_link(&token::hash(&secret), None, now + LINK_MS, None).await?;
        Ok(Some(secret))
    }

    /// Whom a link is for: an account, or (inner none) the first admin.
    pub(crate) async fn find_link(&self, secret: &str, now: i64) -> Result<Option<Account>, DoorError> {
        self.takes_passwords()?;
        self.store.find_link(&token::hash(secret), now).await?.ok_or(DoorError::NoLink)
    }

    /// Uses a link: the person chooses a password and is in. `name` and `email` count for the first admin only.
    pub(crate) async fn enter(
        &self,
        secret: &str,
        name: &str,
        email: &EmailAddress,
        typed: &str,
        now: i64,
    ) -> Result<String, DoorError> {
        let found = self.find_link(secret, now).await?;
        let mut account = found.unwrap_or_else(|| new_account(name, email, Role::Admin, now));
        password::check(typed, &account.name, &account.email).map_err(DoorError::Password)?;
        let chosen = typed.to_owned();
        let _permit = self.hashers.acquire().await.expect("it is never closed");
        account.password_hash = Some(tokio::task::spawn_blocking(move || password::hash(&chosen)).await?);
        let line = told(&account.name, "staff.password_chosen", &account, now);
        match self.store.use_link(&token::hash(secret), &account, &line).await {
            Ok(()) => {}
            Err(StoreError::Conflict) => return Err(DoorError::NoLink),
            Err(error) => return Err(error.into()),
        }
        self.store.forget_failures(&token::hash(account.email.as_str())).await?;
        self.begin(&account, "staff.signed_in", now).await
    }

    /// Lets somebody in; the secret of the link that chooses a password.
    pub(crate) async fn invite(
        &self,
        name: &str,
        email: &EmailAddress,
        role: Role,
        who: &str,
        now: i64,
    ) -> Result<String, DoorError> {
        self.takes_passwords()?;
        let (account, secret) = (new_account(name, email, role, now), token::new());
        let line = Audit { after: role.name().to_owned(), ..told(who, "staff.added", &account, now) };
        match self.store.create_account(&account, &token::hash(&secret), now + LINK_MS, &line).await {
            Ok(()) => Ok(secret),
            Err(StoreError::Conflict) => Err(DoorError::Taken),
            Err(error) => Err(error.into()),
        }
    }

    /// The secret of a link by which somebody chooses a new password.
    pub(crate) async fn renew(&self, account: &Account, who: &str, now: i64) -> Result<String, DoorError> {
        self.takes_passwords()?;
        is_ours(account)?;
        let secret = token::new();
        let line = told(who, "staff.link_made", account, now);
        self.store.create_link(&token::hash(&secret), Some(&account.id), now + LINK_MS, Some(&line)).await?;
        Ok(secret)
    }

    /// Gives somebody another role.
    pub(crate) async fn change_role(
        &self,
        account: &Account,
        role: Role,
        who: &str,
        now: i64,
    ) -> Result<(), DoorError> {
        is_ours(account)?;
        let (before, after) = (account.role.name().to_owned(), role.name().to_owned());
        let line = Audit { before, after, ..told(who, "staff.role_changed", account, now) };
        last_admin(self.store.change_role(&account.id, role, &line).await)
    }

    /// Sends somebody away; all sessions end at once.
    pub(crate) async fn remove(&self, account: &Account, who: &str, now: i64) -> Result<(), DoorError> {
        let line = Audit { before: account.role.name().to_owned(), ..told(who, "staff.removed", account, now) };
        last_admin(self.store.remove_account(&account.id, &line).await)
    }

    fn takes_passwords(&self) -> Result<(), DoorError> {
        if self.settings.local_sign_in { Ok(()) } else { Err(DoorError::NotHere) }
    }

    /// Whether the password is right; wrong ones are counted, and too many lock the address.
    async fn check(&self, login: &str, hash: Option<String>, typed: &str, now: i64) -> Result<(), DoorError> {
        let failures = self.store.find_failures(login).await?;
        if failures.locked_until > now {
            let wait = u64::try_from(failures.locked_until - now).unwrap_or_default();
            return Err(DoorError::Locked(Duration::from_millis(wait)));
        }
        let (typed, is_somebody) = (typed.to_owned(), hash.is_some());
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let permit = self.hashers.acquire().await.expect("it is never closed");
        let is_right = tokio::task::spawn_blocking(move || password::is_of(&typed, &hash)).await?;
        drop(permit);
        if is_right && is_somebody {
            if failures.count > 0 {
                self.store.forget_failures(login).await?;
            }
            return Ok(());
        }
        let count = self.store.count_failure(login, now).await?;
        if count >= FAILURES_BEFORE_LOCK {
            self.store.lock(login, now + lock_ms(count)).await?;
        }
        Err(DoorError::Wrong)
    }

    async fn begin(&self, account: &Account, what: &str, now: i64) -> Result<String, DoorError> {
        let secret = token::new();
        let line = told(&account.name, what, account, now);
        self.store.create_session(&token::hash(&secret), &account.id, now, now, &line).await?;
        Ok(secret)
    }
}

/// How long an address is locked after so many wrong passwords.
fn lock_ms(failures: i64) -> i64 {
    let doublings = u32::try_from(failures - FAILURES_BEFORE_LOCK).unwrap_or(0).min(16);
    (FIRST_LOCK_MS << doublings).min(LONGEST_LOCK_MS)
}

/// What the provider says of its people is not changed here: it would be said again.
fn is_ours(account: &Account) -> Result<(), DoorError> {
    if account.external.is_none() { Ok(()) } else { Err(DoorError::External) }
}

fn last_admin(done: Result<(), StoreError>) -> Result<(), DoorError> {
    match done {
        Err(StoreError::Conflict) => Err(DoorError::LastAdmin),
        done => Ok(done?),
    }
}

fn new_account(name: &str, email: &EmailAddress, role: Role, now: i64) -> Account {
    let id = uuid::Uuid::now_v7().to_string();
    Account {
        id,
        email: email.clone(),
        name: name.to_owned(),
        role,
        password_hash: None,
        external: None,
        created_at: now,
    }
}

fn told(who: &str, what: &str, account: &Account, now: i64) -> Audit {
    let object = account.email.as_str().to_owned();
    Audit { at: now, who: who.to_owned(), what: what.to_owned(), object, ..Audit::default() }
}

#[cfg(test)]
mod tests;
