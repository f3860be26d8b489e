//! Passwords: which are taken, and what is kept of them (argon2id).
//!
//! Rules follow what is known to help: length, and nothing that is tried first. No rule asks for signs of several kinds:
//! those only make people write passwords down.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use guichet_kb::fold::fold;

use crate::model::EmailAddress;

/// Fewest characters.
const SHORTEST: usize = 12;
/// Most characters: hashing costs time.
const LONGEST: usize = 200;
/// Fewest different characters.
const FEWEST_DIFFERENT: usize = 5;

/// Words that are tried first, alone or with digits and signs around them.
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is too short, or longer than anybody types.
    Length,
    /// It is among the first that are tried.
    Common,
    /// It holds the name or the address of its owner.
    Personal,
}

/// Whether `password` is one that `name` with the address `email` may have.
pub(crate) fn check(password: &str, name: &str, email: &EmailAddress) -> Result<(), Refused> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Refused::Length);
    }
    let folded = fold(password).to_lowercase();
    let different: std::collections::BTreeSet<char> = folded.chars().collect();
    if different.len() < FEWEST_DIFFERENT || is_sequence(&folded) || is_common(&folded) {
        return Err(Refused::Common);
    }
    let local = email.as_str().split('@').next().unwrap_or_default();
    let name = fold(name).to_lowercase();
    let local = fold(local).to_lowercase();
    let own = name.split_whitespace().chain(local.split(['.', '-', '_', '+'])).filter(|word| word.len() >= 4);
    let rest = own.fold(folded.clone(), |rest, word| rest.replace(word, ""));
    // The name may stand in a long sentence; a password that is little else is guessed.
    if rest.chars().count() + 4 < folded.chars().count() && rest.chars().count() < SHORTEST - 2 {
        return Err(Refused::Personal);
    }
    Ok(())
}

/// Common words with nothing else but digits and signs: what attackers try after the bare words.
fn is_common(folded: &str) -> bool {
    let read = folded.replace('0', "o").replace(['1', '!'], "i").replace(['3', '€'], "e").replace('@', "a");
    let read = read.replace(['$', '5'], "s");
    [folded, &read].iter().any(|text| {
        let mut rest: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        let mut words: Vec<&str> = COMMON.lines().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let before = rest.len();
        for word in words {
            rest = rest.replace(word, "");
        }
        rest.len() < 4 && (rest.len() < before || before < 4)
    })
}

/// Whether most characters follow the one before them, as in 123456789012 or abcdefabcdef.
fn is_sequence(text: &str) -> bool {
    let characters: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = characters.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) <= 1).count();
    steps * 4 >= characters.len() * 3
}

/// What is kept of a password.
pub(super) fn hash(password: &str) -> String {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).expect("the system gives random bytes");
    let hashed: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("the parameters are those of the library and the salt is long enough");
    hashed.to_string()
}

/// Whether `password` is the one of `hash`.
pub(super) fn is_of(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_uncommon_passwords_are_taken() {
        let email: EmailAddress = "ines.moreau@editeur.example".parse().expect("an address");
        let checked = |password: &str, expected: Result<(), Refused>| {
            assert_eq!(check(password, "Inès Moreau", &email), expected, "{password}");
        };
        checked("trois canards verts", Ok(()));
        checked("h7Kq!zX2mP0w", Ok(()));
        checked("un été chez Inès à la mer", Ok(()));
        checked("canards", Err(Refused::Length));
        checked(&"canard vert ".repeat(20), Err(Refused::Length));
        for common in [
            "aaaaaaaaaaaa",
            "123456789012",
            "motdepasse123",
            "MotDePasse2026!",
            "P@ssw0rd2026!",
            "azertyuiop123",
            "Soleil123456",
            "20262026202620",
            "abcdefghijkl",
            "guichetsupport1",
        ] {
            checked(common, Err(Refused::Common));
        }
        for personal in ["InesMoreau2026", "moreau-ines-1!"] {
            checked(personal, Err(Refused::Personal));
        }
    }

    #[test]
    fn a_hash_is_argon2id_with_a_salt_of_its_own() {
        let (one, other) = (hash("trois canards"), hash("trois canards"));
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert!(is_of("trois canards", &one) && is_of("trois canards", &other));
        assert!(!is_of("trois canard", &one) && !is_of("trois canards", "nothing"));
    }
}
