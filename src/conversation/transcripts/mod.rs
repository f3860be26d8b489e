//! Whole conversations as they are read, over our own knowledge base: one file each, compared as text. Lines that begin with
//! `>` are what the person sends (`> [id]` is a button); `#` says what is shown; all else is what comes back, an entry by
//! its name only. After a change that is meant, `UPDATE_TRANSCRIPTS=1 cargo test transcripts` writes them anew, to be read
//! in the diff.

use guichet_bots::{Block, Outbound, SourceKind};
use jiff::civil::DateTime;

use super::turn::{self, Chosen};
use crate::answer::Engine;
use crate::escalation::Context;
use crate::model::{Contact, Question, State};
use crate::opening::{self, Opening};
use crate::transcripts;

#[test]
fn conversations_read_as_they_are_written_down() {
    let all = transcripts::read("src/conversation/transcripts", 8).into_iter().map(|transcript| {
        let played = play(&transcript.written);
        (transcript, played)
    });
    transcripts::assert_unchanged(all.collect());
}

/// The transcript with what is really answered.
fn play(written: &str) -> String {
    let now = "2026-11-03T10:00".parse::<DateTime>().expect("a moment").to_zoned_datetime(opening::paris());
    let now = now.expect("it exists");
    let expected = Opening::default().answer_expected(&now, 240);
    let known = Contact::default();
    let context =
        Context { now: &now, expected: &expected, known: &known, open_tickets: &[], products: &[], incidents: &[] };
    let mut out: String =
        written.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let mut state = State::default();
    for sent in written.lines().filter_map(|line| line.strip_prefix('>')).map(str::trim) {
        let id = sent.strip_prefix('[').and_then(|id| id.strip_suffix(']'));
        let chosen = id.map(|id| Chosen::parse(id).expect("an option"));
        let question = Question::parse(sent).expect("a question");
        let decided = turn::decide(Engine::carried(), &state, &question, chosen.as_ref(), false, &context);
        let decided = decided.expect("every message has a reply");
        out.push_str(&format!("\n> {sent}\n{}", shown(&decided.reply)));
        // Between two turns the state is in the store.
        let stored = serde_json::to_string(&decided.state).expect("a state is JSON");
        state = serde_json::from_str(&stored).expect("it can be read again");
    }
    out
}

fn shown(reply: &Outbound) -> String {
    let mut out = format!("[{}]\n", reply.decision);
    let mut last = None;
    for block in &reply.blocks {
        let (Block::Paragraph { source, .. } | Block::List { source, .. }) = block;
        let named = &reply.sources[*source];
        match (named.kind, block) {
            (SourceKind::Entry, _) if last == Some(*source) => {}
            (SourceKind::Entry, _) => out.push_str(&format!("(fiche {})\n", named.id)),
            (_, Block::Paragraph { spans, .. }) => {
                let text: String = spans.iter().map(|span| span.text.as_str()).collect();
                out.push_str(&format!("{}\n", plain(&text)));
            }
            (_, Block::List { .. }) => out.push_str("(liste)\n"),
        }
        last = Some(*source);
    }
    for (number, option) in reply.options.iter().enumerate() {
        out.push_str(&format!("  {}. {} [{}]\n", number + 1, plain(&option.label), option.id));
    }
    out
}

/// No-break spaces cannot be told from others in a diff.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}
