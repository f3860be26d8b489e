//! What is said on the way to a ticket: short, and never twice the same request for what is known.

use super::{Phrase, Sentence};
use crate::model::{TicketRef, Urgency};

/// No entry answered.
pub(crate) const OFFER_NO_ANSWER: Sentence =
    Sentence { id: "escalation/offer-no-answer", text: "Je peux transmettre votre question à un conseiller." };

/// The answer did not help.
pub(crate) const OFFER_REFUSED: Sentence = Sentence {
    id: "escalation/offer-refused",
    text: "Cette réponse ne vous aide pas. Je peux transmettre votre question à un conseiller.",
};

/// A person was asked for.
pub(crate) const ASKED_FOR_PERSON: Sentence =
    Sentence { id: "escalation/asked-for-person", text: "Je vais transmettre votre demande à un conseiller." };

/// A known incident was told.
pub(crate) const OFFER_TO_REPORT: Sentence = Sentence {
    id: "escalation/offer-to-report",
    text: "Êtes-vous concerné\u{a0}? Je peux vous inscrire parmi les signalements\u{a0}: vous serez prévenu de la suite.",
};

/// Several of name, address and company are missing; the list follows.
pub(crate) fn ask_identity(missing: &[&str]) -> Phrase {
    let (last, before) = missing.split_last().unwrap_or((&"", &[]));
    let text = format!(
        "Pour vous répondre, il me faut {} et {last}. Un seul message suffit, par exemple\u{a0}: «\u{a0}Léa Martin, \
         lea.martin@societe.example, société Dupond\u{a0}».",
        before.join(", ")
    );
    Phrase { id: "escalation/ask-identity", text }
}

pub(crate) const NAME: &str = "votre nom";
pub(crate) const EMAIL: &str = "votre adresse e-mail";
pub(crate) const COMPANY: &str = "votre société";

pub(crate) const ASK_NAME: Sentence =
    Sentence { id: "escalation/ask-name", text: "Quels sont vos nom et prénom\u{a0}?" };

pub(crate) const ASK_EMAIL: Sentence =
    Sentence { id: "escalation/ask-email", text: "À quelle adresse e-mail vous répondre\u{a0}?" };

pub(crate) const ASK_COMPANY: Sentence =
    Sentence { id: "escalation/ask-company", text: "Pour quelle société\u{a0}?" };

pub(crate) const ASK_REQUEST: Sentence =
    Sentence { id: "escalation/ask-request", text: "Que faut-il dire au conseiller\u{a0}? Quelques mots suffisent." };

pub(crate) const ASK_DETAILS: Sentence =
    Sentence { id: "escalation/ask-details", text: "Que faut-il ajouter à votre message\u{a0}?" };

pub(crate) const ASK_SUBJECT: Sentence =
    Sentence { id: "escalation/ask-subject", text: "Quel objet donner à votre demande\u{a0}?" };

/// What was said so far does not say what it is about.
pub(crate) const ASK_ABOUT: Sentence =
    Sentence { id: "escalation/ask-about", text: "En quelques mots, de quoi s’agit-il\u{a0}?" };

pub(crate) const ASK_PRODUCT: Sentence =
    Sentence { id: "escalation/ask-product", text: "Quel produit est concerné\u{a0}?" };

pub(crate) const ASK_URGENCY: Sentence = Sentence { id: "escalation/ask-urgency", text: "Est-ce urgent\u{a0}?" };

pub(crate) const ASK_WHAT_TO_CORRECT: Sentence =
    Sentence { id: "escalation/ask-what-to-correct", text: "Que voulez-vous corriger\u{a0}?" };

pub(crate) const ASK_TO_SEND: Sentence =
    Sentence { id: "escalation/ask-to-send", text: "Je l’envoie au conseiller\u{a0}?" };

/// After a question in the middle of the form was answered.
pub(crate) const BACK: Sentence = Sentence { id: "escalation/back", text: "Revenons à votre demande." };

pub(crate) const NOTED: Sentence = Sentence { id: "escalation/noted", text: "C’est noté." };

pub(crate) const NO_NAME: Sentence = Sentence {
    id: "escalation/no-name",
    text: "Je n’ai pas reconnu de nom. Écrivez votre prénom et votre nom, ou annulez.",
};

pub(crate) const NO_EMAIL: Sentence = Sentence {
    id: "escalation/no-email",
    text: "Je n’ai pas trouvé d’adresse e-mail. Elle ressemble à prenom.nom@societe.example.",
};

/// What looks like an address is none.
pub(crate) fn bad_email(typed: &str) -> Phrase {
    let text = format!(
        "«\u{a0}{typed}\u{a0}» n’est pas une adresse complète. Elle ressemble à prenom.nom@societe.example, sans \
         accent ni espace."
    );
    Phrase { id: "escalation/bad-email", text }
}

pub(crate) const NOT_UNDERSTOOD: Sentence =
    Sentence { id: "escalation/not-understood", text: "Je n’ai pas compris ce choix." };

/// A number that none of the choices has, which follow.
pub(crate) const NO_SUCH_CHOICE: Sentence =
    Sentence { id: "escalation/no-such-choice", text: "Aucun choix ne porte ce numéro. Reprenons." };

/// A ticket is about the same; one that is solved is opened again by what is added.
pub(crate) fn ask_to_add(reference: &str, subject: &str, is_solved: bool) -> Phrase {
    if is_solved {
        let text = format!(
            "Votre demande à ce sujet est résolue\u{a0}: «\u{a0}{subject}\u{a0}» ({reference}). J’y ajoute votre message, pour \
             la rouvrir\u{a0}?"
        );
        return Phrase { id: "escalation/ask-to-add", text };
    }
    let text = format!(
        "Vous avez déjà une demande ouverte à ce sujet\u{a0}: «\u{a0}{subject}\u{a0}» ({reference}). J’y ajoute votre \
         message\u{a0}?"
    );
    Phrase { id: "escalation/ask-to-add", text }
}

/// What a ticket is called that only the other desk has.
pub(crate) fn number(number: &str) -> String {
    format!("n°\u{a0}{number}")
}

/// What it is called here from now on.
pub(crate) fn called_here(reference: &TicketRef) -> Phrase {
    let text = format!("Vous pouvez la suivre ici sous la référence {reference}.");
    Phrase { id: "escalation/called-here", text }
}

/// The message goes to an open ticket.
pub(crate) fn added(reference: &str) -> Phrase {
    Phrase { id: "escalation/added", text: format!("J’ajoute votre message à la demande {reference}.") }
}

/// The message goes to a ticket of another conversation, where its answers are told.
pub(crate) const ANSWERED_ELSEWHERE: Sentence = Sentence {
    id: "escalation/answered-elsewhere",
    text: "La réponse vous parviendra par e-mail, et dans la conversation où vous avez fait cette demande.",
};

/// The ticket is ours: it has its reference before any desk has heard of it.
pub(crate) fn created(reference: &TicketRef) -> Phrase {
    let text = format!("Votre demande est enregistrée sous la référence {reference}.");
    Phrase { id: "escalation/created", text }
}

/// The ticket took the files that were sent; `None` when there are none.
pub(crate) fn with_files(count: usize) -> Option<Phrase> {
    let text = match count {
        0 => return None,
        1 => "Votre fichier y est joint.".to_owned(),
        count => format!("Vos {count} fichiers y sont joints."),
    };
    Some(Phrase { id: "escalation/with-files", text })
}

/// What was sent is chosen again: a double click, an old tab.
pub(crate) fn already_sent(reference: &TicketRef) -> Phrase {
    let text =
        format!("Votre demande est déjà enregistrée sous la référence {reference}. Rien n’est envoyé deux fois.");
    Phrase { id: "escalation/already-sent", text }
}

/// A choice of a dialogue that is over.
pub(crate) fn already_added(reference: &TicketRef) -> Phrase {
    let text = format!("Votre message est déjà ajouté à la demande {reference}.");
    Phrase { id: "escalation/already-added", text }
}

/// A choice that is no longer there.
pub(crate) const OVER: Sentence = Sentence {
    id: "escalation/over",
    text: "Ce choix n’est plus proposé. Écrivez «\u{a0}conseiller\u{a0}» pour faire une nouvelle demande.",
};

pub(crate) const CANCELLED: Sentence = Sentence {
    id: "escalation/cancelled",
    text: "D’accord, rien n’est envoyé. Je reste là si vous avez une autre question.",
};

/// Lines of the summary, each with its label.
pub(crate) fn summary(lines: &[(&str, &str)]) -> Phrase {
    let mut text = "Voici votre demande\u{a0}:".to_owned();
    for (label, value) in lines {
        text.push_str(&format!("\n{label}\u{a0}: {value}"));
    }
    Phrase { id: "escalation/summary", text }
}

/// Names of what is collected, and of what is chosen.
pub(crate) mod label {
    pub(crate) const NAME: &str = "Nom";
    pub(crate) const EMAIL: &str = "E-mail";
    pub(crate) const COMPANY: &str = "Société";
    pub(crate) const SUBJECT: &str = "Objet";
    pub(crate) const REQUEST: &str = "Message";
    pub(crate) const PRODUCT: &str = "Produit";
    pub(crate) const URGENCY: &str = "Urgence";
    pub(crate) const ANSWER: &str = "Réponse";
    pub(crate) const ANSWER_HERE: &str = "ici et par e-mail";
    pub(crate) const ANSWER_BY_MAIL: &str = "par e-mail";

    pub(crate) const TICKET: &str = "Oui, suivre la réponse ici";
    pub(crate) const MAIL: &str = "Oui, répondez-moi par e-mail";
    pub(crate) const REPORT: &str = "Oui, je le signale";
    pub(crate) const NOT_NEEDED: &str = "Pas nécessaire";
    pub(crate) const NO_THANKS: &str = "Non merci";
    pub(crate) const SEND: &str = "Envoyer";
    pub(crate) const CORRECT: &str = "Corriger";
    pub(crate) const CANCEL: &str = "Annuler";
    pub(crate) const URGENT: &str = "C’est urgent";
    pub(crate) const SKIP: &str = "Passer";
    pub(crate) const ADD: &str = "Oui, l’ajouter";
    pub(crate) const NEW: &str = "Non, une nouvelle demande";
}

/// How much it presses, in one word or two.
pub(crate) fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Low => "peut attendre",
        Urgency::Normal => "normale",
        Urgency::High => "haute",
        Urgency::Urgent => "urgente",
    }
}
