//! A whole knowledge base: everything its files say, and what is wrong with them.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;

use crate::composed;
use crate::contacts::Contacts;
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, EntryId};
use crate::files::{self, File};
use crate::front_matter;
use crate::image::{self, Image, ImageName};
use crate::orientation::{self, Orientation};
use crate::rules::{self, Rules};
use crate::small_talk::SmallTalk;
use crate::synonyms::Synonyms;

/// Entries, orientations, contacts, small talk, synonyms, rules and images.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KnowledgeBase {
    /// All entries, whatever their status, in the order of their ids.
    pub entries: Vec<Entry>,
    /// Topics that no entry answers, in the order of their ids.
    pub orientations: Vec<Orientation>,
    /// What answers cite.
    pub contacts: Contacts,
    /// Greetings and the like.
    pub small_talk: SmallTalk,
    /// What people say for the words of the entries.
    pub synonyms: Synonyms,
    /// What follows from facts of the portal; none where answers need none.
    pub rules: Option<Rules>,
    /// What answers may show, in the order of their names.
    pub images: Vec<Image>,
}

/// Where an entry stands in its file; lines from 1, 0 when the field is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// File inside the knowledge base.
    pub file: String,
    /// Line of `question`.
    pub question_line: usize,
    /// Line of `follow_ups`.
    pub follow_ups_line: usize,
    /// Line of `review_by`.
    pub review_by_line: usize,
    /// Line of `[checks]`.
    pub checks_line: usize,
    /// Line of `facts`.
    pub facts_line: usize,
    /// First line of the answer.
    pub answer_line: usize,
    /// First line of the composed answer.
    pub composed_line: usize,
}

/// A knowledge base with the place of each entry and the problems met while reading.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// What could be read.
    pub knowledge_base: KnowledgeBase,
    /// Place of each entry of `knowledge_base.entries`, same order.
    pub origins: Vec<Origin>,
    /// What could not, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Reads the knowledge base below `dir`.
    ///
    /// # Errors
    /// When the directory cannot be read; bad content is a diagnostic.
    pub fn from_dir(dir: &Path) -> io::Result<Self> {
        Ok(Self::from_files(&files::read_dir(dir)?))
    }

    /// Reads a knowledge base from its files.
    pub fn from_files(files: &[File]) -> Self {
        Self::with_images(files, &[])
    }

    /// Reads a knowledge base from its files, which may show `images` too: those of a store, whose bytes stay there.
    pub fn with_images(files: &[File], images: &[Image]) -> Self {
        let mut images: BTreeMap<ImageName, Image> =
            images.iter().map(|image| (image.name.clone(), image.clone())).collect();
        let mut diagnostics = Vec::new();
        let mut contacts = Contacts::default();
        let mut small_talk = SmallTalk::default();
        let mut synonyms = Synonyms::default();
        let mut rules_text = None;
        let mut entries = Vec::new();
        let mut orientations: Vec<Orientation> = Vec::new();
        let mut seen: HashMap<EntryId, String> = HashMap::new();
        for file in files {
            if files::is_image(&file.path) {
                match read_image(file) {
                    Ok(image) => drop(images.insert(image.name.clone(), image)),
                    Err(error) => diagnostics.push(Diagnostic::error(&file.path, 0, error.to_string())),
                }
                continue;
            }
            let Ok(text) = std::str::from_utf8(&file.bytes) else {
                diagnostics.push(Diagnostic::error(&file.path, 0, "the file is not UTF-8: save it as UTF-8"));
                continue;
            };
            match file.path.as_str() {
                "contacts.toml" => read_toml(&file.path, text, &mut contacts, &mut diagnostics),
                "small_talk.fr.toml" => read_toml(&file.path, text, &mut small_talk, &mut diagnostics),
                "synonyms.fr.toml" => read_toml(&file.path, text, &mut synonyms, &mut diagnostics),
                rules::FILE => rules_text = Some(text),
                path if path.starts_with("orientations/") => {
                    let (orientation, problems) = orientation::parse(path, text);
                    diagnostics.extend(problems);
                    orientations.extend(orientation);
                }
                _ => {
                    let (entry, problems) = front_matter::parse(&file.path, text);
                    diagnostics.extend(problems);
                    let Some((entry, origin)) = entry else { continue };
                    if let Some(first) = seen.get(&entry.id) {
                        let message = format!("the id `{}` is already used by {first}", entry.id);
                        diagnostics.push(Diagnostic::error(&file.path, 2, message));
                        continue;
                    }
                    seen.insert(entry.id.clone(), file.path.clone());
                    entries.push((entry, origin));
                }
            }
        }
        entries.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
        let (entries, origins): (Vec<Entry>, Vec<Origin>) = entries.into_iter().unzip();
        orientations.sort_by(|a, b| a.id.cmp(&b.id));
        let images = images.into_values().collect();
        let mut knowledge_base =
            KnowledgeBase { entries, orientations, contacts, small_talk, synonyms, rules: None, images };
        knowledge_base.rules = rules_text.and_then(|text| read_rules(text, &knowledge_base, &mut diagnostics));
        composed::check(&knowledge_base, &origins, &mut diagnostics);
        image::check(&knowledge_base, &origins, &mut diagnostics);
        Self { knowledge_base, origins, diagnostics }
    }
}

impl KnowledgeBase {
    /// The entry with this id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        let found = self.entries.binary_search_by(|entry| entry.id.as_str().cmp(id));
        found.ok().map(|at| &self.entries[at])
    }

    /// The image with this name.
    pub fn image(&self, name: &str) -> Option<&Image> {
        image::find(&self.images, name)
    }

    /// The entries that partners may be shown, in the order of their ids: what the index is built from.
    pub fn public_entries(&self) -> Vec<Entry> {
        self.entries.iter().filter(|entry| entry.is_public()).cloned().collect()
    }

    /// A hash of everything the index is built from, in hexadecimal: what public entries ask and answer, orientations,
    /// small talk and synonyms. Check questions, owners and dates are not in the index: changing them costs no training.
    pub fn content_hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for entry in self.entries.iter().filter(|entry| entry.is_public()) {
            let texts = [entry.id.as_str(), &entry.question, &entry.category, &entry.answer];
            for text in texts.into_iter().chain(entry.variants.iter().map(String::as_str)) {
                hasher.update(text.as_bytes());
                hasher.update(&[0]);
            }
            hasher.update(&[3]);
        }
        for orientation in &self.orientations {
            for text in [orientation.id.as_str(), &orientation.topic]
                .into_iter()
                .chain(orientation.phrasings.iter().map(String::as_str))
            {
                hasher.update(text.as_bytes());
                hasher.update(&[0]);
            }
            hasher.update(&[1]);
        }
        for phrase in self.small_talk.intent.iter().flat_map(|intent| &intent.phrases) {
            hasher.update(phrase.as_bytes());
            hasher.update(&[2]);
        }
        for group in &self.synonyms.synonym {
            hasher.update(format!("{group:?}").as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }
}

/// The revision of an entry: the first 12 hexadecimal digits of the hash of its file.
pub fn revision(entry: &Entry) -> String {
    blake3::hash(front_matter::write(entry).as_bytes()).to_hex()[..12].to_owned()
}

fn read_image(file: &File) -> Result<Image, image::ImageError> {
    Image::read(ImageName::of_path(&file.path).ok_or(image::ImageError::Name)?, &file.bytes)
}

fn read_rules(text: &str, all: &KnowledgeBase, diagnostics: &mut Vec<Diagnostic>) -> Option<Rules> {
    let knows = |id: &EntryId| all.entry(id.as_str()).is_some_and(Entry::is_public);
    match Rules::read(text, knows) {
        Ok(rules) => Some(rules),
        Err(error) => {
            diagnostics.push(Diagnostic::error(rules::FILE, error.line(text), error.to_string()));
            None
        }
    }
}

fn read_toml<T: serde::de::DeserializeOwned>(path: &str, text: &str, to: &mut T, diagnostics: &mut Vec<Diagnostic>) {
    match toml::from_str(text) {
        Ok(value) => *to = value,
        Err(error) => {
            let line = error.span().map_or(0, |span| 1 + text[..span.start].matches('\n').count());
            diagnostics.push(Diagnostic::error(path, line, format!("TOML: {}", error.message())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    fn entry(id: &str, status: &str) -> File {
        file(
            &format!("entries/fr/x/{id}.md"),
            &format!("+++\nid = \"{id}\"\nquestion = \"q\"\nstatus = \"{status}\"\n+++\n\nr\n"),
        )
    }

    #[test]
    fn good_entries_are_kept_beside_the_problems_of_the_others() {
        let twin = File { path: "entries/fr/y/a.md".into(), ..entry("a", "draft") };
        let loaded = Loaded::from_files(&[
            entry("b", "published"),
            entry("a", "published"),
            twin,
            file("contacts.toml", "[contact.x]\nlabel = 1\n"),
            File { path: "entries/fr/x/z.md".into(), bytes: vec![0xff] },
        ]);
        assert_eq!(loaded.knowledge_base.entries.len(), 2);
        let messages: Vec<String> = loaded.diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(messages.len(), 3, "{messages:#?}");
        assert!(messages[0].contains("already used by entries/fr/x/a.md"), "{messages:#?}");
        assert!(messages[1].starts_with("contacts.toml:2: error: TOML"), "{messages:#?}");
    }

    #[test]
    fn an_image_that_is_not_there_is_named_with_its_entry() {
        let shows = |name: &str| {
            let text = format!("+++\nid = \"a\"\nquestion = \"q\"\n+++\n\n![Le menu]({name})\n");
            file("entries/fr/x/a.md", &text)
        };
        let menu = file("images/menu.gif", "GIF89a\u{1}\0\u{1}\0");
        let loaded = Loaded::from_files(&[shows("menu.gif"), menu.clone()]);
        assert_eq!(loaded.diagnostics, vec![]);
        let image = loaded.knowledge_base.image("menu.gif").expect("it was read").clone();
        assert_eq!((image.width, image.height), (1, 1));
        assert_eq!(Loaded::with_images(&[shows("menu.gif")], &[image]).diagnostics, vec![]);

        let wrong = File { path: "images/menu.png".into(), ..menu };
        let messages: Vec<String> =
            Loaded::from_files(&[shows("menu.png"), wrong]).diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(
            messages,
            [
                "images/menu.png:0: error: the name says something else than the image is: `gif`",
                "entries/fr/x/a.md:6: error: there is no image `menu.png`",
            ]
        );
    }

    #[test]
    fn orientations_and_synonyms_are_part_of_the_content() {
        let orientation = "+++\nid = \"paie\"\ntopic = \"Paie\"\nphrasings = [\"smic\"]\n+++\n\nAilleurs.\n";
        let loaded = Loaded::from_files(&[
            file("orientations/fr/paie.md", orientation),
            file("synonyms.fr.toml", "[[synonym]]\nsaid = [\"arrêter\"]\nmeans = [\"résilier\"]\n"),
        ]);
        assert_eq!(loaded.diagnostics, vec![]);
        let all = loaded.knowledge_base;
        let without_orientation = KnowledgeBase { orientations: Vec::new(), ..all.clone() };
        let without_synonyms = KnowledgeBase { synonyms: Synonyms::default(), ..all.clone() };
        assert_eq!((all.orientations.len(), all.synonyms.synonym[0].weight), (1, 1.0));
        assert_ne!(all.content_hash(), without_orientation.content_hash());
        assert_ne!(all.content_hash(), without_synonyms.content_hash());
    }

    #[test]
    fn drafts_change_neither_the_public_entries_nor_the_hash() {
        let one = Loaded::from_files(&[entry("a", "published")]).knowledge_base;
        let two = Loaded::from_files(&[entry("a", "published"), entry("b", "draft")]).knowledge_base;
        assert_eq!(one.content_hash(), two.content_hash());
        assert_eq!(two.public_entries().len(), 1);
        assert!(two.entry("b").is_some());
    }
}
