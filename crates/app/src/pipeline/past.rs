//! What an article used to say: the paragraphs of its earlier revisions that its current one has not.

use std::collections::HashSet;

use courant_model::{Language, Revision};
use courant_search::Past;

/// What these revisions (all of one article, oldest first) said and the last of them does not: of each
/// revision the paragraphs that no later one has, latest first.
pub(super) fn past(revisions: &[Revision], language: Language) -> Vec<Past> {
    let Some((current, earlier)) = revisions.split_last() else { return Vec::new() };
    let mut said: HashSet<&str> = paragraphs(current).collect();
    let mut found = Vec::new();
    for revision in earlier.iter().rev() {
        let own: Vec<&str> = paragraphs(revision).filter(|paragraph| said.insert(paragraph)).collect();
        if !own.is_empty() {
            let text = own.join("\n\n");
            found.push(Past { revision: revision.number, words: courant_text::words(&text, language), text });
        }
    }
    found
}

fn paragraphs(revision: &Revision) -> impl Iterator<Item = &str> {
    let head = [Some(revision.title.as_str()), revision.standfirst.as_deref()];
    let body = revision.body.split('\n').map(str::trim).filter(|paragraph| !paragraph.is_empty());
    head.into_iter().flatten().filter(|text| !text.is_empty()).chain(body)
}

#[cfg(test)]
mod tests {
    use courant_model::ArticleId;
    use jiff::Timestamp;

    use super::*;

    fn revision(number: u32, title: &str, body: &str) -> Revision {
        Revision {
            article: ArticleId::from_bytes([1; 16]),
            number,
            seen: Timestamp::UNIX_EPOCH,
            extractor: 1,
            title: title.to_owned(),
            standfirst: None,
            byline: String::new(),
            body: body.to_owned(),
            changed: Vec::new(),
            capture: None,
        }
    }

    fn check(revisions: &[Revision], expected: &[(u32, &str)]) {
        let found = past(revisions, Language::UND);
        let told: Vec<(u32, &str)> = found.iter().map(|past| (past.revision, past.text.as_str())).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_said_no_more_is_told_with_the_last_revision_that_said_it() {
        check(&[], &[]);
        check(&[revision(1, "Title", "One\n\nTwo")], &[]);
        check(
            &[
                revision(1, "First title", "One\n\nTwo"),
                revision(2, "Title", "One\n\nTwo\n\nThree"),
                revision(3, "Title", "One\n\nFour"),
            ],
            &[(2, "Two\n\nThree"), (1, "First title")],
        );
    }
}
