//! Images of answers. An address holds the hash of what it leads to, so that browsers keep it; pages of others show them.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use guichet_kb::ImageKind;

use super::extract::Path;
use super::problem::{Code, Problem};
use crate::app::App;

/// A year, which is as long as caches believe in.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The image `<hash>.<ending>`.
pub(super) async fn find_image(
    State(app): State<App>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let not_found = || Problem::new(Code::ImageNotFound);
    let (hash, ending) = file.split_once('.').ok_or_else(not_found)?;
    let asked = ImageKind::of_ending(ending).filter(|_| hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let asked = asked.ok_or_else(not_found)?;
    let tag = format!("\"{hash}\"");
    let described = [
        (header::CACHE_CONTROL, FOR_EVER.to_owned()),
        (header::ETAG, tag.clone()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin".to_owned()),
    ];
    let picture = app.store.find_picture(hash).await?.filter(|picture| picture.kind == asked).ok_or_else(not_found)?;
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, described).into_response());
    }
    Ok((described, [(header::CONTENT_TYPE, picture.kind.media_type())], picture.content).into_response())
}
