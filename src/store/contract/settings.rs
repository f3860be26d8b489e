//! What staff set in the console.

use super::*;
use crate::model::SettingVersion;

on_both_engines! {
    a_setting_has_versions_and_of_two_who_change_it_at_once_one_is_told
}

fn version(number: i64, value: Option<&str>) -> SettingVersion {
    SettingVersion { number, value: value.map(str::to_owned), author: "Inès".to_owned(), created_at: number }
}

async fn a_setting_has_versions_and_of_two_who_change_it_at_once_one_is_told(store: Store) {
    let list = async |name: &str| store.list_setting(name, 10).await.expect("they can be read");
    assert_eq!(list("opening").await, []);
    let add = async |name: &str, version: &SettingVersion| store.add_setting(name, version, &Audit::default()).await;
    add("opening", &version(1, Some("{}"))).await.expect("it is kept");
    add("other", &version(1, Some("[]"))).await.expect("it is another");
    assert!(matches!(add("opening", &version(1, None)).await, Err(StoreError::Conflict)));
    add("opening", &version(2, None)).await.expect("it is kept");
    assert_eq!(list("opening").await, [version(2, None), version(1, Some("{}"))]);
    assert_eq!(store.list_setting("opening", 1).await.expect("they can be read"), [version(2, None)]);
    let found = async |number| store.find_setting("opening", number).await.expect("it can be read");
    assert_eq!((found(1).await, found(3).await), (Some(version(1, Some("{}"))), None));
    assert_eq!(store.list_audit("", None, 10).await.expect("the log can be read").len(), 3, "nothing of what failed");
}
