//! A file that is being made.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// A file beside another one, for its owner alone, gone with this value.
pub(super) struct Part(pub(super) PathBuf);

impl Part {
    /// Makes it, empty. It is an error when it exists.
    pub(super) fn new(beside: &Path) -> anyhow::Result<Self> {
        use std::os::unix::fs::OpenOptionsExt;
        let part = Self(beside.with_added_extension("part"));
        let opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part.0);
        match opened {
            Ok(_) => Ok(part),
            Err(error) => {
                let path = part.0.display().to_string();
                // What somebody else made is not ours to remove.
                std::mem::forget(part);
                Err(error).with_context(|| format!("cannot make {path}: remove it when it is left from before"))
            }
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut path = self.0.clone().into_os_string();
            path.push(suffix);
            // After a success it has another name.
            let _ = std::fs::remove_file(path);
        }
    }
}
