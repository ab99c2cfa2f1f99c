//! What a reading was made from: for each field every candidate, the one that was taken and why the
//! others were not; for the text every passage, kept or dropped. Only for whoever asks
//! ([`crate::read_with_evidence`]): a trace that is off evaluates nothing.

use std::cell::RefCell;

/// Something that a field could have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The field: `title`, `authors` …
    pub field: &'static str,
    /// Where it was said: `json-ld`, `og:title`, `h1` …
    pub source: String,
    /// What was said there.
    pub value: String,
    /// Why it was not taken; `None` for what was.
    pub rejected: Option<String>,
}

/// A passage of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Its text.
    pub text: String,
    /// The element it stands in: `p`, `div.article-body > p`.
    pub place: String,
    /// How likely the trees find it to be the article's, 0 to 1; `None` where they were not asked.
    pub likely: Option<f32>,
    /// Why it was dropped; `None` where it is a part of the text.
    pub dropped: Option<String>,
}

/// All that a reading was made from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// Candidates, field by field, in the order in which they were looked at.
    pub candidates: Vec<Candidate>,
    /// Passages, in the order of the page; those that say nothing are left out.
    pub passages: Vec<Passage>,
}

/// Gathers evidence, or does nothing.
#[derive(Debug, Default)]
pub(crate) struct Trace(Option<RefCell<Evidence>>);

/// A candidate beyond these is not told: a hostile page has any number.
const MOST: usize = 2_000;

/// Said of what comes behind a source that was taken.
pub(crate) const LATER: &str = "a more telling source was taken";

impl Trace {
    /// One that gathers.
    pub(crate) fn on() -> Self {
        Self(Some(RefCell::default()))
    }

    /// Whether it gathers.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// What was gathered.
    pub(crate) fn end(self) -> Evidence {
        self.0.map(RefCell::into_inner).unwrap_or_default()
    }

    /// `value` was taken for `field`.
    pub(crate) fn took(&self, field: &'static str, source: &str, value: impl FnOnce() -> String) {
        self.put(field, source, value, || None);
    }

    /// `value` was not taken for `field`, because of `why`.
    pub(crate) fn refused(
        &self,
        field: &'static str,
        source: &str,
        value: impl FnOnce() -> String,
        why: impl FnOnce() -> String,
    ) {
        self.put(field, source, value, || Some(why()));
    }

    fn put(
        &self,
        field: &'static str,
        source: &str,
        value: impl FnOnce() -> String,
        rejected: impl FnOnce() -> Option<String>,
    ) {
        let Some(evidence) = &self.0 else { return };
        let candidates = &mut evidence.borrow_mut().candidates;
        let candidate = Candidate { field, source: source.to_owned(), value: value(), rejected: rejected() };
        if candidates.len() < MOST && !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    }

    /// What was taken for `field` is not, after all.
    pub(crate) fn overruled(&self, field: &'static str, why: &str) {
        let Some(evidence) = &self.0 else { return };
        let candidates = &mut evidence.borrow_mut().candidates;
        for candidate in candidates.iter_mut().filter(|found| found.field == field && found.rejected.is_none()) {
            candidate.rejected = Some(why.to_owned());
        }
    }

    /// A passage of the page.
    pub(crate) fn passage(&self, passage: Passage) {
        if let Some(evidence) = &self.0 {
            evidence.borrow_mut().passages.push(passage);
        }
    }

    /// The first of `sources` that has a value. The later ones are only asked to be told.
    pub(crate) fn first<T>(
        &self,
        field: &'static str,
        sources: &[(&'static str, &dyn Fn() -> Option<T>)],
        show: impl Fn(&T) -> String,
    ) -> Option<T> {
        let mut taken = None;
        for (source, find) in sources {
            if taken.is_some() && !self.is_on() {
                break;
            }
            let Some(value) = find() else { continue };
            if let Some(taken) = &taken {
                let why = || if show(&value) == show(taken) { "says the same" } else { LATER }.to_owned();
                self.refused(field, source, || show(&value), why);
            } else {
                self.took(field, source, || show(&value));
                taken = Some(value);
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_that_is_off_asks_nobody() {
        let trace = Trace::default();
        trace.took("title", "h1", || unreachable!("nobody asked"));
        let found =
            trace.first("title", &[("a", &|| None), ("b", &|| Some(1)), ("c", &|| unreachable!())], i32::to_string);
        assert_eq!((found, trace.end()), (Some(1), Evidence::default()));
    }

    #[test]
    fn a_trace_that_is_on_tells_what_came_later() {
        let trace = Trace::on();
        let found = trace.first("date", &[("a", &|| None), ("b", &|| Some(1)), ("c", &|| Some(2))], i32::to_string);
        let evidence = trace.end();
        let told: Vec<_> =
            evidence.candidates.iter().map(|found| (found.source.as_str(), found.rejected.as_deref())).collect();
        assert_eq!((found, told), (Some(1), vec![("b", None), ("c", Some(LATER))]));
    }
}
