//! What a person may choose on the way to a ticket. Each choice has an id that a button carries and that comes back.

use serde::{Deserialize, Serialize};

use crate::model::{TicketRef, Urgency};

/// Begins every id: entries have none like it.
const PREFIX: &str = "do:";

/// Something chosen, by a button or in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) enum Action {
    /// Write to an adviser and follow the answer here.
    Ticket,
    /// Write to an adviser and be answered by mail.
    Mail,
    /// Send what the summary shows.
    Confirm,
    /// Send nothing.
    Cancel,
    /// Leave out what is asked and may be left out.
    Skip,
    /// Say what is to be corrected.
    Correct,
    /// Correct this.
    Edit(Field),
    /// This much it presses.
    Urgency(Urgency),
    /// It is about this product.
    Product(String),
    /// Add to this open ticket.
    Add(TicketRef),
    /// A new ticket, although one is open.
    New,
}

/// What is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    Name,
    Email,
    Company,
    Subject,
    Request,
    Product,
    Urgency,
}

impl Field {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [Self; 7] =
        [Self::Name, Self::Email, Self::Company, Self::Subject, Self::Request, Self::Product, Self::Urgency];

    fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Company => "company",
            Self::Subject => "subject",
            Self::Request => "request",
            Self::Product => "product",
            Self::Urgency => "urgency",
        }
    }
}

/// The text is the id of no action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is the id of no action")]
pub(crate) struct NoAction;

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(PREFIX)?;
        match self {
            Self::Ticket => f.write_str("ticket"),
            Self::Mail => f.write_str("mail"),
            Self::Confirm => f.write_str("confirm"),
            Self::Cancel => f.write_str("cancel"),
            Self::Skip => f.write_str("skip"),
            Self::Correct => f.write_str("edit"),
            Self::Edit(field) => write!(f, "edit:{}", field.as_str()),
            Self::Urgency(urgency) => write!(f, "urgency:{}", urgency_id(*urgency)),
            Self::Product(name) => write!(f, "product:{name}"),
            Self::Add(reference) => write!(f, "add:{reference}"),
            Self::New => f.write_str("new"),
        }
    }
}

impl std::str::FromStr for Action {
    type Err = NoAction;

    fn from_str(id: &str) -> Result<Self, NoAction> {
        let rest = id.strip_prefix(PREFIX).ok_or(NoAction)?;
        let (verb, object) = rest.split_once(':').map_or((rest, None), |(verb, object)| (verb, Some(object)));
        let action = match (verb, object) {
            ("ticket", None) => Some(Self::Ticket),
            ("mail", None) => Some(Self::Mail),
            ("confirm", None) => Some(Self::Confirm),
            ("cancel", None) => Some(Self::Cancel),
            ("skip", None) => Some(Self::Skip),
            ("edit", None) => Some(Self::Correct),
            ("edit", Some(field)) => Field::ALL.into_iter().find(|known| known.as_str() == field).map(Self::Edit),
            ("urgency", Some(level)) => {
                URGENCIES.into_iter().find(|known| urgency_id(*known) == level).map(Self::Urgency)
            }
            ("product", Some(name)) if !name.is_empty() => Some(Self::Product(name.to_owned())),
            ("add", Some(reference)) => reference.parse().ok().map(Self::Add),
            ("new", None) => Some(Self::New),
            _ => None,
        };
        action.ok_or(NoAction)
    }
}

impl TryFrom<String> for Action {
    type Error = NoAction;

    fn try_from(id: String) -> Result<Self, NoAction> {
        id.parse()
    }
}

impl From<Action> for String {
    fn from(action: Action) -> Self {
        action.to_string()
    }
}

/// From the most pressing on.
pub(super) const URGENCIES: [Urgency; 4] = [Urgency::Urgent, Urgency::High, Urgency::Normal, Urgency::Low];

fn urgency_id(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Low => "low",
        Urgency::Normal => "normal",
        Urgency::High => "high",
        Urgency::Urgent => "urgent",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_as_the_action_it_was_made_of() {
        let reference = TicketRef::from_random(7);
        let simple =
            [Action::Ticket, Action::Mail, Action::Confirm, Action::Cancel, Action::Skip, Action::Correct, Action::New];
        let all = simple
            .into_iter()
            .chain(Field::ALL.map(Action::Edit))
            .chain(URGENCIES.map(Action::Urgency))
            .chain([Action::Product("Gestion: 100 c".into()), Action::Add(reference)]);
        for action in all {
            let id = action.to_string();
            assert_eq!(id.parse(), Ok(action.clone()), "{id}");
            let json = serde_json::to_string(&action).expect("JSON");
            assert_eq!(json, format!("\"{id}\""));
            assert_eq!(serde_json::from_str::<Action>(&json).expect("and back"), action);
        }
        assert_eq!("do:edit:email".parse(), Ok(Action::Edit(Field::Email)));
        assert_eq!("do:urgency:high".parse(), Ok(Action::Urgency(Urgency::High)));
    }

    #[test]
    fn what_is_no_action_is_refused() {
        for id in [
            "",
            "do:",
            "do:x",
            "ticket",
            "do:ticket:now",
            "do:edit:x",
            "do:edit:",
            "do:urgency:",
            "do:product:",
            "do:add:",
            "do:add:G-1",
            "do:product",
            "une-fiche",
        ] {
            assert_eq!(id.parse::<Action>(), Err(NoAction), "{id}");
        }
    }
}
