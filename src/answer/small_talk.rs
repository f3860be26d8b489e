//! Greetings, thanks and the like: a message that holds nothing but a phrase of small talk and fillers.

use guichet_kb::fold::fold;
use guichet_kb::{Intent, SmallTalk};

/// The intent of `message`, when all of it is small talk. A real question beside a greeting is no small talk.
pub(crate) fn recognise<'a>(small_talk: &'a SmallTalk, message: &str) -> Option<&'a Intent> {
    let words = words(message);
    let is_filler = |word: &str| small_talk.fillers.iter().any(|filler| fold(filler) == word);
    small_talk.intent.iter().find(|intent| {
        intent.phrases.iter().any(|phrase| {
            let phrase = self::words(phrase);
            let found = words.windows(phrase.len().max(1)).position(|window| window == phrase);
            found.is_some_and(|start| {
                let rest = words[..start].iter().chain(&words[start + phrase.len()..]);
                rest.into_iter().all(|word| is_filler(word) || is_phrase(small_talk, word))
            })
        })
    })
}

fn is_phrase(small_talk: &SmallTalk, word: &str) -> bool {
    small_talk.intent.iter().flat_map(|intent| &intent.phrases).any(|phrase| fold(phrase) == word)
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: Option<&str>) {
        let small_talk = crate::knowledge::load(None).expect("the binary carries small talk").knowledge_base.small_talk;
        assert_eq!(recognise(&small_talk, message).map(|intent| intent.id.as_str()), expected, "{message}");
    }

    #[test]
    fn greetings_thanks_and_requests_for_a_person_are_recognised() {
        check("Bonjour !", Some("salutation"));
        check("slt tt le monde", Some("salutation"));
        check("merci bcp", Some("merci"));
        check("je voudrais parler à un conseiller svp", Some("humain"));
        check("bonjour, merci", Some("salutation"));
    }

    #[test]
    fn a_question_beside_a_greeting_is_a_question() {
        check("Bonjour, comment créer un ticket ?", None);
        check("", None);
        check("🙂", None);
    }
}
