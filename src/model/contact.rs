//! How a person can be reached, as far as it is known.

use serde::{Deserialize, Serialize};

use super::EmailAddress;

/// Longest name of a person or company, in characters: as long as one that is typed may be.
const LONGEST_NAME: usize = 80;

/// Who a person is to those who answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Contact {
    /// First and last name.
    pub(crate) name: Option<String>,
    /// Where to answer.
    pub(crate) email: Option<EmailAddress>,
    /// The partner company.
    pub(crate) company: Option<String>,
}

impl Contact {
    /// What can be used of what others say; the rest is asked for when it is needed.
    pub(crate) fn read(name: Option<&str>, email: Option<&str>, company: Option<&str>) -> Self {
        Self {
            name: name.and_then(one_name),
            email: email.and_then(|email| email.parse().ok()),
            company: company.and_then(one_name),
        }
    }
}

/// `text` as one line, unless it is nothing, too long or not meant to be read.
fn one_name(text: &str) -> Option<String> {
    let text = text.trim();
    let is_right = (1..=LONGEST_NAME).contains(&text.chars().count())
        && !text.chars().any(char::is_control)
        && text.chars().any(char::is_alphanumeric);
    is_right.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_as_if_it_were_not_said() {
        let long = "é".repeat(LONGEST_NAME + 1);
        for text in ["", "  ", "…", "a\nb", "a\0b", &long] {
            assert_eq!(Contact::read(Some(text), Some(text), Some(text)), Contact::default(), "{text:?}");
        }
        let read = Contact::read(Some(" Léa Martin "), Some("lea@Revendeur.example"), Some(&long[2..]));
        assert_eq!(read.name.as_deref(), Some("Léa Martin"));
        assert_eq!(read.email.as_ref().map(EmailAddress::as_str), Some("lea@revendeur.example"));
        assert!(read.company.is_some());
    }
}
