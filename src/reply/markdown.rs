//! The Markdown of an answer as blocks and spans: there is no HTML on the way, so nothing can be injected.

use std::iter::Peekable;

use guichet_bots::{Block, Picture, Span};
use guichet_kb::{Contacts, Image, KnowledgeBase, image, reference};
use pulldown_cmark::{Event, Parser, Tag};

use crate::text;

/// How many lists, quotes and looks may be open, one in the other; each list is two. Deeper ones are left out and what is in
/// them is kept: a page full of `>` would end the stack, and no channel shows so many levels.
const DEEPEST: usize = 24;

/// Addresses of these kinds are links; any other is shown as text.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// The blocks of `answer`. Contacts are filled in; links to entries become [`Span::entry`] when the entry is published; an
/// image that is not ours is its words; raw HTML is shown as the text that it is.
pub(super) fn blocks(answer: &str, source: usize, knowledge_base: &KnowledgeBase) -> Vec<Block> {
    blocks_with(answer, source, knowledge_base, &knowledge_base.images)
}

/// The same, which may show `images`.
pub(super) fn blocks_with(answer: &str, source: usize, knowledge_base: &KnowledgeBase, images: &[Image]) -> Vec<Block> {
    let markdown = reference::expand(answer, &knowledge_base.contacts);
    let mut walk = Walk { events: flattened(Parser::new(&markdown)).peekable(), source, knowledge_base, images };
    walk.blocks()
}

/// `events` without the containers that are nested too deeply.
fn flattened<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    // Which of the open containers are kept.
    let mut open: Vec<bool> = Vec::new();
    events.filter(move |event| match event {
        Event::Start(tag) => {
            // An item stays with its list.
            let is_kept = match tag {
                Tag::Item => open.last().copied().unwrap_or_default(),
                _ => open.len() < DEEPEST,
            };
            open.push(is_kept);
            is_kept
        }
        Event::End(_) => open.pop().unwrap_or_default(),
        _ => true,
    })
}

struct Walk<'a, I: Iterator<Item = Event<'a>>> {
    events: Peekable<I>,
    source: usize,
    knowledge_base: &'a KnowledgeBase,
    images: &'a [Image],
}

impl<'a, I: Iterator<Item = Event<'a>>> Walk<'a, I> {
    /// Blocks until the end of what contains them, which is consumed.
    fn blocks(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some(event) = self.events.peek() {
            match event {
                Event::End(_) => {
                    self.events.next();
                    break;
                }
                Event::Start(Tag::List(first)) => {
                    let ordered = first.is_some();
                    self.events.next();
                    blocks.push(Block::List { ordered, items: self.items(), source: self.source });
                }
                Event::Start(Tag::Paragraph | Tag::HtmlBlock | Tag::CodeBlock(_)) => {
                    let code = matches!(event, Event::Start(Tag::CodeBlock(_)));
                    self.events.next();
                    let look = Span { code, ..Span::default() };
                    self.push_paragraph(&mut blocks, &look, true);
                }
                Event::Start(Tag::Heading { .. }) => {
                    self.events.next();
                    self.push_paragraph(&mut blocks, &Span { strong: true, ..Span::default() }, true);
                }
                Event::Start(Tag::BlockQuote(_)) => {
                    self.events.next();
                    blocks.extend(self.blocks());
                }
                Event::Rule => {
                    self.events.next();
                }
                // The text of a tight list item stands there without a paragraph.
                _ => self.push_paragraph(&mut blocks, &Span::default(), false),
            }
        }
        blocks
    }

    fn items(&mut self) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.blocks()),
                _ => break,
            }
        }
        items
    }

    fn push_paragraph(&mut self, blocks: &mut Vec<Block>, look: &Span, takes_end: bool) {
        let mut spans = Vec::new();
        self.spans(look, takes_end, &mut spans);
        let spans = tidy(spans);
        if !spans.is_empty() {
            blocks.push(Block::Paragraph { spans, source: self.source });
        }
    }

    /// Spans with the look of what contains them. `takes_end`: the end of the container is consumed; otherwise the next
    /// block ends them and is left.
    fn spans(&mut self, look: &Span, takes_end: bool, spans: &mut Vec<Span>) {
        while let Some(event) = self.events.peek() {
            let is_block = match event {
                Event::Start(tag) => !is_inline(tag),
                Event::End(_) | Event::Rule => true,
                _ => false,
            };
            if is_block {
                if takes_end {
                    self.events.next();
                }
                return;
            }
            let Some(event) = self.events.next() else { return };
            let with_text = |text: &str| Span { text: text.to_owned(), ..look.clone() };
            match event {
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => spans.push(with_text(&text)),
                Event::Code(text) => spans.push(Span { code: true, ..with_text(&text) }),
                Event::SoftBreak => spans.push(with_text(" ")),
                Event::HardBreak => spans.push(with_text("\n")),
                Event::Start(Tag::Strong) => self.spans(&Span { strong: true, ..look.clone() }, true, spans),
                Event::Start(Tag::Emphasis) => self.spans(&Span { em: true, ..look.clone() }, true, spans),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let look = self.link(&dest_url, look);
                    self.spans(&look, true, spans);
                }
                Event::Start(Tag::Image { dest_url, .. }) => {
                    let first = spans.len();
                    self.spans(look, true, spans);
                    if let Some(image) = self.image(&dest_url) {
                        // Words of several looks are one alternative text.
                        let text = spans.drain(first..).map(|span| span.text).collect();
                        spans.push(Span { text, image: Some(image), ..Span::default() });
                    }
                }
                Event::Start(_) => self.spans(look, true, spans),
                _ => {}
            }
        }
    }

    fn image(&self, name: &str) -> Option<Picture> {
        let image = image::find(self.images, name)?;
        Some(Picture { src: image.address(), width: image.width, height: image.height })
    }

    fn link(&self, target: &str, look: &Span) -> Span {
        let mut look = look.clone();
        if let Some(id) = target.strip_prefix("entry:") {
            let entry = self.knowledge_base.entry(id).filter(|entry| entry.is_public());
            look.entry = entry.map(|entry| entry.id.to_string());
        } else {
            look.href = address(target, &self.knowledge_base.contacts);
        }
        look
    }
}

fn address(target: &str, contacts: &Contacts) -> Option<String> {
    let address = match target.strip_prefix("link:") {
        Some(name) => contacts.link.get(name)?.url.clone()?,
        None => target.to_owned(),
    };
    SCHEMES.iter().any(|scheme| address.starts_with(scheme)).then_some(address)
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Strong | Tag::Emphasis | Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough)
}

/// Neighbours of one look become one span, images aside; white space around a paragraph goes.
fn tidy(spans: Vec<Span>) -> Vec<Span> {
    let mut tidy: Vec<Span> = Vec::new();
    for span in spans {
        match tidy.last_mut() {
            Some(last)
                if span.image.is_none()
                    && Span { text: String::new(), ..last.clone() } == Span { text: String::new(), ..span.clone() } =>
            {
                last.text.push_str(&span.text);
            }
            _ => tidy.push(span),
        }
    }
    if let Some(last) = tidy.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    tidy.retain(|span| !span.text.is_empty() || span.image.is_some());
    for span in tidy.iter_mut().filter(|span| !span.code) {
        span.text = text::french(&span.text);
    }
    tidy
}

#[cfg(test)]
mod tests {
    use guichet_kb::{File, Loaded};

    use super::*;

    fn knowledge_base() -> KnowledgeBase {
        let file = |path: &str, text: &str| File { path: path.into(), bytes: text.as_bytes().to_vec() };
        Loaded::from_files(&[
            file(
                "contacts.toml",
                "[link.guide]\nlabel = \"Guide\"\nurl = \"https://guide.example/a\"\n[link.vide]\nlabel = \"x\"\n",
            ),
            file("entries/fr/x/a-b.md", "+++\nid = \"a-b\"\nquestion = \"q ?\"\n+++\n\nr\n"),
            file(
                "entries/fr/x/brouillon.md",
                "+++\nid = \"brouillon\"\nquestion = \"q2 ?\"\nstatus = \"draft\"\n+++\n\nr\n",
            ),
            file("images/menu.gif", "GIF89a\u{2}\0\u{1}\0"),
        ])
        .knowledge_base
    }

    /// Blocks in a short notation: ¶ paragraph, • list item, 1 numbered item, **strong**, _em_, `code`, [text→target], !image.
    fn notation(blocks: &[Block]) -> String {
        let mut out = String::new();
        for block in blocks {
            match block {
                Block::Paragraph { spans, .. } => {
                    out.push('¶');
                    for span in spans {
                        let mut text = span.text.clone();
                        if span.strong {
                            text = format!("**{text}**");
                        }
                        if span.em {
                            text = format!("_{text}_");
                        }
                        if span.code {
                            text = format!("`{text}`");
                        }
                        if let Some(image) = &span.image {
                            text = format!("!{text} {}x{}", image.width, image.height);
                        }
                        if let Some(target) = span.href.as_ref().or(span.entry.as_ref()) {
                            text = format!("[{text}→{target}]");
                        }
                        out.push_str(&text);
                    }
                }
                Block::List { ordered, items, .. } => {
                    for item in items {
                        out.push_str(if *ordered { "(1" } else { "(•" });
                        out.push_str(&notation(item));
                        out.push(')');
                    }
                }
            }
        }
        out
    }

    fn check(markdown: &str, expected: &str) {
        assert_eq!(notation(&blocks(markdown, 0, &knowledge_base())), expected, "{markdown}");
    }

    #[test]
    fn paragraphs_lists_and_emphasis_keep_their_structure() {
        check("Un **deux** _trois_ `4`.\nCinq", "¶Un **deux** _trois_ `4`. Cinq");
        check("A :\n\n1. un\n2. deux\n   - b\n   - c\n\nFin", "¶A\u{a0}:(1¶un)(1¶deux(•¶b)(•¶c))¶Fin");
        check("- un\n\n- deux\n\n  suite", "(•¶un)(•¶deux¶suite)");
        check("# Titre\n\ntexte\\\nligne", "¶**Titre**¶texte\nligne");
        check("> cité", "¶cité");
        check("```\na < b\n```", "¶`a < b`");
        check("", "");
    }

    #[test]
    fn what_is_nested_beyond_reason_is_flat_and_still_said() {
        for (mark, text) in
            [("> ", "x"), ("- ", "x"), ("1. ", "x"), ("*a **b ", "x"), ("[", "x](https://aide.example/)")]
        {
            let blocks = blocks(&format!("{}{text}", mark.repeat(20_000)), 0, &knowledge_base());
            assert!(notation(&blocks).contains('x'), "{mark}");
            let kept = serde_json::to_string(&blocks).expect("blocks are JSON");
            assert_eq!(serde_json::from_str::<Vec<Block>>(&kept).expect("it is read back"), blocks, "{mark}");
        }
    }

    #[test]
    fn links_lead_only_where_they_may() {
        check("[ici](link:guide)", "¶[ici→https://guide.example/a]");
        check("[ici](link:vide) [là](link:absent)", "¶ici là");
        check("[fiche](entry:a-b)", "¶[fiche→a-b]");
        check("[fiche](entry:brouillon)", "¶fiche");
        check("[x](javascript:alert(1)) [y](data:text/html,z)", "¶x y");
        check("[m](mailto:a@b.example)", "¶[m→mailto:a@b.example]");
    }

    #[test]
    fn images_of_ours_are_shown_and_all_others_are_their_words() {
        check("Ici ![le **menu** :](menu.gif \"titre\") et là", "¶Ici !le menu\u{a0}: 2x1 et là");
        check("1. Ouvrez.\n\n   ![Le menu](menu.gif)", "(1¶Ouvrez.¶!Le menu 2x1)");
        check("![a](menu.gif)![a](menu.gif)", "¶!a 2x1!a 2x1");
        check("**![a](menu.gif)** [![b](menu.gif)](link:guide)", "¶!a 2x1 !b 2x1");
        check("![](menu.gif)", "¶! 2x1");
        check("![le menu](absent.png) ![x](//x.example/menu.gif)", "¶le menu x");
        let blocks = blocks("![a](menu.gif)", 0, &knowledge_base());
        let Block::Paragraph { spans, .. } = &blocks[0] else { panic!("a paragraph") };
        let src = &spans[0].image.as_ref().expect("an image").src;
        assert!(src.starts_with("images/") && src.ends_with(".gif") && src.len() == 43, "{src}");
    }

    #[test]
    fn markup_is_text() {
        check("a <b onclick=\"x()\">c</b>", "¶a <b onclick=\"x()\">c</b>");
        check("<script>alert(1)</script>", "¶<script>alert(1)</script>");
        check("![alt](https://x.example/i.png)", "¶alt");
    }
}
