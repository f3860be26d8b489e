//! A PostgreSQL for tests: `scripts/with-postgres` starts one.

use sqlx::any::AnyPoolOptions;

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
