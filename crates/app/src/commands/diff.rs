//! `courant diff`: what changed in an article between two revisions.

use anyhow::{Result, bail};
use courant_exchange::{Diff, DiffPart};
use courant_model::{ArticleId, CanonicalUrl};

use crate::cli::DiffArgs;
use crate::place::Place;
use crate::settings::Settings;
use crate::{Ended, output};

use super::desk::{Asking, Desk};
use super::open_existing;
use super::paint::{Paint, visible};

pub(super) async fn diff(settings: Settings, args: &DiffArgs) -> Result<Ended> {
    let place = open_existing(settings).await?;
    let Some(id) = find(&place, &args.article).await? else {
        bail!("no article '{}': give an id or an address that Courant has read", args.article);
    };
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    let (from, to) = (number(args.from), number(args.to));
    let asking = Asking::default().maybe("from", from.as_deref()).maybe("to", to.as_deref());
    let Some(diff): Option<Diff> = Desk::over(&place).get(&format!("/articles/{id}/diff"), asking).await? else {
        bail!("there is no such revision of {id}: leave out --from and --to for the last two");
    };
    if diff.from == diff.to && args.from.is_none() && args.to.is_none() {
        output::say("it says what it always said: there is one revision");
        return Ok(Ended::NothingFound);
    }
    if args.json {
        output::json(&diff)?;
    } else {
        tell(&diff);
    }
    Ok(Ended::Done)
}

async fn find(place: &Place, article: &str) -> Result<Option<ArticleId>> {
    if let Ok(id) = article.parse() {
        return Ok(Some(id));
    }
    match CanonicalUrl::parse(article) {
        Some(url) => Ok(place.record.article_at(&url).await?),
        None => Ok(None),
    }
}

fn tell(diff: &Diff) {
    let paint = Paint::for_stdout();
    output::line(paint.bold(&format!("revision {} to {}", diff.from, diff.to)));
    for (name, parts) in [("title", &diff.title), ("standfirst", &diff.standfirst), ("byline", &diff.byline)] {
        tell_part(paint, name, parts);
    }
    if let Some(text) = &diff.text {
        tell_part(paint, "text", text);
    }
}

fn tell_part(paint: Paint, name: &str, parts: &[DiffPart]) {
    if parts.iter().all(|part| part.kind == "same") {
        return;
    }
    let told: String = parts
        .iter()
        .map(|part| match part.kind.as_str() {
            "removed" => paint.removed(&part.text),
            "added" => paint.added(&part.text),
            _ => part.text.split('\n').map(visible).collect::<Vec<_>>().join("\n"),
        })
        .collect();
    output::line(format!("{}: {told}", paint.bold(name)));
}
