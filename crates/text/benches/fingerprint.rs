//! How fast texts are fingerprinted and compared: `cargo bench -p courant-text --bench fingerprint`. Texts of some
//! five hundred words, one of each language; one thread.

mod texts;

use courant_model::Language;
use courant_text::fingerprint::{Shingles, Signature};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn articles() -> Vec<(Language, String)> {
    texts::texts().into_iter().map(|(language, text)| (language, text.chars().take(3000).collect())).collect()
}

fn sets() -> Vec<Shingles> {
    articles().iter().map(|(language, text)| Shingles::new(text, *language)).collect()
}

#[divan::bench]
fn shingles_of_a_text(bencher: Bencher<'_, '_>) {
    let articles = articles();
    bencher.counter(ItemsCount::new(articles.len())).bench_local(|| {
        for (language, text) in &articles {
            black_box(Shingles::new(black_box(text), *language));
        }
    });
}

#[divan::bench]
fn signatures_of_shingles(bencher: Bencher<'_, '_>) {
    let sets = sets();
    bencher.counter(ItemsCount::new(sets.len())).bench_local(|| {
        for set in &sets {
            black_box(Signature::new(black_box(set)));
        }
    });
}

#[divan::bench]
fn exact_containments(bencher: Bencher<'_, '_>) {
    let sets = sets();
    bencher.counter(ItemsCount::new(sets.len() * sets.len())).bench_local(|| {
        for (one, other) in sets.iter().flat_map(|one| sets.iter().map(move |other| (one, other))) {
            black_box(one.containment(other));
        }
    });
}

#[divan::bench]
fn estimated_resemblances(bencher: Bencher<'_, '_>) {
    let signatures: Vec<Signature> = sets().iter().filter_map(Signature::new).collect();
    bencher.counter(ItemsCount::new(signatures.len() * signatures.len())).bench_local(|| {
        for (one, other) in signatures.iter().flat_map(|one| signatures.iter().map(move |other| (one, other))) {
            black_box(one.resemblance(other));
        }
    });
}
