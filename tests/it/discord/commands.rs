//! Slash commands, their suggestions and the form.

use serde_json::json;

use super::fake::{CHANNEL, Discord, ELSEWHERE, Pressed};
use super::{LEA, QUESTION, Scene, form, start_knowing};
use crate::guichet::{answer, directory};
use crate::staff;

fn command(name: &'static str, options: &[(&'static str, &str)]) -> Pressed {
    Pressed::Command(name, options.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_is_told_of_the_commands() {
    let scene = Scene::new().await;
    let commands =
        scene.discord.until("commands are told", |world| Some(world.commands.clone()).filter(|it| !it.is_null())).await;
    let names: Vec<&str> = commands.as_array().into_iter().flatten().filter_map(|it| it["name"].as_str()).collect();
    let expected = ["question", "demande", "contrat", "lier", "statut", "aide", "publier", "resolu", "transmettre"];
    assert_eq!(names, expected);
    assert_eq!(commands[0]["options"][0]["autocomplete"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_by_command_is_answered_to_who_asked_only() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let offer = discord.interact(LEA, CHANNEL, &command("question", &[("question", "carte ?")])).await;
    assert_eq!((&offer["type"], &offer["data"]["flags"]), (&json!(4), &json!(64)), "{offer}");
    let custom_id = offer["data"]["components"][0]["components"][1]["custom_id"].as_str().expect("a button").to_owned();
    let chosen = discord.interact(LEA, CHANNEL, &Pressed::Button(discord.keep_answer(&offer), custom_id)).await;
    assert!(chosen.to_string().contains("au comptoir"), "{chosen}");
    assert_eq!(chosen["data"]["flags"], 64, "what is private stays private");
    assert!(discord.all_said_in(CHANNEL).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_somebody_types_questions_are_proposed_and_a_chosen_one_is_answered() {
    let scene = Scene::new().await;
    let typing = Pressed::Typing("question", "question", "annuler car".to_owned());
    let proposed = scene.discord.interact(LEA, CHANNEL, &typing).await;
    assert_eq!(proposed["type"], 8);
    let first = &proposed["data"]["choices"][0];
    assert!(first["name"].as_str().is_some_and(|name| name.starts_with("Comment annuler une carte")), "{proposed}");
    let value = first["value"].as_str().expect("a value").to_owned();
    let answered = scene.discord.interact(LEA, CHANNEL, &command("question", &[("question", &value)])).await;
    assert!(answered.to_string().contains("Pour annuler"), "{answered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn help_and_an_empty_status_are_for_who_asks() {
    let scene = Scene::new().await;
    let help = scene.discord.interact(LEA, CHANNEL, &command("aide", &[])).await;
    assert!(help.to_string().contains("/demande") && help["data"]["flags"] == 64, "{help}");
    let direct = scene.discord.direct(LEA);
    let status = scene.discord.interact(LEA, direct, &command("statut", &[])).await;
    assert!(status.to_string().contains("aucune demande") && status["data"]["flags"].is_null(), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn elsewhere_nothing_is_done() {
    let scene = Scene::new().await;
    let refused = scene.discord.interact(LEA, ELSEWHERE, &command("question", &[("question", QUESTION)])).await;
    assert!(refused.to_string().contains("pas sur ce serveur"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_becomes_a_request_that_its_author_can_follow() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    discord.interact(LEA, CHANNEL, &command("question", &[("question", "xyzzy plugh ?")])).await;
    let shown = discord.interact(LEA, CHANNEL, &command("demande", &[])).await;
    assert_eq!(shown["type"], 9);
    let id = shown["data"]["custom_id"].as_str().expect("a form").to_owned();
    let wrong = discord.interact(LEA, CHANNEL, &form(&id, "lea chez revendeur")).await;
    assert!(wrong.to_string().contains("adresse e-mail"), "{wrong}");
    let taken = discord.interact(LEA, CHANNEL, &form(&id, "lea@revendeur.example")).await;
    let reference = crate::outside::reference(&taken.to_string());
    assert!(!reference.is_empty() && taken["data"]["flags"] == 64, "{taken}");

    let (_, ticket) = answer(staff::get(&scene.guichet, &format!("/tickets/{reference}"))).await;
    assert_eq!(ticket["requester"]["email"], "lea@revendeur.example", "{ticket}");
    assert!(ticket["transcript"].to_string().contains("xyzzy"), "what was said before goes with it: {ticket}");
    let status = discord.interact(LEA, CHANNEL, &command("statut", &[])).await;
    assert!(status.to_string().contains(&reference), "{status}");
    assert!(discord.all_said_in(CHANNEL).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn long_questions_are_a_menu_and_long_answers_several_messages() {
    let (discord, dir) = (Discord::start().await, directory());
    let long = "Le guichet imprime votre carte sous dix jours ouvrés. ".repeat(120);
    let name = "quand le titulaire a changé de nom et que l’établissement a déménagé entre-temps";
    let entries = [
        ["carte-nom-1", &format!("Comment renouveler une carte {name} ?"), long.as_str()],
        ["carte-nom-2", &format!("Comment remplacer une carte {name} ?"), "Au comptoir."],
    ];
    let _guichet = start_knowing(&discord, dir.path(), "", &entries).await;
    discord.until_ready().await;
    let asked = command("question", &[("question", "carte quand le titulaire a changé de nom ?")]);
    let offer = discord.interact(LEA, CHANNEL, &asked).await;
    let menu = &offer["data"]["components"][0]["components"][0];
    assert_eq!(menu["type"], 3, "{offer}");
    let lines = menu["options"].as_array().expect("lines");
    let line = lines
        .iter()
        .find(|line| line["label"].as_str().is_some_and(|it| it.contains("renouveler")))
        .expect("it is offered");
    let value = line["value"].as_str().expect("a value").to_owned();
    let id = menu["custom_id"].as_str().expect("an id").to_owned();
    let first = discord.interact(LEA, CHANNEL, &Pressed::Menu(discord.keep_answer(&offer), id, value)).await;
    assert!(first.to_string().contains("carte-nom-1") || first.to_string().contains("Comment renouveler"), "{first}");
    discord.until("the rest follows", |world| (!world.follow_ups.is_empty()).then_some(())).await;
    let rest = discord.follow_ups();
    assert_eq!(rest[0]["flags"], 64, "the rest is private as well");
    assert!(rest.last().is_some_and(|last| last.to_string().contains("Utile")), "buttons come last");
}
