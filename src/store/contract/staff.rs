//! People of the staff who come by the provider of identities of the company.

use super::*;
use crate::model::{Account, ExternalId, Role};

on_both_engines! {
    somebody_is_known_by_provider_and_subject_and_has_one_account
    an_account_says_what_the_provider_says_but_takes_no_address_of_another
    the_first_admin_may_come_until_somebody_can_invite
}

fn account(subject: &str, email: &str, role: Role) -> Account {
    Account {
        id: subject.to_owned(),
        email: email.parse().expect("an address"),
        name: "Zoé Petit".to_owned(),
        role,
        password_hash: None,
        external: Some(ExternalId { issuer: "https://identite.example".to_owned(), subject: subject.to_owned() }),
        created_at: 1,
    }
}

async fn find(store: &Store, account: &Account) -> Option<Account> {
    let external = account.external.as_ref().expect("it is from the provider");
    store.find_external_account(external).await.expect("the store works")
}

async fn somebody_is_known_by_provider_and_subject_and_has_one_account(store: Store) {
    let zoe = account("u-7", "zoe@editeur.example", Role::Agent);
    store.create_external_account(&zoe, &Audit::default()).await.expect("it is kept");
    assert_eq!(find(&store, &zoe).await.as_ref(), Some(&zoe));
    assert_eq!(find(&store, &account("u-8", "zoe@editeur.example", Role::Agent)).await, None);
    let elsewhere = ExternalId { issuer: "https://autre.example".to_owned(), subject: "u-7".to_owned() };
    assert_eq!(store.find_external_account(&elsewhere).await.expect("the store works"), None);

    let twice = Account { id: "x".to_owned(), email: "z@editeur.example".parse().expect("an address"), ..zoe.clone() };
    let same_address = account("u-9", "Zoe@editeur.example", Role::Agent);
    for other in [twice, same_address] {
        let refused = store.create_external_account(&other, &Audit::default()).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{other:?}");
    }

    store.create_session("hash", &zoe.id, 5, 3, &Audit::default()).await.expect("it begins");
    let session = store.find_session("hash").await.expect("the store works").expect("it is there");
    assert_eq!((session.account, session.confirmed_at), (zoe.clone(), 3));
    store.withdraw_account(&zoe.id, &Audit::default()).await.expect("it goes");
    assert_eq!(find(&store, &zoe).await, None);
    assert_eq!(store.find_session("hash").await.expect("the store works"), None, "at once");
}

async fn an_account_says_what_the_provider_says_but_takes_no_address_of_another(store: Store) {
    let (zoe, luc) =
        (account("u-7", "zoe@editeur.example", Role::Admin), account("u-8", "luc@editeur.example", Role::Agent));
    for one in [&zoe, &luc] {
        store.create_external_account(one, &Audit::default()).await.expect("it is kept");
    }
    let after = Account {
        name: "Zoé Martin".to_owned(),
        email: "zoe.martin@editeur.example".parse().expect("an address"),
        role: Role::Reader,
        ..zoe.clone()
    };
    store.follow_provider(&after, Some(&Audit::default())).await.expect("the last admin may be none");
    assert_eq!(find(&store, &zoe).await.as_ref(), Some(&after));
    let greedy = Account { email: luc.email.clone(), ..after.clone() };
    store.follow_provider(&greedy, None).await.expect("it is kept");
    assert_eq!(find(&store, &zoe).await, Some(after));
}

async fn the_first_admin_may_come_until_somebody_can_invite(store: Store) {
    store.create_link("link", None, 100, None).await.expect("it is kept");
    let works = async || store.find_link("link", 1).await.expect("the store works").is_some();
    store
        .create_external_account(&account("u-7", "a@editeur.example", Role::Reviewer), &Audit::default())
        .await
        .expect("kept");
    assert!(works().await, "who came by the provider invites nobody");
    store
        .create_external_account(&account("u-8", "b@editeur.example", Role::Admin), &Audit::default())
        .await
        .expect("kept");
    assert!(!works().await);
}
