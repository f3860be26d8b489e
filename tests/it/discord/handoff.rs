//! From a thread to a person and back.

use serde_json::json;

use super::fake::{AGENTS, CHANNEL, Failing, Person, Pressed, World};
use super::{LEA, PAUL, QUESTION, Scene, form};
use crate::guichet::answer;
use crate::staff;

/// An agent, as Discord knows her.
const INES: Person = Person { role: Some(AGENTS), ..Person::new(1500) };

/// A thread of Léa's with a request; the thread and the reference.
async fn thread_with_request(scene: &Scene) -> (u64, String) {
    let discord = &scene.discord;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, "xyzzy plugh ?")).await;
    let unknown = discord.said_in(thread, 0).await;
    discord.keep(PAUL, thread, "chez moi aussi");
    let pressed = Pressed::Button(unknown.id, unknown.button("Écrire à un conseiller"));
    let shown = discord.interact(LEA, thread, &pressed).await;
    let id = shown["data"]["custom_id"].as_str().expect("a form").to_owned();
    let taken = discord.interact(LEA, thread, &form(&id, "lea@revendeur.example")).await;
    (thread, crate::outside::reference(&taken.to_string()))
}

/// An agent answers by the staff API.
async fn say(scene: &Scene, reference: &str, comment: &serde_json::Value) {
    let path = format!("/api/v1/staff/tickets/{reference}/comments");
    let sent = scene.guichet.post(&path).bearer_auth(staff::TOKEN).json(comment).send().await.expect("it answers");
    assert!(sent.status().is_success(), "{}", sent.status());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_from_a_thread_carries_what_was_said_there() {
    let scene = Scene::new().await;
    let (thread, reference) = thread_with_request(&scene).await;
    let told = scene.discord.said_in(thread, 1).await;
    assert!(told.text().contains(&reference), "{}", told.text());
    assert!(!told.text().contains("revendeur.example"), "nothing personal is said in public");
    let (_, ticket) = answer(staff::get(&scene.guichet, &format!("/tickets/{reference}"))).await;
    let description = ticket["description"].as_str().unwrap_or_default();
    assert!(description.contains("chez moi aussi") && description.contains("fil public"), "{ticket}");
    assert!(ticket["transcript"].to_string().contains("xyzzy"), "{ticket}");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_a_request_is_is_told_in_its_thread_and_elsewhere_in_private() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let (thread, reference) = thread_with_request(&scene).await;
    discord.write(LEA, thread, "où en est ma demande ?");
    let told = discord.said_in(thread, 2).await;
    assert!(told.text().contains(&reference) && told.text().contains("enregistrée"), "{}", told.text());

    // Another thread is another conversation: there, it is nobody's business which requests she has.
    let asked = format!("Où en est ma demande {reference} ?");
    let another = discord.thread_below(discord.ask(LEA, CHANNEL, &asked)).await;
    assert!(discord.said_in(another, 0).await.text().contains("en message privé"));
    let private = discord.said_in(discord.direct(LEA), 0).await;
    assert!(private.text().contains("ne trouve pas de demande"), "{}", private.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_answer_comes_into_the_thread_and_closing_marks_it() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let (thread, reference) = thread_with_request(&scene).await;
    say(&scene, &reference, &json!({"text": "interne", "public": false, "request_key": "1"})).await;
    say(
        &scene,
        &reference,
        &json!({"text": "Voici *la* clé.", "public": true, "status": "solved", "request_key": "2"}),
    )
    .await;
    let said = discord.said_in(thread, 2).await;
    assert!(said.text().contains("Inès") && said.text().contains(r"Voici \*la\* clé."), "{}", said.text());
    let status = discord.said_in(thread, 3).await;
    assert!(status.text().contains("résolue"), "{}", status.text());
    discord
        .until("the thread is marked", |world| {
            world.channels[&thread]["name"].as_str().filter(|it| it.starts_with('✅')).map(|_| ())
        })
        .await;

    let path = format!("/api/v1/staff/tickets/{reference}");
    let closed = scene.guichet.patch(&path).bearer_auth(staff::TOKEN).json(&json!({"status": "closed"}));
    assert!(closed.send().await.expect("it answers").status().is_success());
    discord
        .until("the thread is put away", |world| {
            (world.channels[&thread]["thread_metadata"]["archived"] == true).then_some(())
        })
        .await;
    staff::wait_for_work(&scene.guichet).await;
    let all = discord.all_said_in(thread).await;
    assert_eq!(
        all.len(),
        5,
        "each thing is said once: {:?}",
        all.iter().map(super::fake::Said::text).collect::<Vec<_>>()
    );
    assert!(!all.iter().any(|said| said.text().contains("interne")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_opened_again_takes_the_mark_from_its_thread() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let (thread, reference) = thread_with_request(&scene).await;
    let title = discord.channel(thread)["name"].as_str().expect("a title").to_owned();
    say(&scene, &reference, &json!({"text": "Fait.", "public": true, "status": "solved", "request_key": "1"})).await;
    let is_named = |name: String| move |world: &World| (world.channels[&thread]["name"] == name).then_some(());
    discord.until("it is marked", is_named(format!("✅ {title}"))).await;
    say(&scene, &reference, &json!({"text": "Pardon.", "public": true, "status": "open", "request_key": "2"})).await;
    discord.until("it is no longer", is_named(title)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_answer_about_a_customer_is_not_said_in_the_thread() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let (thread, reference) = thread_with_request(&scene).await;
    let answers = ["Le contrat 7031234567 expire demain.", "La société Dupont SARL a payé."];
    for (key, text) in answers.iter().enumerate() {
        say(&scene, &reference, &json!({"text": text, "public": true, "request_key": key.to_string()})).await;
        let told = discord.said_in(discord.direct(LEA), key).await;
        assert!(told.text().contains(text), "{}", told.text());
    }
    staff::wait_for_work(&scene.guichet).await;
    let public: Vec<String> = discord.all_said_in(thread).await.iter().map(super::fake::Said::text).collect();
    assert!(!public.iter().any(|said| said.contains("7031234567") || said.contains("Dupont")), "{public:?}");
    assert_eq!(public.iter().filter(|said| said.contains("en message privé")).count(), 2, "{public:?}");

    // Where she takes no direct messages, the thread says that the answer comes by mail; it has.
    let direct = discord.direct(LEA);
    discord.fail(Failing::new(&format!("POST /channels/{direct}/messages"), "", 403, 50_007));
    say(&scene, &reference, &json!({"text": "Voir le contrat 7031234567.", "public": true, "request_key": "m"})).await;
    discord
        .until("the thread says so", |world| {
            world.said_by_bot(thread).iter().any(|said| said.text().contains("par e-mail")).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_in_private_is_answered_in_private_and_a_thread_that_is_gone_too() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let shown = discord.interact(LEA, CHANNEL, &Pressed::Command("demande", Vec::new())).await;
    let id = shown["data"]["custom_id"].as_str().expect("a form").to_owned();
    let taken = discord.interact(LEA, CHANNEL, &form(&id, "lea@revendeur.example")).await;
    let reference = crate::outside::reference(&taken.to_string());
    say(&scene, &reference, &json!({"text": "Bonjour", "public": true, "request_key": "1"})).await;
    let direct = discord.direct(LEA);
    assert!(discord.said_in(direct, 0).await.text().contains("Bonjour"));

    let (thread, reference) = thread_with_request(&scene).await;
    discord.remove_channel(thread);
    say(&scene, &reference, &json!({"text": "Encore moi", "public": true, "request_key": "1"})).await;
    discord
        .until("the answer finds its way", |world| {
            world.said_by_bot(direct).iter().any(|said| said.text().contains("Encore moi")).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_publish_answers_mark_threads_and_make_requests_of_them() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let publish = Pressed::Command("publier", vec![("question", QUESTION.to_owned())]);
    let refused = discord.interact(LEA, CHANNEL, &publish).await;
    assert!(refused.to_string().contains("réservée aux conseillers"), "{refused}");
    let published = discord.interact(INES, CHANNEL, &publish).await;
    assert!(published.to_string().contains("Pour commander") && published["data"]["flags"].is_null(), "{published}");

    let outside = discord.interact(INES, CHANNEL, &Pressed::Command("resolu", Vec::new())).await;
    assert!(outside.to_string().contains("dans un fil"), "{outside}");
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, "xyzzy plugh ?")).await;
    discord.said_in(thread, 0).await;
    let shown = discord.interact(INES, thread, &Pressed::Command("transmettre", Vec::new())).await;
    let id = shown["data"]["custom_id"].as_str().expect("a form").to_owned();
    let taken = discord.interact(INES, thread, &form(&id, "lea@revendeur.example")).await;
    assert!(!crate::outside::reference(&taken.to_string()).is_empty(), "{taken}");
    let stranger = discord.interact(PAUL, thread, &form(&id, "paul@revendeur.example")).await;
    assert!(stranger.to_string().contains("à la personne qui a posé"), "{stranger}");

    let solved = discord.interact(INES, thread, &Pressed::Command("resolu", Vec::new())).await;
    assert!(solved.to_string().contains("marqué comme résolu"), "{solved}");
    assert!(discord.channel(thread)["name"].as_str().is_some_and(|name| name.starts_with('✅')));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_takes_a_thread_over_and_the_bot_is_silent_there() {
    let scene = Scene::new().await;
    let discord = &scene.discord;
    let thread = discord.thread_below(discord.ask(LEA, CHANNEL, QUESTION)).await;
    discord.said_in(thread, 0).await;
    let (_, list) = answer(staff::get(&scene.guichet, "/conversations")).await;
    let id = list["conversations"][0]["id"].as_str().expect("one conversation goes on").to_owned();
    let act = async |method: reqwest::Method, what: &str, body: serde_json::Value| {
        let url = format!("{}/api/v1/staff/conversations/{id}/{what}", scene.guichet.url);
        let request = scene.guichet.client.request(method, url).bearer_auth(staff::TOKEN).json(&body);
        let status = request.send().await.expect("it answers").status();
        assert!(status.is_success(), "{what}: {status}");
    };
    act(reqwest::Method::PUT, "agent", json!(null)).await;
    let joined = discord.said_in(thread, 1).await;
    assert!(joined.text().contains("Inès, de l’équipe"), "{}", joined.text());

    let asked = discord.write(LEA, thread, QUESTION);
    let waited = std::time::Instant::now();
    loop {
        let (_, seen) = answer(staff::get(&scene.guichet, &format!("/conversations/{id}"))).await;
        if seen["messages"].as_array().is_some_and(|messages| messages.len() == 4) {
            break;
        }
        assert!(waited.elapsed() < std::time::Duration::from_secs(60), "message {asked} is never heard: {seen}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let said = json!({"text": "Je regarde *tout de suite*.", "request_key": "1"});
    act(reqwest::Method::POST, "messages", said.clone()).await;
    act(reqwest::Method::POST, "messages", said).await;
    let told = discord.said_in(thread, 2).await;
    assert!(told.text().contains("Inès") && told.text().contains(r"Je regarde \*tout de suite\*."), "{}", told.text());
    act(reqwest::Method::DELETE, "agent", json!(null)).await;
    assert!(discord.said_in(thread, 3).await.text().contains("a quitté la conversation"));
    staff::wait_for_work(&scene.guichet).await;
    assert_eq!(discord.all_said_in(thread).await.len(), 4, "each thing is said once, and the bot was silent");
}
