//! `check::run` as a curator meets it: one knowledge base per rule, the finding with its file and line.

use guichet_kb::{File, Loaded, check};
use jiff::civil::date;

fn findings(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<File> =
        files.iter().map(|(path, text)| File { path: (*path).into(), bytes: text.as_bytes().to_vec() }).collect();
    check::run(&Loaded::from_files(&files), date(2027, 1, 1)).iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_entry_gives_no_finding() {
    let entry = "+++\nid = \"a\"\nquestion = \"Où ?\"\ncategory = \"X\"\n+++\n\nLà.\n";
    assert_eq!(findings(&[("entries/fr/x/a.md", entry)]), Vec::<String>::new());
}

#[test]
fn an_empty_answer_and_a_wrong_place_are_errors() {
    let entry = "+++\nid = \"a\"\nquestion = \"Où ?\"\ncategory = \"X\"\n+++\n";
    assert_eq!(
        findings(&[("entries/fr/y/a.md", entry)]),
        [
            "entries/fr/y/a.md:6: error: the answer is empty",
            "entries/fr/y/a.md:0: error: the id and category of this entry belong in `entries/fr/x/a.md`",
        ]
    );
}

#[test]
fn dead_references_are_errors_at_their_line() {
    let entry = "+++\nid = \"a\"\nquestion = \"Où ?\"\ncategory = \"X\"\nfollow_ups = [\"b\"]\n+++\n\n\
                 Là.\n{{contact.nobody.email}}\n[ici](link:nowhere)\n[là](entry:c)\n{{oups}}\n";
    let lines: Vec<String> = findings(&[("entries/fr/x/a.md", entry)])
        .iter()
        .map(|f| f.split(": error").next().unwrap_or("").into())
        .collect();
    assert_eq!(lines, [5, 9, 10, 11, 12].map(|line| format!("entries/fr/x/a.md:{line}")));
}

#[test]
fn an_image_without_words_is_an_error_and_one_that_nothing_shows_a_warning() {
    let entry = "+++\nid = \"a\"\nquestion = \"Où ?\"\ncategory = \"X\"\n+++\n\nLà.\n\n![](menu.gif)\n";
    let (gif, orientation) = ("GIF89a\u{1}\0\u{1}\0", "+++\nid = \"b\"\ntopic = \"B\"\nphrasings = [\"b\"]\n+++\n\n");
    assert_eq!(
        findings(&[
            ("entries/fr/x/a.md", entry),
            ("orientations/fr/b.md", &format!("{orientation}![Le plan](plan.gif)\n")),
            ("images/menu.gif", gif),
            ("images/plan.gif", gif),
            ("images/reste.gif", gif),
        ]),
        [
            "entries/fr/x/a.md:9: error: the image `menu.gif` has no alternative text: say what it shows",
            "images/reste.gif:0: warning: nothing shows this image",
        ]
    );
}

#[test]
fn near_duplicates_and_late_reviews_are_warnings() {
    let entry = |id: &str, question: &str, review: &str| {
        format!("+++\nid = \"{id}\"\nquestion = \"{question}\"\ncategory = \"X\"\nreview_by = \"{review}\"\n+++\n\nr\n")
    };
    let found = findings(&[
        ("entries/fr/x/a.md", &entry("a", "Où trouver les clés de mon client ?", "2027-01-01")),
        ("entries/fr/x/b.md", &entry("b", "Où trouver la clé de mon client ?", "2027-01-01")),
        ("entries/fr/x/c.md", &entry("c", "ou trouver les cles de mon client", "2026-12-31")),
    ]);
    assert_eq!(
        found,
        [
            "entries/fr/x/c.md:3: warning: nearly the same question as the entry `a`: merge or tell them apart",
            "entries/fr/x/c.md:5: warning: should have been reviewed by 2026-12-31",
        ]
    );
}

#[test]
fn a_check_that_is_also_a_variant_proves_nothing() {
    let entry = "+++\nid = \"a\"\nquestion = \"Où ?\"\ncategory = \"X\"\nvariants = [\"ou donc\"]\n\
                 [checks]\nmust = [\"Où donc ?\"]\n+++\n\nLà.\n";
    let found = findings(&[("entries/fr/x/a.md", entry)]);
    assert!(found.len() == 1 && found[0].starts_with("entries/fr/x/a.md:6: error: the check"), "{found:?}");
}

#[test]
fn the_knowledge_base_of_the_repository_is_sound() {
    let loaded = Loaded::from_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).expect("kb/ can be read");
    assert_eq!(loaded.knowledge_base.entries.len(), 74);
    let found: Vec<String> = check::run(&loaded, date(2026, 11, 24)).iter().map(ToString::to_string).collect();
    assert_eq!(found, Vec::<String>::new());
    for (entry, origin) in loaded.knowledge_base.entries.iter().zip(&loaded.origins) {
        assert!(entry.checks.must.len() >= 3 && entry.checks.must_not.len() >= 2, "{}", entry.id);
        let file = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&origin.file));
        let written = guichet_kb::front_matter::write(entry);
        assert_eq!(file.expect("the file was just read"), written, "{} is not in canonical form", entry.id);
    }
}
