//! Blocks to Discord's Markdown. What people and curators wrote is text: nothing of it may become markup, a mention or a
//! link that they did not write.

use crate::{Block, Span};

/// Characters that mean something in Discord's Markdown, wherever they stand.
const SPECIAL: [char; 9] = ['\\', '*', '_', '~', '`', '|', '[', ']', '<'];

/// One paragraph per top block, as Markdown; a list is one paragraph of lines.
pub(super) fn paragraphs(blocks: &[Block]) -> Vec<String> {
    blocks.iter().map(|block| lines(block, 0)).filter(|text| !text.trim().is_empty()).collect()
}

fn lines(block: &Block, depth: usize) -> String {
    match block {
        Block::Paragraph { spans, .. } => {
            escape_line_starts(&spans.iter().map(span).fold(String::new(), |text, next| joined(text, &next)))
        }
        Block::List { ordered, items, .. } => {
            let indent = "   ".repeat(depth);
            let item = |(number, item): (usize, &Vec<Block>)| {
                let mark = if *ordered { format!("{}. ", number + 1) } else { "- ".to_owned() };
                let inside: Vec<String> = item.iter().map(|block| lines(block, depth + 1)).collect();
                format!("{indent}{mark}{}", inside.join("\n"))
            };
            items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
        }
    }
}

/// `next` behind `text`. Marks that meet would be read as others: something invisible stands between them.
fn joined(mut text: String, next: &str) -> String {
    let meet = |mark: char| text.ends_with(mark) && next.starts_with(mark);
    if meet('*') || meet('`') {
        text.push('\u{2060}');
    }
    text + next
}

fn span(span: &Span) -> String {
    if span.code {
        return code(&span.text);
    }
    let mut text = escape(&span.text);
    // Without a whole address its words are all that can be shown.
    if let Some(image) = span.image.as_ref().filter(|image| is_web(&image.src)) {
        return format!("[{text}](<{}>)", image.src);
    }
    match &span.href {
        Some(href) if is_web(href) && href == &span.text => return format!("<{}>", href.replace('>', "%3E")),
        Some(href) if is_web(href) => text = format!("[{text}](<{}>)", href.replace('>', "%3E")),
        // Discord makes no links of mail addresses and numbers: they are shown, when the text does not say them already.
        Some(href) => {
            let address = href.split_once(':').map_or(href.as_str(), |(_, address)| address);
            if !span.text.contains(address) {
                text = format!("{text} ({})", escape(address));
            }
        }
        None => {}
    }
    text = if span.strong { around(&text, "**") } else { text };
    if span.em { around(&text, "*") } else { text }
}

/// The address of the first image, when it is a whole one.
pub(super) fn first_image(blocks: &[Block]) -> Option<&str> {
    blocks.iter().find_map(|block| match block {
        Block::Paragraph { spans, .. } => {
            spans.iter().filter_map(|span| span.image.as_ref()).map(|image| &*image.src).find(|src| is_web(src))
        }
        Block::List { items, .. } => items.iter().find_map(|item| first_image(item)),
    })
}

fn is_web(href: &str) -> bool {
    href.starts_with("https://") || href.starts_with("http://")
}

/// Marks stand at words, not at spaces: `** a **` would be shown as it is.
fn around(text: &str, mark: &str) -> String {
    let inside = text.trim();
    if inside.is_empty() {
        return text.to_owned();
    }
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    format!("{}{mark}{inside}{mark}{}", &text[..start], &text[end..])
}

/// Code is shown as it is; backticks inside need more outside.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    if longest == 0 {
        return format!("`{text}`");
    }
    let mark = "`".repeat(longest + 1);
    format!("{mark} {text} {mark}")
}

/// Text that is shown as it is. `@` is followed by an invisible joiner, so that `@everyone` is only a word; mentions are
/// switched off besides.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if SPECIAL.contains(&c) {
            out.push('\\');
        }
        out.push(c);
        if c == '@' {
            out.push('\u{2060}');
        }
    }
    out
}

/// Plain text in paragraphs, as Markdown that shows it as it is.
pub(super) fn plain(text: &str) -> Vec<String> {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| escape_line_starts(&escape(paragraph))).collect()
}

/// What means something only where a line begins: headings, quotes, lists, small print.
fn escape_line_starts(text: &str) -> String {
    let line = |line: &str| {
        let first = line.trim_start();
        let is_numbered = first.split_once(['.', ')']).is_some_and(|(number, rest)| {
            !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(' ')
        });
        if first.starts_with(['#', '>'])
            || first.starts_with("- ")
            || first.starts_with("-#")
            || first.starts_with("+ ")
        {
            format!("{}\\{first}", &line[..line.len() - first.len()])
        } else if is_numbered {
            line.replacen(['.', ')'], "\\.", 1)
        } else {
            line.to_owned()
        }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Span {
        Span { text: text.into(), ..Span::default() }
    }

    fn paragraph(spans: Vec<Span>) -> Block {
        Block::Paragraph { spans, source: 0 }
    }

    fn check(span: Span, expect: &str) {
        assert_eq!(paragraphs(&[paragraph(vec![span])]), [expect]);
    }

    #[test]
    fn what_is_text_stays_text() {
        check(text("prix *net* de [base] | 5_000 €"), r"prix \*net\* de \[base\] \| 5\_000 €");
        check(text("@everyone et <@123>"), "@\u{2060}everyone et \\<@\u{2060}123>");
        check(text("# 1 avis\n> cité\n- tiret"), "\\# 1 avis\n\\> cité\n\\- tiret");
        check(text("2. deux"), r"2\. deux");
        check(text("C’est l’index : « 1,05 »"), "C’est l’index : « 1,05 »");
    }

    #[test]
    fn looks_and_links_are_kept() {
        check(Span { strong: true, ..text("Attention ") }, "**Attention** ");
        check(Span { strong: true, em: true, ..text("vite") }, "***vite***");
        check(Span { code: true, ..text("a*b") }, "`a*b`");
        check(Span { code: true, ..text("a`b") }, "`` a`b ``");
        check(Span { code: true, ..text("a``b") }, "``` a``b ```");
        let strong = |words: &str| Span { strong: true, ..text(words) };
        let met = paragraph(vec![strong("un"), Span { em: true, ..strong("deux") }]);
        assert_eq!(paragraphs(&[met]), ["**un**\u{2060}***deux***"]);
        let link = |label: &str, href: &str| Span { href: Some(href.into()), ..text(label) };
        check(
            link("le portail", "https://portail.editeur.example/a>b"),
            "[le portail](<https://portail.editeur.example/a%3Eb>)",
        );
        check(link("https://a.example", "https://a.example"), "<https://a.example>");
        check(link("écrivez-nous", "mailto:cles@editeur.example"), "écrivez-nous (cles@\u{2060}editeur.example)");
        check(link("01 02", "tel:01 02"), "01 02");
    }

    #[test]
    fn an_image_is_a_link_with_its_words_when_its_address_is_whole() {
        let picture = |src: &str| Span {
            image: Some(crate::Picture { src: src.into(), width: 2, height: 1 }),
            ..text("Le menu [1]")
        };
        check(picture("https://a.example/images/b.png"), r"[Le menu \[1\]](<https://a.example/images/b.png>)");
        check(picture("images/b.png"), r"Le menu \[1\]");
        let item = vec![paragraph(vec![text("un"), picture("images/b.png"), picture("https://a.example/c.png")])];
        let list = Block::List { ordered: true, items: vec![item], source: 0 };
        assert_eq!(first_image(&[paragraph(vec![text("a")]), list]), Some("https://a.example/c.png"));
    }

    #[test]
    fn lists_are_numbered_and_nested() {
        let item = |words: &str| vec![paragraph(vec![text(words)])];
        let inner = Block::List { ordered: false, items: vec![item("a"), item("b")], source: 0 };
        let outer = Block::List {
            ordered: true,
            items: vec![item("un"), vec![paragraph(vec![text("deux")]), inner]],
            source: 0,
        };
        assert_eq!(paragraphs(&[outer]), ["1. un\n2. deux\n   - a\n   - b"]);
    }
}
