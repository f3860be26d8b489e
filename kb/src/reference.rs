//! What an answer refers to: contacts (`{{contact.NAME.FIELD}}`), links (`[text](link:NAME)`), entries
//! (`[text](entry:ID)`), images (`![what it shows](NAME.png)`).

use std::ops::Range;

use crate::contacts::{ContactField, Contacts};

/// One reference found in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'a> {
    /// Line inside the answer, from 0.
    pub line: usize,
    /// What is referred to.
    pub reference: Reference<'a>,
}

/// What a reference points to, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    /// A field of a contact.
    Contact(&'a str, ContactField),
    /// A link of `contacts.toml`.
    Link(&'a str),
    /// Another entry.
    Entry(&'a str),
    /// An image.
    Image {
        /// What stands there as its name.
        name: &'a str,
        /// What it shows, in words.
        alt: &'a str,
    },
    /// `{{…}}` that is none of these.
    Unknown(&'a str),
}

/// All references of `answer`, in order.
pub fn find(answer: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for (line, text) in answer.lines().enumerate() {
        let placeholders = between(text, "{{", "}}").map(placeholder);
        let links = between(text, "](link:", ")").map(Reference::Link);
        let entries = between(text, "](entry:", ")").map(Reference::Entry);
        let images = images(text).map(|(_, name, alt)| Reference::Image { name, alt });
        let all = placeholders.chain(links).chain(entries).chain(images);
        found.extend(all.map(|reference| Found { line, reference }));
    }
    found
}

/// `answer` with every contact placeholder replaced by its Markdown. One that cannot be resolved is left out: `kb check`
/// reports it, and a partner is never shown braces.
pub fn expand(answer: &str, contacts: &Contacts) -> String {
    let mut out = String::with_capacity(answer.len());
    let mut rest = answer;
    while let Some(start) = rest.find("{{") {
        let Some(length) = rest[start..].find("}}") else { break };
        out.push_str(&rest[..start]);
        if let Reference::Contact(name, field) = placeholder(&rest[start + 2..start + length]) {
            out.push_str(&contacts.markdown(name, field).unwrap_or_default());
        }
        rest = &rest[start + length + 2..];
    }
    out.push_str(rest);
    out
}

fn placeholder(inside: &str) -> Reference<'_> {
    let parts: Vec<&str> = inside.trim().split('.').collect();
    match parts.as_slice() {
        ["contact", name, field] => match ContactField::from_name(field) {
            Some(field) => Reference::Contact(name, field),
            None => Reference::Unknown(inside),
        },
        _ => Reference::Unknown(inside),
    }
}

/// `markdown` with the words of the images that `is_kept` does not keep by their names.
pub fn with_images(markdown: &str, is_kept: &mut dyn FnMut(&str) -> bool) -> String {
    let mut out = String::with_capacity(markdown.len());
    for line in markdown.split_inclusive('\n') {
        let mut done = 0;
        for (place, name, alt) in images(line) {
            if place.start >= done && !is_kept(name) {
                out.push_str(&line[done..place.start]);
                out.push_str(alt);
                done = place.end;
            }
        }
        out.push_str(&line[done..]);
    }
    out
}

/// The images of one line: place, name, alternative text. A title after the name, which nothing shows, is no part of it.
fn images(text: &str) -> impl Iterator<Item = (Range<usize>, &str, &str)> {
    text.match_indices("![").filter_map(|(at, open)| {
        let is_escaped = text[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        let (alt, rest) = text[at + open.len()..].split_once("](")?;
        let (target, after) = rest.split_once(')')?;
        let name = target.split_whitespace().next().unwrap_or_default();
        (!is_escaped).then_some((at..text.len() - after.len(), name, alt.trim()))
    })
}

fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open).skip(1).filter_map(move |after| after.split_once(close).map(|(inside, _)| inside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts::Contact;

    fn contacts() -> Contacts {
        let mut contacts = Contacts::default();
        let contact = Contact {
            label: "Clés".into(),
            email: Some("cles@editeur.example".into()),
            phone: Some("01 00 00 00 00".into()),
            phone_cost: Some("appel local".into()),
            hours: None,
        };
        contacts.contact.insert("cles".into(), contact);
        contacts
    }

    #[test]
    fn references_are_found_with_their_lines() {
        let answer = "Voyez [le guide](link:guide).\n\nÉcrivez à {{contact.cles.email}} ou [ceci](entry:a-b). {{x}}";
        let found: Vec<_> = find(answer).into_iter().map(|found| (found.line, found.reference)).collect();
        assert_eq!(
            found,
            vec![
                (0, Reference::Link("guide")),
                (2, Reference::Contact("cles", ContactField::Email)),
                (2, Reference::Unknown("x")),
                (2, Reference::Entry("a-b")),
            ]
        );
    }

    #[test]
    fn images_are_found_with_what_they_show() {
        let answer = "![Le menu](menu.png) et ![](vide.gif \"titre\")\n\\![non](x.png) ![non";
        let found: Vec<_> = find(answer).into_iter().map(|found| (found.line, found.reference)).collect();
        assert_eq!(
            found,
            vec![
                (0, Reference::Image { name: "menu.png", alt: "Le menu" }),
                (0, Reference::Image { name: "vide.gif", alt: "" }),
            ]
        );
    }

    #[test]
    fn placeholders_become_links_and_unknown_ones_vanish() {
        assert_eq!(
            expand("A {{contact.cles.email}}, {{contact.cles.phone}}{{contact.cles.hours}}{{nope}}.", &contacts()),
            "A [cles@editeur.example](mailto:cles@editeur.example), [01 00 00 00 00](tel:0100000000) (appel local)."
        );
        assert_eq!(expand("sans fin {{contact", &contacts()), "sans fin {{contact");
    }
}
