//! Images of answers, as the store keeps them.

use guichet_kb::{Image, ImageKind, ImageName};

/// An image, and what its file said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownImage {
    pub(crate) image: Image,
    /// Hash of the file when it was read last; none of an image that was brought in the console.
    pub(crate) base: Option<String>,
}

/// What becomes of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImageChange {
    pub(crate) name: ImageName,
    /// What it shows from now on, by hash; none: the name goes.
    pub(crate) hash: Option<String>,
    /// What the file says, by hash.
    pub(crate) base: Option<String>,
    /// Bytes that the store may not have yet.
    pub(crate) picture: Option<Picture>,
    pub(crate) at: i64,
}

/// The bytes of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) hash: String,
    pub(crate) kind: ImageKind,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) content: Vec<u8>,
}

impl Picture {
    /// The bytes of `image`.
    pub(crate) fn of(image: &Image, content: &[u8]) -> Self {
        let Image { hash, kind, width, height, .. } = image.clone();
        Self { hash, kind, width, height, content: content.to_vec() }
    }
}
