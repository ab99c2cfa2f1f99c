//! Courant's index, in a folder of its own.

use std::sync::Arc;

use courant_model::{ArticleId, Catalogue, Language, OutletId, Seq};
use courant_search::contract::{Index, IndexBatch};
use courant_search::{Document, Filters, Query, SearchPage, open};
use tokio::runtime::Runtime;

pub(crate) struct Ours {
    index: Arc<dyn Index>,
    runtime: Runtime,
    _folder: tempfile::TempDir,
}

impl Ours {
    /// An index of titles, each with its language; they are numbered from 0.
    pub(crate) fn new<'a>(titles: impl Iterator<Item = (&'a str, Language)>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let index = open(&format!("tantivy:{}", folder.path().join("index").display())).expect("an index");
        let documents = titles.enumerate().map(|(at, (title, language))| document(at, title, language)).collect();
        runtime.block_on(async {
            let (mut feed, _) = index.feed().await.expect("a feed");
            feed.apply(IndexBatch { put: documents, remove: Vec::new() }, Seq(1)).await.expect("applied");
            feed.close().await.expect("closed");
        });
        Self { index, runtime, _folder: folder }
    }

    /// The numbers of all articles that `query` finds, best first.
    pub(crate) fn find(&self, query: &str, language: Option<Language>) -> Vec<usize> {
        let filters = Filters { languages: language.into_iter().collect(), ..Filters::default() };
        let mut page = SearchPage { filters, limit: 100, highlights: false, ..SearchPage::default() };
        let (query, catalogue, search) = (Query::parse(query), Catalogue::default(), self.index.search());
        let mut numbers = Vec::new();
        loop {
            let found = self.runtime.block_on(search.find(&query, &page, &catalogue)).expect("an answer");
            numbers.extend(found.hits.iter().map(|hit| number(hit.article)));
            page.after = found.next;
            if page.after.is_none() {
                return numbers;
            }
        }
    }
}

fn number(article: ArticleId) -> usize {
    article.bytes()[..4].iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn document(number: usize, title: &str, language: Language) -> Document {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&u32::try_from(number).expect("few articles").to_be_bytes());
    let moment = "2021-07-18T10:00:00Z".parse().expect("a moment");
    let document = Document::empty(ArticleId::from_bytes(bytes), OutletId::new("the-ledger"), language, moment);
    document.saying(title.to_owned(), String::new(), String::new(), "")
}
