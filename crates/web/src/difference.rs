//! What differs between two revisions, as the API and the pages tell it.
//!
//! Comparing is work for the processor and runs on a thread that may be blocked: an article of a
//! megabyte keeps nobody else waiting. Beyond [`COMPARED`] bytes nothing is searched: what lies
//! between the first and the last line that differ is told as replaced, with a note that says so.

use courant_exchange::{Diff, DiffPart};
use courant_model::Revision;

use crate::fault::Fault;

/// The most bytes of both texts together that are compared.
const COMPARED: usize = 2 << 20;

/// What readers are told where texts are longer than that.
const TOO_LONG: &str = "these texts are too long to compare word by word: all that lies between the first and the \
                        last line that differ is shown as replaced";

/// What differs between two revisions; the text only `with_text`.
///
/// # Errors
/// Where the comparison itself broke down.
pub(crate) async fn between(from: &Revision, to: &Revision, with_text: bool) -> Result<Diff, Fault> {
    let (from, to) = (from.clone(), to.clone());
    let told = tokio::task::spawn_blocking(move || compare(&from, &to, with_text)).await;
    told.map_err(|why| Fault::internal("these revisions cannot be compared", why))
}

fn compare(from: &Revision, to: &Revision, with_text: bool) -> Diff {
    let standfirst = |revision: &Revision| revision.standfirst.clone().unwrap_or_default();
    let too_long = with_text && is_too_long(&from.body, &to.body);
    Diff {
        article: to.article.to_string(),
        from: from.number,
        to: to.number,
        comparable: from.extractor == to.extractor,
        note: too_long.then(|| TOO_LONG.to_owned()),
        title: parts(&from.title, &to.title),
        standfirst: parts(&standfirst(from), &standfirst(to)),
        byline: parts(&from.byline, &to.byline),
        text: with_text.then(|| parts(&from.body, &to.body)),
    }
}

fn is_too_long(old: &str, new: &str) -> bool {
    old.len() + new.len() > COMPARED
}

fn parts(old: &str, new: &str) -> Vec<DiffPart> {
    match is_too_long(old, new) {
        true => replaced(old, new),
        false => courant_text::diff(old, new).into_iter().map(told).collect(),
    }
}

fn told(part: courant_text::DiffPart) -> DiffPart {
    let kind = match part.kind {
        courant_text::DiffKind::Same => "same",
        courant_text::DiffKind::Removed => "removed",
        courant_text::DiffKind::Added => "added",
    };
    DiffPart { kind: kind.to_owned(), text: part.text }
}

/// The lines that both texts begin and end with, and all between them as replaced.
fn replaced(old: &str, new: &str) -> Vec<DiffPart> {
    let lines = |text| str::split_inclusive(text, '\n');
    let shared = |same: (&str, &str)| (same.0 == same.1).then_some(same.0.len());
    let head: usize = lines(old).zip(lines(new)).map_while(shared).sum();
    let (before, old, new) = (&old[..head], &old[head..], &new[head..]);
    let tail: usize = lines(old).rev().zip(lines(new).rev()).map_while(shared).sum();
    let (old, after) = old.split_at(old.len() - tail);
    let new = &new[..new.len() - tail];
    let parts = [("same", before), ("removed", old), ("added", new), ("same", after)];
    let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
    parts.map(|(kind, text)| DiffPart { kind: kind.to_owned(), text: text.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use courant_model::{ArticleId, CanonicalUrl};
    use jiff::Timestamp;

    use super::*;

    fn revision(number: u32, body: String) -> Revision {
        let url = CanonicalUrl::parse("https://example.org/a").expect("an address");
        Revision {
            article: ArticleId::of(&url),
            number,
            seen: Timestamp::UNIX_EPOCH,
            extractor: 1,
            title: format!("Title {number}"),
            standfirst: None,
            byline: String::new(),
            body,
            changed: Vec::new(),
            capture: None,
        }
    }

    fn shown(parts: &[DiffPart]) -> String {
        let marked = parts.iter().map(|part| match part.kind.as_str() {
            "removed" => format!("[-{}-]", part.text),
            "added" => format!("[+{}+]", part.text),
            _ => part.text.clone(),
        });
        marked.collect()
    }

    #[test]
    fn what_lies_between_shared_ends_is_replaced() {
        for (old, new, expected) in [
            ("a\nb\nc\n", "a\nx\nc\n", "a\n[-b\n-][+x\n+]c\n"),
            ("a\nb", "a\nb", "a\nb"),
            ("a\na\n", "a\na\na\n", "a\na\n[+a\n+]"),
            ("a\na\na", "a\na", "a\n[-a\n-]a"),
            ("ünïcode\n一\n二", "ünïcode\n三\n二", "ünïcode\n[-一\n-][+三\n+]二"),
            ("", "a", "[+a+]"),
            ("a", "", "[-a-]"),
            ("", "", ""),
        ] {
            assert_eq!(shown(&replaced(old, new)), expected, "{old:?} {new:?}");
        }
    }

    #[tokio::test]
    async fn texts_that_are_too_long_are_told_as_replaced_and_say_so() {
        let body = |middle: &str| format!("first\n{}\nlast", middle.repeat(COMPARED / 2 / middle.len()));
        let (old, new) = (revision(1, body("old words ")), revision(2, body("new words ")));
        let diff = between(&old, &new, true).await.expect("compared");
        let kinds: Vec<_> = diff.text.iter().flatten().map(|part| part.kind.as_str()).collect();
        assert_eq!(kinds, ["same", "removed", "added", "same"]);
        assert!(diff.note.expect("a note").contains("too long"));
        // Who may not have the texts is not told of their length either.
        let diff = between(&old, &new, false).await.expect("compared");
        assert_eq!((diff.text, diff.note), (None, None));
        let diff = between(&revision(1, "a b".into()), &revision(2, "a c".into()), true).await.expect("compared");
        assert_eq!((shown(&diff.text.expect("a text")).as_str(), diff.note), ("a [-b-][+c+]", None));
    }

    #[tokio::test]
    async fn a_long_comparison_keeps_nobody_waiting() {
        let words =
            |seed: u64| (0..40_000u64).map(|n| format!("{:x} ", n.wrapping_mul(seed) % 9973)).collect::<String>();
        let (old, new) = (revision(1, words(7919)), revision(2, words(104_729)));
        tokio::select! {
            biased;
            _ = between(&old, &new, true) => panic!("compared before anybody else had a turn"),
            () = tokio::task::yield_now() => {}
        }
    }
}
