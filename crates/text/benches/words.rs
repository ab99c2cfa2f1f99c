//! How fast texts are cut into words: `cargo bench -p courant-text --bench words`. One thread. "Literal" is the
//! cut without stems and sounds; "never seen" cuts each text on a thread that remembers no word.

mod texts;

use courant_model::Language;
use courant_text::{literal_words, words};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

#[divan::bench]
fn with_stems_and_sounds(bencher: Bencher<'_, '_>) {
    measure(bencher, |text, language| drop(black_box(words(text, language))));
}

#[divan::bench]
fn never_seen(bencher: Bencher<'_, '_>) {
    measure(bencher, |text, language| {
        std::thread::scope(|scope| drop(scope.spawn(|| drop(black_box(words(text, language)))).join()));
    });
}

#[divan::bench]
fn literal(bencher: Bencher<'_, '_>) {
    measure(bencher, |text, language| drop(black_box(literal_words(text, language))));
}

fn measure(bencher: Bencher<'_, '_>, cut: impl Fn(&str, Language)) {
    let texts = texts::texts();
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        texts.iter().for_each(|(language, text)| cut(black_box(text), *language));
    });
}
