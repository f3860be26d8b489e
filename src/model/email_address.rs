//! A mail address that can be written to.

use serde::{Deserialize, Serialize};

/// A mail address: `local@domain`, plain ASCII without quoted parts or comments, at most 254 bytes (RFC 5321).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct EmailAddress(String);

/// The text is no mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no mail address")]
pub(crate) struct NoEmailAddress;

impl EmailAddress {
    /// The address, its domain in lower case.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for EmailAddress {
    type Err = NoEmailAddress;

    fn from_str(text: &str) -> Result<Self, NoEmailAddress> {
        let text = text.trim().trim_matches(['<', '>']);
        let (local, domain) = text.rsplit_once('@').ok_or(NoEmailAddress)?;
        let is_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
        let is_label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let local_is_right = !local.is_empty()
            && local.len() <= 64
            && local.chars().all(is_local)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let domain_is_right = domain.contains('.') && domain.split('.').all(is_label);
        if text.len() > 254 || !local_is_right || !domain_is_right {
            return Err(NoEmailAddress);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = NoEmailAddress;

    fn try_from(text: String) -> Result<Self, NoEmailAddress> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_written_to_is_an_address() {
        for (text, expected) in [
            ("lea.martin@Revendeur.example", Some("lea.martin@revendeur.example")),
            (" <a+b@x-y.example> ", Some("a+b@x-y.example")),
            ("lea.martin", None),
            ("@x.example", None),
            ("a@b", None),
            ("a..b@x.example", None),
            ("a@x..example", None),
            ("a@-x.example", None),
            ("a b@x.example", None),
            ("a@x.example\r\nBcc: b@x.example", None),
            ("é@x.example", None),
        ] {
            let parsed = text.parse::<EmailAddress>();
            assert_eq!(parsed.as_ref().map(EmailAddress::as_str).ok(), expected, "{text:?}");
        }
    }
}
