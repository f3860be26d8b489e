//! What of a text in Discord's Markdown, as this connector writes it, must not be parted.

/// A piece that stays whole, and what is open behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Atom {
    pub(super) text: String,
    pub(super) open: Open,
    /// It is a mark behind which more is open than before.
    pub(super) opens: bool,
    /// It is a mark that ends something.
    pub(super) closes: bool,
}

/// Which looks go on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Open {
    strong: bool,
    em: bool,
}

impl Open {
    /// What begins and ends these looks.
    pub(super) fn mark(self) -> &'static str {
        match (self.strong, self.em) {
            (false, false) => "",
            (false, true) => "*",
            (true, false) => "**",
            (true, true) => "***",
        }
    }
}

/// The atoms of `text`: characters with their escapes, runs of stars, links, code. Code and links longer than `max` are
/// made several.
pub(super) fn scan(text: &str, max: usize) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    let mut rest = text;
    let mut open = Open::default();
    while let Some(first) = rest.chars().next() {
        let before = open;
        let mut parts = Vec::new();
        let taken = match first {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '*' => {
                let stars = rest.bytes().take_while(|byte| *byte == b'*').count();
                // One is emphasis, two are strong, three both; there are no more.
                open.strong ^= stars >= 2;
                open.em ^= stars % 2 == 1;
                stars
            }
            '`' => code(rest).map_or(1, |end| {
                parts = parted_code(&rest[..end], max);
                end
            }),
            '[' => link(rest).map_or(1, |end| {
                parts = parted_link(&rest[..end], max);
                end
            }),
            '<' => rest.find('>').map(|at| at + 1).filter(|end| super::length(&rest[..*end]) <= max).unwrap_or(1),
            other => other.len_utf8(),
        };
        if parts.is_empty() {
            parts.push(rest[..taken].to_owned());
        }
        let is_mark = before != open;
        let more = |now: bool, was: bool| now && !was;
        let opens = is_mark && (more(open.strong, before.strong) || more(open.em, before.em));
        let closes = is_mark && (more(before.strong, open.strong) || more(before.em, open.em));
        atoms.extend(parts.into_iter().map(|text| Atom { text, open, opens, closes }));
        rest = &rest[taken..];
    }
    atoms
}

/// Where the code ends that `text` begins with.
fn code(text: &str) -> Option<usize> {
    let ticks = text.bytes().take_while(|byte| *byte == b'`').count();
    let mut at = ticks;
    while let Some(found) = text[at..].find('`') {
        let run = text[at + found..].bytes().take_while(|byte| *byte == b'`').count();
        at += found + run;
        if run == ticks {
            return Some(at);
        }
    }
    None
}

/// The same code in pieces of at most `max`.
fn parted_code(whole: &str, max: usize) -> Vec<String> {
    if super::length(whole) <= max {
        return vec![whole.to_owned()];
    }
    let ticks = whole.bytes().take_while(|byte| *byte == b'`').count();
    let (mark, inside) = (&whole[..ticks], &whole[ticks..whole.len() - ticks]);
    // More than one stand around backticks, which they must not touch.
    let space = if ticks > 1 { " " } else { "" };
    let room = max.saturating_sub(2 * (ticks + space.len())).max(1);
    let mut parts = vec![String::new()];
    let inside = if ticks > 1 { inside.trim() } else { inside };
    for c in inside.chars() {
        if parts.last().is_some_and(|part| super::length(part) + c.len_utf16() > room) {
            parts.push(String::new());
        }
        parts.last_mut().expect("there is one").push(c);
    }
    // Two that stand on one page must not meet.
    let apart = |part: String| [format!("{mark}{space}{part}{space}{mark}"), "\u{2060}".to_owned()];
    parts.into_iter().flat_map(apart).collect()
}

/// Where the link ends that `text` begins with: words in brackets, the address in angle brackets.
fn link(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ']' => {
                let address = text[at..].strip_prefix("](<")?;
                return address.find(">)").map(|end| at + 3 + end + 2);
            }
            _ => {}
        }
    }
    None
}

/// The same link in pieces of at most `max`, which all lead to its address.
fn parted_link(whole: &str, max: usize) -> Vec<String> {
    let Some((words, address)) = whole[1..].rsplit_once("](<") else { return vec![whole.to_owned()] };
    if super::length(whole) <= max {
        return vec![whole.to_owned()];
    }
    // An address without room for words is an address too long for a message: nobody could follow it.
    let room = max.saturating_sub(super::length(address) + 4).max(2);
    let mut parts = vec![String::new()];
    for atom in scan(words, usize::MAX) {
        if parts.last().is_some_and(|part| super::length(part) + super::length(&atom.text) > room) {
            parts.push(String::new());
        }
        parts.last_mut().expect("there is one").push_str(&atom.text);
    }
    parts.into_iter().map(|part| format!("[{part}](<{address}")).collect()
}

#[cfg(test)]
impl Atom {
    /// What a reader sees of it.
    pub(super) fn seen(&self) -> String {
        let text = &*self.text;
        if text.bytes().all(|byte| byte == b'*') {
            return String::new();
        }
        match text.chars().next() {
            Some('\\') => text[1..].to_owned(),
            Some('`') => text.trim_matches('`').to_owned(),
            Some('[') => {
                let words = text[1..].rsplit_once("](<").map_or("", |(words, _)| words);
                scan(words, usize::MAX).iter().map(Self::seen).collect()
            }
            _ => text.to_owned(),
        }
    }
}
