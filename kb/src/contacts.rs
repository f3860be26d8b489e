//! The addresses, numbers and links that answers cite, set once per deployment in `contacts.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The content of `contacts.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contacts {
    /// Services by name: `{{contact.NAME.email}}` in an answer.
    #[serde(default)]
    pub contact: BTreeMap<String, Contact>,
    /// Web pages by name: `[text](link:NAME)` in an answer.
    #[serde(default)]
    pub link: BTreeMap<String, Link>,
}

/// One service that a partner can reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name of the service, in French.
    pub label: String,
    /// Mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Telephone number as it is written in France.
    #[serde(default)]
    pub phone: Option<String>,
    /// What a call costs.
    #[serde(default)]
    pub phone_cost: Option<String>,
    /// Opening hours, in French.
    #[serde(default)]
    pub hours: Option<String>,
}

/// One web page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What the page is, in French.
    pub label: String,
    /// Its address; without one the text is shown without a link.
    #[serde(default)]
    pub url: Option<String>,
}

/// A field of a [`Contact`] that an answer can cite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactField {
    /// The mail address.
    Email,
    /// The number, with its cost.
    Phone,
    /// The opening hours.
    Hours,
}

impl ContactField {
    /// The field named `name`, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "email" => Some(Self::Email),
            "phone" => Some(Self::Phone),
            "hours" => Some(Self::Hours),
            _ => None,
        }
    }
}

impl Contacts {
    /// `{{contact.NAME.FIELD}}` as Markdown: a mail link, a telephone link with the cost of the call, or the hours.
    /// `None` when the contact or its field is not set.
    pub fn markdown(&self, name: &str, field: ContactField) -> Option<String> {
        let contact = self.contact.get(name)?;
        match field {
            ContactField::Email => contact.email.as_ref().map(|email| format!("[{email}](mailto:{email})")),
            ContactField::Phone => {
                let phone = contact.phone.as_ref()?;
                let number: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                let cost = contact.phone_cost.as_ref().map(|cost| format!(" ({cost})")).unwrap_or_default();
                Some(format!("[{phone}](tel:{number}){cost}"))
            }
            ContactField::Hours => contact.hours.clone(),
        }
    }
}
