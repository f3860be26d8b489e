//! The mails that people receive. Each is told once, in blocks; its text and its HTML are two writings of the same.

mod blocks;
pub(crate) mod digest;

use jiff::tz::TimeZone;

use self::blocks::{Block, html, plain};
use super::ticket;
use crate::model::{TicketDraft, TicketRef};

/// Where to go on when nobody reads answers to our mails.
const IN_CHAT: &str = "Ne répondez pas à ce message\u{a0}: pour poursuivre, revenez dans la conversation.";

/// Ends what the support box receives.
const TO_REQUESTER: &str = "Votre réponse à ce message sera envoyée au demandeur. Gardez la référence dans l’objet.";

/// A mail without its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailText {
    /// One line. It begins with the reference, by which mail programs and agents tell requests apart.
    pub(crate) subject: String,
    /// Plain text.
    pub(crate) text: String,
    /// The same as HTML.
    pub(crate) html: String,
}

/// To the partner: the request is here. `answered` says when, as a whole sentence.
/// `has_box`: an answer to the mail reaches somebody.
pub(crate) fn acknowledged(draft: &TicketDraft, answered: &str, has_box: bool) -> MailText {
    let blocks = [
        Block::paragraph(format!("Bonjour {},", draft.requester.name)),
        Block::paragraph(format!("Votre demande est enregistrée sous la référence {}.", draft.reference)),
        Block::paragraph(answered),
        Block::Heading("Votre demande"),
        Block::Facts(summary(draft)),
        Block::Quote(draft.description.clone()),
        Block::paragraph(if has_box {
            "Pour la compléter, répondez à ce message sans changer son objet."
        } else {
            IN_CHAT
        }),
    ];
    mail(&draft.reference, &format!("Votre demande est enregistrée\u{a0}: {}", draft.subject), &blocks)
}

/// To the support box: the request and the whole conversation. Times are those of `zone`; the files of `left_out` are not
/// with it.
pub(crate) fn for_support(draft: &TicketDraft, left_out: &[String], zone: &TimeZone) -> MailText {
    let who = draft.requester.company.as_deref().unwrap_or(&draft.requester.name);
    let said = draft.transcript.iter().map(|line| {
        let head = format!("{}, {}", ticket::speaker(line), ticket::clock(line, zone));
        Block::Said(head, line.text.clone())
    });
    let mut blocks =
        vec![Block::Heading("Demande"), Block::Facts(summary(draft)), Block::Quote(draft.description.clone())];
    blocks.extend(too_large(left_out));
    blocks.push(Block::Heading("Conversation"));
    blocks.extend(said);
    blocks.push(Block::paragraph(TO_REQUESTER));
    mail(&draft.reference, &format!("{} ({who})", draft.subject), &blocks)
}

/// Names the files for which the mail has no room.
fn too_large(left_out: &[String]) -> Option<Block> {
    (!left_out.is_empty()).then(|| {
        let names = left_out.join(", ");
        Block::paragraph(format!("Trop volumineux pour ce message, à lire sur le guichet\u{a0}: {names}."))
    })
}

/// To the support box: what the requester adds. The files of `left_out` are not with it.
pub(crate) fn addition(draft: &TicketDraft, text: &str, left_out: &[String]) -> MailText {
    let who = draft.requester.company.as_deref().unwrap_or(&draft.requester.name);
    let mut blocks = vec![
        Block::paragraph(format!("{} ajoute à la demande {}\u{a0}:", draft.requester.name, draft.reference)),
        Block::Quote(text.to_owned()),
    ];
    blocks.extend(too_large(left_out));
    blocks.push(Block::paragraph(TO_REQUESTER));
    mail(&draft.reference, &format!("{} ({who})", draft.subject), &blocks)
}

/// To the support box: the ticket `id` of the desk holds what the mail before told, be it the request or an addition.
pub(crate) fn linked(draft: &TicketDraft, id: &str, is_comment: bool) -> MailText {
    let who = draft.requester.company.as_deref().unwrap_or(&draft.requester.name);
    let what = if is_comment { "Cet ajout à la demande" } else { "La demande" };
    let blocks = [
        Block::paragraph(format!("{what} {} est maintenant dans le ticket n°\u{a0}{id} du support.", draft.reference)),
        Block::paragraph(
            "Poursuivez dans ce ticket. Si vous avez déjà répondu par e-mail, indiquez-le dans le ticket.",
        ),
    ];
    mail(&draft.reference, &format!("{} ({who})", draft.subject), &blocks)
}

/// To the partner: what an agent answers. The files of `left_out` are not with it.
pub(crate) fn answered(
    reference: &TicketRef,
    subject: &str,
    requester: &str,
    answer: &str,
    left_out: &[String],
    has_box: bool,
) -> MailText {
    let mut blocks = vec![
        Block::paragraph(format!("Bonjour {requester},")),
        Block::paragraph(format!("Le support a répondu à votre demande {reference}\u{a0}:")),
        Block::Quote(answer.to_owned()),
    ];
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        blocks.push(Block::paragraph(format!("À télécharger dans la conversation\u{a0}: {names}.")));
    }
    blocks.push(Block::paragraph(if has_box {
        "Pour poursuivre, répondez à ce message sans changer son objet."
    } else {
        IN_CHAT
    }));
    mail(reference, &format!("Réponse à votre demande\u{a0}: {subject}"), &blocks)
}

fn summary(draft: &TicketDraft) -> Vec<(&'static str, String)> {
    let mut facts = vec![("Objet", draft.subject.clone())];
    facts.extend(ticket::facts(draft));
    facts
}

fn mail(reference: &TicketRef, subject: &str, blocks: &[Block]) -> MailText {
    MailText { subject: format!("[{reference}] {subject}"), text: plain(blocks), html: html(blocks) }
}

#[cfg(test)]
mod tests {
    use super::super::ticket::tests::draft;
    use super::*;

    #[test]
    fn every_mail_carries_the_reference_first_and_says_the_same_twice() {
        let draft = draft();
        let mails = [
            acknowledged(&draft, "Un conseiller vous répond avant demain 12\u{a0}h.", true),
            for_support(&draft, &["vidéo.zip".to_owned()], &TimeZone::UTC),
            answered(&draft.reference, &draft.subject, "Léa Martin", "Réinstallez <b>\nla clé & relancez.", &[], true),
            linked(&draft, "42", false),
        ];
        for mail in &mails {
            assert!(mail.subject.starts_with("[G-T4YC-5T82] "), "{}", mail.subject);
            assert!(mail.html.starts_with("<!doctype html>\n<html lang=\"fr\">"), "{}", mail.html);
            assert!(!mail.html.contains("<b>"), "{}", mail.html);
        }
        assert_eq!(mails[0].subject, "[G-T4YC-5T82] Votre demande est enregistrée\u{a0}: Licence bloquée");
        assert_eq!(mails[1].subject, "[G-T4YC-5T82] Licence bloquée (Revendeur & Fils)");
        for said in ["Un conseiller vous répond avant demain 12\u{a0}h.", "L’activation échoue avec le code 42."] {
            assert!(mails[0].text.contains(said) && mails[0].html.contains(said), "{:?}", mails[0]);
        }
        assert!(mails[1].html.contains("Revendeur &amp; Fils") && mails[1].text.contains("Revendeur & Fils"));
        assert!(mails[1].text.contains("à lire sur le guichet\u{a0}: vidéo.zip."), "{}", mails[1].text);
        assert!(mails[1].text.contains("Partenaire, 24/11/2025 16:00\nBonjour, l’activation échoue\n"));
        assert!(mails[3].text.contains("ticket n°\u{a0}42"), "{}", mails[3].text);
        assert!(mails[2].html.contains("Réinstallez &lt;b&gt;<br>\nla clé &amp; relancez."), "{}", mails[2].html);
        assert!(mails[2].text.contains("> Réinstallez <b>\n> la clé & relancez.\n"), "{}", mails[2].text);
    }

    #[test]
    fn french_marks_never_begin_a_line() {
        let mail = acknowledged(&draft(), "Bientôt.", false);
        let spaced = mail.text.replace("\u{a0}:", "").replace("\u{a0}?", "");
        assert!(![" :", " ?", " !", " ;", "'"].iter().any(|mark| spaced.contains(mark)), "{}", mail.text);
    }
}
