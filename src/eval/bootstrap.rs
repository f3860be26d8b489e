//! How far a mean may be trusted: the percentile bootstrap, as the scripts of the evaluation compute it. Their random
//! numbers are others, so the last digits differ.

/// How often the questions are drawn anew.
const RESAMPLES: usize = 2_000;
/// The same everywhere, so that two runs print the same.
const SEED: u64 = 20_261_124;

/// Between which values the mean of `values` lies with 95 % likelihood. `values` is not empty.
pub(super) fn interval(values: &[f64]) -> (f64, f64) {
    let mut state = SEED;
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 questions")]
    let count = values.len() as f64;
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| values.iter().map(|_| values[below(values.len(), &mut state)]).sum::<f64>() / count)
        .collect();
    means.sort_by(f64::total_cmp);
    (means[RESAMPLES / 40], means[RESAMPLES - RESAMPLES / 40 - 1])
}

/// A number below `bound` from SplitMix64. Fewer questions than 2^32 make the bias of the product irrelevant.
fn below(bound: usize, state: &mut u64) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let random = (mixed ^ (mixed >> 31)) >> 32;
    usize::try_from((random * bound as u64) >> 32).expect("it is below the bound")
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn the_interval_holds_the_mean_and_has_the_known_width() {
        let values: Vec<f64> = (0..400).map(|number| f64::from(u8::from(number % 5 != 0))).collect();
        let (low, high) = interval(&values);
        // 0.8 of 400: 1.96 standard deviations are 0.039.
        assert!((0.75..0.77).contains(&low) && (0.83..0.85).contains(&high), "{low} {high}");
        assert_eq!(interval(&[1.0]), (1.0, 1.0));
    }
}
