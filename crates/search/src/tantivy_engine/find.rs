//! Finding, from what was asked to what is answered.

use courant_model::{ArticleId, Catalogue};

use super::collect::{Candidate, Gather};
use super::generation::Generation;
use super::place::Place;
use super::schema::{self, column};
use super::translate;
use crate::cursor::Cursor;
use crate::mark::Marker;
use crate::plan::Plan;
use crate::{Facets, Found, Hit, Order, Query, SearchError, SearchPage, Snippet, passage};

/// Most hits on one page.
const MOST: usize = 100;

/// A search that owns all that it needs.
pub(super) struct Asked {
    plan: Plan,
    order: Order,
    limit: usize,
    after: Option<Cursor>,
    facets: bool,
    highlights: bool,
    understood: String,
    notes: Vec<String>,
}

impl Asked {
    pub(super) fn new(query: &Query, page: &SearchPage, catalogue: &Catalogue) -> Result<Self, SearchError> {
        let plan = Plan::new(query, &page.filters, catalogue);
        // Where no word scores, all match alike: the latest come first.
        let order = if page.order == Order::Relevance && !plan.scores() { Order::Newest } else { page.order };
        let after = page.after.as_deref().map(|cursor| Cursor::parse(cursor, order)).transpose()?;
        let notes = query.notes().iter().chain(&plan.notes).cloned().collect();
        Ok(Self {
            order,
            limit: page.limit.clamp(1, MOST),
            after,
            facets: page.facets,
            highlights: page.highlights,
            understood: query.understood(),
            notes,
            plan,
        })
    }
}

/// Answers `asked` from the last commit.
pub(super) fn find(place: &Place, asked: Asked) -> Result<Found, SearchError> {
    let Some(generation) = place.generation()? else {
        return Ok(Found {
            hits: Vec::new(),
            total: 0,
            next: None,
            facets: asked.facets.then(Facets::default),
            as_of: courant_model::Seq::START,
            understood: asked.understood,
            notes: asked.notes,
        });
    };
    let (searcher, as_of) = generation.searcher();
    let mut gather = Gather {
        order: asked.order,
        limit: asked.limit,
        after: asked.after,
        facets: asked.facets,
        outlets: None,
        languages: None,
    };
    let query = if asked.facets {
        gather.outlets = asked.plan.outlets.clone();
        gather.languages = asked.plan.languages.clone();
        translate::query(&asked.plan, &generation.fields)
    } else {
        translate::narrowed_query(&asked.plan, &generation.fields)
    };
    let gathered = searcher.search(&query, &gather).map_err(|error| place.engine(error))?;
    let more = gathered.best.len() > asked.limit;
    let best = &gathered.best[..gathered.best.len().min(asked.limit)];
    let cursor = best
        .last()
        .filter(|_| more)
        .map(|last| Cursor { order: asked.order, rank: last.rank, article: last.article }.to_text());
    let marker = Marker::new(&asked.plan);
    let hits = best.iter().map(|candidate| hit(place, &generation, &searcher, candidate, &marker, asked.highlights));
    Ok(Found {
        hits: hits.collect::<Result<_, _>>()?,
        total: gathered.total,
        next: cursor,
        facets: gathered.facets,
        as_of,
        understood: asked.understood,
        notes: asked.notes,
    })
}

fn hit(
    place: &Place,
    generation: &Generation,
    searcher: &tantivy::Searcher,
    candidate: &Candidate,
    marker: &Marker,
    highlights: bool,
) -> Result<Hit, SearchError> {
    let row = searcher.doc(candidate.address).map_err(|error| place.engine(error))?;
    let shown = generation.fields.shown(&row);
    let (title, snippet) = if highlights {
        let snippet = match candidate.nosnippet {
            true => Snippet::default(),
            false => passage::passage(&shown.standfirst, &shown.body, candidate.language, marker),
        };
        (passage::title(&shown.title, candidate.language, marker), snippet)
    } else {
        (Snippet { text: shown.title, marks: Vec::new() }, Snippet::default())
    };
    Ok(Hit { article: candidate.article, score: candidate.score, title, snippet })
}

/// Every article of the last commit, with its revision.
pub(super) fn contents(place: &Place) -> Result<Vec<(ArticleId, u32)>, SearchError> {
    let Some(generation) = place.generation()? else { return Ok(Vec::new()) };
    let (searcher, _) = generation.searcher();
    let mut contents = Vec::new();
    for segment in searcher.segment_readers() {
        let columns = segment.fast_fields();
        let read = |name| columns.u64(name).map(|column| column.first_or_default_col(0));
        let columns = [column::ID_HIGH, column::ID_LOW, column::REVISION].map(read);
        let [high, low, revision] = columns;
        let (high, low, revision) = (
            high.map_err(|error| place.engine(error))?,
            low.map_err(|error| place.engine(error))?,
            revision.map_err(|error| place.engine(error))?,
        );
        contents.extend(segment.doc_ids_alive().map(|doc| {
            let revision = u32::try_from(revision.get_val(doc)).unwrap_or(u32::MAX);
            (schema::article(high.get_val(doc), low.get_val(doc)), revision)
        }));
    }
    Ok(contents)
}
