//! Where a page of hits ended: the last hit's rank and id. The next page is what ranks behind it,
//! so that articles which come in between are neither shown twice nor push others out of sight.
//! By time this holds for good; by relevance, scores move a little as the index grows.

use courant_model::ArticleId;

use crate::{Order, SearchError};

/// A hit's place in an order: higher ranks first, then smaller ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) order: Order,
    pub(crate) rank: u64,
    pub(crate) article: ArticleId,
}

fn letter(order: Order) -> char {
    match order {
        Order::Relevance => 'r',
        Order::Newest => 'n',
        Order::Oldest => 'o',
        Order::Changed => 'c',
    }
}

impl Cursor {
    /// One letter, then hexadecimal digits only: fit for an address as it is.
    pub(crate) fn to_text(self) -> String {
        format!("{}{:016x}{}", letter(self.order), self.rank, self.article)
    }

    /// Reads what [`Self::to_text`] wrote for the same order.
    pub(crate) fn parse(text: &str, order: Order) -> Result<Self, SearchError> {
        let wrong = || SearchError::Cursor { cursor: text.chars().take(80).collect() };
        let digits = text.strip_prefix(letter(order)).filter(|digits| digits.is_ascii()).ok_or_else(wrong)?;
        let (rank, article) = digits.split_at_checked(16).ok_or_else(wrong)?;
        let rank = u64::from_str_radix(rank, 16).map_err(|_| wrong())?;
        Ok(Self { order, rank, article: article.parse().map_err(|_| wrong())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_its_text_and_back() {
        let cursor = Cursor { order: Order::Newest, rank: u64::MAX - 7, article: ArticleId::from_bytes([9; 16]) };
        assert_eq!(Cursor::parse(&cursor.to_text(), Order::Newest).expect("own text"), cursor);
    }

    #[test]
    fn other_orders_and_odd_text_are_refused() {
        let cursor = Cursor { order: Order::Newest, rank: 1, article: ArticleId::from_bytes([9; 16]) };
        assert!(Cursor::parse(&cursor.to_text(), Order::Relevance).is_err());
        for odd in ["", "n", "nn", "n+000000000000001", "nééééééééééééééééééééééé", "n0000000000000001"]
        {
            let error = Cursor::parse(odd, Order::Newest).expect_err(odd);
            assert!(error.to_string().contains("cursor"), "{error}");
        }
    }
}
