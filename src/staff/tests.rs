//! The door, on a database in a file.

use super::*;

const NOW: i64 = 1_764_000_000_000;
const SETTINGS: Console = Console {
    idle_ms: 1_000,
    session_ms: 5_000,
    confirmed_ms: 500,
    secure_cookies: true,
    local_sign_in: true,
    away_ms: 1,
    answer_ms: 1,
    digest: Vec::new(),
    oidc: None,
};
const PASSWORD: &str = "trois canards verts";

async fn door(dir: &tempfile::TempDir) -> Door {
    let url = format!("sqlite://{}/t.db", dir.path().display());
    Door::new(Store::open(&url).await.expect("it opens"), SETTINGS)
}

fn email(name: &str) -> EmailAddress {
    format!("{name}@editeur.example").parse().expect("an address")
}

async fn admin(door: &Door) -> String {
    let link = door.first_link(NOW).await.expect("the store works").expect("nobody is there");
    door.enter(&link, "Inès", &email("ines"), PASSWORD, NOW).await.expect("she comes in")
}

#[tokio::test]
async fn the_first_link_makes_one_admin() {
    let dir = tempfile::tempdir().expect("a directory");
    let door = door(&dir).await;
    let other = door.first_link(NOW).await.expect("the store works").expect("nobody is there");
    let secret = admin(&door).await;
    let session = door.find_session(&secret, NOW).await.expect("the store works").expect("she is in");
    assert_eq!((session.account.role, session.account.name.as_str()), (Role::Admin, "Inès"));
    assert!(door.first_link(NOW).await.expect("the store works").is_none());
    let again = door.enter(&other, "Zoé", &email("zoe"), PASSWORD, NOW).await;
    assert!(matches!(again, Err(DoorError::NoLink)), "{again:?}");
}

#[tokio::test]
async fn wrong_passwords_lock_an_address_whether_somebody_has_it_or_not() {
    let dir = tempfile::tempdir().expect("a directory");
    let door = door(&dir).await;
    admin(&door).await;
    for who in ["ines@editeur.example", "personne@editeur.example"] {
        for _ in 0..5 {
            assert!(matches!(door.sign_in(who, "canard", NOW).await, Err(DoorError::Wrong)));
        }
        assert!(matches!(door.sign_in(who, PASSWORD, NOW + 1).await, Err(DoorError::Locked(_))), "{who}");
    }
    assert!(door.sign_in(" Ines@editeur.example", PASSWORD, NOW + 60_001).await.is_ok(), "the lock ends");
    assert_eq!(lock_ms(5), 60_000);
    assert_eq!(lock_ms(7), 240_000);
    assert_eq!(lock_ms(60), LONGEST_LOCK_MS);
}

#[tokio::test]
async fn a_session_ends_when_nothing_is_done_after_a_day_or_when_the_account_is_removed() {
    let dir = tempfile::tempdir().expect("a directory");
    let door = door(&dir).await;
    admin(&door).await;
    let is_in = async |secret: &str, at| door.find_session(secret, at).await.expect("the store works").is_some();

    let secret = door.sign_in("ines@editeur.example", PASSWORD, NOW).await.expect("she comes in");
    assert!(is_in(&secret, NOW + 1_000).await);
    assert!(!is_in(&secret, NOW + 1_001).await, "it was idle");

    let link = door.invite("Zoé", &email("zoe"), Role::Agent, "Inès", NOW).await.expect("she is invited");
    let zoe = door.enter(&link, "", &email("x"), "quatre canards bleus", NOW).await.expect("she comes in");
    assert!(is_in(&zoe, NOW).await);
    let account = door.store.find_account(&email("zoe")).await.expect("the store works").expect("she is known");
    assert_eq!((account.role, account.name.as_str()), (Role::Agent, "Zoé"));
    door.remove(&account, "Inès", NOW).await.expect("she goes");
    assert!(!is_in(&zoe, NOW).await, "at once");

    let ines = door.store.find_account(&email("ines")).await.expect("the store works").expect("she is known");
    assert!(matches!(door.remove(&ines, "Inès", NOW).await, Err(DoorError::LastAdmin)));
    assert!(matches!(door.change_role(&ines, Role::Reader, "Inès", NOW).await, Err(DoorError::LastAdmin)));
    let log = door.store.list_audit("zoe", None, 10).await.expect("the store works");
    let what: Vec<_> = log.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(what, ["staff.removed", "staff.signed_in", "staff.password_chosen", "staff.added"]);
}
