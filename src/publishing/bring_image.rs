//! Images that curators bring in the console. Nothing shows them before a document that does is in force.

use guichet_kb::{Image, ImageError};

use crate::model::{Audit, ImageChange, Picture};
use crate::store::{Store, StoreError};

/// What is done, by its name in the log.
const BROUGHT: &str = "image.brought";

/// Why an image is not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BringError {
    /// Choose another one.
    #[error("it cannot be shown to partners")]
    Image(#[from] ImageError),
    /// Nothing was kept.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// Keeps the image in `content`, under a name made of that of its `file`; the same again is the same image.
///
/// # Errors
/// [`BringError`].
pub(crate) async fn bring_image(
    store: &Store,
    file: &str,
    content: &[u8],
    who: &str,
    at: i64,
) -> Result<Image, BringError> {
    let image = Image::named_after(file, content)?;
    let change = ImageChange {
        name: image.name.clone(),
        hash: Some(image.hash.clone()),
        base: None,
        picture: Some(Picture::of(&image, content)),
        at,
    };
    let object = image.name.to_string();
    let told = Audit { at, who: who.to_owned(), what: BROUGHT.to_owned(), object, ..Audit::default() };
    store.keep_image(&change, &told).await?;
    Ok(image)
}
