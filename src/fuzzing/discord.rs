//! Interactions of Discord: commands, buttons, menus and forms, as signed requests.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use guichet_bots::discord::{Discord, EndpointError, Settings};
use guichet_bots::{
    Account, Assistant, AssistantError, Block, Choice, ConversationKey, Inbound, Memory, MemoryError, Outbound, Place,
    Post, Request, RequestState, Requested, Source, SourceKind, Span,
};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::Value;

static KEY: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a seed has 32 bytes"));

/// What is signed is answered in one of the ways that Discord takes, or refused; what is not signed is refused.
pub fn discord(data: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // What would follow the first answer ends with the runtime: nothing listens where it would go.
    let discord = Arc::new(Discord::new(settings(), Arc::new(Echo), Arc::new(Notebook)));
    let signed = KEY.sign(&[b"0".as_slice(), data].concat());
    let signature: String = signed.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let ask = |signature: &str| runtime.block_on(Arc::clone(&discord).interaction(signature, "0", data, 0));
    assert_eq!(ask(&String::from_utf8_lossy(data)), Err(EndpointError::NotSigned));
    if let Ok(answer) = ask(&signature) {
        check(&answer);
    }
}

/// An answer within the limits of Discord, which takes none at all when one is broken.
fn check(answer: &Value) {
    assert!(answer["type"].as_u64().is_some_and(|kind| [1, 4, 5, 8, 9].contains(&kind)), "{answer}");
    let data = &answer["data"];
    let is_within = |text: &Value, most: usize| text.as_str().is_none_or(|text| text.chars().count() <= most);
    assert!(is_within(&data["content"], 2000), "{answer}");
    for embed in data["embeds"].as_array().into_iter().flatten() {
        assert!(is_within(&embed["description"], 4096) && is_within(&embed["title"], 256), "{answer}");
    }
    for choice in data["choices"].as_array().into_iter().flatten() {
        assert!(is_within(&choice["name"], 100) && is_within(&choice["value"], 100), "{answer}");
    }
    let rows = data["components"].as_array().into_iter().flatten();
    for part in rows.flat_map(|row| row["components"].as_array().into_iter().flatten()) {
        assert!(is_within(&part["custom_id"], 100), "{answer}");
        // A field of a form may say less than a button.
        let longest = if part["type"] == 4 { 45 } else { 80 };
        assert!(is_within(&part["label"], longest), "{answer}");
    }
}

fn settings() -> Settings {
    Settings {
        token: "jeton".to_owned(),
        api_url: Some("http://127.0.0.1:9".to_owned()),
        guilds: BTreeSet::from([3]),
        support_channels: BTreeSet::new(),
        forums: BTreeSet::new(),
        staff_roles: BTreeSet::from([5]),
        gateway: false,
        lease: Duration::from_secs(30),
        public_key: KEY.public_key().as_ref().try_into().ok(),
    }
}

/// Says what it was told: what comes in by any way goes out by all.
struct Echo;

#[async_trait]
impl Assistant for Echo {
    async fn open(&self, _: &str) -> Result<ConversationKey, AssistantError> {
        Ok(ConversationKey { id: "c".to_owned(), token: "t".to_owned() })
    }

    async fn conversation_at(&self, _: &Place) -> Result<ConversationKey, AssistantError> {
        self.open("discord").await
    }

    async fn turn(&self, _: &ConversationKey, inbound: Inbound) -> Result<Outbound, AssistantError> {
        let Inbound { text, option, .. } = inbound;
        if text.trim().is_empty() {
            return Err(AssistantError::Refused("La question est vide.".to_owned()));
        }
        let decisions = ["answer", "clarify", "lookup", "handoff", "noanswer", "smalltalk"];
        let link = option.map(|entry| format!("https://aide.example/{entry}"));
        let said = Span { text: text.clone(), strong: text.len().is_multiple_of(2), href: link, ..Span::default() };
        let paragraph = Block::Paragraph { spans: vec![said], source: 0 };
        let items = text.lines().map(|_| vec![paragraph.clone()]).collect();
        let list = Block::List { ordered: text.len().is_multiple_of(3), items, source: 0 };
        let source = Source {
            kind: SourceKind::Entry,
            id: "fiche".to_owned(),
            revision: None,
            label: Some(text.clone()),
            read_at: None,
            updated_at: None,
        };
        let options = text.split(' ').take(30).map(|word| Choice { id: word.to_owned(), label: word.to_owned() });
        Ok(Outbound {
            decision: decisions[text.len() % decisions.len()].to_owned(),
            confidence: 0.5,
            options: options.collect(),
            blocks: vec![paragraph, list],
            sources: vec![source],
        })
    }

    async fn suggest(&self, typed: &str) -> Result<Vec<Choice>, AssistantError> {
        Ok(vec![Choice { id: "fiche".to_owned(), label: typed.to_owned() }])
    }

    async fn customers(&self, _: &Account, typed: &str) -> Result<Vec<Choice>, AssistantError> {
        Ok(vec![Choice { id: typed.to_owned(), label: typed.to_owned() }; 30])
    }

    async fn rate(&self, _: &ConversationKey, _: &str, is_useful: bool) -> Result<(), AssistantError> {
        if is_useful { Ok(()) } else { Err(AssistantError::NoConversation) }
    }

    async fn request(&self, _: &ConversationKey, request: Request) -> Result<Requested, AssistantError> {
        if request.email.contains('@') {
            return Ok(Requested { reference: request.subject, promise: request.description });
        }
        Err(AssistantError::Refused(request.email))
    }

    async fn requests(&self, _: &ConversationKey) -> Result<Vec<RequestState>, AssistantError> {
        let state = RequestState {
            reference: "G-T4YC-5T82".to_owned(),
            subject: "*Clés*".to_owned(),
            status: "nouvelle".to_owned(),
        };
        Ok(vec![state; 40])
    }

    async fn link(&self, _: &Account, code: &str) -> Result<String, AssistantError> {
        Ok(code.to_owned())
    }

    async fn unlink(&self, account: &Account) -> Result<bool, AssistantError> {
        Ok(account.id.len().is_multiple_of(2))
    }
}

/// Knows every post whose id is as long as ours, as one of the user 7, in private or in the open; no thread, whose
/// messages would be asked for.
struct Notebook;

#[async_trait]
impl Memory for Notebook {
    async fn find_place(&self, id: &str) -> Result<Option<Place>, MemoryError> {
        if id.starts_with("discord/thread/") {
            return Ok(None);
        }
        let owner = Account { platform: "discord".to_owned(), id: "7".to_owned() };
        Ok(Some(Place { id: id.to_owned(), owner, is_public: id.contains("channel") }))
    }

    async fn keep_post(&self, _: &Post) -> Result<(), MemoryError> {
        Ok(())
    }

    async fn find_post(&self, id: &str) -> Result<Option<Post>, MemoryError> {
        if id.len() != 16 {
            return Ok(None);
        }
        let option = |number: usize| Choice { id: format!("fiche-{number}"), label: format!("Fiche {number}") };
        let spot = if id.starts_with('0') { "discord/user/7" } else { "discord/channel/9/7" };
        Ok(Some(Post {
            id: id.to_owned(),
            asked: "1".to_owned(),
            turn: "1".to_owned(),
            digest: String::new(),
            place: spot.to_owned(),
            shown_in: None,
            server: None,
            messages: Vec::new(),
            options: (0..3).map(option).collect(),
        }))
    }

    async fn find_answer(&self, _: &str) -> Result<Option<Post>, MemoryError> {
        Ok(None)
    }

    async fn put_off(&self, _: &str, _: &str, _: Duration) -> Result<(), MemoryError> {
        Ok(())
    }

    async fn hold(&self, _: &str, _: &str, _: Duration) -> Result<bool, MemoryError> {
        Ok(true)
    }

    async fn release(&self, _: &str, _: &str) -> Result<(), MemoryError> {
        Ok(())
    }
}
