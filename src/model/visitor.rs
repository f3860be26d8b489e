//! A partner's user who has proved who he is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Contact, EstablishmentId, PartnerId, UserId};

/// Who is asking, by a proof that is still valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Visitor {
    /// The company.
    pub(crate) partner: PartnerId,
    /// The person.
    pub(crate) user: UserId,
    /// The sites that are this person's own.
    pub(crate) establishments: BTreeSet<EstablishmentId>,
    /// What this person may.
    pub(crate) rights: BTreeSet<Right>,
    /// How this person can be reached, as far as the proof says it: it is not asked for again.
    #[serde(default)]
    pub(crate) contact: Contact,
}

/// Something that a user of the portal may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Right {
    /// See contracts.
    Contracts,
    /// See prices.
    Prices,
    /// See invoices.
    Invoices,
    /// See activation keys.
    Keys,
    /// Record information requests.
    Requests,
    /// See all establishments of the parent company.
    ParentView,
}

impl Right {
    /// All of them, with the names that the portal and tokens use.
    pub(crate) const NAMES: [(Self, &'static str); 6] = [
        (Self::Contracts, "contracts"),
        (Self::Prices, "prices"),
        (Self::Invoices, "invoices"),
        (Self::Keys, "keys"),
        (Self::Requests, "requests"),
        (Self::ParentView, "parent_view"),
    ];

    /// The right named `name`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(right, _)| *right)
    }
}

impl Visitor {
    /// Whether this person may do it.
    pub(crate) fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// Whether what belongs to `establishment` of `partner` may be shown to this person.
    pub(crate) fn may_see(&self, partner: &PartnerId, establishment: &EstablishmentId) -> bool {
        *partner == self.partner && (self.may(Right::ParentView) || self.establishments.contains(establishment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_sees_another_partner_and_only_some_see_other_establishments() {
        let id = |text: &str| text.parse::<EstablishmentId>().expect("an id");
        let partner = |text: &str| text.parse::<PartnerId>().expect("an id");
        let mut visitor = Visitor {
            partner: partner("P1"),
            user: "U1".parse().expect("an id"),
            establishments: BTreeSet::from([id("E1")]),
            rights: BTreeSet::from([Right::Contracts]),
            contact: Contact::default(),
        };
        assert!(visitor.may_see(&partner("P1"), &id("E1")));
        assert!(!visitor.may_see(&partner("P1"), &id("E2")));
        assert!(!visitor.may_see(&partner("P2"), &id("E1")));
        visitor.rights.insert(Right::ParentView);
        assert!(visitor.may_see(&partner("P1"), &id("E2")));
        assert!(!visitor.may_see(&partner("P2"), &id("E1")));
    }

    #[test]
    fn a_visitor_who_was_kept_before_contacts_were_is_still_read() {
        let json = r#"{"partner":"P1","user":"U1","establishments":["E1"],"rights":["contracts"]}"#;
        let visitor: Visitor = serde_json::from_str(json).expect("a visitor");
        assert_eq!(visitor.contact, Contact::default());
    }

    #[test]
    fn every_right_has_its_name() {
        for (right, name) in Right::NAMES {
            assert_eq!(Right::from_name(name), Some(right));
        }
        assert_eq!(Right::from_name("terminate"), None);
    }
}
