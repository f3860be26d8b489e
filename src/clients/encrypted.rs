//! Which addresses may be told secrets, or be asked for keys.

/// Whether what is sent to `url` is encrypted, or stays on this machine.
pub(super) fn is_encrypted_or_local(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return url.starts_with("https://") };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    // « localhost:80@portal.example » is not this machine.
    !authority.contains('@') && matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::is_encrypted_or_local;

    #[test]
    fn secrets_travel_encrypted_or_not_at_all() {
        for (url, expected) in [
            ("https://portal.example/v1", true),
            ("http://127.0.0.1:8090/v1", true),
            ("http://[::1]:8090", true),
            ("http://localhost", true),
            ("http://portal.example/v1", false),
            ("http://127.0.0.1.portal.example", false),
            ("http://localhost@portal.example", false),
            ("http://localhost:80@portal.example", false),
            ("ftp://portal.example", false),
        ] {
            assert_eq!(is_encrypted_or_local(url), expected, "{url}");
        }
    }
}
