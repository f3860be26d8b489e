//! Whether a question is about one given customer, contract or document.

mod codes;
mod how;
mod names;
mod phrases;

pub(crate) use phrases::phrases;

/// True when `question` is about one, by its code or by its name. `is_known` says whether the knowledge base uses a folded word:
/// such a word names no customer.
pub(crate) fn is_named(question: &str, is_known: &dyn Fn(&str) -> bool) -> bool {
    codes::is_named(question, is_known) || (names::is_named(question, is_known) && !how::is_asked(question))
}
