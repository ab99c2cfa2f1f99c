//! The pages: each is there, whole, inert, and written in the language and direction of its words.

use scraper::{ElementRef, Html, Selector};

use crate::corpus::{ARABIC, CHINESE, Corpus, ENGLISH, FOUND, HEBREW, HOSTILE, WALLED, WITHDRAWN, id, plant};
use crate::reader::Reader;

fn pages(corpus: &Corpus) -> Vec<String> {
    let mut pages: Vec<String> = [
        "/",
        "/search",
        "/search?q=spyware",
        "/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E&outlet=%22%3E%3Cb%3E&from=2021&author=%27x",
        "/search?q=nothing+like+it",
        "/search?lang=ar&facets=true&limit=1",
        "/stories",
        "/stories?order=widest&at_least=1&limit=2",
        "/outlets",
        "/outlets/ledger",
        "/outlets/unlisted.example",
        "/networks/watchers",
        "/projects/phones",
        "/status",
        "/status/hosts/slow.example",
    ]
    .map(str::to_owned)
    .to_vec();
    pages.push(format!("/stories/{}", corpus.story));
    for address in [ENGLISH, ARABIC, HEBREW, CHINESE, HOSTILE, WITHDRAWN, WALLED, FOUND] {
        pages.push(format!("/articles/{}", id(address)));
        pages.push(format!("/articles/{}/revisions/1", id(address)));
        pages.push(format!("/articles/{}/diff", id(address)));
    }
    pages.push(format!("/articles/{}/diff?from=1&to=2&whole=1", id(ENGLISH)));
    pages
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join("").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn every_page_is_whole_and_loads_nothing_from_elsewhere() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for address in pages(&corpus) {
        let page = reader.page(&address).await;
        assert!(page.errors.is_empty(), "{address}: {:?}", page.errors);
        assert_eq!(all(&page, "html[lang=en][dir=ltr]").len(), 1, "{address}");
        assert_eq!(all(&page, "h1").len(), 1, "{address}");
        assert_eq!(all(&page, "main").len(), 1, "{address}");
        assert!(!text(all(&page, "title")[0]).is_empty(), "{address}");
        assert_eq!(all(&page, "script, style, iframe, object, embed, base, img, video, audio").len(), 0, "{address}");
        for element in all(&page, "[src], link[href], form[action]") {
            let value = ["src", "action", "href"].iter().find_map(|name| element.attr(name)).unwrap_or_default();
            assert!(value.starts_with('/') && !value.starts_with("//"), "{address}: {value}");
        }
        let ids: Vec<_> = all(&page, "[id]").iter().filter_map(|e| e.attr("id").map(str::to_owned)).collect();
        let distinct: std::collections::HashSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), distinct.len(), "{address}: an id stands twice in {ids:?}");
    }
}

#[tokio::test]
async fn hostile_words_stay_words() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for address in pages(&corpus) {
        let page = reader.page(&address).await;
        for element in all(&page, "*") {
            let bad = element.value().attrs().find(|(name, _)| name.starts_with("on") || *name == "style");
            assert!(bad.is_none(), "{address}: {bad:?}");
        }
        for link in all(&page, "a[href]") {
            let href = link.attr("href").unwrap_or_default();
            let inside = href.starts_with('/') && !href.starts_with("//") || href.starts_with('#');
            let outside = href.starts_with("https://") || href.starts_with("http://");
            assert!(inside || outside, "{address}: {href}");
            let guarded = link.attr("rel").is_some_and(|rel| rel.contains("noopener") && rel.contains("noreferrer"));
            assert!(inside || guarded, "{address}: {href} leads out without rel");
        }
        assert_eq!(all(&page, "b, i, svg").len(), 0, "{address}");
    }
    let page = reader.page(&format!("/articles/{}", id(HOSTILE))).await;
    assert_eq!(text(all(&page, "h1")[0]), "<script>alert('title')</script> & \"quotes\"");
}

#[tokio::test]
async fn every_run_of_words_has_its_language_and_direction() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for (address, lang, dir) in
        [(ARABIC, "ar", "rtl"), (HEBREW, "he", "rtl"), (CHINESE, "zh", "ltr"), (FOUND, "und", "auto")]
    {
        let page = reader.page(&format!("/articles/{}", id(address))).await;
        for selector in ["h1", ".text"] {
            let run = all(&page, selector)[0];
            assert_eq!((run.attr("lang"), run.attr("dir")), (Some(lang), Some(dir)), "{address} {selector}");
        }
        let found = reader.page(&format!("/search?lang={lang}")).await;
        assert_eq!(all(&found, &format!(".headline[lang={lang}][dir={dir}]")).len(), 1, "{address}");
    }
}

#[tokio::test]
async fn hits_show_what_matched_and_filters_show_their_counts() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let page = reader.page("/search?q=%D8%AA%D8%AC%D8%B3%D8%B3").await;
    assert!(all(&page, ".headline mark").iter().any(|mark| text(*mark) == "تجسس"));
    assert_eq!(all(&page, "input[name=q]")[0].attr("value"), Some("تجسس"));
    assert_eq!(text(all(&page, ".instory a")[0]), "Story: 4 articles, 4 outlets");
    let page = reader.page("/search?outlet=ledger").await;
    assert_eq!(all(&page, ".instory").len(), 1, "a story of one article is none worth telling of");
    let chosen = all(&page, ".facet a[aria-current]");
    assert_eq!(text(chosen[0]), "The <i>Ledger</i>");
    assert_eq!(chosen[0].attr("href"), Some("/search"), "chosen again, it is taken away");
    assert_eq!(all(&page, ".chips li").len(), 1);
    assert_eq!(all(&page, "input[type=hidden][name=outlet][value=ledger]").len(), 1, "the form keeps it");
    let page = reader.page("/search?limit=3").await;
    let next = all(&page, "a[rel=next]")[0].attr("href").unwrap_or_default().to_owned();
    assert!(next.contains("cursor="), "{next}");
    let page = reader.page(&next).await;
    assert_eq!(all(&page, ".entries > li").len(), 3);
    let feed = all(&page, "link[type='application/atom+xml']")[0].attr("href").unwrap_or_default();
    assert!(!feed.contains("cursor="), "a feed begins at its start: {feed}");
}

#[tokio::test]
async fn a_story_is_told_by_days_with_reasons_and_feeds() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let page = reader.page(&format!("/stories/{}", corpus.story)).await;
    let days: Vec<String> = all(&page, ".day h2").into_iter().map(text).collect();
    assert_eq!(days, ["18 July 2021", "19 July 2021", "20 July 2021"]);
    assert_eq!(all(&page, ".badge.first").len(), 1);
    let reasons = text(all(&page, ".why")[0]);
    assert!(reasons.contains("ledger.example/spyware"), "{reasons}");
    let told = all(&page, ".follow")[0];
    assert!(text(told).contains(&format!("http://127.0.0.1:8080/stories/{}.atom", corpus.story)));
    let merged = reader.get(&format!("/stories/{}", corpus.merged)).await;
    assert_eq!(
        (merged.status.as_u16(), merged.header("location")),
        (308, format!("/stories/{}", corpus.story).as_str())
    );
    let merged = reader.get(&format!("/stories/{}.atom", corpus.merged)).await;
    assert_eq!(merged.header("location"), format!("/stories/{}.atom", corpus.story));
}

#[tokio::test]
async fn no_words_are_shown_where_the_publisher_wants_none() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let arabic = "صورة من الصحراء";
    let list = reader.get(&format!("/stories/{}", corpus.story)).await.body;
    assert!(!list.contains(arabic) && list.contains("Seventeen newsrooms looked together."));
    let feed = reader.get(&format!("/stories/{}.atom", corpus.story)).await.body;
    assert!(!feed.contains(arabic) && feed.contains("Seventeen newsrooms looked together."));
}

#[tokio::test]
async fn an_article_leads_to_its_source_and_tells_what_changed() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let english = id(ENGLISH);
    let page = reader.page(&format!("/articles/{english}")).await;
    assert_eq!(all(&page, ".source a")[0].attr("href"), Some(ENGLISH));
    assert!(text(all(&page, ".dates")[0]).contains("18 July 2021, 18:00 UTC+2 to the minute, from the page’s JSON-LD"));
    assert!(all(&page, ".diff ins").iter().any(|ins| text(*ins) == "added: journalists"));
    assert!(all(&page, ".diff del").iter().any(|del| text(*del) == "removed: reporters"));
    assert_eq!(all(&page, &format!("a[href='/articles/{}']", id(ARABIC))).len(), 2, "translation and story-mate");
    let page = reader.page(&format!("/articles/{english}/diff")).await;
    assert_eq!(all(&page, ".gap").len(), 1, "what stayed the same is left out");
    let page = reader.page(&format!("/articles/{english}/diff?whole=1")).await;
    assert_eq!(all(&page, ".gap").len(), 0);
    let page = reader.page(&format!("/articles/{english}/revisions/1")).await;
    assert!(text(all(&page, ".text")[0]).contains("on ten telephones"));
    let page = reader.page(&format!("/articles/{}", id(WITHDRAWN))).await;
    assert!(text(all(&page, ".notice.warn")[0]).starts_with("Withdrawn."));
    let page = reader.page(&format!("/articles/{}", id(WALLED))).await;
    assert!(all(&page, ".kicker .badge").iter().any(|badge| text(*badge) == "paywall"));
}

#[tokio::test]
async fn outlets_tell_how_their_sources_stand() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    let page = reader.page("/outlets/ledger").await;
    let words = text(all(&page, "main")[0]);
    assert!(words.contains("not visited yet") && words.contains("consent-wall"), "{words}");
    assert!(!words.contains("javascript:"), "no such home page");
    let page = reader.page("/status").await;
    assert!(text(all(&page, "main")[0]).contains("answered 503 <twice>"));
}

#[tokio::test]
async fn a_demonstration_says_so_on_every_page() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for address in ["/", "/search", "/nowhere"] {
        assert!(reader.get(address).await.body.contains("This is a demonstration."), "{address}");
    }
    let real = courant_web::Site { demonstration: false, ..corpus.site.clone() };
    assert!(!Reader::of(&real).get("/").await.body.contains("demonstration"));
}

#[tokio::test]
async fn what_goes_wrong_is_told_on_a_page() {
    let corpus = plant().await;
    let reader = Reader::of(&corpus.site);
    for (address, status) in [
        ("/nowhere", 404),
        ("/articles/zz", 404),
        ("/stories/zz.atom", 404),
        ("/outlets/%3Cb%3E", 404),
        ("/networks/x", 404),
        ("/search?lang=klingon", 400),
        ("/search?limit=x", 400),
        ("/articles/%FF", 400),
    ] {
        let answer = reader.get(address).await;
        assert_eq!(answer.status, status, "{address}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{address}");
        let page = Html::parse_document(&answer.body);
        assert_eq!(all(&page, ".fault h1").len(), 1, "{address}");
        assert_eq!(all(&page, ".fault b").len(), 0, "{address}");
    }
    reader.page("/search?q=spyware&utm_source=newsletter").await;
}
