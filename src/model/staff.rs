//! Who works here, and what each may do: the one table of roles and permissions.

use serde::{Deserialize, Serialize};

use super::{EmailAddress, Incident};

/// What somebody of the staff is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Looks at knowledge and figures, never at what partners wrote.
    Reader,
    /// Answers partners.
    Agent,
    /// Writes entries.
    Curator,
    /// Publishes entries.
    Reviewer,
    /// Everything, and who may come in.
    Admin,
}

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permission {
    /// Read entries, also drafts, and try questions.
    ReadKnowledge,
    /// Read figures.
    ReadStatistics,
    /// Read what partners wrote: conversations, tickets, files.
    ReadRequests,
    /// Answer partners, take conversations over, work on tickets.
    Answer,
    /// Begin work again that was given up.
    Replay,
    /// Announce and end incidents.
    Announce,
    /// Write entries.
    Write,
    /// Publish entries.
    Publish,
    /// Read who changed what.
    Audit,
    /// Find, hand out and remove what is kept of one person.
    Privacy,
    /// Let people in and send them away.
    ManageStaff,
}

use Permission as P;

/// Who may what.
const TABLE: [(Role, &[Permission]); 5] = [
    (Role::Reader, &[P::ReadKnowledge, P::ReadStatistics]),
    (Role::Agent, &[P::ReadKnowledge, P::ReadStatistics, P::ReadRequests, P::Answer, P::Replay, P::Announce]),
    (Role::Curator, &[P::ReadKnowledge, P::ReadStatistics, P::ReadRequests, P::Write]),
    (Role::Reviewer, &[P::ReadKnowledge, P::ReadStatistics, P::ReadRequests, P::Write, P::Publish, P::Announce]),
    (
        Role::Admin,
        &[
            P::ReadKnowledge,
            P::ReadStatistics,
            P::ReadRequests,
            P::Answer,
            P::Replay,
            P::Announce,
            P::Write,
            P::Publish,
            P::Audit,
            P::Privacy,
            P::ManageStaff,
        ],
    ),
];

impl Role {
    /// Every role, from the least to the most.
    pub(crate) const ALL: [Self; 5] = [Self::Reader, Self::Agent, Self::Curator, Self::Reviewer, Self::Admin];

    /// Whether this role may do that.
    pub(crate) fn may(self, what: Permission) -> bool {
        TABLE.iter().any(|(role, permissions)| *role == self && permissions.contains(&what))
    }

    /// The name in machine-readable places.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Agent => "agent",
            Self::Curator => "curator",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
        }
    }
}

/// There is no such role.
#[derive(Debug, thiserror::Error)]
#[error("a role is one of reader, agent, curator, reviewer, admin")]
pub(crate) struct NoRole;

impl std::str::FromStr for Role {
    type Err = NoRole;

    fn from_str(text: &str) -> Result<Self, NoRole> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or(NoRole)
    }
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// Its id.
    pub(crate) id: String,
    /// What is typed to sign in.
    pub(crate) email: EmailAddress,
    /// As colleagues and partners see it.
    pub(crate) name: String,
    /// What is allowed.
    pub(crate) role: Role,
    /// None until the invitation was used, and for who signs in elsewhere.
    pub(crate) password_hash: Option<String>,
    /// Who it is for the provider of identities of the company, when the account is from there.
    pub(crate) external: Option<ExternalId>,
    /// In milliseconds since 1970.
    pub(crate) created_at: i64,
}

/// Who somebody is for a provider of identities: the name holds there only, and is given to nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExternalId {
    /// The provider.
    pub(crate) issuer: String,
    /// The person.
    pub(crate) subject: String,
}

impl Account {
    /// Whether its owner has been here.
    pub(crate) fn has_entered(&self) -> bool {
        self.password_hash.is_some() || self.external.is_some()
    }
}

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// Whose it is, as the account is now.
    pub(crate) account: Account,
    /// When it began, in milliseconds since 1970.
    pub(crate) created_at: i64,
    /// When it was last used, to about a minute.
    pub(crate) seen_at: i64,
    /// When its owner last proved who it is.
    pub(crate) confirmed_at: i64,
}

/// What somebody of the staff did: one line of the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Audit {
    /// Its id, in the order of time; given when it is kept.
    pub(crate) id: String,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
    /// Who, as the name was then.
    pub(crate) who: String,
    /// What, as `staff.added`.
    pub(crate) what: String,
    /// To what: a reference, an address, an id.
    pub(crate) object: String,
    /// How it was, when something was changed.
    pub(crate) before: String,
    /// How it is.
    pub(crate) after: String,
}

impl Audit {
    /// Work that was given up begins again: `object` is its id, or its kind.
    pub(crate) fn of_replay(who: &str, object: &str, at: i64) -> Self {
        Self { at, who: who.to_owned(), what: "job.replayed".to_owned(), object: object.to_owned(), ..Self::default() }
    }

    /// An incident is announced, or what is said of it changes.
    pub(crate) fn of_incident(who: &str, before: Option<&Incident>, after: &Incident) -> Self {
        Self {
            at: after.updated_at.as_millisecond(),
            who: who.to_owned(),
            what: if before.is_some() { "incident.changed" } else { "incident.announced" }.to_owned(),
            object: after.id.as_str().to_owned(),
            before: before.map(Incident::described).unwrap_or_default(),
            after: after.described(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_names_and_each_may_something() {
        for role in Role::ALL {
            assert_eq!(role.name().parse::<Role>().ok(), Some(role));
            assert!(role.may(Permission::ReadKnowledge));
            assert_eq!(role.may(Permission::ManageStaff), role == Role::Admin);
            assert_eq!(role.may(Permission::Privacy), role == Role::Admin);
        }
        assert!("root".parse::<Role>().is_err());
        assert!(!Role::Reader.may(Permission::ReadRequests), "a reader never sees what partners wrote");
    }
}
