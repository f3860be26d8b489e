//! Where the bot answers at all, and where the buttons of a reply work.

use super::fake::{CHANNEL, Discord, ELSEWHERE, GUILD, OTHER_GUILD, Pressed};
use super::{LEA, QUESTION, form, settings};
use crate::guichet::{Guichet, directory, two_cards};

/// A service that answers on `guilds`.
async fn start_on(discord: &Discord, dir: &std::path::Path, guilds: &str) -> Guichet {
    let config = dir.join("guichet.toml");
    let text = settings(discord).replace(&format!("guilds = [\"{GUILD}\"]"), &format!("guilds = [{guilds}]"));
    std::fs::write(&config, text).expect("a file");
    let kb = two_cards(dir);
    let mut guichet = Guichet::spawn(dir, &["--kb", &kb, "--config", config.to_str().expect("UTF-8")]);
    tokio::task::block_in_place(|| guichet.wait_until_ready());
    discord.until_ready().await;
    guichet
}

fn ask(question: &str) -> Pressed {
    Pressed::Command("question", vec![("question", question.to_owned())])
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_only_direct_messages_are_answered_and_the_log_says_so() {
    let (discord, dir) = (Discord::start().await, directory());
    let mut guichet = start_on(&discord, dir.path(), "").await;
    let line = tokio::task::block_in_place(|| guichet.wait_for_log("see discord.guilds"));
    assert!(line.contains(&GUILD.to_string()), "{line}");
    discord.ask(LEA, CHANNEL, QUESTION);
    let refused = discord.interact(LEA, CHANNEL, &ask(QUESTION)).await;
    assert!(
        refused.to_string().contains("Écrivez-moi en message privé") && refused["data"]["flags"] == 64,
        "{refused}"
    );
    let typing = Pressed::Typing("question", "question", "carte".to_owned());
    assert_eq!(discord.interact(LEA, CHANNEL, &typing).await["data"]["choices"], serde_json::json!([]));
    let direct = discord.direct(LEA);
    discord.write(LEA, direct, QUESTION);
    assert!(discord.said_in(direct, 0).await.text().contains("Pour commander"));
    let answered = discord.interact(LEA, direct, &ask("Comment annuler une carte ?")).await;
    assert!(answered.to_string().contains("Pour annuler"), "{answered}");
    assert!(discord.all_said_in(CHANNEL).await.is_empty());
    assert!(discord.requests("POST /channels/").iter().all(|request| !request.line.ends_with("/threads")));
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_and_forms_work_only_where_they_were_shown() {
    let (discord, dir) = (Discord::start().await, directory());
    let _guichet = start_on(&discord, dir.path(), &format!("\"{GUILD}\", \"{OTHER_GUILD}\"")).await;
    let offer = discord.interact(LEA, CHANNEL, &ask("carte ?")).await;
    let button = offer["data"]["components"][0]["components"][0]["custom_id"].as_str().expect("a button").to_owned();
    let shown = discord.keep_answer(&offer);
    for place in [ELSEWHERE, discord.direct(LEA)] {
        let refused = discord.interact(LEA, place, &Pressed::Button(shown, button.clone())).await;
        assert!(refused.to_string().contains("n’est plus disponible"), "{refused}");
    }
    let answered = discord.interact(LEA, CHANNEL, &Pressed::Button(shown, button)).await;
    assert!(answered.to_string().contains("Pour "), "{answered}");

    // A form of a thread is sent in this thread; one of a reply, on its server.
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, "xyzzy plugh ?")).await;
    let unknown = discord.said_in(thread, 0).await;
    let pressed = Pressed::Button(unknown.id, unknown.button("Écrire à un conseiller"));
    let of_reply =
        discord.interact(LEA, thread, &pressed).await["data"]["custom_id"].as_str().expect("an id").to_owned();
    let of_thread = discord.interact(LEA, thread, &Pressed::Command("demande", Vec::new())).await;
    let of_thread = of_thread["data"]["custom_id"].as_str().expect("an id").to_owned();
    for id in [&of_reply, &of_thread] {
        let refused = discord.interact(LEA, ELSEWHERE, &form(id, "lea@revendeur.example")).await;
        assert!(refused.to_string().contains("n’est plus disponible"), "{refused}");
        let taken = discord.interact(LEA, thread, &form(id, "lea@revendeur.example")).await;
        assert!(!crate::outside::reference(&taken.to_string()).is_empty(), "{taken}");
    }
}
