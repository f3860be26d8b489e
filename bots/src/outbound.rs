//! What goes out: a tree of blocks and spans that each channel draws in its own way. There is no markup in it: text is
//! text, and a link is a field.

use serde::{Deserialize, Serialize};

/// One reply, and where each part of it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Reply))]
pub struct Outbound {
    /// What was decided: `answer`, `clarify`, `lookup`, `smalltalk`, `handoff`, `incident`, `request` or `noanswer`; `person`
    /// while somebody of the staff answers, `joined` and `left` when that begins and ends.
    #[cfg_attr(feature = "schema", schema(example = "answer"))]
    pub decision: String,
    /// Calibrated probability that the first candidate is right, 0 to 1.
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 1))]
    pub confidence: f32,
    /// What is said.
    pub blocks: Vec<Block>,
    /// Where it comes from; blocks refer to it by position.
    pub sources: Vec<Source>,
    /// What the person may choose next.
    pub options: Vec<Choice>,
}

impl Outbound {
    /// Whether there is nothing to show: a person was told, and answers later.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.blocks.is_empty() && self.options.is_empty()
    }

    /// The same, with whole addresses of images for whoever reads it elsewhere: `service` is where people reach the
    /// service.
    #[must_use]
    pub fn with_images_at(mut self, service: &str) -> Self {
        on_spans(&mut self.blocks, &mut |span| {
            if let Some(picture) = &mut span.image {
                picture.src = format!("{}/{}", service.trim_end_matches('/'), picture.src);
            }
        });
        self
    }

    /// The same, with the words of images only.
    #[must_use]
    pub fn without_images(mut self) -> Self {
        on_spans(&mut self.blocks, &mut |span| span.image = None);
        self
    }
}

fn on_spans(blocks: &mut [Block], act: &mut dyn FnMut(&mut Span)) {
    for block in blocks {
        match block {
            Block::Paragraph { spans, .. } => spans.iter_mut().for_each(&mut *act),
            Block::List { items, .. } => items.iter_mut().for_each(|item| on_spans(item, act)),
        }
    }
}

/// A piece of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Block {
    /// Running text.
    Paragraph {
        /// Its parts, in order.
        spans: Vec<Span>,
        /// Position in `sources`.
        source: usize,
    },
    /// A list, of steps when `ordered`.
    List {
        /// Numbered.
        ordered: bool,
        /// Each item is a list of blocks.
        #[cfg_attr(feature = "schema", schema(no_recursion))]
        items: Vec<Vec<Block>>,
        /// Position in `sources`.
        source: usize,
    },
}

/// A stretch of text with one look. A line break is a `\n` in the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Span {
    /// The text itself, never markup.
    pub text: String,
    /// Strong emphasis.
    #[serde(skip_serializing_if = "is_false")]
    pub strong: bool,
    /// Emphasis.
    #[serde(skip_serializing_if = "is_false")]
    pub em: bool,
    /// To be typed or copied as it is.
    #[serde(skip_serializing_if = "is_false")]
    pub code: bool,
    /// Where the text leads: an `https:`, `http:`, `mailto:` or `tel:` address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// The entry that the text leads to: choosing it asks for that entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Position in `sources` of what this stretch alone comes from: a portal field, a rule. Without one, it comes from
    /// where its block comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<usize>,
    /// An image that stands here; the text says what it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Picture>,
}

/// An image of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Picture {
    /// Its address, below that of the service. What it leads to never changes.
    #[cfg_attr(feature = "schema", schema(example = "images/4f1c0d5e9a7b3c2d8e6f00112233aabb.png"))]
    pub src: String,
    /// In pixels: the room that it takes, before it has come.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Where a part of a reply comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Source {
    /// What kind of thing it is.
    pub kind: SourceKind,
    /// Its id: of an entry, a rule, a portal field, a fixed sentence.
    pub id: String,
    /// The version of the entry that was shown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub revision: Option<String>,
    /// What people call it, in French.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
    /// When the portal was asked, for a portal field: milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub read_at: Option<i64>,
    /// When the shown revision of an entry was made: milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub updated_at: Option<i64>,
}

/// What kind of thing a [`Source`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// A curated entry.
    Entry,
    /// A business rule.
    Rule,
    /// A field of the portal.
    Fact,
    /// A fixed sentence of the assistant or a curated small-talk reply.
    Text,
}

/// Something the person may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Choice {
    /// What comes back as `option`.
    pub id: String,
    /// What is shown, in French.
    pub label: String,
}

impl Choice {
    /// Whether it is a step towards a person, which asks for a name and an address: nothing for a public place.
    #[must_use]
    pub fn is_step(&self) -> bool {
        self.id.starts_with("do:")
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_words_to_whoever_does_not_know_images_and_has_a_whole_address_elsewhere() {
        let picture = Picture { src: "images/a.png".into(), width: 2, height: 1 };
        let spans = vec![Span { text: "Le menu".into(), image: Some(picture), ..Span::default() }];
        let item = vec![Block::Paragraph { spans, source: 0 }];
        let reply = Outbound {
            decision: "answer".into(),
            confidence: 1.0,
            blocks: vec![Block::List { ordered: false, items: vec![item], source: 0 }],
            sources: Vec::new(),
            options: Vec::new(),
        };
        let words = serde_json::to_string(&reply.clone().without_images()).expect("JSON");
        assert!(words.contains(r#"{"text":"Le menu"}"#), "{words}");
        let json = serde_json::to_string(&reply.with_images_at("https://guichet.example/aide/")).expect("JSON");
        let src = "https://guichet.example/aide/images/a.png";
        let span = format!(r#"{{"text":"Le menu","image":{{"src":"{src}","width":2,"height":1}}}}"#);
        assert!(json.contains(&span), "{json}");
    }

    #[test]
    fn a_reply_keeps_its_shape_in_json() {
        let reply = Outbound {
            decision: "answer".into(),
            confidence: 0.5,
            blocks: vec![Block::List {
                ordered: true,
                items: vec![vec![Block::Paragraph {
                    spans: vec![Span { text: "a".into(), strong: true, ..Span::default() }],
                    source: 0,
                }]],
                source: 0,
            }],
            sources: vec![Source {
                kind: SourceKind::Entry,
                id: "x".into(),
                revision: None,
                label: None,
                read_at: None,
                updated_at: None,
            }],
            options: Vec::new(),
        };
        let json = serde_json::to_string(&reply).expect("a reply is JSON");
        assert_eq!(
            json,
            r#"{"decision":"answer","confidence":0.5,"blocks":[{"type":"list","ordered":true,"items":[[{"type":"paragraph","spans":[{"text":"a","strong":true}],"source":0}]],"source":0}],"sources":[{"kind":"entry","id":"x"}],"options":[]}"#
        );
        assert_eq!(serde_json::from_str::<Outbound>(&json).expect("and back"), reply);
    }
}
