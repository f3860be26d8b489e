//! What operators count and time.

use std::fs;

use crate::guichet::{Guichet, directory};
use crate::lookups;

#[tokio::test]
async fn turns_requests_and_work_are_counted_on_a_port_of_their_own_without_anything_personal() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    fs::write(&config, "[metrics]\nlisten = \"127.0.0.1:0\"\n").expect("a file");
    let mut guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let line = guichet.wait_for_log("metrics are at ");
    let url = line.split("metrics are at ").nth(1).expect("the line says where").trim().to_owned();
    let partner = guichet.partner().await;
    partner.ask("bonjour").await;
    partner.ask("xylophone-secret ?").await;

    let text = crate::guichet::client().get(&url).send().await.expect("it answers").text().await.expect("text");
    let line =
        |beginning: &str| text.lines().find(|line| line.starts_with(beginning)).unwrap_or_else(|| panic!("{text}"));
    let talk = line("guichet_turn_seconds_count{channel=\"web\",decision=\"smalltalk\"}");
    assert!(talk.ends_with(" 1"), "{talk}");
    let posted =
        line("guichet_http_request_seconds_count{route=\"/api/v1/conversations/{id}/messages\",method=\"POST\"");
    assert!(posted.ends_with(" 2"), "{posted}");
    assert!(line("guichet_understanding_seconds_count").ends_with(" 2"));
    assert!(!text.contains("guichet_portal_seconds"), "nobody asked the portal");
    assert!(line("guichet_jobs{state=\"dead\"}").ends_with(" 0"));
    for secret in ["xylophone", &partner.id, &partner.token] {
        assert!(!text.contains(secret), "{secret}");
    }

    let proof = lookups::identity(&guichet).await;
    let (_, _, visitor) = lookups::signed_in(&guichet, &proof).await;
    visitor.expect("a conversation").ask(lookups::QUESTION).await;
    let text = crate::guichet::client().get(&url).send().await.expect("it answers").text().await.expect("text");
    let asked = "guichet_portal_seconds_count{call=\"list_customers\",outcome=\"ok\"}";
    assert!(text.contains(asked) && !text.contains("Garage"), "{text}");
    let other = guichet.get("/metrics").send().await.expect("it answers");
    assert_eq!(other.status(), reqwest::StatusCode::NOT_FOUND, "it is not for partners");
}
