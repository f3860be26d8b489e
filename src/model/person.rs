//! Somebody who wants to know what is kept, or wants it gone.

use guichet_bots::Account;
use serde::Serialize;

use super::{EmailAddress, UserId};

/// By what somebody is known: all that is given is the same person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// Addresses that requests were asked for with.
    pub(crate) emails: Vec<EmailAddress>,
    /// Users of the portal.
    pub(crate) users: Vec<UserId>,
    /// Conversations, by their ids.
    pub(crate) conversations: Vec<String>,
    /// Accounts of other channels.
    pub(crate) accounts: Vec<Account>,
}

impl Person {
    /// Whether nothing is given.
    pub(crate) fn is_nobody(&self) -> bool {
        *self == Self::default()
    }

    /// An account of another channel, as people write it: `discord:1234`.
    pub(crate) fn account(text: &str) -> Option<Account> {
        let (platform, id) = text.split_once(':').filter(|(platform, id)| !platform.is_empty() && !id.is_empty())?;
        Some(Account { platform: platform.to_owned(), id: id.to_owned() })
    }

    /// What the audit log says instead of a name: who knows the person can find the line, nobody else learns who it was.
    pub(crate) fn fingerprint(&self) -> String {
        let emails = self.emails.iter().map(|email| format!("email {}", email.as_str().to_ascii_lowercase()));
        let users = self.users.iter().map(|user| format!("user {}", user.as_str()));
        let conversations = self.conversations.iter().map(|id| format!("conversation {id}"));
        let accounts = self.accounts.iter().map(|account| format!("account {} {}", account.platform, account.id));
        let mut known: Vec<String> = emails.chain(users).chain(conversations).chain(accounts).collect();
        known.sort_unstable();
        blake3::hash(known.join("\n").as_bytes()).to_hex().chars().take(16).collect()
    }
}

/// What one table holds of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Holding {
    /// The table.
    pub(crate) table: &'static str,
    /// Rows that are the person's.
    pub(crate) found: usize,
    /// Of these, those that went.
    pub(crate) removed: usize,
    /// Of these, those that stay and lead to nobody any more.
    pub(crate) anonymised: usize,
    /// Of these, those that stay as they are: a request is being worked on.
    pub(crate) kept: usize,
}

/// What is kept of somebody, and where else there may be something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct PersonReport {
    /// Tables that hold something.
    pub(crate) tables: Vec<Holding>,
    /// Requests that are solved or closed.
    pub(crate) requests: Vec<String>,
    /// Texts of others that name the address: it is replaced there, the rest stays.
    pub(crate) mentions: usize,
    /// What cannot be removed here.
    pub(crate) elsewhere: Vec<Elsewhere>,
}

impl PersonReport {
    /// Whether nothing at all is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.mentions == 0 && self.elsewhere.is_empty()
    }
}

/// Something of the person that is not removed here, for who must see to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Elsewhere {
    /// A request that is not solved: it stays with its conversation until it is.
    OpenTicket { reference: String },
    /// The desk outside has the request under this id.
    OtherDesk { reference: String, id: String },
    /// Messages on a platform, by their ids there.
    Posts { platform: String, place: String, messages: Vec<String> },
    /// What was found belongs to somebody with this address, user or account too. It may be the same person, who is then
    /// named by it as well; it may be somebody who wrote for another.
    AlsoKnownAs { name: KnownAs, value: String },
    /// Somebody of the staff has this address.
    Staff,
    /// A document of the knowledge base has a wording of the person.
    Document { document: String, revision: i64 },
}

/// The kinds of names of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KnownAs {
    Email,
    User,
    Account,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_tells_nobody_and_is_the_same_whatever_the_order() {
        let email = |text: &str| text.parse::<EmailAddress>().expect("an address");
        let person = |emails: Vec<EmailAddress>| Person { emails, ..Person::default() };
        let (one, two) = (email("lea@revendeur.example"), email("L.Martin@revendeur.example"));
        let fingerprint = person(vec![one.clone(), two.clone()]).fingerprint();
        assert_eq!(fingerprint, person(vec![two, one.clone()]).fingerprint());
        assert_ne!(fingerprint, person(vec![one]).fingerprint());
        assert_eq!(fingerprint.len(), 16);
        assert!(Person::default().is_nobody());
    }
}
