//! A small knowledge base for the tests.

use guichet_kb::Entry;

/// An entry with its variants.
pub(crate) fn entry(id: &str, question: &str, variants: &[&str], answer: &str) -> Entry {
    let id = id.parse().expect("ids of tests are valid");
    let mut entry = Entry::new(id, question, "Général", answer);
    entry.variants = variants.iter().map(ToString::to_string).collect();
    entry
}

/// Four entries on four subjects.
pub(crate) fn entries() -> Vec<Entry> {
    vec![
        entry(
            "activer",
            "Comment activer une clé d'activation ?",
            &["clé de licence refusée", "où saisir le code d’activation"],
            "Ouvrez le menu **Licences** puis saisissez la clé.",
        ),
        entry(
            "resilier",
            "Comment résilier un contrat ?",
            &["arrêter l'abonnement d'un client", "mettre fin au contrat N-1"],
            "Écrivez à {{contact.resiliation.email}} avant l'échéance.",
        ),
        entry(
            "facture",
            "Où trouver mes factures ?",
            &["télécharger la facture FA-2031", "facture introuvable"],
            "Elles sont dans la rubrique Comptabilité de la boutique.",
        ),
        entry("horaires", "Quand êtes-vous ouverts aujourd'hui ?", &["c'est quand"], "Du lundi au vendredi."),
    ]
}
