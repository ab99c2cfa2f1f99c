//! Asking: what the record and the index tell of a search, an article, a story, an outlet. The API, the
//! pages and the feeds all ask here, so that they tell the same.

use std::collections::{BTreeMap, HashMap, HashSet};

use courant_model::{
    Article, ArticleId, Catalogue, Network, NetworkId, Outlet, OutletId, Project, ProjectId, Revision, Seq, Story,
    StoryId, StoryMember, Target, TargetKind, TargetState,
};
use courant_search::{
    Copy, Expanded, Facets, Filters, Found, Histogram, Order, Query, SearchPage, Snippet, Why, everything,
};
use courant_store::contract::{FrontierCount, OutletCount, StoryAsk};

use crate::Site;
use crate::fault::Fault;

/// An article found, with what it was found by.
pub(crate) struct HitAccount {
    pub(crate) article: Article,
    pub(crate) score: f32,
    pub(crate) title: Snippet,
    pub(crate) snippet: Snippet,
    /// The revision that the snippet is of, where it is not the current one.
    pub(crate) past_revision: Option<u32>,
    /// What of it matched.
    pub(crate) why: Vec<Why>,
    /// Near copies of it.
    pub(crate) copies: Vec<Copy>,
}

/// What each word of a search becomes.
pub(crate) fn expansion(site: &Site, words: &str, page: &SearchPage) -> Vec<Expanded> {
    let query = Query::parse(words).at(site.now());
    query.expanded(&page.filters, &site.catalogue()).words
}

/// The answer to a search, with the articles as the record has them.
pub(crate) struct SearchAccount {
    pub(crate) hits: Vec<HitAccount>,
    pub(crate) total: u64,
    pub(crate) next: Option<String>,
    pub(crate) is_exact: bool,
    pub(crate) facets: Facets,
    pub(crate) histogram: Option<Histogram>,
    pub(crate) as_of: Seq,
    pub(crate) understood: String,
    pub(crate) notes: Vec<String>,
}

/// Searches. A hit whose article the record no longer has, or which its publisher wants shown no
/// longer, is left out: the index follows.
pub(crate) async fn search(site: &Site, words: &str, page: &SearchPage) -> Result<SearchAccount, Fault> {
    let query = if words.is_empty() { everything() } else { Query::parse(words).at(site.now()) };
    let catalogue = site.catalogue();
    let found = site.search.find(&query, page, &catalogue).await?;
    let mut found = found;
    let mut notes = std::mem::take(&mut found.notes);
    notes.append(&mut unknown(site, &page.filters, &catalogue).await?);
    if found.total == 0 {
        notes.append(&mut without_articles(site, &page.filters, &catalogue).await?);
    }
    told(site, Found { notes, ..found }).await
}

/// Articles like `article`; none where the index does not have it yet.
pub(crate) async fn similar(site: &Site, article: &Article, page: &SearchPage) -> Result<SearchAccount, Fault> {
    let catalogue = site.catalogue();
    let found = site.search.similar(article.id, page, &catalogue).await?;
    let not_yet = || Found { notes: vec!["the index does not have this article yet".to_owned()], ..Found::default() };
    let mut found = found.unwrap_or_else(not_yet);
    found.notes.append(&mut unknown(site, &page.filters, &catalogue).await?);
    told(site, found).await
}

/// What was found, with the articles as the record has them.
async fn told(site: &Site, found: Found) -> Result<SearchAccount, Fault> {
    let ids: Vec<ArticleId> = found.hits.iter().map(|hit| hit.article).collect();
    let mut articles = by_id(site.record.articles(&ids).await?);
    let now = site.now();
    let hits = found.hits.into_iter().filter_map(|hit| {
        let article = articles.remove(&hit.article).filter(|article| !article.rights.hidden(now))?;
        let snippet = as_far_as_allowed(hit.snippet, &article);
        let mut why = hit.why;
        why.retain(|why| why.field == "title" || article.rights.excerpt(&why.found) == why.found);
        Some(HitAccount {
            article,
            score: hit.score,
            title: hit.title,
            snippet,
            past_revision: hit.past_revision,
            why,
            copies: hit.copies,
        })
    });
    Ok(SearchAccount {
        hits: hits.collect(),
        total: found.total,
        next: found.next,
        is_exact: found.is_exact,
        facets: found.facets,
        histogram: found.histogram,
        as_of: found.as_of,
        understood: found.understood,
        notes: found.notes,
    })
}

/// Notes on values of filters that name nothing: a slip of the pen would otherwise look like an answer.
async fn unknown(site: &Site, filters: &Filters, catalogue: &Catalogue) -> Result<Vec<String>, Fault> {
    let mut notes = Vec::new();
    for id in filters.outlets.iter().filter(|id| catalogue.outlet(id).is_none()) {
        if let Err(fault) = find_outlet(site, id.as_str()).await {
            if fault.problem().status != 404 {
                return Err(fault);
            }
            notes.push(format!("there is no outlet '{id}': the outlets are listed in /outlets"));
        }
    }
    for id in filters.networks.iter().filter(|id| catalogue.network(id).is_none()) {
        notes.push(format!("the catalogue has no network '{id}': the networks are listed in /outlets"));
    }
    for id in filters.projects.iter().filter(|id| catalogue.project(id).is_none()) {
        notes.push(format!("the catalogue has no project '{id}': projects are named on the page of their network"));
    }
    for code in &filters.countries {
        if !catalogue.outlets().any(|outlet| outlet.country.as_ref() == Some(code)) {
            notes.push(format!("the catalogue has no outlet of the country '{code}'"));
        }
    }
    if let Some(id) = filters.story
        && site.record.story(id).await?.is_none()
    {
        notes.push(format!("there is no story '{id}': take the id from a story's address"));
    }
    Ok(notes)
}

/// Notes on projects that the catalogue has and no article is of: nothing can be found in them, whatever
/// else is asked.
async fn without_articles(site: &Site, filters: &Filters, catalogue: &Catalogue) -> Result<Vec<String>, Fault> {
    let mut notes = Vec::new();
    for id in filters.projects.iter().filter(|id| catalogue.project(id).is_some()) {
        let of_it = Filters { projects: vec![id.clone()], ..Filters::default() };
        let page = SearchPage { filters: of_it, order: Order::Newest, limit: 1, ..SearchPage::default() };
        if site.search.find(&everything(), &page, catalogue).await?.total == 0 {
            notes.push(format!("no article is told to be of the project '{id}' yet"));
        }
    }
    Ok(notes)
}

/// The passage, no longer than the publisher lets results show.
fn as_far_as_allowed(mut snippet: Snippet, article: &Article) -> Snippet {
    let end = article.rights.excerpt(&snippet.text).len();
    snippet.text.truncate(end);
    snippet.marks.retain(|mark| mark.end <= end);
    snippet
}

/// The latest articles that `filters` let through.
pub(crate) async fn latest(site: &Site, filters: Filters, limit: usize) -> Result<SearchAccount, Fault> {
    let page = SearchPage { filters, order: Order::Newest, limit, ..SearchPage::default() };
    search(site, "", &page).await
}

fn by_id(articles: Vec<Article>) -> HashMap<ArticleId, Article> {
    articles.into_iter().map(|article| (article.id, article)).collect()
}

/// The article of this id.
pub(crate) async fn article(site: &Site, id: &str) -> Result<Article, Fault> {
    let unknown = || Fault::not_found("article", id, "take the id from a search: /search");
    let parsed = id.parse().map_err(|_| unknown())?;
    site.record.article(parsed).await?.ok_or_else(unknown)
}

/// Its revisions, oldest first; never none.
pub(crate) async fn revisions(site: &Site, article: &Article) -> Result<Vec<Revision>, Fault> {
    let revisions = site.record.revisions(article.id).await?;
    match revisions.is_empty() {
        true => Err(Fault::internal("the record holds an article without a revision", article.id)),
        false => Ok(revisions),
    }
}

/// The two revisions to compare: as asked, else the latest and the one before it.
pub(crate) fn pair(
    revisions: &[Revision],
    from: Option<u32>,
    to: Option<u32>,
) -> Result<(&Revision, &Revision), Fault> {
    let find = |field: &str, number: u32| {
        let mend = format!("there are {}: 1 to {}", revisions.len(), revisions.last().map_or(0, |last| last.number));
        let found = revisions.iter().find(|revision| revision.number == number);
        found.ok_or_else(|| Fault::no_such_revision(field, number, mend))
    };
    let to = find("to", to.unwrap_or_else(|| revisions.last().map_or(1, |last| last.number)))?;
    let from = find("from", from.unwrap_or_else(|| to.number.saturating_sub(1).max(1)))?;
    Ok((from, to))
}

/// Links of one article that are looked up, and citing articles that are shown, at most.
const CITATIONS: usize = 200;

/// Known articles that `article` links to, and those that link to it; never itself, nor what its
/// publisher wants in no list.
pub(crate) async fn citations(site: &Site, article: &Article) -> Result<(Vec<Article>, Vec<Article>), Fault> {
    let mut cited = Vec::new();
    let mut looked_up = HashSet::new();
    for link in article.links.iter().filter(|link| looked_up.insert(&link.url)).take(CITATIONS) {
        match site.record.article_at(&link.url).await? {
            Some(id) if id != article.id && !cited.contains(&id) => cited.push(id),
            _ => {}
        }
    }
    let addresses = site.record.addresses(article.id).await?;
    let mut citing = site.record.linking_to(&addresses, CITATIONS).await?;
    citing.retain(|id| *id != article.id);
    Ok((listed(site, &cited).await?, listed(site, &citing).await?))
}

/// These articles, without those that their publishers want in no list.
pub(crate) async fn listed(site: &Site, ids: &[ArticleId]) -> Result<Vec<Article>, Fault> {
    let mut articles = site.record.articles(ids).await?;
    articles.retain(|article| !article.rights.hidden(site.now()));
    Ok(articles)
}

/// A story and its articles, earliest first.
pub(crate) struct StoryAccount {
    pub(crate) story: Story,
    pub(crate) members: Vec<(StoryMember, Article)>,
}

/// The story of this id, or the one that took it in: then its own id is another.
pub(crate) async fn story(site: &Site, id: &str) -> Result<StoryAccount, Fault> {
    let unknown = || Fault::not_found("story", id, "the stories that stand are listed in /stories");
    let parsed: StoryId = id.parse().map_err(|_| unknown())?;
    let story = site.record.story(parsed).await?.ok_or_else(unknown)?;
    let story = as_shown(site, vec![story]).await?.pop().ok_or_else(unknown)?;
    let members = members(site, story.id).await?;
    Ok(StoryAccount { story, members })
}

/// The members of a story with their articles, by moment, without those that their publishers want
/// in no list.
pub(crate) async fn members(site: &Site, id: StoryId) -> Result<Vec<(StoryMember, Article)>, Fault> {
    let members = site.record.members(id).await?;
    let ids: Vec<ArticleId> = members.iter().map(|member| member.article).collect();
    let mut articles = by_id(listed(site, &ids).await?);
    Ok(members.into_iter().filter_map(|member| articles.remove(&member.article).map(|a| (member, a))).collect())
}

/// A page of stories: they, how many in all, and the cursor of the next page.
pub(crate) async fn stories(site: &Site, ask: StoryAsk) -> Result<(Vec<Story>, u64, Option<String>), Fault> {
    let (stories, total) = site.record.story_list(&ask).await?;
    let seen = ask.offset + stories.len();
    let more = !stories.is_empty() && (seen as u64) < total;
    Ok((as_shown(site, stories).await?, total, more.then(|| seen.to_string())))
}

/// Stories by titles that may be shown: one named after an article that its publisher wants in no list
/// bears the title of its first other article; one that has no other is left out.
async fn as_shown(site: &Site, stories: Vec<Story>) -> Result<Vec<Story>, Fault> {
    let titles: Vec<ArticleId> = stories.iter().map(|story| story.title_from).collect();
    let named_well = by_id(listed(site, &titles).await?);
    let mut shown = Vec::with_capacity(stories.len());
    for mut story in stories {
        if !named_well.contains_key(&story.title_from) {
            let Some((_, article)) = members(site, story.id).await?.into_iter().next() else { continue };
            (story.title, story.language, story.title_from) = (article.title, article.language, article.id);
        }
        shown.push(story);
    }
    Ok(shown)
}

/// An outlet, and how what Courant visits for it stands.
pub(crate) struct OutletAccount {
    pub(crate) outlet: Outlet,
    pub(crate) count: Option<OutletCount>,
    pub(crate) sources: Vec<Target>,
    pub(crate) blocked: Vec<Target>,
    pub(crate) gone: Vec<Target>,
    pub(crate) frontier: Vec<FrontierCount>,
}

/// Sources, and blocked pages, that are shown of one outlet at most.
const SHOWN: usize = 100;

/// The account of the outlet with this id.
pub(crate) async fn outlet(site: &Site, id: &str) -> Result<OutletAccount, Fault> {
    let outlet = find_outlet(site, id).await?;
    let record = &site.record;
    let own = Some(&outlet.id);
    let mut sources = record.targets(own, None, Some(TargetKind::Feed), SHOWN).await?;
    sources.extend(record.targets(own, None, Some(TargetKind::Sitemap), SHOWN).await?);
    sources.extend(record.targets(own, None, Some(TargetKind::Section), SHOWN).await?);
    let blocked = record.targets(own, Some(TargetState::Blocked), Some(TargetKind::Page), SHOWN).await?;
    let gone = record.targets(own, Some(TargetState::Gone), Some(TargetKind::Page), SHOWN).await?;
    let frontier = record.frontier_counts(own, site.now()).await?;
    let count = record.outlet_counts().await?.into_iter().find(|count| count.outlet == outlet.id);
    Ok(OutletAccount { outlet, count, sources, blocked, gone, frontier })
}

/// The outlet with this id: of the catalogue, else of the record, else one that only has articles.
async fn find_outlet(site: &Site, id: &str) -> Result<Outlet, Fault> {
    let wanted = OutletId::new(id);
    if let Some(outlet) = site.catalogue().outlet(&wanted) {
        return Ok(outlet.clone());
    }
    if let Some(outlet) = site.record.outlets().await?.into_iter().find(|outlet| outlet.id == wanted) {
        return Ok(outlet);
    }
    let counted = site.record.outlet_counts().await?.into_iter().any(|count| count.outlet == wanted);
    match counted {
        true => Ok(Outlet::found(wanted.as_str())),
        false => Err(Fault::not_found("outlet", id, "the outlets are listed in /outlets")),
    }
}

/// All outlets by id, those that were only found among them, with their counts.
pub(crate) async fn outlets(site: &Site) -> Result<Vec<(Outlet, Option<OutletCount>)>, Fault> {
    let catalogue = site.catalogue();
    let mut all: BTreeMap<OutletId, Outlet> = BTreeMap::new();
    for outlet in site.record.outlets().await?.into_iter().chain(catalogue.outlets().cloned()) {
        all.insert(outlet.id.clone(), outlet);
    }
    let mut counts: HashMap<OutletId, OutletCount> =
        site.record.outlet_counts().await?.into_iter().map(|count| (count.outlet.clone(), count)).collect();
    for id in counts.keys() {
        all.entry(id.clone()).or_insert_with(|| Outlet::found(id.as_str()));
    }
    Ok(all.into_iter().map(|(id, outlet)| (outlet, counts.remove(&id))).collect())
}

/// The network with this id.
pub(crate) fn network<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Network, Fault> {
    let unknown = || Fault::not_found("network", id, "the networks are listed in /outlets");
    catalogue.network(&NetworkId::new(id)).ok_or_else(unknown)
}

/// The project with this id, and the network that carried it.
pub(crate) fn project<'a>(catalogue: &'a Catalogue, id: &str) -> Result<(&'a Network, &'a Project), Fault> {
    let unknown = || Fault::not_found("project", id, "projects are named on the page of their network");
    catalogue.project(&ProjectId::new(id)).ok_or_else(unknown)
}
