//! Reseller companies and their sites.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{EstablishmentId, PartnerId};

/// A reseller company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Partner {
    /// Its id.
    pub(crate) id: PartnerId,
    /// The code that people know it by.
    pub(crate) code: String,
    /// Its name.
    pub(crate) name: String,
    /// Where reminders stand.
    pub(crate) collection: Collection,
    /// Its sites.
    pub(crate) establishments: Vec<Establishment>,
}

/// Where reminders and collection stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub(crate) enum Collection {
    /// Nothing is asked for.
    None {
        /// Since when, when it was otherwise before.
        since: Option<Date>,
    },
    /// A reminder was sent.
    Reminded {
        /// When.
        since: Option<Date>,
    },
    /// Collection is under way: nothing renews.
    #[serde(rename = "in_collection")]
    UnderWay {
        /// Since when.
        since: Option<Date>,
    },
}

/// A site of a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Establishment {
    /// Its id.
    pub(crate) id: EstablishmentId,
    /// Its name.
    pub(crate) name: String,
    /// Fourteen digits.
    pub(crate) siret: String,
    /// Where it is.
    pub(crate) city: String,
}
