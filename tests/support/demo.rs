//! One served demo for all suites of a test run: both editions crawled, its site up.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::command::{Courant, Running, binary};
use crate::http::{self, Answered};

/// The served demo.
#[derive(Debug)]
pub struct Demo {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub site: String,
    /// The port that the newsroom's addresses bear.
    pub newsroom: u16,
    /// Where its data lies.
    pub data: PathBuf,
    /// From the start of the process until it said that edition one is searchable.
    pub searchable_after: Duration,
    /// All it said until both editions were read.
    pub talk: Vec<String>,
    _running: Running,
}

impl Demo {
    /// Asks the site for a path.
    pub fn get(&self, path: &str) -> Answered {
        http::get(&format!("{}{path}", self.site))
    }

    /// The command line over the same data.
    pub fn courant(&self) -> Courant {
        Courant::over(&self.data)
    }
}

/// The one demo of this process, started by whoever asks first. It ends with the process.
pub fn demo() -> &'static Demo {
    static DEMO: OnceLock<Option<Demo>> = OnceLock::new();
    // One that does not start is told once, by the test that tried, and not tried again by each.
    let started = DEMO.get_or_init(|| std::panic::catch_unwind(start).ok());
    started.as_ref().expect("the demo starts (it did not, and is not tried again)")
}

fn start() -> Demo {
    let newsroom = crate::free_port();
    let data = std::env::temp_dir().join(format!("courant-journey-demo-{}", std::process::id()));
    // Built first, where it is not built yet: that is no part of what a reader waits for.
    binary();
    let begun = Instant::now();
    let mut running = Running::new(guarded(&data, newsroom), &["demo"]);
    let patience = Duration::from_secs(120);
    let line = running.line("Searchable now:", patience);
    let searchable_after = begun.elapsed();
    running.line("Ctrl-C ends", patience);
    let site = line.split("http://").nth(1).unwrap_or_else(|| panic!("no address in: {line}"));
    let site = format!("http://{}", site.trim().trim_end_matches('/'));
    let talk = running.talk();
    Demo { site, newsroom, data, searchable_after, talk, _running: running }
}

/// The demo under a shell that kills it, and clears its data away, when this process is gone
/// however it went: nobody drops what is shared.
fn guarded(data: &std::path::Path, newsroom: u16) -> Child {
    const GUARD: &str = r#"exec 3<&0; data=$1; shift; "$@" 3<&- </dev/null & pid=$!
        cat <&3 >/dev/null; kill -9 $pid; wait $pid 2>/dev/null; rm -rf "$data""#;
    Command::new("sh")
        .args(["-c", GUARD, "sh"])
        .args([data, binary()])
        .args(["demo", "--bind", "127.0.0.1:0", "--newsroom", &format!("127.0.0.1:{newsroom}"), "--data-dir"])
        .arg(data)
        .env_remove("COURANT_LOG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell can be run")
}
