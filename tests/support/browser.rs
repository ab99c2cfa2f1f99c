//! A real browser, where one is installed: Chromium without a window, spoken to over two pipes in
//! its own protocol (`--remote-debugging-pipe`: JSON messages that end in a zero byte, in at file
//! descriptor 3, out at 4). No driver, no socket.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A page that has not loaded, a command that is not answered by then, is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// The browser that is installed here, if any.
pub fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    let mut found = std::env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name)));
    found.find(|program| program.is_file())
}

/// A page as the browser saw it.
#[derive(Debug)]
pub struct Seen {
    /// What the console, the network and the page's policy complained about.
    pub complaints: Vec<String>,
    /// Every address that was asked for.
    pub requests: Vec<String>,
    /// How wide the content is, in CSS pixels.
    pub content_width: u64,
    /// How wide the window is, in CSS pixels.
    pub window_width: u64,
}

/// A browser at work. Dropping it ends it.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: String,
    asked: u64,
    complaints: Vec<String>,
    requests: Vec<String>,
    loaded: bool,
    _profile: TempDir,
}

impl Browser {
    /// Starts `program` with an empty profile and an empty page.
    pub fn start(program: &std::path::Path) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        // The shell moves the pipes to where Chromium wants them; `exec` leaves it in our hands.
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#, "sh"])
            .arg(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--no-first-run", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell can be run");
        let to = child.stdin.take().expect("a piped stream");
        let from = child.stdout.take().expect("a piped stream");
        let (heard, inbox) = channel();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(from);
            let mut message = Vec::new();
            while reader.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                message.pop();
                if let Ok(value) = serde_json::from_slice(&message)
                    && heard.send(value).is_err()
                {
                    return;
                }
                message.clear();
            }
        });
        let mut browser = Self {
            child,
            to,
            from: inbox,
            session: String::new(),
            asked: 0,
            complaints: Vec::new(),
            requests: Vec::new(),
            loaded: false,
            _profile: profile,
        };
        let target = browser.ask("Target.createTarget", &json!({"url": "about:blank"}))["targetId"].clone();
        let attached = browser.ask("Target.attachToTarget", &json!({"targetId": target, "flatten": true}));
        browser.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    /// Opens `url` in a window of that size and waits until it has loaded.
    pub fn see(&mut self, url: &str, width: u32, height: u32) -> Seen {
        let mobile = width < 600;
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.ask("Emulation.setDeviceMetricsOverride", &metrics);
        self.complaints.clear();
        self.requests.clear();
        self.loaded = false;
        let went = self.ask("Page.navigate", &json!({"url": url}));
        assert!(went.get("errorText").is_none(), "{url}: {went}");
        let deadline = Instant::now() + PATIENCE;
        while !self.loaded {
            self.hear(deadline, &format!("{url} to load"));
        }
        let number = |value: Value| value.as_u64().unwrap_or_default();
        // What the last tasks of the page complained about comes before these answers.
        let content_width = number(self.evaluate("document.documentElement.scrollWidth"));
        let window_width = number(self.evaluate("document.documentElement.clientWidth"));
        Seen {
            complaints: std::mem::take(&mut self.complaints),
            requests: std::mem::take(&mut self.requests),
            content_width,
            window_width,
        }
    }

    /// The value of an expression in the open page.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let answer = self.ask("Runtime.evaluate", &json!({"expression": expression, "returnByValue": true}));
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// A picture of the open page, whole: a PNG.
    pub fn picture(&mut self) -> Vec<u8> {
        let answer = self.ask("Page.captureScreenshot", &json!({"format": "png", "captureBeyondViewport": true}));
        let text = answer["data"].as_str().expect("a picture");
        base64::engine::general_purpose::STANDARD.decode(text).expect("the protocol's base64")
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let mut message = json!({"id": self.asked, "method": method, "params": params});
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).unwrap_or_else(|error| panic!("the browser has ended: {error}"));
        let deadline = Instant::now() + PATIENCE;
        loop {
            let heard = self.hear(deadline, method);
            if heard["id"] == json!(self.asked) {
                assert!(heard.get("error").is_none(), "{method}: {heard}");
                return heard["result"].clone();
            }
        }
    }

    /// Takes the next message, and notes what is told in passing.
    fn hear(&mut self, deadline: Instant, what: &str) -> Value {
        let left = deadline.saturating_duration_since(Instant::now());
        let message = self.from.recv_timeout(left);
        let message = message.unwrap_or_else(|error| panic!("waited for {what} from the browser: {error}"));
        let params = &message["params"];
        match message["method"].as_str().unwrap_or_default() {
            "Page.loadEventFired" => self.loaded = true,
            "Network.requestWillBeSent" => {
                self.requests.push(params["request"]["url"].as_str().unwrap_or_default().to_owned());
            }
            "Network.loadingFailed" => self.complaints.push(format!("not loaded: {}", params["errorText"])),
            "Log.entryAdded" => self.complaints.push(params["entry"]["text"].to_string()),
            "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" => self.complaints.push(params.to_string()),
            _ => {}
        }
        message
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended by itself in the meantime.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, Newsroom};

    #[test]
    fn it_sees_what_a_page_does() {
        let Some(program) = installed() else { return crate::skipped("browser harness", "no chromium is installed") };
        let newsroom = Newsroom::open();
        let wide = "<title>w</title><div style='width:900px'>x</div><script>console.log('hello')</script>\
                    <img src='/none.png'>";
        newsroom.put("127.0.0.1", "/", Answer::html(wide));
        let mut browser = Browser::start(&program);
        let seen = browser.see(&newsroom.url("127.0.0.1", "/"), 390, 844);
        assert!(seen.content_width >= 900, "{seen:?}");
        assert!(seen.requests.iter().any(|url| url.ends_with("/none.png")), "{seen:?}");
        assert!(seen.complaints.iter().any(|told| told.contains("hello")), "{seen:?}");
        assert!(seen.complaints.iter().any(|told| told.contains("404")), "{seen:?}");
        assert_eq!(browser.evaluate("document.title"), json!("w"));
        assert!(browser.picture().starts_with(b"\x89PNG"));
    }
}
