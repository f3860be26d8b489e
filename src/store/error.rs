//! What can go wrong with the store, by what the caller can do.

/// Why something was not stored or found.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// Somebody else changed it first: load it and try again.
    #[error("it has changed meanwhile")]
    Conflict,
    /// The database does not answer, or refuses: try later, tell the operator.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    /// A row holds what this version cannot read.
    #[error("a row of {table} cannot be read")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// Why.
        source: serde_json::Error,
    },
}

impl From<sqlx::Error> for StoreError {
    /// What must be unique and is there already was written by somebody faster.
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(reason) if reason.is_unique_violation() => Self::Conflict,
            _ => Self::Database(error),
        }
    }
}
