//! The figures of the evaluation data, held to `docs/floors.toml` by `scripts/eval --check`.

use std::process::Command;

use courant_tests::{binary, eval, root};

#[test]
fn no_figure_of_the_evaluation_data_has_dropped() {
    let Some(scorer) = eval::file("figures of the evaluation data", "suites/score.py") else { return };
    let data = scorer.ancestors().nth(2).expect("the scorer lies two folders down");
    let scored = Command::new("python3")
        .arg(root().join("scripts/eval"))
        .arg("--check")
        .env("COURANT", binary())
        .env("COURANT_EVAL", data)
        .output()
        .expect("python3 runs");
    assert!(
        scored.status.success(),
        "{}{}",
        String::from_utf8_lossy(&scored.stdout),
        String::from_utf8_lossy(&scored.stderr)
    );
}
