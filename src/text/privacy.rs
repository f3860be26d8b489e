//! What is kept of people: how long, as they read it, and where, as whoever answers for it reads it.

use crate::model::{Elsewhere, KnownAs};

pub(crate) const PEOPLE: &str = "Personnes";
pub(crate) const NOBODY: &str = "Indiquez au moins une adresse, un identifiant, une conversation ou un compte.";
pub(crate) const UNREADABLE: &str = "Ce n’est pas ce qui est attendu ici\u{a0}:";
pub(crate) const NOT_SURE: &str = "Cochez la case pour effacer\u{a0}: rien ne pourra être rétabli.";

/// Links of accounts were undone.
pub(crate) fn unlinked(links: u64) -> String {
    match links {
        0 => "Aucun compte n’était relié.".to_owned(),
        1 => "Un compte n’est plus relié au portail.".to_owned(),
        links => format!("{links}\u{a0}comptes ne sont plus reliés au portail."),
    }
}

/// Days; whole years as years.
pub(crate) fn days(days: u32) -> String {
    match (days / 365, days % 365) {
        (1, 0) => "un an".to_owned(),
        (years, 0) => format!("{years}\u{a0}ans"),
        _ if days == 1 => "un jour".to_owned(),
        _ => format!("{days}\u{a0}jours"),
    }
}

/// Milliseconds, as the hours that have begun.
pub(crate) fn hours(milliseconds: u64) -> String {
    match milliseconds.div_ceil(3_600_000) {
        0 | 1 => "une heure".to_owned(),
        hours => format!("{hours}\u{a0}heures"),
    }
}

/// A table, as people call what it holds.
pub(crate) fn table(name: &str) -> &str {
    match name {
        "conversations" => "Conversations",
        "messages" => "Messages",
        "conversation_notes" => "Notes internes",
        "feedback" => "Avis",
        "visitors" => "Preuves d’identité",
        "attachments" => "Fichiers joints",
        "places" => "Lieux d’un autre canal",
        "posts" => "Publications sur un autre canal",
        "jobs" => "Envois",
        "turns" => "Questions",
        "lookups" => "Consultations du portail",
        "audit_log" => "Lignes du journal",
        "tickets" => "Demandes",
        "ticket_comments" => "Réponses et notes de demandes",
        "ticket_history" => "Historique de demandes",
        "ticket_tags" => "Étiquettes de demandes",
        "inbox" => "Livraisons de l’autre outil",
        "incidents" => "Incidents",
        "account_links" => "Comptes reliés",
        "link_codes" => "Codes de liaison",
        other => other,
    }
}

/// Something that is not removed here, for who must see to it.
pub(crate) fn elsewhere(what: &Elsewhere) -> String {
    match what {
        Elsewhere::OpenTicket { reference } => format!(
            "La demande {reference} n’est pas résolue\u{a0}: elle reste, avec sa conversation. Résolvez-la, puis recommencez."
        ),
        Elsewhere::OtherDesk { reference, id } => {
            format!("L’autre outil a la demande {reference} sous le numéro {id}\u{a0}: effacez-la aussi chez lui.")
        }
        Elsewhere::Posts { platform, place, messages } => format!(
            "Des messages sont publiés sur {platform} ({place})\u{a0}: {}. Supprimez-les là-bas.",
            messages.join(", ")
        ),
        Elsewhere::AlsoKnownAs { name, value } => {
            let name = match name {
                KnownAs::Email => "l’adresse",
                KnownAs::User => "l’identifiant",
                KnownAs::Account => "le compte",
            };
            format!(
                "Ce qui est trouvé est aussi à {name} {value}. Si c’est la même personne, ajoutez-le à la recherche\u{a0}; sinon,                  quelqu’un a écrit pour quelqu’un d’autre."
            )
        }
        Elsewhere::Staff => {
            "Quelqu’un de l’équipe a cette adresse\u{a0}: son compte se retire à la page Équipe.".to_owned()
        }
        Elsewhere::Document { document, revision } => {
            format!("La version {revision} du document {document} cite cette personne\u{a0}: corrigez-le.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_say_them() {
        for (given, expected) in [(1, "un jour"), (30, "30\u{a0}jours"), (365, "un an"), (1095, "3\u{a0}ans")] {
            assert_eq!(days(given), expected);
        }
        assert_eq!((hours(86_400_000), hours(1)), ("24\u{a0}heures".to_owned(), "une heure".to_owned()));
    }
}
