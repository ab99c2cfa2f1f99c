//! Rows of tables that hold data. A cell of "5040" says nothing, its row says who has 5040 points: so
//! the cells of a row become one block. Tables for layout hold paragraphs, and stay as they are.

use std::ops::Range;

use super::blocks::{Block, Blocks, Kind};

/// A cell of data weighs less than this.
const CELL: usize = 150;

/// What stands between two cells.
const BETWEEN: &str = " | ";

impl Blocks<'_> {
    /// Joins the cells of each row of each table whose rows are short.
    pub(super) fn join_rows(&mut self) {
        let rows = self.rows();
        if rows.is_empty() {
            return;
        }
        let mut joined = Vec::with_capacity(self.blocks.len());
        // Where the blocks before each old boundary end now.
        let mut moved = Vec::with_capacity(self.blocks.len() + 1);
        let mut rows = rows.into_iter().peekable();
        for (at, block) in std::mem::take(&mut self.blocks).into_iter().enumerate() {
            moved.push(joined.len());
            while rows.next_if(|(_, row)| row.end <= at).is_some() {}
            match rows.peek() {
                Some((_, row)) if row.start < at => {
                    if let Some(row) = joined.last_mut() {
                        join(row, block);
                    }
                }
                Some((part, row)) if row.start == at => joined.push(Block { part: *part, kind: Kind::Row, ..block }),
                _ => joined.push(block),
            }
        }
        moved.push(joined.len());
        self.blocks = joined;
        for part in &mut self.parts {
            part.blocks = moved[part.blocks.start]..moved[part.blocks.end];
        }
    }

    /// The rows to be joined, with their blocks, in order.
    fn rows(&self) -> Vec<(usize, Range<usize>)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.parts.len() {
            if self.parts[at].name() == "table" {
                let rows = self.data_of(at);
                // One line of cells is a menu or a head as likely as data.
                if rows.len() >= 2 {
                    found.extend(rows);
                    at = self.parts[at].end;
                    continue;
                }
            }
            at += 1;
        }
        found
    }

    /// The rows of a table of data; none where it holds another table, headings or long text.
    fn data_of(&self, table: usize) -> Vec<(usize, Range<usize>)> {
        let mut rows = Vec::new();
        let (mut row, mut cells) = (None, 0);
        for at in table + 1..self.parts[table].end {
            let part = &self.parts[at];
            match part.name() {
                "tr" => (row, cells) = (Some(at), 0),
                "td" | "th" => {
                    if self.weight(part.blocks.clone()) >= CELL {
                        return Vec::new();
                    }
                    cells += usize::from(!part.blocks.is_empty());
                    if cells == 2
                        && let Some(row) = row
                    {
                        rows.push((row, self.parts[row].blocks.clone()));
                    }
                }
                "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "form" | "nav" | "figure" => return Vec::new(),
                _ => {}
            }
        }
        rows
    }
}

/// Appends a cell to its row.
fn join(row: &mut Block, cell: Block) {
    row.text.push_str(BETWEEN);
    let before = row.text.len();
    row.text.push_str(&cell.text);
    row.weight += cell.weight;
    row.link_weight += cell.link_weight;
    row.links.extend(cell.links.into_iter().map(|(range, link)| (range.start + before..range.end + before, link)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(html: &str) -> Vec<(String, Kind)> {
        let (html, _) = super::super::dom::parse(html);
        Blocks::of(&html).blocks.into_iter().map(|block| (block.text, block.kind)).collect()
    }

    #[test]
    fn rows_of_data_are_one_block_each() {
        let html = "<p>Before</p><table><tr><th>No.<th>Name<th>Points</tr><tr><td>1<td><p>Kai Moor</p><td>50</tr>\
                    <tr><td colspan=3>All figures of May</tr></table><p>Behind</p>";
        let expected = [
            ("Before", Kind::Paragraph),
            ("No. | Name | Points", Kind::Row),
            ("1 | Kai Moor | 50", Kind::Row),
            ("All figures of May", Kind::Cell),
            ("Behind", Kind::Paragraph),
        ];
        assert_eq!(blocks(html), expected.map(|(text, kind)| (text.to_owned(), kind)));
    }

    #[test]
    fn parts_and_links_move_with_their_blocks() {
        let html = "<table><tr><td>a<td>b</tr><tr><td>c<td><a href=/d>d e</a></tr></table><div><p>f</p><p>g</p></div>";
        let (html, _) = super::super::dom::parse(html);
        let blocks = Blocks::of(&html);
        let row = &blocks.blocks[1];
        assert_eq!((row.weight, row.link_weight), (4, 3));
        assert_eq!(row.links.iter().map(|(range, _)| &row.text[range.clone()]).collect::<Vec<_>>(), ["d e"]);
        let part = |name: &str| blocks.parts.iter().find(|part| part.name() == name).map(|part| part.blocks.clone());
        assert_eq!((part("table"), part("div")), (Some(0..2), Some(2..4)));
        assert!(blocks.parts.iter().all(|part| part.blocks.start <= part.blocks.end && part.blocks.end <= 4));
    }

    #[test]
    fn tables_for_layout_stay_as_they_are() {
        let long = "A paragraph in a table that parts the page into columns, as was done once. ".repeat(3);
        for table in [
            format!("<table><tr><td>Menu<td>{long}</tr><tr><td>a<td>b</tr></table>"),
            "<table><tr><td>Home<td>Politics</tr></table>".to_owned(),
            "<table><tr><td>a<td><h1>Headline</h1></tr><tr><td>b<td>c</tr></table>".to_owned(),
        ] {
            assert!(blocks(&table).iter().all(|(_, kind)| *kind != Kind::Row), "{table}");
        }
    }
}
