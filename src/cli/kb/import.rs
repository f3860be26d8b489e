//! `guichet kb import FILE --to DIR`

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::Args;
use guichet_kb::import::ids::IdMap;
use guichet_kb::import::{Imported, images, json, page, table, workbook};
use guichet_kb::{Diagnostic, Entry, File, export};
use serde::Deserialize;

#[derive(Args)]
pub(in crate::cli) struct Import {
    /// The FAQ.
    file: PathBuf,
    /// Directory of the knowledge base to make.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// For a page: the ids of its questions, a JSON list of {id, question}.
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,
    /// Variants to add: JSON lines of {id, variants}.
    #[arg(long, value_name = "FILE")]
    variants: Option<PathBuf>,
    /// Replaces entry files that exist and differ.
    #[arg(long)]
    overwrite: bool,
}

pub(super) fn run(options: &Import) -> anyhow::Result<ExitCode> {
    let name = options.file.display().to_string();
    let text = || read(&options.file);
    let mut imported = match options.file.extension().and_then(|ext| ext.to_str()) {
        Some("txt") => page::import(&name, &text()?, &ids(options.ids.as_deref())?),
        Some("json") => json::import(&name, &text()?),
        Some("csv") => {
            let text = text()?;
            table::import(&name, &text, if is_semicolon(&text) { b';' } else { b',' })
        }
        Some("tsv") => table::import(&name, &text()?, b'\t'),
        Some("xlsx" | "ods") => {
            let bytes = fs::read(&options.file).with_context(|| format!("cannot read {name}"))?;
            workbook::import(&name, &bytes)
        }
        _ => {
            bail!("cannot tell the format of `{name}`: it must end in .txt (a page), .csv, .tsv, .xlsx, .ods or .json")
        }
    };
    let beside = options.file.parent().unwrap_or(Path::new(""));
    let image = |name: &str| fs::read(beside.join("images").join(name)).or_else(|_| fs::read(beside.join(name))).ok();
    let images = images::bring(&mut imported, &name, &image);
    let Imported { mut entries, mut diagnostics } = imported;
    if let Some(file) = &options.variants {
        add_variants(&mut entries, file, &mut diagnostics)?;
    }
    write(&options.to, &entries, images, options.overwrite)?;
    let report =
        format!("{}{} entries imported: {}\n", super::lines(&diagnostics), entries.len(), super::summary(&diagnostics));
    crate::cli::print(&report)?;
    Ok(super::exit_code(&diagnostics))
}

/// Writes one file per entry and the images below `dir`. Nothing is written when a file exists with other content, unless
/// `overwrite`.
pub(super) fn write(dir: &Path, entries: &[Entry], images: Vec<File>, overwrite: bool) -> anyhow::Result<()> {
    let files: Vec<File> = export::markdown(entries).into_iter().chain(images).collect();
    if !overwrite {
        for file in &files {
            let is_other = fs::read(dir.join(&file.path)).is_ok_and(|bytes| bytes != file.bytes);
            ensure!(
                !is_other,
                "`{}` exists in {} and differs: use --overwrite to replace it",
                file.path,
                dir.display()
            );
        }
    }
    for file in &files {
        let path = dir.join(&file.path);
        let parent = path.parent().unwrap_or(dir);
        fs::create_dir_all(parent).with_context(|| format!("cannot make the directory {}", parent.display()))?;
        fs::write(&path, &file.bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Variants {
    id: String,
    variants: Vec<String>,
}

fn add_variants(entries: &mut [Entry], file: &Path, diagnostics: &mut Vec<Diagnostic>) -> anyhow::Result<()> {
    let name = file.display().to_string();
    let mut by_id: HashMap<String, &mut Entry> =
        entries.iter_mut().map(|entry| (entry.id.to_string(), entry)).collect();
    for (number, line) in read(file)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Variants>(line) {
            Ok(item) => match by_id.get_mut(&item.id) {
                Some(entry) => {
                    let variants = item.variants.iter().map(|text| guichet_kb::entry::one_line(text));
                    entry.variants.extend(variants.filter(|text| !text.is_empty()));
                }
                None => {
                    let message = format!("there is no entry `{}`", item.id);
                    diagnostics.push(Diagnostic::error(&name, number + 1, message));
                }
            },
            Err(error) => diagnostics.push(Diagnostic::error(&name, number + 1, error.to_string())),
        }
    }
    Ok(())
}

fn ids(file: Option<&Path>) -> anyhow::Result<IdMap> {
    let Some(file) = file else { return Ok(IdMap::default()) };
    let message = || format!("{} is not a JSON list of {{id, question}}", file.display());
    IdMap::from_json(&read(file)?).with_context(message)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8: save it as UTF-8", file.display()))
}

/// French spreadsheets write `;` between cells.
fn is_semicolon(text: &str) -> bool {
    let header = text.lines().next().unwrap_or_default();
    header.matches(';').count() > header.matches(',').count()
}
