//! `courant search`: articles on the terminal, or as JSON.

use anyhow::Result;
use clap::ValueEnum as _;
use courant_exchange::{Facets, Histogram, Hit, SearchAnswer};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::SearchArgs;
use crate::settings::Settings;
use crate::{Ended, output};

use super::desk::{Asking, Desk};
use super::open_existing;
use super::paint::Paint;

/// So many values of each facet are shown.
const SHOWN: usize = 12;
/// The longest bar of a histogram, in columns.
const BAR: u64 = 50;

pub(super) async fn search(settings: Settings, args: &SearchArgs) -> Result<Ended> {
    let place = open_existing(settings).await?;
    let Some(answer): Option<SearchAnswer> = Desk::over(&place).get("/search", asking(args)).await? else {
        return Ok(Ended::NothingFound);
    };
    if args.json {
        output::json(&answer)?;
    } else if args.count {
        output::line(answer.total.to_string());
    } else {
        tell(&answer);
    }
    Ok(if answer.total == 0 { Ended::NothingFound } else { Ended::Done })
}

fn asking(args: &SearchArgs) -> Asking {
    let sort = args.sort.and_then(|sort| sort.to_possible_value());
    let interval = args.histogram.and_then(|interval| interval.to_possible_value());
    let limit = if args.count { 1 } else { args.limit };
    Asking::default()
        .with("q", &args.query.join(" "))
        .each("outlet", &args.outlet)
        .each("network", &args.network)
        .each("project", &args.project)
        .each("lang", &args.lang)
        .each("country", &args.country)
        .maybe("from", args.from.as_deref())
        .maybe("to", args.to.as_deref())
        .maybe("author", args.author.as_deref())
        .maybe("story", args.story.as_deref())
        .maybe("sort", sort.as_ref().map(|sort| sort.get_name()))
        .with("limit", &limit.to_string())
        .with("facets", if args.facets { "true" } else { "false" })
        .maybe("histogram", interval.as_ref().map(|interval| interval.get_name()))
        .maybe("zone", args.zone.as_deref())
        .with("names", if args.one_script { "false" } else { "true" })
        .with("collapse", if args.collapse { "true" } else { "false" })
}

fn tell(answer: &SearchAnswer) {
    let paint = Paint::for_stdout();
    for note in &answer.notes {
        output::say(format!("note: {note}"));
    }
    for hit in &answer.hits {
        tell_hit(hit, paint);
    }
    if let Some(facets) = &answer.facets {
        tell_facets(facets, paint);
    }
    if let Some(histogram) = &answer.histogram {
        tell_histogram(histogram, paint);
    }
    let shown = answer.hits.len() as u64;
    match answer.total {
        0 => output::say(format!("no article matches {}", answer.understood)),
        total if total > shown => {
            let least = if answer.total_is_exact { "" } else { "more than " };
            output::say(format!("{shown} of {least}{total} articles (--limit shows more)"));
        }
        total => output::say(format!("{total} articles")),
    }
}

fn tell_hit(hit: &Hit, paint: Paint) {
    let article = &hit.article;
    output::line(paint.runs(&hit.title_runs, &article.language));
    output::line(format!("  {}", paint.facts(article)));
    if !hit.snippet.is_empty() {
        output::line(format!("  {}", paint.runs(&hit.snippet, &article.language)));
    }
    output::line(format!("  {}", paint.dim(&format!("{}  {}", article.url, article.id))));
    output::line("");
}

fn tell_facets(facets: &Facets, paint: Paint) {
    for (name, counts) in facets.iter().filter(|(_, counts)| !counts.is_empty()) {
        let told: Vec<String> =
            counts.iter().take(SHOWN).map(|facet| format!("{} {}", facet.value, facet.count)).collect();
        output::line(format!("{} {}", paint.bold(name), told.join(", ")));
    }
}

/// A bar a bucket.
fn tell_histogram(histogram: &Histogram, paint: Paint) {
    let most = histogram.buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0).max(1);
    let zone = TimeZone::get(&histogram.zone).unwrap_or(TimeZone::UTC);
    let form = if histogram.interval == "hour" { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" };
    for bucket in &histogram.buckets {
        let start = bucket.start.parse::<Timestamp>().map(|start| start.to_zoned_datetime(zone.clone()));
        let start = start.map_or_else(|_| bucket.start.clone(), |start| start.strftime(form).to_string());
        let width = (bucket.count * BAR).div_ceil(most) as usize;
        output::line(format!("{start} {:>6} {}", bucket.count, paint.bold(&"▇".repeat(width))));
    }
}
