//! Why an index cannot be had or asked.

use std::io;
use std::path::{Path, PathBuf};

/// What a caller can act on.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The folder cannot be written or read: look at its permissions and at the room left on the disk.
    #[error("the index folder {} is not usable", path.display())]
    Storage {
        /// The file or folder that failed.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The search engine failed: build the index again, or report a defect.
    #[error("the search engine failed")]
    Engine(#[from] tantivy::TantivyError),
}

impl IndexError {
    /// Makes a [`IndexError::Storage`] of a system error on `path`.
    pub(crate) fn storage(path: &Path) -> impl FnOnce(io::Error) -> Self + use<'_> {
        move |source| Self::Storage { path: path.to_owned(), source }
    }
}
