//! What a button or a menu carries. It names a kept reply and a place in its options, so that it works after a restart
//! and nobody can make one up.

use std::fmt;
use std::str::FromStr;

/// What was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pressed {
    /// An option of the reply, by its place.
    Choose(String, usize),
    /// The menu with the options; which one comes beside.
    Menu(String),
    /// The reply was useful, or was not.
    Rate(String, bool),
    /// The form towards a person; it follows the reply, when there is one.
    Write(Option<String>),
}

/// The text is of no button of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no button of ours")]
pub(super) struct NotOurs;

impl fmt::Display for Pressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Choose(post, place) => write!(f, "choose:{post}:{place}"),
            Self::Menu(post) => write!(f, "menu:{post}"),
            Self::Rate(post, is_useful) => write!(f, "rate:{post}:{}", u8::from(*is_useful)),
            Self::Write(post) => write!(f, "write:{}", post.as_deref().unwrap_or_default()),
        }
    }
}

impl FromStr for Pressed {
    type Err = NotOurs;

    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts.as_slice() {
            ["choose", post, place] => Ok(Self::Choose((*post).to_owned(), place.parse().map_err(|_| NotOurs)?)),
            ["menu", post] => Ok(Self::Menu((*post).to_owned())),
            ["rate", post, "1"] => Ok(Self::Rate((*post).to_owned(), true)),
            ["rate", post, "0"] => Ok(Self::Rate((*post).to_owned(), false)),
            ["write", ""] => Ok(Self::Write(None)),
            ["write", post] => Ok(Self::Write(Some((*post).to_owned()))),
            _ => Err(NotOurs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_button_carries_is_read_back() {
        let post = || "0123456789abcdef".to_owned();
        for pressed in [
            Pressed::Choose(post(), 4),
            Pressed::Menu(post()),
            Pressed::Rate(post(), true),
            Pressed::Rate(post(), false),
            Pressed::Write(Some(post())),
            Pressed::Write(None),
        ] {
            let text = pressed.to_string();
            assert!(text.len() <= 100, "Discord's limit");
            assert_eq!(text.parse(), Ok(pressed));
        }
        for text in ["", "choose:a", "choose:a:b", "rate:a:2", "drop:a"] {
            assert_eq!(text.parse::<Pressed>(), Err(NotOurs), "{text}");
        }
    }
}
