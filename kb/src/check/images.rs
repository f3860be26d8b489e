//! Every image says in words what it shows, and is shown somewhere.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::image;
use crate::knowledge_base::Loaded;

pub(super) fn run(loaded: &Loaded, found: &mut Vec<Diagnostic>) {
    let all = &loaded.knowledge_base;
    let mut shown = BTreeSet::new();
    for (file, line, name, alt) in image::places(all, &loaded.origins) {
        if alt.is_empty() {
            let message = format!("the image `{name}` has no alternative text: say what it shows");
            found.push(Diagnostic::error(&file, line, message));
        }
        shown.insert(name);
    }
    for image in all.images.iter().filter(|image| !shown.contains(image.name.as_str())) {
        found.push(Diagnostic::warning(&image.name.path(), 0, "nothing shows this image"));
    }
}
