//! Export and import again lose nothing, whatever the entries hold.

use guichet_kb::entry::{body, one_line};
use guichet_kb::{Audience, Checks, Entry, EntryId, Loaded, Status, export, import};
use proptest::prelude::*;

fn line() -> impl Strategy<Value = String> {
    "[ -~éèàçœ’«»\u{a0}\u{202f}€🙂\"\\\\;,\t]{1,40}"
        .prop_map(|text| one_line(&text))
        .prop_filter("not empty", |text| !text.trim().is_empty() && text.trim() == text)
}

fn id() -> impl Strategy<Value = EntryId> {
    "[a-z0-9][a-z0-9-]{0,30}".prop_map(|text| text.parse().expect("the pattern makes ids"))
}

fn entry() -> impl Strategy<Value = Entry> {
    let lines = || prop::collection::vec(line(), 0..4);
    let state = (
        prop::sample::select(vec![Status::Draft, Status::InReview, Status::Published, Status::Archived]),
        prop::sample::select(vec![Audience::Partner, Audience::Staff]),
        prop::option::of((2020_i16..2100, 1_i8..=12, 1_i8..=28)),
    );
    let lists = (prop::collection::vec(id(), 0..3), lines(), lines(), lines());
    let answer = prop::collection::vec(line(), 1..5).prop_map(|lines| body(&lines.join("\n\n")));
    let composed = prop::option::of(Just("Pour {{customer.name}} :\n\n{{answer}}"));
    (id(), line(), line(), line(), (answer, composed), state, lists).prop_map(
        |(
            id,
            question,
            category,
            owner,
            (answer, composed),
            (status, audience, date),
            (follow_ups, variants, must, must_not),
        )| {
            Entry {
                id,
                question,
                category,
                status,
                audience,
                owner,
                review_by: date.map(|(year, month, day)| jiff::civil::date(year, month, day)),
                follow_ups,
                facts: composed.iter().map(|_| "customer.name".to_owned()).collect(),
                variants,
                checks: Checks { must, must_not },
                answer,
                composed: composed.unwrap_or_default().to_owned(),
            }
        },
    )
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::btree_map(id(), entry(), 0..5)
        .prop_map(|entries| entries.into_iter().map(|(id, entry)| Entry { id, ..entry }).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn json_csv_tsv_and_markdown_come_back_the_same(entries in entries()) {
        let json = import::json::import("x.json", &export::json(&entries));
        prop_assert_eq!(&json.entries, &entries);
        for separator in [b',', b';', b'\t'] {
            let table = import::table::import("x.csv", &export::table::export(&entries, separator), separator);
            prop_assert_eq!(&table.entries, &entries);
            prop_assert!(table.diagnostics.is_empty());
        }
        let markdown = Loaded::from_files(&export::markdown(&entries));
        prop_assert_eq!(&markdown.knowledge_base.entries, &entries);
        prop_assert!(markdown.diagnostics.is_empty());
    }
}
