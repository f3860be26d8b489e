//! Secrets of conversations, sessions and links: 32 random bytes. Only the hash is kept, so that a copy of the database opens nothing.

/// A new secret, in hexadecimal.
pub(crate) fn new() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    blake3::Hash::from_bytes(bytes).to_hex().to_string()
}

/// What is kept of `token`. It has 256 bits of chance, so that a fast hash without salt is enough.
pub(crate) fn hash(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}

/// Whether `token` is the one of `hash`, in constant time.
pub(crate) fn is_of(token: &str, hash: &str) -> bool {
    blake3::Hash::from_hex(hash).is_ok_and(|hash| blake3::hash(token.as_bytes()) == hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_token_opens() {
        let token = new();
        assert_eq!(token.len(), 64);
        assert_ne!(token, new());
        assert!(is_of(&token, &hash(&token)));
        assert!(!is_of("", &hash(&token)));
        assert!(!is_of(&token, "not a hash"));
    }
}
