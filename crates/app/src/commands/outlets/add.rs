//! `courant outlets add` and `remove`: an outlet by its home page, shown before it is kept.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context as _, Result, bail};
use courant_model::{CanonicalUrl, Draft, HostRule, Language, Outlet, OutletId, OutletOrigin, TargetKind};
use serde_json::{Value, json};
use url::Url;

use crate::cli::AddArgs;
use crate::commands::crawl::need_contact;
use crate::commands::paint::{Paint, visible};
use crate::pipeline::probe::{ListLook, PageLook, Probe};
use crate::place::Place;
use crate::{Ended, output};

/// Articles that are shown.
const SHOWN: usize = 5;
/// Pages that are looked at to find them.
const TRIED: usize = 12;

pub(in crate::commands) async fn add(place: &Place, args: &AddArgs) -> Result<Ended> {
    need_contact(&place.settings)?;
    let url = home_address(&args.homepage)?;
    let provisional = outlet_of(place, args, &url)?;
    let probe = Probe::begin(place).await?;
    let told = look(place, &probe, args, provisional, &url).await;
    probe.end().await?;
    let (outlet, lists, articles) = told?;
    show(&outlet, &lists, &articles, args.json);
    let kept = !args.dry_run && (args.yes || args.json || agreed(&outlet)?);
    if kept {
        place.record.put_outlet(&outlet, place.clock.now()).await?;
        output::say(format!("kept as outlet '{}': `courant crawl --outlet {}` visits it", outlet.id, outlet.id));
    } else {
        output::say("nothing was added");
    }
    if args.json {
        output::json(&account(&outlet, &lists, &articles, kept))?;
    }
    Ok(if kept || args.dry_run { Ended::Done } else { Ended::NothingFound })
}

pub(in crate::commands) async fn remove(place: &Place, id: &str) -> Result<Ended> {
    let id = OutletId::new(id);
    if place.record.remove_outlet(&id).await? {
        output::say(format!("outlet '{id}' is not visited any more; its articles stay"));
        return Ok(Ended::Done);
    }
    if place.catalogue().outlet(&id).is_some() {
        bail!("outlet '{id}' is one of the catalogue's files: give it no feeds and sitemaps there (catalogue.folder)");
    }
    bail!("no outlet '{id}': `courant outlets list` names them all");
}

/// `press.example` is `https://press.example/`.
fn home_address(text: &str) -> Result<Url> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&with_scheme).with_context(|| format!("cannot read the address {text}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        bail!("{text} is no web address: give the home page's, as https://press.example/");
    }
    Ok(url)
}

/// The outlet as far as the arguments tell it.
fn outlet_of(place: &Place, args: &AddArgs, url: &Url) -> Result<Outlet> {
    let Some(address) = CanonicalUrl::parse(url.as_str()) else { bail!("{url} is no web address") };
    if let Some(known) = place.catalogue().outlet_of(&address).filter(|known| known.origin != OutletOrigin::Found) {
        bail!("{url} is of outlet '{}' already: `courant outlets show {}`", known.id, known.id);
    }
    let authority = courant_model::authority(url);
    let host = url.host_str().unwrap_or_default();
    let site = courant_model::site(host).unwrap_or(&authority);
    if let Some(id) = args.id.as_deref().filter(|id| !is_id(id)) {
        bail!("--id {id} is no id: lower-case letters, digits, hyphens and dots make one");
    }
    if let Some(code) = args.country.as_deref().filter(|code| !is_country(code)) {
        bail!("--country {code} is no country: give two letters of ISO 3166-1, as FR");
    }
    let id = OutletId::new(args.id.as_deref().unwrap_or(site));
    if let Some(known) = place.catalogue().outlet(&id).filter(|known| known.origin != OutletOrigin::Found) {
        bail!("there is an outlet '{}' already ({}): give another --id", known.id, known.name);
    }
    let languages = args.language.iter().map(|code| match Language::parse(code) {
        Language::UND => bail!("--language {code} is no language: give an ISO 639 code, as fr"),
        language => Ok(language),
    });
    Ok(Outlet {
        id,
        name: args.name.clone().unwrap_or_else(|| site.to_owned()),
        country: args.country.as_ref().map(|code| code.to_ascii_uppercase()),
        languages: languages.collect::<Result<_>>()?,
        homepage: Some(url.to_string()),
        hosts: vec![HostRule::parse(site)],
        origin: OutletOrigin::Added,
        ..Outlet::found(site)
    })
}

/// An id stands in addresses and queries.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Looks at everything: the outlet as it would be kept, its lists, some articles.
async fn look(
    place: &Place,
    probe: &Probe,
    args: &AddArgs,
    mut outlet: Outlet,
    url: &Url,
) -> Result<(Outlet, Vec<ListLook>, Vec<Draft>)> {
    output::say(format!("looking at {url}"));
    let (home, end) = match probe.home(&outlet, url).await? {
        Ok(home) => home,
        Err(why) => bail!("cannot read {url}: {why}"),
    };
    let host = courant_model::authority(&end);
    let site = courant_model::site(end.host_str().unwrap_or_default()).unwrap_or(&host).to_owned();
    if HostRule::parse(&site) != outlet.hosts[0] {
        outlet.hosts.push(HostRule::parse(&site));
    }
    outlet.homepage = Some(end.to_string());
    if args.name.is_none() {
        outlet.name = home.name.clone().unwrap_or(outlet.name);
    }
    place.know(outlet.clone());
    let lists = probe.lists_of(&outlet, &home, &end).await?;
    if lists.is_empty() {
        bail!(
            "{end} names no feed, no sitemap and links to nothing that looks like an article: write its file in catalogue.folder by hand"
        );
    }
    for list in &lists {
        let address = list.target.ask.clone();
        match list.target.kind {
            TargetKind::Feed => outlet.feeds.push(address),
            TargetKind::Sitemap => outlet.sitemaps.push(address),
            TargetKind::Section | TargetKind::Page => outlet.sections.push(address),
        }
    }
    let mut articles: Vec<Draft> = Vec::new();
    for page in lists.iter().flat_map(|list| &list.pages).take(TRIED) {
        if articles.len() == SHOWN {
            break;
        }
        if let PageLook::Article(draft) = probe.page(page).await? {
            articles.push(*draft);
        }
    }
    if outlet.languages.is_empty() {
        let mut languages: Vec<Language> = home.language.into_iter().collect();
        for language in articles.iter().map(|draft| draft.reading.language).filter(|l| *l != Language::UND) {
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
        outlet.languages = languages;
    }
    Ok((outlet, lists, articles))
}

fn show(outlet: &Outlet, lists: &[ListLook], articles: &[Draft], quiet: bool) {
    if quiet {
        return;
    }
    let paint = Paint::for_stdout();
    output::line(paint.bold(&visible(&outlet.name)));
    let languages: Vec<&str> = outlet.languages.iter().map(Language::as_str).collect();
    let hosts: Vec<String> = outlet.hosts.iter().map(HostRule::as_text).collect();
    output::line(format!("id {}, languages {}, addresses of {}", outlet.id, languages.join(","), hosts.join(", ")));
    for list in lists {
        let (pages, maps) = (list.pages.len(), list.lists.len());
        let maps = if maps > 0 { format!(" and {maps} lists") } else { String::new() };
        output::line(format!("{} {}: {pages} pages{maps}", list.target.kind.as_str(), list.target.ask));
    }
    output::line(paint.bold(&format!("{} of its articles", articles.len())));
    for draft in articles {
        let reading = &draft.reading;
        let date = reading.published.map_or("no date".to_owned(), |date| date.to_text());
        output::line(format!("  {date}  {} ({})", visible(&reading.title), reading.language));
        let by = reading.byline();
        let by = if by.is_empty() { String::new() } else { format!("{} · ", visible(&by)) };
        output::line(format!("    {by}{} words · {}…", words(draft), visible(&beginning(&reading.body))));
    }
}

fn words(draft: &Draft) -> usize {
    draft.reading.body.split_whitespace().count()
}

fn beginning(body: &str) -> String {
    body.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).take(100).collect()
}

/// Asks whoever sits at the terminal; where nobody does, the answer is no.
fn agreed(outlet: &Outlet) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        output::say("add --yes to keep it without being asked");
        return Ok(false);
    }
    let mut talk = std::io::stderr();
    write!(talk, "Keep '{}'? [y/N] ", outlet.id)?;
    talk.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes" | "o" | "oui" | "j" | "ja"))
}

fn account(outlet: &Outlet, lists: &[ListLook], articles: &[Draft], kept: bool) -> Value {
    let list = |list: &ListLook| {
        json!({
            "kind": list.target.kind.as_str(),
            "url": list.target.ask,
            "pages": list.pages.len(),
            "lists": list.lists.len(),
        })
    };
    let article = |draft: &Draft| {
        json!({
            "url": draft.url.as_str(),
            "title": draft.reading.title,
            "published": draft.reading.published.map(|date| date.to_text()),
            "byline": draft.reading.byline(),
            "language": draft.reading.language.as_str(),
            "words": words(draft),
            "beginning": beginning(&draft.reading.body),
        })
    };
    json!({
        "id": outlet.id.as_str(),
        "name": outlet.name,
        "country": outlet.country,
        "languages": outlet.languages.iter().map(Language::as_str).collect::<Vec<_>>(),
        "homepage": outlet.homepage,
        "hosts": outlet.hosts.iter().map(HostRule::as_text).collect::<Vec<_>>(),
        "lists": lists.iter().map(list).collect::<Vec<_>>(),
        "articles": articles.iter().map(article).collect::<Vec<_>>(),
        "kept": kept,
    })
}
