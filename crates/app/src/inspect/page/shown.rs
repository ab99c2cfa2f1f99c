//! One page for a person: each field with its source and what else it could have been, then the text
//! passage by passage. On a terminal in colour and cut to its width, else plain and whole.

use courant_model::{Language, Reading};
use courant_text::{Candidate, Evidence, Passage};
use url::Url;

use crate::commands::paint::{Paint, isolate, visible};
use crate::output;

/// Of a run of passages dropped for one reason, so many are shown.
const RUN: usize = 2;
/// Of fields, in this order; others follow.
const FIELDS: [&str; 8] = ["title", "standfirst", "authors", "published", "modified", "section", "tags", "language"];

/// Tells all.
pub(super) fn tell(url: &Url, reading: &Reading, evidence: &Evidence) {
    let teller = Teller { paint: Paint::for_stdout(), wide: !output::in_colour(), language: reading.language };
    teller.head(url, reading);
    for field in FIELDS {
        let of_field = evidence.candidates.iter().filter(|candidate| candidate.field == field);
        teller.field(field, &of_field.collect::<Vec<_>>());
    }
    teller.lists(reading);
    teller.text(reading, &evidence.passages);
    teller.notes(&reading.notes);
}

struct Teller {
    paint: Paint,
    /// Nothing is cut.
    wide: bool,
    language: Language,
}

impl Teller {
    /// `text` on one line, cut where the reader's screen ends.
    fn cut(&self, text: &str, most: usize) -> String {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = match text.char_indices().nth(most) {
            Some((at, _)) if !self.wide => format!("{}…", &text[..at]),
            _ => text,
        };
        isolate(&visible(&text), self.language.as_str())
    }

    fn title(&self, name: &str) {
        output::line("");
        output::line(self.paint.bold(name));
    }

    fn row(&self, mark: char, name: &str, value: &str, why: Option<&str>) {
        let why = why.map(|why| self.paint.dim(&format!("  ({why})"))).unwrap_or_default();
        output::line(format!("  {mark} {name:<22} {value}{why}"));
    }

    fn head(&self, url: &Url, reading: &Reading) {
        output::line(format!("{}  {}", self.paint.bold(reading.kind.as_str()), visible(url.as_str())));
        let fact = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                self.row(' ', name, &self.cut(value, 110), None);
            }
        };
        let canonical = reading.canonical.as_ref().map(|url| url.as_str());
        fact("canonical", canonical);
        fact("site", reading.site_name.as_deref());
        fact("agency", reading.agency.as_deref());
        fact("dateline", reading.dateline.as_deref());
        fact("paywalled", reading.paywalled.then_some("yes"));
        fact("encoding", Some(&reading.encoding));
    }

    /// What was taken first, then what was not; of one value from one source both are one.
    fn field(&self, field: &str, candidates: &[&Candidate]) {
        self.title(field);
        let taken = candidates.iter().filter(|candidate| candidate.rejected.is_none() && !candidate.value.is_empty());
        let mut nothing = true;
        for candidate in taken {
            nothing = false;
            self.row('+', &candidate.source, &self.cut(&candidate.value, 110), None);
        }
        if nothing {
            output::line("  + nothing");
        }
        for candidate in candidates.iter().filter(|candidate| candidate.rejected.is_some()) {
            self.row('-', &candidate.source, &self.cut(&candidate.value, 80), candidate.rejected.as_deref());
        }
    }

    fn lists(&self, reading: &Reading) {
        if !reading.credits.is_empty() {
            self.title("credits");
        }
        for credit in &reading.credits {
            let linked = credit.linked.then_some("linked");
            self.row('+', credit.outlet.as_str(), &self.cut(&credit.sentence, 110), linked);
        }
        if !reading.claims.is_empty() {
            self.title("claims");
        }
        for claim in &reading.claims {
            let rating = &claim.rating;
            let number = rating.value.map(|value| value.to_string());
            let verdict = rating.name.as_deref().or(number.as_deref()).unwrap_or("no verdict");
            self.row('+', verdict, &self.cut(&claim.claim, 110), claim.claimant.as_deref());
        }
        if !reading.images.is_empty() {
            self.title("images");
        }
        for image in &reading.images {
            let caption = image.caption.as_deref().unwrap_or(&image.url);
            self.row('+', "image", &self.cut(caption, 110), image.credit.as_deref());
        }
        if !reading.links.is_empty() {
            self.title("links");
        }
        for link in &reading.links {
            self.row('+', &self.cut(&link.anchor, 22), &visible(link.url.as_str()), None);
        }
    }

    fn text(&self, reading: &Reading, passages: &[Passage]) {
        let kept = passages.iter().filter(|passage| passage.dropped.is_none()).count();
        let letters = reading.body.chars().count();
        self.title(&format!("text: {letters} characters, {kept} of {} passages", passages.len()));
        let mut at = 0;
        while at < passages.len() {
            let why = passages[at].dropped.as_deref();
            let alike = |passage: &&Passage| why.is_some() && passage.dropped.as_deref() == why;
            let run = passages[at..].iter().take_while(alike).count().max(1);
            let shown = if run > RUN + 1 { RUN } else { run };
            passages[at..at + shown].iter().for_each(|passage| self.passage(passage));
            if run > shown {
                output::line(self.paint.dim(&format!("  - … {} more, {}", run - shown, why.unwrap_or_default())));
            }
            at += run;
        }
    }

    fn passage(&self, passage: &Passage) {
        let mark = if passage.dropped.is_none() { '+' } else { '-' };
        let likely = passage.likely.map_or_else(|| "    ".to_owned(), |likely| format!("{likely:.2}"));
        let text: String = passage.text.chars().take(100).collect();
        let text = if text.len() < passage.text.len() { format!("{text}…") } else { text };
        let why = passage.dropped.as_deref().map(|why| self.paint.dim(&format!("  ({why})"))).unwrap_or_default();
        let place = visible(&passage.place);
        output::line(format!("  {mark} {likely} {place:<28} {}{why}", self.cut(&text, 80)));
    }

    fn notes(&self, notes: &[String]) {
        if notes.is_empty() {
            return;
        }
        self.title("notes");
        notes.iter().for_each(|note| output::line(format!("    {}", visible(note))));
    }
}
