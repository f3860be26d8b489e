//! What is said around the facts of the portal: which customer is meant, what could not be looked at, what to do instead.

use guichet_kb::composed::Group;
use jiff::Timestamp;

use super::{Phrase, Sentence, dates};
use crate::facts::dossier::Why;
use crate::model::{Contract, Customer};

/// Begins the id of each sentence here.
#[cfg(test)]
pub(crate) const PREFIX: &str = "lookup/";

/// Which customer and contract an answer is about.
pub(crate) const ABOUT: &str = "lookup/about";

/// The visitor is anonymous.
pub(crate) const SIGN_IN: Sentence = Sentence {
    id: "lookup/sign-in",
    text: "Pour que je consulte le dossier de vos clients, ouvrez cette conversation depuis votre espace partenaire, une fois connecté.",
};

/// The proof of who the visitor is has ended.
pub(crate) const SIGN_IN_AGAIN: Sentence = Sentence {
    id: "lookup/sign-in-again",
    text: "Votre session a expiré\u{a0}: reconnectez-vous à votre espace partenaire pour que je consulte le dossier de vos clients.",
};

/// The portal does not answer and the plain entry follows.
pub(crate) const SILENT: Sentence = Sentence {
    id: "lookup/silent",
    text: "Le portail ne répond pas\u{a0}: je n’ai pas pu consulter le dossier. Voici ce que dit la fiche\u{a0}:",
};

/// The portal does not answer and there is no entry.
pub(crate) const SILENT_NOWHERE: Sentence = Sentence {
    id: "lookup/silent",
    text: "Le portail ne répond pas\u{a0}: je n’ai pas pu consulter le dossier. Réessayez dans un instant.",
};

/// The visitor may not see contracts.
pub(crate) const NOT_ALLOWED: Sentence = Sentence {
    id: "lookup/not-allowed",
    text: "Vos droits ne me permettent pas de consulter les contrats de vos clients. Votre administrateur peut les étendre.",
};

/// Nothing was found in the visitor's own establishments; the customer is one of another.
pub(crate) const FROM_PARENT_VIEW: Sentence = Sentence {
    id: "lookup/from-parent-view",
    text: "Ce client relève d’un autre établissement\u{a0}: je l’ai trouvé dans la vue de votre société mère.",
};

/// The same, of several that may be meant.
pub(crate) const ALL_FROM_PARENT_VIEW: Sentence = Sentence {
    id: "lookup/all-from-parent-view",
    text: "Rien de tel dans votre établissement\u{a0}: ces propositions viennent de la vue de votre société mère.",
};

/// The question may be about a customer, and the visitor is anonymous.
pub(crate) const MAYBE_SIGN_IN: Sentence = Sentence {
    id: "lookup/maybe-sign-in",
    text: "S’il s’agit d’un client précis, ouvrez cette conversation depuis votre espace partenaire, une fois connecté\u{a0}: je consulterai son dossier.",
};

/// What is asked cannot be read in what the portal says; the plain entry follows.
pub(crate) const NOT_IN_DOSSIER: Sentence = Sentence {
    id: "lookup/not-in-dossier",
    text: "Cette information n’est pas dans les données que je consulte. Voici où la trouver\u{a0}:",
};

/// The check digits of a SIRET are wrong.
pub(crate) const WRONG_SIRET: Sentence = Sentence {
    id: "lookup/wrong-siret",
    text: "Ce numéro SIRET comporte une erreur\u{a0}: vérifiez ses 14 chiffres.",
};

/// Several customers are meant.
pub(crate) const WHICH_CUSTOMER: Sentence =
    Sentence { id: "lookup/which-customer", text: "De quel client s’agit-il\u{a0}?" };

/// Several contracts are meant.
pub(crate) const WHICH_CONTRACT: Sentence =
    Sentence { id: "lookup/which-contract", text: "Ce client a plusieurs contrats. Duquel s’agit-il\u{a0}?" };

/// The customer has no contract.
pub(crate) const NO_CONTRACT: Sentence =
    Sentence { id: "lookup/no-contract", text: "Ce client n’a aucun contrat dans le portail." };

/// The customer is forgotten, as was asked.
pub(crate) const FORGOTTEN: Sentence =
    Sentence { id: "lookup/forgotten", text: "C’est fait\u{a0}: j’ai oublié ce client." };

/// There was no customer to forget.
pub(crate) const NOTHING_TO_FORGET: Sentence =
    Sentence { id: "lookup/nothing-to-forget", text: "Je n’ai aucun client en mémoire dans cette conversation." };

/// What stood here has been removed, as facts live no longer than is set.
pub(crate) const ERASED: Sentence = Sentence {
    id: "lookup/erased",
    text: "Les données du portail affichées ici ont été effacées. Reposez votre question pour les revoir.",
};

/// What a ticket says in the place of a reply that shows facts.
pub(crate) const NOT_PASSED_ON: Sentence =
    Sentence { id: "lookup/not-passed-on", text: "(Données du portail affichées au partenaire, non reprises ici.)" };

/// Kept instead of the label of a customer or contract that was chosen from a list: the label is the portal's.
pub(crate) const CHOSEN: &str = "Dossier choisi dans la liste";

/// The pieces of the line that says who is meant: texts, and names of facts.
pub(crate) fn about(with_contract: bool) -> Vec<Result<&'static str, &'static str>> {
    let customer = [Ok("Pour "), Err("customer.name"), Ok(" ("), Err("customer.city"), Ok(")")];
    let contract = [Ok(", "), Err("contract.product"), Ok(" n°\u{a0}"), Err("contract.serial_number")];
    let end = [Ok("\u{a0}:")];
    if with_contract {
        customer.into_iter().chain(contract).chain(end).collect()
    } else {
        customer.into_iter().chain(end).collect()
    }
}

/// Nothing of that name or number is this visitor's: the same whether it exists elsewhere or not.
pub(crate) fn unknown(asked: &str) -> Phrase {
    Phrase {
        id: "lookup/unknown",
        text: format!(
            "Je ne trouve pas «\u{a0}{asked}\u{a0}» parmi vos clients et vos contrats. Vérifiez l’orthographe ou le numéro."
        ),
    }
}

/// A number that nearly is one of this visitor's.
pub(crate) fn near(asked: &str) -> Phrase {
    Phrase {
        id: "lookup/near",
        text: format!("Je ne trouve pas le n°\u{a0}{asked}. Vouliez-vous dire celui-ci\u{a0}?"),
    }
}

/// Names the sentence that names a customer.
pub(crate) const WHAT_ABOUT: &str = "lookup/what-about";

/// The customer is known, the question is not.
pub(crate) fn what_about(customer: &Customer) -> Phrase {
    Phrase { id: WHAT_ABOUT, text: format!("Que voulez-vous savoir sur {}\u{a0}?", customer_label(customer)) }
}

/// A customer as something to choose.
pub(crate) fn customer_label(customer: &Customer) -> String {
    format!("{} ({})", customer.name, customer.city)
}

/// A contract as something to choose.
pub(crate) fn contract_label(contract: &Contract) -> String {
    let (product, serial, end) = (&contract.product.name, &contract.serial_number, dates::long(contract.end_on));
    format!("{product}, n°\u{a0}{serial}, jusqu’au {end}")
}

/// A contract proposed for a number that was mistyped.
pub(crate) fn near_label(contract: &Contract) -> String {
    format!("{}\u{a0}: {}", contract.serial_number, customer_label(&contract.customer))
}

/// What could not be looked at, and why.
pub(crate) fn unchecked(missing: &[(Group, Why)]) -> Vec<Phrase> {
    let names = |wanted: Why| {
        let mut names: Vec<&str> =
            missing.iter().filter(|(_, why)| *why == wanted).map(|(group, _)| group_name(*group)).collect();
        names.dedup();
        names
    };
    let (denied, silent) = (names(Why::NotAllowed), names(Why::Silent));
    let denied = (!denied.is_empty()).then(|| Phrase {
        id: "lookup/unchecked",
        text: format!("Vos droits ne me permettent pas de consulter {}.", denied.join(" ni ")),
    });
    let silent = (!silent.is_empty()).then(|| Phrase {
        id: "lookup/unchecked",
        text: format!("Je n’ai pas pu vérifier {}\u{a0}: le portail n’a pas répondu.", silent.join(" ni ")),
    });
    denied.into_iter().chain(silent).collect()
}

/// When the portal was asked: not when it last brought its own data up to date.
pub(crate) fn read_at(at: Timestamp) -> Phrase {
    Phrase { id: "lookup/read-at", text: format!("Données du portail au {}.", dates::moment(at)) }
}

fn group_name(group: Group) -> &'static str {
    match group {
        Group::Contract => "le contrat",
        Group::Prices => "les prix",
        Group::Invoices | Group::LaterInvoices => "les factures",
        Group::Keys => "les clés",
        Group::Partner => "votre compte partenaire",
    }
}
