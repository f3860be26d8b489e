//! The web chat's files: plain HTML, CSS and JavaScript, carried by the binary.
//!
//! Nothing is built: a browser can load `bots/widget` as it is. What is served leaves out the lines that are comments,
//! and the modules of the chat come as one file, so that opening the chat is three requests on any network.

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "widget/"]
struct Files;

/// The modules of the chat, each after those it uses.
const MODULES: [&str; 9] = [
    "dom.js",
    "texts.js",
    "service.js",
    "memory.js",
    "message.js",
    "field.js",
    "frame.js",
    "conversation.js",
    "chat.js",
];

static CHAT: LazyLock<String> = LazyLock::new(|| {
    let mut chat = String::new();
    for name in MODULES {
        for line in lean(&source(name).expect("a module is a file of the folder")).lines() {
            if line.starts_with("import {") {
                continue;
            }
            let is_entrance = line.contains(" function mount(");
            chat.push_str(line.strip_prefix("export ").filter(|_| !is_entrance).unwrap_or(line));
            chat.push('\n');
        }
    }
    chat
});

/// A file of the widget.
pub struct WidgetFile {
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type.
    pub media_type: &'static str,
}

/// The file called `name` (`index.html`, `guichet.js`, `chat.css`).
pub fn file(name: &str) -> Option<WidgetFile> {
    let (media_type, is_code) = match name.rsplit_once('.')?.1 {
        "html" => ("text/html; charset=utf-8", false),
        "js" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "svg" => ("image/svg+xml", false),
        _ => return None,
    };
    let bytes = match name {
        "chat.js" => Cow::Borrowed(CHAT.as_bytes()),
        _ if name.ends_with(".css") => Cow::Owned(on_one_line(lean(&source(name)?)).into_bytes()),
        _ if is_code => Cow::Owned(lean(&source(name)?).into_bytes()),
        _ => Files::get(name)?.data,
    };
    Some(WidgetFile { bytes, media_type })
}

fn source(name: &str) -> Option<String> {
    String::from_utf8(Files::get(name)?.data.into_owned()).ok()
}

/// `code` without indentation, empty lines, and comments that begin a line.
fn lean(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut is_comment = false;
    for line in code.lines() {
        let mut line = line.trim();
        is_comment |= line.starts_with("/*");
        if is_comment {
            let Some((_, after)) = line.split_once("*/") else { continue };
            is_comment = false;
            line = after.trim();
        }
        if !line.is_empty() && !line.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// A style sheet without the spaces that mean nothing. One before a colon or a parenthesis means something.
fn on_one_line(sheet: String) -> String {
    let spaces =
        [("\n", ""), (" {", "{"), ("{ ", "{"), ("; ", ";"), (": ", ":"), (", ", ","), (" }", "}"), (";}", "}")];
    spaces.iter().fold(sheet, |sheet, (from, to)| sheet.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_name_files_that_exist() {
        for page in Files::iter().filter(|name| name.ends_with(".html")) {
            let text = source(&page).expect("a page is UTF-8");
            for part in text.split('"').filter_map(|part| part.strip_prefix('/')).filter(|part| part.contains('.')) {
                assert!(file(part).is_some(), "{page} names {part}");
            }
        }
        assert!(file("index.html").is_some());
        assert!(file("../Cargo.toml").is_none());
    }

    #[test]
    fn comments_that_begin_a_line_are_left_out() {
        let code = "/** Doc.\n * More. */\n  a(); // kept\n// gone\n\n/** @type {b} */ (c);\n/* x */\nd\n";
        assert_eq!(lean(code), "a(); // kept\n(c);\nd\n");
    }

    #[test]
    fn a_sheet_keeps_the_spaces_that_mean_something() {
        let sheet = "a :is(b, c) {\ncolor: red;\nmargin: 0 calc(1px + 2px);\n}\n@media (d) and (e) { f { g: h; } }\n";
        let lean = "a :is(b,c){color:red;margin:0 calc(1px + 2px)}@media (d) and (e){f{g:h}}";
        assert_eq!(on_one_line(sheet.to_owned()), lean);
    }

    #[test]
    fn the_chat_is_one_module_with_one_entrance() {
        let exports: Vec<&str> = CHAT.lines().filter(|line| line.starts_with("export ")).collect();
        assert_eq!(exports, ["export async function mount(root, host, base) {"]);
        assert!(!CHAT.lines().any(|line| line.starts_with("import ")), "an import that is not on one line");
        for name in Files::iter().filter(|name| name.ends_with(".js")) {
            let imports = source(&name).expect("a module is UTF-8").matches("from \"./").count();
            let is_module = MODULES.contains(&&*name);
            assert!(is_module || imports == 0, "{name} imports and is not in MODULES");
        }
    }
}
