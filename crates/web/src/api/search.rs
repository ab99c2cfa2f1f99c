//! `/search`: find articles.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use courant_exchange::{Article, Copy, FacetCount, Facets, Hit, SearchAnswer, runs};
use courant_model::Catalogue;
use courant_search::Snippet;

use crate::Site;
use crate::account::{self, HitAccount};
use crate::ask::SearchParams;
use crate::asked::Asked;
use crate::fault::{Fault, Faults};

/// Articles that match, best or newest first.
#[utoipa::path(
    get, path = "/search", tag = "search", params(SearchParams),
    responses((status = 200, body = SearchAnswer, description = "The articles found"), Faults)
)]
pub(crate) async fn search(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<SearchParams>,
) -> Result<Json<SearchAnswer>, Fault> {
    let found = account::search(&site, asked.words(), &asked.page()?).await?;
    let catalogue = site.catalogue();
    Ok(Json(SearchAnswer {
        query: asked.words().to_owned(),
        understood: found.understood,
        notes: found.notes,
        total: found.total,
        hits: found.hits.iter().map(|found| hit(found, &catalogue)).collect(),
        next: found.next,
        total_is_exact: found.is_exact,
        facets: (!found.facets.0.is_empty()).then(|| facets(found.facets)),
        histogram: found.histogram.map(|histogram| asked.histogram(histogram)),
        as_of: found.as_of.0,
    }))
}

fn hit(found: &HitAccount, catalogue: &Catalogue) -> Hit {
    let cut = |snippet: &Snippet| runs(&snippet.text, &snippet.marks);
    Hit {
        article: Article::listed(&found.article, catalogue),
        score: found.score,
        title_runs: cut(&found.title),
        snippet: cut(&found.snippet),
        past_revision: found.past_revision,
        copies: found.copies.iter().map(copy).collect(),
    }
}

fn copy(copy: &courant_search::Copy) -> Copy {
    Copy { id: copy.article.to_string(), outlet: copy.outlet.to_string() }
}

fn facets(facets: courant_search::Facets) -> Facets {
    let counts = |list: Vec<courant_search::FacetCount>| {
        list.into_iter().map(|facet| FacetCount { value: facet.value, count: facet.count }).collect()
    };
    facets.0.into_iter().map(|(facet, list)| (facet.as_str().to_owned(), counts(list))).collect()
}
