//! What stands in the place of what was masked, and what is said of it.

use super::Phrase;
use crate::redact::Kind;

/// All masks: what is masked is not masked again.
pub(crate) const MASKS: [&str; 4] =
    ["[mot de passe masqué]", "[numéro de carte masqué]", "[IBAN masqué]", "[clé d’activation masquée]"];

/// What stands in the place of something.
pub(crate) fn mask(kind: Kind) -> &'static str {
    match kind {
        Kind::Password => MASKS[0],
        Kind::Card => MASKS[1],
        Kind::Iban => MASKS[2],
        Kind::Key => MASKS[3],
    }
}

/// What is said to whoever sent it; `None` when nothing was masked.
pub(crate) fn note(kinds: &[Kind]) -> Option<Phrase> {
    let name = |kind: &Kind| match kind {
        Kind::Password => "un mot de passe",
        Kind::Card => "un numéro de carte",
        Kind::Iban => "un IBAN",
        Kind::Key => "une clé d’activation",
    };
    let (last, before) = kinds.split_last()?;
    let before = before.iter().map(name).collect::<Vec<_>>().join(", ");
    let text = if before.is_empty() {
        format!("J’ai masqué {}\u{a0}: ne nous l’envoyez jamais.", name(last))
    } else {
        format!("J’ai masqué {before} et {}\u{a0}: ne nous les envoyez jamais.", name(last))
    };
    Some(Phrase { id: "redact/note", text })
}
