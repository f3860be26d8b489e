//! What a partner is told when somebody of the staff takes the conversation over, and gives it back.

use super::Phrase;

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
