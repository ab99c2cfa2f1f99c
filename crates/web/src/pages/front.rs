//! `/`: the latest stories that more than one article tells, then the latest articles; languages and
//! outlets at the side.

use std::collections::HashSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use courant_model::{ArticleId, Story};
use courant_search::{Facet, Order, SearchPage};
use courant_store::contract::{StoryAsk, StoryOrder};

use super::{Page, html};
use crate::Site;
use crate::account;
use crate::fault::Fault;
use crate::pages::search::{Choice, facet_options};
use crate::view::{Card, Entry, Feeds, Frame};

/// Stories on the front page.
const STORIES: usize = 12;
/// Articles under each, and below them all.
const UNDER_EACH: usize = 3;
const ARTICLES: usize = 15;

#[derive(Template)]
#[template(path = "front.html")]
struct Front {
    frame: Frame,
    cards: Vec<Card>,
    entries: Vec<Entry>,
    total: u64,
    languages: Vec<Choice>,
    outlets: Vec<Choice>,
}

pub(crate) async fn front(State(site): State<Arc<Site>>) -> Page {
    let ask = StoryAsk { order: StoryOrder::Latest, at_least: 2, language: None, offset: 0, limit: STORIES };
    let (stories, _, _) = account::stories(&site, ask).await?;
    let cards = cards(&site, &stories).await?;
    let newest = SearchPage {
        order: Order::Newest,
        limit: ARTICLES,
        facets: vec![Facet::Outlet, Facet::Language],
        ..SearchPage::default()
    };
    let found = account::search(&site, "", &newest).await?;
    let catalogue = site.catalogue();
    let (outlets, languages) = facet_options(&found.facets, &Default::default(), &catalogue);
    html(&Front {
        frame: Frame::new(&site, "Latest stories", "front").with_feeds(Feeds::of("/stories", "")),
        cards,
        entries: found.hits.iter().map(|hit| Entry::of(&hit.article, &catalogue)).collect(),
        total: found.total,
        languages,
        outlets,
    })
}

/// Cards of these stories, with their latest articles under them: one of each outlet before a second
/// of any, and never the one whose title the story bears.
pub(super) async fn cards(site: &Site, stories: &[Story]) -> Result<Vec<Card>, Fault> {
    let catalogue = site.catalogue();
    let mut cards = Vec::with_capacity(stories.len());
    for story in stories {
        let members = site.record.members(story.id).await?;
        let mut ids: Vec<ArticleId> = members.iter().rev().map(|member| member.article).collect();
        ids.retain(|id| *id != story.title_from);
        ids.truncate(4 * UNDER_EACH);
        let articles = account::listed(site, &ids).await?;
        let mut told = HashSet::new();
        let (mut first, rest): (Vec<_>, Vec<_>) = articles.into_iter().partition(|a| told.insert(a.outlet.clone()));
        first.extend(rest);
        let latest = first.iter().take(UNDER_EACH).map(|article| Entry::of(article, &catalogue)).collect();
        cards.push(Card::of(story, latest, &catalogue));
    }
    Ok(cards)
}
