//! What is around every page: the title, the menu, who has signed in.

use super::guard::Signed;
use crate::model::Permission;
use crate::text::{console as text, insight, knowledge, live, privacy, statistics};

/// What the menu leads to, in its order: address, name, who sees it. A new section is one line.
const MENU: [(&str, &str, Permission); 13] = [
    ("/console/demandes", text::TICKETS, Permission::ReadRequests),
    ("/console/conversations", live::CONVERSATIONS, Permission::ReadRequests),
    ("/console/lacunes", insight::GAPS, Permission::ReadRequests),
    ("/console/incidents", text::INCIDENTS, Permission::ReadRequests),
    ("/console/fiches", knowledge::ENTRIES, Permission::ReadKnowledge),
    ("/console/textes", knowledge::TEXTS, Permission::ReadKnowledge),
    ("/console/essai", insight::BENCH, Permission::ReadKnowledge),
    ("/console/publications", knowledge::PUBLICATIONS, Permission::ReadKnowledge),
    ("/console/statistiques", statistics::STATISTICS, Permission::ReadStatistics),
    ("/console/envois", text::JOBS, Permission::Replay),
    ("/console/equipe", text::TEAM, Permission::ManageStaff),
    ("/console/personnes", privacy::PEOPLE, Permission::Privacy),
    ("/console/journal", text::AUDIT, Permission::Audit),
];

/// What is around a page.
#[derive(Default)]
pub(super) struct Frame {
    pub(super) title: String,
    pub(super) menu: Vec<Item>,
    pub(super) name: String,
    pub(super) role: &'static str,
    /// What every form carries.
    pub(super) token: String,
    /// What was just done.
    pub(super) done: Option<&'static str>,
}

/// A section.
pub(super) struct Item {
    pub(super) href: &'static str,
    pub(super) label: &'static str,
    /// The page belongs to it.
    pub(super) is_here: bool,
}

impl Frame {
    /// The frame of a page with this title, in the section that begins with `section`.
    pub(super) fn new(title: impl Into<String>, section: &str, signed: &Signed) -> Self {
        let shown = MENU.iter().filter(|(_, _, permission)| signed.may(*permission));
        Self {
            title: title.into(),
            menu: shown.map(|(href, label, _)| Item { href, label, is_here: *href == section }).collect(),
            name: signed.name().to_owned(),
            role: text::role(signed.session.account.role),
            token: signed.form_token(),
            done: None,
        }
    }

    /// The same after something was done; `what` comes from the address.
    pub(super) fn after(mut self, what: Option<&str>) -> Self {
        self.done = what.and_then(text::done);
        self
    }
}
