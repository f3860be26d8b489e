//! What the history of documents says, and what staff read when something cannot be done.

use guichet_kb::{ImageError, Status};

use super::{dates, faults};
use crate::model::PublicationAction;

/// Who writes revisions that come from files.
pub(crate) const FILES: &str = "Fichiers";
pub(crate) const FILE_READ: &str = "Lu dans les fichiers";
pub(crate) const FILE_REMOVED: &str = "Retiré des fichiers";
pub(crate) const MERGED: &str = "Fichiers et console réunis";
pub(crate) const FILE_IN_CONFLICT: &str = "Lu dans les fichiers, en conflit avec la console";
pub(crate) const CONSOLE_KEPT: &str = "Version de la console gardée malgré le conflit";
pub(crate) const DRAFT_KEPT: &str = "Brouillon repris après la lecture des fichiers";

pub(crate) const NO_DOCUMENT: &str = "Aucun document ne porte cet identifiant.";
pub(crate) const NO_REVISION: &str = "Ce document n’a pas de version de ce numéro.";
pub(crate) const NO_PUBLICATION: &str = "Aucune publication ne porte cet identifiant.";
pub(crate) const DOCUMENT_EXISTS: &str = "Un document porte déjà cet identifiant\u{a0}: ouvrez-le pour le modifier.";
pub(crate) const TOO_LATE: &str = "La publication a commencé ou est terminée.";
pub(crate) const NOT_ARCHIVED: &str = "Seules les fiches et les orientations s’archivent.";
pub(crate) const NOTHING_TO_PUBLISH: &str = "Nommez de 1 à 200 documents, chacun une fois.";
pub(crate) const NOT_A_DRAFT: &str =
    "Cette version est déjà publiée ou archivée\u{a0}: enregistrez d’abord un brouillon.";
pub(crate) const TOO_LONG: &str = "Le document dépasse 200\u{a0}000 octets ou contient des caractères interdits.";
pub(crate) const OTHER_ID: &str = "L’identifiant ne se change pas\u{a0}: archivez cette fiche et écrivez-en une autre.";

/// Why an image is not kept.
pub(crate) fn image(error: ImageError) -> String {
    faults::french(&error.to_string())
}

/// Where a document stands, for the log.
pub(crate) fn standing(latest: i64, status: Status, in_force: Option<i64>, title: &str, reason: &str) -> String {
    let in_force = match in_force {
        Some(number) if number == latest => "en service".to_owned(),
        Some(number) => format!("version {number} en service"),
        None => "rien en service".to_owned(),
    };
    let reason = if reason.is_empty() { String::new() } else { format!("\nMotif\u{a0}: {reason}") };
    format!("Version {latest} ({}), {in_force}\n{title}{reason}", status_name(status))
}

/// Where a document is in its life.
pub(crate) fn status_name(status: Status) -> &'static str {
    match status {
        Status::Draft => "brouillon",
        Status::InReview => "en relecture",
        Status::Published => "publiée",
        Status::Archived => "archivée",
    }
}

/// Why a draft holds what an older revision held.
pub(crate) fn restored(number: i64) -> String {
    format!("Reprise de la version {number}")
}

/// A document of a publication, for the log.
pub(crate) fn item(document: &str, revision: i64, action: PublicationAction) -> String {
    match action {
        PublicationAction::Publish => format!("publier {document}, version {revision}"),
        PublicationAction::Archive => format!("archiver {document}"),
    }
}

/// When a publication is to take effect, for the log.
pub(crate) fn due(at: i64) -> String {
    format!("le {}", dates::moment(jiff::Timestamp::from_millisecond(at).unwrap_or_default()))
}

/// Somebody saved another revision meanwhile.
pub(crate) fn outdated(latest: i64) -> String {
    format!("La version {latest} a été enregistrée entre-temps\u{a0}: relisez-la avant d’enregistrer la vôtre.")
}

/// Another revision was put in force since the draft was begun.
pub(crate) const BEGUN_BEFORE: &str = "Une autre version a été mise en service depuis que ce brouillon a été commencé\u{a0}: comparez-les et enregistrez de nouveau.";

pub(crate) const ANSWERED_BY_ANOTHER: &str = "La question doit mener ici, et une autre fiche y répond.";
pub(crate) const NOT_OFFERED: &str = "La question doit mener ici, et cette fiche n’est même pas proposée.";
pub(crate) const NOT_FIRST: &str = "La question doit mener ici, et une autre fiche passe devant.";
pub(crate) const TAKEN_FOR_TALK: &str = "La question doit mener ici, et elle est prise pour une politesse.";
pub(crate) const ANSWERS: &str = "Cette fiche ne doit pas répondre à la question, et elle y répond.";
pub(crate) const TWIN: &str =
    "Deux fiches disent ou demandent presque la même chose\u{a0}: réunissez-les ou distinguez-les.";

/// Two entries differ.
pub(crate) fn contradiction([one, other]: &[String; 2]) -> String {
    format!("Contradiction possible\u{a0}: «\u{a0}{one}\u{a0}» et «\u{a0}{other}\u{a0}»")
}
