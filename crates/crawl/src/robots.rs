//! robots.txt as RFC 9309 has it: bytes in, "may this agent fetch that URL" out.
//!
//! Nothing in a file is an error. Where the RFC is silent this follows Google's open reader (colon
//! forgotten, `Disalow`, `index.html`), by which most files were tried out. What a status code means
//! for a whole site is here too; how a rule matches a path is in `pattern`.

mod pattern;

use jiff::SignedDuration;

use pattern::path_of;
pub(crate) use pattern::{Pattern, normal};

/// A file is read so far (RFC 9309 section 2.5 asks for at least this).
pub(crate) const MAX_BYTES: usize = 500 * 1024;
/// A line is read so far: eight times the longest URL that browsers took.
const MAX_LINE: usize = 2083 * 8 - 1;

/// A robots.txt that was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    groups: Vec<Group>,
    sitemaps: Vec<String>,
    stats: RobotsStats,
}

/// What was seen in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RobotsStats {
    /// Number of the last line that holds a key and a value, from 1.
    pub lines: usize,
    /// User-agent, allow, disallow and sitemap lines.
    pub directives: usize,
    /// Lines with any other key.
    pub unknown: usize,
}

/// One or more user-agent lines, and the rules up to the next.
#[derive(Debug, Clone, Default, PartialEq)]
struct Group {
    /// In lower case; `*` for all.
    agents: Vec<String>,
    rules: Vec<Rule>,
    /// Of the agents before it, and so many of them.
    delays: Vec<(usize, SignedDuration)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    pattern: Pattern,
    /// The line it stands in, from 1.
    line: usize,
}

impl Robots {
    /// Reads a file, at most [`MAX_BYTES`] of it. A byte order mark is passed over; a file in
    /// UTF-16 is taken out of it.
    pub fn parse(bytes: &[u8]) -> Self {
        let cut = match bytes.get(..MAX_BYTES) {
            // A line that the limit cuts in two would say something else than was meant.
            Some(head) => &head[..head.iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(0, |at| at + 1)],
            None => bytes,
        };
        let utf16 = from_utf16(cut);
        let mut reader = Reader::default();
        for (number, line) in lines(without_mark(utf16.as_deref().unwrap_or(cut))).enumerate() {
            reader.line(number + 1, &line[..line.len().min(MAX_LINE)]);
        }
        reader.robots
    }

    /// Whether `agent` (a product token: `courant`) may fetch `url` (absolute, or from the path
    /// on). The longest matching rule decides, allow where two are of one length, yes where none
    /// matches. The rules for `*` count only where no group names the agent.
    pub fn allowed(&self, agent: &str, url: &str) -> bool {
        self.deciding(agent, url).is_none_or(|rule| rule.allow)
    }

    /// The rule that decides about `url`; `None` where none speaks of it.
    fn deciding(&self, agent: &str, url: &str) -> Option<&Rule> {
        let path = normal(path_of(url).as_bytes());
        let agent = agent.to_ascii_lowercase();
        let named = self.groups.iter().any(|group| group.agents.contains(&agent));
        let wanted = if named { agent.as_str() } else { "*" };
        let weight = |rule: &Rule| (rule.pattern.length, rule.allow);
        let mut best: Option<&Rule> = None;
        for rule in self.groups.iter().filter(|group| group.agents.iter().any(|a| a == wanted)).flat_map(|g| &g.rules) {
            // An empty rule matches everything, and decides nothing.
            let heavier = rule.pattern.length > 0 && best.is_none_or(|best| weight(best) < weight(rule));
            if heavier && rule.pattern.matches(&path) {
                best = Some(rule);
            }
        }
        best
    }

    /// What decides about `url`, in words: `disallowed by line 4`.
    pub fn told(&self, agent: &str, url: &str) -> String {
        match self.deciding(agent, url) {
            Some(Rule { allow: true, line, .. }) => format!("allowed by line {line} of robots.txt"),
            Some(Rule { line, .. }) => format!("disallowed by line {line} of robots.txt"),
            None => "allowed: no rule of robots.txt speaks of it".to_owned(),
        }
    }

    /// The pause that the file asks `agent` to keep between two requests, the longest where it asks
    /// twice. (Not in the RFC, but written by many and meant.)
    pub fn crawl_delay(&self, agent: &str) -> Option<SignedDuration> {
        let agent = agent.to_ascii_lowercase();
        let named = self.groups.iter().any(|group| group.agents.contains(&agent));
        let wanted = if named { agent.as_str() } else { "*" };
        let delays = self.groups.iter().flat_map(|group| {
            let agents = &group.agents;
            group.delays.iter().filter(move |(count, _)| agents[..*count].iter().any(|a| a == wanted))
        });
        delays.map(|(_, delay)| *delay).max()
    }

    /// The sitemaps that the file names, as written.
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    /// What was seen in the file.
    pub fn stats(&self) -> RobotsStats {
        self.stats
    }
}

/// Whether `token` can name a crawler in a robots.txt: letters, `-` and `_` (RFC 9309 section
/// 2.2.1).
pub fn agent_valid(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(is_token)
}

/// What an origin's robots.txt, as answered or not answered, means for its pages (RFC 9309 section
/// 2.3.1).
#[derive(Debug, Clone, PartialEq)]
pub enum RobotsVerdict {
    /// The file's rules.
    Rules(Robots),
    /// There is no file: everything may be fetched.
    Open,
    /// The file itself was refused (401, 403). The RFC would let us in; a server that does not let
    /// us read its rules is taken not to want us.
    Closed(u16),
    /// Nobody knows: nothing may be fetched until somebody does. The status, where there was one.
    ///
    /// However long that lasts. RFC 9309 (section 2.3.1.4) would let a crawler in after some thirty
    /// days; but a server that cannot tell its rules for a month is in trouble or in other hands, and
    /// the pages behind it are no likelier to be meant for us than before. A file that is really gone
    /// answers 404, and opens the site at once.
    Unreachable(Option<u16>),
}

impl RobotsVerdict {
    /// Judges the final answer to `/robots.txt`; `status` is `None` where there was none. A
    /// redirect that led nowhere counts as "no file".
    pub fn of(status: Option<u16>, body: &[u8]) -> Self {
        match status {
            Some(200..=299) => Self::Rules(Robots::parse(body)),
            Some(status @ (401 | 403)) => Self::Closed(status),
            Some(429) => Self::Unreachable(status),
            Some(300..=499) => Self::Open,
            _ => Self::Unreachable(status),
        }
    }

    /// Whether `agent` may fetch `url`.
    pub fn allowed(&self, agent: &str, url: &str) -> bool {
        match self {
            Self::Rules(robots) => robots.allowed(agent, url),
            Self::Open => true,
            Self::Closed(_) | Self::Unreachable(_) => false,
        }
    }

    /// The pause that is asked of `agent`.
    pub fn crawl_delay(&self, agent: &str) -> Option<SignedDuration> {
        match self {
            Self::Rules(robots) => robots.crawl_delay(agent),
            _ => None,
        }
    }

    /// What decides about `url`, in words, for the log of requests.
    pub fn told(&self, agent: &str, url: &str) -> String {
        match self {
            Self::Rules(robots) => robots.told(agent, url),
            Self::Open => "allowed: there is no robots.txt".to_owned(),
            Self::Closed(_) | Self::Unreachable(_) => self.reason(),
        }
    }

    /// Why a page may not be fetched, for a person.
    pub fn reason(&self) -> String {
        match self {
            Self::Rules(_) => "robots.txt disallows it".to_owned(),
            Self::Open => "robots.txt allows it".to_owned(),
            Self::Closed(status) => format!("robots.txt itself is refused with status {status}"),
            Self::Unreachable(Some(status)) => format!("robots.txt answers with status {status}"),
            Self::Unreachable(None) => "robots.txt cannot be reached".to_owned(),
        }
    }
}

/// Collects groups line by line.
#[derive(Default)]
struct Reader {
    robots: Robots,
    /// A rule was seen since the last user-agent line: the next one begins a group.
    in_rules: bool,
}

impl Reader {
    fn line(&mut self, number: usize, line: &[u8]) {
        let Some((key, value)) = key_and_value(line) else { return };
        let stats = &mut self.robots.stats;
        stats.lines = number;
        match Key::read(key) {
            Key::Unknown => stats.unknown += 1,
            Key::CrawlDelay => stats.unknown += 1,
            _ => stats.directives += 1,
        }
        match Key::read(key) {
            Key::UserAgent => self.agent(value),
            Key::Allow => self.rule(true, value, number),
            Key::Disallow => self.rule(false, value, number),
            Key::Sitemap => self.robots.sitemaps.push(String::from_utf8_lossy(value).into_owned()),
            Key::CrawlDelay => self.delay(value),
            Key::Unknown => {}
        }
    }

    fn agent(&mut self, value: &[u8]) {
        if self.in_rules || self.robots.groups.is_empty() {
            self.robots.groups.push(Group::default());
            self.in_rules = false;
        }
        let group = self.robots.groups.last_mut().expect("one was pushed where there was none");
        let agent = match value {
            // "* and more" is still for all.
            [b'*'] => "*".to_owned(),
            [b'*', next, ..] if next.is_ascii_whitespace() => "*".to_owned(),
            // "FooBot/1.2 (+https://…)" names FooBot.
            _ => {
                let token = value.iter().take_while(|b| is_token(**b));
                token.map(|b| char::from(b.to_ascii_lowercase())).collect()
            }
        };
        group.agents.push(agent);
    }

    fn rule(&mut self, allow: bool, value: &[u8], line: usize) {
        // Rules before any user-agent line are for nobody.
        let Some(group) = self.robots.groups.last_mut() else { return };
        self.in_rules = true;
        group.rules.push(Rule { allow, pattern: Pattern::new(value), line });
        // Who allows "/a/index.html" means the folder's front page too.
        let file = value.iter().rposition(|b| *b == b'/').filter(|at| value[*at..].starts_with(b"/index.htm"));
        if let (true, Some(at)) = (allow, file) {
            let mut folder = value[..=at].to_vec();
            folder.push(b'$');
            group.rules.push(Rule { allow, pattern: Pattern::new(&folder), line });
        }
    }

    fn delay(&mut self, value: &[u8]) {
        let Some(group) = self.robots.groups.last_mut() else { return };
        let seconds = std::str::from_utf8(value).ok().and_then(|text| text.trim().parse::<f64>().ok());
        let Some(seconds) = seconds.filter(|s| s.is_finite() && *s >= 0.0) else { return };
        // Thirty years are as good as for ever, and cannot overflow.
        let delay = SignedDuration::from_millis((seconds * 1000.0).min(1e12) as i64);
        group.delays.push((group.agents.len(), delay));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    UserAgent,
    Allow,
    Disallow,
    Sitemap,
    CrawlDelay,
    Unknown,
}

/// Keys by how they begin, misspellings as found in the wild.
const KEYS: &[(&str, Key)] = &[
    ("user-agent", Key::UserAgent),
    ("useragent", Key::UserAgent),
    ("user agent", Key::UserAgent),
    ("allow", Key::Allow),
    ("disallow", Key::Disallow),
    ("dissallow", Key::Disallow),
    ("dissalow", Key::Disallow),
    ("disalow", Key::Disallow),
    ("diasllow", Key::Disallow),
    ("disallaw", Key::Disallow),
    ("sitemap", Key::Sitemap),
    ("site-map", Key::Sitemap),
    ("crawl-delay", Key::CrawlDelay),
    ("crawldelay", Key::CrawlDelay),
];

impl Key {
    fn read(key: &[u8]) -> Self {
        let begins = |name: &str| key.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()));
        KEYS.iter().find(|(name, _)| begins(name)).map_or(Self::Unknown, |(_, key)| *key)
    }
}

/// `key: value` of a line, trimmed and without its comment. A forgotten colon is forgiven where the
/// line holds exactly two words.
fn key_and_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.split(|b| *b == b'#').next()?.trim_ascii();
    let at = line.iter().position(|b| *b == b':').or_else(|| {
        let gap = line.iter().position(|b| matches!(b, b' ' | b'\t'))?;
        (!line[gap..].trim_ascii().iter().any(|b| matches!(b, b' ' | b'\t'))).then_some(gap)
    })?;
    let key = line[..at].trim_ascii();
    (!key.is_empty()).then(|| (key, line[at + 1..].trim_ascii()))
}

/// Lines ended by CR, LF or both.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let Some(at) = bytes.iter().position(|b| matches!(b, b'\n' | b'\r')) else {
            rest = None;
            return Some(bytes);
        };
        let width = if bytes[at..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = Some(&bytes[at + width..]);
        Some(&bytes[..at])
    })
}

/// Without a byte order mark, or what is left of one.
fn without_mark(bytes: &[u8]) -> &[u8] {
    let shared = bytes.iter().zip(b"\xef\xbb\xbf").take_while(|(a, b)| a == b).count();
    &bytes[shared..]
}

fn from_utf16(bytes: &[u8]) -> Option<Vec<u8>> {
    let read: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let units = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
    Some(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect::<String>().into_bytes())
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests;
