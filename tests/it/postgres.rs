//! A PostgreSQL for tests: `scripts/with-postgres` starts one.

use std::fs;
use std::path::Path;

use sqlx::any::AnyPoolOptions;

/// The file that names the database of a test.
const KNOWN: &str = "database-of-test";

/// With `GUICHET_TEST_STORE=postgres`, the database that a service on `data_dir` uses instead of a file: the same when it
/// is started again, and none when its settings name one.
pub(crate) fn instead_of_sqlite(data_dir: &Path, arguments: &[&str]) -> Option<String> {
    if std::env::var("GUICHET_TEST_STORE").as_deref() != Ok("postgres") || names_a_store(arguments) {
        return None;
    }
    let known = data_dir.join(KNOWN);
    if let Ok(url) = fs::read_to_string(&known) {
        return Some(url);
    }
    // Tests have a runtime of their own, in which nobody may wait for another one.
    let runtime = || tokio::runtime::Runtime::new().expect("a runtime").block_on(new_database());
    let url = std::thread::spawn(runtime).join().expect("it does not panic").expect("a server of PostgreSQL");
    fs::write(known, &url).expect("a file");
    Some(url)
}

/// The database that a service on `data_dir` has used instead of a file, unless the settings name one.
pub(crate) fn known_of(data_dir: &Path, arguments: &[&str]) -> Option<String> {
    fs::read_to_string(data_dir.join(KNOWN)).ok().filter(|_| !names_a_store(arguments))
}

fn names_a_store(arguments: &[&str]) -> bool {
    let mut settings = arguments.iter().filter_map(|argument| fs::read_to_string(argument).ok());
    settings.any(|text| text.contains("[store]"))
}

/// URL of a new database of the server that `GUICHET_TEST_POSTGRES` names; none where there is no server. With
/// `GUICHET_REQUIRE_POSTGRES` its absence is a failure.
pub(crate) async fn new_database() -> Option<String> {
    let Ok(server) = std::env::var("GUICHET_TEST_POSTGRES") else {
        assert!(std::env::var("GUICHET_REQUIRE_POSTGRES").is_err(), "GUICHET_TEST_POSTGRES is not set");
        eprintln!("PostgreSQL: absent (scripts/with-postgres starts one)");
        return None;
    };
    sqlx::any::install_default_drivers();
    let name = format!("it{}", uuid::Uuid::now_v7().simple());
    let pool = AnyPoolOptions::new().max_connections(1).connect(&server).await.expect("the server can be reached");
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&pool).await.expect("a database can be made");
    let (start, _) = server.rsplit_once('/').expect("a URL with a database");
    Some(format!("{start}/{name}"))
}
