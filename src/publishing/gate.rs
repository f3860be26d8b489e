//! The gate: what would be wrong in the knowledge base as it would be, and was not before.
//!
//! Pure: two engines and what was read in, findings out. What was wrong before does not keep anybody from publishing
//! something else; it is told.

use std::collections::BTreeSet;

use guichet_index::IndexError;
use guichet_kb::{DocumentKey, Entry, Loaded, check};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::impact::Impact;
use crate::answer::Engine;
use crate::curation::checks::{self, FailedCheck, Failure};
use crate::curation::{contradictions, twins};
use crate::text::publishing as text;

/// What the gate says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Report {
    /// What keeps it from being put in force.
    pub(crate) refused: Vec<Finding>,
    /// New, and worth a look: also what contradicts or repeats another entry.
    pub(crate) warnings: Vec<Finding>,
    /// Wrong before, and still.
    pub(crate) known: Vec<Finding>,
    /// Wrong before, and mended.
    pub(crate) mended: Vec<Finding>,
    /// Real questions whose answer changes; none when they were not asked.
    pub(crate) impact: Option<Impact>,
}

/// Something that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub(crate) struct Finding {
    pub(crate) kind: FindingKind,
    /// The document, as `entry:ID`.
    pub(crate) document: String,
    /// The check question that fails.
    pub(crate) question: Option<String>,
    /// The entry that takes the question, contradicts, or says the same.
    pub(crate) other: Option<String>,
    /// The formulation by which the other one takes it.
    pub(crate) nearest: Option<String>,
    /// What is wrong, for people.
    pub(crate) message: String,
    pub(crate) is_error: bool,
}

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FindingKind {
    /// The content has a fault.
    Content,
    /// A check question fails.
    Check,
    /// Two entries say different things of the same.
    Contradiction,
    /// Two entries are nearly the same.
    Twin,
    /// Somebody saved or put in force something else since.
    Outdated,
}

/// Everything that is wrong with what `loaded` holds and `engine` answers from.
///
/// # Errors
/// When the index fails.
pub(crate) fn inspect(loaded: &Loaded, engine: &Engine, today: Date) -> Result<Vec<Finding>, IndexError> {
    let mut found: Vec<Finding> = check::run(loaded, today)
        .into_iter()
        .map(|problem| Finding {
            kind: FindingKind::Content,
            document: DocumentKey::of_path(&problem.file).map_or(problem.file.clone(), |key| key.to_string()),
            question: None,
            other: None,
            nearest: None,
            is_error: problem.is_error(),
            message: problem.message,
        })
        .collect();
    found.extend(checks::failed(engine)?.into_iter().map(failed_check));
    let entries: Vec<&Entry> = engine.entries().iter().collect();
    found.extend(contradictions::find(&entries).into_iter().map(|one| {
        let message = text::contradiction(&one.statements);
        hint(FindingKind::Contradiction, &one.entries, message)
    }));
    found.extend(
        twins::find(&entries).into_iter().map(|one| hint(FindingKind::Twin, &one.entries, text::TWIN.to_owned())),
    );
    Ok(found)
}

fn failed_check(failed: FailedCheck) -> Finding {
    let FailedCheck { entry, question, failure, thief, .. } = failed;
    let (other, nearest) = match thief {
        Some(thief) => (Some(thief.id.to_string()), thief.nearest),
        None => (None, None),
    };
    Finding {
        kind: FindingKind::Check,
        document: DocumentKey::of_entry(&entry).to_string(),
        question: Some(question),
        other,
        nearest,
        message: match failure {
            Failure::AnsweredByAnother => text::ANSWERED_BY_ANOTHER,
            Failure::NotOffered => text::NOT_OFFERED,
            Failure::NotFirst => text::NOT_FIRST,
            Failure::TakenForTalk => text::TAKEN_FOR_TALK,
            Failure::Answers => text::ANSWERS,
        }
        .to_owned(),
        is_error: failure.is_error(),
    }
}

fn hint(kind: FindingKind, entries: &[guichet_kb::EntryId; 2], message: String) -> Finding {
    Finding {
        kind,
        document: DocumentKey::of_entry(&entries[0]).to_string(),
        question: None,
        other: Some(entries[1].to_string()),
        nearest: None,
        message,
        is_error: false,
    }
}

/// What became of the findings.
pub(crate) fn compare(before: Vec<Finding>, after: Vec<Finding>) -> Report {
    let (before, after): (BTreeSet<Finding>, BTreeSet<Finding>) =
        (before.into_iter().collect(), after.into_iter().collect());
    let is_in = |set: &BTreeSet<Finding>, one: &Finding| set.iter().any(|other| is_same(other, one));
    let mut report =
        Report { mended: before.iter().filter(|one| !is_in(&after, one)).cloned().collect(), ..Report::default() };
    for finding in after {
        // What was a warning and is an error now is new.
        let is_known = before.iter().any(|other| is_same(other, &finding) && (other.is_error || !finding.is_error));
        match (is_known, finding.is_error) {
            (true, _) => report.known.push(finding),
            (false, true) => report.refused.push(finding),
            (false, false) => report.warnings.push(finding),
        }
    }
    report
}

/// The same question with another thief is the same fault; other faults are told apart by what they say.
fn is_same(one: &Finding, other: &Finding) -> bool {
    let message =
        |finding: &Finding| finding.question.is_none().then(|| (finding.message.clone(), finding.other.clone()));
    (one.kind, &one.document, &one.question) == (other.kind, &other.document, &other.question)
        && message(one) == message(other)
}

#[cfg(test)]
mod tests {
    use guichet_kb::File;

    use super::*;

    fn entry(id: &str, question: &str, checks: &str) -> File {
        let text = format!("+++\nid = \"{id}\"\nquestion = \"{question}\"\n[checks]\n{checks}\n+++\n\nRéponse {id}.\n");
        File { path: format!("entries/fr/general/{id}.md"), bytes: text.into_bytes() }
    }

    fn findings(files: &[File]) -> Vec<Finding> {
        let loaded = Loaded::from_files(files);
        let engine = Engine::new(loaded.knowledge_base.clone()).expect("it can be indexed");
        inspect(&loaded, &engine, "2026-01-01".parse().expect("a day")).expect("it can be searched")
    }

    #[test]
    fn who_steals_the_question_is_named_and_old_faults_refuse_nothing() {
        let parcel = entry("colis", "Où est mon colis ?", "must = [\"rembourser ma commande svp\"]");
        let before = findings(std::slice::from_ref(&parcel));
        let refund = entry("remboursement", "Comment rembourser ma commande ?", "");
        let after = findings(&[parcel.clone(), refund.clone()]);
        let report = compare(before, after.clone());
        let stolen: Vec<&Finding> =
            report.refused.iter().chain(&report.warnings).filter(|one| one.question.is_some()).collect();
        assert_eq!(stolen.len(), 1, "{report:#?}");
        assert_eq!((stolen[0].document.as_str(), stolen[0].other.as_deref()), ("entry:colis", Some("remboursement")));

        let other = entry("horaires", "Quand ouvrez-vous ?", "");
        let report = compare(after, findings(&[parcel, refund, other]));
        assert!(report.refused.is_empty() && report.known.iter().any(|one| one.question.is_some()), "{report:#?}");
    }

    #[test]
    fn a_broken_reference_refuses_and_mending_it_is_told() {
        let right = entry("colis", "Où est mon colis ?", "");
        let wrong =
            File { bytes: [right.bytes.as_slice(), b"Voir {{contact.nulle-part.email}}.\n"].concat(), ..right.clone() };
        let (right, wrong) = (findings(&[right]), findings(&[wrong]));
        let report = compare(right.clone(), wrong.clone());
        assert_eq!(report.refused.len(), 1, "{report:#?}");
        assert_eq!(report.refused[0].document, "entry:colis");
        assert_eq!(compare(wrong, right).mended, report.refused);
    }
}
