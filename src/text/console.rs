//! What staff read in the console, outside its templates.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::escalation;
use crate::model::{Role, TicketStatus, Urgency};
use crate::staff::Refused;

pub(crate) const NOT_FOUND: &str = "Page introuvable";
pub(crate) const NOT_FOUND_DETAIL: &str = "Cette page n’existe pas, ou ce qu’elle montrait a été supprimé.";
pub(crate) const FORBIDDEN: &str = "Accès refusé";
pub(crate) const FORBIDDEN_DETAIL: &str =
    "Votre rôle ne permet pas d’ouvrir cette page. Un administrateur peut le changer.";
pub(crate) const OLD_FORM: &str = "Formulaire périmé";
pub(crate) const OLD_FORM_DETAIL: &str =
    "Ce formulaire a été ouvert avant votre dernière connexion. Revenez à la page, rechargez-la, puis recommencez.";
pub(crate) const INVALID: &str = "Formulaire incomplet";
pub(crate) const INVALID_DETAIL: &str =
    "Un champ est vide, trop long ou n’a pas la forme attendue. Revenez en arrière\u{a0}: votre saisie y est encore.";
pub(crate) const TOO_LARGE: &str = "Ce texte est trop long pour être enregistré.";
pub(crate) const CONFLICT: &str = "Impossible pour l’instant";
pub(crate) const CHANGED_MEANWHILE: &str = "Quelqu’un d’autre l’a modifié entre-temps. Rechargez la page.";
pub(crate) const TICKET_CLOSED: &str = "Cette demande est close\u{a0}: on n’y répond plus.";
pub(crate) const TAKEN: &str = "Quelqu’un a déjà un compte avec cette adresse.";
pub(crate) const LAST_ADMIN: &str = "Il ne resterait aucun administrateur. Donnez d’abord ce rôle à quelqu’un d’autre.";
pub(crate) const NO_LINK: &str = "Ce lien a déjà servi ou a expiré. Demandez-en un nouveau à un administrateur.";
pub(crate) const FAILED: &str = "Incident";
pub(crate) const WRONG_PASSWORD: &str = "L’adresse ou le mot de passe est incorrect.";
pub(crate) const NO_NAME: &str = "Indiquez votre nom (80 caractères au plus)\u{a0}: les partenaires le voient.";
pub(crate) const NO_EMAIL: &str = "Ce n’est pas une adresse e-mail complète.";
pub(crate) const NOT_THE_SAME: &str = "Les deux mots de passe ne sont pas identiques.";
pub(crate) const TICKETS: &str = "Demandes";
pub(crate) const INCIDENTS: &str = "Incidents";
pub(crate) const JOBS: &str = "Envois";
pub(crate) const TEAM: &str = "Équipe";
pub(crate) const AUDIT: &str = "Journal";
pub(crate) const CONFIRM: &str = "Confirmez votre identité";

/// A failure of ours.
pub(crate) fn failed(reference: &str) -> String {
    format!("Un incident nous empêche de répondre. Réessayez dans un instant. Référence\u{a0}: {reference}")
}

/// Too many wrong passwords.
pub(crate) fn locked(wait: Duration) -> String {
    let minutes = wait.as_secs().div_ceil(60).max(1);
    let plural = if minutes > 1 { "s" } else { "" };
    format!("Trop d’essais. Réessayez dans {minutes}\u{a0}minute{plural}.")
}

/// Why a password is not taken.
pub(crate) fn refused_password(refused: Refused) -> &'static str {
    match refused {
        Refused::Length => {
            "Choisissez au moins 12 caractères (200 au plus)\u{a0}: quelques mots sans rapport font un bon mot de passe."
        }
        Refused::Common => {
            "Ce mot de passe est parmi les premiers que l’on essaie. Choisissez quelques mots sans rapport."
        }
        Refused::Personal => "Ce mot de passe contient surtout votre nom ou votre adresse.",
    }
}

/// What was just done, by its name in the address.
pub(crate) fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "reponse" => "Votre réponse est envoyée au partenaire.",
        "note" => "Votre note est enregistrée. Le partenaire ne la voit pas.",
        "demande" => "La demande est modifiée.",
        "prise" => "Vous avez pris la conversation. Le partenaire est prévenu.",
        "rendue" => "La conversation est rendue à Guichet. Le partenaire est prévenu.",
        "message" => "Votre message est envoyé.",
        "role" => "Le rôle est changé.",
        "depart" => "Cette personne n’a plus accès à rien.",
        "reprise" => "L’envoi reprend.",
        "incident" => "L’incident est enregistré.",
        "brouillon" => "Le brouillon est enregistré. Les partenaires ne le voient pas.",
        "inchange" => "Rien n’a changé depuis la dernière version.",
        "reprise-version" => "L’ancienne version est reprise comme brouillon\u{a0}: relisez-la, puis publiez-la.",
        "conflit" => "Votre choix est enregistré comme brouillon\u{a0}: le publier met fin au conflit.",
        "relecture" => "La relecture est demandée.",
        "ignorees" => "Ces questions et celles qui leur ressemblent ne seront plus montrées.",
        "formulation" => "Les formulations sont dans le brouillon de la fiche. Elles serviront une fois publiées.",
        "orientation" => "Les formulations sont dans le brouillon de l’orientation. Elles serviront une fois publiées.",
        "politesse" => {
            "Les phrases sont dans le brouillon de la petite conversation. Elles serviront une fois publiées."
        }
        "synonyme" => "Le synonyme est dans le brouillon de la liste. Il servira une fois publié.",
        "horaires" => "Les nouveaux horaires sont en vigueur.",
        "fiche" => "La fiche est commencée\u{a0}: il reste à écrire sa réponse.",
        _ => return None,
    })
}

/// What was done, by its name in the log.
pub(crate) fn audit(what: &str) -> &'static str {
    match what {
        "staff.added" => "a invité",
        "staff.link_made" => "a fait un nouveau lien pour",
        "staff.password_chosen" => "a choisi un mot de passe\u{a0}:",
        "staff.signed_in" => "s’est connecté\u{a0}:",
        "staff.role_changed" => "a changé le rôle de",
        "staff.removed" => "a retiré",
        "staff.joined" => "a rejoint l’équipe par le compte de l’entreprise\u{a0}:",
        "staff.role_followed" => "a reçu un autre rôle de l’entreprise\u{a0}:",
        "staff.withdrawn" => "n’a plus de rôle dans l’entreprise\u{a0}:",
        "staff.refused" => "n’a pas pu se connecter par le compte de l’entreprise\u{a0}:",
        "gap.handled" => "a traité des questions\u{a0}:",
        "job.replayed" => "a repris l’envoi",
        "incident.announced" => "a annoncé l’incident",
        "setting.changed" => "a changé le réglage",
        "incident.changed" => "a modifié l’incident",
        "conversation.taken" => "a pris la conversation",
        "conversation.given_back" => "a rendu la conversation",
        "conversation.portal_read" => "a consulté le portail pour la conversation",
        "document.saved" => "a enregistré un brouillon de",
        "document.submitted" => "a demandé une relecture de",
        "document.restored" => "a repris une ancienne version de",
        "document.published" => "a mis en service",
        "document.archived" => "a archivé",
        "image.brought" => "a ajouté l’image",
        "publication.asked" => "a demandé la publication",
        "publication.tried" => "a essayé la publication",
        "person.exported" => "a exporté les données d’une personne\u{a0}:",
        "person.unlinked" => "a délié les comptes d’une personne\u{a0}:",
        "person.erased" => "a effacé les données d’une personne\u{a0}:",
        "publication.cancelled" => "a annulé la publication",
        _ => "",
    }
}

/// Work that is not begun, by how its keys begin.
pub(crate) fn held(prefix: &str) -> &'static str {
    match prefix.split(['.', '/']).next().unwrap_or_default() {
        "mail" => "Messages électroniques",
        "ticket" => "Demandes vers l’autre outil",
        "desk" => "Lecture de l’autre outil",
        "webhook" => "Avis à un programme abonné",
        _ => "Envois",
    }
}

/// Why it is not.
pub(crate) fn why_held(is_to_be_mended: bool) -> &'static str {
    if is_to_be_mended {
        "un réglage est à corriger. Après correction et redémarrage, tout repart"
    } else {
        "le destinataire demande d’attendre"
    }
}

/// A kind of outgoing work.
pub(crate) fn job(kind: &str) -> &'static str {
    match kind {
        "desk.close" => return "Clôture des demandes résolues",
        "desk.reconcile" => return "Lecture de l’autre outil",
        _ => {}
    }
    match kind.split('.').next().unwrap_or_default() {
        "mail" => "Message électronique",
        "ticket" => "Demande vers l’autre outil",
        "webhook" => "Avis à un programme abonné",
        "desk" => "Réponse aux signalements",
        _ => "Envoi",
    }
}

/// Where a ticket stands.
pub(crate) fn status(status: TicketStatus) -> &'static str {
    match status {
        TicketStatus::New => "nouvelle",
        TicketStatus::Open => "en cours",
        TicketStatus::Pending => "attend le partenaire",
        TicketStatus::Solved => "résolue",
        TicketStatus::Closed => "close",
    }
}

/// What somebody is there for.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Reader => "lecture",
        Role::Agent => "conseiller",
        Role::Curator => "rédaction",
        Role::Reviewer => "relecture et publication",
        Role::Admin => "administration",
    }
}

/// When something was, as French people write it.
pub(crate) fn moment(at: i64, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or_default();
    at.to_zoned_datetime(zone.clone()).strftime("%d/%m/%Y %H:%M").to_string()
}

/// The promise waits as long as the partner does not answer.
pub(crate) fn paused(since: i64, zone: &TimeZone) -> String {
    format!("en pause depuis le {}, le partenaire doit répondre", moment(since, zone))
}

/// Who left a note.
pub(crate) fn note_of(name: &str) -> String {
    format!("{name} (note interne)")
}

/// How big a file is.
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes}\u{a0}octets"),
        1_000..1_000_000 => format!("{}\u{a0}ko", bytes / 1_000),
        _ => format!("{},{}\u{a0}Mo", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// A line of a ticket's history, which is kept in the words of programs.
pub(crate) fn history(what: &str) -> String {
    let words = [
        ("created", "demande reçue"),
        ("public comment", "réponse"),
        ("internal comment", "note interne"),
        ("status: ", "état\u{a0}: "),
        ("urgency: ", "urgence\u{a0}: "),
        ("assignee: ", "attribuée\u{a0}: "),
        ("tags: ", "étiquettes\u{a0}: "),
        ("attached to problem ", "rattachée au problème "),
        ("with problem ", "avec le problème "),
        ("closed, days without news: ", "close d’elle-même, jours sans nouvelle\u{a0}: "),
    ];
    let Some((english, french)) = words.iter().find(|(english, _)| what.starts_with(english)) else {
        return what.to_owned();
    };
    let rest = &what[english.len()..];
    let named = |value: &str| {
        let status = TicketStatus::ALL.into_iter().find(|status| status.name() == value).map(status);
        let urgency = Urgency::ALL.into_iter().find(|urgency| urgency.name() == value).map(escalation::urgency);
        match *english {
            "status: " => status,
            "urgency: " => urgency,
            _ => None,
        }
        .map_or_else(|| value.to_owned(), str::to_owned)
    };
    let shown: Vec<String> = rest.split(" → ").map(named).collect();
    format!("{french}{}", shown.join(" → "))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_history_is_read_in_french() {
        let check = |what: &str, expected: &str| assert_eq!(super::history(what), expected);
        check("created", "demande reçue");
        check("status: new → open", "état\u{a0}: nouvelle → en cours");
        check("urgency: low → urgent", "urgence\u{a0}: peut attendre → urgente");
        check("assignee: - → Inès", "attribuée\u{a0}: - → Inès");
        check("attached to incident:x", "attached to incident:x");
    }
}
