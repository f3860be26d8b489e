//! Exact decimal numbers as the portal writes them: `1.035`, `12.5`. Never a float.

/// `text` in units of 10^-`places`; `None` when it is no plain decimal number or has more digits after the point.
pub(super) fn parse(text: &str, places: u32) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_well_formed = !whole.is_empty() && are_digits(whole) && are_digits(fraction) && !text.ends_with('.');
    let missing = places.checked_sub(u32::try_from(fraction.len()).ok()?)?;
    if !is_well_formed {
        return None;
    }
    let fraction = if fraction.is_empty() { 0 } else { fraction.parse::<i64>().ok()? };
    let unit = 10_i64.checked_pow(places)?;
    whole.parse::<i64>().ok()?.checked_mul(unit)?.checked_add(fraction.checked_mul(10_i64.checked_pow(missing)?)?)
}

/// `units` of 10^-`places`, without needless zeros, with `point` between the whole and the rest.
pub(super) fn format(units: i64, places: u32, point: char) -> String {
    let unit = 10_i64.pow(places);
    let width = places as usize;
    let fraction = format!("{:0width$}", units % unit);
    match fraction.trim_end_matches('0') {
        "" => (units / unit).to_string(),
        digits => format!("{}{point}{digits}", units / unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_or_refused() {
        for (text, places, expected) in [
            ("1.035", 6, Some(1_035_000)),
            ("1", 6, Some(1_000_000)),
            ("0.000001", 6, Some(1)),
            ("1.0000001", 6, None),
            ("12.5", 4, Some(125_000)),
            ("1,5", 4, None),
            ("-1", 4, None),
            ("+1", 4, None),
            ("1.", 4, None),
            (".5", 4, None),
            ("", 4, None),
            ("1.2.3", 4, None),
            ("99999999999999999999", 4, None),
            ("9999999999999999", 6, None),
        ] {
            assert_eq!(parse(text, places), expected, "{text}");
        }
    }

    #[test]
    fn what_is_written_has_no_needless_zeros() {
        assert_eq!(format(1_035_000, 6, '.'), "1.035");
        assert_eq!(format(1_000_000, 6, ','), "1");
        assert_eq!(format(125_000, 4, ','), "12,5");
        assert_eq!(format(1, 6, '.'), "0.000001");
    }
}
