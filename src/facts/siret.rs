//! SIREN and SIRET numbers and their check digits.

/// The SIRET or the SIREN that `text` is, without its spaces; `None` when the length or a check digit is wrong.
pub(crate) fn parse(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-')).collect();
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_right = match digits.len() {
        9 => has_luhn_sum(&digits),
        14 => has_luhn_sum(&digits[..9]) && (has_luhn_sum(&digits) || is_la_poste(&digits)),
        _ => false,
    };
    (is_number && is_right).then_some(digits)
}

/// Whether the sum of Luhn of `digits` is a multiple of ten.
pub(crate) fn has_luhn_sum(digits: &str) -> bool {
    let doubled = |(at, byte): (usize, u8)| {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        match (at % 2 == 1, digit * 2) {
            (true, twice @ 10..) => twice - 9,
            (true, twice) => twice,
            (false, _) => digit,
        }
    };
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.bytes().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

/// La Poste has more sites than its check digit allows for: there the plain sum of the digits is a multiple of five.
fn is_la_poste(siret: &str) -> bool {
    siret.starts_with("356000000") && siret.bytes().map(|byte| u32::from(byte - b'0')).sum::<u32>().is_multiple_of(5)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_numbers_with_right_check_digits_are_sirets() {
        for (text, expected) in [
            ("732 829 320", Some("732829320")),
            ("732829320 00074", Some("73282932000074")),
            ("73282932000075", None),
            ("732829321", None),
            ("35600000049837", Some("35600000049837")),
            ("7328293200007", None),
            ("7328293A0", None),
            ("", None),
            ("é32829320", None),
        ] {
            assert_eq!(parse(text).as_deref(), expected, "{text}");
        }
    }
}
