//! What the connector itself says. Everything else comes from the assistant.

pub(super) const USEFUL: &str = "Utile";
pub(super) const NOT_USEFUL: &str = "Pas utile";
pub(super) const THANKS: &str = "Merci, c’est noté.";
pub(super) const THANKS_NOT_USEFUL: &str =
    "Merci, c’est noté. Reformulez votre question, ou écrivez à un conseiller\u{a0}: il vous répondra.";
pub(super) const CHOOSE: &str = "Choisissez…";
pub(super) const WRITE_TO_A_PERSON: &str = "Écrire à un conseiller";
pub(super) const SOURCE: &str = "Fiche";

pub(super) const HANDOFF_IN_PUBLIC: &str = "Un conseiller peut vous répondre. Le formulaire ci-dessous n’est vu que de vous\u{a0}: \
     n’écrivez pas vos coordonnées ici.";
pub(super) const MOVED_TO_PRIVATE: &str =
    "Cela touche au dossier d’un client\u{a0}: je vous réponds en message privé, pour que vous seul le lisiez.";
pub(super) const OPEN_YOUR_MESSAGES: &str = "Cela touche au dossier d’un client, et vos messages privés me sont fermés. \
     Utilisez ici la commande /contrat ou /question\u{a0}: vous seul verrez la réponse.";

pub(super) const NOT_YOURS: &str = "Ces boutons sont à la personne qui a posé la question. Posez la vôtre avec /question\u{a0}: vous seul verrez la réponse.";
pub(super) const GONE: &str = "Ce choix n’est plus disponible. Posez votre question à nouveau.";
pub(super) const NOT_HERE: &str =
    "Je ne réponds pas sur ce serveur. Écrivez-moi en message privé, ou demandez à l’éditeur de m’y ouvrir.";
pub(super) const NO_LONGER_HERE: &str = "C’est plus long que prévu. Recommencez, s’il vous plaît.";
pub(super) const NOTHING_OF_A_CUSTOMER: &str = "Cela touche au dossier d’un client\u{a0}: je ne le publie pas. Utilisez /question\u{a0}: vous seul verrez la réponse.";
pub(super) const STAFF_ONLY: &str = "Cette commande est réservée aux conseillers.";
pub(super) const ONLY_IN_A_THREAD: &str = "Cette commande s’utilise dans un fil que j’ai ouvert.";
pub(super) const UNAVAILABLE: &str = "Un incident m’empêche de répondre. Réessayez dans un instant.";
pub(super) const EMPTY_MENTION: &str = "Bonjour\u{a0}! Écrivez votre question dans le même message, par exemple\u{a0}: \
     «\u{a0}comment obtenir une clé d’activation\u{a0}?\u{a0}».";

pub(super) const UNLINKED: &str = "Votre compte Discord n’est plus relié au portail.";
pub(super) const NOT_LINKED: &str = "Votre compte Discord n’était pas relié au portail.";
pub(super) const NO_REQUESTS: &str = "Vous n’avez aucune demande en cours ici.";
pub(super) const PUBLIC_THREAD: &str =
    "Demande faite dans un fil public de Discord\u{a0}: la réponse y sera lue de tous.";
pub(super) const SOLVED_HERE: &str = "Ce fil est marqué comme résolu. Écrivez ici si ce n’est pas le cas.";
/// Begins the title of a thread that is done.
pub(super) const SOLVED_MARK: &str = "✅ ";

pub(super) const HELP: &str = "Je retrouve les réponses de la foire aux questions des partenaires.\n\
     • `/question` posez votre question, vous seul voyez la réponse\n\
     • `/demande` écrivez à un conseiller\n\
     • `/contrat` interrogez le dossier d’un client, après `/lier`\n\
     • `/lier` reliez votre compte au portail, avec le code qu’il vous donne (sans code\u{a0}: ne plus relier)\n\
     • `/statut` où en sont vos demandes\n\
     Vous pouvez aussi me mentionner dans un salon, ou m’écrire en message privé.";

pub(super) mod modal {
    pub(in crate::discord) const TITLE: &str = "Écrire à un conseiller";
    pub(in crate::discord) const NAME: &str = "Votre nom";
    pub(in crate::discord) const EMAIL: &str = "Votre adresse e-mail";
    pub(in crate::discord) const COMPANY: &str = "Votre société";
    pub(in crate::discord) const SUBJECT: &str = "Objet";
    pub(in crate::discord) const DESCRIPTION: &str = "Votre demande";
}

/// The question that `/contrat` asks.
pub(super) fn about_contract(client: &str) -> String {
    format!("Où en est le contrat de {client}\u{a0}?")
}

/// An account was linked.
pub(super) fn linked_to(name: &str) -> String {
    format!("Votre compte Discord est relié à {name}. `/lier` sans code défait le lien.")
}

/// A request was taken.
pub(super) fn requested(reference: &str, promise: &str) -> String {
    format!("Votre demande est enregistrée sous la référence {reference}. {promise}")
}

/// The same, where others read it.
pub(super) fn requested_publicly(reference: &str) -> String {
    format!("Une demande a été transmise à un conseiller ({reference}). La réponse arrivera ici.")
}

/// Where a request stands.
pub(super) fn request_line(reference: &str, subject: &str, status: &str) -> String {
    format!("• {reference} «\u{a0}{subject}\u{a0}»\u{a0}: {status}")
}

/// An agent's answer, before its text.
pub(super) fn answer_of(agent: &str, ticket: &str) -> String {
    format!("**{agent}** (support) a répondu à la demande {ticket}\u{a0}:")
}

/// An agent's message in a conversation that she holds, before its text.
pub(super) fn message_of(agent: &str) -> String {
    format!("**{agent}** (support)\u{a0}:")
}

/// An agent's answer is for its reader only.
pub(super) fn answered_in_private(agent: &str) -> String {
    format!(
        "**{agent}** (support) a répondu. Comme cela touche au dossier d’un client, je vous envoie sa réponse en message privé."
    )
}

/// The same, when direct messages are closed.
pub(super) fn cannot_answer_in_private(agent: &str) -> String {
    format!(
        "**{agent}** (support) a répondu. Comme cela touche au dossier d’un client, je ne le dis pas ici, et vos messages privés me \
         sont fermés\u{a0}: la réponse vous parvient par e-mail."
    )
}

/// What was sent reaches the person who holds the conversation.
pub(super) const PASSED_ON: &str = "C’est transmis à la personne qui vous répond.";

/// A ticket has moved.
pub(super) fn status(ticket: &str, label: &str) -> String {
    format!("Demande {ticket}\u{a0}: {label}.")
}

/// The bot lacks a permission that `what` needs.
pub(super) fn missing_permission(permission: &str) -> String {
    format!(
        "Il me manque la permission «\u{a0}{permission}\u{a0}» dans ce salon. Demandez-la à un administrateur du serveur."
    )
}
