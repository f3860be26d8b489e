//! What staff set in the console in the place of the configuration.

/// One version of a setting; versions are added, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettingVersion {
    /// From 1 on.
    pub(crate) number: i64,
    /// JSON; none: what the configuration says.
    pub(crate) value: Option<String>,
    /// Who set it.
    pub(crate) author: String,
    /// In milliseconds since 1970.
    pub(crate) created_at: i64,
}
