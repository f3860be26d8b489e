//! A list of the portal from its first page to its last.

use jiff::Timestamp;

use crate::clients::portal::{Page, PageQuery, PortalError};
use crate::model::Read;

/// Items of one page: the most that the portal gives.
const LIMIT: u8 = 100;
/// Longest list that is read, in pages: a portal that never ends its list must not keep a turn busy.
const MOST_PAGES: usize = 10;

/// All that the pages hold which `ask` gives one by one, with the time at which the first of them was read.
pub(super) async fn all<T, A>(ask: impl Fn(PageQuery) -> A) -> Result<Read<Vec<T>>, PortalError>
where
    A: Future<Output = Result<Read<Page<T>>, PortalError>>,
{
    let mut items = Vec::new();
    let mut first_read: Option<Timestamp> = None;
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let Read { value: page, read_at } = ask(PageQuery { limit: Some(LIMIT), cursor }).await?;
        items.extend(page.items);
        first_read = Some(first_read.map_or(read_at, |first| first.min(read_at)));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(Read { value: items, read_at: first_read.unwrap_or_else(Timestamp::now) })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn every_page_is_read_and_a_list_without_end_is_left() {
        for (pages, expected) in [(1, 1), (3, 3), (MOST_PAGES, MOST_PAGES), (usize::MAX, MOST_PAGES)] {
            let asked = Cell::new(0);
            let ask = |query: PageQuery| {
                let number = asked.get() + 1;
                asked.set(number);
                assert_eq!(query.cursor, (number > 1).then(|| format!("page {number}")), "the cursor that was given");
                let next_cursor = (number < pages).then(|| format!("page {}", number + 1));
                // Later pages are read later.
                let read_at = Timestamp::from_second(i64::try_from(number).expect("a small number")).expect("a moment");
                async move { Ok(Read { value: Page { items: vec![number], next_cursor }, read_at }) }
            };
            let read = all(ask).await.expect("a list");
            assert_eq!(read.value, (1..=expected).collect::<Vec<_>>());
            assert_eq!(read.read_at.as_second(), 1, "what is shown is at least as old as it says");
        }
    }
}
