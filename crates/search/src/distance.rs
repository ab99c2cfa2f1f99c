//! How many letters one word is off another: letters left out, added, taken for others, or two side
//! by side that changed places (optimal string alignment; the automata that tantivy builds count
//! the same).

/// The distance between two words, if it is at most `most`.
pub(crate) fn distance(one: &str, other: &str, most: u8) -> Option<u8> {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let most = usize::from(most);
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, wanted) in other.iter().enumerate() {
            let swapped = row > 0 && column > 0 && *letter == other[column - 1] && one[row - 1] == *wanted;
            let steps = [
                last[column] + usize::from(letter != wanted),
                last[column + 1] + 1,
                next[column] + 1,
                if swapped { before[column - 1] + 1 } else { usize::MAX },
            ];
            next.extend(steps.iter().min());
        }
        if next.iter().all(|steps| *steps > most) {
            return None;
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().filter(|steps| **steps <= most).and_then(|steps| u8::try_from(*steps).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_left_out_added_taken_for_others_and_swapped_are_counted() {
        for (one, other, off) in [
            ("pegasus", "pegasus", Some(0)),
            ("pegasus", "pegasos", Some(1)),
            ("pegasus", "pegassus", Some(1)),
            ("pegasus", "pegsus", Some(1)),
            ("pegasus", "peagusus", Some(2)),
            ("pegasus", "pgeassu", Some(2)),
            ("pegasus", "pgeasus", Some(1)),
            ("pegasus", "perseus", None),
            ("шпион", "шпиён", Some(1)),
            ("", "ab", Some(2)),
            ("ab", "", Some(2)),
            ("a", "abcd", None),
        ] {
            assert_eq!(distance(one, other, 2), off, "{one} {other}");
        }
    }
}
