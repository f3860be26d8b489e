//! The service in Discord: the real binary, the real client, and a Discord on this machine that holds each request
//! against Discord's own description.

mod asking;
mod buttons;
mod commands;
mod endpoint;
mod fake;
mod faults;
mod handoff;
mod late;
mod private;
mod replicas;
mod servers;
mod withdrawn;

use std::path::Path;

use tempfile::TempDir;

use crate::guichet::{Guichet, directory, two_cards};
use crate::staff;
use fake::{AGENTS, Discord, FORUM, GUILD, Person, Pressed, SUPPORT};

/// People.
const LEA: Person = Person::new(1001);
const PAUL: Person = Person::new(1002);

/// A question that an entry answers.
const QUESTION: &str = "Comment commander une carte ?";

/// Léa's form towards a person, filled in.
fn form(id: &str, email: &str) -> Pressed {
    let fields = [
        ("name", "Léa Martin"),
        ("email", email),
        ("company", "Dupond"),
        ("subject", "Carte perdue"),
        ("description", "Où est ma carte ?"),
    ];
    Pressed::Form(id.to_owned(), fields.map(|(name, value)| (name, value.to_owned())).to_vec())
}

/// A service that is in Discord.
struct Scene {
    discord: Discord,
    guichet: Guichet,
    _dir: TempDir,
}

/// Settings of a service in `discord`.
fn settings(discord: &Discord) -> String {
    format!(
        "[discord]\ntoken = \"jeton-de-test\"\napi_url = \"{}\"\nguilds = [\"{GUILD}\"]\nsupport_channels = [\"{SUPPORT}\"]\n\
         forums = [\"{FORUM}\"]\nstaff_roles = [\"{AGENTS}\"]\nlease_ms = 1000\n\
         [jobs]\npoll_ms = 50\nfirst_wait_ms = 50\nlongest_wait_ms = 100\n{}",
        discord.url,
        staff::SETTINGS
    )
}

/// Starts the service on `dir`; its knowledge base has two entries, which compete for "carte".
async fn start(discord: &Discord, dir: &Path, more: &str) -> Guichet {
    start_knowing(discord, dir, more, &[]).await
}

/// The same with more entries: id, question, answer.
async fn start_knowing(discord: &Discord, dir: &Path, more: &str, entries: &[[&str; 3]]) -> Guichet {
    let config = dir.join("guichet.toml");
    std::fs::write(&config, format!("{}{more}", settings(discord))).expect("a file");
    let kb = two_cards(dir);
    // How people ask for their requests stands in the knowledge base, too.
    let requests = "[requests]\nphrases = [\"où en est ma demande\"]\n";
    std::fs::write(Path::new(&kb).join("small_talk.fr.toml"), requests).expect("a file");
    for [id, question, answer] in entries {
        let entry = format!("+++\nid = \"{id}\"\nquestion = \"{question}\"\n+++\n\n{answer}\n");
        std::fs::write(dir.join(format!("kb/entries/fr/cartes/{id}.md")), entry).expect("a file");
    }
    let mut guichet = Guichet::spawn(dir, &["--kb", &kb, "--config", config.to_str().expect("UTF-8")]);
    tokio::task::block_in_place(|| guichet.wait_until_ready());
    guichet
}

impl Scene {
    /// A Discord and a service that is in it.
    async fn new() -> Self {
        Self::with("").await
    }

    /// The same with more settings.
    async fn with(more: &str) -> Self {
        let (discord, dir) = (Discord::start().await, directory());
        let guichet = start(&discord, dir.path(), more).await;
        discord.until_ready().await;
        Self { discord, guichet, _dir: dir }
    }
}
