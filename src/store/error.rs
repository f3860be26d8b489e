//! What can go wrong with the store, by what the caller can do.

/// Why something was not stored or found.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// Somebody else changed it first: load it and try again.
    #[error("the conversation has changed meanwhile")]
    Conflict,
    /// The database does not answer, or refuses: try later, tell the operator.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// A row holds what this version cannot read.
    #[error("a row of {table} cannot be read")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// Why.
        source: serde_json::Error,
    },
}
