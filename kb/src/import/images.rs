//! Images that imported answers show: files beside what is imported, in its folder or in `images/` there.

use std::collections::BTreeMap;

use super::Imported;
use crate::diagnostic::Diagnostic;
use crate::files::File;
use crate::image::{Image, ImageName};
use crate::reference;

/// The files of the images that the entries show, as `find` knows them by name. An image that is not there, or that is none,
/// becomes its words, and a warning about `file`.
pub fn bring(imported: &mut Imported, file: &str, find: &dyn Fn(&str) -> Option<Vec<u8>>) -> Vec<File> {
    let mut found = BTreeMap::new();
    for entry in &mut imported.entries {
        let mut lost = Vec::new();
        let mut is_there = |target: &str| {
            let image = image(target, find);
            let is_there = image.is_ok();
            match image {
                Ok(file) => drop(found.insert(file.path.clone(), file)),
                Err(why) => lost.push(format!("the image `{target}` of `{}` is left out: {why}", entry.id)),
            }
            is_there
        };
        entry.answer = reference::with_images(&entry.answer, &mut is_there);
        entry.composed = reference::with_images(&entry.composed, &mut is_there);
        imported.diagnostics.extend(lost.into_iter().map(|message| Diagnostic::warning(file, 0, message)));
    }
    found.into_values().collect()
}

fn image(target: &str, find: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<File, String> {
    let name: ImageName = target.parse().map_err(|error: crate::ImageError| error.to_string())?;
    let bytes = find(name.as_str()).ok_or("it is not beside the file")?;
    let image = Image::read(name, &bytes).map_err(|error| error.to_string())?;
    Ok(File { path: image.name.path(), bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Entry;

    #[test]
    fn images_beside_the_file_are_brought_and_others_become_their_words() {
        let answer =
            "Ici ![le menu](menu.gif), ![loin](https://a.example/x.png)\n![absente](non.png \"t\") \\![x](y.png)";
        let entries = vec![Entry::new("a".parse().expect("an id"), "Où ?", "X", answer)];
        let mut imported = Imported { entries, diagnostics: Vec::new() };
        let gif = b"GIF89a\x01\0\x01\0".to_vec();
        let files = bring(&mut imported, "faq.csv", &|name| (name == "menu.gif").then(|| gif.clone()));
        assert_eq!(files, [File { path: "images/menu.gif".into(), bytes: gif.clone() }]);
        assert_eq!(imported.entries[0].answer, "Ici ![le menu](menu.gif), loin\nabsente \\![x](y.png)");
        let messages: Vec<String> = imported.diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(messages.len(), 2, "{messages:#?}");
        assert_eq!(
            messages[1],
            "faq.csv:0: warning: the image `non.png` of `a` is left out: it is not beside the file"
        );
    }
}
