//! Finding, from what was asked to what is answered.

use courant_model::{ArticleId, Catalogue, OutletId, Seq};
use tantivy::Searcher;
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query as _, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::best;
use super::generation::Generation;
use super::place::Place;
use super::schema::{self, column};
use super::terms::Terms;
use super::{count, similar, translate};
use crate::counts::{Belongings, EXACT_UP_TO};
use crate::cursor::Cursor;
use crate::mark::Marker;
use crate::plan::Plan;
use crate::{Facet, Facets, Found, Order, Query, SearchError, SearchPage};

/// Most hits on one page.
const MOST: usize = 100;
/// Most values of a facet.
const MOST_VALUES: usize = 500;

/// A search that owns all that it needs.
pub(super) struct Asked {
    pub(super) plan: Plan,
    best: best::Ask,
    count: count::Ask,
    belongings: Belongings,
    pub(super) highlights: bool,
    pub(super) why: bool,
    /// Articles like this one, instead of those that the query finds.
    like: Option<ArticleId>,
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
            // One more tells whether there is a next page.
            best: best::Ask {
                order,
                limit: page.limit.clamp(1, MOST) + 1,
                after,
                collapse: page.collapse,
                count: EXACT_UP_TO,
            },
            count: count::Ask {
                facets: page.facets.clone(),
                histogram: page.histogram.clone(),
                most: page.facet_values.clamp(1, MOST_VALUES),
            },
            belongings: Belongings::of(catalogue, &page.facets),
            highlights: page.highlights,
            why: page.why,
            like: None,
            understood: query.understood(),
            notes,
            plan,
        })
    }

    /// The same around articles like this one.
    pub(super) fn like(mut self, article: ArticleId) -> Self {
        self.best.order = Order::Relevance;
        self.like = Some(article);
        self
    }

    fn nothing(self) -> Found {
        Found {
            hits: Vec::new(),
            total: 0,
            is_exact: true,
            next: None,
            facets: Facets(self.count.facets.into_iter().map(|facet| (facet, Vec::new())).collect()),
            histogram: None,
            as_of: Seq::START,
            understood: self.understood,
            notes: self.notes,
        }
    }
}

impl Belongings {
    fn of(catalogue: &Catalogue, facets: &[Facet]) -> Self {
        let mut belongings = Self::default();
        if facets.contains(&Facet::Country) {
            let country = |outlet: &courant_model::Outlet| Some((outlet.id.clone(), outlet.country.clone()?));
            belongings.countries = catalogue.outlets().filter_map(country).collect();
        }
        if facets.contains(&Facet::Network) {
            let mut networks: std::collections::BTreeMap<OutletId, Vec<String>> = Default::default();
            for network in catalogue.networks() {
                for member in &network.members {
                    let own = networks.entry(member.outlet.clone()).or_default();
                    // One member may have come and gone more than once.
                    if !own.iter().any(|known| known == network.id.as_str()) {
                        own.push(network.id.to_string());
                    }
                }
            }
            belongings.networks = networks.into_iter().collect();
        }
        belongings
    }
}

/// Answers `asked` from the last commit, or from the one that the page before stood on.
pub(super) fn find(place: &Place, mut asked: Asked) -> Result<Found, SearchError> {
    let Some(generation) = place.generation()? else { return Ok(asked.nothing()) };
    let (searcher, as_of) = match asked.best.after.and_then(|after| generation.searcher_at(after.as_of)) {
        Some(searcher) => searcher,
        None => {
            let (searcher, as_of) = generation.searcher();
            let moved = asked.best.after.is_some_and(|after| after.as_of != as_of);
            if moved && asked.best.order == Order::Relevance {
                asked
                    .notes
                    .push("the index has grown since the page before: a hit may come twice or be missed".to_owned());
            }
            (searcher, as_of)
        }
    };
    answered(place, &generation, (&searcher, as_of), asked, None)
}

/// Answers with articles like the one that is asked for, from the last commit.
pub(super) fn similar(place: &Place, asked: Asked) -> Result<Option<Found>, SearchError> {
    let Some(generation) = place.generation()? else { return Ok(None) };
    let (searcher, as_of) = generation.searcher();
    let engine = |error| place.engine(error);
    let fields = &generation.fields;
    let Some(article) = asked.like else { return Ok(None) };
    let Some(address) = similar::address(&searcher, fields, article).map_err(engine)? else { return Ok(None) };
    let shown = fields.shown(&searcher.doc(address).map_err(engine)?);
    let language = best::language(&searcher, address).map_err(engine)?;
    let like = similar::like(&searcher, fields, &shown, language).map_err(engine)?;
    let Some(like) = like else { return Ok(Some(asked.nothing())) };
    let other: Box<dyn tantivy::query::Query> =
        Box::new(TermQuery::new(fields.id_term(article), IndexRecordOption::Basic));
    let like = BooleanQuery::new(vec![(Occur::Must, like), (Occur::MustNot, other)]);
    answered(place, &generation, (&searcher, as_of), asked, Some(&like)).map(Some)
}

fn answered(
    place: &Place,
    generation: &Generation,
    (searcher, as_of): (&Searcher, Seq),
    asked: Asked,
    like: Option<&BooleanQuery>,
) -> Result<Found, SearchError> {
    let answer = Answer { place, generation, searcher, asked: &asked, terms: Terms::of(searcher), like };
    let engine = |error| place.engine(error);
    let counted = answer.counted().map_err(engine)?;
    let best::Ranked { mut best, total, is_exact } = answer.best(counted.is_some()).map_err(engine)?;
    let counted = counted.unwrap_or(Counted { total, is_exact, ..Counted::default() });
    let more = best.len() == asked.best.limit;
    best.truncate(asked.best.limit - 1);
    let last = best.last().filter(|_| more && like.is_none());
    let next = last.map(|last| Cursor { order: asked.best.order, rank: last.rank, article: last.article, as_of });
    if next.is_some() && asked.best.order == Order::Relevance {
        generation.hold(searcher, as_of);
    }
    let marker = Marker::new(&asked.plan);
    let hits = best.iter().map(|candidate| answer.hit(candidate, &marker)).collect::<Result<_, _>>()?;
    Ok(Found {
        hits,
        total: counted.total,
        is_exact: counted.is_exact,
        next: next.map(Cursor::to_text),
        facets: Facets(counted.facets),
        histogram: counted.histogram,
        as_of,
        understood: asked.understood,
        notes: asked.notes,
    })
}

/// What was counted, with the total told apart.
#[derive(Default)]
struct Counted {
    total: u64,
    is_exact: bool,
    facets: Vec<(Facet, Vec<crate::FacetCount>)>,
    histogram: Option<crate::Histogram>,
}

/// An answer in the making.
pub(super) struct Answer<'a> {
    pub(super) place: &'a Place,
    pub(super) generation: &'a Generation,
    pub(super) searcher: &'a Searcher,
    pub(super) asked: &'a Asked,
    terms: Terms<'a>,
    like: Option<&'a BooleanQuery>,
}

impl Answer<'_> {
    /// The best hits, and how many there are where they are not `counted` already.
    fn best(&self, counted: bool) -> tantivy::Result<best::Ranked> {
        let query = self.tree(None);
        let scoring = match self.asked.best.order {
            Order::Relevance => EnableScoring::enabled_from_searcher(self.searcher),
            _ => EnableScoring::disabled_from_searcher(self.searcher),
        };
        let ask = best::Ask { count: if counted { 0 } else { self.asked.best.count }, ..self.asked.best.clone() };
        best::best(self.searcher, query.weight(scoring)?.as_ref(), &ask)
    }

    /// Facets whose own filter is in force are counted without it, each by itself; all others together. `None`
    /// where nothing is counted by.
    fn counted(&self) -> tantivy::Result<Option<Counted>> {
        let ask = &self.asked.count;
        let (lifted, together): (Vec<Facet>, Vec<Facet>) =
            ask.facets.iter().partition(|facet| self.asked.plan.is_filtered_by(**facet));
        if ask.facets.is_empty() && ask.histogram.is_none() {
            return Ok(None);
        }
        let all = self.count(None, &count::Ask { facets: together, ..ask.clone() })?;
        let mut counted = Counted { total: all.total, is_exact: true, facets: all.facets, histogram: all.histogram };
        for facet in lifted {
            let alone = count::Ask { facets: vec![facet], histogram: None, most: ask.most };
            counted.facets.extend(self.count(Some(facet), &alone)?.facets);
        }
        counted.facets.sort_by_key(|(facet, _)| ask.facets.iter().position(|asked| asked == facet));
        Ok(Some(counted))
    }

    fn count(&self, lifted: Option<Facet>, ask: &count::Ask) -> tantivy::Result<count::Counted> {
        let weight = self.unscored(lifted)?;
        count::count(self.searcher, weight.as_ref(), ask, &self.asked.belongings, &self.place.known)
    }

    fn unscored(&self, lifted: Option<Facet>) -> tantivy::Result<Box<dyn tantivy::query::Weight>> {
        self.tree(lifted).weight(EnableScoring::disabled_from_searcher(self.searcher))
    }

    fn tree(&self, lifted: Option<Facet>) -> Box<dyn tantivy::query::Query> {
        let query = translate::query(&self.asked.plan, &self.generation.fields, &self.terms, lifted);
        match self.like {
            Some(like) => {
                Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(like.clone())), (Occur::Must, query)]))
            }
            None => query,
        }
    }
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
