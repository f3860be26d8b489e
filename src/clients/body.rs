//! What others answer, read as far as is reasonable: nobody fills our memory.

use reqwest::Response;

/// Why there is no whole body.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    /// The connection broke, or was too slow.
    #[error("the connection broke")]
    Broken(#[source] reqwest::Error),
    /// More than was asked for.
    #[error("the answer is too long")]
    TooLong,
}

/// The whole body of `response`, of at most `most` bytes.
pub(super) async fn read(response: &mut Response, most: usize) -> Result<Vec<u8>, BodyError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Broken)? {
        if body.len() + chunk.len() > most {
            return Err(BodyError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
