//! What the form without JavaScript says.

/// Above the form when something in it is wrong.
pub(crate) const WRONG: &str = "Votre demande n’est pas encore envoyée. Corrigez ce qui est signalé ci-dessous.";

/// A field that must be filled.
pub(crate) const MISSING: &str = "Ce champ est nécessaire.";

/// A line that is too long.
pub(crate) const TOO_LONG: &str = "C’est trop long\u{a0}: 200 caractères au plus.";

/// Not an address.
pub(crate) const NO_EMAIL: &str = "Ce n’est pas une adresse e-mail complète, comme prenom.nom@societe.example.";

/// The description is too long.
pub(crate) const LONG_DESCRIPTION: &str = "C’est trop long\u{a0}: 4\u{202f}000 caractères au plus.";

/// The form came from another site.
pub(crate) const FOREIGN: &str = "Ce formulaire a été envoyé depuis un autre site. Ouvrez-le ici, puis renvoyez-le.";

/// After the form was sent; the page goes on with what happens next.
pub(crate) fn recorded(reference: &str) -> String {
    format!("Elle est enregistrée sous la référence {reference}. ")
}
