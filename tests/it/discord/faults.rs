//! What goes wrong: connections, limits, permissions, a Discord that is down.

use serde_json::json;
use tokio::net::TcpListener;

use super::fake::{CHANNEL, Discord, Failing, Pressed, Push, World};
use super::{LEA, QUESTION, Scene, form, settings, start};
use crate::guichet::{Guichet, answer, directory, two_cards};
use crate::staff;

/// Somebody asks and is answered.
async fn asks(discord: &Discord) -> u64 {
    let asked = discord.ask(LEA, CHANNEL, QUESTION);
    let thread = discord.thread_below(asked).await;
    let answer = discord.said_in(thread, 0).await;
    assert!(answer.text().contains("Pour commander"), "{}", answer.text());
    thread
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_is_resumed_and_nothing_is_missed() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    asks(discord).await;
    discord.push(Push::Cut);
    // The bot may be back before this looks: then it has resumed already.
    let is_cut = |world: &World| (world.connection.is_none() || world.opened.contains(&6)).then_some(());
    discord.until("the connection is cut", is_cut).await;
    let thread = asks(discord).await;
    assert_eq!((discord.opened(2), discord.opened(6)), (1, 1));
    assert_eq!(discord.all_said_in(thread).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_asks_for_it_is_left_and_resumed() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.push(Push::Send(json!({ "op": 7 })));
    discord.until("it is resumed", |world| world.opened.contains(&6).then_some(())).await;
    asks(discord).await;
    discord.push(Push::Close(4000));
    discord
        .until("it is resumed again", |world| (world.opened.iter().filter(|op| **op == 6).count() > 1).then_some(()))
        .await;
    asks(discord).await;
    assert_eq!(discord.opened(2), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_discord_has_forgotten_is_begun_anew() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.forget_sessions();
    discord.push(Push::Cut);
    discord
        .until("it identifies again", |world| (world.opened.iter().filter(|op| **op == 2).count() > 1).then_some(()))
        .await;
    asks(discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_called_invalid_is_begun_anew() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.push(Push::Send(json!({ "op": 9, "d": false })));
    discord
        .until("it identifies again", |world| {
            (world.opened.iter().filter(|op| **op == 2).count() > 1 && world.connection.is_some()).then_some(())
        })
        .await;
    asks(discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_failures_that_pass_are_waited_for() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.fail(Failing::new("POST /channels", "/messages", 429, 0).times(1));
    asks(discord).await;
    discord.fail(Failing::new("POST /channels", "/messages", 502, 0).times(1));
    asks(discord).await;
    discord.fail(Failing::new("POST /channels", "/threads", 500, 0).times(1));
    asks(discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_and_seemed_to_fail_is_not_done_twice() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.fail(Failing::new("POST /channels", "/messages", 504, 0).times(1).after_doing_it());
    let thread = asks(discord).await;
    discord.fail(Failing::new("POST /channels", "/threads", 504, 0).times(1).after_doing_it());
    asks(discord).await;
    assert_eq!(discord.all_said_in(thread).await.len(), 1);
    let sent = discord.requests(&format!("POST /channels/{thread}/messages"));
    assert_eq!(sent.iter().filter(|it| it.line.ends_with("/messages")).count(), 2, "it was tried again");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_discord_is_down_answers_of_agents_wait_and_come_once() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let shown = discord.interact(LEA, CHANNEL, &Pressed::Command("demande", Vec::new())).await;
    let id = shown["data"]["custom_id"].as_str().expect("a form").to_owned();
    let taken = discord.interact(LEA, CHANNEL, &form(&id, "lea@revendeur.example")).await;
    let reference = crate::outside::reference(&taken.to_string());
    discord.fail(Failing::new("POST /", "", 503, 0));
    let path = format!("/api/v1/staff/tickets/{reference}/comments");
    for (key, text) in [("1", "Bonjour"), ("2", "Et merci")] {
        let comment = json!({"text": text, "public": true, "request_key": key});
        let sent = scene.guichet.post(&path).bearer_auth(staff::TOKEN).json(&comment).send().await;
        assert!(sent.expect("it answers").status().is_success());
    }
    discord
        .until("it is tried", |world| (world.requests.iter().filter(|it| it.status == 503).count() > 4).then_some(()))
        .await;
    let direct = discord.direct(LEA);
    assert!(discord.all_said_in(direct).await.is_empty());
    discord.heal();
    discord.said_in(direct, 2).await;
    staff::wait_for_work(&scene.guichet).await;
    let said: Vec<String> = discord.all_said_in(direct).await.iter().map(super::fake::Said::text).collect();
    let at = |text: &str| said.iter().position(|said| said.contains(text));
    assert!(at("Bonjour") < at("Et merci") && said.len() == 3, "in order, each once: {said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named_in_the_log() {
    let mut scene = Scene::new().await;
    scene.discord.fail(Failing::new("POST /channels", "/messages", 403, 50_013).times(1));
    scene.discord.ask(LEA, CHANNEL, QUESTION);
    let line = tokio::task::block_in_place(|| scene.guichet.wait_for_log("a permission is missing"));
    assert!(line.contains("Envoyer des messages dans les fils"), "{line}");
    // It is said where the question stands, since that may work.
    let told = scene.discord.said_in(CHANNEL, 0).await;
    assert!(told.text().contains("Envoyer des messages dans les fils"), "{}", told.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_deleted_before_it_is_answered_breaks_nothing() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.fail(Failing::new("POST /channels", "/threads", 404, 10_008).times(1));
    discord.ask(LEA, CHANNEL, QUESTION);
    discord.until("it is tried", |world| world.requests.iter().any(|it| it.status == 404).then_some(())).await;
    asks(discord).await;
    assert!(discord.all_said_in(CHANNEL).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_discord_refuses_is_named_and_the_chat_goes_on() {
    let (discord, dir) = (Discord::start().await, directory());
    let config = dir.path().join("guichet.toml");
    std::fs::write(&config, settings(&discord).replace("jeton-de-test", "autre-jeton")).expect("a file");
    let kb = two_cards(dir.path());
    let mut guichet = Guichet::spawn(dir.path(), &["--kb", &kb, "--config", config.to_str().expect("UTF-8")]);
    tokio::task::block_in_place(|| {
        guichet.wait_until_ready();
        guichet.wait_for_log("see discord.token")
    });
    let reply = guichet.partner().await.ask(QUESTION).await;
    assert_eq!(reply["decision"], "answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_people_write_and_no_token_reaches_the_log() {
    let (discord, dir) = (Discord::start().await, directory());
    let guichet = start(&discord, dir.path(), "[log]\nfilter = \"trace\"\n").await;
    discord.until_ready().await;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, "Comment commander une carte zanzibar ?")).await;
    discord.said_in(thread, 0).await;
    let log = guichet.stop();
    for secret in ["zanzibar", "jeton-de-test"] {
        assert!(!log.contains(secret), "{}", log.lines().find(|line| line.contains(secret)).unwrap_or_default());
    }
}

/// Discord gives three seconds: what takes longer is promised first, seen by who asked only, and then said.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_waits_for_a_slow_portal_is_promised_and_then_given() {
    let (discord, dir) = (Discord::start().await, directory());
    let config = dir.path().join("guichet.toml");
    let start = async |more: &str| {
        std::fs::write(&config, format!("{}{more}", settings(&discord))).expect("a file");
        let mut guichet = Guichet::spawn(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
        tokio::task::block_in_place(|| guichet.wait_until_ready());
        discord.until_ready().await;
        guichet
    };
    let guichet = start("").await;
    let (_, signed) = answer(guichet.post("/api/v1/demo/identities").json(&json!({ "user": "U-12" }))).await;
    let proof = json!({ "identity": signed["identity"] });
    let (_, made) = answer(guichet.post("/api/v1/account-links").json(&proof)).await;
    let code = made["code"].as_str().expect("a code").to_owned();
    let linked = discord.interact(LEA, CHANNEL, &Pressed::Command("lier", vec![("code", code)])).await;
    assert!(linked.to_string().contains("U-12"), "{linked}");
    tokio::task::block_in_place(|| guichet.stop());
    discord.until("the bot leaves", |world| world.connection.is_none().then_some(())).await;

    // A portal that takes the call and says nothing.
    let portal = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", portal.local_addr().expect("an address"));
    let calls = tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            open.push(portal.accept().await.expect("a call"));
        }
    });
    let _guichet = start(&format!(
        "[portal]\nkind = \"http\"\npatience_ms = 3000\n[portal.http]\nbase_url = \"{url}/v1\"\n\
         token_url = \"{url}/oauth/token\"\nclient_id = \"guichet\"\nclient_secret = \"un-secret-de-test\"\n\
         [[identity.key]]\nid = \"test\"\nsecret = \"un-secret-de-test-de-plus-de-32-octets\"\n"
    ))
    .await;
    // Proposals cannot be promised: there are none, in time.
    let typing = Pressed::Typing("contrat", "client", "Garage".to_owned());
    let proposed = discord.interact(LEA, CHANNEL, &typing).await;
    assert_eq!((&proposed["type"], &proposed["data"]["choices"]), (&json!(8), &json!([])), "{proposed}");

    let asked = Pressed::Command("contrat", vec![("client", "Garage Martin".to_owned())]);
    let interaction = discord.interaction(LEA, CHANNEL, &asked);
    discord.tell("INTERACTION_CREATE", &interaction);
    let token = interaction["token"].as_str().expect("a token").to_owned();
    let promise = |world: &World| world.answers.get(&token).filter(|answer| answer["type"] == 5).cloned();
    assert_eq!(discord.until("it is promised", promise).await["data"]["flags"], 64);
    let said = discord.answer_to(&token).await.to_string();
    assert!(said.contains("portail") && !said.contains("FA2"), "{said}");
    calls.abort();
}
