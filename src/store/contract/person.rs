//! What is kept of one person is handed out whole and can be removed without a trace. Something of the person is planted in
//! every table that can hold it; a table that is in none of the lists here is a table that nobody thought of.

use guichet_bots::Account;
use serde_json::Value;
use sqlx::{Column, Row};

use super::*;
use crate::model::{Elsewhere, Person};

on_both_engines! {
    everything_of_a_person_is_handed_out_and_can_be_removed_without_a_trace
    a_trial_changes_nothing_and_says_what_would_be_done
    a_request_that_is_not_solved_stays_whole_and_is_named
    each_thing_that_is_known_leads_to_all_of_the_person
    links_of_a_person_are_undone_and_nothing_else
}

/// Stands in every text of the person, and in no other.
const MARK: &str = "zq7xplanted";
const EMAIL: &str = "Zq7xPlanted@revendeur.example";
const REFERENCE: &str = "G-ZQ7X-0001";

/// Tables that hold nothing of partners, or only what leads to nobody, as the ids of tokens that were taken.
const OF_NOBODY: [&str; 15] = [
    "_sqlx_migrations",
    "documents",
    "holds",
    "images",
    "indexes",
    "knowledge",
    "leases",
    "pictures",
    "secrets",
    "settings",
    "sign_in_failures",
    "staff_accounts",
    "staff_links",
    "staff_sessions",
    "used_tokens",
];

/// Something of the person in each table, and things of others beside it.
async fn planted(store: &Store, status: &str) {
    let contact = format!(r#"{{"name":"{MARK}","email":"{EMAIL}","company":"{MARK}"}}"#);
    let visitor = format!(r#"{{"partner":"P-1","user":"{MARK}","establishments":[],"rights":[],"contact":{contact}}}"#);
    let other = r#"{"partner":"P-1","user":"U-2","establishments":[],"rights":[]}"#;
    let statements = [
        held(MARK, &format!("{{\"asked\":\"{MARK}\"}}")),
        held("other", "{}"),
        format!("INSERT INTO conversation_notes VALUES ('n', '{MARK}', 'Inès', '{MARK}', 1)"),
        message("q", MARK, "visitor", &format!("'la question {MARK} est longue'"), "NULL", 1),
        message("r", MARK, "assistant", "NULL", &format!("'{{\"said\":\"{MARK}\"}}'"), 2),
        message("o", "other", "visitor", &format!("'écrivez à {EMAIL}.'"), "NULL", 1),
        format!("INSERT INTO feedback VALUES ('r', '{MARK}', 0, '{MARK}', 'a', 1, 1)"),
        format!("INSERT INTO visitors VALUES ('{MARK}', '{visitor}', 9), ('other', '{other}', 9)"),
        format!(
            "INSERT INTO turns (id, conversation_id, at, channel, kind, decision, confidence, entry, question, partner, \
             took_ms, reopened, hour, ticket) VALUES ('r', '{MARK}', 1, 'web', 'question', 'answer', 900, 'a', \
             '{MARK}', '{MARK}', 1, 0, 0, '{REFERENCE}')"
        ),
        format!(
            "INSERT INTO tickets VALUES ('{REFERENCE}', '{MARK}', 'k', \
             '{{\"subject\":\"{MARK}\",\"asker\":{{\"user\":\"{MARK}\"}}}}', '{EMAIL}', '{MARK}', '{status}', 'normal', NULL, '[\"{MARK}\"]', 'Z-{MARK}', 1, 2, 3, NULL, 0, 0, NULL)"
        ),
        format!("INSERT INTO ticket_comments VALUES ('m', '{REFERENCE}', 'partner', '{MARK}', 1, '{MARK}', 1)"),
        format!("INSERT INTO ticket_history VALUES ('h', '{REFERENCE}', '{MARK}', '{MARK}', 1)"),
        format!("INSERT INTO ticket_tags VALUES ('{REFERENCE}', '{MARK}')"),
        format!("INSERT INTO inbox VALUES ('staff/{REFERENCE}/{MARK}', 1), ('staff/other', 1)"),
        format!("INSERT INTO incidents VALUES ('i', '{EMAIL}', 't', '[]', '[]', 1, NULL, '{REFERENCE}', 1, 1)"),
        format!("INSERT INTO places VALUES ('discord/{MARK}', '{MARK}', 'discord', '{MARK}', 0, 0, 1, '[]')"),
        format!(
            "INSERT INTO posts VALUES ('p', 'm', 't', 'd', 'discord/{MARK}', NULL, '[\"12\"]', '[\"{MARK}\"]', 1, NULL)"
        ),
        format!(
            "INSERT INTO account_links VALUES ('discord', '{MARK}', '{visitor}', 1), ('discord', '2', '{other}', 1)"
        ),
        format!("INSERT INTO link_codes VALUES ('h', '{visitor}', 9), ('o', '{other}', 9)"),
        format!("INSERT INTO lookups VALUES ('l', '{MARK}', 'P-1', '{MARK}', 'C-1', NULL, NULL, 'found', 1)"),
        "INSERT INTO lookups VALUES ('o', 'other', 'P-1', 'U-2', 'C-1', NULL, NULL, 'found', 1)".to_owned(),
        format!("INSERT INTO audit_log VALUES ('a', 1, 'Inès', 'x', '{REFERENCE}', '{MARK}', '{MARK}')"),
        format!("INSERT INTO audit_log VALUES ('b', 1, 'Inès', 'x', 'o', '', 'to {EMAIL}')"),
        job("j1", &format!("mail.answer/{REFERENCE}"), &format!("{{\"reference\":\"{REFERENCE}\"}}"), MARK),
        job("j2", "channel.deliver/x", &format!("{{\"conversation\":\"{MARK}\"}}"), ""),
        job("j3", "other", "{}", &format!("refused: {EMAIL}")),
        format!(
            "INSERT INTO publications VALUES ('p', '[]', 'w', '', 1, 5, 1, 'previewed', '{{}}', \
             '{{\"impact\":{{\"list\":[{{\"question\":\"la question {MARK} est longue\",\"times\":1}},\
             {{\"question\":\"autre\",\"times\":1}}]}}}}', 1, 1)"
        ),
    ];
    for statement in statements {
        let run = sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(&store.writer).await;
        run.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    sqlx::query("INSERT INTO attachments VALUES ('f', $1, $2, 'text/plain', 3, $3, $4, 'm', 1)")
        .bind(MARK)
        .bind(format!("{MARK}.txt"))
        .bind(MARK.as_bytes().to_vec())
        .bind(REFERENCE)
        .execute(&store.writer)
        .await
        .expect("it is kept");
}

fn held(id: &str, state: &str) -> String {
    format!(
        "INSERT INTO conversations (id, token_hash, channel, state, last_message, created_at, updated_at) \
         VALUES ('{id}', '{id}', 'web', '{state}', 2, 1, 2)"
    )
}

fn message(id: &str, conversation: &str, author: &str, text: &str, reply: &str, number: i64) -> String {
    format!(
        "INSERT INTO messages (id, conversation_id, number, author, text, reply, sent_at) \
         VALUES ('{id}', '{conversation}', {number}, '{author}', {text}, {reply}, 1)"
    )
}

fn job(id: &str, key: &str, payload: &str, error: &str) -> String {
    format!(
        "INSERT INTO jobs (id, kind, version, payload, idempotency_key, state, attempts, run_at, lease_until, last_error, \
         created_at, updated_at) VALUES ('{id}', 'k', 1, '{payload}', '{key}', 'dead', 0, 5, 0, '{error}', 5, 5)"
    )
}

fn person() -> Person {
    let account = Account { platform: "discord".into(), id: MARK.into() };
    Person { emails: vec![EMAIL.parse().expect("an address")], accounts: vec![account], ..Person::default() }
}

fn line() -> Audit {
    Audit { at: 9, who: "Inès".into(), what: "person.erased".into(), object: "f".into(), ..Audit::default() }
}

/// Every table.
async fn tables(store: &Store) -> Vec<String> {
    let names = if store.is_shared() {
        "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    let mut names: Vec<String> = sqlx::query_scalar(names).fetch_all(&store.readers).await.expect("names");
    names.sort();
    names
}

/// Where something of the person stands: table and column.
async fn traces(store: &Store) -> Vec<String> {
    let mut found = Vec::new();
    for table in tables(store).await.into_iter().filter(|table| table != "_sqlx_migrations") {
        let select = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
        for row in sqlx::query(select).fetch_all(&store.readers).await.expect("rows") {
            for (at, column) in row.columns().iter().enumerate() {
                let text = row.try_get::<Option<String>, _>(at).map(Option::unwrap_or_default);
                let bytes = text.or_else(|_| row.try_get::<i64, _>(at).map(|number| number.to_string()));
                let bytes = bytes.map(String::into_bytes).or_else(|_| row.try_get::<Vec<u8>, _>(at)).expect("a value");
                let text = String::from_utf8_lossy(&bytes).to_lowercase();
                if text.contains(MARK) || text.contains(&REFERENCE.to_lowercase()) {
                    found.push(format!("{table}.{}", column.name()));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

async fn everything_of_a_person_is_handed_out_and_can_be_removed_without_a_trace(store: Store) {
    planted(&store, "solved").await;
    let before = traces(&store).await;
    let with_traces = |table: &&String| before.iter().any(|place| place.split('.').next() == Some(table.as_str()));
    let names = tables(&store).await;
    let untouched: Vec<&String> = names.iter().filter(|table| !with_traces(table)).collect();
    // Revisions are what curators wrote: they are named, not changed.
    let expected: Vec<&str> = [&OF_NOBODY[..], &["revisions"]].concat();
    let mut expected: Vec<&str> = expected.into_iter().collect();
    expected.sort_unstable();
    assert_eq!(untouched, expected, "a table of the person in which nothing is planted, or a new one");

    let export = store.export_person(&person(), None).await.expect("it is read");
    let Value::Object(tables) = &export.tables else { panic!("{:?}", export.tables) };
    for place in &before {
        let (table, column) = place.split_once('.').expect("a place");
        let is_of_others = matches!((table, column), ("publications", _) | ("incidents", "title"));
        // What opens something is not handed out.
        if !is_of_others && column != "token_hash" {
            let rows = tables.get(table).unwrap_or_else(|| panic!("{table} is not handed out: {tables:?}"));
            let texts = rows.as_array().expect("rows").iter().map(|row| row[column].to_string().to_lowercase());
            let has_all = texts.into_iter().any(|text| {
                // Bytes are base64.
                text.contains(MARK) || text.contains(&REFERENCE.to_lowercase()) || column == "content"
            });
            assert!(has_all, "{place} is not handed out: {rows}");
        }
    }
    assert!(!export.tables.to_string().contains("U-2"), "nothing of others");

    let report = store.erase_person(&person(), &line(), false).await.expect("it is done");
    assert_eq!(traces(&store).await, [""; 0], "{report:#?}");
    assert!(report.tables.iter().all(|it| it.kept == 0 && it.found == it.removed + it.anonymised), "{report:#?}");
    assert_eq!((report.mentions, report.requests.as_slice()), (4, [REFERENCE.to_owned()].as_slice()));
    let place = format!("discord/{MARK}");
    let posts = Elsewhere::Posts { platform: "discord".into(), place, messages: vec!["12".into()] };
    let desk = Elsewhere::OtherDesk { reference: REFERENCE.into(), id: format!("Z-{MARK}") };
    assert_eq!(report.elsewhere, [desk, posts]);
    for (of, left) in [
        ("messages", 1),
        ("lookups", 2),
        ("turns WHERE ticket = '' AND entry = 'a'", 1),
        ("account_links", 1),
        ("link_codes", 1),
        ("jobs WHERE last_error LIKE '%anonyme.example'", 1),
        ("publications WHERE report LIKE '%autre%'", 1),
        ("audit_log WHERE what = 'person.erased'", 1),
    ] {
        let count = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {of}")));
        assert_eq!(count.fetch_one(&store.readers).await.ok(), Some(left), "{of}");
    }
    let text: String = sqlx::query_scalar("SELECT text FROM messages").fetch_one(&store.readers).await.expect("a text");
    assert_eq!(text, "écrivez à adresse-effacee@anonyme.example.");
    store.list_lookups(9).await.expect("what was made anonymous can be read");
    no_trace_in_the_file(&store).await;
    let again = store.erase_person(&person(), &line(), false).await.expect("it is done");
    assert!(again.is_empty(), "{again:#?}");
}

/// SQLite keeps what was removed in its file, until something else takes the place, unless it is told not to.
async fn no_trace_in_the_file(store: &Store) {
    if store.is_shared() {
        return;
    }
    let file: String = sqlx::query("PRAGMA database_list")
        .fetch_one(&store.readers)
        .await
        .and_then(|row| row.try_get("file"))
        .expect("a file");
    for file in [file.clone(), format!("{file}-wal")] {
        let bytes = std::fs::read(&file).unwrap_or_default().to_ascii_lowercase();
        assert!(!bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes()), "{file}");
    }
}

async fn a_trial_changes_nothing_and_says_what_would_be_done(store: Store) {
    planted(&store, "closed").await;
    let before = traces(&store).await;
    let trial = store.erase_person(&person(), &line(), true).await.expect("it is tried");
    assert_eq!(traces(&store).await, before);
    assert!(store.list_audit("person", None, 9).await.expect("the log").is_empty());
    assert_eq!(store.erase_person(&person(), &line(), false).await.expect("it is done"), trial);
}

async fn links_of_a_person_are_undone_and_nothing_else(store: Store) {
    planted(&store, "closed").await;
    let unlinked = store.unlink_person(&person(), Some(&line())).await.expect("it is done");
    assert_eq!(unlinked, 1);
    let linked = async |account: &str| store.find_linked("discord", account).await.expect("it can be read").is_some();
    assert!(!linked(MARK).await && linked("2").await, "somebody else's stays");
    let log = store.list_audit("person", None, 9).await.expect("the log");
    assert_eq!((log.len(), log[0].after.as_str()), (1, "unlinked 1"));
    let report = store.export_person(&person(), None).await.expect("it can be read").report;
    assert!(report.tables.iter().any(|it| it.table == "messages" && it.found > 0), "{report:#?}");
    assert_eq!(store.unlink_person(&person(), None).await.expect("it is done"), 0);
}

async fn a_request_that_is_not_solved_stays_whole_and_is_named(store: Store) {
    planted(&store, "pending").await;
    let report = store.erase_person(&person(), &line(), false).await.expect("it is done");
    assert!(report.elsewhere.contains(&Elsewhere::OpenTicket { reference: REFERENCE.into() }), "{report:#?}");
    let kept = |table| report.tables.iter().find(|it| it.table == table).map(|it| (it.found, it.kept));
    assert_eq!((kept("tickets"), kept("messages"), kept("attachments")), (Some((1, 1)), Some((2, 2)), Some((1, 1))));
    let text: String =
        sqlx::query_scalar("SELECT requester_email FROM tickets").fetch_one(&store.readers).await.expect("a text");
    assert_eq!(text, EMAIL, "it can be answered");
}

async fn each_thing_that_is_known_leads_to_all_of_the_person(store: Store) {
    planted(&store, "solved").await;
    let account = Account { platform: "discord".into(), id: MARK.into() };
    for known in [
        Person { users: vec![MARK.parse().expect("an id")], ..Person::default() },
        Person { conversations: vec![MARK.into()], ..Person::default() },
        Person { accounts: vec![account], ..Person::default() },
        Person { emails: vec![EMAIL.parse().expect("an address")], ..Person::default() },
    ] {
        let found = store.export_person(&known, Some(&line())).await.expect("it is read").report;
        let tables: Vec<&str> = found.tables.iter().map(|it| it.table).collect();
        assert!(tables.contains(&"tickets") && tables.contains(&"messages"), "{known:?}: {tables:?}");
        let also = |it: &Elsewhere| matches!(it, Elsewhere::AlsoKnownAs { value, .. } if value == EMAIL);
        let is_said = !known.emails.is_empty() || found.elsewhere.iter().any(also);
        assert!(is_said, "somebody may have written for another: {found:?}");
        // What says an address leads to the user whose it is.
        assert!(known.emails.is_empty() || tables.contains(&"link_codes"), "{known:?}: {tables:?}");
    }
    let nobody = Person { emails: vec!["planted@revendeur.example".parse().expect("an address")], ..Person::default() };
    assert!(store.export_person(&nobody, None).await.expect("it is read").report.is_empty());
    assert_eq!(store.list_audit("person", None, 9).await.expect("the log").len(), 4);
}
