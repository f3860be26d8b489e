//! From a decision to what is said: curated text, portal fields and fixed sentences, each with its source. Pure.

pub(crate) mod composed;
mod markdown;

use guichet_bots::{Block, Choice, Outbound, Source, SourceKind, Span};
use guichet_kb::{Entry, EntryId, Image, KnowledgeBase, Orientation, knowledge_base};

use crate::answer::{Language, Outcome};
use crate::model::{CONTRACT_CHOICE, CUSTOMER_CHOICE, Decision, Incident};
use crate::text::{self, Phrase, Sentence};

/// What is decided when something broken is told; see [`Outbound::decision`].
const INCIDENT: &str = "incident";
/// When it is told how far a request to support has got.
const REQUEST: &str = "request";
/// While somebody of the staff answers.
const PERSON: &str = "person";
/// When that begins, and when it ends.
const JOINED: &str = "joined";
const LEFT: &str = "left";

/// What is said for `outcome`, from the published entries of `knowledge_base`.
pub(crate) fn compose(outcome: &Outcome, language: Language, knowledge_base: &KnowledgeBase) -> Outbound {
    let mut reply = Reply::new(knowledge_base);
    let entry = |id: &EntryId| knowledge_base.entry(id.as_str()).filter(|entry| entry.is_public());
    let is_about_entries = !matches!(outcome.decision, Decision::SmallTalk(_) | Decision::Handoff);
    if language == Language::English && is_about_entries {
        reply.sentence(text::IN_FRENCH);
    }
    match &outcome.decision {
        Decision::Answer(id) => match entry(id) {
            Some(entry) => reply.entry(entry),
            None => reply.sentence(text::NO_ANSWER),
        },
        Decision::Lookup(id) => match id.as_ref().and_then(entry) {
            Some(entry) => {
                reply.sentence(text::LOOKUP);
                reply.entry(entry);
            }
            None => reply.sentence(text::LOOKUP_NOWHERE),
        },
        Decision::Clarify(ids) => {
            reply.sentence(text::CLARIFY);
            reply.options.extend(ids.iter().filter_map(entry).map(choice));
        }
        Decision::SmallTalk(intent) => reply.small_talk(intent, text::SMALL_TALK),
        Decision::Handoff => {
            let intent = knowledge_base.small_talk.intent.iter().find(|intent| intent.handoff);
            reply.small_talk(intent.map_or("", |intent| &intent.id), text::HANDOFF);
        }
        Decision::NoAnswer => {
            let id = outcome.orientation.as_ref().map_or("", |one| one.id.as_str());
            match knowledge_base.orientations.iter().find(|orientation| orientation.id.as_str() == id) {
                Some(orientation) => reply.orientation(orientation),
                None => reply.sentence(text::NO_ANSWER),
            }
        }
    }
    Outbound {
        decision: outcome.decision.name().to_owned(),
        confidence: outcome.confidence,
        blocks: reply.blocks,
        sources: reply.sources,
        options: reply.options,
    }
}

/// The beginning of a reply that only the dialogue towards a ticket fills.
pub(crate) fn handoff() -> Outbound {
    of(&Decision::Handoff)
}

/// The beginning of a reply that tells how far a request to support has got.
pub(crate) fn request() -> Outbound {
    named(REQUEST)
}

/// What the assistant says while somebody of the staff answers: nothing.
pub(crate) fn person() -> Outbound {
    named(PERSON)
}

/// Somebody of the staff is there.
pub(crate) fn joined(said: Phrase) -> Outbound {
    let mut reply = named(JOINED);
    add(&mut reply, &[said], Vec::new());
    reply
}

/// Nobody of the staff is there any more.
pub(crate) fn left(said: Phrase, options: Vec<Choice>) -> Outbound {
    let mut reply = named(LEFT);
    add(&mut reply, &[said], options);
    reply
}

/// Whether it was said without being asked.
pub(crate) fn is_unasked(reply: &Outbound) -> bool {
    reply.decision == JOINED || reply.decision == LEFT
}

/// Puts `second` after `first`, each block with its own source.
pub(crate) fn join(first: &mut Outbound, second: Outbound) {
    let shift = first.sources.len();
    first.sources.extend(second.sources);
    first.blocks.extend(second.blocks.into_iter().map(|block| shifted(block, shift)));
    first.options.extend(second.options);
    first.confidence = first.confidence.min(second.confidence);
}

fn shifted(block: Block, shift: usize) -> Block {
    match block {
        Block::Paragraph { spans, source } => {
            let span = |span: Span| Span { source: span.source.map(|source| source + shift), ..span };
            Block::Paragraph { spans: spans.into_iter().map(span).collect(), source: source + shift }
        }
        Block::List { ordered, items, source } => {
            let item = |item: Vec<Block>| item.into_iter().map(|block| shifted(block, shift)).collect();
            Block::List { ordered, items: items.into_iter().map(item).collect(), source: source + shift }
        }
    }
}

/// A reply with a decision and nothing said yet.
pub(crate) fn of(decision: &Decision) -> Outbound {
    named(decision.name())
}

fn named(decision: &str) -> Outbound {
    Outbound {
        decision: decision.to_owned(),
        confidence: 0.0,
        blocks: Vec::new(),
        sources: Vec::new(),
        options: Vec::new(),
    }
}

/// What is known to be broken.
pub(crate) fn incident(incident: &Incident) -> Outbound {
    let span = |text: &str, strong| vec![Span { text: text::french(text), strong, ..Span::default() }];
    let paragraphs = incident.text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    let spans = [span(&incident.title, true)].into_iter().chain(paragraphs.map(|text| span(text, false)));
    Outbound {
        decision: INCIDENT.to_owned(),
        confidence: 0.0,
        blocks: spans.map(|spans| Block::Paragraph { spans, source: 0 }).collect(),
        sources: vec![Source { label: Some(text::french(&incident.title)), ..text_source(&incident.id.source()) }],
        options: Vec::new(),
    }
}

/// Puts fixed sentences, one paragraph each, and options at the end of a reply.
pub(crate) fn add(reply: &mut Outbound, said: &[Phrase], options: Vec<Choice>) {
    for phrase in said {
        reply.sources.push(text_source(phrase.id));
        let spans = vec![Span { text: phrase.text.clone(), ..Span::default() }];
        reply.blocks.push(Block::Paragraph { spans, source: reply.sources.len() - 1 });
    }
    reply.options.extend(options);
}

/// Puts a fixed sentence before everything else.
pub(crate) fn begin_with(reply: &mut Outbound, phrase: &Phrase) {
    reply.sources.push(text_source(phrase.id));
    let spans = vec![Span { text: phrase.text.clone(), ..Span::default() }];
    reply.blocks.insert(0, Block::Paragraph { spans, source: reply.sources.len() - 1 });
}

fn text_source(id: &str) -> Source {
    Source { kind: SourceKind::Text, id: id.to_owned(), revision: None, label: None, read_at: None, updated_at: None }
}

/// An entry as it is shown by itself.
pub(crate) fn entry(entry: &Entry, knowledge_base: &KnowledgeBase) -> (Vec<Block>, Source) {
    let mut reply = Reply::new(knowledge_base);
    reply.entry(entry);
    (reply.blocks, source(entry))
}

/// A draft as it would be shown, with any of `images`: those that nothing in force shows yet.
pub(crate) fn draft(entry: &Entry, knowledge_base: &KnowledgeBase, images: &[Image]) -> Vec<Block> {
    markdown::blocks_with(&entry.answer, 0, knowledge_base, images)
}

/// A topic that no entry answers, as it is shown by itself.
pub(crate) fn orientation(orientation: &Orientation, knowledge_base: &KnowledgeBase) -> Vec<Block> {
    let mut reply = Reply::new(knowledge_base);
    reply.orientation(orientation);
    reply.blocks
}

/// Puts the plain answer of an entry at the end of a reply.
pub(crate) fn append_entry(reply: &mut Outbound, entry: &Entry, knowledge_base: &KnowledgeBase) {
    reply.sources.push(source(entry));
    reply.blocks.extend(markdown::blocks(&entry.answer, reply.sources.len() - 1, knowledge_base));
}

/// Whether something of the portal stands in it: in a sentence, or in what may be chosen.
pub(crate) fn holds_facts(reply: &Outbound) -> bool {
    let is_fact = |source: &Source| source.kind == SourceKind::Fact || source.id == text::lookup::WHAT_ABOUT;
    let is_of_the_portal = |id: &str| [CUSTOMER_CHOICE, CONTRACT_CHOICE].iter().any(|begins| id.starts_with(begins));
    reply.sources.iter().any(is_fact) || reply.options.iter().any(|option| is_of_the_portal(&option.id))
}

/// The reply without what came from the portal.
pub(crate) fn erased(reply: Outbound) -> Outbound {
    let mut left = Outbound { blocks: Vec::new(), sources: Vec::new(), options: Vec::new(), ..reply };
    add(&mut left, &[text::lookup::ERASED.into()], Vec::new());
    left
}

/// An entry as something to choose.
pub(crate) fn choice(entry: &Entry) -> Choice {
    Choice { id: entry.id.to_string(), label: text::french(&entry.question) }
}

struct Reply<'a> {
    knowledge_base: &'a KnowledgeBase,
    blocks: Vec<Block>,
    sources: Vec<Source>,
    options: Vec<Choice>,
}

impl<'a> Reply<'a> {
    fn new(knowledge_base: &'a KnowledgeBase) -> Self {
        Self { knowledge_base, blocks: Vec::new(), sources: Vec::new(), options: Vec::new() }
    }

    fn source(&mut self, source: Source) -> usize {
        self.sources.push(source);
        self.sources.len() - 1
    }

    fn paragraph(&mut self, text: &str, source: Source) {
        let source = self.source(source);
        let spans = vec![Span { text: text::french(text), ..Span::default() }];
        self.blocks.push(Block::Paragraph { spans, source });
    }

    fn sentence(&mut self, sentence: Sentence) {
        self.paragraph(sentence.text, text_source(sentence.id));
    }

    fn small_talk(&mut self, intent: &str, fallback: Sentence) {
        match self.knowledge_base.small_talk.intent.iter().find(|known| known.id == intent) {
            Some(known) => {
                let id = format!("small-talk/{}", known.id);
                self.paragraph(&known.reply, text_source(&id));
            }
            None => self.sentence(fallback),
        }
    }

    /// A topic that no entry answers: where to turn.
    fn orientation(&mut self, orientation: &Orientation) {
        let id = format!("orientation/{}", orientation.id);
        let label = Some(text::french(&orientation.topic));
        let source =
            self.source(Source { kind: SourceKind::Text, id, revision: None, label, read_at: None, updated_at: None });
        self.blocks.extend(markdown::blocks(&orientation.text, source, self.knowledge_base));
    }

    fn entry(&mut self, entry: &Entry) {
        let source = self.source(source(entry));
        self.blocks.extend(markdown::blocks(&entry.answer, source, self.knowledge_base));
    }
}

fn source(entry: &Entry) -> Source {
    Source {
        kind: SourceKind::Entry,
        id: entry.id.to_string(),
        revision: Some(knowledge_base::revision(entry)),
        label: Some(text::french(&entry.question)),
        read_at: None,
        updated_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(decision: Decision, text: &str, source: &str) {
        let knowledge_base = crate::knowledge::load(None).expect("the binary carries one").knowledge_base;
        let outcome = Outcome::certain(decision, 0.5);
        let reply = compose(&outcome, Language::French, &knowledge_base);
        let shown = guichet_bots::terminal::plain(&reply);
        assert!(shown.contains(text), "{shown}");
        assert!(reply.sources.iter().any(|found| found.id == source), "{:?}", reply.sources);
        for block in &reply.blocks {
            let (Block::Paragraph { source, .. } | Block::List { source, .. }) = block;
            assert!(*source < reply.sources.len(), "every block has a source");
        }
    }

    fn id(id: &str) -> EntryId {
        id.parse().expect("an id")
    }

    #[test]
    fn every_decision_says_something_and_where_it_comes_from() {
        let knowledge_base = crate::knowledge::load(None).expect("the binary carries one").knowledge_base;
        let first = &knowledge_base.entries[0];
        let question = text::french(&first.question);
        check(Decision::Answer(first.id.clone()), &question, first.id.as_str());
        check(Decision::Lookup(Some(first.id.clone())), "Je ne peux pas consulter", first.id.as_str());
        check(Decision::Lookup(None), "dossier d’un client", "lookup-nowhere");
        check(Decision::Clarify(vec![first.id.clone()]), &question, "clarify");
        check(Decision::NoAnswer, "pas de fiche", "no-answer");
        check(Decision::Handoff, "conseiller", "small-talk/humain");
        check(Decision::SmallTalk("merci".into()), "plaisir", "small-talk/merci");
        check(Decision::SmallTalk("absent".into()), "espace partenaire", "small-talk");
        check(Decision::Answer(id("n-existe-pas")), "pas de fiche", "no-answer");
    }
}
