//! From what somebody is known by to what is found by it: conversations, requests, accounts.

use std::collections::BTreeSet;

use sqlx::{AnyConnection, Row};

use crate::model::{Person, Visitor};
use crate::store::inbox::{contains, holds};
use crate::store::{StoreError, parse};

/// By what rows are found.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    Conversation,
    /// The id of a conversation anywhere in a text.
    ConversationInside,
    Ticket,
    TicketInside,
    User,
    UserInside,
    /// Platform and id.
    Account,
}

/// By what the rows of one person are found.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// In lower case.
    pub(super) emails: BTreeSet<String>,
    pub(super) users: BTreeSet<String>,
    pub(super) accounts: BTreeSet<(String, String)>,
    pub(super) conversations: BTreeSet<String>,
    pub(super) tickets: BTreeSet<String>,
    /// Tickets of these that somebody works on.
    pub(super) unsolved: BTreeSet<String>,
    /// Conversations of these that have such a ticket.
    pub(super) going_on: BTreeSet<String>,
}

impl Keys {
    /// All that belongs to `person`.
    pub(super) async fn of(connection: &mut AnyConnection, person: &Person) -> Result<Self, StoreError> {
        let mut keys = Self {
            emails: person.emails.iter().map(|email| email.as_str().to_ascii_lowercase()).collect(),
            users: person.users.iter().map(|user| user.as_str().to_owned()).collect(),
            accounts: person.accounts.iter().map(|it| (it.platform.clone(), it.id.clone())).collect(),
            conversations: person.conversations.iter().cloned().collect(),
            ..Self::default()
        };
        keys.add_signed_in(connection).await?;
        keys.add_links(connection).await?;
        keys.add_conversations(connection).await?;
        keys.add_tickets(connection).await?;
        Ok(keys)
    }

    /// What a condition compares with, for each thing that is known.
    pub(super) fn values(&self, by: By) -> Vec<Vec<String>> {
        let each = |of: &BTreeSet<String>| of.iter().map(|key| vec![key.clone()]).collect();
        let inside = |of: &BTreeSet<String>| of.iter().map(|key| vec![contains(key)]).collect();
        match by {
            By::Conversation => each(&self.conversations),
            By::ConversationInside => inside(&self.conversations),
            By::Ticket => each(&self.tickets),
            By::TicketInside => inside(&self.tickets),
            By::User => each(&self.users),
            By::UserInside => self.users.iter().map(|user| vec![contains(&of_visitor(user))]).collect(),
            By::Account => self.accounts.iter().map(|(channel, id)| vec![channel.clone(), id.clone()]).collect(),
        }
    }

    /// Tickets that nobody works on any more.
    pub(super) fn finished(&self) -> Vec<String> {
        self.tickets.difference(&self.unsolved).cloned().collect()
    }

    /// Whether somebody of the staff has one of the addresses.
    pub(super) async fn has_staff(&self, connection: &mut AnyConnection) -> Result<bool, StoreError> {
        for email in &self.emails {
            let found = sqlx::query("SELECT id FROM staff_accounts WHERE LOWER(email) = $1").bind(email);
            if found.fetch_optional(&mut *connection).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Users of the portal whose proof says one of the addresses.
    async fn add_signed_in(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        for email in &self.emails {
            for statement in [
                "SELECT visitor FROM visitors WHERE LOWER(visitor) LIKE $1 ESCAPE '\\'",
                "SELECT visitor FROM account_links WHERE LOWER(visitor) LIKE $1 ESCAPE '\\'",
                "SELECT visitor FROM link_codes WHERE LOWER(visitor) LIKE $1 ESCAPE '\\'",
            ] {
                let inside = contains(&of_email(email));
                for row in sqlx::query(statement).bind(inside).fetch_all(&mut *connection).await? {
                    let visitor: Visitor = parse("visitors", &row.try_get::<String, _>("visitor")?)?;
                    self.users.insert(visitor.user.as_str().to_owned());
                }
            }
        }
        Ok(())
    }

    /// An account that was linked is the user's, and the other way round.
    async fn add_links(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        for row in sqlx::query("SELECT channel, account, visitor FROM account_links").fetch_all(connection).await? {
            let account = (row.try_get("channel")?, row.try_get("account")?);
            let visitor: Visitor = parse("account_links", &row.try_get::<String, _>("visitor")?)?;
            let user = visitor.user.as_str();
            if self.users.contains(user) || self.accounts.contains(&account) {
                self.users.insert(user.to_owned());
                self.accounts.insert(account);
            }
        }
        Ok(())
    }

    async fn add_conversations(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        let by_user = [
            // Whoever was signed in when he asked.
            "SELECT conversation_id AS id FROM tickets WHERE $1 <> '' AND draft LIKE $2 ESCAPE '\\'",
            "SELECT conversation_id AS id FROM lookups WHERE user_id = $1 AND $2 <> ''",
            "SELECT conversation_id AS id FROM visitors WHERE $1 <> '' AND visitor LIKE $2 ESCAPE '\\'",
        ];
        let by_email = [
            "SELECT conversation_id AS id FROM tickets WHERE LOWER(requester_email) = $1 AND $2 <> ''",
            // A request that is being written.
            "SELECT id FROM conversations WHERE $1 <> '' AND LOWER(state) LIKE $2 ESCAPE '\\'",
        ];
        let mut found: Vec<(&'static str, String, String)> = Vec::new();
        for user in &self.users {
            let inside = holds(&of_visitor(user));
            found.extend(by_user.map(|statement| (statement, user.clone(), inside.clone())));
        }
        for email in &self.emails {
            let inside = contains(&of_email(email));
            found.extend(by_email.map(|statement| (statement, email.clone(), inside.clone())));
        }
        let by_account = "SELECT conversation_id AS id FROM places WHERE platform = $1 AND owner = $2";
        found.extend(self.accounts.iter().map(|(platform, id)| (by_account, platform.clone(), id.clone())));
        for (statement, first, second) in found {
            for row in sqlx::query(statement).bind(first).bind(second).fetch_all(&mut *connection).await? {
                self.conversations.insert(row.try_get("id")?);
            }
        }
        // What was made anonymous before leads nowhere.
        self.conversations.remove("");
        Ok(())
    }

    async fn add_tickets(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        for id in self.conversations.clone() {
            let rows = sqlx::query("SELECT reference, status FROM tickets WHERE conversation_id = $1").bind(&id);
            for row in rows.fetch_all(&mut *connection).await? {
                let (reference, status): (String, String) = (row.try_get("reference")?, row.try_get("status")?);
                if !matches!(status.as_str(), "solved" | "closed") {
                    self.unsolved.insert(reference.clone());
                    self.going_on.insert(id.clone());
                }
                self.tickets.insert(reference);
            }
        }
        Ok(())
    }
}

/// The address inside a form or a visitor that is kept.
fn of_email(email: &str) -> String {
    format!("\"email\":\"{email}\"")
}

/// The user inside a visitor that is kept.
fn of_visitor(user: &str) -> String {
    format!("\"user\":\"{user}\"")
}
