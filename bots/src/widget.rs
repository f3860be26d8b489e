//! The web chat's files: plain HTML, CSS and JavaScript, carried by the binary.
//!
//! Nothing is built: a browser can load `bots/widget` as it is. What is served leaves out comments and spaces, and joins
//! modules: those of the chat come as one file, so that opening the chat is three requests on any network, and those that
//! are rarely needed as another one, which uses the elements of the first.

mod lean;
mod names;

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "widget/"]
struct Files;

/// The modules of the chat, each after those it uses.
const CHAT: [&str; 9] = [
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

/// The modules that are loaded when they are needed, each after those it uses.
const MORE: [&str; 8] =
    ["texts.more.js", "banner.js", "menu.js", "judge.js", "attach.js", "ticket.js", "presence.js", "more.js"];

/// What the second file takes from the first one.
const SHARED: &str = "{ button, el, parse }";

static CHAT_FILE: LazyLock<String> = LazyLock::new(|| {
    let code = joined(&CHAT, "export async function mount(");
    lean::script(&format!("{code}export {SHARED};"))
});

static MORE_FILE: LazyLock<String> = LazyLock::new(|| {
    let code = joined(&MORE, "export async function more(");
    lean::script(&format!("import {SHARED} from \"./chat.js\";{code}"))
});

/// The modules as one: what they import from each other is there, and only `entrance` goes on being exported.
fn joined(modules: &[&str], entrance: &str) -> String {
    let mut code = String::new();
    for name in modules {
        for line in source(name).expect("a module is a file of the folder").lines() {
            if line.starts_with("import {") {
                continue;
            }
            code.push_str(line.strip_prefix("export ").filter(|_| !line.starts_with(entrance)).unwrap_or(line));
            code.push('\n');
        }
    }
    code
}

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
        "chat.js" => Cow::Borrowed(CHAT_FILE.as_bytes()),
        "more.js" => Cow::Borrowed(MORE_FILE.as_bytes()),
        _ if name.ends_with(".css") => Cow::Owned(lean::style(&source(name)?).into_bytes()),
        _ if is_code => Cow::Owned(lean::script(&source(name)?).into_bytes()),
        _ => Files::get(name)?.data,
    };
    Some(WidgetFile { bytes, media_type })
}

fn source(name: &str) -> Option<String> {
    String::from_utf8(Files::get(name)?.data.into_owned()).ok()
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
    fn each_file_is_one_module_with_one_entrance() {
        for (code, entrance) in
            [(&CHAT_FILE, "export async function mount("), (&MORE_FILE, "export async function more(")]
        {
            assert_eq!(code.matches("export ").count(), 1, "besides what is shared");
            assert!(code.contains(entrance));
        }
        assert!(CHAT_FILE.ends_with("export{button,el,parse};"));
        assert!(!CHAT_FILE.contains("import{"));
        assert_eq!(MORE_FILE.matches("import{").count(), 1);
        for name in Files::iter().filter(|name| name.ends_with(".js")) {
            let code = source(&name).expect("a module is UTF-8");
            let is_module = CHAT.contains(&&*name) || MORE.contains(&&*name);
            assert!(is_module || !code.contains("from \"./"), "{name} imports and is in no list");
            for line in code.lines().filter(|line| line.starts_with("import {")) {
                assert!(line.ends_with("\";"), "{name}: an import that is not on one line");
            }
        }
        // What the second file takes from the first one is all it takes.
        let shared = ["button", "el", "parse"];
        for name in MORE {
            let code = source(name).expect("a module is UTF-8");
            for line in code.lines().filter(|line| line.starts_with("import {")) {
                let (names, from) = line[8..].split_once("} from ").expect("an import");
                let is_inside = MORE.iter().any(|module| from.contains(module));
                assert!(is_inside || names.split(',').all(|name| shared.contains(&name.trim())), "{name}: {line}");
            }
        }
    }
}
