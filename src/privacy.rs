//! What is kept of one person, in the store and in files of this machine: handed out, or removed.

use std::path::PathBuf;

use anyhow::Context;
use serde_json::{Value, json};

use crate::config::Config;
use crate::model::{Audit, Person, PersonReport};
use crate::outside;
use crate::store::Store;

/// What is known of somebody, and what was done.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) report: PersonReport,
    /// Mails that were written as files and name the person.
    pub(crate) mail_files: Vec<PathBuf>,
}

impl Known {
    /// Whether there is nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.report.is_empty() && self.mail_files.is_empty()
    }
}

/// What is kept of `person`: how much, and where.
///
/// # Errors
/// When the store or a file cannot be read.
pub(crate) async fn find(store: &Store, config: &Config, person: &Person) -> anyhow::Result<Known> {
    let report = store.export_person(person, None).await?.report;
    let mail_files = mail_files(config, person, &report)?;
    Ok(Known { report, mail_files })
}

/// All that is kept of `person`, as JSON; the audit log says that `who` had it.
///
/// # Errors
/// When the store or a file cannot be read.
pub(crate) async fn export(
    store: &Store,
    config: &Config,
    person: &Person,
    who: &str,
    now: i64,
) -> anyhow::Result<(Known, Value)> {
    let export = store.export_person(person, Some(&line("person.exported", person, who, now))).await?;
    let mail_files = mail_files(config, person, &export.report)?;
    let mut mails = Vec::new();
    for path in &mail_files {
        let content = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        mails.push(json!({"file": name, "content": String::from_utf8_lossy(&content)}));
    }
    let written = json!({
        "made_at": jiff::Timestamp::from_millisecond(now).context("the clock is wrong")?.to_string(),
        "report": export.report,
        "tables": export.tables,
        "mail_files": mails,
    });
    Ok((Known { report: export.report, mail_files }, written))
}

/// Removes what is kept of `person`, or, as a trial, says what would be; the audit log says that `who` did it.
///
/// # Errors
/// When a file cannot be removed, or the store fails: then nothing of the store was changed, and doing it again removes the
/// rest.
pub(crate) async fn erase(
    store: &Store,
    config: &Config,
    person: &Person,
    who: &str,
    now: i64,
    is_trial: bool,
) -> anyhow::Result<Known> {
    // Files first: the references by which they are found go with the store's rows.
    let known = find(store, config, person).await?;
    if !is_trial {
        for path in &known.mail_files {
            std::fs::remove_file(path).with_context(|| format!("{} cannot be removed", path.display()))?;
        }
    }
    let report = store.erase_person(person, &line("person.erased", person, who, now), is_trial).await?;
    Ok(Known { report, ..known })
}

/// Undoes the links of the accounts that `person` has elsewhere; how many there were. The audit log says that `who` did it.
///
/// # Errors
/// When the store fails.
pub(crate) async fn unlink(store: &Store, person: &Person, who: &str, now: i64) -> anyhow::Result<u64> {
    Ok(store.unlink_person(person, Some(&line("person.unlinked", person, who, now))).await?)
}

fn mail_files(config: &Config, person: &Person, report: &PersonReport) -> anyhow::Result<Vec<PathBuf>> {
    let emails = person.emails.iter().map(|email| email.as_str().to_owned());
    let names: Vec<String> = emails.chain(report.requests.iter().cloned()).collect();
    outside::mail_files_naming(config, &names).context("the mails that were written as files cannot be read")
}

fn line(what: &str, person: &Person, who: &str, now: i64) -> Audit {
    Audit { at: now, who: who.to_owned(), what: what.to_owned(), object: person.fingerprint(), ..Audit::default() }
}
