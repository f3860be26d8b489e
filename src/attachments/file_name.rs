//! A name that does no harm wherever the file is saved.

use super::MediaType;

/// Longest name, in characters.
const LONGEST: usize = 120;
/// The name of a file that has none.
const NAMELESS: &str = "fichier";

/// `name` without its path, without what systems and shells understand, and with an ending of its kind.
pub(super) fn safe(name: &str, media_type: MediaType) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !is_invisible(*c)).map(harmless).collect();
    let words = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.trim_matches(['.', ' ', '-']);
    let endings = media_type.endings();
    let (stem, ending) = match words.rsplit_once('.') {
        Some((stem, ending)) if endings.contains(&ending.to_lowercase().as_str()) => (stem, ending.to_lowercase()),
        _ => (words, endings[0].to_owned()),
    };
    let stem: String = stem.trim_end_matches(['.', ' ']).chars().take(LONGEST - ending.len() - 1).collect();
    let stem = if stem.is_empty() { NAMELESS } else { &stem };
    format!("{stem}.{ending}")
}

fn harmless(c: char) -> char {
    let is_special = matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\'' | '`' | '$' | '%' | ';' | '&');
    if is_special { '_' } else { c }
}

/// Control characters, and marks that turn the direction of writing: `exe.txt` may be shown for `txt.exe`.
fn is_invisible(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_name_and_its_ending_tells_the_truth() {
        for (name, expected) in [
            ("capture d’écran.png", "capture d’écran.png"),
            ("PHOTO.PNG", "PHOTO.png"),
            ("../../etc/passwd", "passwd.png"),
            ("C:\\Users\\lea\\a.png", "a.png"),
            ("facture.exe", "facture.exe.png"),
            ("gnp.\u{202e}exe", "gnp.exe.png"),
            ("a\r\nX-Evil: 1.png", "a X-Evil_ 1.png"),
            ("<b>\"$(x)\".png", "_b___(x)_.png"),
            ("...", "fichier.png"),
            (".png", "png.png"),
            ("", "fichier.png"),
        ] {
            assert_eq!(safe(name, "image/png".parse().expect("known")), expected, "{name:?}");
        }
        let long = safe(&"é".repeat(500), "image/png".parse().expect("known"));
        assert_eq!((long.chars().count(), long.ends_with(".png")), (120, true));
        assert_eq!(safe("trace.log", "text/plain".parse().expect("known")), "trace.log");
    }
}
