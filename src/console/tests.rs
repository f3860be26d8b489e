//! The table of pages.

use super::*;
use crate::model::{Permission, Role};

#[test]
fn a_form_leads_nowhere_but_into_the_console() {
    for (wanted, expected) in [
        ("/console/demandes?a=moi", "/console/demandes?a=moi"),
        ("/console", "/console"),
        ("//autre.example", "/console"),
        ("/consoles", "/console"),
        ("https://autre.example/console/", "/console"),
        ("/console/\\autre.example", "/console"),
        ("", "/console"),
    ] {
        assert_eq!(inside(wanted), expected, "{wanted}");
    }
}

/// What changes something asks for a permission, but for coming in, going out and confirming.
#[test]
fn every_change_asks_for_a_permission() {
    let own = ["/console/connexion", "/console/deconnexion", "/console/confirmation", "/console/acces"];
    for page in pages().iter().filter(|page| page.method != Method::GET && !own.contains(&page.path)) {
        let permission = match page.access {
            May(permission) | Confirmed(permission) => Some(permission),
            Anybody | SignedIn => None,
        };
        let permission = permission.unwrap_or_else(|| panic!("{} {}", page.method, page.path));
        let reads =
            [Permission::ReadKnowledge, Permission::ReadRequests, Permission::ReadStatistics, Permission::Audit];
        assert!(!reads.contains(&permission), "{} {} changes with a permission to read", page.method, page.path);
        assert!(!Role::Reader.may(permission), "{}", page.path);
    }
}
