//! The terminal as a channel: one line in, one reply out, options by number. For curators who try a knowledge base.

use std::io::{self, BufRead, Write};

use crate::{Assistant, AssistantError, Block, Choice, Inbound, Outbound, SourceKind, Span};

/// Talks until the input ends.
///
/// # Errors
/// When the terminal cannot be read or written, or when the assistant cannot be reached at all.
pub async fn run(assistant: &dyn Assistant, input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<()> {
    let conversation = assistant.open("terminal").await.map_err(io::Error::other)?;
    let mut options: Vec<Choice> = Vec::new();
    loop {
        write!(output, "> ")?;
        output.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return writeln!(output);
        }
        let inbound = inbound(line.trim(), &options);
        if inbound.text.is_empty() {
            continue;
        }
        match assistant.turn(&conversation, inbound).await {
            Ok(reply) => {
                write!(output, "\n{}\n", plain(&reply))?;
                options = reply.options;
            }
            Err(AssistantError::Refused(sentence)) => writeln!(output, "\n{sentence}\n")?,
            Err(error) => return Err(io::Error::other(error)),
        }
    }
}

/// A number stands for the option with that number.
pub(crate) fn inbound(line: &str, options: &[Choice]) -> Inbound {
    let chosen = line.parse::<usize>().ok().and_then(|number| options.get(number.checked_sub(1)?));
    match chosen {
        Some(choice) => Inbound { text: choice.label.clone(), option: Some(choice.id.clone()), id: None },
        None => Inbound { text: line.to_owned(), ..Inbound::default() },
    }
}

/// A reply as plain text: lists with dashes or numbers, addresses in full, options numbered, sources last.
pub fn plain(reply: &Outbound) -> String {
    let mut out = String::new();
    blocks(&reply.blocks, 0, &mut out);
    for (number, choice) in reply.options.iter().enumerate() {
        out.push_str(&format!("{}. {}\n", number + 1, choice.label));
    }
    for source in reply.sources.iter().filter(|source| source.kind == SourceKind::Entry) {
        let label = source.label.as_deref().unwrap_or(&source.id);
        out.push_str(&format!("Fiche\u{a0}: {label} ({})\n", source.id));
    }
    out
}

fn blocks(blocks: &[Block], depth: usize, out: &mut String) {
    let indent = "   ".repeat(depth);
    for block in blocks {
        match block {
            Block::Paragraph { spans, .. } => {
                let text: String = spans.iter().map(span).collect();
                out.push_str(&text.replace('\n', &format!("\n{indent}")));
                out.push_str(if depth == 0 { "\n\n" } else { "\n" });
            }
            Block::List { ordered, items, .. } => {
                for (number, item) in items.iter().enumerate() {
                    let mark = if *ordered { format!("{}.", number + 1) } else { "-".to_owned() };
                    out.push_str(&format!("{indent}{mark} "));
                    self::blocks(item, depth + 1, out);
                }
                if depth == 0 {
                    out.push('\n');
                }
            }
        }
    }
}

fn span(span: &Span) -> String {
    if let Some(image) = &span.image {
        return format!("{} ({})", span.text, image.src);
    }
    match &span.href {
        Some(href) if href.starts_with("http") && *href != span.text => format!("{} ({href})", span.text),
        _ => span.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn paragraph(text: &str) -> Block {
        Block::Paragraph { spans: vec![Span { text: text.into(), ..Span::default() }], source: 0 }
    }

    #[test]
    fn a_reply_reads_well_as_plain_text() {
        let reply = Outbound {
            decision: "answer".into(),
            confidence: 1.0,
            blocks: vec![
                paragraph("Deux étapes :"),
                Block::List { ordered: true, items: vec![vec![paragraph("un")], vec![paragraph("deux")]], source: 0 },
            ],
            sources: vec![Source {
                kind: SourceKind::Entry,
                id: "a-b".into(),
                revision: None,
                label: Some("Comment ?".into()),
                read_at: None,
                updated_at: None,
            }],
            options: vec![Choice { id: "x".into(), label: "Autre".into() }],
        };
        assert_eq!(plain(&reply), "Deux étapes :\n\n1. un\n2. deux\n\n1. Autre\nFiche\u{a0}: Comment ? (a-b)\n");
    }

    #[test]
    fn an_image_is_its_words_and_its_address() {
        let picture = crate::Picture { src: "https://guichet.example/images/a.png".into(), width: 2, height: 1 };
        let shown = span(&Span { text: "Le menu".into(), image: Some(picture), ..Span::default() });
        assert_eq!(shown, "Le menu (https://guichet.example/images/a.png)");
    }

    #[test]
    fn a_number_chooses_an_option() {
        let options = [Choice { id: "x".into(), label: "Autre".into() }];
        assert_eq!(inbound("1", &options).option.as_deref(), Some("x"));
        assert_eq!(inbound("2", &options), Inbound { text: "2".into(), ..Inbound::default() });
        assert_eq!(inbound("bonjour", &options).option, None);
    }
}
