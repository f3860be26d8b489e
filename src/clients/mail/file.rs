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
    async fn a_folder_that_cannot_be_written_is_tried_again_later() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        fs::write(dir.path().join("mails"), "a file").expect("it can be written");
        let failure = FileMailer::new(dir.path().join("mails"), sender()).send(&mail()).await;
        assert!(matches!(failure, Err(MailError::Unavailable(_))), "{failure:?}");
    }
}
