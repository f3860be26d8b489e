//! Images that answers show: files of `images/`, named in Markdown as `![what it shows](name.png)`.
//!
//! What an image is follows from its bytes, never from its name. Its address holds the hash of its bytes, so that a browser
//! may keep it for ever and that a message always shows what it showed.

mod header;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::fold::slug;
use crate::knowledge_base::{KnowledgeBase, Origin};
use crate::reference::{self, Reference};

/// The folder of images, and the beginning of their addresses.
pub const FOLDER: &str = "images/";

/// The largest image, in bytes: an answer is read on a telephone too.
pub const MAX_BYTES: usize = 1_000_000;
/// The longest side, in pixels: a small file may say that it is an enormous picture.
const MAX_SIDE: u32 = 8_000;
/// How much of the hash of its bytes stands in an address, in hexadecimal digits.
const HASH_DIGITS: usize = 32;
/// How much of it stands in the name that is made for an image.
const NAME_DIGITS: usize = 8;

/// An image, as it is known without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Image {
    /// What answers call it.
    pub name: ImageName,
    /// Hash of its bytes.
    pub hash: String,
    /// What its bytes are.
    pub kind: ImageKind,
    /// In pixels, as it is shown.
    pub width: u32,
    /// In pixels, as it is shown.
    pub height: u32,
}

impl Image {
    /// The image in `bytes`, called `name`.
    ///
    /// # Errors
    /// When it cannot be shown to partners.
    pub fn read(name: ImageName, bytes: &[u8]) -> Result<Self, ImageError> {
        let image = Self::look(name, bytes)?;
        if image.name.kind() == image.kind { Ok(image) } else { Err(ImageError::OtherKind(image.kind)) }
    }

    /// The image in `bytes`, with a name made of what the file is called: another image never gets the same.
    ///
    /// # Errors
    /// When it cannot be shown to partners.
    pub fn named_after(file: &str, bytes: &[u8]) -> Result<Self, ImageError> {
        let image = Self::look(ImageName(String::new()), bytes)?;
        let stem = file.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = slug(stem.rsplit_once('.').map_or(stem, |(stem, _)| stem));
        // What was exported and comes again keeps its name.
        let stem = stem.strip_suffix(&image.hash[..NAME_DIGITS]).map_or(&*stem, |stem| stem.trim_end_matches('-'));
        let stem = if stem.is_empty() { "image" } else { stem };
        let room = stem.len().min(ImageName::MAX_STEM - NAME_DIGITS - 1);
        let name = format!("{}-{}.{}", &stem[..room], &image.hash[..NAME_DIGITS], image.kind.ending());
        Ok(Self { name: ImageName(name), ..image })
    }

    fn look(name: ImageName, bytes: &[u8]) -> Result<Self, ImageError> {
        if bytes.len() > MAX_BYTES {
            return Err(ImageError::TooLarge);
        }
        let (kind, width, height) = header::read(bytes).ok_or(ImageError::NoImage)?;
        let is_shown = |side: u32| (1..=MAX_SIDE).contains(&side);
        if !is_shown(width) || !is_shown(height) {
            return Err(ImageError::TooWide);
        }
        let hash = blake3::hash(bytes).to_hex()[..HASH_DIGITS].to_owned();
        Ok(Self { name, hash, kind, width, height })
    }

    /// Its address below that of the service.
    pub fn address(&self) -> String {
        format!("{FOLDER}{}.{}", self.hash, self.kind.ending())
    }
}

/// What an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageKind {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// GIF, still or moving.
    Gif,
}

impl ImageKind {
    const ALL: [Self; 4] = [Self::Png, Self::Jpeg, Self::Webp, Self::Gif];

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }

    /// How names of it end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Gif => "gif",
        }
    }

    /// What a name that ends so says that it is.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending {
            "jpeg" => Some(Self::Jpeg),
            _ => Self::ALL.into_iter().find(|kind| kind.ending() == ending),
        }
    }
}

/// What answers call an image: 1 to 80 of `a-z`, `0-9` and `-`, then `.png`, `.jpg`, `.jpeg`, `.webp` or `.gif`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageName(String);

impl ImageName {
    /// The longest name without its ending, in bytes.
    const MAX_STEM: usize = 80;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its file inside a knowledge base.
    pub fn path(&self) -> String {
        format!("{FOLDER}{}", self.0)
    }

    /// The image that the file at `path` holds.
    pub fn of_path(path: &str) -> Option<Self> {
        path.strip_prefix(FOLDER)?.parse().ok()
    }

    fn kind(&self) -> ImageKind {
        let ending = self.0.rsplit_once('.').map_or("", |(_, ending)| ending);
        ImageKind::of_ending(ending).expect("a name was read, or made of a kind")
    }
}

impl FromStr for ImageName {
    type Err = ImageError;

    fn from_str(text: &str) -> Result<Self, ImageError> {
        let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let is_name = text.rsplit_once('.').is_some_and(|(stem, ending)| {
            (1..=Self::MAX_STEM).contains(&stem.len())
                && stem.bytes().all(is_allowed)
                && ImageKind::of_ending(ending).is_some()
        });
        if is_name { Ok(Self(text.to_owned())) } else { Err(ImageError::Name) }
    }
}

impl TryFrom<String> for ImageName {
    type Error = ImageError;

    fn try_from(text: String) -> Result<Self, ImageError> {
        text.parse()
    }
}

impl From<ImageName> for String {
    fn from(name: ImageName) -> Self {
        name.0
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why an image cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Choose another name.
    #[error(
        "the name of an image is of small letters without accents, digits and `-`, and ends in .png, .jpg, .webp or .gif"
    )]
    Name,
    /// Choose another file, or save it in another format.
    #[error("this is no image: PNG, JPEG, WebP or GIF is expected")]
    NoImage,
    /// Rename it.
    #[error("the name says something else than the image is: `{}`", .0.ending())]
    OtherKind(ImageKind),
    /// Make it smaller.
    #[error("the image is larger than 1 MB: make it smaller")]
    TooLarge,
    /// Make it smaller.
    #[error("the image is wider or higher than 8,000 pixels: make it smaller")]
    TooWide,
}

/// The image called `name` among `images`, which are in the order of their names.
pub fn find<'a>(images: &'a [Image], name: &str) -> Option<&'a Image> {
    let found = images.binary_search_by(|image| image.name.as_str().cmp(name));
    found.ok().map(|at| &images[at])
}

/// Which images a Markdown text shows, with the line inside the text, from 0, and the alternative text.
pub fn shown(markdown: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    reference::find(markdown).into_iter().filter_map(|found| match found.reference {
        Reference::Image { name, alt } => Some((found.line, name, alt)),
        Reference::Contact(..) | Reference::Link(_) | Reference::Entry(_) | Reference::Unknown(_) => None,
    })
}

/// Where a knowledge base shows images: file, line, name, alternative text.
pub(crate) fn places<'a>(
    all: &'a KnowledgeBase,
    origins: &'a [Origin],
) -> impl Iterator<Item = (String, usize, &'a str, &'a str)> {
    let in_entries = all.entries.iter().zip(origins).flat_map(|(entry, origin)| {
        [(&entry.answer, origin.answer_line), (&entry.composed, origin.composed_line)].into_iter().flat_map(
            move |(text, first)| {
                shown(text).map(move |(line, name, alt)| (origin.file.clone(), first + line, name, alt))
            },
        )
    });
    let in_orientations = all.orientations.iter().flat_map(|orientation| {
        let file = format!("orientations/fr/{}.md", orientation.id);
        shown(&orientation.text).map(move |(_, name, alt)| (file.clone(), 0, name, alt))
    });
    in_entries.chain(in_orientations)
}

/// What is shown and is not there.
pub(crate) fn check(all: &KnowledgeBase, origins: &[Origin], found: &mut Vec<Diagnostic>) {
    for (file, line, name, _) in places(all, origins) {
        if all.image(name).is_none() {
            found.push(Diagnostic::error(&file, line, format!("there is no image `{name}`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest GIF, one pixel; what follows its head changes its hash.
    fn gif(rest: &str) -> Vec<u8> {
        [b"GIF89a\x01\x00\x01\x00".as_slice(), rest.as_bytes()].concat()
    }

    #[test]
    fn names_are_plain_and_end_as_an_image_does() {
        for name in ["a.png", "ecran-2.jpg", "x.jpeg", "0.webp", "z.gif"] {
            assert_eq!(name.parse::<ImageName>().expect(name).path(), format!("images/{name}"));
        }
        for name in ["", ".png", "É.png", "A.png", "a b.png", "a.svg", "a", "../a.png", "a.PNG", "a.b.png"] {
            assert_eq!(name.parse::<ImageName>(), Err(ImageError::Name), "{name}");
        }
    }

    #[test]
    fn a_name_is_made_of_the_file_and_of_what_is_in_it() {
        let named = |file: &str, rest| Image::named_after(file, &gif(rest)).expect("an image").name.to_string();
        let (first, second) = (named("C:\\bureau\\Écran d’accueil.JPG", "a"), named("Écran d’accueil.jpg", "b"));
        assert!(first.starts_with("ecran-d-accueil-") && first.ends_with(".gif"), "{first}");
        assert_ne!(first, second);
        assert_eq!(named(&first, "a"), first, "what comes again keeps its name");
        assert!(named("", "a").starts_with("image-"));
        let long = named(&"é".repeat(300), "a");
        assert!(long.parse::<ImageName>().is_ok(), "{long}");
    }

    #[test]
    fn what_is_no_image_is_refused() {
        let read = |name: &str, bytes: &[u8]| Image::read(name.parse().expect("a name"), bytes).map(|image| image.kind);
        assert_eq!(read("a.gif", &gif("")), Ok(ImageKind::Gif));
        assert_eq!(read("a.png", &gif("")), Err(ImageError::OtherKind(ImageKind::Gif)));
        assert_eq!(read("a.png", b"<svg/>"), Err(ImageError::NoImage));
        assert_eq!(read("a.gif", &vec![0; MAX_BYTES + 1]), Err(ImageError::TooLarge));
        assert_eq!(read("a.gif", b"GIF89a\xff\xff\x01\x00"), Err(ImageError::TooWide));
        assert_eq!(read("a.gif", b"GIF89a\x00\x00\x01\x00"), Err(ImageError::TooWide));
    }
}
