//! What a partner sees who signed in at the demo portal, what staff see of it, and what nobody finds in the log.

use std::fs;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, directory};
use crate::staff::{SETTINGS, TOKEN};

pub(crate) const QUESTION: &str = "Pourquoi le contrat de Garage Martin n'a pas été réabonné ?";

pub(crate) async fn identity(guichet: &Guichet) -> String {
    let (status, signed) = answer(guichet.post("/api/v1/demo/identities").json(&json!({ "user": "U-12" }))).await;
    assert_eq!(status, StatusCode::CREATED, "{signed}");
    signed["identity"].as_str().expect("a token").to_owned()
}

pub(crate) async fn signed_in<'a>(guichet: &'a Guichet, identity: &str) -> (StatusCode, Value, Option<Partner<'a>>) {
    let opened = answer(guichet.post("/api/v1/conversations").json(&json!({ "identity": identity }))).await;
    let text = |name: &str| opened.1[name].as_str().map(str::to_owned);
    let partner = text("id").zip(text("token")).map(|(id, token)| Partner { guichet, id, token });
    (opened.0, opened.1.clone(), partner)
}

#[tokio::test]
async fn who_signed_in_is_told_facts_with_their_sources_and_the_log_holds_none() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    fs::write(&config, format!("{SETTINGS}[log]\nfilter = \"trace\"\n")).expect("a file");
    let config = config.to_str().expect("UTF-8").to_owned();
    let guichet = Guichet::start_with(dir.path(), &["--config", &config]);
    let proof = identity(&guichet).await;
    let (status, opened, partner) = signed_in(&guichet, &proof).await;
    assert_eq!(status, StatusCode::CREATED, "{opened}");
    assert!(opened["valid_until"].is_i64());
    let partner = partner.expect("a conversation");

    let reply = partner.ask(QUESTION).await;
    assert_eq!(reply["decision"], "lookup");
    let sources = reply["sources"].as_array().expect("a list");
    let of_kind = |kind: &str| sources.iter().filter(|source| source["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(of_kind("entry")[0]["id"], "reabonnement-absent");
    assert!(of_kind("rule").iter().any(|source| source["id"] == "not_renewed"));
    let number = sources.iter().position(|source| source["id"] == "previous_invoice.number").expect("it is cited");
    assert!(sources[number]["read_at"].is_i64());
    let shown = reply["blocks"].to_string();
    assert!(shown.contains("\"source\":") && shown.contains("FA"), "{shown}");

    // A proof is taken once; a new one is taken by the same conversation.
    let (status, problem, _) = signed_in(&guichet, &proof).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("identity-refused")));
    let path = format!("/api/v1/conversations/{}/identity", partner.id);
    let put = guichet.client.put(format!("{}{path}", guichet.url)).bearer_auth(&partner.token);
    let (status, _) = answer(put.json(&json!({ "identity": identity(&guichet).await }))).await;
    assert_eq!(status, StatusCode::OK);
    let delete = guichet.client.delete(format!("{}{path}", guichet.url)).bearer_auth(&partner.token);
    assert_eq!(delete.send().await.expect("an answer").status(), StatusCode::NO_CONTENT);
    let reply = partner.ask(QUESTION).await;
    assert!(reply["sources"].as_array().expect("a list").iter().all(|source| source["kind"] != "fact"), "{reply}");

    let link = guichet.post("/api/v1/account-links").json(&json!({ "identity": identity(&guichet).await }));
    let (status, code) = answer(link).await;
    assert_eq!((status, code["code"].as_str().map(str::len)), (StatusCode::CREATED, Some(9)), "{code}");

    let (status, audit) = answer(guichet.get("/api/v1/staff/lookups").bearer_auth(TOKEN)).await;
    assert_eq!(status, StatusCode::OK, "{audit}");
    let last = &audit["lookups"][0];
    assert_eq!((&last["user"], &last["outcome"]), (&json!("U-12"), &json!("found")));
    let simulation = "/api/v1/staff/entries/resiliation-demander/simulation?today=2027-01-15";
    let (status, simulated) = answer(guichet.get(simulation).bearer_auth(TOKEN)).await;
    assert_eq!(status, StatusCode::OK, "{simulated}");
    assert!(simulated["texts"].as_array().is_some_and(|texts| texts.len() > 5));
    for path in ["/api/v1/staff/lookups", simulation] {
        assert_eq!(answer(guichet.get(path)).await.0, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer(guichet.get(path).bearer_auth("x")).await.0, StatusCode::FORBIDDEN, "{path}");
    }

    let log = guichet.stop();
    let code = code["code"].as_str().expect("a code");
    for secret in ["Garage", "Martin", "C-1001", "FA25", &proof, code] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn without_the_demo_portal_there_are_no_invented_users() {
    let dir = directory();
    // What a demo on the same store has signed holds no longer when there is none.
    let demo = Guichet::start(dir.path());
    let proof = identity(&demo).await;
    demo.stop();
    let config = dir.path().join("guichet.toml");
    fs::write(&config, "[portal]\nkind = \"none\"\n").expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    assert_eq!(answer(guichet.get("/api/v1/demo/users")).await, (StatusCode::OK, json!({ "users": [] })));
    let sign = guichet.post("/api/v1/demo/identities").json(&json!({ "user": "U-12" }));
    assert_eq!(answer(sign).await.0, StatusCode::NOT_FOUND);
    assert_eq!(signed_in(&guichet, &proof).await.0, StatusCode::UNAUTHORIZED);
    let reply = guichet.partner().await.ask(QUESTION).await;
    assert_eq!(reply["decision"], "lookup");
    assert!(!reply["blocks"].to_string().contains("connecté"), "{reply}");
}
