//! The kinds of files that are known, and how each begins.

use serde::{Deserialize, Serialize};

/// How a file begins, or what it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Begins(&'static [&'static [u8]]),
    /// `RIFF`, four bytes of length, `WEBP`.
    Webp,
    Text,
}

const ZIP: Look = Look::Begins(&[b"PK\x03\x04", b"PK\x05\x06"]);
/// The files of Office until 2003, and mails of Outlook.
const OLE: Look = Look::Begins(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]);

struct Kind {
    name: &'static str,
    look: Look,
    /// How names of such files end; the first is given to those that end otherwise.
    endings: &'static [&'static str],
}

const fn kind(name: &'static str, look: Look, endings: &'static [&'static str]) -> Kind {
    Kind { name, look, endings }
}

const KINDS: [Kind; 21] = [
    kind("image/png", Look::Begins(&[b"\x89PNG\r\n\x1a\n"]), &["png"]),
    kind("image/jpeg", Look::Begins(&[b"\xff\xd8\xff"]), &["jpg", "jpeg"]),
    kind("image/gif", Look::Begins(&[b"GIF87a", b"GIF89a"]), &["gif"]),
    kind("image/webp", Look::Webp, &["webp"]),
    kind("image/bmp", Look::Begins(&[b"BM"]), &["bmp"]),
    kind("application/pdf", Look::Begins(&[b"%PDF-"]), &["pdf"]),
    kind("text/plain", Look::Text, &["txt", "log", "md", "csv", "ini", "cfg", "conf", "json", "xml"]),
    kind("text/csv", Look::Text, &["csv", "txt"]),
    kind("text/xml", Look::Text, &["xml"]),
    kind("application/xml", Look::Text, &["xml"]),
    kind("application/json", Look::Text, &["json"]),
    kind("application/zip", ZIP, &["zip"]),
    kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP, &["docx"]),
    kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP, &["xlsx"]),
    kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", ZIP, &["pptx"]),
    kind("application/vnd.oasis.opendocument.text", ZIP, &["odt"]),
    kind("application/vnd.oasis.opendocument.spreadsheet", ZIP, &["ods"]),
    kind("application/msword", OLE, &["doc"]),
    kind("application/vnd.ms-excel", OLE, &["xls"]),
    kind("application/vnd.ms-powerpoint", OLE, &["ppt"]),
    kind("application/vnd.ms-outlook", OLE, &["msg"]),
];

/// Other names of the same.
const ALIASES: [(&str, &str); 4] = [
    ("image/jpg", "image/jpeg"),
    ("image/x-ms-bmp", "image/bmp"),
    ("application/x-zip-compressed", "application/zip"),
    ("application/x-pdf", "application/pdf"),
];

/// Said when nothing is known.
const ANY: &str = "application/octet-stream";

/// A kind of file that can be told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct MediaType(usize);

/// Nothing is known of this kind of file, so it could not be told from others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no media type that can be told by its content")]
pub(crate) struct UnknownMediaType(String);

impl MediaType {
    pub(crate) fn as_str(self) -> &'static str {
        KINDS[self.0].name
    }

    /// How the names of such files may end.
    pub(super) fn endings(self) -> &'static [&'static str] {
        KINDS[self.0].endings
    }

    /// Whether `content` looks so.
    pub(super) fn is_that_of(self, content: &[u8]) -> bool {
        match KINDS[self.0].look {
            Look::Begins(beginnings) => beginnings.iter().any(|beginning| content.starts_with(beginning)),
            Look::Webp => content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
            Look::Text => is_text(content),
        }
    }
}

impl std::str::FromStr for MediaType {
    type Err = UnknownMediaType;

    /// Without parameters, in any case.
    fn from_str(text: &str) -> Result<Self, UnknownMediaType> {
        let name = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name.as_str(), |(_, known)| known);
        KINDS.iter().position(|kind| kind.name == name).map(Self).ok_or_else(|| UnknownMediaType(text.to_owned()))
    }
}

impl TryFrom<String> for MediaType {
    type Error = UnknownMediaType;

    fn try_from(text: String) -> Result<Self, UnknownMediaType> {
        text.parse()
    }
}

impl From<MediaType> for String {
    fn from(media_type: MediaType) -> Self {
        media_type.as_str().to_owned()
    }
}

/// What `content` is, `declared` so by who sends it: systems name some files wrongly, or not at all.
pub(super) fn of(declared: &str, content: &[u8]) -> Option<MediaType> {
    let essence = declared.split(';').next().unwrap_or_default().trim();
    if essence.is_empty() || essence.eq_ignore_ascii_case(ANY) {
        return guessed(content);
    }
    let declared: MediaType = declared.parse().ok()?;
    let is_excel = declared.as_str() == "application/vnd.ms-excel";
    if is_excel && is_text(content) { "text/csv".parse().ok() } else { Some(declared) }
}

/// The kind that looks like `content`, when there is only one: old files of Office all begin alike.
fn guessed(content: &[u8]) -> Option<MediaType> {
    let mut looks = (0..KINDS.len()).map(MediaType).filter(|kind| kind.is_that_of(content));
    let first = looks.next()?;
    let is_told = KINDS[first.0].look != OLE;
    is_told.then_some(first)
}

/// Text of any encoding that people's machines write: no control characters but those of lines, or UTF-16 with its mark.
fn is_text(content: &[u8]) -> bool {
    let is_utf_16 = content.starts_with(b"\xff\xfe") || content.starts_with(b"\xfe\xff");
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    is_utf_16 || !content.iter().any(is_control)
}
