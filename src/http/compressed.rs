//! Our own files, compressed once: they are few and do not change while the service runs.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use flate2::Compression;
use flate2::write::GzEncoder;

/// What was compressed, by the hash of the plain bytes; none when it would not be smaller.
static PACKED: LazyLock<Mutex<HashMap<blake3::Hash, Option<Bytes>>>> = LazyLock::new(Mutex::default);

/// Whether the other side takes gzip.
pub(super) fn is_accepted(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = weight.split_once("q=").is_some_and(|(_, weight)| weight.trim().parse() == Ok(0.0));
        matches!(name.trim(), "gzip" | "*") && !is_refused
    })
}

/// `bytes`, whose hash is `hash`, as small as gzip makes them; none when that is no smaller.
pub(super) fn gzip(hash: blake3::Hash, bytes: &[u8]) -> Option<Bytes> {
    let mut packed = PACKED.lock().unwrap_or_else(PoisonError::into_inner);
    packed.entry(hash).or_insert_with(|| pack(bytes)).clone()
}

fn pack(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then(|| packed.into())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::http::HeaderValue;
    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn gzip_is_sent_to_who_takes_it() {
        for (accepted, expected) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("*", true),
            ("identity", false),
            ("gzip;q=0", false),
            ("gzip; q=0.0, br", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
            assert_eq!(is_accepted(&headers), expected, "{accepted}");
        }
        assert!(!is_accepted(&HeaderMap::new()));
    }

    #[test]
    fn what_is_compressed_is_read_again() {
        let text = "Bonjour. ".repeat(100);
        let packed = gzip(blake3::hash(text.as_bytes()), text.as_bytes()).expect("it is smaller");
        assert!(packed.len() < 100);
        let mut read = String::new();
        GzDecoder::new(&*packed).read_to_string(&mut read).expect("it is gzip");
        assert_eq!(read, text);
        assert_eq!(gzip(blake3::hash(b"a"), b"a"), None, "it would be larger");
    }
}
