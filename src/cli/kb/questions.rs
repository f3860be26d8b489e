//! The check questions of all entries, put to the engine that answers partners.

use guichet_index::IndexError;
use guichet_kb::{Diagnostic, Loaded};

use crate::answer::Engine;
use crate::model::Decision;

/// One warning per check that fails. A `must` fails when another entry comes first; a `must_not` when the entry is given
/// as the answer. Warnings, not errors, while the ranking is not trained: the way they are typed is hard on purpose.
///
/// # Errors
/// When the knowledge base cannot be indexed or searched.
pub(super) fn run(loaded: &Loaded) -> Result<Vec<Diagnostic>, IndexError> {
    let engine = Engine::new(loaded.knowledge_base.clone())?;
    let mut found = Vec::new();
    let entries = loaded.knowledge_base.entries.iter().zip(&loaded.origins);
    for (entry, origin) in entries.filter(|(entry, _)| entry.is_public()) {
        let mut fails = |message: String| found.push(Diagnostic::warning(&origin.file, origin.checks_line, message));
        for question in &entry.checks.must {
            match engine.ask(question)?.candidates.first() {
                Some(first) if first.entry == entry.id => {}
                Some(first) => fails(format!("« {question} » must lead here; `{}` comes first", first.entry)),
                None => fails(format!("« {question} » must lead here; nothing is found")),
            }
        }
        for question in &entry.checks.must_not {
            if engine.ask(question)?.decision == Decision::Answer(entry.id.clone()) {
                fails(format!("« {question} » must not be answered with this entry"));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use guichet_kb::File;

    use super::*;

    fn entry(id: &str, question: &str, checks: &str) -> File {
        let text = format!("+++\nid = \"{id}\"\nquestion = \"{question}\"\n[checks]\n{checks}\n+++\n\nRéponse.\n");
        File { path: format!("entries/fr/general/{id}.md"), bytes: text.into_bytes() }
    }

    #[test]
    fn a_failed_check_names_the_entry_that_steals_the_question() {
        let found = run(&Loaded::from_files(&[
            entry("colis", "Où est mon colis ?", "must = [\"rembourser ma commande\", \"suivre mon colis\"]"),
            entry("remboursement", "Comment rembourser ma commande ?", "must_not = [\"rembourser ma commande\"]"),
        ]));
        let found: Vec<String> = found.expect("the index can be built").iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "entries/fr/general/colis.md:4: warning: « rembourser ma commande » must lead here; `remboursement` comes first",
                "entries/fr/general/remboursement.md:4: warning: « rembourser ma commande » must not be answered with this entry",
            ]
        );
    }
}
