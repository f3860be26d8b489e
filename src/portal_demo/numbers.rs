//! Numbers that look as if they were given out over years, the same each time and never twice.

/// A prime below fifty million: multiplying by anything smaller never gives the same rest twice.
const PRIME: u64 = 49_999_991;

/// The serial number of the `n`th contract: eight digits.
pub(super) fn serial(n: u64) -> String {
    (40_000_000 + (n + 1) * 7_654_321 % PRIME).to_string()
}

/// The code of the `n`th customer: eight digits.
pub(super) fn customer_code(n: u64) -> String {
    format!("{:08}", 400_000 + (n + 1) * 68_111 % 599_999)
}

/// The number of the `n`th invoice, of a year.
pub(super) fn invoice(n: u64, year: i16) -> String {
    format!("FA{:02}{:05}", year % 100, 20_000 + (n + 1) * 6_113 % 79_999)
}

/// The key of the `n`th contract in a version.
pub(super) fn key(n: u64, salt: u64) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut state = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt;
    let mut key = String::new();
    for at in 0..16 {
        if at > 0 && at % 4 == 0 {
            key.push('-');
        }
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        key.push(char::from(ALPHABET[(state >> 59) as usize]));
    }
    key
}

/// The SIRET of the `n`th company: fourteen digits, of which the ninth and the last are check digits.
pub(super) fn siret(n: u64) -> String {
    let siren = with_check_digit(&(30_000_000 + (n + 1) * 3_141_593 % PRIME).to_string());
    with_check_digit(&format!("{siren}0001"))
}

/// `digits` and the one that makes the sum of Luhn a multiple of ten.
fn with_check_digit(digits: &str) -> String {
    let last = (0..10).map(|digit| format!("{digits}{digit}"));
    let mut right = last.filter(|number| crate::facts::siret::has_luhn_sum(number));
    right.next().expect("one of ten digits completes the sum")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_number_comes_twice_and_each_has_its_form() {
        let count = |make: fn(u64) -> String, length: usize| {
            let all: BTreeSet<String> = (0..1_000).map(make).collect();
            assert_eq!(all.len(), 1_000);
            assert!(all.iter().all(|number| number.len() == length));
        };
        count(serial, 8);
        count(customer_code, 8);
        count(|n| invoice(n, 2026), 9);
        count(|n| key(n, 1), 19);
        count(siret, 14);
    }
}
