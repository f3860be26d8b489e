//! What curators read on the test bench.

use guichet_index::{Correction, Synonymous, Why};

use super::french;
use super::insight::counted;
use crate::answer::explanation::Explained;
use crate::curation::checks::Failure;

pub(crate) const IN_FORCE: &str = "En service";
pub(crate) const TRIED: &str = "Dernier aperçu";
pub(crate) const CONFUSIONS: &str = "Fiches confondues";
/// What is no entry.
pub(crate) const ELSEWHERE: &str = "Orientations (hors sujet)";
pub(crate) const LETTERS: &str = "lettres";
pub(crate) const WORDS: &str = "mots";
pub(crate) const MEANING: &str = "sens";
pub(crate) const TO_ANSWER: &str = "Confiance, pour répondre";
pub(crate) const TO_OFFER: &str = "Confiance, pour proposer un choix";
pub(crate) const KNOWN_WORDS: &str = "Mots que les fiches connaissent";
pub(crate) const TELLING_WORDS: &str = "Mots parlants";
pub(crate) const FORESEEN: &str = "Ressemblance à une formulation prévue";

/// What was tried, when and why.
pub(crate) fn tried(moment: &str, reason: &str) -> String {
    let reason = if reason.is_empty() { String::new() } else { format!(", «\u{a0}{reason}\u{a0}»") };
    format!("aperçu du {moment}{reason}")
}

/// What is done with a question.
pub(crate) fn decision(name: &str) -> &'static str {
    match name {
        "answer" => "Réponse directe",
        "clarify" => "Choix proposé",
        "lookup" => "Dossier du client",
        "smalltalk" => "Petite conversation",
        "handoff" => "Vers un conseiller",
        "incident" => "Incident en cours",
        "request" => "Suivi d’une demande",
        _ => "Pas de réponse",
    }
}

/// Why a check question fails.
pub(crate) fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::AnsweredByAnother => "une autre fiche répond",
        Failure::NotOffered => "la fiche n’est pas proposée",
        Failure::NotFirst => "une autre fiche passe devant",
        Failure::TakenForTalk => "prise pour une politesse",
        Failure::Answers => "la fiche répond, et ne devrait pas",
    }
}

/// How words were read, one sentence each.
pub(crate) fn readings(corrections: &[Correction], synonyms: &[Synonymous]) -> Vec<String> {
    let corrected = corrections.iter().map(|one| {
        let why = match one.why {
            Why::Chat => "écriture de messagerie",
            Why::Apostrophe => "apostrophe oubliée",
            Why::Typo => "faute de frappe",
        };
        french(&format!("« {} » lu « {} » ({why})", one.said, one.means))
    });
    let meant = synonyms.iter().map(|one| french(&format!("« {} » ≈ {} (synonyme)", one.said, one.means.join(", "))));
    corrected.chain(meant).collect()
}

/// Why an entry is a candidate: `résilier ≈ annuler (synonyme), formulation 3, proximité de sens 0,81`.
pub(crate) fn why(of: &Explained, synonyms: &[Synonymous], corrections: &[Correction]) -> String {
    let nearest = format!("{} {}", of.nearest, of.question).to_lowercase();
    let used = synonyms.iter().filter_map(|one| {
        let means = one.means.iter().find(|means| nearest.contains(&means.to_lowercase()))?;
        Some(format!("{} ≈ {means} (synonyme)", one.said))
    });
    let corrected = corrections.iter().filter(|one| nearest.contains(&one.means.to_lowercase()));
    let corrected = corrected.map(|one| format!("{} lu {}", one.said, one.means));
    let formulation = match of.nearest_number {
        0 => format!("sa question « {} »", of.nearest),
        number => format!("formulation {number} « {} »", of.nearest),
    };
    let meaning = (of.meaning > 0.0).then(|| format!("proximité de sens {}", decimal(of.meaning)));
    let parts: Vec<String> = used.chain(corrected).chain([formulation]).chain(meaning).collect();
    french(&parts.join(", "))
}

/// What the page of confusions is about.
pub(crate) fn confusions(entries: usize, held_out: usize, failed: usize) -> String {
    format!(
        "{}, {} remises à l’épreuve sans la fiche qui les porte\u{a0}; {} en échec.",
        counted(entries, "fiche", "fiches"),
        counted(held_out, "formulation", "formulations"),
        counted(failed, "question témoin", "questions témoins"),
    )
}

/// A share, as `81 %`.
pub(crate) fn percent(share: f32) -> String {
    format!("{:.0}\u{a0}%", share * 100.0)
}

/// A share, as `0,81`.
pub(crate) fn decimal(share: f32) -> String {
    format!("{share:.2}").replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_is_explained_in_a_curators_words() {
        let of = Explained {
            entry: "a".parse().expect("an id"),
            question: "Comment résilier ?".to_owned(),
            score: 1.0,
            nearest: "résilier un contrat".to_owned(),
            nearest_number: 3,
            letters: 0.5,
            words: 0.5,
            meaning: 0.812,
        };
        let synonym = Synonymous { said: "annuler".to_owned(), means: vec!["résilier".to_owned()] };
        assert_eq!(
            why(&of, &[synonym], &[]),
            french("annuler ≈ résilier (synonyme), formulation 3 « résilier un contrat », proximité de sens 0,81")
        );
    }
}
