//! Which knowledge base is used: the directory that was named, or the one that the binary carries.

use std::path::Path;

use anyhow::Context;
use guichet_kb::{File, Loaded, files};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "kb/"]
#[include = "entries/**/*.md"]
#[include = "orientations/**/*.md"]
#[include = "images/*"]
#[include = "*.toml"]
#[exclude = "Cargo.toml"]
struct Carried;

/// The knowledge base below `dir`, or the one inside the binary when no directory is named.
///
/// # Errors
/// When the directory cannot be read. Bad content is a diagnostic of the result.
pub(crate) fn load(dir: Option<&Path>) -> anyhow::Result<Loaded> {
    Ok(Loaded::from_files(&files(dir)?))
}

/// Its files, in the order of their paths.
///
/// # Errors
/// When the directory cannot be read.
pub(crate) fn files(dir: Option<&Path>) -> anyhow::Result<Vec<File>> {
    match dir {
        Some(dir) => files::read_dir(dir)
            .with_context(|| format!("cannot read the knowledge base `{}`: name a directory with --kb", dir.display())),
        None => Ok(carried()),
    }
}

fn carried() -> Vec<File> {
    let mut files: Vec<File> = Carried::iter()
        .filter(|path| files::is_knowledge(path))
        .filter_map(|path| Some(File { bytes: Carried::get(&path)?.data.into_owned(), path: path.into_owned() }))
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_binary_carries_the_knowledge_base_of_the_repository() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("kb");
        let from_dir = super::load(Some(&dir)).expect("kb/ can be read");
        let carried = super::load(None).expect("the binary carries a knowledge base");
        assert_eq!(carried.knowledge_base, from_dir.knowledge_base);
        assert!(!carried.knowledge_base.entries.is_empty());
    }
}
