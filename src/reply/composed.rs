//! A composed entry as it is said: the marks of its template become stretches of text, each with the portal field or the
//! rule that it comes from.

use guichet_bots::{Block, Outbound, Source, SourceKind, Span};
use guichet_kb::composed::{Known, Mark, Rendered, Template, catalogue, mark_of};
use guichet_kb::{Entry, KnowledgeBase, RuleId, Rules};
use jiff::Timestamp;

use super::{markdown, source};
use crate::facts::values::Values;
use crate::model::{Decision, FactValue};
use crate::text;

/// What is composed, and from what.
pub(crate) struct Composition<'a> {
    /// The entry.
    pub(crate) entry: &'a Entry,
    /// Its template.
    pub(crate) template: &'a Template,
    /// What its names say.
    pub(crate) values: &'a Values,
    /// What the rules say.
    pub(crate) rules: &'a Rules,
    /// What is cited.
    pub(crate) knowledge_base: &'a KnowledgeBase,
}

/// What the entry says of the customer, after a line that says which one is meant and before one that says when the portal
/// was asked. Without anything to say, the plain answer.
pub(crate) fn compose(composition: &Composition<'_>) -> Outbound {
    let Composition { entry, template, values, rules, knowledge_base } = *composition;
    let rendered = template.render(&entry.answer, &|known| values.test(known));
    let mut reply = Cited { reply: super::of(&Decision::Lookup(None)), values, rules };
    reply.lead(template.needs_contract());
    let says_something = !rendered.markdown.trim().is_empty();
    let markdown = if says_something { rendered.markdown.as_str() } else { entry.answer.as_str() };
    let place = reply.push(source(entry));
    let blocks = markdown::blocks(markdown, place, knowledge_base);
    let blocks = blocks.into_iter().map(|block| reply.with_marks(block, &rendered)).collect::<Vec<_>>();
    reply.reply.blocks.extend(blocks);
    for known in &rendered.decided_by {
        reply.cite(known);
    }
    let unchecked: Vec<_> = rendered.unknown.iter().map(|group| (*group, values.why(*group))).collect();
    let mut said: Vec<text::Phrase> = text::lookup::unchecked(&unchecked);
    if values.fact("customer.site").is_some_and(|fact| fact.value == FactValue::Choice("other")) {
        said.push(text::lookup::FROM_PARENT_VIEW.into());
    }
    // All that is said is at least as recent as the oldest part of it.
    let oldest = reply.reply.sources.iter().filter_map(|source| source.read_at).min();
    let oldest = oldest.and_then(|at| Timestamp::from_millisecond(at).ok());
    said.extend(oldest.map(text::lookup::read_at));
    super::add(&mut reply.reply, &said, Vec::new());
    reply.reply
}

/// A reply that remembers what it cites.
struct Cited<'a> {
    reply: Outbound,
    values: &'a Values,
    rules: &'a Rules,
}

impl Cited<'_> {
    fn push(&mut self, source: Source) -> usize {
        if let Some(place) = self.reply.sources.iter().position(|known| *known == source) {
            return place;
        }
        self.reply.sources.push(source);
        self.reply.sources.len() - 1
    }

    /// Which customer is meant, and which contract.
    fn lead(&mut self, with_contract: bool) {
        let source = self.push(super::text_source(text::lookup::ABOUT));
        let mut spans = Vec::new();
        for piece in text::lookup::about(with_contract) {
            match piece {
                Ok(text) => spans.push(Span { text: text.to_owned(), ..Span::default() }),
                Err(name) => spans.extend(catalogue::find(name).map(|known| self.value(known))),
            }
        }
        self.reply.blocks.push(Block::Paragraph { spans, source });
    }

    /// A fact as it is said.
    fn value(&mut self, known: &'static Known) -> Span {
        let text = self.values.fact(known.name).map(|fact| text::fact::said(&fact.value)).unwrap_or_default();
        Span { text, source: self.cite(known), ..Span::default() }
    }

    /// The fact as a source, with the rules that it follows from.
    fn cite(&mut self, known: &'static Known) -> Option<usize> {
        // What is not there was read with the contract too.
        let fact = self.values.fact(known.name).or_else(|| self.values.fact("customer.name"))?;
        let source = Source {
            kind: SourceKind::Fact,
            id: known.name.to_owned(),
            revision: None,
            label: Some(known.label.to_owned()),
            read_at: Some(fact.read_at.as_millisecond()),
            updated_at: None,
        };
        let place = self.push(source);
        for rule in known.rules {
            self.rule(*rule);
        }
        Some(place)
    }

    fn rule(&mut self, rule: RuleId) -> usize {
        let citation = self.rules.cite(rule);
        self.push(Source {
            kind: SourceKind::Rule,
            id: rule.as_str().to_owned(),
            revision: None,
            label: Some(text::french(citation.text)),
            read_at: None,
            updated_at: None,
        })
    }

    fn with_marks(&mut self, block: Block, rendered: &Rendered) -> Block {
        match block {
            Block::Paragraph { spans, source } => {
                let spans = spans.into_iter().flat_map(|span| self.span_with_marks(span, rendered)).collect();
                Block::Paragraph { spans, source }
            }
            Block::List { ordered, items, source } => {
                let items = items
                    .into_iter()
                    .map(|item| item.into_iter().map(|block| self.with_marks(block, rendered)).collect())
                    .collect();
                Block::List { ordered, items, source }
            }
        }
    }

    /// The span cut at its marks, with what stands there. What an image shows is the same for every customer.
    fn span_with_marks(&mut self, mut span: Span, rendered: &Rendered) -> Vec<Span> {
        if span.image.is_some() {
            span.text.retain(|c| mark_of(c).is_none());
            return vec![span];
        }
        let mut cut = Vec::new();
        let mut text = String::new();
        for c in span.text.chars() {
            let Some(mark) = mark_of(c).and_then(|number| rendered.marks.get(number)) else {
                text.push(c);
                continue;
            };
            if !text.is_empty() {
                cut.push(Span { text: std::mem::take(&mut text), ..span.clone() });
            }
            let stretch = match mark {
                Mark::Fact(known) => self.value(known),
                Mark::Rule(rule) => {
                    let text = text::french(self.rules.cite(*rule).text);
                    Span { text, source: Some(self.rule(*rule)), ..Span::default() }
                }
            };
            cut.push(Span { text: stretch.text, source: stretch.source, ..span.clone() });
        }
        if !text.is_empty() {
            cut.push(Span { text, ..span });
        }
        cut
    }
}
