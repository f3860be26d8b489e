//! Blocks of a reply as HTML, as the chat draws them. Everything that was written is escaped here; nothing else is markup.

use guichet_bots::{Block, Picture, Span};

/// The body of an answer.
pub(in crate::console) fn html(blocks: &[Block]) -> String {
    let mut out = String::new();
    draw(blocks, &mut out);
    out
}

/// `text` as text of a page.
pub(in crate::console) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn draw(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph { spans, .. } => {
                out.push_str("<p>");
                spans.iter().for_each(|span| push_span(span, out));
                out.push_str("</p>");
            }
            Block::List { ordered, items, .. } => {
                let tag = if *ordered { "ol" } else { "ul" };
                out.push_str(&format!("<{tag}>"));
                for item in items {
                    out.push_str("<li>");
                    draw(item, out);
                    out.push_str("</li>");
                }
                out.push_str(&format!("</{tag}>"));
            }
        }
    }
}

fn push_span(span: &Span, out: &mut String) {
    let Span { text, strong, em, code, href, entry, image, .. } = span;
    if let Some(Picture { src, width, height }) = image {
        let (src, alt) = (escaped(src), escaped(text));
        out.push_str(&format!(
            "<a class=\"image\" href=\"/{src}\" target=\"_blank\" rel=\"noopener\"><img src=\"/{src}\" \
             width=\"{width}\" height=\"{height}\" alt=\"{alt}\" loading=\"lazy\"></a>"
        ));
        return;
    }
    let link = match (href, entry) {
        (Some(href), _) => Some(format!("<a href=\"{}\" rel=\"noreferrer\">", escaped(href))),
        (None, Some(id)) => Some(format!("<a href=\"/console/fiches/{}\">", escaped(id))),
        (None, None) => None,
    };
    let marks = [(*strong, "strong"), (*em, "em"), (*code, "code")];
    let marks: Vec<&str> = marks.into_iter().filter_map(|(is_on, tag)| is_on.then_some(tag)).collect();
    out.push_str(link.as_deref().unwrap_or(""));
    marks.iter().for_each(|tag| out.push_str(&format!("<{tag}>")));
    out.push_str(&escaped(text));
    marks.iter().rev().for_each(|tag| out.push_str(&format!("</{tag}>")));
    out.push_str(if link.is_some() { "</a>" } else { "" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_its_words_its_room_and_leads_to_itself() {
        let image = Some(Picture { src: "images/a.png".into(), width: 2, height: 1 });
        let blocks = [Block::Paragraph { spans: vec![Span { image, ..span("le \"menu\"") }], source: 0 }];
        assert_eq!(
            html(&blocks),
            "<p><a class=\"image\" href=\"/images/a.png\" target=\"_blank\" rel=\"noopener\"><img src=\"/images/a.png\" \
             width=\"2\" height=\"1\" alt=\"le &quot;menu&quot;\" loading=\"lazy\"></a></p>"
        );
    }

    fn span(text: &str) -> Span {
        Span { text: text.to_owned(), ..Span::default() }
    }

    #[test]
    fn what_was_written_is_text_wherever_it_stands() {
        let spans = vec![
            span("<script>alert('x')</script> & co"),
            Span { href: Some("https://a.example/?q=\"><b>".into()), strong: true, ..span("lien") },
            Span { entry: Some("a-b".into()), em: true, code: true, ..span("fiche") },
        ];
        let blocks =
            [Block::List { ordered: true, items: vec![vec![Block::Paragraph { spans, source: 0 }]], source: 0 }];
        assert_eq!(
            html(&blocks),
            "<ol><li><p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; co\
             <a href=\"https://a.example/?q=&quot;&gt;&lt;b&gt;\" rel=\"noreferrer\"><strong>lien</strong></a>\
             <a href=\"/console/fiches/a-b\"><em><code>fiche</code></em></a></p></li></ol>"
        );
    }
}
