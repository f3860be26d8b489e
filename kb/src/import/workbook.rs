//! A workbook (.xlsx, .ods): its first sheet is a table as [`super::table`] reads it.

use std::io::Cursor;

use calamine::{Data, Reader, Sheets, open_workbook_auto_from_rs};

use super::{Imported, table};

/// Reads the first sheet of the workbook in `bytes`, from the file named `file`. A line of a diagnostic is a row of the
/// sheet.
pub fn import(file: &str, bytes: &[u8]) -> Imported {
    let mut workbook: Sheets<Cursor<&[u8]>> = match open_workbook_auto_from_rs(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(error) => return Imported::failed(file, format!("it is no workbook that can be read: {error}")),
    };
    let range = match workbook.worksheet_range_at(0) {
        Some(Ok(range)) => range,
        Some(Err(error)) => return Imported::failed(file, format!("its first sheet cannot be read: {error}")),
        None => return Imported::failed(file, "it has no sheet".to_owned()),
    };
    let first = range.start().map_or(0, |(row, _)| row as usize) + 1;
    let mut rows = range.rows().map(record).enumerate().map(|(number, row)| (first + number, row));
    let Some((_, header)) = rows.next() else {
        return Imported::failed(file, "its first sheet is empty".to_owned());
    };
    let filled = rows.filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
    table::import_rows(file, &header, filled.map(|(line, row)| (line, Ok(row))))
}

fn record(cells: &[Data]) -> csv::StringRecord {
    cells.iter().map(|cell| cell.to_string().replace("\r\n", "\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of our own: a header and two questions, one without an id and with a list of
    /// variants in a cell of two lines, then a row without a question.
    const WORKBOOK: &[u8] = include_bytes!("../../tests/faq.xlsx");

    #[test]
    fn the_first_sheet_is_read_as_a_table() {
        let imported = import("faq.xlsx", WORKBOOK);
        let questions: Vec<&str> = imported.entries.iter().map(|entry| entry.question.as_str()).collect();
        assert_eq!(questions, ["Où est mon colis ?", "Comment renvoyer un article ?"]);
        assert_eq!(imported.entries[0].id.as_str(), "colis");
        assert_eq!(imported.entries[1].id.as_str(), "comment-renvoyer-un-article");
        assert_eq!(imported.entries[1].variants, ["retourner un achat", "renvoi article"]);
        assert_eq!(imported.diagnostics.len(), 1, "{:?}", imported.diagnostics);
        assert!(imported.diagnostics[0].to_string().starts_with("faq.xlsx:4: error"), "{}", imported.diagnostics[0]);
    }

    #[test]
    fn what_is_no_workbook_is_said_so() {
        for bytes in [&b""[..], b"PK", b"id,question\n"] {
            let imported = import("x.xlsx", bytes);
            assert!(imported.entries.is_empty());
            assert!(imported.diagnostics[0].to_string().contains("workbook"), "{}", imported.diagnostics[0]);
        }
    }
}
