//! Interactions as signed requests.

use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

use super::fake::{CHANNEL, Discord, Pressed};
use super::{LEA, QUESTION, start};
use crate::guichet::{Guichet, directory};

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[9; 32]).expect("a seed has 32 bytes")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sends a signed interaction; the status and the answer.
async fn send(guichet: &Guichet, interaction: &Value, age_s: i64, spoil: &str) -> (u16, Value) {
    let body = interaction.to_string();
    let timestamp = (jiff::Timestamp::now().as_second() - age_s).to_string();
    let signature = hex(pair().sign(format!("{timestamp}{body}").as_bytes()).as_ref());
    let request = guichet.post("/webhooks/discord").header("content-type", "application/json");
    let request = request.header("x-signature-ed25519", signature).header("x-signature-timestamp", timestamp);
    let response = request.body(format!("{body}{spoil}")).send().await.expect("it answers");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_interactions_are_answered_without_a_gateway_and_others_refused() {
    let (discord, dir) = (Discord::start().await, directory());
    let key = hex(pair().public_key().as_ref());
    let config = dir.path().join("guichet.toml");
    let text = super::settings(&discord)
        .replace("[discord]\n", &format!("[discord]\ngateway = false\npublic_key = \"{key}\"\n"));
    std::fs::write(&config, text).expect("a file");
    let kb = crate::guichet::two_cards(dir.path());
    let mut guichet = Guichet::spawn(dir.path(), &["--kb", &kb, "--config", config.to_str().expect("UTF-8")]);
    tokio::task::block_in_place(|| guichet.wait_until_ready());

    let ping = json!({
        "type": 1, "id": "1", "application_id": "900", "token": "t", "version": 1,
    });
    assert_eq!(send(&guichet, &ping, 0, "").await, (200, json!({ "type": 1 })));
    assert_eq!(send(&guichet, &ping, 0, " ").await.0, 401);
    assert_eq!(send(&guichet, &ping, 1000, "").await.0, 401);
    assert_eq!(send(&guichet, &json!({ "type": 77 }), 0, "").await.0, 422);
    let forged = Ed25519KeyPair::from_seed_unchecked(&[8; 32]).expect("a seed has 32 bytes");
    let now = jiff::Timestamp::now().as_second().to_string();
    let signature = hex(forged.sign(format!("{now}{ping}").as_bytes()).as_ref());
    let request = guichet.post("/webhooks/discord").header("x-signature-timestamp", now).body(ping.to_string());
    let refused = request.header("x-signature-ed25519", signature).send().await.expect("it answers");
    assert_eq!(refused.status().as_u16(), 401, "somebody else's key");

    let command = Pressed::Command("question", vec![("question", QUESTION.to_owned())]);
    let (status, answer) = send(&guichet, &discord.interaction(LEA, CHANNEL, &command), 0, "").await;
    assert_eq!((status, &answer["type"], &answer["data"]["flags"]), (200, &json!(4), &json!(64)));
    assert!(answer.to_string().contains("Pour commander"), "{answer}");
    assert_eq!((discord.opened(2), discord.opened(6)), (0, 0), "no gateway");
    discord.until("commands are told", |world| (!world.commands.is_null()).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_public_key_there_is_no_endpoint() {
    let (discord, dir) = (Discord::start().await, directory());
    let guichet = start(&discord, dir.path(), "").await;
    assert_eq!(send(&guichet, &json!({ "type": 1 }), 0, "").await.0, 404);
}
