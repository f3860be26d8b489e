//! What questions of partners add to documents: the new text of one, to be kept as a draft. Pure: text in, text out; what
//! is not added stays as it is, byte for byte, but for entries, which have one canonical form.

use guichet_kb::{DocumentKey, DocumentKind, Entry, EntryId, Status, fold, front_matter};

/// `content` of the document `key` with further phrases; those that it has are not added again. `intent` says where in
/// the small talk. None when nothing is added, or the document is not what it should be.
pub(crate) fn with_phrases(key: &DocumentKey, content: &str, intent: &str, phrases: &[String]) -> Option<String> {
    match key.kind() {
        DocumentKind::Entry => {
            let (mut entry, _) = front_matter::parse("", content).0?;
            let known = |text: &str| fold::fold(text);
            let mut added = false;
            for phrase in phrases {
                let is_known = entry.variants.iter().chain([&entry.question]).any(|one| known(one) == known(phrase));
                if !is_known {
                    entry.variants.push(phrase.clone());
                    added = true;
                }
            }
            added.then(|| front_matter::write(&entry))
        }
        DocumentKind::Orientation => in_list(content, 0, "phrasings", phrases),
        DocumentKind::Table => in_list(content, intent_start(content, intent)?, "phrases", phrases),
    }
}

/// `content` of the synonyms with one more: who says one of `said` means `means`.
pub(crate) fn with_synonym(content: &str, said: &[String], means: &[String]) -> String {
    let gap = if content.ends_with("\n\n") || content.is_empty() { "" } else { "\n" };
    let end = if content.ends_with('\n') || content.is_empty() { "" } else { "\n" };
    let list = |words: &[String]| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ");
    format!(
        "{content}{end}{gap}[[synonym]]\nsaid = [{}]\nmeans = [{}]\nweight = 0.8\nboth_ways = false\n",
        list(said),
        list(means)
    )
}

/// A new entry that is to be written, with an id that no document has.
pub(crate) fn new_entry(
    question: &str,
    category: &str,
    variants: &[String],
    answer: &str,
    is_taken: impl Fn(&EntryId) -> bool,
) -> Option<Entry> {
    let slug: String = fold::slug(question).chars().take(50).collect();
    let base = slug.trim_matches('-');
    let base = if base.is_empty() { "fiche" } else { base };
    let numbered = (2..100).map(|number| format!("{base}-{number}"));
    let mut ids = std::iter::once(base.to_owned()).chain(numbered).filter_map(|id| id.parse::<EntryId>().ok());
    let mut entry = Entry::new(ids.find(|id| !is_taken(id))?, question, category, answer);
    entry.status = Status::Draft;
    entry.variants = variants.iter().filter(|one| fold::fold(one) != fold::fold(question)).cloned().collect();
    Some(entry)
}

/// Where the intent `id` begins in the file of small talk.
fn intent_start(content: &str, id: &str) -> Option<usize> {
    let named = format!("id = {}", quoted(id));
    content.match_indices(&named).map(|(at, _)| at).find(|at| content[..*at].ends_with('\n'))
}

/// `content` with more texts at the end of the list `name`, the first one from `from` on.
fn in_list(content: &str, from: usize, name: &str, texts: &[String]) -> Option<String> {
    let opening = format!("\n{name} = [");
    let start = from + content[from..].find(&opening)? + opening.len();
    let end = start + list_end(&content[start..])?;
    let known = fold::fold(&content[start..end]);
    let texts: Vec<&String> = texts.iter().filter(|text| !known.contains(&quoted(&fold::fold(text.trim())))).collect();
    if texts.is_empty() {
        return None;
    }
    let list = content[start..end].trim_end();
    let comma = if list.is_empty() || list.ends_with(',') { "" } else { "," };
    let lines: String = texts.iter().map(|text| format!("\n  {},", quoted(text.trim()))).collect();
    Some(format!("{}{list}{comma}{lines}\n{}", &content[..start], &content[end..]))
}

/// Where the list ends that begins before `text`: its bracket, outside of strings and comments.
fn list_end(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            ']' => return Some(at),
            '#' => drop(chars.find(|(_, c)| *c == '\n')),
            '\'' => drop(chars.find(|(_, c)| *c == '\'')),
            '"' => {
                while let Some((_, c)) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    None
}

/// `text` as a string of TOML.
fn quoted(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> DocumentKey {
        text.parse().expect("a key")
    }

    fn phrases(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn an_entry_gets_what_it_does_not_have() {
        let text = front_matter::write(&Entry::new("a".parse().expect("an id"), "Où ?", "Accès", "Là."));
        let more = with_phrases(&key("entry:a"), &text, "", &phrases(&["ou ?", "à quel endroit"])).expect("one is new");
        let entry = front_matter::parse("", &more).0.expect("it can be read").0;
        assert_eq!(entry.variants, ["à quel endroit"]);
        assert_eq!(with_phrases(&key("entry:a"), &more, "", &phrases(&["À quel endroit"])), None);
    }

    #[test]
    fn lists_of_other_files_grow_at_their_end_and_the_rest_stays() {
        let text =
            "+++\nid = \"o\"\ntopic = \"T\"\nphrasings = [\n  \"un ] \\\" #\", # ]\n  'deux'\n]\n+++\n\nVoir [là].\n";
        let more = with_phrases(&key("orientation:o"), text, "", &phrases(&["dit \"trois\""])).expect("it is new");
        assert_eq!(more, text.replace("'deux'\n]", "'deux',\n  \"dit \\\"trois\\\"\",\n]"));
        assert_eq!(with_phrases(&key("orientation:o"), &more, "", &phrases(&["dit \"trois\""])), None);
        let talk = "[[intent]]\nid = \"a\"\nphrases = [\"x\"]\n\n[[intent]]\nid = \"b\"\nphrases = [ ]\n";
        let more = with_phrases(&key("small_talk"), talk, "b", &phrases(&["y"])).expect("it is new");
        assert_eq!(more, talk.replace("[ ]", "[\n  \"y\",\n]"));
        assert_eq!(with_phrases(&key("small_talk"), talk, "c", &phrases(&["y"])), None);
        let words = with_synonym("# Mots", &phrases(&["facturette"]), &phrases(&["facture"]));
        assert_eq!(
            words,
            "# Mots\n\n[[synonym]]\nsaid = [\"facturette\"]\nmeans = [\"facture\"]\nweight = 0.8\nboth_ways = false\n"
        );
    }

    #[test]
    fn a_new_entry_has_an_id_of_its_own() {
        let taken = |id: &EntryId| id.as_str() == "ou-est-le-logo";
        let entry = new_entry("Où est le logo ?", "Accès", &phrases(&["ou est le logo ?", "logo"]), "À écrire.", taken);
        let entry = entry.expect("there is an id left");
        assert_eq!((entry.id.as_str(), entry.status), ("ou-est-le-logo-2", Status::Draft));
        assert_eq!(entry.variants, ["logo"]);
    }
}
