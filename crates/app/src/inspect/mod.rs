//! `courant inspect`: the reader's window into the machine. One input on the command line, for a
//! person; or a batch, for scorers and scripts: one JSON object a line in, one a line out, with its
//! `id`. A line that cannot be read gets an answer with an `error`, and never stops the batch.

mod date;
mod feed;
mod language;
mod page;
mod query;
mod robots;
mod sitemap;
mod url;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use courant_model::CanonicalUrl;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::{BatchArgs, InspectCommand};
use crate::clock::Clock;
use crate::pipeline::probe::Probe;
use crate::place::Place;
use crate::settings::Settings;
use crate::{Ended, catalogue, output};

/// A file larger than this is read up to here: what Courant would fetch is smaller.
const MAX_INPUT: u64 = 64 * 1024 * 1024;

pub(crate) fn inspect(settings: &Settings, what: &InspectCommand) -> Result<Ended> {
    match what {
        InspectCommand::Page(args) => {
            let known = catalogue::load(&settings.catalogue)?;
            let reader = page::Reader {
                catalogue: &known.catalogue,
                agencies: &known.agencies,
                newsrooms: Arc::new(catalogue::newsrooms(&known.catalogue)),
                rules: &known.rules,
                now: Clock::system().now(),
            };
            if let (None, Some(input)) = (&args.batch, &args.input) {
                let document = Document::named(args, input);
                let (bytes, url) = (document.bytes(Path::new("."))?, document.address()?);
                return page::show(&reader, &bytes, None, &url, args.json);
            }
            let none = |_: &BatchArgs, _: &str| bail!("name an input");
            run(args, none, |request, dir| page::answer(&reader, request, dir))
        }
        InspectCommand::Feed(args) => run(args, feed::one, feed::answer),
        InspectCommand::Sitemap(args) => run(args, sitemap::one, sitemap::answer),
        InspectCommand::Robots(args) => run(args, robots::one, robots::answer),
        InspectCommand::Url(args) => run(args, url::one, url::answer),
        InspectCommand::Language(args) => run(args, language::one, language::answer),
        InspectCommand::Date(args) => run(args, date::one, date::answer),
        InspectCommand::Query(args) => {
            let known = catalogue::load(&settings.catalogue)?;
            let reader = query::Reader { catalogue: &known.catalogue, now: Clock::system().now() };
            match &args.input {
                Some(input) if !args.json => query::show(&reader, input),
                _ => run(args, query::one, |request, dir| query::answer(&reader, request, dir)),
            }
        }
    }
}

/// The address of a page that `what` asks to be fetched and shown.
pub(crate) fn asked_address(what: &InspectCommand) -> Option<(&str, bool)> {
    let InspectCommand::Page(BatchArgs { batch: None, input: Some(input), json, .. }) = what else { return None };
    (input.starts_with("http://") || input.starts_with("https://")).then_some((input.as_str(), *json))
}

/// Fetches a page as politely as a crawl, and shows what Courant makes of it.
pub(crate) async fn inspect_address(place: &Place, address: &str, json: bool) -> Result<Ended> {
    let canonical = CanonicalUrl::parse(address).with_context(|| format!("'{address}' is no web address"))?;
    let outlet = place.only_looked_at().outlet_of(&canonical).await?;
    let probe = Probe::begin(place).await?;
    let answered = probe.answer(&outlet, address).await;
    probe.end().await?;
    let answer = answered?.map_err(|why| anyhow::anyhow!("{address}: {why}"))?;
    let catalogue = place.catalogue();
    let reader = page::Reader {
        catalogue: &catalogue,
        agencies: &place.agencies,
        newsrooms: place.newsrooms(),
        rules: &place.rules,
        now: place.clock.now(),
    };
    page::show(&reader, &answer.body, answer.header("content-type"), &answer.url, json)
}

/// Runs a batch through `answer`, or the one input that `one` makes of the command line.
fn run<R: for<'de> Deserialize<'de>>(
    args: &BatchArgs,
    one: impl Fn(&BatchArgs, &str) -> Result<R>,
    answer: impl Fn(&R, &Path) -> Result<Value>,
) -> Result<Ended> {
    match (&args.batch, &args.input) {
        (Some(file), _) => batch(file, answer),
        (None, Some(input)) => {
            let value = answer(&one(args, input)?, Path::new("."))?;
            output::line(serde_json::to_string_pretty(&value)?);
            Ok(Ended::Done)
        }
        (None, None) => bail!("name an input, or a file with --batch"),
    }
}

fn batch<R: for<'de> Deserialize<'de>>(file: &Path, answer: impl Fn(&R, &Path) -> Result<Value>) -> Result<Ended> {
    let (reader, dir): (Box<dyn BufRead>, PathBuf) = if file == Path::new("-") {
        (Box::new(BufReader::new(std::io::stdin())), PathBuf::from("."))
    } else {
        let opened = File::open(file).with_context(|| format!("cannot open batch {}", file.display()))?;
        (Box::new(BufReader::new(opened)), file.parent().unwrap_or(Path::new(".")).to_owned())
    };
    let mut out = output::Lines::new();
    for (number, line) in reader.lines().enumerate() {
        let line = line.with_context(|| format!("cannot read line {} of {}", number + 1, file.display()))?;
        if line.trim().is_empty() {
            continue;
        }
        let told = answer_line(&line, &dir, &answer);
        if out.write(&told)? == output::Listener::Gone {
            break;
        }
    }
    out.end()?;
    Ok(Ended::Done)
}

fn answer_line<R: for<'de> Deserialize<'de>>(
    line: &str,
    dir: &Path,
    answer: &impl Fn(&R, &Path) -> Result<Value>,
) -> Value {
    let mut request: Value = match serde_json::from_str(line) {
        Ok(request) => request,
        Err(error) => return json!({ "id": null, "error": format!("no JSON object: {error}") }),
    };
    let id = request.as_object_mut().and_then(|object| object.remove("id")).unwrap_or(Value::Null);
    let told = serde_json::from_value(request).context("not a request").and_then(|request| answer(&request, dir));
    let mut told = told.unwrap_or_else(|error| json!({ "error": output::one_line(&error) }));
    if let Some(object) = told.as_object_mut() {
        object.insert("id".to_owned(), id);
    }
    told
}

/// A document of a request: a file or bytes, the address it stands for, and its `Content-Type`.
#[derive(Debug, Deserialize)]
struct Document {
    url: Option<String>,
    path: Option<PathBuf>,
    body_b64: Option<String>,
    content_type: Option<String>,
}

impl Document {
    /// The one that a command line names.
    fn named(args: &BatchArgs, input: &str) -> Self {
        Self { url: args.url.clone(), path: Some(PathBuf::from(input)), body_b64: None, content_type: None }
    }

    /// The address it stands for; a made-up one where none is given.
    fn address(&self) -> Result<::url::Url> {
        let text = self.url.as_deref().unwrap_or("http://input.invalid/");
        ::url::Url::parse(text).with_context(|| format!("url '{text}'"))
    }

    /// Its bytes, gunzipped where they are gzipped.
    fn bytes(&self, dir: &Path) -> Result<Vec<u8>> {
        let bytes = match (&self.body_b64, &self.path) {
            (Some(body), _) => base64::engine::general_purpose::STANDARD.decode(body).context("body_b64")?,
            (None, Some(path)) => read_input(path, dir)?,
            (None, None) => bail!("give path or body_b64"),
        };
        Ok(if bytes.starts_with(&[0x1f, 0x8b]) { gunzip(&bytes).unwrap_or(bytes) } else { bytes })
    }
}

/// The bytes of a file (relative to `dir`) or, for `-`, of standard input.
fn read_input(path: &Path, dir: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().take(MAX_INPUT).read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        let path = dir.join(path);
        let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        file.take(MAX_INPUT).read_to_end(&mut bytes).with_context(|| format!("cannot read {}", path.display()))?;
    }
    Ok(bytes)
}

fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).take(MAX_INPUT).read_to_end(&mut plain).ok()?;
    Some(plain)
}

/// The text of the command line, or of standard input for `-`.
fn text_of(input: &str) -> Result<String> {
    if input == "-" {
        let bytes = read_input(Path::new("-"), Path::new("."))?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(input.to_owned())
}
