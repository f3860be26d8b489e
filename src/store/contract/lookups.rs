//! What was read from the portal leaves a conversation when the person wants it forgotten.

use guichet_bots::Outbound;

use super::*;

on_both_engines! {
    a_commit_empties_the_replies_of_its_own_conversation
}

fn reply(decision: &str) -> Outbound {
    Outbound {
        decision: decision.into(),
        confidence: 0.9,
        blocks: Vec::new(),
        sources: Vec::new(),
        options: Vec::new(),
    }
}

/// A turn of `id` whose reply shows facts.
async fn told(store: &Store, id: &str) {
    conversation(store, id).await;
    let mut turn = commit(0, id);
    turn.conversation = id.into();
    let said = Said::Assistant(reply("lookup"));
    turn.messages.push(Message { id: format!("r-{id}"), number: 2, said, sent_at: 2 });
    turn.facts_until = Some(100);
    store.commit_turn(&turn).await.expect("it is kept");
}

async fn a_commit_empties_the_replies_of_its_own_conversation(store: Store) {
    for id in ["c1", "c2"] {
        told(&store, id).await;
    }
    let shown = async |id: &str| store.list_replies_with_facts(id).await.expect("they can be read");
    assert_eq!(shown("c1").await, [("r-c1".to_owned(), reply("lookup"))]);

    let mut wish = commit(2, "oublie ce client");
    wish.emptied = ["r-c1", "r-c2"].map(|id| (id.to_owned(), reply("empty"))).into();
    let late = Commit { seen: 1, ..wish.clone() };
    assert!(matches!(store.commit_turn(&late).await, Err(StoreError::Conflict)));
    assert_eq!(shown("c1").await.len(), 1, "somebody was faster: nothing is emptied");
    store.commit_turn(&wish).await.expect("it is kept");
    let messages = store.list_messages("c1", 1).await.expect("they can be read");
    assert_eq!(messages[0].said, Said::Assistant(reply("empty")));
    assert_eq!((shown("c1").await.len(), shown("c2").await.len()), (0, 1));
    let cleared = store.erase_facts(200, &|_| reply("empty")).await.expect("it is done");
    assert_eq!(cleared, 1, "only what is left of the other one");
    for id in ["c1", "c2"] {
        let presence = store.find_presence(id).await.expect("it can be read").expect("it is there");
        assert_eq!(presence.changes, 1, "whoever shows {id} reads it again");
    }
}
