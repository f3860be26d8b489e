//! A ticket as an agent reads it: the first comment and the conversation that led to it.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::escalation;
use crate::model::{EmailAddress, Speaker, TicketDraft, TicketStatus, TranscriptLine};

/// Begins a line that the visitor wrote.
const VISITOR: &str = "Partenaire";

/// Begins a line that the assistant wrote.
const ASSISTANT: &str = "Assistant";

/// How much of a conversation a comment quotes, in bytes.
const LONGEST_QUOTE: usize = 20_000;

/// Name of the file that holds the conversation.
pub(crate) fn transcript_name(draft: &TicketDraft) -> String {
    format!("conversation-{}.txt", draft.reference)
}

/// Where a request stands, as its author reads it.
pub(crate) fn status(status: TicketStatus) -> &'static str {
    match status {
        TicketStatus::New => "enregistrée, un conseiller va la lire",
        TicketStatus::Open => "un conseiller s’en occupe",
        TicketStatus::Pending => "un conseiller attend votre réponse",
        TicketStatus::Solved => "résolue",
        TicketStatus::Closed => "close",
    }
}

/// What the request is about, one line for each thing that is known.
pub(crate) fn facts(draft: &TicketDraft) -> Vec<(&'static str, String)> {
    let requester = &draft.requester;
    let mut facts = vec![
        ("Référence", draft.reference.to_string()),
        ("Demandeur", format!("{} <{}>", requester.name, requester.email.as_str())),
    ];
    facts.extend(requester.company.clone().map(|company| ("Société", company)));
    facts.extend(draft.product.clone().map(|product| ("Produit", product)));
    facts.push(("Urgence", escalation::urgency(draft.urgency).to_owned()));
    facts
}

/// Who was signed in and whom it is about, for those who look it up: ids only.
pub(crate) fn ids(draft: &TicketDraft) -> Vec<(&'static str, String)> {
    let Some(asker) = &draft.asker else { return Vec::new() };
    let mut ids = vec![
        ("Partenaire (portail)", asker.partner.as_str().to_owned()),
        ("Utilisateur (portail)", asker.user.as_str().to_owned()),
    ];
    ids.extend(asker.customer.as_ref().map(|customer| ("Client (portail)", customer.as_str().to_owned())));
    ids.extend(asker.contract.as_ref().map(|contract| ("Contrat (portail)", contract.as_str().to_owned())));
    ids
}

/// The first comment of the ticket: the person's own words, then what is known.
pub(crate) fn first_comment(draft: &TicketDraft) -> String {
    let mut text = format!("{}\n\n---\n", draft.description.trim());
    write_facts(&mut text, facts(draft).into_iter().chain(ids(draft)));
    text.push_str("La conversation qui a conduit à cette demande est jointe.\n");
    text
}

/// The files that came with an answer at another desk, which mails them.
pub(crate) fn sent_by_mail(names: &[String]) -> String {
    let (what, where_to) = match names {
        [_] => ("Pièce jointe", "elle vous parvient"),
        _ => ("Pièces jointes", "elles vous parviennent"),
    };
    format!("{what}\u{a0}: {} ({where_to} par e-mail).", names.join(", "))
}

/// The files that came with an answer at another desk: those that are here, and those that only the desk's mail has.
pub(crate) fn sent_at_the_desk(here: &[String], by_mail: &[String]) -> String {
    let attached = match here {
        [] => None,
        [name] => Some(format!("Pièce jointe\u{a0}: {name}.")),
        names => Some(format!("Pièces jointes\u{a0}: {}.", names.join(", "))),
    };
    let mailed = (!by_mail.is_empty()).then(|| sent_by_mail(by_mail));
    attached.into_iter().chain(mailed).collect::<Vec<_>>().join("\n")
}

/// A mail that the support box received while the desk was silent.
pub(crate) struct Told<'a> {
    /// The box.
    pub(crate) to: &'a EmailAddress,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
    /// Its Message-ID.
    pub(crate) message: &'a str,
}

/// The note on the ticket of another desk that says where the mail is. `is_comment`: it was about something that was
/// added, not about the request. Times are those of `zone`.
pub(crate) fn told_by_mail(told: &Told<'_>, is_comment: bool, zone: &TimeZone) -> String {
    let what = if is_comment { "un ajout du demandeur a été envoyé" } else { "cette demande a été envoyée" };
    let Told { to, at, message } = told;
    let (to, at) = (to.as_str(), moment(*at, zone));
    format!(
        "Pendant que cet outil ne répondait pas, {what} par e-mail à {to} le {at} (Message-ID\u{a0}: {message}).\n\
         Avant de répondre ici, vérifiez que personne n’a déjà répondu à cet e-mail.\n"
    )
}

/// The whole conversation as plain text, with the request in full above it. Times are those of `zone`.
pub(crate) fn transcript(draft: &TicketDraft, zone: &TimeZone) -> String {
    let mut text = format!("Objet\u{a0}: {}\n", draft.subject);
    write_facts(&mut text, facts(draft));
    let _ = writeln!(text, "\nDemande\n{}\n\nConversation", draft.description.trim());
    for line in &draft.transcript {
        text.push_str(&line_of(line, zone));
    }
    text
}

/// What is added to a ticket of another conversation: the person's own words, then what was said in the conversation that
/// they come from, its end when it is long.
pub(crate) fn addition(words: &str, said: &[TranscriptLine], zone: &TimeZone) -> String {
    let mut room = LONGEST_QUOTE;
    let mut lines: Vec<String> = Vec::new();
    for line in said.iter().rev().map(|line| line_of(line, zone)) {
        match room.checked_sub(line.len()) {
            Some(left) => room = left,
            None => break,
        }
        lines.push(line);
    }
    lines.reverse();
    format!("{}\n\n---\nConversation d’où vient ce message\n{}", words.trim(), lines.concat())
}

fn line_of(line: &TranscriptLine, zone: &TimeZone) -> String {
    format!("[{}] {}\u{a0}: {}\n", clock(line, zone), speaker(line), line.text.trim())
}

/// Who says `line`.
pub(crate) fn speaker(line: &TranscriptLine) -> String {
    match &line.speaker {
        Speaker::Visitor => VISITOR.to_owned(),
        Speaker::Assistant => ASSISTANT.to_owned(),
        Speaker::Agent(name) => format!("{name} (support)"),
    }
}

/// When `line` was said, as French people write it.
pub(crate) fn clock(line: &TranscriptLine, zone: &TimeZone) -> String {
    moment(line.at, zone)
}

fn moment(at: i64, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or_default();
    at.to_zoned_datetime(zone.clone()).strftime("%d/%m/%Y %H:%M").to_string()
}

fn write_facts(text: &mut String, facts: impl IntoIterator<Item = (&'static str, String)>) {
    for (name, value) in facts {
        let _ = writeln!(text, "{name}\u{a0}: {value}");
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::{Asker, Requester, TicketRef, Urgency};

    /// A request of an invented partner.
    pub(crate) fn draft() -> TicketDraft {
        let line = |speaker, text: &str, at| TranscriptLine { speaker, text: text.to_owned(), at };
        TicketDraft {
            reference: TicketRef::from_random(0x12_3456_789a),
            conversation: "019ab".to_owned(),
            requester: Requester {
                name: "Léa Martin".to_owned(),
                email: "lea.martin@revendeur.example".parse().expect("a right address"),
                company: Some("Revendeur & Fils".to_owned()),
            },
            asker: None,
            subject: "Licence bloquée".to_owned(),
            description: "L’activation échoue avec le code 42.".to_owned(),
            product: Some("Gestion commerciale".to_owned()),
            urgency: Urgency::High,
            transcript: vec![
                line(Speaker::Visitor, "Bonjour, l’activation échoue", 1_764_000_000_000),
                line(Speaker::Assistant, "Je n’ai pas de fiche qui réponde.", 1_764_000_060_000),
                line(Speaker::Agent("Inès".to_owned()), "Je regarde.", 1_764_000_090_000),
            ],
            tags: vec!["Activation de licence".to_owned()],
            created_at: 1_764_000_120_000,
            attachments: Vec::new(),
        }
    }

    #[test]
    fn the_first_comment_says_by_ids_who_was_signed_in_and_whom_it_is_about() {
        assert!(!first_comment(&draft()).contains("portail"));
        let asker = Asker {
            partner: "P-1".parse().expect("an id"),
            user: "U-11".parse().expect("an id"),
            customer: Some("C-1001".parse().expect("an id")),
            contract: None,
        };
        let signed_in = TicketDraft { asker: Some(asker), ..draft() };
        let comment = first_comment(&signed_in);
        for line in [
            "Partenaire (portail)\u{a0}: P-1\n",
            "Utilisateur (portail)\u{a0}: U-11\n",
            "Client (portail)\u{a0}: C-1001\n",
        ] {
            assert!(comment.contains(line), "{comment}");
        }
        assert!(!comment.contains("Contrat"));
    }

    #[test]
    fn what_is_added_from_elsewhere_quotes_the_end_of_the_conversation() {
        let line = |at, text: &str| TranscriptLine { speaker: Speaker::Visitor, text: text.to_owned(), at };
        let said = [line(0, &"é".repeat(LONGEST_QUOTE)), line(60_000, "Toujours bloqué")];
        let expected = "Bloqué\n\n---\nConversation d’où vient ce message\n\
             [01/01/1970 00:01] Partenaire\u{a0}: Toujours bloqué\n";
        assert_eq!(addition(" Bloqué ", &said, &TimeZone::UTC), expected);
    }

    #[test]
    fn the_transcript_holds_the_request_and_every_line_with_its_time() {
        let expected = "Objet\u{a0}: Licence bloquée\nRéférence\u{a0}: G-T4YC-5T82\n\
             Demandeur\u{a0}: Léa Martin <lea.martin@revendeur.example>\nSociété\u{a0}: Revendeur & Fils\n\
             Produit\u{a0}: Gestion commerciale\nUrgence\u{a0}: haute\n\nDemande\n\
             L’activation échoue avec le code 42.\n\nConversation\n\
             [24/11/2025 16:00] Partenaire\u{a0}: Bonjour, l’activation échoue\n\
             [24/11/2025 16:01] Assistant\u{a0}: Je n’ai pas de fiche qui réponde.\n\
             [24/11/2025 16:01] Inès (support)\u{a0}: Je regarde.\n";
        assert_eq!(transcript(&draft(), &TimeZone::UTC), expected);
    }

    #[test]
    fn the_first_comment_begins_with_the_persons_own_words_and_tells_only_what_is_known() {
        let mut draft = draft();
        draft.product = None;
        let comment = first_comment(&draft);
        assert!(comment.starts_with("L’activation échoue avec le code 42.\n"), "{comment}");
        assert!(comment.contains("Société\u{a0}: Revendeur & Fils") && !comment.contains("Produit"), "{comment}");
    }
}
