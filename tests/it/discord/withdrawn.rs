//! Messages, threads and channels that are deleted.

use serde_json::json;

use super::fake::{BOT, CHANNEL, Discord, Failing, Pressed, World};
use super::{LEA, PAUL, QUESTION, Scene, form};
use crate::guichet::answer;
use crate::staff;

/// A question of Léa's and its answer; question, thread, answer.
async fn answered(discord: &Discord) -> (u64, u64, super::fake::Said) {
    let asked = discord.ask(LEA, CHANNEL, QUESTION);
    let thread = discord.thread_below(asked).await;
    (asked, thread, discord.said_in(thread, 0).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_with_its_question() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let (asked, thread, _) = answered(discord).await;
    // What somebody else asked stays.
    let other = discord.ask(PAUL, thread, QUESTION);
    let his = discord.said_in(thread, 1).await;
    discord.delete(CHANNEL, &[asked]);
    discord.until("the answer goes", |world| (world.said_by_bot(thread).len() == 1).then_some(())).await;
    assert_eq!(discord.all_said_in(thread).await[0].id, his.id);

    // Several at once, one of which nobody answered.
    let idle = discord.write(PAUL, CHANNEL, "bonjour à tous");
    discord.delete(CHANNEL, &[idle, other]);
    discord.until("the other one goes", |world| world.said_by_bot(thread).is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_answer_goes_with_its_question() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let asked = discord.ask(LEA, CHANNEL, "Quand expire le contrat de la société Dupont SARL ?");
    let direct = discord.direct(LEA);
    discord.said_in(direct, 0).await;
    let thread = discord.thread_below(asked).await;
    discord.delete(CHANNEL, &[asked]);
    let is_gone =
        |world: &World| (world.said_by_bot(thread).is_empty() && world.said_by_bot(direct).is_empty()).then_some(());
    discord.until("both go", is_gone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_somebody_took_away_is_said_anew_when_its_question_changes() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let (asked, thread, said) = answered(discord).await;
    discord.delete(thread, &[said.id]);
    discord.change(CHANNEL, asked, &format!("<@{BOT}> Comment annuler une carte ?"));
    let anew = discord.said_in(thread, 0).await;
    assert!(anew.text().contains("Pour annuler") && anew.id != said.id, "{}", anew.text());
    // And in a thread that is gone, nothing: the bot goes on.
    discord.remove_channel(thread);
    discord.change(CHANNEL, asked, &format!("<@{BOT}> {QUESTION}"));
    answered(discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thread_that_is_gone_the_answers_of_agents_come_in_private_or_wait_at_the_desk() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, "xyzzy plugh ?")).await;
    let unknown = discord.said_in(thread, 0).await;
    let pressed = Pressed::Button(unknown.id, unknown.button("Écrire à un conseiller"));
    let id = discord.interact(LEA, thread, &pressed).await["data"]["custom_id"].as_str().expect("an id").to_owned();
    let taken = discord.interact(LEA, thread, &form(&id, "lea@revendeur.example")).await;
    let reference = crate::outside::reference(&taken.to_string());
    discord.remove_channel(thread);
    let say = async |key: &str, text: &str| {
        let path = format!("/api/v1/staff/tickets/{reference}/comments");
        let comment = json!({ "text": text, "public": true, "request_key": key });
        let sent = scene.guichet.post(&path).bearer_auth(staff::TOKEN).json(&comment).send().await;
        assert!(sent.expect("it answers").status().is_success());
    };
    let dead = async || {
        let (_, list) = answer(staff::get(&scene.guichet, "/jobs?state=dead&limit=50")).await;
        list["jobs"].as_array().expect("a list").iter().filter(|job| job["kind"] == "channel.deliver").count()
    };

    // Her direct messages are closed: it is tried once, given up, and the desk sees it.
    let direct = discord.direct(LEA);
    let to_her = format!("POST /channels/{direct}/messages");
    discord.fail(Failing::new(&to_her, "", 403, 50_007));
    say("1", "Votre carte est prête.").await;
    staff::wait_for_work(&scene.guichet).await;
    let tried = discord.requests(&to_her).len();
    assert!(dead().await > 0 && tried <= 2, "no storm: {tried}");

    // Opened again, what was not brought comes before what is new, once.
    discord.heal();
    say("2", "Avez-vous reçu ma réponse ?").await;
    staff::wait_for_work(&scene.guichet).await;
    let said: Vec<String> = discord.all_said_in(direct).await.iter().map(super::fake::Said::text).collect();
    let at = |text: &str| said.iter().filter(|said| said.contains(text)).count();
    assert_eq!((at("carte est prête"), at("reçu ma réponse")), (1, 1), "{said:?}");
    let first = said.iter().position(|said| said.contains("carte est prête"));
    assert!(first < said.iter().position(|said| said.contains("reçu ma réponse")), "{said:?}");
}
