//! Accounts of people who sign in at the provider of identities of the company.

use super::{Store, StoreError, audit, name, staff};
use crate::model::{Account, Audit, ExternalId};

impl Store {
    /// The account of whom the provider calls so.
    pub(crate) async fn find_external_account(&self, external: &ExternalId) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(
            "SELECT id, email, name, role, password_hash, created_at, issuer, subject FROM staff_accounts \
             WHERE issuer = $1 AND subject = $2",
        )
        .bind(&external.issuer)
        .bind(&external.subject)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(staff::account).transpose()
    }

    /// Keeps the account of somebody who comes for the first time.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody has this address, or came at the same moment.
    pub(crate) async fn create_external_account(&self, account: &Account, line: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        staff::insert(&mut transaction, account).await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Name, address and role become what the provider says; an address that somebody else has stays as it was. The last
    /// admin may be none any more: who is one is decided there.
    pub(crate) async fn follow_provider(&self, account: &Account, line: Option<&Audit>) -> Result<(), StoreError> {
        let email = account.email.as_str().to_lowercase();
        let mut transaction = self.writer.begin().await?;
        sqlx::query(
            "UPDATE staff_accounts SET name = $1, role = $2, email = CASE WHEN EXISTS \
                 (SELECT 1 FROM staff_accounts other WHERE other.email = $3 AND other.id <> $4) \
             THEN email ELSE $5 END WHERE id = $6",
        )
        .bind(&account.name)
        .bind(name(&account.role))
        .bind(&email)
        .bind(&account.id)
        .bind(&email)
        .bind(&account.id)
        .execute(&mut *transaction)
        .await?;
        if let Some(line) = line {
            audit::insert(&mut transaction, line).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The provider gives somebody no role any more: the account goes with its sessions.
    pub(crate) async fn withdraw_account(&self, account: &str, line: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        staff::forget(&mut transaction, account).await?;
        sqlx::query("DELETE FROM staff_accounts WHERE id = $1").bind(account).execute(&mut *transaction).await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Adds a line about something that changed nothing.
    pub(crate) async fn note_refusal(&self, line: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }
}
