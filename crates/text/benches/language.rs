//! How fast languages are told: `cargo bench -p courant-text --bench language`. One thread.

mod texts;

use std::process::Command;

use courant_text::{Hints, language};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

/// Said to a second process of this bench: tell one text and end.
const ONCE: &str = "--once";

fn main() {
    if std::env::args().any(|argument| argument == ONCE) {
        black_box(language("Журналисты нашли документы о счетах депутата.", &Hints::default(), None));
        return;
    }
    divan::main();
}

/// Sentences, one by one, with nothing known of them.
#[divan::bench]
fn sentences(bencher: Bencher<'_, '_>) {
    let texts = texts::texts();
    let sentences: Vec<&str> = texts.iter().flat_map(|(_, text)| text.lines()).collect();
    bencher.counter(ItemsCount::new(sentences.len())).bench_local(|| {
        for sentence in &sentences {
            black_box(language(black_box(sentence), &Hints::default(), None));
        }
    });
}

/// The first text of a process, with all that is made ready for it, and the process itself.
#[divan::bench(sample_size = 1)]
fn first_text_of_a_process(bencher: Bencher<'_, '_>) {
    let Ok(program) = std::env::current_exe() else { return };
    bencher.bench_local(|| Command::new(&program).arg(ONCE).status().map(|status| status.success()));
}
