//! How far a request to support has got, as its author reads it in the conversation.

use jiff::Timestamp;

use super::{Phrase, Sentence, dates, ticket};
use crate::model::{Comment, Ticket, TicketRef, TicketStatus};

/// How much of an answer is told again, in characters.
const LONGEST_ANSWER: usize = 600;
/// How much of a subject a choice shows, in characters.
const LONGEST_SUBJECT: usize = 50;

/// No request with this reference, or somebody else's: nobody finds out which.
pub(crate) fn unknown(reference: &TicketRef) -> Phrase {
    let text = format!(
        "Je ne trouve pas de demande {reference} parmi les vôtres. Vérifiez la référence dans l’e-mail d’accusé de \
         réception, ou revenez à la conversation où vous avez fait la demande."
    );
    Phrase { id: "request/unknown", text }
}

/// No request is known.
pub(crate) const NONE: Sentence = Sentence {
    id: "request/none",
    text: "Je ne vois pas de demande en cours parmi les vôtres. Si vous en avez fait une ailleurs, elle se suit dans la \
           conversation où vous l’avez faite.",
};

/// Several are open, of which the last `shown` follow: which one is meant.
pub(crate) fn which(count: usize, shown: usize) -> Phrase {
    let last = if shown < count { format!(" Voici les {shown}\u{a0}plus récentes.") } else { String::new() };
    let text = format!("Vous avez {count}\u{a0}demandes en cours.{last} De laquelle s’agit-il\u{a0}?");
    Phrase { id: "request/which", text }
}

/// None is open; the last one follows.
pub(crate) const LAST: Sentence =
    Sentence { id: "request/last", text: "Vous n’avez pas de demande en cours. Voici la dernière." };

/// Where `ticket` stands since `since`, in milliseconds since 1970.
pub(crate) fn state(ticket: &Ticket, since: i64) -> Phrase {
    let draft = &ticket.draft;
    let mut text = format!(
        "Votre demande {} («\u{a0}{}\u{a0}»), reçue le {}\u{a0}: {}",
        draft.reference,
        draft.subject,
        moment(draft.created_at),
        ticket::status(ticket.status)
    );
    if ticket.status != TicketStatus::New {
        text.push_str(&format!(", depuis le {}", moment(since)));
    }
    text.push('.');
    Phrase { id: "request/state", text }
}

/// The last public answer.
pub(crate) fn answer(comment: &Comment) -> Phrase {
    let said = comment.text.trim();
    let mut shown: String = said.chars().take(LONGEST_ANSWER).collect();
    if shown.len() < said.len() {
        shown.truncate(shown.trim_end().len());
        shown.push('…');
    }
    let text = format!("Dernière réponse, le {}\u{a0}:\n{shown}", moment(comment.created_at));
    Phrase { id: "request/answer", text }
}

/// Nobody has answered yet; an answer is promised for `due`.
pub(crate) fn promised(due: i64) -> Phrase {
    let text = format!("Personne n’a encore répondu. Une réponse est attendue avant le {}.", moment(due));
    Phrase { id: "request/promised", text }
}

/// Nobody has answered yet, and it is late.
pub(crate) const LATE: Sentence = Sentence {
    id: "request/late",
    text: "Personne n’a encore répondu, et cela tarde\u{a0}: veuillez nous en excuser. Votre demande est bien en attente.",
};

/// What a choice between requests says.
pub(crate) fn label(ticket: &Ticket) -> String {
    let subject = &ticket.draft.subject;
    let mut shown: String = subject.chars().take(LONGEST_SUBJECT).collect();
    if shown.len() < subject.len() {
        shown.push('…');
    }
    format!("{shown} ({})", ticket.draft.reference)
}

fn moment(at: i64) -> String {
    dates::moment(Timestamp::from_millisecond(at).unwrap_or_default())
}
