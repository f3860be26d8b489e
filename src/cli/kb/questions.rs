//! Check questions that fail, as findings with their place.

use guichet_index::IndexError;
use guichet_kb::{Diagnostic, Loaded, Origin};

use crate::answer::Engine;
use crate::curation::checks::{self, FailedCheck, Failure};

/// One finding per check that fails: an error when a partner would be misled, a warning otherwise.
///
/// # Errors
/// When the index fails.
pub(super) fn run(loaded: &Loaded, engine: &Engine) -> Result<Vec<Diagnostic>, IndexError> {
    Ok(checks::failed(engine)?.iter().map(|failed| finding(loaded, failed)).collect())
}

fn finding(loaded: &Loaded, failed: &FailedCheck) -> Diagnostic {
    let entries = &loaded.knowledge_base.entries;
    let place = entries.iter().position(|entry| entry.id == failed.entry);
    let unknown = Origin::default();
    let origin = place.map_or(&unknown, |place| &loaded.origins[place]);
    let (question, confidence) = (&failed.question, failed.confidence);
    let what = match failed.failure {
        Failure::AnsweredByAnother => "must lead here and is answered with another entry",
        Failure::NotOffered => "must lead here and this entry is not even offered",
        Failure::NotFirst => "must lead here and this entry is not the first",
        Failure::TakenForTalk => "must lead here and is taken for small talk",
        Failure::Answers => "must not be answered with this entry",
    };
    let thief = failed.thief.as_ref().map_or_else(String::new, |thief| {
        let nearest = thief.nearest.as_ref().map_or_else(String::new, |text| format!(", nearest « {text} »"));
        match failed.failure {
            Failure::Answers => nearest.replacen(", nearest", "; nearest", 1),
            _ => format!(": `{}`{nearest}", thief.id),
        }
    });
    let message = format!("« {question} » {what}{thief} (confidence {confidence:.2})");
    if failed.failure.is_error() {
        Diagnostic::error(&origin.file, origin.checks_line, message)
    } else {
        Diagnostic::warning(&origin.file, origin.checks_line, message)
    }
}
