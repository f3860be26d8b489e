//! A question typed in another way is the same question: the property over all checks of our knowledge base.

use guichet_kb::fold::fold;

use super::Engine;

/// Share of the checks whose first entry or decision may change.
const TOLERATED: f32 = 0.03;
/// Letters of a word that is mistyped.
const LONG: usize = 8;

fn check(vary: impl Fn(&str) -> Option<String>) {
    let engine = Engine::carried();
    let (mut asked, mut changed) = (0, Vec::new());
    let entries = engine.knowledge_base().entries.iter();
    for question in entries.flat_map(|entry| &entry.checks.must) {
        let Some(varied) = vary(question) else { continue };
        asked += 1;
        let outcome = |question: &str| {
            let outcome = engine.ask(question).expect("any text can be asked");
            (outcome.decision.name(), outcome.candidates.first().map(|first| first.entry.clone()))
        };
        let (before, after) = (outcome(question), outcome(&varied));
        if before != after {
            changed.push(format!("{before:?} {question}\n{after:?} {varied}"));
        }
    }
    let share = changed.len() as f32 / asked as f32;
    assert!(asked > 50 && share <= TOLERATED, "{share} of {asked} changed:\n{}", changed.join("\n"));
}

#[test]
fn accents_may_be_left_out() {
    check(|question| {
        Some(question.chars().map(|c| if c.is_alphabetic() { fold(&c.to_string()) } else { c.into() }).collect())
    });
}

#[test]
fn capitals_may_be_left_out_or_held() {
    check(|question| Some(question.to_lowercase()));
    check(|question| Some(question.to_uppercase()));
}

#[test]
fn apostrophes_may_be_of_either_kind() {
    check(|question| Some(question.replace('\'', "’")));
    check(|question| Some(question.replace('’', "'")));
}

#[test]
fn spaces_may_be_doubled() {
    check(|question| Some(question.replace(' ', "  ")));
}

#[test]
fn a_long_word_may_be_mistyped() {
    check(|question| mistyped(question, |word| word.swap(3, 4)));
    check(|question| {
        mistyped(question, |word| {
            word.remove(4);
        })
    });
    check(|question| mistyped(question, |word| word.insert(4, word[4])));
}

/// `question` with a change in its first long word.
fn mistyped(question: &str, change: impl Fn(&mut Vec<char>)) -> Option<String> {
    let is_long = |word: &&str| word.len() >= LONG && word.chars().all(|c| c.is_ascii_lowercase());
    let word = question.split(' ').find(is_long)?;
    let mut letters: Vec<char> = word.chars().collect();
    change(&mut letters);
    Some(question.replacen(word, &letters.into_iter().collect::<String>(), 1))
}
