//! Where a conversation is held on a platform, and whose it is.

/// Somebody, as a platform knows him.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Account {
    /// The platform ("discord", …).
    pub platform: String,
    /// His id there.
    pub id: String,
}

/// Where a conversation is held. The service keeps one conversation per place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The platform's own name of it, unique there; the connector finds the place again by it.
    pub id: String,
    /// Whose questions are answered there.
    pub owner: Account,
    /// Others read what is said there: nothing about a customer may be.
    pub is_public: bool,
}

impl std::fmt::Display for Account {
    /// As a key: `platform/id`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.platform, self.id)
    }
}
