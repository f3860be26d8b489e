//! Documents of the knowledge base: kept in every state, changed by one at a time.

use guichet_kb::{DocumentKey, File, Status};

use super::*;
use crate::model::{
    KnowledgeCommit, Progress, ProgressStep, Publication, PublicationAction, PublicationItem, PublicationState,
};
use crate::publishing::edit::{self, EditError, Hand};
use crate::publishing::{files, sync};
use crate::store::DocumentFilter;

on_both_engines! {
    files_are_read_once_and_come_back_byte_for_byte
    of_two_replicas_that_read_the_same_files_one_writes
    drafts_are_kept_beside_what_is_in_force_and_never_overwrite_each_other
    what_files_and_console_change_is_merged_and_conflicts_are_kept
    documents_are_listed_by_key_word_status_and_day
    a_publication_is_done_once_and_not_on_an_old_knowledge_base
    a_built_index_is_left_for_others
}

fn key(text: &str) -> DocumentKey {
    text.parse().expect("a key")
}

/// An entry file; the comment shows that bytes are kept.
fn text(id: &str, question: &str, variants: &str, answer: &str) -> String {
    format!(
        "+++\n# À relire.\nid = \"{id}\"\nquestion = \"{question}\"\ncategory = \"Accès\"\nvariants = [{variants}]\n+++\n\n{answer}\n"
    )
}

fn file(id: &str, text: String) -> File {
    File { path: format!("entries/fr/acces/{id}.md"), bytes: text.into_bytes() }
}

fn two() -> Vec<File> {
    vec![
        File { path: "contacts.toml".into(), bytes: b"# Rien\n".to_vec() },
        file("a", text("a", "Où\u{a0}?", "\"un\"", "Là.")),
        file("b", text("b", "Quand ?", "", "Demain.")),
    ]
}

fn hand(at: i64) -> Hand<'static> {
    Hand { author: "Inès", reason: "essai", at }
}

async fn in_force(store: &Store) -> Vec<File> {
    files(&store.find_in_force().await.expect("it can be read").revisions)
}

async fn files_are_read_once_and_come_back_byte_for_byte(store: Store) {
    assert_eq!(in_force(&store).await, Vec::new());
    let brought = sync::bring(&store, &two(), 1).await.expect("they are read");
    assert_eq!((brought.changes, brought.conflicts.len()), (3, 0));
    assert_eq!(in_force(&store).await, two());
    let counter = store.knowledge_counter().await.expect("it can be read");
    assert_eq!(sync::bring(&store, &two(), 2).await.expect("they are read").changes, 0);
    assert_eq!(store.knowledge_counter().await.expect("it can be read"), counter);

    // One moves, one goes.
    let moved = File { path: "entries/fr/autre/a.md".into(), ..two()[1].clone() };
    sync::bring(&store, std::slice::from_ref(&moved), 3).await.expect("they are read");
    assert_eq!(in_force(&store).await, [moved]);
    let history = store.list_revisions(&key("entry:b"), i64::MAX, 10).await.expect("it can be read");
    assert_eq!(
        history.iter().map(|one| (one.number, one.content.is_some())).collect::<Vec<_>>(),
        [(2, false), (1, true)]
    );
}

async fn of_two_replicas_that_read_the_same_files_one_writes(store: Store) {
    let files = two();
    let (one, two) = tokio::join!(sync::bring(&store, &files, 1), sync::bring(&store, &files, 1));
    let mut changes = [one.expect("they are read").changes, two.expect("they are read").changes];
    changes.sort_unstable();
    assert_eq!(changes, [0, 3]);
}

async fn drafts_are_kept_beside_what_is_in_force_and_never_overwrite_each_other(store: Store) {
    sync::bring(&store, &two(), 1).await.expect("they are read");
    let draft = text("a", "Où donc ?", "", "Ici.");
    let saved = edit::save(&store, &key("entry:a"), Some(1), &draft, hand(2)).await.expect("it is kept");
    assert_eq!((saved.latest, saved.in_force, saved.status), (2, Some(1), Status::Draft));
    assert_eq!(in_force(&store).await, two(), "a draft is not in force");
    let late = edit::save(&store, &key("entry:a"), Some(1), &draft, hand(3)).await;
    assert!(matches!(late, Err(EditError::Outdated(2))), "{late:?}");
    let twice = edit::save(&store, &key("entry:a"), None, &draft, hand(3)).await;
    assert!(matches!(twice, Err(EditError::Exists)), "{twice:?}");
    let other = edit::save(&store, &key("entry:c"), None, &draft, hand(3)).await;
    assert!(matches!(other, Err(EditError::OtherId)), "{other:?}");
    let broken = edit::save(&store, &key("entry:c"), None, "+++\nid = \"c\"\n+++\n", hand(3)).await;
    assert!(matches!(broken, Err(EditError::Invalid(_))), "{broken:?}");

    let submitted = edit::submit(&store, &key("entry:a"), 2, hand(4)).await.expect("it is kept");
    assert_eq!((submitted.latest, submitted.status), (3, Status::InReview));
    let again = edit::submit(&store, &key("entry:a"), 3, hand(5)).await;
    assert!(matches!(again, Err(EditError::NotADraft)), "{again:?}");
    let last = store.find_revision(&key("entry:a"), 3).await.expect("it can be read").expect("it is there");
    assert!(last.content.is_some_and(|text| text.contains("status = \"in_review\"") && text.contains("Où donc ?")));
    assert_eq!((last.author.as_str(), last.parent, last.created_at), ("Inès", Some(1), 4));

    let (new, one, other) = (key("entry:c"), text("c", "Qui ?", "", "Elle."), text("c", "Qui donc ?", "", "Lui."));
    let both =
        tokio::join!(edit::save(&store, &new, None, &one, hand(6)), edit::save(&store, &new, None, &other, hand(6)),);
    assert_eq!([both.0.is_ok(), both.1.is_ok()].iter().filter(|is_kept| **is_kept).count(), 1);
}

/// Puts the last draft of `a` in force, as a publication does.
async fn publish(store: &Store, document: &str) {
    let before = store.find_in_force().await.expect("it can be read");
    let known = store.list_known_documents().await.expect("they can be read");
    let item = PublicationItem {
        document: key(document),
        revision: known.iter().find(|one| one.document.key == key(document)).expect("it is there").document.latest,
        action: PublicationAction::Publish,
    };
    let prepared = crate::publishing::prepare::prepare(&before, &known, &[item], hand(9)).expect("it can be published");
    let commit =
        KnowledgeCommit { changes: prepared.changes, seen_counter: Some(before.counter), ..KnowledgeCommit::default() };
    store.commit_knowledge(&commit).await.expect("it is kept");
}

async fn what_files_and_console_change_is_merged_and_conflicts_are_kept(store: Store) {
    sync::bring(&store, &two(), 1).await.expect("they are read");
    let ours = text("a", "Où ?", "\"un\", \"deux\"", "Là.");
    edit::save(&store, &key("entry:a"), Some(1), &ours, hand(2)).await.expect("it is kept");
    publish(&store, "entry:a").await;

    // Git adds another variant at the same place, and a draft of b waits.
    edit::save(&store, &key("entry:b"), Some(1), &text("b", "Quand ?", "\"tard\"", "Demain."), hand(3))
        .await
        .expect("it is kept");
    let theirs = vec![
        file("a", text("a", "Où est-ce ?", "\"un\", \"trois\"", "Là.")),
        file("b", text("b", "Quand donc ?", "", "Demain.")),
    ];
    let brought = sync::bring(&store, &theirs, 4).await.expect("they are read");
    assert_eq!(
        (brought.changes, brought.conflicts.as_slice()),
        (3, [key("entry:a")].as_slice()),
        "the questions differ"
    );
    let a = store.find_document(&key("entry:a")).await.expect("it can be read").expect("it is there");
    let kept = store.find_revision(&a.key, a.conflict.expect("a conflict")).await.expect("it can be read");
    assert!(kept.and_then(|one| one.content).is_some_and(|text| text.contains("trois")), "the file is kept");
    let now = String::from_utf8(in_force(&store).await[0].bytes.clone()).expect("UTF-8");
    assert!(now.contains("\"deux\"") && !now.contains("trois"), "the console's stays in force: {now}");

    // The draft of b was merged with the file and still waits, and can be published.
    let b = store.find_document(&key("entry:b")).await.expect("it can be read").expect("it is there");
    assert_eq!((b.status, b.title.as_str(), b.conflict), (Status::Draft, "Quand donc ?", None));
    publish(&store, "entry:b").await;
    let now = in_force(&store).await;
    let b = String::from_utf8(now[1].bytes.clone()).expect("UTF-8");
    assert!(b.contains("tard") && b.contains("Quand donc ?") && b.contains("status = \"published\""), "{b}");

    // What was exported and read again is no change.
    let brought = sync::bring(&store, &now, 5).await.expect("they are read");
    assert_eq!(brought.conflicts, []);
    assert_eq!(in_force(&store).await, now);
}

async fn documents_are_listed_by_key_word_status_and_day(store: Store) {
    sync::bring(&store, &two(), 1).await.expect("they are read");
    let reviewed = text("c", "Été 100 % ?", "", "Oui.").replace("variants", "review_by = \"2026-01-01\"\nvariants");
    edit::save(&store, &key("entry:c"), None, &reviewed, hand(2)).await.expect("it is kept");
    let list = async |filter: DocumentFilter| {
        let found = store.list_documents(&DocumentFilter { limit: 10, ..filter }).await.expect("they can be read");
        found.into_iter().map(|one| one.key.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(list(DocumentFilter::default()).await, ["contacts", "entry:a", "entry:b", "entry:c"]);
    assert_eq!(
        list(DocumentFilter { kind: "entry:", after: "entry:a".into(), ..Default::default() }).await,
        ["entry:b", "entry:c"]
    );
    for (word, expected) in [("ete", 1), ("100 %", 1), ("%", 1), ("e_r", 0), ("zz", 0)] {
        let found = list(DocumentFilter { word: Some(word.into()), kind: "entry:", ..Default::default() }).await;
        assert_eq!(found.len(), expected, "{word}");
    }
    assert_eq!(list(DocumentFilter { status: Some(Status::Draft), ..Default::default() }).await, ["entry:c"]);
    // It is late only once partners see it.
    let late = || DocumentFilter { review_before: Some("2026-06-01".into()), ..Default::default() };
    assert_eq!(list(late()).await, [""; 0]);
    publish(&store, "entry:c").await;
    assert_eq!(list(late()).await, ["entry:c"]);
    assert_eq!(list(DocumentFilter { has_conflict: true, ..Default::default() }).await, [""; 0]);
}

async fn a_publication_is_done_once_and_not_on_an_old_knowledge_base(store: Store) {
    let asked = Publication {
        id: "p1".into(),
        items: Vec::new(),
        author: "Inès".into(),
        reason: String::new(),
        is_preview: false,
        replay: 0,
        run_at: 5,
        state: PublicationState::Waiting,
        progress: Progress::default(),
        report: None,
        created_at: 1,
        updated_at: 1,
    };
    store.create_publication(&asked, &job("p1"), &line("publication.asked")).await.expect("it is kept");
    assert_eq!(store.find_publication("p1").await.expect("it can be read"), Some(asked.clone()));
    let claimed = store.claim_job(20, 100, "l").await.expect("it answers").expect("it is there");
    let progress = Progress { step: ProgressStep::Checks, done: 1, of: 3 };
    assert!(store.progress_publication("p1", progress, 6).await.expect("it is kept"));
    let late = store.cancel_publication("p1", 7, &line("publication.cancelled")).await;
    assert!(!late.expect("it answers"), "it has begun");

    let finished = Publication { state: PublicationState::Published, report: Some("{}".into()), ..asked };
    let old = KnowledgeCommit { seen_counter: Some(7), ..KnowledgeCommit::default() };
    assert!(matches!(store.finish_publication(&finished, &old, &claimed).await, Err(StoreError::Conflict)));
    let told = vec![line("document.published")];
    let fresh = KnowledgeCommit { seen_counter: Some(0), told, ..KnowledgeCommit::default() };
    store.finish_publication(&finished, &fresh, &claimed).await.expect("it is kept");
    assert!(matches!(store.finish_publication(&finished, &fresh, &claimed).await, Err(StoreError::Conflict)));
    assert!(!store.progress_publication("p1", progress, 8).await.expect("it answers"));
    assert_eq!(store.knowledge_counter().await.expect("it can be read"), 1);
    let listed = store.list_publications(Some(PublicationState::Published), 5).await.expect("they can be read");
    assert_eq!(listed.len(), 1);
    let before = store.list_publications_before(None, Some("p1"), 5).await.expect("they can be read");
    assert_eq!(before, []);
    assert_eq!(store.list_publications(Some(PublicationState::Waiting), 5).await.expect("they can be read"), []);
    let log = store.list_audit("", None, 9).await.expect("it can be read");
    let told: Vec<&str> = log.iter().rev().map(|line| line.what.as_str()).collect();
    assert_eq!(told, ["publication.asked", "document.published"], "nothing is told of what did not happen");
}

fn line(what: &str) -> Audit {
    Audit { who: "Inès".into(), what: what.into(), object: "p1".into(), ..Audit::default() }
}

async fn a_built_index_is_left_for_others(store: Store) {
    store.keep_index(3, "h", vec![1, 0, 255]).await.expect("it is kept");
    store.keep_index(3, "i", vec![2]).await.expect("it is kept");
    assert_eq!(store.find_index(3, "h").await.expect("it answers"), None);
    assert_eq!(store.find_index(3, "i").await.expect("it answers"), Some(vec![2]));
    assert_eq!(store.find_index(4, "i").await.expect("it answers"), None);
}
