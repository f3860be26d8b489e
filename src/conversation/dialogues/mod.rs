//! Whole conversations with the demo portal as they are read: one file each, compared as text. `# visiteur = U-11` says who
//! asks, `# portail = muet` how the portal is; `>` is what the person sends (`> [client:C-1001]` a choice); all else is what
//! comes back. After a change that is meant, `UPDATE_TRANSCRIPTS=1 cargo test dialogues` writes them anew, to be read in the
//! diff.

mod audit;
mod dossier;
mod house;
mod moody;
mod privacy;
mod same_words;
mod signed_in;
mod slowness;

use guichet_bots::{Outbound, SourceKind, terminal};

use super::Sent;
use crate::transcripts;
use house::House;
use moody::Mood;

/// What stands in the `#` lines.
struct Setting {
    visitor: Option<String>,
    mood: Mood,
    /// The proof of who asks is over.
    is_over: bool,
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_read_as_they_are_written_down() {
    let mut all = Vec::new();
    for transcript in transcripts::read("src/conversation/dialogues", 40) {
        let played = play(&transcript.written).await;
        all.push((transcript, played));
    }
    transcripts::assert_unchanged(all);
}

async fn play(written: &str) -> String {
    let setting = Setting::read(written);
    let house = House::open(setting.mood).await;
    let (id, token) = house.open_conversation(setting.visitor.as_deref(), setting.is_over).await;
    let mut out: String =
        written.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    for sent in written.lines().filter_map(|line| line.strip_prefix('>')).map(str::trim) {
        let option = sent.strip_prefix('[').and_then(|id| id.strip_suffix(']')).map(str::to_owned);
        let sent_now = Sent { text: sent.to_owned(), option, client_id: None };
        let reply = house.conversations.turn(&id, &token, sent_now).await;
        let shown = reply.map_or_else(|error| format!("({error})\n"), |reply| shown(&reply));
        out.push_str(&format!("\n> {sent}\n{shown}"));
    }
    out
}

/// The reply as a terminal shows it, with the ids of its choices, and with what it rests on besides sentences.
fn shown(reply: &Outbound) -> String {
    let bare = Outbound { sources: Vec::new(), options: Vec::new(), ..reply.clone() };
    let mut out = plain(terminal::plain(&bare).trim_end());
    out.push('\n');
    for (number, option) in reply.options.iter().enumerate() {
        out.push_str(&format!("  {}. {} [{}]\n", number + 1, plain(&option.label), option.id));
    }
    for (kind, name) in [(SourceKind::Entry, "fiche"), (SourceKind::Rule, "règles"), (SourceKind::Fact, "données")] {
        let ids: Vec<&str> =
            reply.sources.iter().filter(|source| source.kind == kind).map(|source| source.id.as_str()).collect();
        if !ids.is_empty() {
            out.push_str(&format!("  ({name} : {})\n", ids.join(", ")));
        }
    }
    out
}

/// No-break spaces as ordinary ones: they cannot be told apart in a diff.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

impl Setting {
    fn read(written: &str) -> Self {
        let mut setting = Self { visitor: None, mood: Mood::Good, is_over: false };
        let lines =
            written.lines().filter_map(|line| line.strip_prefix("# ")).filter_map(|line| line.split_once(" = "));
        for (name, value) in lines {
            match (name, value) {
                ("visiteur", user) => setting.visitor = Some(user.to_owned()),
                ("session", "expirée") => setting.is_over = true,
                ("portail", "muet") => setting.mood = Mood::Silent,
                ("portail", "lent") => setting.mood = Mood::Slow,
                ("portail", "à moitié muet") => setting.mood = Mood::Half,
                ("portail", "à moitié lent") => setting.mood = Mood::HalfSlow,
                ("portail", "indiscret") => setting.mood = Mood::Leaky,
                other => panic!("no setting is called {other:?}"),
            }
        }
        setting
    }
}
