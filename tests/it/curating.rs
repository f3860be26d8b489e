//! Curators write in the console and in files; partners get what was published, and nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::guichet::{Guichet, answer, directory, run, two_cards};
use crate::tickets::staff;
use crate::{postgres, staff as people};

/// How long the gate may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A service over two entries that compete for "carte", whose files are not watched.
fn start(dir: &Path, store: &str) -> Guichet {
    Guichet::start_with(dir, &["--kb", &two_cards(dir), "--config", &config(dir, store)])
}

fn config(dir: &Path, store: &str) -> String {
    let path = dir.join("guichet.toml");
    let text = format!("{store}[knowledge]\nwatch_ms = 0\n{}[jobs]\npoll_ms = 50\n", people::SETTINGS);
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

/// The curator sends `body`; what comes back.
async fn send(guichet: &Guichet, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    answer(staff(guichet, method, path).json(body)).await
}

pub(crate) async fn read(guichet: &Guichet, path: &str) -> Value {
    let (status, found) = answer(staff(guichet, Method::GET, path)).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    found
}

pub(crate) fn entry(id: &str, question: &str, must: &[&str], text: &str) -> Value {
    json!({ "id": id, "question": question, "category": "Cartes", "checks": { "must": must }, "answer": text })
}

/// Saves a draft; the number of its revision.
pub(crate) async fn draft(guichet: &Guichet, entry: &Value, seen: Option<i64>) -> i64 {
    let path = format!("/documents/entry:{}", entry["id"].as_str().expect("an id"));
    let body = json!({ "seen": seen, "entry": entry, "reason": "essai" });
    let (status, saved) = send(guichet, Method::PUT, &path, &body).await;
    assert_eq!((status, &saved["status"]), (StatusCode::OK, &json!("draft")), "{saved}");
    saved["latest"].as_i64().expect("a number")
}

/// Asks for a publication and waits for what becomes of it.
pub(crate) async fn publish(guichet: &Guichet, id: &str, revision: i64, more: &Value) -> Value {
    let mut body =
        json!({ "items": [{ "document": format!("entry:{id}"), "revision": revision, "action": "publish" }] });
    for (name, value) in more.as_object().expect("an object") {
        match name.as_str() {
            "action" => body["items"][0]["action"] = value.clone(),
            name => body[name] = value.clone(),
        }
    }
    let (status, asked) = send(guichet, Method::POST, "/publications", &body).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{asked}");
    let path = format!("/publications/{}", asked["id"].as_str().expect("an id"));
    let begun = Instant::now();
    loop {
        let now = read(guichet, &path).await;
        if !["waiting", "running"].contains(&now["state"].as_str().expect("a state")) {
            return now;
        }
        assert!(begun.elapsed() < PATIENCE, "the gate never ends: {now}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The entry that a new conversation is answered with.
async fn answered(guichet: &Guichet, question: &str) -> Value {
    guichet.partner().await.ask(question).await["sources"][0]["id"].clone()
}

#[tokio::test]
async fn a_draft_is_published_through_the_gate_compared_and_taken_back() {
    let dir = directory();
    let guichet = start(dir.path(), "");
    let plan = "Où trouver le plan du métro ?";
    assert_ne!(answered(&guichet, plan).await, json!("plan-metro"));
    let first = entry("plan-metro", plan, &["je cherche le plan du metro"], "Au guichet 3.");
    let number = draft(&guichet, &first, None).await;

    // Partners see nothing of a draft, wherever they look.
    let partner = guichet.partner().await;
    let reply = partner.ask(plan).await.to_string();
    let (_, suggested) = answer(guichet.get("/api/v1/suggest?q=plan+du+metro")).await;
    assert!(!reply.contains("plan-metro") && !suggested.to_string().contains("plan-metro"), "{reply} {suggested}");
    let (status, chosen) = partner.send(&json!({ "text": "x", "option": "plan-metro" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{chosen}");
    let (status, _) = answer(guichet.get("/api/v1/entries/plan-metro")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    let submitted = json!({ "seen": number });
    let (_, submitted) = send(&guichet, Method::POST, "/documents/entry:plan-metro/submit", &submitted).await;
    assert_eq!((&submitted["status"], &submitted["in_force"]), (&json!("in_review"), &Value::Null), "{submitted}");
    let tried = publish(&guichet, "plan-metro", 2, &json!({ "preview": true })).await;
    assert_eq!(tried["state"], "previewed", "{tried}");
    let impact = &tried["report"]["impact"];
    assert!(impact["list"].as_array().is_some_and(|list| list.iter().any(|one| one["question"] == plan)), "{tried}");
    assert_ne!(answered(&guichet, plan).await, json!("plan-metro"), "it was only tried");
    let published = publish(&guichet, "plan-metro", 2, &json!({ "reason": "relu" })).await;
    assert_eq!(published["state"], "published", "{published}");
    assert_eq!(answered(&guichet, plan).await, json!("plan-metro"));

    // Two curators at once: the second one is told.
    let second = draft(&guichet, &entry("plan-metro", plan, &[], "Au guichet 4."), Some(3)).await;
    let late = json!({ "seen": 3, "entry": entry("plan-metro", plan, &[], "Au guichet 5.") });
    let (status, refused) = send(&guichet, Method::PUT, "/documents/entry:plan-metro", &late).await;
    assert_eq!((status, &refused["code"]), (StatusCode::CONFLICT, &json!("document-outdated")), "{refused}");
    let diff = read(&guichet, &format!("/documents/entry:plan-metro/diff?from=3&to={second}")).await;
    let lines = diff["lines"].as_array().expect("a list");
    assert!(lines.contains(&json!({ "change": "removed", "text": "Au guichet 3." })), "{diff}");
    assert!(lines.contains(&json!({ "change": "added", "text": "Au guichet 4." })), "{diff}");

    let back = json!({ "seen": second, "to": 3, "reason": "erreur" });
    let (_, back) = send(&guichet, Method::POST, "/documents/entry:plan-metro/rollback", &back).await;
    let number = back["latest"].as_i64().expect("a number");
    assert_eq!(publish(&guichet, "plan-metro", number, &json!({})).await["state"], "published");
    let history = read(&guichet, "/documents/entry:plan-metro/revisions").await;
    let history: Vec<_> = history["revisions"].as_array().expect("a list").iter().map(|one| &one["status"]).collect();
    assert_eq!(history, ["published", "draft", "draft", "published", "in_review", "draft"]);

    let archived = publish(&guichet, "plan-metro", number + 1, &json!({ "action": "archive" })).await;
    assert_eq!(archived["state"], "published", "{archived}");
    assert_ne!(answered(&guichet, plan).await, json!("plan-metro"));
}

#[tokio::test]
async fn the_gate_refuses_what_steals_a_question_and_names_the_thief() {
    let dir = directory();
    let guichet = start(dir.path(), "");
    let number =
        draft(&guichet, &entry("plan-metro", "Où est le plan ?", &["donnez-moi le plan du métro"], "Là."), None).await;
    assert_eq!(publish(&guichet, "plan-metro", number, &json!({})).await["state"], "published");

    let thief = entry("plan-bus", "Donnez-moi le plan du métro", &[], "Ailleurs, au guichet des bus.");
    let number = draft(&guichet, &thief, None).await;
    let refused = publish(&guichet, "plan-bus", number, &json!({})).await;
    assert_eq!(refused["state"], "refused", "{refused}");
    let failure = &refused["report"]["refused"][0];
    assert_eq!(
        (&failure["document"], &failure["other"]),
        (&json!("entry:plan-metro"), &json!("plan-bus")),
        "{refused}"
    );
    assert_eq!(failure["question"], "donnez-moi le plan du métro");
    assert_ne!(answered(&guichet, "donnez-moi le plan du métro").await, json!("plan-bus"));

    // What was looked at is what is published.
    let later = json!({ "items": [{ "document": "entry:plan-bus", "revision": 9, "action": "publish" }] });
    let (status, _) = send(&guichet, Method::POST, "/publications", &later).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let planned = json!({
        "items": [{ "document": "entry:plan-bus", "revision": number, "action": "publish" }],
        "run_at": jiff::Timestamp::now().as_millisecond() + 3_600_000,
    });
    let (_, planned) = send(&guichet, Method::POST, "/publications", &planned).await;
    let path = format!("/publications/{}/cancel", planned["id"].as_str().expect("an id"));
    assert_eq!(send(&guichet, Method::POST, &path, &json!({})).await.1["state"], "cancelled");
    assert_eq!(send(&guichet, Method::POST, &path, &json!({})).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn console_and_files_are_two_editors_of_one_knowledge_base() {
    let dir = directory();
    let guichet = start(dir.path(), "");
    let number = draft(&guichet, &entry("carte-perdue", "Que faire d'une carte perdue ?", &[], "Appelez."), None).await;
    assert_eq!(publish(&guichet, "carte-perdue", number, &json!({})).await["state"], "published");
    guichet.stop();

    let kb = dir.path().join("kb");
    let arguments = ["--kb", kb.to_str().expect("UTF-8")];
    let export = |to: &str| {
        let done = run(dir.path(), &["kb", "export", "--stored", "--to", to, arguments[0], arguments[1]]);
        String::from_utf8(done.stdout).expect("UTF-8")
    };
    // A file in git is newer than the console, which has one more entry: both stay.
    let file = kb.join("entries/fr/cartes/carte-annuler.md");
    let text = std::fs::read_to_string(&file).expect("a file").replace("au comptoir", "par courrier");
    std::fs::write(&file, &text).expect("a file");
    let synced = run(dir.path(), &["kb", "sync", arguments[0], arguments[1]]);
    assert!(synced.status.success(), "{synced:?}");
    assert_eq!(export(kb.to_str().expect("UTF-8")), "3 files, 1 written, 0 removed\n");
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), text, "byte for byte");
    assert!(kb.join("entries/fr/cartes/carte-perdue.md").exists());
    assert_eq!(export(kb.to_str().expect("UTF-8")), "3 files, 0 written, 0 removed\n");
    let again = run(dir.path(), &["kb", "sync", arguments[0], arguments[1]]);
    assert!(String::from_utf8_lossy(&again.stdout).ends_with("0 conflicts\n"), "{again:?}");

    let guichet = Guichet::start_with(dir.path(), &[arguments[0], arguments[1], "--config", &config(dir.path(), "")]);
    let reply = guichet.partner().await.ask("comment annuler une carte").await.to_string();
    assert!(reply.contains("par courrier"), "{reply}");
    assert_eq!(answered(&guichet, "que faire d'une carte perdue").await, json!("carte-perdue"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_at_one_replica_is_answered_by_the_other_within_two_seconds() {
    let Some(url) = postgres::new_database().await else { return };
    let store = format!("[store]\nurl = \"{url}\"\n");
    let dirs = [directory(), directory()];
    let [one, two] = [0, 1].map(|at| start(dirs[at].path(), &store));
    let plan = "Où trouver le plan du métro ?";
    let number = draft(&one, &entry("plan-metro", plan, &[], "Au guichet 3."), None).await;
    assert_ne!(answered(&two, plan).await, json!("plan-metro"));
    let published = publish(&one, "plan-metro", number, &json!({})).await;
    let begun = Instant::now();
    assert_eq!(published["state"], "published", "{published}");
    // Either may be the first.
    for replica in [&two, &one] {
        while answered(replica, plan).await != json!("plan-metro") {
            assert!(begun.elapsed() < Duration::from_secs(2), "a replica does not know it after two seconds");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
