//! Ids that the portal gives, one type each so that none is taken for another.

use serde::{Deserialize, Serialize};

/// The text is no id of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no id of the portal")]
pub(crate) struct NoPortalId;

const LONGEST: usize = 64;

/// Only characters that mean nothing in a URL.
fn is_id(text: &str) -> bool {
    let is_plain = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_plain)
}

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(try_from = "String", into = "String")]
            pub(crate) struct $name(String);

            impl $name {
                /// The id as the portal writes it.
                #[cfg_attr(not(test), allow(dead_code, reason = "not every kind of id is asked for by itself"))]
                pub(crate) fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl std::str::FromStr for $name {
                type Err = NoPortalId;
                fn from_str(text: &str) -> Result<Self, NoPortalId> {
                    Self::try_from(text.to_owned())
                }
            }

            impl TryFrom<String> for $name {
                type Error = NoPortalId;
                fn try_from(text: String) -> Result<Self, NoPortalId> {
                    if is_id(&text) { Ok(Self(text)) } else { Err(NoPortalId) }
                }
            }

            impl From<$name> for String {
                fn from(id: $name) -> Self {
                    id.0
                }
            }
        )*
    };
}

ids! {
    /// A reseller company.
    PartnerId;
    /// A site of a partner.
    EstablishmentId;
    /// Somebody who signs in to the portal.
    UserId;
    /// A customer of a partner.
    CustomerId;
    /// A contract.
    ContractId;
    /// An invoice.
    InvoiceId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_nothing_that_means_something_in_a_url() {
        assert_eq!("C-12_a".parse::<ContractId>().expect("an id").as_str(), "C-12_a");
        assert_eq!("F-1".parse::<InvoiceId>().expect("an id").as_str(), "F-1");
        for wrong in ["", "a/b", "..", "a?b", "é", "a b", &"x".repeat(65)] {
            assert!(wrong.parse::<ContractId>().is_err(), "{wrong}");
            assert!(serde_json::from_value::<CustomerId>(wrong.into()).is_err(), "{wrong}");
        }
    }
}
