//! What a partner is told when somebody of the staff takes the conversation over, and gives it back; and what staff read
//! around it.

use jiff::civil::Date;

use super::{Phrase, dates};
use crate::conversation::Trouble;
use crate::model::ContractStatus;

/// A person is there.
pub(crate) fn joined(name: &str) -> Phrase {
    let text = format!("{name}, de l’équipe d’assistance, a rejoint la conversation et vous répond ici.");
    Phrase { id: "live/joined", text }
}

/// The person gives back to the assistant.
pub(crate) fn left(name: &str) -> Phrase {
    let text = format!("{name} a quitté la conversation. Je suis de nouveau là pour vos questions.");
    Phrase { id: "live/left", text }
}

/// The person is gone, or does not answer.
pub(crate) fn away(name: &str) -> Phrase {
    let text = format!(
        "{name} n’est plus disponible pour le moment. Je reprends la conversation\u{a0}: si votre question attend encore, \
         je peux la transmettre à l’équipe."
    );
    Phrase { id: "live/away", text }
}

pub(crate) const CONVERSATIONS: &str = "Conversations";
pub(crate) const CONVERSATION: &str = "Conversation";
pub(crate) const CANNED: &str = "Réponses des fiches";
pub(crate) const DOSSIER: &str = "Partenaire et contrats";
pub(crate) const NOTHING_ASKED: &str = "(rien n’a encore été demandé)";
pub(crate) const CHANNEL: &str = "Canal";
pub(crate) const BEGUN: &str = "Commencée";
pub(crate) const PARTNER: &str = "Partenaire";
pub(crate) const SITES: &str = "Établissements";
pub(crate) const USER: &str = "Utilisateur";
pub(crate) const CUSTOMER: &str = "Client";
pub(crate) const STATUS: &str = "État";
pub(crate) const PERIOD: &str = "Période";
pub(crate) const TACIT: &str = "Tacite reconduction";
pub(crate) const VERSION: &str = "Version";
pub(crate) const OPTIONS: &str = "Options";
pub(crate) const NO_PORTAL: &str = "Aucun portail n’est configuré ici.";
pub(crate) const ANONYMOUS: &str =
    "Ce partenaire n’a pas prouvé qui il est\u{a0}: rien de son dossier ne peut être montré.";
pub(crate) const EXPIRED: &str =
    "La preuve d’identité de ce partenaire a expiré. Demandez-lui de rouvrir l’espace partenaire.";

/// What the list of conversations shows: value and label.
pub(crate) const VIEWS: [(&str, &str); 3] =
    [("", "les 30 dernières minutes"), ("prises", "celles qu’une personne a prises"), ("toutes", "toutes")];

/// How the last question was answered.
pub(crate) fn decision(decision: &str) -> Option<&'static str> {
    Some(match decision {
        "answer" => "réponse donnée",
        "clarify" => "précision demandée",
        "lookup" => "dossier consulté",
        "smalltalk" => "politesse",
        "handoff" => "personne demandée",
        "incident" => "incident signalé",
        "request" => "suivi d’une demande",
        "noanswer" => "sans réponse",
        _ => return None,
    })
}

/// Where the partner writes.
pub(crate) fn channel(channel: &str) -> &'static str {
    match channel {
        "web" => "site",
        "discord" => "Discord",
        "terminal" => "terminal",
        _ => "autre canal",
    }
}

/// Why the portal shows nothing.
pub(crate) fn trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unknown => "Ce partenaire ne voit rien de tel dans le portail.",
        Trouble::NotAllowed => "Cet utilisateur n’a pas le droit de voir les contrats.",
        Trouble::Silent => "Le portail ne répond pas. Réessayez dans un instant.",
    }
}

/// Where a contract stands.
pub(crate) fn contract_status(status: ContractStatus) -> &'static str {
    match status {
        ContractStatus::Draft => "en préparation",
        ContractStatus::Active => "en cours",
        ContractStatus::RenewalPending => "en attente de renouvellement",
        ContractStatus::Suspended => "suspendu",
        ContractStatus::Terminated => "résilié",
        ContractStatus::Expired => "échu",
    }
}

/// From when to when a contract runs.
pub(crate) fn period(from: Date, to: Date) -> String {
    format!("du {} au {}", dates::long(from), dates::long(to))
}
