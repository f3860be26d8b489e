//! What Discord did not take when it was said, and takes later.

use super::fake::{BOT, CHANNEL, Discord, Failing, GUILD, Person, Pressed, World};
use super::{LEA, PAUL, QUESTION, Scene, settings};
use crate::guichet::{Guichet, answer, directory, two_cards};
use crate::staff;

/// What `scene` keeps to be done later.
async fn put_off(scene: &Scene, state: &str) -> Vec<serde_json::Value> {
    let (_, list) = answer(staff::get(&scene.guichet, &format!("/jobs?state={state}&limit=50"))).await;
    let jobs = list["jobs"].as_array().expect("a list").iter();
    jobs.filter(|job| job["kind"] == "channel.catch_up").cloned().collect()
}

/// Discord fails until the queue has tried: who answers gives up before.
async fn is_down_for_long(scene: &Scene) {
    loop {
        let (_, list) = answer(staff::get(&scene.guichet, "/jobs?state=queued&limit=50")).await;
        if list["jobs"].as_array().expect("a list").iter().any(|job| job["attempts"].as_i64() > Some(0)) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_asked_while_discord_takes_nothing_is_answered_when_it_does() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.fail(Failing::new("POST /channels", "", 503, 0));
    let asked = discord.ask(LEA, CHANNEL, QUESTION);
    let direct = discord.direct(LEA);
    discord.write(LEA, direct, QUESTION);
    is_down_for_long(&scene).await;
    discord.heal();
    let thread = discord.thread_below(asked).await;
    assert!(discord.said_in(thread, 0).await.text().contains("Pour commander"));
    assert!(discord.said_in(direct, 0).await.text().contains("Pour commander"));
    staff::wait_for_work(&scene.guichet).await;
    assert_eq!((discord.all_said_in(thread).await.len(), discord.all_said_in(direct).await.len()), (1, 1));
    let kept = put_off(&scene, "done").await;
    assert!(!kept.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_was_taken_back_meanwhile_is_not_answered() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.fail(Failing::new("POST /channels", "", 503, 0));
    let asked = discord.ask(LEA, CHANNEL, QUESTION);
    is_down_for_long(&scene).await;
    discord.delete(CHANNEL, &[asked]);
    discord.heal();
    staff::wait_for_work(&scene.guichet).await;
    assert!(discord.all_said_in(CHANNEL).await.is_empty() && discord.channel(asked).is_null());
    assert!(put_off(&scene, "dead").await.is_empty(), "nobody need look");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_question_goes_while_discord_takes_nothing_goes_later() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let asked = discord.ask(LEA, CHANNEL, QUESTION);
    let thread = discord.thread_below(asked).await;
    discord.said_in(thread, 0).await;
    discord.fail(Failing::new("DELETE /channels", "", 503, 0));
    discord.delete(CHANNEL, &[asked]);
    is_down_for_long(&scene).await;
    assert_eq!(discord.all_said_in(thread).await.len(), 1);
    discord.heal();
    discord.until("the answer goes", |world| world.said_by_bot(thread).is_empty().then_some(())).await;
    staff::wait_for_work(&scene.guichet).await;
    assert!(put_off(&scene, "dead").await.is_empty(), "nobody need look");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_could_not_be_changed_is_changed_later() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let asked = discord.ask(LEA, CHANNEL, QUESTION);
    let thread = discord.thread_below(asked).await;
    let first = discord.said_in(thread, 0).await;
    discord.fail(Failing::new("PATCH /channels", "", 503, 0));
    discord.change(CHANNEL, asked, &format!("<@{BOT}> Comment annuler une carte ?"));
    is_down_for_long(&scene).await;
    discord.heal();
    let changed =
        |world: &World| world.said_by_bot(thread).into_iter().find(|said| said.text().contains("Pour annuler"));
    assert_eq!(discord.until("it is changed", changed).await.id, first.id);
    assert_eq!(discord.all_said_in(thread).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_answer_that_discord_did_not_take_follows_later() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let direct = discord.direct(LEA);
    discord.fail(Failing::new(&format!("POST /channels/{direct}/messages"), "", 503, 0));
    let asked = discord.ask(LEA, CHANNEL, "Quand expire le contrat de la société Dupont SARL ?");
    let thread = discord.thread_below(asked).await;
    assert!(discord.said_in(thread, 0).await.text().contains("en message privé"));
    is_down_for_long(&scene).await;
    discord.heal();
    discord.said_in(direct, 0).await;
    staff::wait_for_work(&scene.guichet).await;
    assert_eq!((discord.all_said_in(thread).await.len(), discord.all_said_in(direct).await.len()), (1, 1));
}

/// Told to wait for a minute, the bot asks no more before: the queue knows when.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_wait_that_discord_asks_for_is_left_to_the_queue() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.fail(Failing::new("POST /channels", "/threads", 429, 0).retry_after(60.0));
    discord.ask(LEA, CHANNEL, QUESTION);
    discord.until("it is refused", |world| world.requests.iter().any(|it| it.status == 429).then_some(())).await;
    let kept = loop {
        match put_off(&scene, "queued").await.pop() {
            Some(kept) => break kept,
            None => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
        }
    };
    let wait = kept["run_at"].as_i64().expect("a time") - kept["created_at"].as_i64().expect("a time");
    assert_eq!(wait, 60_000, "{kept}");
    assert_eq!(discord.requests("POST /channels").iter().filter(|it| it.status == 429).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_to_a_command_is_tried_twice_and_given_once() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let ask = Pressed::Command("question", vec![("question", QUESTION.to_owned())]);
    for (status, person) in [(0, LEA), (503, PAUL)] {
        let before = discord.requests("POST /interactions").len();
        discord.fail(Failing::new("POST /interactions", "/callback", status, 0).times(1));
        let answered = discord.interact(person, CHANNEL, &ask).await;
        assert!(answered.to_string().contains("Pour commander"), "{answered}");
        assert_eq!(discord.requests("POST /interactions").len() - before, 2);
    }
    // It was given, and the connection was cut before Discord said so.
    discord.fail(Failing::new("POST /interactions", "/callback", 0, 0).times(1).after_doing_it());
    let answered = discord.interact(Person::new(1003), CHANNEL, &ask).await;
    assert!(answered.to_string().contains("Pour commander"), "{answered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_the_commands_are_told_until_discord_takes_them() {
    let (discord, dir) = (Discord::start().await, directory());
    discord.fail(Failing::new("PUT /applications", "/commands", 503, 0).times(5));
    let config = dir.path().join("guichet.toml");
    let text = settings(&discord).replace("[discord]\n", "[discord]\ngateway = false\n");
    std::fs::write(&config, text).expect("a file");
    let kb = two_cards(dir.path());
    let mut guichet = Guichet::spawn(dir.path(), &["--kb", &kb, "--config", config.to_str().expect("UTF-8")]);
    tokio::task::block_in_place(|| guichet.wait_until_ready());
    discord.until("commands are told", |world| (!world.commands.is_null()).then_some(())).await;
}

/// Discord only says that something is missing; what it is follows from what the bot may do.
#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_is_missing_is_named_by_what_the_bot_may_do() {
    const EMBED_LINKS: u64 = 1 << 14;
    const ADMINISTRATOR: u64 = 1 << 3;
    let mut scene = Scene::new().await;
    scene.discord.permit((u64::MAX >> 11) & !EMBED_LINKS & !ADMINISTRATOR);
    scene.discord.fail(Failing::new("POST /channels", "/messages", 403, 50_013).times(1));
    scene.discord.ask(LEA, CHANNEL, QUESTION);
    let line = tokio::task::block_in_place(|| scene.guichet.wait_for_log("a permission is missing"));
    assert!(line.contains("Intégrer des liens") && !line.contains("Envoyer"), "{line}");
    assert!(scene.discord.said_in(CHANNEL, 0).await.text().contains("Intégrer des liens"));
    assert!(!scene.discord.requests(&format!("GET /guilds/{GUILD}/roles")).is_empty());
}
