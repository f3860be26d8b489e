//! What a partner sees.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::guichet::{Guichet, answer, directory, two_cards};

const ZENDESK: &str = "comment créer un ticket zendesk ?";

fn text(reply: &Value) -> String {
    fn collect(value: &Value, out: &mut String) {
        match value {
            Value::Object(fields) => {
                if let Some(text) = fields.get("text").and_then(Value::as_str) {
                    out.push_str(text);
                }
                for name in ["spans", "items"] {
                    fields.get(name).into_iter().for_each(|inside| collect(inside, out));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
            _ => {}
        }
    }
    let mut out = String::new();
    collect(&reply["blocks"], &mut out);
    out
}

#[tokio::test]
async fn a_partner_reads_the_answer_and_where_it_comes_from() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let reply = guichet.partner().await.ask(ZENDESK).await;
    assert_eq!(reply["decision"], "answer");
    assert_eq!(reply["sources"][0]["id"], "zendesk-creer-demande");
    assert!(text(&reply).contains("Demande d’assistance"), "{reply}");
    let updated_at = reply["sources"][0]["updated_at"].as_i64().expect("since when the entry reads like this");
    assert!(updated_at > 0 && updated_at <= now(), "the files were read into the store a moment ago: {updated_at}");

    let revision = reply["sources"][0]["revision"].clone();
    let (status, entry) = answer(guichet.get("/api/v1/entries/zendesk-creer-demande")).await;
    assert_eq!((status, &entry["revision"]), (StatusCode::OK, &revision));
    assert_eq!(entry["blocks"], reply["blocks"]);
    assert_eq!(entry["sources"], reply["sources"]);
}

fn now() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().expect("a clock after 1970");
    i64::try_from(since.as_millis()).expect("a date")
}

#[tokio::test]
async fn a_long_conversation_is_read_in_pages_from_its_end() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let partner = guichet.partner().await;
    for text in ["bonjour", "merci", "bonjour"] {
        partner.ask(text).await;
    }
    let numbers = async |query: &str| {
        let path = format!("{}{query}", partner.messages());
        let (status, page) = answer(guichet.get(&path).bearer_auth(&partner.token)).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let page = page["messages"].as_array().expect("a list").clone();
        page.iter().filter_map(|message| message["number"].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(numbers("").await, [1, 2, 3, 4, 5, 6], "whole when nothing else is asked for");
    assert_eq!(numbers("?limit=2").await, [5, 6]);
    assert_eq!(numbers("?before=5&limit=3").await, [2, 3, 4]);
    assert_eq!(numbers("?before=3").await, [1, 2]);
    assert_eq!(numbers("?before=1&limit=3").await, [0_i64; 0]);
    for limit in ["beaucoup", "0", "501", "2147483648"] {
        let path = format!("{}?limit={limit}", partner.messages());
        assert_eq!(answer(guichet.get(&path).bearer_auth(&partner.token)).await.0, StatusCode::BAD_REQUEST, "{limit}");
    }
}

#[tokio::test]
async fn a_restart_even_a_violent_one_loses_nothing() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let partner = guichet.partner().await;
    partner.ask("bonjour").await;
    partner.ask(ZENDESK).await;
    let (before, id, token) = (partner.history().await, partner.id, partner.token);
    assert_eq!(before.len(), 4);
    drop(guichet); // SIGKILL

    let guichet = Guichet::start(dir.path());
    let partner = crate::guichet::Partner { guichet: &guichet, id, token };
    assert_eq!(partner.history().await, before);
    partner.ask("merci").await;
    assert_eq!(partner.history().await.len(), 6);
}

#[tokio::test]
async fn an_option_is_chosen_by_its_id_or_its_number() {
    let dir = directory();
    let guichet = Guichet::start_with(dir.path(), &["--kb", &two_cards(dir.path())]);
    let partner = guichet.partner().await;
    let reply = partner.ask("une carte").await;
    assert_eq!(reply["decision"], "clarify", "{reply}");
    let second = &reply["options"][1];

    let by_number = partner.ask("2").await;
    assert_eq!((&by_number["decision"], &by_number["sources"][0]["id"]), (&json!("answer"), &second["id"]));
    let (status, by_id) = partner.send(&json!({"text": second["label"], "option": second["id"]})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(by_id["blocks"], by_number["blocks"]);
}

#[tokio::test]
async fn suggestions_come_while_typing() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let (status, found) = answer(guichet.get("/api/v1/suggest?q=zendes")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(found["suggestions"][0]["id"], "zendesk-creer-demande");
    let (_, none) = answer(guichet.get("/api/v1/suggest?q=")).await;
    assert_eq!(none, json!({"suggestions": []}));
}

#[tokio::test]
async fn a_conversation_is_open_to_its_owner_only() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let (mine, theirs) = (guichet.partner().await, guichet.partner().await);
    mine.ask("bonjour").await;
    for token in [theirs.token.as_str(), "x"] {
        let (status, problem) = answer(guichet.get(&mine.messages()).bearer_auth(token)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("conversation-not-found")), "{token}");
    }
    for request in [guichet.get(&mine.messages()), guichet.get(&mine.messages()).bearer_auth("")] {
        let (status, problem) = answer(request).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("token-missing")));
    }
}

#[tokio::test]
async fn two_messages_at_once_are_both_kept_in_order() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let partner = guichet.partner().await;
    let (one, two) = tokio::join!(partner.ask(ZENDESK), partner.ask("merci"));
    assert_eq!((&one["decision"], &two["decision"]), (&json!("answer"), &json!("smalltalk")));
    let history = partner.history().await;
    let authors: Vec<&str> = history.iter().filter_map(|message| message["author"].as_str()).collect();
    assert_eq!(authors, ["visitor", "assistant", "visitor", "assistant"]);
}

/// Whatever is typed, there is a reply or a clear refusal, and what was typed is kept as text.
#[tokio::test]
async fn strange_input_is_answered_or_refused_clearly() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let partner = guichet.partner().await;
    for typed in [
        "🙂🙂🙂",
        "le la les de des",
        "'; DROP TABLE messages; --",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "**gras** [lien](javascript:alert(1)) `code` # titre",
        "{{contact.cles.email}} {{7*7}} ${7*7}",
        "a\u{0}b\u{7}c\u{1b}[31m",
        "\u{202e}txet sdrawkcab",
        "?????",
        "e\u{301}te\u{301}\u{301}\u{301}\u{301}",
        &"mot ".repeat(999),
        &"x".repeat(4_000),
    ] {
        let reply = partner.ask(typed).await;
        assert!(!text(&reply).is_empty(), "{typed}");
        for part in ["<script", "DROP TABLE", "javascript:"] {
            assert!(!text(&reply).contains(part), "a reply never repeats what was typed: {reply}");
        }
    }
    for (typed, code) in [
        ("", "question-empty"),
        (" \n\t ", "question-empty"),
        ("\u{200b}\u{0}", "question-empty"),
        (&"é".repeat(4_001), "question-too-long"),
        (&"mot ".repeat(10_000), "question-too-long"),
    ] {
        let (status, problem) = partner.send(&json!({ "text": typed })).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(code)));
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains('.')), "{problem}");
    }
    let history = partner.history().await;
    assert_eq!(history.len(), 24, "what is refused is not kept");
    assert_eq!(history[6]["text"], "<script>alert(1)</script><img src=x onerror=alert(1)>");
}

#[tokio::test]
async fn an_option_is_chosen_in_words_and_refused_in_words() {
    let dir = directory();
    let guichet = Guichet::start_with(dir.path(), &["--kb", &two_cards(dir.path())]);
    let partner = guichet.partner().await;
    let reply = partner.ask("une carte").await;
    let by_words = partner.ask("la deuxième svp").await;
    assert_eq!(by_words["sources"][0]["id"], reply["options"][1]["id"]);

    partner.ask("une carte").await;
    let refused = partner.ask("non, aucune des deux").await;
    assert_eq!((&refused["decision"], &refused["options"][0]["id"]), (&json!("handoff"), &json!("do:ticket")));
}

#[tokio::test]
async fn the_same_answer_is_not_given_twice_in_a_row() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let partner = guichet.partner().await;
    let first = partner.ask(ZENDESK).await;
    let second = partner.ask(ZENDESK).await;
    assert_ne!(first["blocks"], second["blocks"]);
    assert!(text(&second).contains("viens de vous donner"), "{second}");
    let options = second["options"].as_array().expect("a list");
    assert_eq!(options.last().expect("a next step")["id"], "do:ticket");
}

#[tokio::test]
async fn two_questions_in_one_message_get_both_answers() {
    let dir = directory();
    let guichet = Guichet::start_with(dir.path(), &["--kb", &two_cards(dir.path())]);
    let partner = guichet.partner().await;
    let both = partner.ask("Comment commander une carte ? Et comment annuler une carte ?").await;
    let sources: Vec<&str> =
        both["sources"].as_array().expect("a list").iter().filter_map(|source| source["id"].as_str()).collect();
    assert_eq!(sources, ["carte-commander", "carte-annuler"], "{both}");
    assert_eq!(both["blocks"][1]["source"], 1);
}
