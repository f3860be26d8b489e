//! Images of answers: kept once, named once, gone when nothing shows them any more.

use guichet_kb::{File as KbFile, ImageName};

use super::*;
use crate::publishing::bring_image::{BringError, bring_image};
use crate::publishing::sync;

on_both_engines! {
    an_image_is_kept_once_and_told_once
    images_of_files_are_taken_followed_and_removed
    an_image_of_the_console_that_was_exported_belongs_to_the_files
    two_images_under_one_name_are_told_and_none_is_lost
    what_nothing_ever_showed_goes_and_what_was_shown_stays_as_long_as_messages
}

/// A GIF of one pixel; what follows its head makes it another one.
fn gif(rest: &str) -> Vec<u8> {
    [b"GIF89a\x01\x00\x01\x00".as_slice(), rest.as_bytes()].concat()
}

fn file(name: &str, content: Vec<u8>) -> KbFile {
    KbFile { path: format!("images/{name}"), bytes: content }
}

fn entry(answer: &str) -> KbFile {
    let text = format!("+++\nid = \"a\"\nquestion = \"Où ?\"\ncategory = \"Accès\"\n+++\n\n{answer}\n");
    KbFile { path: "entries/fr/acces/a.md".into(), bytes: text.into_bytes() }
}

async fn bring(store: &Store, files: &[KbFile], at: i64) -> Vec<ImageName> {
    sync::bring(store, files, at).await.expect("they are read").image_conflicts
}

/// Names, and what they show.
async fn shown(store: &Store) -> Vec<(String, Vec<u8>)> {
    let mut shown = Vec::new();
    for image in store.list_all_images().await.expect("they can be read") {
        let picture = store.find_picture(&image.hash).await.expect("it can be read").expect("it is there");
        assert_eq!((picture.kind, picture.width, picture.height), (image.kind, 1, 1));
        shown.push((image.name.to_string(), picture.content));
    }
    shown
}

async fn an_image_is_kept_once_and_told_once(store: Store) {
    for at in 1..3 {
        let image = bring_image(&store, "Écran.png", &gif("a"), "Inès", at).await.expect("it is kept");
        assert!(image.name.as_str().starts_with("ecran-"), "{}", image.name);
    }
    bring_image(&store, "Écran.png", &gif("b"), "Inès", 3).await.expect("it is kept");
    let refused = bring_image(&store, "a.svg", b"<svg/>", "Inès", 4).await;
    assert!(matches!(refused, Err(BringError::Image(_))), "{refused:?}");
    assert_eq!(shown(&store).await.len(), 2, "another image has another name");
    let log = store.list_audit("image.brought", None, 9).await.expect("it can be read");
    assert_eq!(log.len(), 2);
    let first = store.list_images("", 1).await.expect("they can be read");
    let next = store.list_images(first[0].name.as_str(), 5).await.expect("they can be read");
    assert_eq!((first.len(), next.len()), (1, 1));
    assert_eq!(store.find_picture("0").await.expect("it answers"), None);
}

async fn images_of_files_are_taken_followed_and_removed(store: Store) {
    let answer = entry("![Le menu](menu.gif)");
    assert_eq!(bring(&store, &[answer.clone(), file("menu.gif", gif("a"))], 1).await, []);
    assert_eq!(shown(&store).await, [("menu.gif".to_owned(), gif("a"))]);
    let counter = store.knowledge_counter().await.expect("it can be read");

    bring(&store, &[answer.clone(), file("menu.gif", gif("b"))], 2).await;
    assert_eq!(shown(&store).await, [("menu.gif".to_owned(), gif("b"))]);
    assert_eq!(store.knowledge_counter().await.expect("it can be read"), counter + 1, "replicas follow");

    // What is no image any more leaves what was there.
    bring(&store, &[answer.clone(), file("menu.gif", b"<svg/>".to_vec())], 3).await;
    assert_eq!(shown(&store).await, [("menu.gif".to_owned(), gif("b"))]);
    bring(&store, &[answer], 4).await;
    assert_eq!(shown(&store).await, []);
}

async fn an_image_of_the_console_that_was_exported_belongs_to_the_files(store: Store) {
    let image = bring_image(&store, "menu.gif", &gif("a"), "Inès", 1).await.expect("it is kept");
    // An answer of a file may show it before it is a file.
    let answer = entry(&format!("![Le menu]({})", image.name));
    bring(&store, std::slice::from_ref(&answer), 2).await;
    assert_eq!(store.find_in_force().await.expect("it can be read").revisions.len(), 1);
    assert_eq!(shown(&store).await.len(), 1, "no file is no removal: it was never one");

    let exported = file(image.name.as_str(), gif("a"));
    assert_eq!(bring(&store, &[answer.clone(), exported], 3).await, []);
    let changed = file(image.name.as_str(), gif("b"));
    assert_eq!(bring(&store, &[answer.clone(), changed], 4).await, []);
    assert_eq!(shown(&store).await, [(image.name.to_string(), gif("b"))]);
    bring(&store, &[entry("Rien.")], 5).await;
    assert_eq!(shown(&store).await, []);
}

async fn two_images_under_one_name_are_told_and_none_is_lost(store: Store) {
    let image = bring_image(&store, "menu.gif", &gif("a"), "Inès", 1).await.expect("it is kept");
    let other = file(image.name.as_str(), gif("b"));
    let told = bring(&store, std::slice::from_ref(&other), 2).await;
    assert_eq!(told, std::slice::from_ref(&image.name));
    assert_eq!(shown(&store).await, [(image.name.to_string(), gif("a"))]);
    let theirs = guichet_kb::Image::read(image.name.clone(), &gif("b")).expect("an image");
    store.purge_images(i64::MAX, i64::MAX).await.expect("it is done");
    assert!(store.find_picture(&theirs.hash).await.expect("it answers").is_some(), "the file's is kept");
    assert_eq!(bring(&store, &[other, entry("Autre chose.")], 3).await, [], "it was told");
    bring(&store, &[entry("Rien.")], 4).await;
    assert_eq!(shown(&store).await, [(image.name.to_string(), gif("a"))], "the console's is no file");
}

async fn what_nothing_ever_showed_goes_and_what_was_shown_stays_as_long_as_messages(store: Store) {
    let used = bring_image(&store, "used.gif", &gif("used"), "Inès", 10).await.expect("it is kept");
    let unused = bring_image(&store, "unused.gif", &gif("unused"), "Inès", 10).await.expect("it is kept");
    bring(&store, &[entry(&format!("![a]({})", used.name)), file("menu.gif", gif("a"))], 20).await;
    assert_eq!(store.purge_images(10, 0).await.expect("it is done"), 0, "it is not old enough");
    assert_eq!(store.purge_images(11, 0).await.expect("it is done"), 1);
    assert_eq!(store.find_picture(&unused.hash).await.expect("it answers"), None);
    let names: Vec<String> = shown(&store).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["menu.gif".to_owned(), used.name.to_string()]);

    // The file changes: what it was stands in conversations.
    let was = guichet_kb::Image::read("menu.gif".parse().expect("a name"), &gif("a")).expect("an image");
    bring(&store, &[entry("Rien."), file("menu.gif", gif("b"))], 30).await;
    store.purge_images(30, 30).await.expect("it is done");
    assert!(store.find_picture(&was.hash).await.expect("it answers").is_some());
    store.purge_images(31, 31).await.expect("it is done");
    assert_eq!(store.find_picture(&was.hash).await.expect("it answers"), None);
    assert_eq!(shown(&store).await.len(), 2, "an old version of the answer shows the other one");
}
