//! What a partner sees who signed in at the demo portal, what staff see of it, and what nobody finds in the log.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::guichet::{Guichet, Partner, answer, command, directory};
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

/// A portal of its own: `guichet portal-demo` on a free port. It ends with the test.
struct DemoPortal {
    process: Child,
    url: String,
}

impl DemoPortal {
    fn start(data_dir: &Path) -> Self {
        let mut demo = command(data_dir, &["portal-demo", "--listen", "127.0.0.1:0"]);
        let mut process = demo.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
        let mut lines = BufReader::new(process.stderr.take().expect("it has a log")).lines();
        let says_where = |line: &String| line.contains("the demo portal is at ");
        let line = lines.by_ref().map_while(Result::ok).find(says_where).expect("it says where it is");
        // Its log is read on, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        let after = line.split("the demo portal is at ").nth(1).expect("the line says where");
        Self { process, url: after.split("/v1").next().expect("an address").to_owned() }
    }
}

impl Drop for DemoPortal {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const SHARED: &str = "un-secret-de-test-de-plus-de-32-octets";

/// What the portal's page would hand over: a token (HS256) that says who asks.
fn signed(user: &str, id: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_secs();
    let header = json!({ "alg": "HS256", "typ": "JWT", "kid": "test" });
    let claims = json!({
        "iss": "https://portail.editeur.example", "aud": "guichet", "iat": now, "exp": now + 300, "jti": id, "sub": user,
        "partner": "P-1", "establishments": ["E-11"], "rights": ["contracts", "prices", "invoices", "keys"],
    });
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(SHARED.as_bytes()).expect("any length will do");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// With a portal over HTTP, whose addresses hold names and numbers, the log of everything holds nothing of them; not when it
/// answers, and not when it is gone.
#[tokio::test]
async fn with_a_portal_over_http_the_log_holds_no_facts_either() {
    let dir = directory();
    let demo = DemoPortal::start(dir.path());
    let config = dir.path().join("guichet.toml");
    let settings = format!(
        "{SETTINGS}[log]\nfilter = \"trace\"\n[portal]\nkind = \"http\"\n[portal.http]\nbase_url = \"{url}/v1\"\n\
         token_url = \"{url}/oauth/token\"\nclient_id = \"guichet\"\nclient_secret = \"demo\"\nfresh_ms = 0\n\
         [[identity.key]]\nid = \"test\"\nsecret = \"{SHARED}\"\n",
        url = demo.url
    );
    fs::write(&config, settings).expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let proof = signed("U-12", "une-preuve");
    let (status, opened, partner) = signed_in(&guichet, &proof).await;
    assert_eq!(status, StatusCode::CREATED, "{opened}");
    let partner = partner.expect("a conversation");
    let questions = [
        QUESTION,
        "et ses clés ?",
        "Quel sera le montant du prochain réabonnement de la SCI Dumas ?",
        "Est-ce que le contrat 70617284 est réabonné ?",
        "Le contrat de Garage Martin est-il réabonné, facture FA2599999 ?",
    ];
    for question in questions {
        let reply = partner.ask(question).await;
        assert_eq!(reply["decision"], "lookup", "{reply}");
    }
    let reply = partner.ask(QUESTION).await;
    assert!(reply["blocks"].to_string().contains("FA25"), "the facts are there: {reply}");
    drop(demo);
    let reply = partner.ask("Le contrat de la Menuiserie Dubreuil est-il réabonné ?").await;
    assert!(reply["blocks"].to_string().contains("Le portail ne répond pas"), "{reply}");

    let (_, audit) = answer(guichet.get("/api/v1/staff/lookups").bearer_auth(TOKEN)).await;
    let outcomes: Vec<&str> =
        audit["lookups"].as_array().expect("a list").iter().filter_map(|line| line["outcome"].as_str()).collect();
    assert_eq!((outcomes.len(), outcomes[0]), (questions.len() + 2, "silent"), "{outcomes:?}");

    let log = guichet.stop();
    assert!(log.contains("portal"), "something of it is logged at all");
    for secret in [
        "Garage",
        "garage",
        "Martin",
        "Dumas",
        "Dubreuil",
        "C-1001",
        "K-10001",
        "FA25",
        "70617284",
        "47654321",
        "U-12",
        "une-preuve",
        &proof,
        SHARED,
    ] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
