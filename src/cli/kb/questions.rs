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

#[cfg(test)]
mod tests {
    use guichet_kb::File;

    use super::*;

    fn entry(id: &str, question: &str, checks: &str) -> File {
        let text = format!("+++\nid = \"{id}\"\nquestion = \"{question}\"\n[checks]\n{checks}\n+++\n\nRéponse {id}.\n");
        File { path: format!("entries/fr/general/{id}.md"), bytes: text.into_bytes() }
    }

    fn check(files: &[File], expected: &[&str]) {
        let loaded = Loaded::from_files(files);
        let engine = Engine::new(loaded.knowledge_base.clone()).expect("it can be indexed");
        let found: Vec<String> =
            run(&loaded, &engine).expect("it can be searched").iter().map(ToString::to_string).collect();
        // How sure it is changes with the ranking.
        let found: Vec<&str> = found.iter().map(|line| line.split(" (confidence").next().expect("a line")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_misleads_is_an_error_that_names_the_thief_and_its_formulation() {
        check(
            &[
                entry("colis", "Où est mon colis ?", "must = [\"rembourser ma commande\", \"suivre mon colis\"]"),
                entry("remboursement", "Comment rembourser ma commande ?", "must_not = [\"rembourser ma commande\"]"),
            ],
            &[
                "entries/fr/general/colis.md:4: error: « rembourser ma commande » must lead here and is answered with another entry: `remboursement`, nearest « Comment rembourser ma commande ? »",
                "entries/fr/general/remboursement.md:4: error: « rembourser ma commande » must not be answered with this entry; nearest « Comment rembourser ma commande ? »",
            ],
        );
    }

    #[test]
    fn one_turn_more_is_a_warning() {
        check(
            &[
                entry("colis", "Où est mon colis ?", "must = [\"colis\"]"),
                entry("retour", "Comment renvoyer mon colis ?", "must = [\"colis\"]"),
            ],
            &[
                "entries/fr/general/retour.md:4: warning: « colis » must lead here and this entry is not the first: `colis`, nearest « Où est mon colis ? »",
            ],
        );
    }
}
