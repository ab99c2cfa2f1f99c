//! No connection to an address inside, whatever a feed, a page, a redirect or a name server says: in a
//! network of its own, where every address that must not be reached has a listener that counts.
//!
//! The attacks are a public table's (`$COURANT_EVAL/suites/ssrf_scenarios.jsonl`), and `ssrf.py` plays
//! them. Listeners that nobody can reach would prove nothing: the last row is a control.

use std::io::Write as _;
use std::process::{Command, Stdio};

use courant_tests::{binary, eval, root, skipped};
use serde_json::Value;

#[test]
fn nothing_inside_is_ever_connected_to() {
    let what = "attacks on addresses inside";
    let Some(suite) = eval::file(what, "suites/ssrf_scenarios.jsonl") else { return };
    let apart = ["-r", "-n", "-m"];
    let works =
        |command: &mut Command| command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success());
    if !works(Command::new("unshare").args(apart).args(["ip", "link", "set", "lo", "up"])) {
        return skipped(what, "no network of its own can be made here (unshare -r -n -m, ip)");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let played = Command::new("unshare")
        .args(apart)
        .arg("python3")
        .arg(root().join("tests/journeys/ssrf.py"))
        .args([binary(), &suite, folder.path()])
        .output()
        .expect("unshare runs");
    let told = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    let rows: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (control, rows) = rows.split_last().expect("rows");
    assert_eq!(control["right"], true, "the listeners see who comes: {control}");
    let wrong: Vec<&Value> = rows.iter().filter(|row| row["right"] != true).collect();
    let mut out = std::io::stderr();
    let _ = writeln!(out, "eval ssrf_scenarios connections {}/{}", rows.len() - wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
