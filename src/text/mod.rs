//! Every French sentence that a person reads and that is not knowledge. Each has an id: a reply names it as its source.

pub(crate) mod bench;
pub(crate) mod console;
pub(crate) mod contact;
pub(crate) mod curation;
pub(crate) mod dates;
pub(crate) mod escalation;
pub(crate) mod explanation;
pub(crate) mod fact;
pub(crate) mod faults;
pub(crate) mod html;
pub(crate) mod insight;
pub(crate) mod knowledge;
pub(crate) mod live;
pub(crate) mod lookup;
pub(crate) mod mail;
pub(crate) mod opening;
pub(crate) mod privacy;
pub(crate) mod publishing;
pub(crate) mod redact;
pub(crate) mod request;
pub(crate) mod sso;
pub(crate) mod statistics;
pub(crate) mod ticket;
mod typography;

use crate::model::Visitor;

pub(crate) use typography::french;

/// A fixed sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sentence {
    /// What a source says of it.
    pub(crate) id: &'static str,
    /// What is shown. Narrow punctuation takes a no-break space, as French typography asks.
    pub(crate) text: &'static str,
}

/// A sentence that was put together: with a name, an hour, a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// What a source says of it: the same for all that it can hold.
    pub(crate) id: &'static str,
    /// What is shown.
    pub(crate) text: String,
}

impl From<Sentence> for Phrase {
    fn from(sentence: Sentence) -> Self {
        Self { id: sentence.id, text: sentence.text.to_owned() }
    }
}

/// Several entries compete.
pub(crate) const CLARIFY: Sentence = Sentence { id: "clarify", text: "Que voulez-vous savoir\u{a0}?" };

/// No entry answers.
pub(crate) const NO_ANSWER: Sentence =
    Sentence { id: "no-answer", text: "Je n’ai pas de fiche qui réponde à cette question." };

/// The answer was given by the reply before.
pub(crate) const SAID_ALREADY: Sentence = Sentence {
    id: "said-already",
    text: "C’est la fiche que je viens de vous donner, et je n’en ai pas de plus précise. Un conseiller peut vous en dire plus.",
};

/// A button that begins the dialogue towards a ticket.
pub(crate) const TALK_TO_A_PERSON: &str = "Parler à un conseiller";

/// A person is asked for and the curated reply is missing.
pub(crate) const HANDOFF: Sentence =
    Sentence { id: "handoff", text: "Je vais transmettre votre demande à un conseiller." };

/// The question is about one customer and nothing can be looked up for this visitor; the entry follows.
pub(crate) const LOOKUP: Sentence = Sentence {
    id: "lookup",
    text: "Je ne peux pas consulter ce dossier d’ici. Voici où trouver cette information\u{a0}:",
};

/// The question is about one customer and no entry says where to look.
pub(crate) const LOOKUP_NOWHERE: Sentence = Sentence {
    id: "lookup-nowhere",
    text: "Votre question porte sur le dossier d’un client, que je ne peux pas consulter d’ici.",
};

/// Small talk whose curated reply is missing.
pub(crate) const SMALL_TALK: Sentence =
    Sentence { id: "small-talk", text: "Je suis là pour vos questions sur l’espace partenaire." };

/// The question was in English; what is said follows in French.
pub(crate) const IN_FRENCH: Sentence =
    Sentence { id: "in-french", text: "Thank you for your question. I can only answer in French." };

/// Who changes a ticket when no person does, as staff see it.
pub(crate) const GUICHET: &str = "Guichet";

/// Who answers in the other desk, as the partner sees it.
pub(crate) const DESK: &str = "Support";

/// A user of the portal, as he recognises himself.
pub(crate) fn linked_user(visitor: &Visitor) -> String {
    format!("l’utilisateur {} du partenaire {}", visitor.user.as_str(), visitor.partner.as_str())
}

/// What a person reads when a request fails; the code says which.
pub(crate) mod problem {
    pub(crate) const EMPTY: &str = "Votre message est vide. Écrivez votre question.";
    pub(crate) const NO_CONVERSATION: &str = "Cette conversation n’existe pas ou n’est plus accessible.";
    pub(crate) const NO_ENTRY: &str = "Cette fiche n’existe pas ou n’est plus publiée.";
    pub(crate) const UNKNOWN_OPTION: &str = "Ce choix n’est plus proposé. Posez votre question avec vos mots.";
    pub(crate) const CLIENT_ID: &str = "client_id\u{a0}: 1 à 200 caractères, sans caractère de contrôle.";
    pub(crate) const NO_TICKET: &str = "Cette demande n’existe pas ou n’est pas la vôtre.";
    pub(crate) const FORM: &str = "La forme attendue est décrite à l’adresse /docs.";
    pub(crate) const TOO_MANY: &str = "Trop de messages en peu de temps. Attendez un instant, puis réessayez.";
    pub(crate) const OVERLOADED: &str = "Beaucoup de personnes écrivent en ce moment. Réessayez dans un instant.";
    pub(crate) const TICKET_CLOSED: &str = "Cette demande est close. Ouvrez-en une nouvelle, qui citera sa référence.";
    pub(crate) const KEY_USED: &str =
        "Cette clé a déjà servi à une autre demande de la conversation. Choisissez-en une nouvelle.";
    pub(crate) const NOTE_WITHOUT_FILES: &str = "une note interne n’a pas de fichiers.";
    pub(crate) const NO_BASE64: &str = "un fichier n’est pas écrit en Base64.";
    pub(crate) const OTHER_DESK: &str = "Répondez et changez cette demande là-bas\u{a0}: ce qui y est dit revient ici.";
    pub(crate) const NOT_HELD: &str =
        "Prenez d’abord la conversation\u{a0}: sans cela, deux voix répondraient au partenaire.";
    pub(crate) const LINK_CODE: &str =
        "Ce code est inconnu, a déjà servi ou a expiré. Demandez-en un autre dans l’espace partenaire.";
    pub(crate) const NO_EMAIL: &str = "ce n’est pas une adresse e-mail complète.";
    pub(crate) const NO_INCIDENT_ID: &str = "1 à 60 lettres minuscules sans accent, chiffres et tirets.";
    pub(crate) const NO_PROBLEM: &str = "Aucune demande n’a la référence du problème.";
    pub(crate) const NO_MOMENT: &str = "ce n’est pas une date (millisecondes depuis 1970).";
    pub(crate) const UNKNOWN_FILE: &str = "Un des fichiers n’est plus disponible. Joignez-le à nouveau.";
    pub(crate) const TOO_MANY_FILES: &str = "Cette demande a déjà tous les fichiers qu’elle peut avoir.";
    pub(crate) const FILE_NOT_ALLOWED: &str =
        "Joignez plutôt une image, un PDF, un document de bureautique, un fichier texte ou une archive ZIP.";
    pub(crate) const FILE_NOT_WHAT_IT_SAYS: &str = "Ce fichier est endommagé, ou son nom ne dit pas ce qu’il est.";
    pub(crate) const SIGN_IN_AGAIN: &str = "Reconnectez-vous à votre espace partenaire, puis réessayez.";
    pub(crate) const STOPPING: &str = "Ce processus termine ce qui est commencé. Un autre prend le relais.";
    pub(crate) const DATABASE_UNREACHABLE: &str =
        "Vérifiez que le serveur de base de données est démarré et joignable.";
    pub(crate) const DATABASE_FULL: &str = "Libérez de la place sur le disque\u{a0}: le service reprend de lui-même.";
    pub(crate) const DATABASE_READ_ONLY: &str =
        "Vérifiez le disque et ses droits d’écriture, ou que ce serveur de base de données est bien le principal.";
    pub(crate) const DATABASE_FAILING: &str =
        "Le disque est en panne, ou le système l’a mis en lecture seule. Consultez le journal du système.";
    pub(crate) const DATABASE_DAMAGED: &str = "Arrêtez le service et restaurez une sauvegarde (guichet restore).";
    pub(crate) const UNAVAILABLE: &str = "Un incident nous empêche de répondre. Réessayez dans un instant.";

    /// A field holds nothing, or more than `max` characters.
    pub(crate) fn line(max: usize) -> String {
        format!("1 à {max} caractères sur une ligne.")
    }

    /// A list has more than `max` items.
    pub(crate) fn list(max: usize) -> String {
        format!("{max} au plus.")
    }

    /// The message is longer than `max` characters.
    pub(crate) fn too_long(max: usize) -> String {
        let max = max.to_string();
        let (thousands, rest) = max.split_at(max.len().saturating_sub(3));
        let number = if thousands.is_empty() { rest.to_owned() } else { format!("{thousands}\u{202f}{rest}") };
        format!("Votre message est trop long ({number} caractères au plus). Gardez l’essentiel de votre question.")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_written_as_in_french() {
        assert!(super::problem::too_long(4_000).contains("(4\u{202f}000 caractères"));
        assert!(super::problem::too_long(400).contains("(400 caractères"));
    }
}
