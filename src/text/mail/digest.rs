//! The week in figures, for curators. No question of a partner stands in it: mails stay where nobody forgets them.

use super::MailText;
use super::blocks::{Block, html, plain};
use crate::statistics::{Figures, Period};
use crate::text::{insight, statistics as text};

/// What the mail tells.
pub(crate) struct Digest<'a> {
    pub(crate) period: Period,
    pub(crate) figures: &'a Figures,
    /// Of the week before.
    pub(crate) before: &'a Figures,
    /// Questions that deserve a look and got none.
    pub(crate) open: usize,
    /// Entries that were given most: their questions, and how often.
    pub(crate) entries: &'a [(String, i64)],
}

/// To a curator: the week.
pub(crate) fn digest(of: &Digest<'_>) -> MailText {
    let (now, before) = (of.figures, of.before);
    let with = |value: String, change: String| if change.is_empty() { value } else { format!("{value} ({change})") };
    let part = |count: i64, was: i64| {
        let value = format!("{}, {}", text::number(count), text::share(now.share(count)));
        with(value, text::change(now.share(count), before.share(was)))
    };
    let facts = vec![
        (text::QUESTIONS, with(text::number(now.questions), text::growth(now.questions, before.questions))),
        (text::ANSWERED, part(now.answered, before.answered)),
        (text::CLARIFIED, part(now.clarified, before.clarified)),
        (text::UNANSWERED, part(now.unanswered, before.unanswered)),
        (text::ESCALATED, part(now.escalated, before.escalated)),
        (text::HELPFUL, text::of(now.helpful, now.helpful + now.unhelpful)),
    ];
    let mut blocks = vec![
        Block::paragraph("Bonjour,"),
        Block::paragraph(format!(
            "Voici la semaine de l’assistant, {}.",
            text::period(of.period.first, of.period.last)
        )),
        Block::Heading("En chiffres"),
        Block::Facts(facts),
    ];
    if !of.entries.is_empty() {
        blocks.push(Block::Heading("Fiches les plus données"));
        let line = |(title, times): &(String, i64)| format!("{} × {title}", text::number(*times));
        blocks.extend(of.entries.iter().map(|one| Block::Paragraph(line(one))));
    }
    blocks.push(Block::Heading("À regarder"));
    blocks.push(Block::Paragraph(match of.open {
        0 => "Aucune question n’est restée sans bonne réponse.".to_owned(),
        open => {
            format!("{} sans bonne réponse vous attendent dans la console, rubrique Lacunes.", insight::questions(open))
        }
    }));
    let subject = format!("Assistant\u{a0}: la semaine {}", text::period(of.period.first, of.period.last));
    MailText { subject, text: plain(&blocks), html: html(&blocks) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_is_told_with_what_changed() {
        let day = |text: &str| text.parse().expect("a day");
        let period = Period::between(day("2026-11-16"), day("2026-11-22")).expect("a period");
        let figures = Figures { questions: 200, answered: 150, clarified: 30, unanswered: 20, ..Figures::default() };
        let before = Figures { questions: 100, answered: 70, clarified: 10, unanswered: 20, ..Figures::default() };
        let entries = [("Comment résilier <vite> ?".to_owned(), 1_200)];
        let mail = digest(&Digest { period, figures: &figures, before: &before, open: 3, entries: &entries });
        assert!(mail.text.contains("Questions\u{a0}: 200 (▲\u{a0}100\u{a0}%)"), "{}", mail.text);
        assert!(mail.text.contains("Répondues d’emblée\u{a0}: 150, 75\u{a0}% (▲\u{a0}5\u{a0}pt)"), "{}", mail.text);
        assert!(mail.text.contains("1\u{202f}200 × Comment") && mail.html.contains("&lt;vite&gt;"));
        assert!(mail.text.contains("3\u{a0}questions sans bonne réponse"));
    }
}
