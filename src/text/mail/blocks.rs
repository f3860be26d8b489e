//! What a mail is made of, and its two writings.

use std::fmt::Write as _;

use crate::text::html::escaped;

/// A part of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A line above what follows.
    Heading(&'static str),
    /// A few sentences.
    Paragraph(String),
    /// Names and values, one a line.
    Facts(Vec<(&'static str, String)>),
    /// What somebody wrote, as it is.
    Quote(String),
    /// Who and when, and what was said.
    Said(String, String),
}

impl Block {
    pub(super) fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph(text.into())
    }
}

/// The blocks as plain text, an empty line between two.
pub(super) fn plain(blocks: &[Block]) -> String {
    let parts: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Heading(text) => format!("{text}\n{}\n", "-".repeat(text.chars().count())),
            Block::Paragraph(text) => format!("{text}\n"),
            Block::Facts(facts) => facts.iter().map(|(name, value)| format!("{name}\u{a0}: {value}\n")).collect(),
            Block::Quote(text) => text.trim().lines().map(|line| format!("> {line}\n")).collect(),
            Block::Said(head, text) => format!("{head}\n{}\n", text.trim()),
        })
        .collect();
    parts.join("\n")
}

/// The blocks as a page. What people wrote is escaped, and keeps its lines.
pub(super) fn html(blocks: &[Block]) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"></head>\n\
         <body style=\"font-family: sans-serif; line-height: 1.5\">\n",
    );
    for block in blocks {
        let _ = match block {
            Block::Heading(text) => writeln!(out, "<h2 style=\"font-size: 1.1em\">{}</h2>", escaped(text)),
            Block::Paragraph(text) => writeln!(out, "<p>{}</p>", lines(text)),
            Block::Facts(facts) => {
                let rows = facts.iter().map(|(name, value)| format!("{name}\u{a0}: {}", lines(value)));
                writeln!(out, "<p>{}</p>", rows.collect::<Vec<_>>().join("<br>\n"))
            }
            Block::Quote(text) => writeln!(
                out,
                "<blockquote style=\"margin: 0; padding-left: 1em; border-left: 3px solid #999\">{}</blockquote>",
                lines(text)
            ),
            Block::Said(head, text) => writeln!(out, "<p><strong>{}</strong><br>\n{}</p>", escaped(head), lines(text)),
        };
    }
    out.push_str("</body></html>\n");
    out
}

fn lines(text: &str) -> String {
    text.trim().lines().map(escaped).collect::<Vec<_>>().join("<br>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_never_markup() {
        let block = [Block::Quote("<script>\"'&\nfin".to_owned())];
        assert!(html(&block).contains(">&lt;script&gt;&quot;&#39;&amp;<br>\nfin<"), "{}", html(&block));
        assert_eq!(plain(&block), "> <script>\"'&\n> fin\n");
    }
}
