//! Mails as files in a folder, for where there is no mail server: each opens in any mail program.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;

use super::message::{Sender, message, name_of};
use super::{Mail, MailError, Mailer};

/// Writes mails into a folder.
#[derive(Debug)]
pub(crate) struct FileMailer {
    dir: PathBuf,
    sender: Sender,
}

impl FileMailer {
    /// Mails from `sender` go into `dir`, which is made when the first one comes.
    pub(crate) fn new(dir: PathBuf, sender: Sender) -> Self {
        Self { dir, sender }
    }
}

#[async_trait]
impl Mailer for FileMailer {
    /// The name of the file only depends on the mail's key: sending it again changes nothing.
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let bytes = message(mail, &self.sender, SystemTime::now())?.formatted();
        let (dir, name) = (self.dir.clone(), name_of(&mail.key));
        let written = tokio::task::spawn_blocking(move || write(&dir, &name, &bytes)).await;
        let failed = |error: io::Error| MailError::Unavailable(format!("the file cannot be written: {}", error.kind()));
        written.map_err(|_| MailError::Unavailable("the writing was broken off".to_owned()))?.map_err(failed)
    }

    fn message_id(&self, key: &str) -> String {
        self.sender.message_id(key)
    }
}

/// Writes `<name>.eml` whole or not at all, and only for the owner of the process.
fn write(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    // Two senders of the same mail must not write into the same unfinished file.
    let unfinished = dir.join(format!(".{name}.{}", uuid::Uuid::now_v7()));
    let written = (|| {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, dir.join(format!("{name}.eml")))?;
        fs::File::open(dir)?.sync_all()
    })();
    if written.is_err() {
        // What matters is reported already.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// The mails in `dir` that `is_meant` says, by their files.
///
/// # Errors
/// When the folder or a file cannot be read.
fn list(dir: &Path, is_meant: impl Fn(&Path) -> io::Result<bool>) -> io::Result<Vec<PathBuf>> {
    let files = match fs::read_dir(dir) {
        // The folder is made when the first mail comes.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        files => files?,
    };
    let mut meant = Vec::new();
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "eml") && is_meant(&path)? {
            meant.push(path);
        }
    }
    meant.sort();
    Ok(meant)
}

/// Removes the mails in `dir` that were written before `before`; how many.
///
/// # Errors
/// When the folder cannot be read or a file cannot be removed.
pub(crate) fn remove_before(dir: &Path, before: SystemTime) -> io::Result<u64> {
    let old = list(dir, |path| Ok(fs::metadata(path)?.modified()? < before))?;
    for path in &old {
        fs::remove_file(path)?;
    }
    Ok(old.len() as u64)
}

/// The mails in `dir` that name one of `names` (addresses, references of requests: they stand in mails as they are).
///
/// # Errors
/// When the folder or a file cannot be read.
pub(crate) fn list_naming(dir: &Path, names: &[String]) -> io::Result<Vec<PathBuf>> {
    let names: Vec<Vec<u8>> = names.iter().map(|name| name.to_ascii_lowercase().into_bytes()).collect();
    list(dir, |path| {
        let content = fs::read(path)?.to_ascii_lowercase();
        Ok(names.iter().any(|name| content.windows(name.len()).any(|window| window == name.as_slice())))
    })
}

#[cfg(test)]
mod tests {
    use super::super::message::tests::{mail, sender};
    use super::*;

    #[tokio::test]
    async fn a_mail_sent_twice_is_one_file() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mailer = FileMailer::new(dir.path().join("mails"), sender());
        for _ in 0..2 {
            mailer.send(&mail()).await.expect("it is written");
        }
        let files: Vec<_> = fs::read_dir(dir.path().join("mails")).expect("it exists").collect();
        let [Ok(file)] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!(file.file_name().to_string_lossy(), format!("{}.eml", name_of(&mail().key)));
        let content = fs::read_to_string(file.path()).expect("it can be read");
        assert!(content.contains("To: lea.martin@revendeur.example\r\n"), "{content}");
    }

    #[tokio::test]
    async fn old_mails_are_removed_and_nothing_else() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mails = dir.path().join("mails");
        assert_eq!(remove_before(&mails, SystemTime::now()).expect("no folder is no fault"), 0);
        FileMailer::new(mails.clone(), sender()).send(&mail()).await.expect("it is written");
        fs::write(mails.join("notes.txt"), "somebody's").expect("it can be written");
        assert_eq!(remove_before(&mails, SystemTime::UNIX_EPOCH).expect("it can be read"), 0);
        let later = SystemTime::now() + std::time::Duration::from_secs(9);
        assert_eq!(remove_before(&mails, later).expect("it can be read"), 1);
        assert_eq!(fs::read_dir(&mails).expect("it exists").count(), 1);
    }

    #[tokio::test]
    async fn mails_are_found_by_whom_they_name() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mails = dir.path().join("mails");
        FileMailer::new(mails.clone(), sender()).send(&mail()).await.expect("it is written");
        for (name, expected) in [("Lea.Martin@revendeur.example", 1), ("paul@revendeur.example", 0)] {
            assert_eq!(list_naming(&mails, &[name.to_owned()]).expect("it can be read").len(), expected, "{name}");
        }
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_tried_again_later() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        fs::write(dir.path().join("mails"), "a file").expect("it can be written");
        let failure = FileMailer::new(dir.path().join("mails"), sender()).send(&mail()).await;
        assert!(matches!(failure, Err(MailError::Unavailable(_))), "{failure:?}");
    }
}
