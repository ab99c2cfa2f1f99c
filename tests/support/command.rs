//! The binary: found once, run to its end or started and ended by hand, each in a folder of its own.

use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::wait::{wait, wait_for};

/// A command that has not ended by then is killed, and its test fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// The `courant` binary: the one that `COURANT` names, else built once, in the profile and the
/// target folder of the tests themselves.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = BINARY.get_or_init(|| std::env::var_os("COURANT").map(PathBuf::from).or_else(build));
    built.as_deref().expect("cargo build -p courant-app works (it failed above, and is not tried again)")
}

/// Whether the binary is one that users have: `COURANT` names it, or the tests are built as it is.
pub fn is_optimised() -> bool {
    std::env::var_os("COURANT").is_some() || !cfg!(debug_assertions)
}

fn build() -> Option<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "-p", "courant-app", "--message-format=json-render-diagnostics"]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let built = command.current_dir(crate::root()).stderr(Stdio::inherit()).output().expect("cargo can be run");
    if !built.status.success() {
        return None;
    }
    let executable = |line: &str| serde_json::from_str::<Value>(line).ok()?["executable"].as_str().map(PathBuf::from);
    let told = String::from_utf8_lossy(&built.stdout);
    told.lines().filter_map(executable).next_back()
}

/// A Courant with a place of its own: a folder that it is started in, with `courant.toml` where
/// there are settings, and its data below.
#[derive(Debug)]
pub struct Courant {
    home: PathBuf,
    data: PathBuf,
    _kept: Option<TempDir>,
}

impl Courant {
    /// In a new temporary folder, with these settings (none: the defaults).
    pub fn new(settings: &str) -> Self {
        let home = tempfile::Builder::new().prefix("courant-journey-").tempdir().expect("a temporary folder");
        let courant = Self { home: home.path().to_owned(), data: home.path().join("data"), _kept: Some(home) };
        courant.set(settings);
        courant
    }

    /// Over data that lies elsewhere, started in that folder.
    pub fn over(data: &Path) -> Self {
        Self { home: data.to_owned(), data: data.to_owned(), _kept: None }
    }

    /// Writes the settings anew.
    pub fn set(&self, settings: &str) {
        std::fs::write(self.home.join("courant.toml"), settings).expect("settings can be written");
    }

    /// Where its data lies.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The folder it is started in.
    pub fn home(&self) -> &Path {
        &self.home
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(args).current_dir(&self.home).env("COURANT_DATA_DIR", &self.data).env_remove("COURANT_LOG");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs to the end.
    ///
    /// # Panics
    /// Where there is no end within two minutes.
    pub fn run(&self, args: &[&str]) -> Finished {
        self.start(args).end(PATIENCE)
    }

    /// Starts, and leaves it running.
    pub fn start(&self, args: &[&str]) -> Running {
        let child = self.command(args).spawn();
        Running::new(child.unwrap_or_else(|error| panic!("{}: {error}", binary().display())), args)
    }
}

/// How a command ended.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The arguments, for messages.
    pub args: String,
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// Results.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

impl Finished {
    /// The same, which must have ended well.
    pub fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "courant {}: {}", self.args, self.stderr);
        self
    }

    /// Results as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("courant {}: no JSON ({error}): {}{}", self.args, self.stdout, self.stderr))
    }

    /// Holds it to the house's form of failure: exit 2, one line on stderr that has all of `told`,
    /// nothing on stdout.
    pub fn failed_with(&self, told: &[&str]) {
        self.did_not_panic();
        assert_eq!(self.code, Some(2), "courant {}: {self:?}", self.args);
        assert_eq!(self.stdout, "", "courant {}", self.args);
        let lines: Vec<&str> = self.stderr.lines().filter(|line| !line.trim().is_empty()).collect();
        assert_eq!(lines.len(), 1, "courant {}: one line, not {lines:#?}", self.args);
        for part in told {
            assert!(lines[0].contains(part), "courant {}: '{part}' is not in: {}", self.args, lines[0]);
        }
    }

    /// The same where the command told what it was doing before: the last line is the failure's.
    pub fn failed_with_last(&self, told: &[&str]) {
        self.did_not_panic();
        assert_eq!(self.code, Some(2), "courant {}: {self:?}", self.args);
        let last = self.stderr.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        for part in told {
            assert!(last.contains(part), "courant {}: '{part}' is not in: {last}", self.args);
        }
    }

    /// Holds it to never having panicked, however it ended.
    pub fn did_not_panic(&self) {
        for stream in [&self.stdout, &self.stderr] {
            assert!(!stream.contains("panicked"), "courant {}: {stream}", self.args);
        }
        assert!(self.code.is_some(), "courant {}: ended by a signal: {}", self.args, self.stderr);
    }
}

/// A Courant at work. Dropping it kills it.
#[derive(Debug)]
pub struct Running {
    args: String,
    child: Child,
    stdout: Told,
    stderr: Told,
}

impl Running {
    pub(crate) fn new(mut child: Child, args: &[&str]) -> Self {
        let stdout = Told::listen(child.stdout.take());
        let stderr = Told::listen(child.stderr.take());
        Self { args: args.join(" "), child, stdout, stderr }
    }

    /// Waits for a line of talk that contains `part`, and returns it.
    ///
    /// # Panics
    /// When it does not come, or the process ends before.
    pub fn line(&mut self, part: &str, within: Duration) -> String {
        let what = format!("'{part}' from courant {}", self.args);
        let found = wait(&what, within, || {
            let over = !self.is_alive();
            match self.stderr.lines().into_iter().find(|line| line.contains(part)) {
                Some(line) => Some(Ok(line)),
                None => over.then(|| Err(self.stderr.all())),
            }
        });
        found.unwrap_or_else(|told| panic!("ended without {what}: {told}"))
    }

    /// What it has said so far.
    pub fn talk(&self) -> Vec<String> {
        self.stderr.lines()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended yet.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("a child can be asked").is_none()
    }

    /// Kills it (SIGKILL): no goodbye, nothing finished.
    pub fn kill(mut self) {
        self.die();
    }

    /// Asks it to end (SIGTERM), and waits until it has.
    pub fn stop(self, within: Duration) -> Finished {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().expect("kill can be run");
        assert!(asked.success(), "courant {} had ended already", self.args);
        self.end(within)
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// Where there is none within that time; it is killed then.
    pub fn end(mut self, within: Duration) -> Finished {
        let ended = wait_for(within, || self.child.try_wait().expect("a child can be asked"));
        let Some(status) = ended else {
            self.die();
            panic!("courant {} did not end within {within:?}: {}", self.args, self.stderr.all());
        };
        self.finished(status)
    }

    fn finished(&mut self, status: ExitStatus) -> Finished {
        self.stdout.finish();
        self.stderr.finish();
        Finished { args: self.args.clone(), code: status.code(), stdout: self.stdout.all(), stderr: self.stderr.all() }
    }

    fn die(&mut self) {
        // It may have ended by itself in the meantime.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.die();
    }
}

/// What one stream has said so far, read by a thread so that the process never waits for us.
#[derive(Debug)]
struct Told {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Told {
    fn listen(stream: Option<impl Read + Send + 'static>) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&text);
        let reader = stream.map(|stream| {
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream);
                let mut line = Vec::new();
                while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                    heard.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&line));
                    line.clear();
                }
            })
        });
        Self { text, reader }
    }

    fn all(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn lines(&self) -> Vec<String> {
        self.all().lines().map(str::to_owned).collect()
    }

    fn finish(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reading thread does not panic");
        }
    }
}
