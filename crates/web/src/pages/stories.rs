//! `/stories` and `/stories/ID`: the articles of one affair in the order of time, across outlets and
//! languages, each with why it is here.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use courant_model::{Article, ArticleId, Catalogue, Evidence, StoryMember};
use courant_store::contract::StoryOrder;
use jiff::civil::Date;

use super::front::cards;
use super::{Page, html};
use crate::Site;
use crate::account::{self, StoryAccount};
use crate::api::{ORDERS, StoriesParams};
use crate::asked::Viewed;
use crate::fault::Fault;
use crate::feeds::{self, Format};
use crate::tongue::Tongue;
use crate::view::{Card, Entry, Feeds, Frame, OutletName, count, grouped, titled};
use crate::when;

#[derive(Template)]
#[template(path = "stories.html")]
struct StoriesView {
    frame: Frame,
    cards: Vec<Card>,
    total: String,
    orders: Vec<Order>,
    next: Option<String>,
}

/// An order that stories can be listed in.
struct Order {
    label: &'static str,
    href: String,
    chosen: bool,
}

/// Stories of one article are every article that stands alone; the list is of those with more.
const AT_LEAST: u32 = 2;

pub(crate) async fn stories(State(site): State<Arc<Site>>, Viewed(asked): Viewed<StoriesParams>) -> Page {
    let ask = asked.ask(AT_LEAST)?;
    let order = ask.order;
    let (stories, total, next) = account::stories(&site, ask).await?;
    html(&StoriesView {
        frame: Frame::new(&site, "Stories", "stories").with_feeds(Feeds::of("/stories", "")),
        cards: cards(&site, &stories).await?,
        total: format!("{} {}", grouped(total), if total == 1 { "story" } else { "stories" }),
        orders: ORDERS.into_iter().map(|(name, of)| order_link(&asked, name, of, of == order)).collect(),
        next: next.map(|cursor| StoriesParams { cursor: Some(cursor), ..asked.clone() }.address("/stories")),
    })
}

fn order_link(asked: &StoriesParams, name: &str, order: StoryOrder, chosen: bool) -> Order {
    let label = match order {
        StoryOrder::Latest => "latest article",
        StoryOrder::Widest => "most outlets",
        StoryOrder::Changed => "last changed",
    };
    let asked = StoriesParams { order: Some(name.to_owned()), cursor: None, ..asked.clone() };
    Order { label, href: asked.address("/stories"), chosen }
}

#[derive(Template)]
#[template(path = "story.html")]
struct StoryView {
    frame: Frame,
    id: String,
    title: String,
    tongue: Tongue,
    span: String,
    articles: String,
    days: Vec<Day>,
    outlets: Vec<(OutletName, usize)>,
    languages: Vec<(Tongue, usize)>,
    feeds: Feeds,
    base_url: String,
}

/// The articles of one day.
struct Day {
    label: String,
    members: Vec<Member>,
}

/// An article of a story.
struct Member {
    entry: Entry,
    reasons: Vec<Reason>,
}

/// Why an article is here, in words: `told`, then what it names.
struct Reason {
    told: &'static str,
    words: Vec<String>,
    address: Option<String>,
    article: Option<(String, String, Tongue)>,
    score: Option<String>,
}

pub(crate) async fn story(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    let (id, format) = Format::split(&id);
    let told = account::story(&site, id).await?;
    let own = told.story.id.to_string();
    if own != id {
        let suffix = format.map_or(String::new(), |format| format!(".{}", format.as_str()));
        return Ok(Redirect::permanent(&format!("/stories/{own}{suffix}")).into_response());
    }
    match format {
        Some(format) => feeds::answer(&site, &feeds::of_story(&site, &told).await?, format),
        None => page(&site, &told).map(Html::into_response),
    }
}

fn page(site: &Site, told: &StoryAccount) -> Page {
    let catalogue = site.catalogue();
    let story = &told.story;
    let feeds = Feeds::of(&format!("/stories/{}", story.id), "");
    html(&StoryView {
        frame: Frame::new(site, titled(&story.title), "stories").with_feeds(feeds.clone()),
        id: story.id.to_string(),
        title: titled(&story.title).to_owned(),
        tongue: Tongue::from(story.language),
        span: when::span(story.first, story.last),
        articles: count(story.articles, "article"),
        days: days(&told.members, &catalogue),
        outlets: counted(told.members.iter().map(|(_, article)| article.outlet.clone()))
            .into_iter()
            .map(|(id, number)| (OutletName::of(&id, &catalogue), number))
            .collect(),
        languages: counted(told.members.iter().map(|(_, article)| article.language))
            .into_iter()
            .map(|(language, number)| (Tongue::from(language), number))
            .collect(),
        feeds,
        base_url: site.base_url.clone(),
    })
}

/// Each value with how often it stands there, most first, then by value.
fn counted<T: Ord + Clone>(values: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for value in values {
        *counts.entry(value).or_insert(0_usize) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    counts
}

fn days(members: &[(StoryMember, Article)], catalogue: &Catalogue) -> Vec<Day> {
    let titles: HashMap<ArticleId, &Article> = members.iter().map(|(_, article)| (article.id, article)).collect();
    let start = members.first().map(|(_, article)| article.moment());
    let mut days: Vec<(Date, Day)> = Vec::new();
    for (position, (member, article)) in members.iter().enumerate() {
        let date = when::date(article.moment());
        if days.last().is_none_or(|(last, _)| *last != date) {
            days.push((date, Day { label: when::day(date), members: Vec::new() }));
        }
        let entry = Entry {
            first: position == 0 && members.len() > 1,
            lag: start.and_then(|start| lag(start, article)),
            ..Entry::of(article, catalogue)
        };
        let reasons = member.evidence.iter().map(|evidence| reason(evidence, &titles)).collect();
        let told = Member { entry, reasons };
        if let Some((_, day)) = days.last_mut() {
            day.members.push(told);
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

/// How long after the first article; only where the hour is known.
fn lag(start: jiff::Timestamp, article: &Article) -> Option<String> {
    let exact = article.published.is_some_and(|dated| dated.precision >= courant_model::Precision::Minute);
    exact.then(|| when::lag(start, article.moment())).flatten()
}

fn reason(evidence: &Evidence, titles: &HashMap<ArticleId, &Article>) -> Reason {
    let bare = Reason { told: "", words: Vec::new(), address: None, article: None, score: None };
    match evidence {
        Evidence::Words { score, shared } => {
            Reason { told: "shares words:", words: shared.clone(), score: Some(format!("{score:.2}")), ..bare }
        }
        Evidence::Translation(url) => {
            Reason { told: "is a translation, a page says:", address: Some(url.clone()), ..bare }
        }
        Evidence::SharedLink(url) => {
            Reason { told: "links, like another article here, to", address: Some(url.clone()), ..bare }
        }
        Evidence::Link(id) => {
            let named = titles.get(id).map(|article| {
                (article.id.to_string(), titled(&article.title).to_owned(), Tongue::from(article.language))
            });
            let article = named.or_else(|| Some((id.to_string(), "an article".to_owned(), Tongue::from(english()))));
            Reason { told: "one links to the other:", article, ..bare }
        }
    }
}

fn english() -> courant_model::Language {
    courant_model::Language::parse("en")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_most_first() {
        assert_eq!(counted(["b", "a", "b", "c"].into_iter()), [("b", 2), ("a", 1), ("c", 1)]);
    }
}
