//! A built index as bytes: what one replica learned need not be learned by the others.

use std::fs;
use std::io;
use std::path::Path;

use crate::Index;
use crate::error::IndexError;
use crate::storage::{self, SEAL, Seal};

impl Index {
    /// The index of `content_hash` in `dir` as bytes: its seal on one line, then its files in the order of the seal.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub fn pack(dir: &Path, content_hash: &str) -> Result<Vec<u8>, IndexError> {
        let place = dir.join(storage::folder_name(content_hash));
        let read = |name: &str| fs::read(place.join(name)).map_err(IndexError::storage(&place));
        let seal: Seal =
            serde_json::from_slice(&read(SEAL)?).map_err(io::Error::from).map_err(IndexError::storage(&place))?;
        let mut bytes = serde_json::to_vec(&seal).map_err(io::Error::from).map_err(IndexError::storage(&place))?;
        bytes.push(b'\n');
        for (name, length) in &seal.files {
            let file = read(name)?;
            if file.len() as u64 != *length {
                return Err(damaged(&place, "a file has another length than its seal says"));
            }
            bytes.extend(file);
        }
        Ok(bytes)
    }

    /// Puts what [`pack`](Self::pack) gave into `dir`, where [`open_or_build`](Self::open_or_build) finds it and checks
    /// it.
    ///
    /// # Errors
    /// When the bytes are no index of `content_hash`, or the folder cannot be written.
    pub fn unpack(dir: &Path, content_hash: &str, bytes: &[u8]) -> Result<(), IndexError> {
        let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged(dir, "packed: no seal"))?;
        let seal: Seal =
            serde_json::from_slice(&bytes[..end]).map_err(io::Error::from).map_err(IndexError::storage(dir))?;
        let is_name = |name: &String| !name.starts_with('.') || name == ".managed.json";
        let is_inside = |name: &String| is_name(name) && !name.contains(['/', '\\', '\0']) && name != SEAL;
        let length = seal.files.values().try_fold(0_u64, |sum, length| sum.checked_add(*length));
        if seal.content_hash != content_hash
            || !seal.files.keys().all(is_inside)
            || length != Some((bytes.len() - end - 1) as u64)
        {
            return Err(damaged(dir, "packed: the seal does not fit"));
        }
        fs::create_dir_all(dir).map_err(IndexError::storage(dir))?;
        let building = storage::hidden_folder(dir);
        let written = write(&building, &seal, &bytes[end + 1..]).map_err(IndexError::storage(&building));
        let put =
            written.and_then(|()| storage::put_in_place(dir, &building, &dir.join(storage::folder_name(content_hash))));
        if put.is_err() {
            storage::remove(&building);
        }
        put
    }

    /// Moves the index of `content_hash` from `from` to `to`, in the place of any other, on the same disk.
    ///
    /// # Errors
    /// When it is not there or cannot be moved.
    pub fn adopt(from: &Path, to: &Path, content_hash: &str) -> Result<(), IndexError> {
        fs::create_dir_all(to).map_err(IndexError::storage(to))?;
        let name = storage::folder_name(content_hash);
        storage::put_in_place(to, &from.join(&name), &to.join(&name))?;
        storage::remove_others(to, &to.join(&name));
        Ok(())
    }

    /// Whether `dir` has an index that says it is of `content_hash`.
    pub fn is_in(dir: &Path, content_hash: &str) -> bool {
        dir.join(storage::folder_name(content_hash)).join(SEAL).is_file()
    }
}

fn write(building: &Path, seal: &Seal, mut rest: &[u8]) -> io::Result<()> {
    fs::create_dir(building)?;
    for (name, length) in &seal.files {
        let length = usize::try_from(*length).map_err(io::Error::other)?;
        let (file, after) = rest.split_at(length);
        fs::write(building.join(name), file)?;
        rest = after;
    }
    fs::write(building.join(SEAL), serde_json::to_vec_pretty(seal)?)
}

fn damaged(path: &Path, what: &str) -> IndexError {
    IndexError::storage(path)(io::Error::new(io::ErrorKind::InvalidData, what))
}
