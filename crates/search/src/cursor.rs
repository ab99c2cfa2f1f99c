//! Where a page of hits ended: the last hit's rank and id. The next page is what ranks behind it,
//! so that articles which come in between are neither shown twice nor push others out of sight.
//! By time this holds for good. By relevance, scores move as the index grows: the next page is made from the
//! commit that the page stood on, as long as it is held.

use courant_model::{ArticleId, Seq};

use crate::{Order, SearchError};

/// A hit's place in an order: higher ranks first, then smaller ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) order: Order,
    pub(crate) rank: u64,
    pub(crate) article: ArticleId,
    /// What the page stood on.
    pub(crate) as_of: Seq,
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
        format!("{}{:016x}{}{:x}", letter(self.order), self.rank, self.article, self.as_of.0)
    }

    /// Reads what [`Self::to_text`] wrote for the same order.
    pub(crate) fn parse(text: &str, order: Order) -> Result<Self, SearchError> {
        let wrong = || SearchError::Cursor { cursor: text.chars().take(80).collect() };
        let digits = text.strip_prefix(letter(order)).filter(|digits| digits.is_ascii()).ok_or_else(wrong)?;
        let (rank, article) = digits.split_at_checked(16).ok_or_else(wrong)?;
        let (article, as_of) = article.split_at_checked(32).ok_or_else(wrong)?;
        let number = |digits: &str| {
            let own = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            u64::from_str_radix(digits, 16).ok().filter(|_| own).ok_or_else(wrong)
        };
        let (rank, as_of) = (number(rank)?, Seq(number(as_of)?));
        Ok(Self { order, rank, article: article.parse().map_err(|_| wrong())?, as_of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_its_text_and_back() {
        let cursor = Cursor {
            order: Order::Newest,
            rank: u64::MAX - 7,
            article: ArticleId::from_bytes([9; 16]),
            as_of: Seq(77),
        };
        assert_eq!(Cursor::parse(&cursor.to_text(), Order::Newest).expect("own text"), cursor);
    }

    #[test]
    fn other_orders_and_odd_text_are_refused() {
        let cursor = Cursor { order: Order::Newest, rank: 1, article: ArticleId::from_bytes([9; 16]), as_of: Seq(77) };
        assert!(Cursor::parse(&cursor.to_text(), Order::Relevance).is_err());
        for odd in ["", "n", "nn", "n+000000000000001", "nééééééééééééééééééééééé", "n0000000000000001"]
        {
            let error = Cursor::parse(odd, Order::Newest).expect_err(odd);
            assert!(error.to_string().contains("cursor"), "{error}");
        }
    }
}
