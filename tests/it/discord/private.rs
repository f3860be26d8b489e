//! What must not be said where others read it.

use super::fake::{CHANNEL, Failing, Pressed};
use super::{LEA, Scene};

const CUSTOMER: &str = "Quand expire le contrat de la société Dupont SARL ?";

#[tokio::test(flavor = "multi_thread")]
async fn a_question_about_a_customer_is_answered_in_direct_messages() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, CUSTOMER)).await;
    let public = discord.said_in(thread, 0).await;
    assert!(public.text().contains("en message privé"), "{}", public.text());
    let direct = discord.direct(LEA);
    let private = discord.said_in(direct, 0).await;
    assert!(!private.text().is_empty());
    assert_eq!(discord.all_said_in(thread).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_direct_messages_is_told_of_the_command() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let direct = discord.direct(LEA);
    discord.fail(Failing::new(&format!("POST /channels/{direct}/messages"), "", 403, 50_007));
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, CUSTOMER)).await;
    let told = discord.said_in(thread, 1).await;
    assert!(told.text().contains("/contrat"), "{}", told.text());
    // The command answers only the one who asks.
    let asked = Pressed::Command("contrat", vec![("client", "la société Dupont SARL".to_owned())]);
    let answer = discord.interact(LEA, CHANNEL, &asked).await;
    assert_eq!(answer["data"]["flags"], 64, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "waits for what the service says since lookups and notices of tickets: to be read again"]
async fn names_and_addresses_are_asked_for_by_a_form_not_in_public() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, "xyzzy plugh ?")).await;
    let unknown = discord.said_in(thread, 0).await;
    let button = unknown.button("Écrire à un conseiller");
    assert!(!unknown.text().contains("Oui"), "the steps of the dialogue are not offered: {}", unknown.text());
    // In words it is the same.
    discord.write(LEA, thread, "oui");
    let form = discord.said_in(thread, 1).await;
    assert!(form.text().contains("n’écrivez pas vos coordonnées ici"), "{}", form.text());
    let shown = discord.interact(LEA, thread, &Pressed::Button(unknown.id, button)).await;
    assert_eq!(shown["type"], 9, "{shown}");
    // The dialogue does not go on behind the form.
    discord.write(LEA, thread, "Comment commander une carte ?");
    let answer = discord.said_in(thread, 2).await;
    assert!(answer.text().contains("Pour commander"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_portal_an_account_cannot_be_linked_and_that_is_said() {
    let scene = Scene::new().await;
    let linked = Pressed::Command("lier", vec![("code", "ABCD-2345".to_owned())]);
    let told = scene.discord.interact(LEA, CHANNEL, &linked).await;
    assert!(told.to_string().contains("espace partenaire") && told["data"]["flags"] == 64, "{told}");
    let told = scene.discord.interact(LEA, CHANNEL, &Pressed::Command("lier", Vec::new())).await;
    assert!(told.to_string().contains("n’était pas relié"), "{told}");
}
