//! Progress bars on long work, when somebody looks at a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over `steps`; silent when the standard error is no terminal.
pub(super) fn bar(steps: usize, what: &'static str) -> ProgressBar {
    let target =
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(steps as u64), target).with_message(what);
    let style = ProgressStyle::with_template("{msg} {bar:40} {human_pos}/{human_len} {eta}");
    bar.set_style(style.expect("the template is right"));
    bar
}
