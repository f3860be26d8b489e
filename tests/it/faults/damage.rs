//! Pages of the database file that are not what was written.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use reqwest::StatusCode;
use sqlx::any::AnyPoolOptions;

use super::{Speaker, settings, wait_for_readiness};
use crate::guichet::{Guichet, directory, run, two_cards};

const PAGE: u64 = 4096;

/// Overwrites a page of the file.
fn overwrite(file: &Path, page: u64) {
    let mut file = std::fs::OpenOptions::new().read(true).write(true).open(file).expect("the file is there");
    let at = SeekFrom::Start((page - 1) * PAGE);
    let mut before = [0; 64];
    file.seek(at).and_then(|_| file.read_exact(&mut before)).expect("the file has this page");
    file.seek(at).and_then(|_| file.write_all(&[0xa5; PAGE as usize])).expect("it can be written");
}

/// Puts everything into the one file; the page where the table `messages` begins.
async fn settle(file: &Path) -> u64 {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}", file.display());
    let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await.expect("it opens");
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&pool).await.expect("the log is carried over");
    let root: i64 = sqlx::query_scalar("SELECT rootpage FROM sqlite_master WHERE name = 'messages'")
        .fetch_one(&pool)
        .await
        .expect("there is such a table");
    pool.close().await;
    u64::try_from(root).expect("pages have numbers from one on")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "one of the faults: tests/faults/run corrupt-page"]
async fn a_damaged_database_is_told_and_a_backup_brings_it_back() {
    let dir = directory();
    let kb = two_cards(dir.path());
    let [flag, file] = settings(dir.path(), "");
    let arguments = [flag.as_str(), &file, "--kb", &kb];
    let guichet = Guichet::start_with(dir.path(), &arguments);
    let mut speaker = Speaker::new(&guichet).await;
    for _ in 0..40 {
        speaker.say(&guichet).await.expect("it is kept");
    }
    let kept = dir.path().join("kept.backup");
    let backup = |to: &Path| run(dir.path(), &[&["backup", to.to_str().expect("UTF-8")], &arguments[..]].concat());
    assert!(backup(&kept).status.success());
    guichet.stop();

    let database = dir.path().join("guichet.db");
    let page = settle(&database).await;
    overwrite(&database, page);
    let mut guichet = Guichet::start_with(dir.path(), &arguments);
    guichet.wait_for_log("the database is damaged, restore a backup");
    let noticed = wait_for_readiness(&guichet, "database-damaged").await;
    let (status, problem) = speaker.say(&guichet).await.expect_err("it cannot be kept");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    let bad = dir.path().join("bad.backup");
    let refused = backup(&bad);
    let log = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && !bad.exists(), "a backup of damage is none: {log}");
    guichet.stop();

    // The first page: it is no database any more.
    overwrite(&database, 1);
    let started = run(dir.path(), &[&["serve", "--listen", "127.0.0.1:0"], &arguments[..]].concat());
    let log = String::from_utf8_lossy(&started.stderr).into_owned();
    assert_eq!(started.status.code(), Some(2), "{log}");
    assert!(log.contains("file is not a database"), "{log}");

    let fresh = directory();
    let restored = run(fresh.path(), &[&["restore", kept.to_str().expect("UTF-8")], &arguments[..]].concat());
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let guichet = Guichet::start_with(fresh.path(), &arguments);
    let (lost, doubles) = speaker.compare(&guichet).await;
    speaker.say(&guichet).await.expect("it goes on");
    eprintln!(
        "fault corrupt-page page={page} code=database-damaged noticed_ms={} start_without_header=refused \
         backup=refused restored={} lost={lost} doubles={doubles}",
        noticed.as_millis(),
        speaker.confirmed.len() - 1
    );
    assert_eq!((lost, doubles), (0, 0));
}
