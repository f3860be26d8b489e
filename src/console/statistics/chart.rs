//! Columns as SVG: drawn here, read by everybody. Colours are classes of the style sheet; a title, a description and a
//! table beside it say the same in words.

use std::fmt::Write;

use super::super::knowledge::drawn::escaped;
use crate::text::statistics::CHART_PARTS;

const WIDTH: i64 = 720;
const HEIGHT: i64 = 220;
const LEFT: i64 = 44;
const TOP: i64 = 10;
const BOTTOM: i64 = 26;
/// Labels below the columns, at most.
const LABELS: usize = 12;

/// One column: what it is of, and its parts from the ground up.
pub(super) struct Column {
    pub(super) label: String,
    pub(super) parts: [i64; 3],
}

/// Columns of parts that lie on each other.
pub(super) fn stacked(id: &str, title: &str, description: &str, columns: &[Column]) -> String {
    let most = columns.iter().map(|column| column.parts.iter().sum()).max().unwrap_or(0);
    let top = ceiling(most);
    let (room, ground) = (HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM);
    let mut out = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-titre {id}-desc\">\
         <title id=\"{id}-titre\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        escaped(title),
        escaped(description)
    );
    let mut push = |piece: String| out.write_str(&piece).expect("a string can be written to");
    for step in [0, top / 2, top] {
        let y = ground - room * step / top;
        push(format!("<line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/>"));
        push(format!("<text class=\"scale\" x=\"{}\" y=\"{}\">{step}</text>", LEFT - 6, y + 4));
    }
    // In tenths of a unit: columns of a long period are narrow.
    let count = i64::try_from(columns.len()).unwrap_or(i64::MAX).max(1);
    let slot = (WIDTH - LEFT) * 10 / count;
    let each = columns.len().div_ceil(LABELS).max(1);
    for (place, column) in columns.iter().enumerate() {
        let x = LEFT * 10 + slot * i64::try_from(place).unwrap_or_default();
        let mut sum = 0;
        push("<g>".to_owned());
        push(format!("<title>{}</title>", escaped(&tooltip(column))));
        for (part, number) in column.parts.iter().enumerate() {
            let (low, high) = (room * sum / top, room * (sum + number) / top);
            sum += number;
            if high > low {
                push(format!(
                    "<rect class=\"part{part}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                    tenths(x + slot / 8),
                    ground - high,
                    tenths(slot * 3 / 4),
                    high - low
                ));
            }
        }
        push("</g>".to_owned());
        if place % each == 0 {
            let middle = tenths(x + slot / 2);
            push(format!(
                "<text class=\"label\" x=\"{middle}\" y=\"{}\">{}</text>",
                HEIGHT - 8,
                escaped(&column.label)
            ));
        }
    }
    push("</svg>".to_owned());
    out
}

fn tooltip(column: &Column) -> String {
    let parts: Vec<String> =
        CHART_PARTS.iter().zip(column.parts).map(|(name, number)| format!("{name}\u{a0}: {number}")).collect();
    format!("{} – {}", column.label, parts.join(", "))
}

/// The end of the scale: a round even number that is not less.
fn ceiling(most: i64) -> i64 {
    let mut step = 1;
    loop {
        for round in [2, 4, 6, 10] {
            if round * step >= most {
                return round * step;
            }
        }
        step *= 10;
    }
}

fn tenths(number: i64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number() {
        for (most, expected) in [(0, 2), (2, 2), (3, 4), (5, 6), (7, 10), (11, 20), (61, 100), (999, 1_000)] {
            assert_eq!(ceiling(most), expected, "{most}");
        }
    }

    #[test]
    fn columns_are_as_high_as_their_numbers_and_nothing_in_them_is_markup() {
        let columns =
            [Column { label: "<lundi>".into(), parts: [2, 0, 2] }, Column { label: "mardi".into(), parts: [0, 0, 0] }];
        let svg = stacked("x", "Questions & réponses", "Rien.", &columns);
        let heights: Vec<&str> = svg.split("<rect").skip(1).filter_map(|rect| rect.split("height=\"").nth(1)).collect();
        assert_eq!(heights.len(), 2);
        assert!(heights.iter().all(|height| height.starts_with("92\"")), "{heights:?}");
        assert!(svg.contains("&lt;lundi&gt;") && svg.contains("Questions &amp; réponses"));
    }
}
