//! Accounts of the staff, the links by which they come in, and wrong passwords.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, audit, name, named};
use crate::model::{Account, Audit, EmailAddress, ExternalId, Role};

/// Who has a password, was invited, or is an admin. Others whom the provider of identities let in can invite nobody.
const COUNT_HOSTS: &str = "SELECT COUNT(*) AS count FROM staff_accounts WHERE subject IS NULL OR role = 'admin'";

/// How often a wrong password was typed for one address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Failures {
    pub(crate) count: i64,
    /// Until when nothing is tried, in milliseconds since 1970.
    pub(crate) locked_until: i64,
}

impl Store {
    /// Whether there is somebody already: the link of the first admin works until then.
    pub(crate) async fn has_host(&self) -> Result<bool, StoreError> {
        let row = sqlx::query(COUNT_HOSTS).fetch_one(&self.readers).await?;
        Ok(row.try_get::<i64, _>("count")? > 0)
    }

    /// Everybody, by name.
    pub(crate) async fn list_accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, email, name, role, password_hash, created_at, issuer, subject FROM staff_accounts ORDER BY name, email",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(account).collect()
    }

    /// The account with this address.
    pub(crate) async fn find_account(&self, email: &EmailAddress) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(
            "SELECT id, email, name, role, password_hash, created_at, issuer, subject FROM staff_accounts \
                 WHERE email = $1",
        )
        .bind(email.as_str().to_lowercase())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(account).transpose()
    }

    /// The account with this id.
    pub(crate) async fn find_account_by_id(&self, id: &str) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(
            "SELECT id, email, name, role, password_hash, created_at, issuer, subject FROM staff_accounts \
                 WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(account).transpose()
    }

    /// Keeps a new account and the link by which its owner chooses a password.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody has this address.
    pub(crate) async fn create_account(
        &self,
        account: &Account,
        link_hash: &str,
        expires_at: i64,
        line: &Audit,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        insert(&mut transaction, account).await?;
        insert_link(&mut transaction, link_hash, Some(&account.id), expires_at).await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Keeps a link: to choose a new password, or, without an account, to become the first admin.
    pub(crate) async fn create_link(
        &self,
        link_hash: &str,
        account: Option<&str>,
        expires_at: i64,
        line: Option<&Audit>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        insert_link(&mut transaction, link_hash, account, expires_at).await?;
        if let Some(line) = line {
            audit::insert(&mut transaction, line).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Whom a link is for, when it still works: an account, or (inner none) the first admin.
    pub(crate) async fn find_link(&self, link_hash: &str, now: i64) -> Result<Option<Option<Account>>, StoreError> {
        let row = sqlx::query("SELECT account_id FROM staff_links WHERE token_hash = $1 AND expires_at > $2")
            .bind(link_hash)
            .bind(now)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        match row.try_get::<Option<String>, _>("account_id")? {
            Some(id) => Ok(self.find_account_by_id(&id).await?.map(Some)),
            None if !self.has_host().await? => Ok(Some(None)),
            None => Ok(None),
        }
    }

    /// Uses a link: the account has its password, all its links and sessions are gone.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the link was used meanwhile, or when there is a first admin already.
    pub(crate) async fn use_link(&self, link_hash: &str, account: &Account, line: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        let taken = sqlx::query("DELETE FROM staff_links WHERE token_hash = $1")
            .bind(link_hash)
            .execute(&mut *transaction)
            .await?;
        let changed = sqlx::query("UPDATE staff_accounts SET password_hash = $1 WHERE id = $2")
            .bind(&account.password_hash)
            .bind(&account.id)
            .execute(&mut *transaction)
            .await?;
        if taken.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        if changed.rows_affected() == 0 {
            let others: i64 = sqlx::query(COUNT_HOSTS).fetch_one(&mut *transaction).await?.try_get("count")?;
            if others > 0 {
                return Err(StoreError::Conflict);
            }
            insert(&mut transaction, account).await?;
            sqlx::query("DELETE FROM staff_links WHERE account_id IS NULL").execute(&mut *transaction).await?;
        }
        forget(&mut transaction, &account.id).await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Gives an account another role. The last admin stays one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when nobody could manage the staff any more.
    pub(crate) async fn change_role(&self, account: &str, role: Role, line: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query("UPDATE staff_accounts SET role = $1 WHERE id = $2")
            .bind(name(&role))
            .bind(account)
            .execute(&mut *transaction)
            .await?;
        some_admin_stays(&mut transaction).await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Removes an account with its links and sessions. The last admin stays.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when nobody could manage the staff any more.
    pub(crate) async fn remove_account(&self, account: &str, line: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        forget(&mut transaction, account).await?;
        sqlx::query("DELETE FROM staff_accounts WHERE id = $1").bind(account).execute(&mut *transaction).await?;
        some_admin_stays(&mut transaction).await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Wrong passwords for what was typed as an address.
    pub(crate) async fn find_failures(&self, login_hash: &str) -> Result<Failures, StoreError> {
        let row = sqlx::query("SELECT failures, locked_until FROM sign_in_failures WHERE login_hash = $1")
            .bind(login_hash)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(Failures::default()) };
        Ok(Failures { count: row.try_get("failures")?, locked_until: row.try_get("locked_until")? })
    }

    /// One more wrong password; how many there were, this one included.
    pub(crate) async fn count_failure(&self, login_hash: &str, now: i64) -> Result<i64, StoreError> {
        let row = sqlx::query(
            "INSERT INTO sign_in_failures (login_hash, failures, locked_until, updated_at) VALUES ($1, 1, 0, $2) \
             ON CONFLICT (login_hash) DO UPDATE SET failures = sign_in_failures.failures + 1, updated_at = $3 \
             RETURNING failures",
        )
        .bind(login_hash)
        .bind(now)
        .bind(now)
        .fetch_one(&self.writer)
        .await?;
        Ok(row.try_get("failures")?)
    }

    /// Nothing is tried for this address until then.
    pub(crate) async fn lock(&self, login_hash: &str, until: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE sign_in_failures SET locked_until = $1 WHERE login_hash = $2")
            .bind(until)
            .bind(login_hash)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The right password was typed.
    pub(crate) async fn forget_failures(&self, login_hash: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sign_in_failures WHERE login_hash = $1")
            .bind(login_hash)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

pub(super) async fn insert(connection: &mut AnyConnection, account: &Account) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO staff_accounts (id, email, name, role, password_hash, created_at, issuer, subject) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&account.id)
    .bind(account.email.as_str().to_lowercase())
    .bind(&account.name)
    .bind(name(&account.role))
    .bind(&account.password_hash)
    .bind(account.created_at)
    .bind(account.external.as_ref().map(|external| &external.issuer))
    .bind(account.external.as_ref().map(|external| &external.subject))
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_link(
    connection: &mut AnyConnection,
    link_hash: &str,
    account: Option<&str>,
    expires_at: i64,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO staff_links (token_hash, account_id, expires_at) VALUES ($1, $2, $3)")
        .bind(link_hash)
        .bind(account)
        .bind(expires_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends everything by which somebody comes in.
pub(super) async fn forget(connection: &mut AnyConnection, account: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM staff_sessions WHERE account_id = $1").bind(account).execute(&mut *connection).await?;
    sqlx::query("DELETE FROM staff_links WHERE account_id = $1").bind(account).execute(&mut *connection).await?;
    Ok(())
}

/// The transaction may go on only when somebody can still manage the staff.
async fn some_admin_stays(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS count FROM staff_accounts \
             WHERE role = 'admin' AND (password_hash IS NOT NULL OR subject IS NOT NULL)",
    )
    .fetch_one(connection)
    .await?;
    if row.try_get::<i64, _>("count")? == 0 { Err(StoreError::Conflict) } else { Ok(()) }
}

pub(super) fn account(row: &AnyRow) -> Result<Account, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column);
    let external = row.try_get::<Option<String>, _>("issuer")?.zip(row.try_get::<Option<String>, _>("subject")?);
    Ok(Account {
        id: text("id")?,
        email: named("staff_accounts", &text("email")?)?,
        name: text("name")?,
        role: named("staff_accounts", &text("role")?)?,
        password_hash: row.try_get("password_hash")?,
        external: external.map(|(issuer, subject)| ExternalId { issuer, subject }),
        created_at: row.try_get("created_at")?,
    })
}
