//! Files of the repository that make promises, held to them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use courant_tests::{Courant, root};

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_reference_settings_change_nothing() {
    let courant = Courant::new("");
    let in_force = courant.run(&["config"]).done().stdout;
    courant.set(&read("courant.toml"));
    assert_eq!(courant.run(&["config"]).done().stdout, in_force);
}

#[test]
fn every_command_and_flag_stands_in_the_document() {
    let document = read("docs/CLI.md");
    let courant = Courant::new("");
    let mut missing = BTreeSet::new();
    for command in commands(&courant, &[]) {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let name = words.join(" ");
        if !document.contains(&name) {
            missing.insert(format!("courant {name}"));
        }
        for flag in flags(&courant, &words) {
            if !document.contains(&flag) {
                missing.insert(format!("courant {name} {flag}"));
            }
        }
    }
    assert!(missing.is_empty(), "not in docs/CLI.md: {missing:#?}");
}

/// All commands below `above`, as their help lists them.
fn commands(courant: &Courant, above: &[&str]) -> Vec<Vec<String>> {
    let help = help(courant, above);
    let listed = help.split_once("Commands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap_or_default());
    let mut all = Vec::new();
    for line in listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap_or_default();
        if name.is_empty() || name == "help" {
            continue;
        }
        let words: Vec<&str> = above.iter().copied().chain([name]).collect();
        let below = commands(courant, &words);
        match below.is_empty() {
            true => all.push(words.iter().map(|word| (*word).to_owned()).collect()),
            false => all.extend(below),
        }
    }
    all
}

fn flags(courant: &Courant, command: &[&str]) -> BTreeSet<String> {
    let help = help(courant, command);
    let words = help.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| word.starts_with("--") && word.len() > 3).map(str::to_owned).collect()
}

fn help(courant: &Courant, command: &[&str]) -> String {
    let mut args = command.to_vec();
    args.push("--help");
    courant.run(&args).done().stdout
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut dead = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).expect("a document");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or_default();
            let is_ours = !path.is_empty() && !path.contains("://") && !path.starts_with("mailto:");
            if is_ours && !document.parent().unwrap_or(Path::new("")).join(path).exists() {
                dead.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn the_map_names_every_crate() {
    let map = read("ARCHITECTURE.md");
    for entry in std::fs::read_dir(root().join("crates")).expect("crates/") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(map.contains(&format!("`{name}`")), "{name} is not in ARCHITECTURE.md");
    }
}

#[test]
fn scripts_can_be_run() {
    for script in ["scripts/test", "scripts/eval", "scripts/prove", ".ci/run"] {
        let path = root().join(script);
        let first = read(script).lines().next().unwrap_or_default().to_owned();
        assert!(first.starts_with("#!"), "{script}: {first}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
            assert_eq!(mode & 0o111, 0o111, "{script} is not executable");
        }
    }
}

fn documents() -> Vec<PathBuf> {
    let mut all = Vec::new();
    for folder in [root(), root().join("docs"), root().join("data")] {
        let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let markdown =
            files.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "md"));
        all.extend(markdown);
    }
    all
}
