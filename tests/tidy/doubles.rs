//! What the graph of crates holds twice.

/// Crates that the graph holds in several incompatible versions: name, versions, why it cannot be helped today.
pub(crate) const TOLERATED_DOUBLES: [(&str, &str, &str); 24] = [
    ("base64", "0.22 0.23", "sqlx is still on 0.22"),
    ("block-buffer", "0.10 0.12", "sqlx hashes its migrations with sha2 0.10"),
    ("constant_time_eq", "0.4 0.6", "the zip reader of calamine"),
    ("cpufeatures", "0.2 0.3", "sqlx hashes its migrations with sha2 0.10"),
    ("crypto-common", "0.1 0.2", "sqlx hashes its migrations with sha2 0.10"),
    ("digest", "0.10 0.11", "sqlx hashes its migrations with sha2 0.10"),
    ("foldhash", "0.1 0.2", "whatlang is on hashbrown 0.15"),
    ("getrandom", "0.2 0.3 0.4", "ring is on 0.2; tantivy's columns draw with rand 0.9"),
    ("hashbrown", "0.15 0.16 0.17", "whatlang is on 0.15, sqlx on 0.16"),
    ("nom", "7 8", "tantivy reads queries with 7, lettre addresses with 8"),
    ("rand", "0.10 0.8 0.9", "tantivy's columns draw with rand 0.9, serenity's websocket with 0.8"),
    ("rand_chacha", "0.3 0.9", "the same two"),
    ("rand_core", "0.10 0.6 0.9", "the same two"),
    ("reqwest", "0.12 0.13", "serenity is still on 0.12"),
    ("rustls", "0.22 0.23", "serenity's websocket is still on 0.22"),
    ("rustls-webpki", "0.102 0.103", "serenity's websocket, by rustls 0.22"),
    ("sha1", "0.10 0.11", "serenity's websocket is still on 0.10"),
    ("sha2", "0.10 0.11", "sqlx hashes its migrations with sha2 0.10"),
    ("sketches-ddsketch", "0.3 0.4", "the recorder of metrics is still on 0.3, tantivy on 0.4"),
    ("syn", "2 3", "derives of rust-embed are still on syn 2; build time only"),
    ("thiserror", "1 2", "serenity's websocket is still on 1"),
    ("thiserror-impl", "1 2", "serenity's websocket is still on 1"),
    ("tokio-rustls", "0.25 0.26", "serenity's websocket, by rustls 0.22"),
    ("webpki-roots", "0.26 1", "serenity's websocket is still on 0.26"),
];
