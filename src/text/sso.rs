//! What staff read when they sign in by the provider of identities of the company.

use crate::clients::oidc::OidcError;
use crate::staff::sso::SsoError;

pub(crate) const NOT_HERE: &str =
    "Ici, on ne se connecte pas avec un mot de passe\u{a0}: passez par le compte de l’entreprise.";
pub(crate) const EXTERNAL: &str = "Ce compte vient de l’entreprise\u{a0}: son rôle se change chez elle.";

/// Who has signed out here is still signed in there.
pub(crate) const SIGNED_OUT: &str = "Vous êtes déconnecté de Guichet, mais pas encore de votre compte d’entreprise. Sur un \
                                     poste partagé, déconnectez-vous aussi de celui-ci.";

/// Whom to ask when it is not set.
const ADMIN: &str = "un administrateur de Guichet";

/// Why somebody does not come in; `ask`, who can do something about it.
pub(crate) fn refused(error: &SsoError, ask: Option<&str>) -> String {
    let ask = ask.unwrap_or(ADMIN);
    match error {
        SsoError::Over => "Cette connexion a été commencée ailleurs ou a trop duré. Recommencez.".to_owned(),
        SsoError::Declined => "La connexion a été refusée ou abandonnée. Vous pouvez recommencer.".to_owned(),
        SsoError::NoRole => {
            format!("Vous êtes bien identifié, mais votre compte n’a pas de rôle dans Guichet. Demandez-le à {ask}.")
        }
        SsoError::NoEmail => format!(
            "Vous êtes bien identifié, mais l’entreprise ne donne pas votre adresse e-mail, ou ne l’a pas vérifiée. \
             Signalez-le à {ask}."
        ),
        SsoError::Taken => format!(
            "Votre adresse est déjà celle d’un compte à mot de passe. Par sûreté, les deux ne sont pas réunis\u{a0}: demandez à {ask} \
             de retirer cet ancien compte, puis recommencez."
        ),
        SsoError::SomebodyElse => {
            "Vous vous êtes identifié avec un autre compte que celui qui est connecté à Guichet. Recommencez avec le même."
                .to_owned()
        }
        SsoError::NotAnew => format!(
            "L’entreprise ne vous a pas redemandé de prouver votre identité\u{a0}: rien n’est confirmé. Recommencez et, si cela \
             continue, signalez-le à {ask}."
        ),
        SsoError::Provider(OidcError::CodeRefused | OidcError::Token(_)) => {
            "La réponse du service d’identité n’est pas valable ou ne l’est plus. Recommencez.".to_owned()
        }
        SsoError::Provider(OidcError::NoAnswer(_) | OidcError::Unavailable(_)) => {
            "Le service d’identité de l’entreprise ne répond pas. Réessayez dans un instant.".to_owned()
        }
        SsoError::Provider(OidcError::Unusable(_) | OidcError::NotEncrypted | OidcError::NoClient(_)) => {
            format!("Le service d’identité de l’entreprise et Guichet ne s’entendent pas. Signalez-le à {ask}.")
        }
        // The page of our own failures says it.
        SsoError::Store(_) => String::new(),
    }
}
