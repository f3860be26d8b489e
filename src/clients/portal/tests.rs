//! The client against a portal that fails in every way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::civil::date;
use serde_json::{Value, json};

use super::contract::{settings, user};
use super::guarded::Guarded;
use super::http::{HttpPortal, Settings};
use super::memory::MemoryPortal;
use super::{
    ContractQuery, CustomerQuery, InvoiceQuery, NewInformationRequest, PageQuery, Portal, PortalError, RequestKind,
    View,
};
use crate::clients::tickets::zendesk::fault::{Act, Seen, Server};
use crate::model::{Contact, Contract, Customer, Right, Visitor};
use crate::portal_demo::World;

fn token(value: &str) -> Act {
    Act::json(200, &json!({ "access_token": value, "token_type": "Bearer", "expires_in": 300 }))
}

/// A portal that gives tokens and does `act` with all else.
async fn portal_that(act: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Server {
    Server::start(move |seen| if seen.is("POST /oauth/token") { token("t1") } else { act(seen) }).await
}

fn customer() -> Value {
    json!({ "id": "C-1", "code": "00458712", "name": "Garage Martin", "siret": null, "city": "Lyon",
        "partner_id": "P-1", "establishment_id": "E-11", "is_internal": false })
}

fn portal(server: &Server, change: impl FnOnce(&mut Settings)) -> HttpPortal {
    let mut settings = settings(&server.url);
    change(&mut settings);
    HttpPortal::new(settings).expect("right settings")
}

fn impatient(settings: &mut Settings) {
    settings.request_timeout = Duration::from_millis(100);
    settings.deadline = Duration::from_millis(600);
}

async fn find(portal: &HttpPortal) -> Result<Customer, PortalError> {
    portal.find_customer(&user("U-1"), &"C-1".parse().expect("an id")).await.map(|read| read.value)
}

#[tokio::test]
async fn each_answer_means_what_the_caller_can_do() {
    let check = async |status: u16, headers: &'static [(&'static str, &'static str)], expected: PortalError, times| {
        let headers = move || headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let server = portal_that(move |_| Act::Answer(status, headers(), "Garage Martin".to_owned())).await;
        assert_eq!(find(&portal(&server, |_| {})).await.expect_err("a failure"), expected, "{status}");
        assert_eq!(server.count("GET"), times, "{status}");
    };
    check(404, &[], PortalError::NotFound, 1).await;
    check(403, &[], PortalError::NotAllowed, 1).await;
    check(400, &[], PortalError::Refused { status: 400 }, 1).await;
    check(302, &[("location", "http://127.0.0.1:9/")], PortalError::Refused { status: 302 }, 1).await;
    let wait = Some(Duration::from_secs(90));
    check(429, &[("retry-after", "90")], PortalError::RateLimited { retry_after: wait }, 1).await;
    check(429, &[], PortalError::RateLimited { retry_after: None }, 1).await;
    check(429, &[("retry-after", "0")], PortalError::RateLimited { retry_after: Some(Duration::ZERO) }, 3).await;
    let own = PortalError::Unavailable { reason: "it answers with an error of its own" };
    check(500, &[], own.clone(), 3).await;
    check(503, &[("retry-after", "1")], own, 3).await;
    check(200, &[], PortalError::Unavailable { reason: "its answer cannot be understood" }, 1).await;
}

#[tokio::test]
async fn a_portal_that_stays_silent_or_breaks_off_costs_no_more_than_the_deadline() {
    let check = async |act: fn() -> Act, reason| {
        let server = portal_that(move |_| act()).await;
        let begun = Instant::now();
        let outcome = find(&portal(&server, impatient)).await;
        assert_eq!(outcome, Err(PortalError::Unavailable { reason }));
        assert!(begun.elapsed() < Duration::from_secs(3));
    };
    check(|| Act::Silence, "it takes too long").await;
    check(|| Act::Stall, "it takes too long").await;
    check(|| Act::Reset, "the connection broke").await;
}

#[tokio::test]
async fn what_failed_once_is_tried_again() {
    let tries = AtomicUsize::new(0);
    let server = portal_that(move |_| match tries.fetch_add(1, Ordering::Relaxed) {
        0 => Act::Reset,
        1 => Act::json(503, &json!({})),
        _ => Act::json(200, &customer()),
    })
    .await;
    assert_eq!(find(&portal(&server, |_| {})).await.expect("the customer").name, "Garage Martin");
}

#[tokio::test]
async fn one_token_serves_many_calls_and_is_replaced_when_it_is_refused() {
    let given = AtomicUsize::new(0);
    let server = Server::start(move |seen| {
        if seen.is("POST /oauth/token") {
            return token(&format!("t{}", given.fetch_add(1, Ordering::Relaxed)));
        }
        match seen.header("authorization") {
            Some("Bearer t0") => Act::json(401, &json!({})),
            Some("Bearer t1") => Act::json(200, &customer()),
            _ => Act::json(500, &json!({})),
        }
    })
    .await;
    let portal = portal(&server, |settings| settings.fresh = Duration::ZERO);
    for _ in 0..3 {
        find(&portal).await.expect("the customer");
    }
    assert_eq!((server.count("POST /oauth/token"), server.count("GET")), (2, 4));
    let asked = server.seen();
    // `guichet:sésame`
    assert_eq!(asked[0].header("authorization"), Some("Basic Z3VpY2hldDpzw6lzYW1l"));
    assert_eq!(asked[1].header("acting-user"), Some("U-1"));
}

#[tokio::test]
async fn a_service_that_the_portal_does_not_know_is_told_so_and_does_not_insist() {
    let server = Server::start(|_| Act::json(401, &json!({ "error": "invalid_client" }))).await;
    assert_eq!(find(&portal(&server, |_| {})).await, Err(PortalError::Refused { status: 401 }));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn those_who_ask_the_same_at_once_cause_one_request() {
    let server = portal_that(|_| Act::json(200, &customer())).await;
    let portal = Arc::new(portal(&server, |_| {}));
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let portal = Arc::clone(&portal);
            tokio::spawn(async move { find(&portal).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic").expect("the customer");
    }
    assert_eq!((server.count("POST"), server.count("GET")), (1, 1));
    portal.find_customer(&user("U-2"), &"C-1".parse().expect("an id")).await.expect("the customer");
    assert_eq!(server.count("GET"), 2, "another user is another question");
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again_and_its_time_of_reading_is_new() {
    let server = portal_that(|seen| match seen.header("if-none-match") {
        Some("\"v1\"") => Act::Answer(304, Vec::new(), String::new()),
        _ => Act::Answer(200, vec![("etag", "\"v1\"".to_owned())], customer().to_string()),
    })
    .await;
    let portal = portal(&server, |settings| settings.fresh = Duration::ZERO);
    let id = "C-1".parse().expect("an id");
    let first = portal.find_customer(&user("U-1"), &id).await.expect("the customer");
    let second = portal.find_customer(&user("U-1"), &id).await.expect("the customer");
    assert_eq!((first.value, server.count("GET")), (second.value, 2));
    assert!(first.read_at < second.read_at);
}

#[tokio::test]
async fn a_portal_that_fails_is_left_alone_and_others_do_not_wait_for_it() {
    let server = portal_that(|_| Act::Silence).await;
    let portal = portal(&server, |settings| {
        impatient(settings);
        settings.breaker_failures = 2;
    });
    assert_eq!(find(&portal).await, Err(PortalError::Unavailable { reason: "it takes too long" }));
    let (count, begun) = (server.count("GET"), Instant::now());
    assert_eq!(count, 2, "no third try once the breaker is open");
    let left_alone = PortalError::Unavailable { reason: "it has failed and is left alone for a while" };
    assert_eq!(find(&portal).await, Err(left_alone));
    assert!(begun.elapsed() < Duration::from_millis(50));
    assert_eq!(server.count("GET"), count);
}

#[tokio::test]
async fn after_the_pause_one_looks_whether_the_portal_is_back() {
    let tries = AtomicUsize::new(0);
    let server = portal_that(move |_| match tries.fetch_add(1, Ordering::Relaxed) {
        0 => Act::Reset,
        _ => Act::json(200, &customer()),
    })
    .await;
    let portal = portal(&server, |settings| {
        settings.breaker_failures = 1;
        settings.breaker_pause = Duration::from_millis(30);
    });
    assert!(find(&portal).await.is_err());
    let back = async {
        while find(&portal).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), back).await.expect("it is found again");
}

#[tokio::test]
async fn writing_is_not_tried_again() {
    let server = portal_that(|_| Act::Reset).await;
    let portal = portal(&server, |_| {});
    let request = NewInformationRequest { kind: RequestKind::Question, message: "Où ?".to_owned() };
    let made = portal.create_request(&user("U-1"), &"K-1".parse().expect("an id"), "demande-1", &request).await;
    assert_eq!(made, Err(PortalError::Unavailable { reason: "the connection broke" }));
    assert_eq!(server.count("POST /v1/contracts/K-1/information-requests"), 1);
}

#[test]
fn a_portal_in_the_clear_is_refused() {
    let mut settings = settings("http://127.0.0.1:1");
    settings.token_url = "http://portal.example/token".to_owned();
    assert!(HttpPortal::new(settings).is_err());
}

/// What a portal without any filter would say: the answers of the first partner's user, for everybody.
fn everything_of_the_first_partner() -> Arc<World> {
    Arc::new(World::new(date(2026, 11, 24)))
}

fn visitor(partner: &str, establishment: &str, rights: &[Right]) -> Visitor {
    Visitor {
        partner: partner.parse().expect("an id"),
        // The portal takes him for a user of the first partner.
        user: user("U-11"),
        establishments: [establishment.parse().expect("an id")].into(),
        rights: rights.iter().copied().collect(),
        contact: Contact::default(),
    }
}

#[tokio::test]
async fn what_a_portal_leaks_is_not_shown() {
    let portal = MemoryPortal::new(everything_of_the_first_partner());
    let all = Right::NAMES.map(|(right, _)| right);
    let stranger = visitor("P-2", "E-11", &all);
    let guarded = Guarded::new(&portal, &stranger);
    let page = PageQuery { limit: Some(100), cursor: None };
    let contracts = ContractQuery { view: View::Parent, page: page.clone(), ..ContractQuery::default() };
    let customers = CustomerQuery { view: View::Parent, page: page.clone(), ..CustomerQuery::default() };
    let invoices = InvoiceQuery { view: View::Parent, page, ..InvoiceQuery::default() };
    assert_eq!(guarded.list_contracts(&contracts).await.expect("a list").value.items, []);
    assert_eq!(guarded.list_customers(&customers).await.expect("a list").value.items, []);
    assert_eq!(guarded.list_invoices(&invoices).await.expect("a list").value.items, []);
    let leaked: Contract =
        portal.find_contract(&user("U-11"), &"K-10001".parse().expect("an id")).await.expect("a contract").value;
    assert_eq!(guarded.find_contract(&leaked.id).await, Err(PortalError::NotFound));
    assert_eq!(guarded.find_customer(&leaked.customer.id).await, Err(PortalError::NotFound));
    assert_eq!(guarded.list_keys(&leaked).await, Err(PortalError::NotFound));
    assert_eq!(guarded.find_partner().await, Err(PortalError::NotFound));
    let request = NewInformationRequest { kind: RequestKind::Termination, message: "Fin".to_owned() };
    assert_eq!(guarded.create_request(&leaked, "demande-1", &request).await, Err(PortalError::NotFound));
}

#[tokio::test]
async fn rights_are_checked_before_the_portal_is_asked() {
    let portal = MemoryPortal::new(everything_of_the_first_partner());
    let reader = visitor("P-1", "E-11", &[Right::Contracts]);
    let guarded = Guarded::new(&portal, &reader);
    let contract = guarded.find_contract(&"K-10001".parse().expect("an id")).await.expect("the contract").value;
    assert!(contract.pricing.is_none() && contract.previous_invoice.is_none());
    assert_eq!(guarded.list_keys(&contract).await, Err(PortalError::NotAllowed));
    assert_eq!(guarded.list_invoices(&InvoiceQuery::default()).await, Err(PortalError::NotAllowed));
    assert_eq!(guarded.list_indices(2027).await, Err(PortalError::NotAllowed));
    let parent = CustomerQuery { view: View::Parent, ..CustomerQuery::default() };
    assert_eq!(guarded.list_customers(&parent).await, Err(PortalError::NotAllowed));

    let request = NewInformationRequest { kind: RequestKind::Termination, message: "Fin".to_owned() };
    let made = guarded.create_request(&contract, "demande-1", &request).await;
    assert_eq!(made, Err(PortalError::NotAllowed));

    portal.fail_next([PortalError::Unavailable { reason: "it takes too long" }]);
    assert!(guarded.find_contract(&contract.id).await.is_err());
    assert!(guarded.find_contract(&contract.id).await.is_ok());
}
