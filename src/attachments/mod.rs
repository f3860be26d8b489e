//! What a file must be to be kept: of a kind that is allowed, really of that kind, under a name that does no harm. Pure.

mod file_name;
mod media_type;

pub(crate) use media_type::MediaType;

use crate::model::File;

/// What the service accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    /// How many files a ticket may have.
    pub(crate) per_ticket: i64,
    /// Kinds of files.
    pub(crate) media_types: Vec<MediaType>,
}

/// Why a file is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FileError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Its kind is unknown or not allowed.
    #[error("this kind of file is not allowed")]
    NotAllowed,
    /// Its first bytes are not those of what it is said to be.
    #[error("the file is not what it is said to be")]
    NotWhatItSays,
}

/// The file made of what was sent, as `declared` by its sender.
///
/// # Errors
/// When it may not be kept.
pub(crate) fn accept(declared: &str, name: &str, content: Vec<u8>, allowed: &[MediaType]) -> Result<File, FileError> {
    if content.is_empty() {
        return Err(FileError::Empty);
    }
    let media_type = media_type::of(declared, &content).ok_or(FileError::NotAllowed)?;
    if !allowed.contains(&media_type) {
        return Err(FileError::NotAllowed);
    }
    if !media_type.is_that_of(&content) {
        return Err(FileError::NotWhatItSays);
    }
    Ok(File { name: file_name::safe(name, media_type), media_type: media_type.as_str().to_owned(), content })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";
    const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....";

    fn check(declared: &str, content: &[u8], expected: Result<&str, FileError>) {
        let allowed: Vec<MediaType> =
            ["image/png", "application/pdf", "text/plain", "text/csv", "application/zip", "application/vnd.ms-excel"]
                .map(|name| name.parse().expect("a known type"))
                .into();
        let found = accept(declared, "fichier", content.to_vec(), &allowed);
        assert_eq!(found.as_ref().map(|file| file.media_type.as_str()).map_err(|error| *error), expected, "{declared}");
    }

    #[test]
    fn a_file_is_what_it_says_or_is_refused() {
        check("image/png", PNG, Ok("image/png"));
        check("IMAGE/PNG; x=y", PNG, Ok("image/png"));
        check("image/png", b"<html>", Err(FileError::NotWhatItSays));
        check("image/png", b"", Err(FileError::Empty));
        check("application/pdf", PNG, Err(FileError::NotWhatItSays));
        check("application/pdf", b"%PDF-1.7\n", Ok("application/pdf"));
        check("text/plain; charset=utf-8", "déjà\r\n".as_bytes(), Ok("text/plain"));
        check("text/plain", b"d\xe9j\xe0 vu", Ok("text/plain"));
        check("text/plain", b"\xff\xfed\0\xe9\0", Ok("text/plain"));
        check("text/plain", b"MZ\0\x01", Err(FileError::NotWhatItSays));
        check("text/plain", PNG, Err(FileError::NotWhatItSays));
        check("text/html", b"<html>", Err(FileError::NotAllowed));
        check("image/svg+xml", b"<svg/>", Err(FileError::NotAllowed));
        check("image/gif", b"GIF89a", Err(FileError::NotAllowed));
        check("application/x-msdownload", b"MZ", Err(FileError::NotAllowed));
    }

    #[test]
    fn what_browsers_call_otherwise_is_understood() {
        check("application/x-zip-compressed", b"PK\x03\x04", Ok("application/zip"));
        // Windows with Excel calls every CSV so.
        check("application/vnd.ms-excel", b"a;b\n1;2\n", Ok("text/csv"));
        check("application/vnd.ms-excel", OLE, Ok("application/vnd.ms-excel"));
        check("application/octet-stream", PNG, Ok("image/png"));
        check("", b"une trace", Ok("text/plain"));
        check("", OLE, Err(FileError::NotAllowed));
        check("", b"\0\x01\x02", Err(FileError::NotAllowed));
    }
}
