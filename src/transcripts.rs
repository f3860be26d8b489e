//! Dialogues that are written down as text files and played again: what is played must be what stands there.

use std::path::{Path, PathBuf};

/// A dialogue as it is written down.
pub(crate) struct Transcript {
    path: PathBuf,
    /// What stands in the file.
    pub(crate) written: String,
}

/// The transcripts of `folder` (from the root of the package) in the order of their names; at least `least`, so that a
/// folder that was moved is noticed.
pub(crate) fn read(folder: &str, least: usize) -> Vec<Transcript> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(&folder).expect("the folder can be read").map(|file| file.expect("a file").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    files.sort();
    assert!(files.len() >= least, "{files:?}");
    let read =
        |path: PathBuf| Transcript { written: std::fs::read_to_string(&path).expect("a transcript is text"), path };
    files.into_iter().map(read).collect()
}

/// Fails when something else was played than is written down. With `UPDATE_TRANSCRIPTS` it is written anew, to be read in
/// the diff; the test fails once all the same.
pub(crate) fn assert_unchanged(played: Vec<(Transcript, String)>) {
    let mut changed = Vec::new();
    for (Transcript { path, written }, played) in played {
        if played != written {
            if std::env::var_os("UPDATE_TRANSCRIPTS").is_some() {
                std::fs::write(&path, &played).expect("the transcript can be written");
            }
            changed.push(format!("{}\n{played}", path.display()));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n\n"));
}
