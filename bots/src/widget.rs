//! The web chat's files: plain HTML, CSS and JavaScript, carried by the binary.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "widget/"]
struct Files;

/// A file of the widget.
pub struct WidgetFile {
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type.
    pub media_type: &'static str,
}

/// The file called `name` (`index.html`, `widget.js`, `widget.css`).
pub fn file(name: &str) -> Option<WidgetFile> {
    let media_type = match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    Some(WidgetFile { bytes: Files::get(name)?.data, media_type })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_names_files_that_exist() {
        let page = super::file("index.html").expect("the page is there");
        let page = std::str::from_utf8(&page.bytes).expect("the page is UTF-8");
        let mut named = page.split('"').filter_map(|part| part.strip_prefix('/')).peekable();
        assert!(named.peek().is_some());
        for name in named {
            assert!(super::file(name).is_some(), "{name}");
        }
        assert!(super::file("../Cargo.toml").is_none());
    }
}
