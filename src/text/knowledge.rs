//! What staff read on the pages of the knowledge, outside their templates.

use guichet_kb::{Audience, fold};

use super::faults;
use crate::model::{ProgressStep, PublicationAction, PublicationState};

pub(crate) const ENTRIES: &str = "Fiches";
pub(crate) const TEXTS: &str = "Textes";
pub(crate) const PUBLICATIONS: &str = "Publications";
pub(crate) const NEW_ENTRY: &str = "Nouvelle fiche";
pub(crate) const TO_READ_AGAIN: &str = "à relire";
pub(crate) const IN_CONFLICT: &str = "en conflit avec les fichiers";
pub(crate) const FAILED_CHECKS: &str = "questions témoins en échec";
pub(crate) const WHOLE_TEXT: &str = "Texte";

pub(crate) const WRONG_ID: &str =
    "L’identifiant s’écrit en minuscules sans accent, avec des chiffres et des tirets (80\u{a0}caractères au plus).";
pub(crate) const ID_TAKEN: &str = "Une fiche porte déjà cet identifiant\u{a0}: choisissez-en un autre.";
pub(crate) const NO_QUESTION: &str = "Écrivez la question.";
pub(crate) const NO_ANSWER: &str = "Écrivez la réponse.";
pub(crate) const WRONG_DAY: &str = "Cette date n’existe pas.";
pub(crate) const WRONG_MOMENT: &str = "Cette date n’existe pas, ou le retrait précède la publication\u{a0}: corrigez les dates sous «\u{a0}Plus tard\u{a0}».";

pub(crate) const ORIENTATIONS: &str = "Orientations";
pub(crate) const CONFLICT_SOLVED: &str = "Choix entre les fichiers et la console";

/// What the other entry does to this one.
pub(crate) const TAKES: &str = "Elle est prise par";
pub(crate) const PASSES: &str = "Devant elle\u{a0}:";
pub(crate) const CONTRADICTS: &str = "L’autre fiche\u{a0}:";
pub(crate) const REPEATS: &str = "L’autre fiche\u{a0}:";

/// States of publications: as kept, as in the address, as people say it.
pub(crate) const STATES: [(Option<PublicationState>, &str, &str); 7] = [
    (None, "", "tous"),
    (Some(PublicationState::Waiting), "prevues", "prévues"),
    (Some(PublicationState::Running), "en-cours", "en cours"),
    (Some(PublicationState::Published), "publiees", "en service"),
    (Some(PublicationState::Previewed), "essais", "essais"),
    (Some(PublicationState::Refused), "refusees", "refusées"),
    (Some(PublicationState::Cancelled), "annulees", "annulées"),
];

/// Where a publication stands, for style sheets.
pub(crate) fn state_name(state: PublicationState) -> &'static str {
    match state {
        PublicationState::Waiting | PublicationState::Running => "waiting",
        PublicationState::Published => "solved",
        PublicationState::Previewed => "tried",
        PublicationState::Refused => "refused",
        PublicationState::Cancelled => "closed",
    }
}

/// Where a publication stands.
pub(crate) fn state(state: PublicationState) -> &'static str {
    match state {
        PublicationState::Waiting => "en attente",
        PublicationState::Running => "vérification en cours",
        PublicationState::Published => "en service",
        PublicationState::Previewed => "essai réussi",
        PublicationState::Refused => "refusée",
        PublicationState::Cancelled => "annulée",
    }
}

/// The same, as a sentence.
pub(crate) fn explained(state: PublicationState, is_later: bool, is_archiving: bool) -> &'static str {
    match state {
        PublicationState::Waiting if is_later => "Elle attend sa date\u{a0}; la vérification se fera à ce moment-là.",
        PublicationState::Waiting | PublicationState::Running => {
            "Toutes les questions témoins sont posées à la base telle qu’elle serait. Vous pouvez quitter cette page."
        }
        PublicationState::Published if is_archiving => "C’est fait\u{a0}: la fiche ne répond plus aux partenaires.",
        PublicationState::Published => "C’est fait\u{a0}: les partenaires ont cette version.",
        PublicationState::Previewed => "Rien n’a changé pour les partenaires. La publication passerait.",
        PublicationState::Refused => "Rien n’a changé pour les partenaires. Corrigez ce qui suit, puis recommencez.",
        PublicationState::Cancelled => "Quelqu’un l’a annulée avant sa date. Rien n’a changé pour les partenaires.",
    }
}

/// What is being done.
pub(crate) fn step(step: ProgressStep, done: usize, of: usize) -> String {
    let what = match step {
        ProgressStep::Waiting => return "Elle va commencer.".to_owned(),
        ProgressStep::Index => "Apprentissage des formulations",
        ProgressStep::Checks => return "Questions témoins".to_owned(),
        ProgressStep::Replay => "Questions réelles posées de nouveau",
        ProgressStep::Done => return "Terminé".to_owned(),
    };
    if of == 0 { what.to_owned() } else { format!("{what}\u{a0}: {done} sur {of}") }
}

/// What will become of a document.
pub(crate) fn planned(
    state: PublicationState,
    action: Option<PublicationAction>,
    is_preview: bool,
    at: Option<&str>,
) -> String {
    let what = match (is_preview, action) {
        (true, _) => "Essai",
        (false, Some(PublicationAction::Archive)) => "Archivage",
        (false, Some(PublicationAction::Publish) | None) => "Publication",
    };
    match (state, at) {
        (PublicationState::Running, _) | (_, None) => format!("{what} en cours"),
        (_, Some(at)) => format!("{what} le {at}"),
    }
}

/// What a publication is about.
pub(crate) fn items(title: &str, action: PublicationAction, others: usize) -> String {
    let title = match action {
        PublicationAction::Publish => title.to_owned(),
        PublicationAction::Archive => format!("Archiver\u{a0}: {title}"),
    };
    match others {
        0 => title,
        1 => format!("{title}, et un autre document"),
        others => format!("{title}, et {others} autres documents"),
    }
}

/// A publication that is only tried.
pub(crate) fn tried(title: &str) -> String {
    format!("Essai\u{a0}: {title}")
}

/// A version by its number.
pub(crate) fn version(number: i64) -> String {
    format!("version {number}")
}

/// How many real questions change.
pub(crate) fn impact(messages: usize, questions: usize, changed: usize) -> String {
    let asked = match questions {
        0 => return "Aucune question réelle n’a encore été posée\u{a0}: il n’y a rien à comparer.".to_owned(),
        1 => "Une question réelle a été posée de nouveau".to_owned(),
        questions => format!("{questions} questions réelles ({messages} messages) ont été posées de nouveau"),
    };
    match changed {
        0 => format!("{asked}\u{a0}: aucune ne change de réponse."),
        1 => format!("{asked}\u{a0}: une change de réponse."),
        changed => format!("{asked}\u{a0}: {changed} changent de réponse."),
    }
}

/// What a question gets, in a word.
pub(crate) fn decision(name: &str) -> &'static str {
    match name {
        "answer" => "répond",
        "clarify" => "propose",
        "lookup" => "demande le client",
        "smalltalk" => "politesse",
        "handoff" => "passe un conseiller",
        "noanswer" => "ne sait pas",
        _ => "autre chose",
    }
}

/// What people say of the answers of an entry.
pub(crate) fn votes(helped: i64, not: i64) -> String {
    format!("utile {helped}\u{a0}fois sur {}", helped + not)
}

/// What people call a document that is no entry.
pub(crate) fn document(key: &str) -> String {
    match key {
        "contacts" => "Contacts et liens".to_owned(),
        "rules" => "Règles".to_owned(),
        "small_talk" => "Politesses".to_owned(),
        "synonyms" => "Synonymes".to_owned(),
        key => key.split_once(':').map_or(key, |(_, id)| id).to_owned(),
    }
}

/// A field of an entry by its name in the form.
pub(crate) fn field(name: &str) -> &'static str {
    match name {
        "question" => "Question",
        "answer" => "Réponse",
        "composed" => "Réponse quand le client est connu",
        "variants" => "Formulations",
        "must" => "Doit répondre à",
        "must_not" => "Ne doit pas répondre à",
        "follow_ups" => "Pour aller plus loin",
        "facts" => "Données du portail",
        "category" => "Rubrique",
        "audience" => "Public",
        "owner" => "Responsable",
        "review_by" => "À relire avant le",
        _ => "Autre",
    }
}

/// What a document that is no entry is for.
pub(crate) fn about(name: &str) -> &'static str {
    match name {
        "synonyms" => {
            "Les mots que l’on dit, et les mots des fiches\u{a0}: pour la recherche seulement, rien ne s’affiche."
        }
        "small_talk" => "Ce que l’on dit sans rien demander, et ce que l’on répond.",
        "contacts" => {
            "Les adresses, les numéros, les horaires et les liens que les fiches citent\u{a0}: corrigés une fois, partout."
        }
        "rules" => "Les règles du métier d’où suivent les réponses composées, chacune avec sa source.",
        "orientation" => "Un sujet que nous laissons à d’autres\u{a0}: comment on le demande, et où s’adresser.",
        _ => "",
    }
}

/// The title of a history.
pub(crate) fn history_of(title: &str) -> String {
    format!("Historique\u{a0}: {title}")
}

/// The title of a comparison.
pub(crate) fn comparison_of(title: &str) -> String {
    format!("Ce qui a changé\u{a0}: {title}")
}

/// The title of the page that asks before an older version comes back.
pub(crate) fn back_to(title: &str) -> String {
    format!("Revenir en arrière\u{a0}: {title}")
}

/// The title of the page that asks before something is archived.
pub(crate) fn archive(title: &str) -> String {
    format!("Archiver\u{a0}: {title}")
}

/// The title of a conflict.
pub(crate) fn conflict_of(title: &str) -> String {
    format!("Conflit\u{a0}: {title}")
}

/// The title of a table of cases.
pub(crate) fn simulation_of(title: &str) -> String {
    format!("Cas par cas\u{a0}: {title}")
}

/// A revision in a line.
pub(crate) fn revision(number: i64, status: &str, author: &str, at: &str) -> String {
    format!("version {number} ({status}), {author}, {at}")
}

/// A case of a simulation: what the contract is like, and the products it stands for.
pub(crate) fn case(state: &str, products: &[String]) -> String {
    match products {
        [product] => format!("{state} ({product})"),
        products => format!("{state} ({}\u{a0}produits)", products.len()),
    }
}

/// Who may read an entry.
pub(crate) fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Partner => "partenaires",
        Audience::Staff => "équipe seulement",
    }
}

/// A day (YYYY-MM-DD) as French people write it.
pub(crate) fn day(day: &str) -> String {
    day.parse::<jiff::civil::Date>().map_or_else(|_| day.to_owned(), |day| day.strftime("%d/%m/%Y").to_string())
}

/// An id made of a question.
pub(crate) fn suggested_id(question: &str) -> String {
    const LITTLE: [&str; 24] = [
        "comment", "je", "le", "la", "les", "un", "une", "des", "de", "du", "mon", "ma", "mes", "est", "ce", "que",
        "qui", "ou", "et", "a", "l", "d", "puis", "dois",
    ];
    let slug = fold::slug(question);
    let words = slug.split('-').filter(|word| !LITTLE.contains(word)).take(5);
    words.collect::<Vec<_>>().join("-").chars().take(60).collect()
}

/// A contact to cite.
pub(crate) fn contact(label: &str, field: &str) -> String {
    let field = match field {
        "email" => "adresse e-mail",
        "phone" => "téléphone",
        _ => "horaires",
    };
    format!("{label}, {field}")
}

/// A link to cite.
pub(crate) fn link(label: &str) -> String {
    format!("Lien\u{a0}: {label}")
}

pub(crate) fn wrong_follow_up(line: &str) -> String {
    format!("«\u{a0}{line}\u{a0}» n’est pas l’identifiant d’une fiche.")
}

pub(crate) fn no_entry(id: &str) -> String {
    format!("Aucune fiche en service ne s’appelle «\u{a0}{id}\u{a0}».")
}

pub(crate) fn no_contact(name: &str) -> String {
    format!("Le contact «\u{a0}{name}\u{a0}» n’existe pas, ou n’a pas cette information.")
}

pub(crate) fn no_link(name: &str) -> String {
    format!("Le lien «\u{a0}{name}\u{a0}» n’existe pas.")
}

pub(crate) fn no_image(name: &str) -> String {
    format!("Aucune image ne s’appelle «\u{a0}{name}\u{a0}»\u{a0}: ajoutez-la avec le bouton «\u{a0}Image\u{a0}».")
}

pub(crate) fn no_alternative(name: &str) -> String {
    format!(
        "L’image «\u{a0}{name}\u{a0}» n’a pas de texte de remplacement\u{a0}: dites ce qu’elle montre, entre les crochets."
    )
}

pub(crate) fn unknown_reference(inside: &str) -> String {
    format!("«\u{a0}{{{{{inside}}}}}\u{a0}» ne désigne ni un contact ni un lien.")
}

/// A fault of a text, with its line, which is counted from 1; 0 is all of it.
pub(crate) fn in_text(line: usize, message: &str) -> String {
    match line {
        0 => faults::french(message),
        line => format!("Ligne {line}\u{a0}: {}", faults::french(message)),
    }
}

/// A fault of a template, with its line, which is counted from 0.
pub(crate) fn in_template(line: usize, message: &str) -> String {
    format!("Ligne {} de la réponse composée\u{a0}: {}", line + 1, faults::french(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_the_words_that_matter() {
        assert_eq!(suggested_id("Comment créer un ticket d’assistance Zendesk ?"), "creer-ticket-assistance-zendesk");
        assert_eq!(suggested_id("?"), "");
    }
}
