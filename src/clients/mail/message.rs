//! A mail as the bytes that travel (RFC 5322). Whatever a person typed stays inside the field that it was put into.

use std::time::SystemTime;

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment as FilePart, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::{Mail, MailError};
use crate::model::EmailAddress;

/// Longest subject or file name that is written.
const MAX_LINE_CHARS: usize = 200;

/// Who the mails come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sender {
    name: String,
    address: EmailAddress,
    domain: String,
}

impl Sender {
    /// Mails come from `name <address>`; `domain` ends their Message-IDs and is what the server is greeted with.
    ///
    /// # Errors
    /// When `domain` is no domain.
    pub(crate) fn new(name: &str, address: EmailAddress, domain: &str) -> Result<Self, MailError> {
        // What can stand after the @ of an address is a domain.
        let is_domain =
            format!("x@{domain}").parse::<EmailAddress>().is_ok_and(|a| a.as_str() == format!("x@{domain}"));
        if !is_domain {
            return Err(MailError::Invalid("the domain of Message-IDs is no domain in lower case".to_owned()));
        }
        Ok(Self { name: one_line(name), address, domain: domain.to_owned() })
    }

    /// The Message-ID of the mail with this key.
    pub(super) fn message_id(&self, key: &str) -> String {
        format!("<{}@{}>", name_of(key), self.domain)
    }

    pub(super) fn domain(&self) -> &str {
        &self.domain
    }
}

/// Name of a mail that only depends on its key, of letters and digits: for its Message-ID, and for its file.
pub(super) fn name_of(key: &str) -> String {
    blake3::hash(key.as_bytes()).to_hex()[..32].to_owned()
}

/// The message that `mail` becomes, written at `date`.
pub(super) fn message(mail: &Mail, sender: &Sender, date: SystemTime) -> Result<Message, MailError> {
    let id = |key: &str| sender.message_id(key);
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(sender.name.clone()).filter(|name| !name.is_empty()), address(&sender.address)?))
        .to(Mailbox::new(None, address(&mail.to)?))
        .subject(one_line(&mail.subject))
        .message_id(Some(id(&mail.key)))
        .date(date)
        .header(AutoSubmitted);
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(Mailbox::new(None, address(reply_to)?));
    }
    if let Some(before) = &mail.in_reply_to {
        // The whole thread (RFC 5322, 3.6.4): a mail program may have only some of it.
        let thread: Vec<String> = mail.thread.iter().chain([before]).map(|key| id(key)).collect();
        builder = builder.in_reply_to(id(before)).references(thread.join(" "));
    }
    let both = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    let content = if mail.attachments.is_empty() {
        both
    } else {
        mail.attachments.iter().fold(MultiPart::mixed().multipart(both), |parts, file| {
            parts.singlepart(file_part(&file.name, &file.media_type, file.bytes.clone()))
        })
    };
    builder.multipart(content).map_err(|_| MailError::Invalid("its parts do not make a message".to_owned()))
}

fn file_part(name: &str, media_type: &str, bytes: Vec<u8>) -> SinglePart {
    let bytes_of_any_kind = || ContentType::parse("application/octet-stream").expect("it is a media type");
    let is_plain = media_type.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let media_type = Some(media_type).filter(|_| is_plain).and_then(|media_type| ContentType::parse(media_type).ok());
    let name = one_line(&name.replace(['/', '\\'], "-"));
    let name = if name.is_empty() { "fichier".to_owned() } else { name };
    FilePart::new(name).body(bytes, media_type.unwrap_or_else(bytes_of_any_kind))
}

fn address(address: &EmailAddress) -> Result<Address, MailError> {
    address.as_str().parse().map_err(|_| MailError::Invalid("an address cannot be written".to_owned()))
}

/// `text` as the value of a header: no line end, no other control character, and not endless.
fn one_line(text: &str) -> String {
    let is_gap = |c: char| c.is_control() || c.is_whitespace() && c != '\u{a0}' || matches!(c, '\u{2028}' | '\u{2029}');
    let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MAX_LINE_CHARS).collect()
}

/// Says to other machines that a machine writes, so that none answers (RFC 3834).
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::Attachment;
    use super::*;

    pub(in crate::clients::mail) fn sender() -> Sender {
        let address = "support@editeur.example".parse().expect("a right address");
        Sender::new("Support Éditeur", address, "guichet.editeur.example").expect("a right domain")
    }

    pub(in crate::clients::mail) fn mail() -> Mail {
        Mail {
            key: "G-T4YC-5T82/ack".to_owned(),
            to: "lea.martin@revendeur.example".parse().expect("a right address"),
            reply_to: Some("demandes@editeur.example".parse().expect("a right address")),
            subject: "[G-T4YC-5T82] Votre demande\u{a0}: «\u{a0}licence bloquée\u{a0}»".to_owned(),
            text: "Bonjour,\n\nVotre demande est enregistrée.\n.\nFin".to_owned(),
            html: "<p>Bonjour,</p>".to_owned(),
            in_reply_to: Some("G-T4YC-5T82/answer".to_owned()),
            thread: vec!["G-T4YC-5T82/first".to_owned()],
            attachments: Vec::new(),
        }
    }

    fn formatted(mail: &Mail) -> String {
        let bytes = message(mail, &sender(), SystemTime::UNIX_EPOCH).expect("it can be written").formatted();
        String::from_utf8(bytes).expect("a message is ASCII")
    }

    /// Names of the headers above the first empty line, in order.
    fn header_names(message: &str) -> Vec<&str> {
        let head = message.split("\r\n\r\n").next().unwrap_or_default();
        let starts = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        starts.map(|line| line.split(':').next().unwrap_or_default()).collect()
    }

    const HEADERS: [&str; 11] = [
        "From",
        "To",
        "Subject",
        "Message-ID",
        "Date",
        "Auto-Submitted",
        "Reply-To",
        "In-Reply-To",
        "References",
        "MIME-Version",
        "Content-Type",
    ];

    #[test]
    fn a_mail_has_every_header_and_both_parts() {
        let message = formatted(&mail());
        assert_eq!(header_names(&message), HEADERS);
        for line in [
            "Auto-Submitted: auto-generated",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000",
            "Reply-To: demandes@editeur.example",
            "To: lea.martin@revendeur.example",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
        ] {
            assert!(message.contains(line), "{line} is missing in {message}");
        }
        let id = |key: &str| format!("<{}@guichet.editeur.example>", name_of(key));
        let (first, before) = (id("G-T4YC-5T82/first"), id("G-T4YC-5T82/answer"));
        let unfolded = message.replace("\r\n ", " ");
        assert!(unfolded.contains(&format!("In-Reply-To: {before}\r\nReferences: {first} {before}\r\n")), "{message}");
    }

    #[test]
    fn no_field_can_add_a_header() {
        for evil in [
            "\r\nX-Evil: 1",
            "\nX-Evil: 1",
            "\rX-Evil: 1",
            "\u{85}X-Evil: 1",
            "\u{2028}X-Evil: 1",
            "\0",
            "\r\n\r\nX-Evil: 1",
        ] {
            let spoiled = |text: &str| format!("{text}{evil}");
            let file = Attachment {
                name: spoiled("conversation.txt"),
                media_type: spoiled("text/plain"),
                bytes: b"x".to_vec(),
            };
            let spoiled = Mail {
                key: spoiled("clé"),
                subject: spoiled("Licence"),
                in_reply_to: Some(spoiled("clé")),
                thread: vec![spoiled("clé")],
                attachments: vec![file],
                ..mail()
            };
            let message = formatted(&spoiled);
            assert_eq!(header_names(&message), HEADERS, "{evil:?}");
            assert!(!message.lines().any(|line| line.starts_with("X-Evil")), "{evil:?}: {message}");
            assert!(Sender::new("x", mail().to, &format!("editeur.example{evil}")).is_err());
        }
        let named = Sender::new("Support\r\nX-Evil: 1", mail().to, "editeur.example").expect("the name is cleaned");
        assert_eq!(named.name, "Support X-Evil: 1");
        // Addresses cannot hold a line end: that is in their type.
        assert!("a@x.example\r\nX-Evil: 1".parse::<EmailAddress>().is_err());
    }

    #[test]
    fn lines_have_one_kind_of_end_and_are_not_too_long() {
        let long = Mail { text: "mot ".repeat(500), html: "é".repeat(3000), subject: "é".repeat(900), ..mail() };
        let message = formatted(&long);
        assert!(!message.replace("\r\n", "").contains(['\r', '\n']));
        assert_eq!(message.split("\r\n").find(|line| line.len() > 998), None);
    }

    #[test]
    fn files_are_kept_as_they_are() {
        let file = Attachment {
            name: "a/b «\u{a0}été\u{a0}».txt".to_owned(),
            media_type: "text/plain; charset=utf-8".to_owned(),
            bytes: "été".as_bytes().to_vec(),
        };
        let message = formatted(&Mail { attachments: vec![file], ..mail() });
        assert!(message.contains("Content-Type: multipart/mixed;"), "{message}");
        assert!(message.contains("Content-Disposition: attachment;") && !message.contains("a/b"), "{message}");
    }
}
