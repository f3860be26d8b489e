//! The files of a knowledge base, read from a directory or carried by a binary.

use std::io;
use std::path::Path;

/// One file: its path inside the knowledge base (`/` between parts) and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path relative to the root of the knowledge base.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// True for the files that make a knowledge base; a directory may hold others (`README.md`, this crate's sources).
pub fn is_knowledge(path: &str) -> bool {
    (path.starts_with("entries/") && path.ends_with(".md")) || matches!(path, "contacts.toml" | "small_talk.fr.toml")
}

/// The knowledge files below `dir`, in the order of their paths.
///
/// # Errors
/// When `dir` is not a directory that can be read.
pub fn read_dir(dir: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for name in ["contacts.toml", "small_talk.fr.toml"] {
        match std::fs::read(dir.join(name)) {
            Ok(bytes) => files.push(File { path: name.to_owned(), bytes }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    std::fs::metadata(dir)?;
    let entries = dir.join("entries");
    if entries.is_dir() {
        collect(&entries, "entries", &mut files)?;
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn collect(dir: &Path, prefix: &str, files: &mut Vec<File>) -> io::Result<()> {
    for item in std::fs::read_dir(dir)? {
        let item = item?;
        let path = format!("{prefix}/{}", item.file_name().to_string_lossy());
        if item.file_type()?.is_dir() {
            collect(&item.path(), &path, files)?;
        } else if is_knowledge(&path) {
            files.push(File { bytes: std::fs::read(item.path())?, path });
        }
    }
    Ok(())
}
