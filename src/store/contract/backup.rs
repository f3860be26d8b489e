//! What was backed up comes back, into either engine.

use super::*;

on_both_engines! {
    a_backup_comes_back_whole_while_others_write
    what_is_damaged_is_not_restored
    only_an_empty_database_takes_a_backup
}

const SAID: &str = "l’été, 1234,56 €";

/// A store with conversations.
async fn talked(store: &Store, conversations: i64) {
    for at in 0..conversations {
        let id = format!("c{at}");
        conversation(store, &id).await;
        let mut turn = commit(0, SAID);
        turn.messages[0].id = format!("m{at}");
        store.commit_turn(&Commit { conversation: id, ..turn }).await.expect("a turn");
    }
}

async fn new_sqlite(dir: &tempfile::TempDir, name: &str) -> Store {
    Store::open(&format!("sqlite://{}/{name}.db", dir.path().display())).await.expect("it opens")
}

async fn a_backup_comes_back_whole_while_others_write(store: Store) {
    talked(&store, 50).await;
    let dir = tempfile::tempdir().expect("a directory");
    let (first, second) = (dir.path().join("first"), dir.path().join("second"));
    let writing = tokio::spawn({
        let store = store.clone();
        async move {
            for at in 50..150 {
                conversation(&store, &format!("c{at}")).await;
            }
        }
    });
    let copied = store.back_up(&first).await.expect("a backup");
    writing.await.expect("the others could write");
    let messages = copied.iter().find(|table| table.name == "messages").expect("messages");
    assert_eq!(messages.rows, 50);

    let restored = match postgres_database().await {
        Some(url) => Store::open(&url).await.expect("it opens"),
        None => new_sqlite(&dir, "restored").await,
    };
    assert_eq!(restored.restore(&first).await.expect("it comes back"), copied);
    let messages = restored.list_messages("c7", 0).await.expect("a conversation");
    assert!(matches!(&messages[0].said, Said::Visitor(text) if text == SAID), "{messages:?}");
    // What came back makes the same backup.
    assert_eq!(restored.back_up(&second).await.expect("a backup"), copied);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&first).expect("a file").permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert!(store.back_up(&first).await.is_err(), "a file that exists is not written over");
}

async fn what_is_damaged_is_not_restored(store: Store) {
    talked(&store, 20).await;
    let dir = tempfile::tempdir().expect("a directory");
    let backup = dir.path().join("backup");
    store.back_up(&backup).await.expect("a backup");
    let mut bytes = std::fs::read(&backup).expect("a file");
    let place = bytes.windows(8).position(|window| window == b"1234,56 ").expect("the text is in the file");
    bytes[place] = b'9';
    std::fs::write(&backup, &bytes).expect("written");
    let empty = new_sqlite(&dir, "empty").await;
    let error = format!("{:#}", empty.restore(&backup).await.expect_err("a changed text is noticed"));
    assert!(error.contains("damaged: messages"), "{error}");
    std::fs::write(&backup, "not a database, but long enough to be read as the head of one").expect("written");
    assert!(empty.restore(&backup).await.is_err());
    std::fs::write(&backup, &bytes[..bytes.len() / 2]).expect("written");
    assert!(empty.restore(&backup).await.is_err());
    assert!(empty.list_messages("c1", 0).await.expect("it answers").is_empty(), "nothing was restored");
}

async fn only_an_empty_database_takes_a_backup(store: Store) {
    talked(&store, 1).await;
    let dir = tempfile::tempdir().expect("a directory");
    let backup = dir.path().join("backup");
    store.back_up(&backup).await.expect("a backup");
    let error = store.restore(&backup).await.expect_err("it holds something").to_string();
    assert!(error.contains("not empty"), "{error}");
    assert_eq!(store.list_messages("c0", 0).await.expect("a conversation").len(), 1, "and still holds it");
}
