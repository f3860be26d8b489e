//! What must not be said where others read it.

use serde_json::json;

use super::fake::{AGENTS, BOT, CHANNEL, Discord, Failing, Person, Pressed, World};
use super::{LEA, PAUL, QUESTION, Scene, settings};
use crate::guichet::{Guichet, answer, directory};

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
async fn a_question_that_becomes_one_about_a_customer_moves_to_private_and_back() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let asked = discord.ask(LEA, CHANNEL, QUESTION);
    let thread = discord.thread_below(asked).await;
    let first = discord.said_in(thread, 0).await;
    let shows = async |channel: u64, what: &str| {
        let said = |world: &World| world.said_by_bot(channel).into_iter().find(|said| said.text().contains(what));
        discord.until(what, said).await
    };
    discord.change(CHANNEL, asked, &format!("<@{BOT}> {CUSTOMER}"));
    assert_eq!(shows(thread, "en message privé").await.id, first.id);
    let direct = discord.direct(LEA);
    let private = discord.said_in(direct, 0).await;

    // About another customer, the private answer changes where it stands.
    discord.change(CHANNEL, asked, &format!("<@{BOT}> Où en est ma demande G-T4YC-5T82 ?"));
    assert_eq!(shows(direct, "ne trouve pas de demande").await.id, private.id);
    // About nobody, it is said in the open again, and the private answer goes.
    discord.change(CHANNEL, asked, &format!("<@{BOT}> {QUESTION}"));
    assert_eq!(shows(thread, "Pour commander").await.id, first.id);
    discord.until("the private answer goes", |world| world.said_by_bot(direct).is_empty().then_some(())).await;
    assert_eq!(discord.all_said_in(thread).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_about_a_customer_is_published() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let ines = Person { role: Some(AGENTS), ..Person::new(1500) };
    let publish = Pressed::Command("publier", vec![("question", CUSTOMER.to_owned())]);
    let refused = discord.interact(ines, CHANNEL, &publish).await;
    assert_eq!(refused["data"]["flags"], 64, "{refused}");
    assert!(refused.to_string().contains("je ne le publie pas"), "{refused}");
    assert!(
        discord.all_said_in(CHANNEL).await.is_empty() && discord.all_said_in(discord.direct(ines)).await.is_empty()
    );
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

/// Facts are told to a linked account only, in private only, and no longer once the link is undone.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_linked_by_a_code_and_facts_are_told_in_private_until_the_link_is_undone() {
    const OF_A_CUSTOMER: &str = "Pourquoi le contrat de Garage Martin n'a pas été réabonné ?";
    let (discord, dir) = (Discord::start().await, directory());
    let config = dir.path().join("guichet.toml");
    std::fs::write(&config, settings(&discord)).expect("a file");
    // The knowledge base that the program carries, and its demo portal.
    let mut guichet = Guichet::spawn(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    tokio::task::block_in_place(|| guichet.wait_until_ready());
    discord.until_ready().await;
    let link = |code: &str| Pressed::Command("lier", vec![("code", code.to_owned())]);
    let wrong = discord.interact(LEA, CHANNEL, &link("ABCD-2345")).await;
    assert!(wrong.to_string().contains("inconnu") && wrong["data"]["flags"] == 64, "{wrong}");

    let typing = Pressed::Typing("contrat", "client", "Garage".to_owned());
    let nothing = discord.interact(LEA, CHANNEL, &typing).await;
    assert_eq!((&nothing["type"], &nothing["data"]["choices"]), (&json!(8), &json!([])), "nobody is linked");

    let prove = async || {
        let (_, signed) = answer(guichet.post("/api/v1/demo/identities").json(&json!({ "user": "U-12" }))).await;
        json!({ "identity": signed["identity"] })
    };
    let new_code = async || {
        let (_, made) = answer(guichet.post("/api/v1/account-links").json(&prove().await)).await;
        made["code"].as_str().expect("a code").to_owned()
    };
    let code = new_code().await;
    let linked = discord.interact(LEA, CHANNEL, &link(&code)).await;
    assert!(linked.to_string().contains("U-12"), "{linked}");
    let used = discord.interact(PAUL, CHANNEL, &link(&code)).await;
    assert!(used.to_string().contains("a déjà servi"), "a code works once: {used}");

    let proposed = discord.interact(LEA, CHANNEL, &typing).await;
    let names: Vec<&str> =
        proposed["data"]["choices"].as_array().into_iter().flatten().filter_map(|it| it["value"].as_str()).collect();
    assert!(names.contains(&"Garage Martin"), "{proposed}");
    let strangers = discord.interact(PAUL, CHANNEL, &typing).await;
    assert_eq!(strangers["data"]["choices"], json!([]));
    let chosen = Pressed::Command("contrat", vec![("client", "Garage Martin".to_owned())]);
    let contract = discord.interact(LEA, CHANNEL, &chosen).await;
    assert!(contract["data"]["flags"] == 64 && contract.to_string().contains("Garage Martin"), "{contract}");

    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, OF_A_CUSTOMER)).await;
    let direct = discord.direct(LEA);
    assert!(discord.said_in(direct, 0).await.text().contains("FA"), "an invoice is named");
    let public = discord.all_said_in(thread).await;
    assert!(public.len() == 1 && !public[0].text().contains("FA"), "{}", public[0].text());
    let question = Pressed::Command("question", vec![("question", OF_A_CUSTOMER.to_owned())]);
    let hidden = discord.interact(LEA, CHANNEL, &question).await;
    assert!(hidden["data"]["flags"] == 64 && hidden.to_string().contains("FA"), "{hidden}");
    let stranger = discord.interact(PAUL, CHANNEL, &question).await;
    assert!(!stranger.to_string().contains("FA2"), "{stranger}");

    let undone = discord.interact(LEA, CHANNEL, &Pressed::Command("lier", Vec::new())).await;
    assert!(undone.to_string().contains("n’est plus relié"), "{undone}");
    let silent = discord.interact(LEA, CHANNEL, &question).await;
    assert!(!silent.to_string().contains("FA2"), "{silent}");
    let nothing = discord.interact(LEA, CHANNEL, &Pressed::Command("lier", Vec::new())).await;
    assert!(nothing.to_string().contains("n’était pas relié"), "{nothing}");

    // The portal undoes links as well, and the codes that were not used.
    let again = discord.interact(LEA, CHANNEL, &link(&new_code().await)).await;
    assert!(again.to_string().contains("U-12"), "{again}");
    let unused = new_code().await;
    let (_, undone) = answer(guichet.post("/api/v1/account-links/revocations").json(&prove().await)).await;
    assert_eq!(undone["unlinked"], 1, "{undone}");
    let silent = discord.interact(LEA, CHANNEL, &question).await;
    assert!(!silent.to_string().contains("FA2"), "{silent}");
    let worthless = discord.interact(LEA, CHANNEL, &link(&unused)).await;
    assert!(worthless.to_string().contains("inconnu"), "{worthless}");
}
