//! Between files and the store: `guichet kb sync` and `guichet kb export --stored`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use guichet_kb::{DocumentKey, File, files as kb_files};

use super::super::{Common, print, runtime};
use crate::knowledge;
use crate::publishing::{files, sync};
use crate::store::Store;

/// Brings what has changed in the files into the store. Exit code 1 when something could not be merged.
pub(super) fn sync(common: &Common) -> anyhow::Result<ExitCode> {
    let config = common.config()?;
    let read = knowledge::files(config.knowledge.dir.as_deref())?;
    let brought = runtime()?.block_on(async {
        let store = Store::open(&config.store_url()).await?;
        anyhow::Ok(sync::bring(&store, &read, jiff::Timestamp::now().as_millisecond()).await?)
    })?;
    for key in &brought.conflicts {
        print(&format!("conflict: {key}: the file and the console changed the same thing; both are kept\n"))?;
    }
    for name in &brought.image_conflicts {
        print(&format!("conflict: {}: the file is another image than the console's, which stays\n", name.path()))?;
    }
    let conflicts = brought.conflicts.len() + brought.image_conflicts.len();
    print(&format!("{} documents changed, {conflicts} conflicts\n", brought.changes))?;
    Ok(if conflicts == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Writes the knowledge base in force below `to`, each file as it was saved. Files of documents that moved or are no
/// longer in force are removed; what the store has never seen is left.
pub(super) fn export(common: &Common, to: &Path) -> anyhow::Result<ExitCode> {
    let config = common.config()?;
    let (in_force, known) = runtime()?.block_on(async {
        let store = Store::open(&config.store_url()).await?;
        let known = store.list_known_documents().await?;
        let in_force = store.find_in_force().await?;
        let mut files = files(&in_force.revisions);
        for image in &in_force.images {
            let picture = store.find_picture(&image.hash).await?.context("the store has lost an image")?;
            files.push(File { path: image.name.path(), bytes: picture.content });
        }
        anyhow::Ok((files, known))
    })?;
    let paths: BTreeSet<&str> = in_force.iter().map(|file| file.path.as_str()).collect();
    let known: BTreeSet<&DocumentKey> = known.iter().map(|one| &one.document.key).collect();
    let (mut written, mut removed) = (0, 0);
    let before = if to.is_dir() { kb_files::read_dir(to).context("the directory cannot be read")? } else { Vec::new() };
    for file in &in_force {
        if !before.contains(file) {
            write(to, file)?;
            written += 1;
        }
    }
    for file in before.iter().filter(|file| !paths.contains(file.path.as_str())) {
        if DocumentKey::of_path(&file.path).is_some_and(|key| known.contains(&key)) {
            fs::remove_file(to.join(&file.path)).with_context(|| format!("cannot remove {}", file.path))?;
            removed += 1;
        } else {
            eprintln!("{}: the store has never seen it; `guichet kb sync` brings it there", file.path);
        }
    }
    print(&format!("{} files, {written} written, {removed} removed\n", in_force.len()))?;
    Ok(ExitCode::SUCCESS)
}

fn write(to: &Path, file: &File) -> anyhow::Result<()> {
    let path = to.join(&file.path);
    let parent = path.parent().unwrap_or(to);
    fs::create_dir_all(parent).with_context(|| format!("cannot make the directory {}", parent.display()))?;
    fs::write(&path, &file.bytes).with_context(|| format!("cannot write {}", path.display()))
}
