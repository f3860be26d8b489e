//! The client and the demo server, every request and answer held against `docs/portal-openapi.yaml`.

use std::time::Duration;

use jiff::civil::date;

use super::guarded::Guarded;
use super::http::{HttpPortal, Settings};
use super::{
    ContractQuery, CustomerQuery, InvoiceQuery, NewInformationRequest, PageQuery, Portal, PortalError, RequestKind,
    View,
};
use crate::clients::tls;
use crate::model::{ContractStatus, InvoiceStatus, Secret, UserId};
use crate::portal_demo::watched::Watched;
use crate::portal_demo::{Demo, World};

pub(super) fn settings(url: &str) -> Settings {
    Settings {
        base_url: format!("{url}/v1/"),
        token_url: format!("{url}/oauth/token"),
        client_id: "guichet".to_owned(),
        client_secret: Secret::new("sésame"),
        connect_timeout: Duration::from_secs(5),
        request_timeout: Duration::from_secs(10),
        deadline: Duration::from_secs(20),
        fresh: Duration::from_secs(60),
        breaker_failures: 5,
        breaker_pause: Duration::from_secs(60),
    }
}

pub(super) fn user(id: &str) -> UserId {
    id.parse().expect("an id")
}

fn demo() -> Demo {
    Demo::new(World::new(date(2026, 11, 24)), "guichet", Secret::new("sésame"))
}

#[tokio::test]
async fn all_that_the_client_asks_and_the_demo_answers_is_as_described() {
    let server = Watched::start(demo()).await;
    let portal = HttpPortal::new(settings(&server.url)).expect("right settings");
    for id in ["U-11", "U-12", "U-13", "U-21", "U-31", "U-32"] {
        let user = user(id);
        let me = portal.find_me(&user).await.expect("the user").value;
        let guarded = Guarded::new(&portal, &me);
        guarded.find_partner().await.expect("his company");
        let page = PageQuery { limit: Some(100), cursor: None };
        for status in [None, Some(ContractStatus::Expired)] {
            let query = ContractQuery { status, page: page.clone(), ..ContractQuery::default() };
            let Ok(contracts) = guarded.list_contracts(&query).await else { continue };
            for contract in contracts.value.items.iter().take(12) {
                let same = guarded.find_contract(&contract.id).await.expect("the contract");
                assert_eq!(same.value, *contract);
                guarded.find_customer(&contract.customer.id).await.expect("the customer");
                let _ = guarded.list_keys(contract).await;
            }
        }
        for view in [View::Establishment, View::Parent] {
            let query = CustomerQuery { q: Some("Ets d’Électricité".to_owned()), view, ..CustomerQuery::default() };
            let _ = guarded.list_customers(&query).await;
            let query = InvoiceQuery { status: Some(InvoiceStatus::Overdue), view, ..InvoiceQuery::default() };
            let _ = guarded.list_invoices(&query).await;
        }
        let _ = guarded.list_indices(2027).await;
    }
    let request = NewInformationRequest { kind: RequestKind::Question, message: "Où en est-il ?".to_owned() };
    let contract = "K-10001".parse().expect("an id");
    for _ in 0..2 {
        let made = portal.create_request(&user("U-11"), &contract, "demande-1", &request).await.expect("a request");
        assert_eq!(made.id, "R-1", "the same key makes one request");
    }
    server.assert_as_described();
    assert_eq!(server.operations_left(), [""; 0], "no operation is left untried");
}

#[tokio::test]
async fn all_that_anybody_may_send_is_answered_as_described() {
    tls::install_provider();
    let server = Watched::start(demo()).await;
    let client = reqwest::Client::new();
    let token = client.post(format!("{}/oauth/token", server.url)).basic_auth("guichet", Some("sésame"));
    let token: serde_json::Value =
        token.body("grant_type=client_credentials").send().await.expect("an answer").json().await.expect("JSON");
    let token = token["access_token"].as_str().expect("a token");
    let paths = [
        ("/me", 200),
        ("/nothing", 404),
        ("/customers?q=a", 400),
        ("/customers?q=ab&limit=0", 400),
        ("/customers?limit=101", 400),
        ("/customers?limit=x", 400),
        ("/customers?view=all", 400),
        ("/customers?code=abc", 400),
        ("/customers?q=%C3%A9t%C3%A9", 200),
        ("/customers?cursor=zz", 400),
        ("/contracts?status=lost", 400),
        ("/contracts?ends_from=2026-02-30", 400),
        ("/contracts?ends_from=2026-02-28", 200),
        ("/contracts?customer_id=..", 400),
        ("/contracts?serial_like=48210753", 200),
        ("/contracts/K-1", 404),
        ("/contracts/..%2Fme", 404),
        ("/contracts/K-10001", 200),
        ("/invoices?number=FA12-34", 200),
        ("/invoices?number=fa1234", 400),
        ("/renewal-indices", 400),
        ("/renewal-indices?year=1999", 400),
        ("/renewal-indices?year=2027", 200),
        ("/partners/P-2", 404),
        ("/partners/P-1", 200),
        ("/contracts/K-10001/information-requests", 405),
    ];
    for (path, status) in paths {
        let request = client.get(format!("{}/v1{path}", server.url)).header("Acting-User", "U-11");
        let answer = request.bearer_auth(token).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{path}");
    }
    for (name, token, acting, status) in
        [("no token", "", "U-11", 401), ("no user", token, "", 400), ("an unknown user", token, "U-99", 403)]
    {
        let request = client.get(format!("{}/v1/me", server.url)).header("Acting-User", acting);
        assert_eq!(request.bearer_auth(token).send().await.expect("an answer").status().as_u16(), status, "{name}");
    }
    for (key, body, status) in [
        ("demande-1", r#"{"kind":"question","message":"Où ?"}"#, 202),
        ("demande-1", r#"{"kind":"question","message":"Quoi ?"}"#, 409),
        ("demande-2", r#"{"kind":"question","message":""}"#, 422),
        ("demande-2", r#"{"kind":"vœu","message":"x"}"#, 422),
        ("demande-2", r#"{"kind":"question","message":"x","more":1}"#, 422),
        ("demande-2", "{", 422),
        ("court", r#"{"kind":"question","message":"x"}"#, 400),
    ] {
        let url = format!("{}/v1/contracts/K-10001/information-requests", server.url);
        let request = client.post(url).header("Acting-User", "U-11").header("Idempotency-Key", key);
        let request = request.header("Content-Type", "application/json").bearer_auth(token).body(body);
        assert_eq!(request.send().await.expect("an answer").status().as_u16(), status, "{key} {body}");
    }
    server.assert_as_described();
}

#[tokio::test]
async fn over_http_too_another_partners_contract_is_answered_like_an_unknown_one() {
    let server = Watched::start(demo()).await;
    let portal = HttpPortal::new(settings(&server.url)).expect("right settings");
    let page = PageQuery { limit: Some(100), cursor: None };
    let query = ContractQuery { page, ..ContractQuery::default() };
    let theirs = portal.list_contracts(&user("U-21"), &query).await.expect("contracts").value.items;
    for contract in &theirs[..20] {
        let answer = portal.find_contract(&user("U-11"), &contract.id).await;
        assert_eq!(answer.expect_err("not his"), PortalError::NotFound);
        let serial = Some(contract.serial_number.clone());
        let query = ContractQuery { serial_number: serial, view: View::Parent, ..ContractQuery::default() };
        let found = portal.list_contracts(&user("U-11"), &query).await.expect("a list");
        assert_eq!(found.value.items, []);
    }
    let count = server.count();
    portal.find_contract(&user("U-21"), &theirs[0].id).await.expect("his own");
    portal.find_contract(&user("U-21"), &theirs[0].id).await.expect("his own");
    assert_eq!(server.count(), count + 1, "the second is from the cache");
}

/// A token is good for what it was asked for, and for nothing else.
#[tokio::test]
async fn a_token_is_good_for_its_scopes() {
    tls::install_provider();
    let server = Watched::start(demo()).await;
    let client = reqwest::Client::new();
    let token = async |scope: &str| {
        let asked = client.post(format!("{}/oauth/token", server.url)).basic_auth("guichet", Some("sésame"));
        let answer = asked.body(format!("grant_type=client_credentials{scope}")).send().await.expect("an answer");
        let status = answer.status().as_u16();
        let body: serde_json::Value = answer.json().await.expect("JSON");
        (status, body)
    };
    let (contract, keys) = ("/contracts/K-10001", "/contracts/K-10001/activation-keys");
    let all = "portal.read portal.keys portal.requests";
    for (asked, given, contract_is, keys_are) in [
        ("", all, 200, 200),
        ("&scope=portal.read%20portal.keys", "portal.read portal.keys", 200, 200),
        ("&scope=portal.read+portal.requests", "portal.read portal.requests", 200, 403),
        ("&scope=portal.keys", "portal.keys", 403, 403),
    ] {
        let (status, body) = token(asked).await;
        assert_eq!((status, body["scope"].as_str()), (200, Some(given)), "{asked}");
        let token = body["access_token"].as_str().expect("a token");
        for (path, expected) in [(contract, contract_is), (keys, keys_are)] {
            let request = client.get(format!("{}/v1{path}", server.url)).header("Acting-User", "U-11");
            let answer = request.bearer_auth(token).send().await.expect("an answer");
            assert_eq!(answer.status().as_u16(), expected, "{asked} {path}");
        }
    }
    let (status, body) = token("&scope=portal.read%20portal.write").await;
    assert_eq!((status, body["error"].as_str()), (400, Some("invalid_scope")));
    server.assert_as_described();
}

/// What the portal says has not changed is shown as read again, and its body is not sent twice.
#[tokio::test]
async fn what_has_not_changed_at_the_demo_is_not_sent_again() {
    tls::install_provider();
    let server = Watched::start(demo()).await;
    let portal = HttpPortal::new(Settings { fresh: Duration::ZERO, ..settings(&server.url) }).expect("right settings");
    let contract = "K-10001".parse().expect("an id");
    let first = portal.find_contract(&user("U-11"), &contract).await.expect("the contract");
    let second = portal.find_contract(&user("U-11"), &contract).await.expect("the contract");
    assert_eq!(first.value, second.value);
    assert!(first.read_at < second.read_at);
    assert_eq!(server.statuses(), [200, 304]);
    // Another user may see something else there: he is sent it.
    portal.find_contract(&user("U-12"), &contract).await.expect("the contract");
    assert_eq!(server.statuses(), [200, 304, 200]);
    server.assert_as_described();
}
