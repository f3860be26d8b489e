//! Buttons below replies: whose they are, and that they outlive the process.

use super::fake::{CHANNEL, Discord, Pressed};
use super::{LEA, PAUL, QUESTION, Scene, start};
use crate::guichet::directory;

#[tokio::test(flavor = "multi_thread")]
async fn an_option_is_answered_where_it_was_offered_even_after_a_restart() {
    let (discord, dir) = (Discord::start().await, directory());
    let guichet = start(&discord, dir.path(), "").await;
    discord.until_ready().await;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, "carte ?")).await;
    let offer = discord.said_in(thread, 0).await;
    let button = offer.button("Comment annuler une carte");

    guichet.kill();
    let _guichet = start(&discord, dir.path(), "").await;
    discord
        .until("the new process connects", |world| (world.opened.len() > 1 && world.connection.is_some()).then_some(()))
        .await;
    let answer = discord.interact(LEA, thread, &Pressed::Button(offer.id, button)).await;
    assert_eq!(answer["type"], 4);
    assert!(answer.to_string().contains("Pour annuler"), "{answer}");
    assert!(answer["data"]["flags"].is_null(), "the thread is public: {answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_are_their_owners_and_unknown_ones_are_explained() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, "carte ?")).await;
    let offer = discord.said_in(thread, 0).await;
    let button = offer.button("Comment annuler une carte");
    let refused = discord.interact(PAUL, thread, &Pressed::Button(offer.id, button.clone())).await;
    assert!(refused.to_string().contains("à la personne qui a posé la question"), "{refused}");
    assert_eq!(refused["data"]["flags"], 64, "only Paul sees it");
    for unknown in ["choose:0123456789abcdef:0".to_owned(), "autre".to_owned(), format!("{button}7")] {
        let gone = discord.interact(LEA, thread, &Pressed::Button(offer.id, unknown)).await;
        assert!(gone.to_string().contains("n’est plus disponible"), "{gone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_rated_by_who_asked() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, QUESTION)).await;
    let said = discord.said_in(thread, 0).await;
    let thanks = discord.interact(LEA, thread, &Pressed::Button(said.id, said.button("Utile"))).await;
    assert!(thanks.to_string().contains("c’est noté"), "{thanks}");
    assert_eq!(thanks["data"]["flags"], 64);
    let sorry = discord.interact(LEA, thread, &Pressed::Button(said.id, said.button("Pas utile"))).await;
    assert!(sorry.to_string().contains("Écrire à un conseiller"), "{sorry}");
}
