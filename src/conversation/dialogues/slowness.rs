//! A portal that takes ten seconds: those who need it wait, nobody else does.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::task::JoinSet;

use super::house::House;
use super::moody::Mood;
use crate::conversation::Sent;

const ABOUT_A_CUSTOMER: &str = "Pourquoi le contrat de Garage Martin n'a pas été réabonné ?";
/// More than there are threads, and connections to the database.
const WAITING: usize = 40;
/// Few enough to be done long before the portal answers, on a slow machine too.
const TALKING: usize = 4;

fn sent(text: &str) -> Sent {
    Sent { text: text.to_owned(), option: None, client_id: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_a_slow_portal_keeps_nobody_else_waiting() {
    let house = House::patient(Mood::Slow, Duration::from_secs(30)).await;
    let mut waiting = JoinSet::new();
    for _ in 0..WAITING {
        let (id, token) = house.open_conversation(Some("U-12"), false).await;
        let conversations = Arc::clone(&house.conversations);
        waiting.spawn(async move { conversations.turn(&id, &token, sent(ABOUT_A_CUSTOMER)).await.is_ok() });
    }
    // All of them have been decided and wait for the portal.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let talk = join_all((0..TALKING).map(|_| async {
        let (id, token) = house.open_conversation(None, false).await;
        for text in ["bonjour", "comment créer un ticket zendesk ?", ABOUT_A_CUSTOMER] {
            house.conversations.turn(&id, &token, sent(text)).await.expect("a reply");
        }
    }));
    tokio::select! {
        biased;
        done = waiting.join_next() => panic!("others wait as long as the portal takes: {done:?}"),
        _ = talk => {}
    }
    waiting.abort_all();
}
