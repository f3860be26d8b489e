//! Keys that a portal publishes, read from a real server on this machine.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::clients::tickets::zendesk::fault::{Act, Server};
use crate::identity::signing::Signing;

const WAY: &str = "GET /.well-known/jwks.json";

/// A portal whose keys change and that may be down.
struct Published {
    server: Server,
    keys: Arc<Mutex<Vec<Signing>>>,
    status: Arc<AtomicU16>,
}

impl Published {
    async fn start(keys: &[Signing]) -> Self {
        let (keys, status) = (Arc::new(Mutex::new(keys.to_vec())), Arc::new(AtomicU16::new(200)));
        let (shown, at) = (Arc::clone(&keys), Arc::clone(&status));
        let server = Server::start(move |_| {
            let keys: Vec<_> = shown.lock().expect("no panic").iter().map(Signing::public).collect();
            Act::json(at.load(Ordering::SeqCst), &json!({ "keys": keys }))
        });
        Self { server: server.await, keys, status }
    }

    fn publish(&self, keys: &[Signing]) {
        *self.keys.lock().expect("no panic") = keys.to_vec();
    }

    fn set_status(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn asked(&self) -> usize {
        self.server.count(WAY)
    }
}

async fn visitors(published: &Published, fetch_pause: Duration) -> (Arc<Visitors>, TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    let store = Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.expect("it opens");
    let url = format!("{}/.well-known/jwks.json", published.server.url);
    let trust = Trust {
        issuer: "https://portail.example".to_owned(),
        audience: "guichet".to_owned(),
        fixed: Keys::default(),
        published: Some(Jwks::new(&url).expect("an address")),
        refresh: Duration::from_secs(3600),
        fetch_pause,
        link_code_ms: 600_000,
    };
    (Arc::new(Visitors::new(store, trust)), dir)
}

async fn is_known(visitors: &Visitors, key: &Signing) -> bool {
    match visitors.prove(&key.token(Timestamp::now())).await {
        Ok(proof) => proof.visitor.user.as_str() == "U-11",
        Err(VisitorError::Refused(IdentityError::UnknownKey)) => false,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_once_for_all_who_name_it_and_the_old_one_goes() {
    let (old, new) = (Signing::new("2026-11", 1), Signing::new("2026-12", 2));
    let portal = Published::start(std::slice::from_ref(&old)).await;
    let (visitors, _dir) = visitors(&portal, Duration::ZERO).await;
    assert!(is_known(&visitors, &old).await, "nothing was fetched before: it is now");
    assert!(is_known(&visitors, &old).await);
    assert_eq!(portal.asked(), 1);

    // During a rotation both hold.
    portal.publish(&[old.clone(), new.clone()]);
    assert!(is_known(&visitors, &new).await && is_known(&visitors, &old).await);
    assert_eq!(portal.asked(), 2);

    // After it, the old one is unknown as soon as the set was read again.
    portal.publish(std::slice::from_ref(&new));
    assert!(!is_known(&visitors, &Signing::new("nobody", 3)).await);
    assert!(!is_known(&visitors, &old).await && is_known(&visitors, &new).await);
}

#[tokio::test]
async fn those_who_name_a_new_key_at_once_cause_one_fetch_and_are_all_known() {
    let (old, new) = (Signing::new("2026-11", 1), Signing::new("2026-12", 2));
    let portal = Published::start(std::slice::from_ref(&old)).await;
    let (visitors, _dir) = visitors(&portal, Duration::from_secs(60)).await;
    portal.publish(std::slice::from_ref(&new));
    let known = futures_util::future::join_all((0..20).map(|_| is_known(&visitors, &new))).await;
    assert!(known.into_iter().all(|is_known| is_known));
    assert_eq!(portal.asked(), 1);
}

#[tokio::test]
async fn tokens_with_invented_keys_do_not_make_us_ask_again_and_again() {
    let key = Signing::new("2026-11", 1);
    let portal = Published::start(std::slice::from_ref(&key)).await;
    let (visitors, _dir) = visitors(&portal, Duration::from_secs(60)).await;
    for number in 0..50 {
        assert!(!is_known(&visitors, &Signing::new(&format!("invented-{number}"), 9)).await);
    }
    assert_eq!(portal.asked(), 1);
    assert!(is_known(&visitors, &key).await, "who is right is not refused for it");
}

#[tokio::test]
async fn when_the_portal_is_down_or_shows_rubbish_the_keys_known_so_far_stay() {
    let (old, new) = (Signing::new("2026-11", 1), Signing::new("2026-12", 2));
    let portal = Published::start(std::slice::from_ref(&old)).await;
    let (visitors, _dir) = visitors(&portal, Duration::ZERO).await;
    assert!(is_known(&visitors, &old).await);
    portal.set_status(503);
    assert!(!is_known(&visitors, &new).await && is_known(&visitors, &old).await);
    portal.set_status(302);
    assert!(!is_known(&visitors, &new).await && is_known(&visitors, &old).await);
    // Two keys of one name: no set that can be trusted.
    portal.set_status(200);
    portal.publish(&[new.clone(), new.clone()]);
    assert!(!is_known(&visitors, &new).await && is_known(&visitors, &old).await);
    portal.publish(std::slice::from_ref(&new));
    assert!(is_known(&visitors, &new).await && !is_known(&visitors, &old).await);
}

#[tokio::test]
async fn keys_are_read_again_without_anybody_asking() {
    let (old, new) = (Signing::new("2026-11", 1), Signing::new("2026-12", 2));
    let portal = Published::start(std::slice::from_ref(&old)).await;
    let (mut visitors, _dir) = visitors(&portal, Duration::from_secs(60)).await;
    Arc::get_mut(&mut visitors).expect("nobody else has it").trust.refresh = Duration::from_millis(20);
    let reading = tokio::spawn(Arc::clone(&visitors).keep_keys());
    portal.publish(std::slice::from_ref(&new));
    // No token with an unknown key is shown before the second reading: it is the clock that brings the new one.
    while portal.asked() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    reading.abort();
    assert!(is_known(&visitors, &new).await && !is_known(&visitors, &old).await);
}

#[test]
fn keys_do_not_come_in_the_clear() {
    assert!(Jwks::new("http://portail.example/.well-known/jwks.json").is_err());
    assert!(Jwks::new("https://portail.example/.well-known/jwks.json").is_ok());
}

#[test]
fn a_code_is_short_and_is_known_again_however_it_is_typed() {
    let code = new_code();
    assert_eq!((code.len(), code.as_bytes()[CODE_GROUP]), (9, b'-'));
    assert_eq!(code_hash(&code), code_hash(&format!(" {} ", code.to_lowercase().replace('-', " "))));
    assert_ne!(code_hash(&code), code_hash(&new_code()));
}
