//! `/search`: find articles.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use courant_exchange::{Alternative, Article, Copy, Expanded, FacetCount, Facets, Hit, SearchAnswer, Why, runs};
use courant_model::Catalogue;
use courant_search::Snippet;

use crate::Site;
use crate::account::{self, HitAccount, SearchAccount};
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
    let page = asked.page()?;
    let found = account::search(&site, asked.words(), &page).await?;
    let mut answer = answer(found, &asked, &site.catalogue());
    let explain = asked.explain == Some(true) && !asked.words().is_empty();
    answer.expanded = explain.then(|| account::expansion(&site, asked.words(), &page).iter().map(expanded).collect());
    Ok(Json(answer))
}

fn expanded(word: &courant_search::Expanded) -> Expanded {
    let alternative = |one: &courant_search::Alternative| Alternative {
        language: one.language.map(|language| language.to_string()),
        forms: one.forms.clone(),
        how: one.how.as_str().to_owned(),
    };
    Expanded { typed: word.typed.clone(), alternatives: word.alternatives.iter().map(alternative).collect() }
}

/// Articles whose words are most like this one's. Filters narrow them, and facets count; there is no `q`, no `sort` and
/// no `cursor` here.
#[utoipa::path(
    get, path = "/articles/{id}/similar", tag = "articles",
    params(("id" = String, Path, description = "The article's id"), SearchParams),
    responses((status = 200, body = SearchAnswer, description = "The articles found, most alike first"), Faults)
)]
pub(crate) async fn similar(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    Asked(asked): Asked<SearchParams>,
) -> Result<Json<SearchAnswer>, Fault> {
    for (name, given) in [("q", &asked.q), ("sort", &asked.sort), ("cursor", &asked.cursor)] {
        if given.is_some() {
            let detail = format!("articles like another are not asked for by {name}");
            return Err(Fault::bad_parameter(name, detail, "leave it out; filters narrow them"));
        }
    }
    let article = account::article(&site, &id).await?;
    let found = account::similar(&site, &article, &asked.page()?).await?;
    Ok(Json(answer(found, &asked, &site.catalogue())))
}

fn answer(found: SearchAccount, asked: &SearchParams, catalogue: &Catalogue) -> SearchAnswer {
    SearchAnswer {
        query: asked.words().to_owned(),
        understood: found.understood,
        notes: found.notes,
        expanded: None,
        total: found.total,
        hits: found.hits.iter().map(|found| hit(found, catalogue)).collect(),
        next: found.next,
        total_is_exact: found.is_exact,
        facets: (!found.facets.0.is_empty()).then(|| facets(found.facets)),
        histogram: found.histogram.map(|histogram| asked.histogram(histogram)),
        as_of: found.as_of.0,
    }
}

fn hit(found: &HitAccount, catalogue: &Catalogue) -> Hit {
    let cut = |snippet: &Snippet| runs(&snippet.text, &snippet.marks);
    Hit {
        article: Article::listed(&found.article, catalogue),
        score: found.score,
        title_runs: cut(&found.title),
        snippet: cut(&found.snippet),
        past_revision: found.past_revision,
        why: found.why.iter().map(why).collect(),
        copies: found.copies.iter().map(copy).collect(),
    }
}

fn why(why: &courant_search::Why) -> Why {
    Why {
        typed: why.typed.clone(),
        found: why.found.clone(),
        field: why.field.to_owned(),
        language: why.language.map(|language| language.to_string()),
        how: why.how.as_str().to_owned(),
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
