//! What publishers ask of those who show their pages is kept wherever articles are listed: pages,
//! API, feeds.

use std::sync::Arc;

use courant_model::StoryId;
use courant_store::contract::Batch;
use courant_web::Site;

use crate::corpus::{ARABIC, CHINESE, Corpus, ENGLISH, FOUND, HEBREW, NOW, at, first_edition, id, plant};
use crate::reader::Reader;

/// Addresses that list the articles of the corpus' story, in every form that there is.
fn lists(corpus: &Corpus) -> Vec<String> {
    let story = corpus.story;
    let mut all: Vec<String> = ["/", "/outlets/rasad", "/outlets/guancha", "/outlets/tzofe", "/stories"]
        .into_iter()
        .map(str::to_owned)
        .collect();
    all.push(format!("/articles/{}", id(ENGLISH)));
    all.push(format!("/api/v1/articles/{}/citations", id(ENGLISH)));
    all.push(format!("/api/v1/stories/{story}"));
    all.push(format!("/stories/{story}"));
    for list in ["/search", "/projects/phones", &format!("/stories/{story}")] {
        all.extend(["atom", "rss", "json"].map(|format| format!("{list}.{format}")));
    }
    // Words of each text, so that a passage is made of it.
    for words in ["", "%D8%A2%D8%AB%D8%A7%D8%B1", "%E6%89%8B%E6%9C%BA", "%D7%A8%D7%95%D7%92%D7%9C%D7%94"] {
        all.extend(["/search", "/search.atom", "/api/v1/search"].map(|list| format!("{list}?q={words}")));
    }
    all
}

#[tokio::test]
async fn lists_show_no_more_of_a_text_than_its_publisher_allows() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let (mut arabic, mut chinese) = (0, 0);
    for address in lists(&corpus) {
        let answer = reader.get(&address).await;
        assert_eq!(answer.status, 200, "{address}");
        // Marks of what matched stand between the words.
        let shown = answer.body.replace("<mark>", "").replace("</mark>", "");
        arabic += usize::from(shown.contains("برنامج تجسس على هواتف"));
        chinese += usize::from(shown.contains("调查人员"));
        for hidden in ["صورة", "آثار برنامج", "عُثر", "调查人员在", "十部手机中"] {
            assert!(!shown.contains(hidden), "{address} shows {hidden}");
        }
    }
    assert!(arabic > 5 && chinese > 5, "lists name the articles: {arabic}, {chinese}");
    // Who asks for the article itself gets it whole.
    for (article, standfirst) in [(ARABIC, "صورة من الصحراء"), (CHINESE, "调查人员在十部手机中找到了它")]
    {
        let whole = reader.json(&format!("/api/v1/articles/{}", id(article))).await;
        assert_eq!(whole["standfirst"], standfirst);
    }
}

#[tokio::test]
async fn what_may_be_shown_no_longer_is_in_no_list() {
    let corpus = plant().await;
    let later = Site { clock: Arc::new(|| "2021-07-22T00:00:00Z".parse().expect("a time")), ..corpus.site.clone() };
    let (before, after) = (Reader::of(&corpus.site), Reader::of(&later));
    let title = "רוגלה נמצאה בטלפונים";
    let article = id(HEBREW).to_string();
    let mut named = 0;
    for address in lists(&corpus) {
        let shows = |body: &str| body.replace("<mark>", "").replace("</mark>", "").contains(title);
        named += usize::from(shows(&before.get(&address).await.body));
        let answer = after.get(&address).await;
        assert!(answer.status == 200 && !shows(&answer.body), "{address}");
        assert!(!answer.body.contains(&article), "{address}");
    }
    assert!(named > 5, "lists named it before: {named}");
}

#[tokio::test]
async fn a_story_bears_no_title_that_may_not_be_shown() {
    let corpus = plant().await;
    let mut drafts = first_edition();
    drafts.retain(|draft| [ENGLISH, FOUND].contains(&draft.url.as_str()));
    for draft in &mut drafts {
        draft.seen = "2021-07-20T12:00:00Z".parse().expect("a time");
        draft.reading.rights.noindex = true;
    }
    assert_eq!(drafts.len(), 2);
    let reader = Reader::of(&corpus.site);
    let lone = StoryId::founded_by(id(FOUND), 0);
    let (story, lone) = (format!("/api/v1/stories/{}", corpus.story), format!("/api/v1/stories/{lone}"));
    assert!(reader.json(&story).await["title"].as_str().is_some_and(|title| title.starts_with("Spyware found")));
    assert_eq!(reader.get(&lone).await.status, 200);
    let batch = Batch { drafts, ..Batch::default() };
    corpus.site.record.record(&batch, at(NOW)).await.expect("a third edition");
    assert_eq!(reader.json(&story).await["title"], "برنامج تجسس على هواتف الصحفيين");
    assert_eq!(reader.get(&lone).await.status, 404, "nothing of it may be shown");
    for address in ["/stories", "/api/v1/stories?at_least=1", "/stories.atom"] {
        let shown = reader.get(address).await.body;
        assert!(!shown.contains("Spyware found on") && !shown.contains("Titre trouv"), "{address}: {shown}");
    }
}
