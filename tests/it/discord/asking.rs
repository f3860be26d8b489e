//! Questions in channels, threads, forums and direct messages.

use serde_json::json;

use super::fake::{AGENTS, BOT, CHANNEL, ELSEWHERE, FORUM, Failing, Person, Pressed, SUPPORT};
use super::{LEA, PAUL, QUESTION, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn who_names_the_bot_is_answered_in_a_thread_below_with_the_source() {
    let scene = Scene::new().await;
    let asked = scene.discord.ask(LEA, CHANNEL, QUESTION);
    let thread = scene.discord.thread_below(asked).await;
    let answer = scene.discord.said_in(thread, 0).await;
    assert!(answer.text().contains("au comptoir"), "{}", answer.text());
    assert!(answer.text().contains("carte-commander"), "{}", answer.text());
    assert_eq!(answer.body["allowed_mentions"], json!({ "parse": [] }));
    assert_eq!(scene.discord.channel(thread)["name"], QUESTION);
    assert!(!scene.discord.requests(&format!("POST /channels/{thread}/typing")).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn bots_other_servers_and_what_people_say_to_each_other_are_left_alone() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let bot = Person { is_bot: true, ..Person::new(1900) };
    discord.ask(bot, CHANNEL, QUESTION);
    discord.write_with(LEA, CHANNEL, &format!("<@{BOT}> {QUESTION}"), &json!({ "webhook_id": "77" }));
    discord.write(LEA, CHANNEL, QUESTION);
    discord.ask(LEA, ELSEWHERE, QUESTION);
    // In the channel of questions: words to somebody else, and a reply to somebody else.
    discord.write(LEA, SUPPORT, "<@1002> tu sais comment commander une carte ?");
    let first = discord.keep(PAUL, SUPPORT, "bonjour");
    discord.write_with(LEA, SUPPORT, "et commander une carte ?", &json!({ "referenced_message": first, "type": 19 }));
    // What comes last is answered last.
    let last = discord.ask(PAUL, CHANNEL, QUESTION);
    discord.said_in(discord.thread_below(last).await, 0).await;
    for channel in [CHANNEL, SUPPORT, ELSEWHERE] {
        assert!(discord.all_said_in(channel).await.is_empty());
    }
    assert_eq!(discord.requests("POST /channels/").iter().filter(|it| it.line.ends_with("/threads")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_messages_are_one_conversation() {
    let scene = Scene::new().await;
    let direct = scene.discord.direct(LEA);
    scene.discord.write(LEA, direct, "carte ?");
    let offer = scene.discord.said_in(direct, 0).await;
    assert!(offer.text().contains("Comment annuler une carte"), "{}", offer.text());
    scene.discord.write(LEA, direct, "annuler une carte");
    let answer = scene.discord.said_in(direct, 1).await;
    assert!(answer.text().contains("Pour annuler"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_its_thread_only_the_owner_is_answered_unless_somebody_calls() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, QUESTION)).await;
    discord.said_in(thread, 0).await;
    discord.write(PAUL, thread, "moi je fais autrement");
    discord.write(LEA, thread, "Comment annuler une carte ?");
    let second = discord.said_in(thread, 1).await;
    assert!(second.text().contains("Pour annuler"), "{}", second.text());
    // Paul calls: he is answered as himself, by a reply to him.
    let called = discord.ask(PAUL, thread, QUESTION);
    let third = discord.said_in(thread, 2).await;
    assert_eq!(third.body["message_reference"]["message_id"], called.to_string());
    assert_eq!(discord.all_said_in(thread).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn title_and_first_message_of_a_post_are_one_question() {
    let scene = Scene::new().await;
    let post = scene.discord.post(LEA, FORUM, "Comment annuler", "une carte ?");
    let answer = scene.discord.said_in(post, 0).await;
    assert!(answer.text().contains("Pour annuler"), "{}", answer.text());
    // A post elsewhere is none of our business.
    let elsewhere = scene.discord.post(LEA, CHANNEL, "Comment annuler", "une carte ?");
    assert!(scene.discord.all_said_in(elsewhere).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_in_a_channel_of_questions_is_one() {
    let scene = Scene::new().await;
    let asked = scene.discord.write(LEA, SUPPORT, QUESTION);
    let answer = scene.discord.said_in(scene.discord.thread_below(asked).await, 0).await;
    assert!(answer.text().contains("Pour commander"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_twice_is_answered_once() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let message = discord.keep(LEA, CHANNEL, &format!("<@{BOT}> {QUESTION}"));
    for _ in 0..3 {
        discord.tell("MESSAGE_CREATE", &message);
    }
    let thread = discord.thread_below(message["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")).await;
    discord.said_in(thread, 0).await;
    discord.tell("MESSAGE_CREATE", &message);
    assert_eq!(discord.all_said_in(thread).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_changed_changes_its_answer() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let asked = discord.ask(LEA, CHANNEL, QUESTION);
    let thread = discord.thread_below(asked).await;
    let first = discord.said_in(thread, 0).await;
    // Discord adds a preview: the text is the same.
    discord.change(CHANNEL, asked, &format!("<@{BOT}> {QUESTION}"));
    discord.change(CHANNEL, asked, &format!("<@{BOT}> Comment annuler une carte ?"));
    let changed = discord
        .until("the answer is changed", |world| {
            world.said_by_bot(thread).first().filter(|said| said.text().contains("Pour annuler")).cloned()
        })
        .await;
    assert_eq!(changed.id, first.id);
    assert_eq!(discord.all_said_in(thread).await.len(), 1);
    assert_eq!(discord.requests(&format!("PATCH /channels/{thread}/messages/{}", first.id)).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_whose_title_changes_is_answered_anew_and_its_mark_is_no_change() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let post = discord.post(LEA, FORUM, "Comment annuler", "une carte ?");
    let first = discord.said_in(post, 0).await;
    discord.rename(post, "Comment commander");
    let changed = discord
        .until("the answer is changed", |world| {
            world.said_by_bot(post).first().filter(|said| said.text().contains("Pour commander")).cloned()
        })
        .await;
    assert_eq!(changed.id, first.id);
    // Marked as solved, it asks the same.
    let ines = Person { role: Some(AGENTS), ..Person::new(1500) };
    let solved = discord.interact(ines, post, &Pressed::Command("resolu", Vec::new())).await;
    assert!(solved.to_string().contains("marqué comme résolu"), "{solved}");
    assert_eq!(discord.channel(post)["name"], "✅ Comment commander");
    discord.said_in(discord.thread_below(discord.ask(LEA, CHANNEL, QUESTION)).await, 0).await;
    assert_eq!(discord.requests(&format!("PATCH /channels/{post}/messages")).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_names_the_bot_is_told_how_to_ask() {
    let scene = Scene::new().await;
    scene.discord.ask(LEA, CHANNEL, "");
    let hint = scene.discord.said_in(CHANNEL, 0).await;
    assert!(hint.text().contains("Écrivez votre question"), "{}", hint.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_thread_may_be_opened_the_answer_is_a_reply_and_the_log_says_which_permission_is_missing() {
    let mut scene = Scene::new().await;
    scene.discord.fail(Failing::new("POST /channels", "/threads", 403, 50_013));
    let asked = scene.discord.ask(LEA, CHANNEL, QUESTION);
    let answer = scene.discord.said_in(CHANNEL, 0).await;
    assert!(answer.text().contains("Pour commander"), "{}", answer.text());
    assert_eq!(answer.body["message_reference"]["message_id"], asked.to_string());
    tokio::task::block_in_place(|| scene.guichet.wait_for_log("Créer des fils publics"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_mentions_nobody_and_is_no_markup() {
    let scene = Scene::new().await;
    let direct = scene.discord.direct(LEA);
    let agent = Person { role: Some(AGENTS), ..LEA };
    scene.discord.write(agent, direct, "@everyone **xyzzy** plugh ?");
    let said = scene.discord.said_in(direct, 0).await;
    assert_eq!(said.body["allowed_mentions"], json!({ "parse": [] }));
    assert!(!said.text().contains("@everyone"), "{}", said.text());
}
