//! Templates of composed answers, and the rules whose sentences they hold.

use guichet_kb::composed::{Known, Said, Template, catalogue, mark_of};
use guichet_kb::{Entry, Rules};

use super::is_shown;

/// A template that was accepted says something for whatever the facts are, and each of its marks stands for one thing.
pub fn templates(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(error) = Rules::read(&text, |_| true) {
        assert!(error.line(&text) <= text.split('\n').count() + 1, "{error}");
    }
    let declared: Vec<String> =
        catalogue::ALL.iter().filter(|known| text.contains(known.name)).map(|known| known.name.to_owned()).collect();
    let used = match Template::read(&text, &declared) {
        Ok(template) => template,
        Err(problems) => {
            let lines = text.split('\n').count();
            assert!(!problems.is_empty() && problems.iter().all(|problem| problem.line < lines), "{problems:?}");
            return;
        }
    };
    for choice in 0..4 {
        let said = used.render("Voyez l’espace partenaire.", &|known| answer(known, choice));
        let marks = said.markdown.chars().filter(|c| mark_of(*c).is_some()).count();
        assert_eq!(marks, said.marks.len(), "{:?}", said.markdown);
        let id = "composee".parse().expect("it is an id");
        is_shown(&Entry::new(id, "Question ?", "", &said.markdown));
    }
}

/// What a fact says in the case number `choice`; the last one is that nothing could be read.
fn answer(known: &'static Known, choice: usize) -> Said {
    match known.domain() {
        [] => Said::Is(""),
        _ if choice == 3 => Said::Unknown,
        domain => Said::Is(domain[choice % domain.len()]),
    }
}
