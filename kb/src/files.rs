//! The files of a knowledge base, read from a directory or carried by a binary.

use std::io;
use std::path::Path;

use crate::image::{self, ImageKind};

/// One file: its path inside the knowledge base (`/` between parts) and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path relative to the root of the knowledge base.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The folders of Markdown files.
const FOLDERS: [&str; 2] = ["entries", "orientations"];
/// The other files.
const TABLES: [&str; 4] = ["contacts.toml", "rules.fr.toml", "small_talk.fr.toml", "synonyms.fr.toml"];

/// True for the files that make a knowledge base; a directory may hold others (`README.md`, this crate's sources).
pub fn is_knowledge(path: &str) -> bool {
    let is_in_folder = FOLDERS.iter().any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')));
    (is_in_folder && path.ends_with(".md")) || TABLES.contains(&path) || is_image(path)
}

/// Whether a file is one of `images/` by its name.
pub fn is_image(path: &str) -> bool {
    let ending = path.strip_prefix(image::FOLDER).and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    ending.is_some_and(|ending| ImageKind::of_ending(&ending.to_ascii_lowercase()).is_some())
}

/// The knowledge files below `dir`, in the order of their paths.
///
/// # Errors
/// When `dir` is not a directory that can be read.
pub fn read_dir(dir: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for name in TABLES {
        match std::fs::read(dir.join(name)) {
            Ok(bytes) => files.push(File { path: name.to_owned(), bytes }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    std::fs::metadata(dir)?;
    for name in FOLDERS.into_iter().chain([image::FOLDER.trim_end_matches('/')]) {
        let folder = dir.join(name);
        if folder.is_dir() {
            collect(&folder, name, &mut files)?;
        }
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
