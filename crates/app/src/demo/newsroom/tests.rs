//! The newsroom as a whole: every page of both editions, every behaviour that a reader of real sites meets, and the
//! gold answers beside the sources that they were made from.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{HeaderMap, HeaderValue, header};
use serde_json::Value;

use super::article::Article;
use super::page::escape as escaped;
use super::{Answer, Newsroom, sources};

const PORT: u16 = 8090;

fn newsroom(edition: u8) -> Newsroom {
    let newsroom = Newsroom::new(PORT).unwrap_or_else(|e| panic!("{e:#}"));
    newsroom.edition(edition);
    newsroom
}

fn get(newsroom: &Newsroom, site: &str, target: &str) -> Answer {
    newsroom.answer(&format!("{site}.localhost:{PORT}"), target, &HeaderMap::new())
}

fn text(answer: &Answer) -> String {
    let label = answer.header("content-type").and_then(|t| t.split_once("charset=")).map_or("utf-8", |(_, l)| l);
    decoded(answer, label)
}

fn decoded(answer: &Answer, label: &str) -> String {
    encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().decode(&answer.body).0.into_owned()
}

fn gold() -> BTreeMap<String, Value> {
    let lines = sources::text("gold.jsonl").unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| (line["url"].as_str().unwrap().to_owned(), line)).collect()
}

fn gold_url(newsroom: &Newsroom, article: &Article) -> String {
    format!("http://{}{}", newsroom.press.sites[article.site].host, article.file.path)
}

#[test]
fn gold_and_sources_name_the_same_pages() {
    let newsroom = newsroom(1);
    let mut pages: BTreeSet<String> = newsroom.press.articles.iter().map(|a| gold_url(&newsroom, a)).collect();
    for site in &newsroom.press.sites {
        let lists = site.file.lists.iter().map(|l| l.path.as_str());
        let dead = site.file.dead.iter().map(|d| d.path.as_str());
        pages.extend(lists.chain(dead).map(|path| format!("http://{}{path}", site.host)));
    }
    let answers: BTreeSet<String> = gold().into_keys().collect();
    let off: Vec<_> = pages.symmetric_difference(&answers).collect();
    assert!(off.is_empty(), "gold.jsonl is stale, run scripts/demo-gold: {off:#?}");
}

#[test]
fn gold_and_sources_agree_on_each_article() {
    let newsroom = newsroom(1);
    let gold = gold();
    for article in &newsroom.press.articles {
        let line = &gold[&gold_url(&newsroom, article)];
        let file = &article.file;
        let name = newsroom.press.name(article);
        assert_eq!(line["title"], Value::from(file.title.as_str()), "{name}");
        assert_eq!(line["standfirst"].as_str(), file.standfirst.as_deref(), "{name}");
        assert_eq!(line["authors"], Value::from(file.authors.clone()), "{name}");
        assert_eq!(line["story"], Value::from(file.story.as_str()), "{name}");
        assert_eq!(line["edition"], Value::from(file.edition), "{name}");
        assert_eq!(line["edition2"]["gone"] == true, file.edition2.as_ref().is_some_and(|c| c.gone), "{name}");
        let corrected = article.here(2).map_or(file.title.as_str(), |v| v.title);
        assert_eq!(line["edition2"]["title"].as_str().unwrap_or(&file.title), corrected, "{name}");
        let alternates: BTreeSet<String> =
            article.alternates.iter().map(|at| gold_url(&newsroom, &newsroom.press.articles[*at])).collect();
        let told = line["translations"].as_array().unwrap().iter().map(|u| u.as_str().unwrap().to_owned());
        assert_eq!(told.collect::<BTreeSet<_>>(), alternates, "{name}");
    }
}

#[test]
fn every_page_prints_what_its_file_says() {
    for edition in [1, 2] {
        let newsroom = newsroom(edition);
        for article in &newsroom.press.articles {
            let site = &newsroom.press.sites[article.site];
            let answer = get(&newsroom, &site.id, &article.path);
            let name = newsroom.press.name(article);
            let Some(version) = article.here(edition) else {
                let gone = article.file.edition2.as_ref().is_some_and(|c| c.gone);
                assert_eq!(answer.status, if gone { 410 } else { 404 }, "{name}");
                continue;
            };
            let page = decoded(&answer, site.encoding.name());
            // What a charset does not have is printed as a numeric reference.
            let prints = |words: &str| {
                let bytes = super::answer::encode(&escaped(words), site.encoding);
                page.contains(site.encoding.decode(&bytes).0.as_ref())
            };
            assert_eq!(answer.status, 200, "{name}: {page}");
            assert!(prints(&site.file.notice) || site.languages[0] != article.file.language, "{name} has no notice");
            if site.file.wall {
                assert!(!prints(version.title), "{name} lies behind a wall");
                continue;
            }
            for words in [Some(version.title), version.standfirst].into_iter().flatten() {
                assert!(prints(words), "{name} does not print {words}");
            }
            for signed in version.authors {
                assert!(prints(signed), "{name} does not print {signed}");
            }
            for image in version.images {
                assert!(prints(image.caption.as_deref().unwrap_or_default()), "{name}");
                assert!(prints(image.credit.as_deref().unwrap_or_default()), "{name}");
                let base = newsroom.press.base(site);
                assert_eq!(get(&newsroom, &site.id, &image.src).status, 200, "{base}{}", image.src);
            }
            assert!(page.contains(&format!("href=\"{}\"", escaped(&article.url))), "{name} has no canonical address");
        }
    }
}

#[test]
fn every_listing_of_every_site_answers() {
    for edition in [1, 2] {
        let newsroom = newsroom(edition);
        for site in &newsroom.press.sites {
            let lists = site.file.lists.iter().map(|l| &l.path);
            let lists = lists.chain(site.file.feeds.iter().map(|f| &f.path));
            for path in lists.chain(site.file.sitemaps.iter().map(|s| &s.path)) {
                let answer = get(&newsroom, &site.id, path);
                let page = decoded(&answer, site.encoding.name());
                assert_eq!(answer.status, 200, "{} {path}: {page}", site.id);
            }
            for list in site.file.lists.iter().filter(|l| edition == 1 && l.path != "/") {
                let page = decoded(&get(&newsroom, &site.id, &list.path), site.encoding.name());
                let listed = newsroom.press.articles.iter().filter(|a| site.id == newsroom.press.sites[a.site].id);
                let listed = listed.filter(|a| page.contains(&escaped(&a.path)));
                assert!(listed.count() > 0, "{} {} lists nothing", site.id, list.path);
            }
        }
    }
}

#[test]
fn feeds_are_what_their_formats_say() {
    let newsroom = newsroom(1);
    let feed = |site, path| text(&get(&newsroom, site, path));
    let rss = feed("lanterne", "/rss.xml");
    assert!(rss.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\""), "{rss}");
    assert!(rss.contains("?xtor=RSS-42</link>"), "{rss}");
    assert!(feed("minato-shimbun", "/index.rdf").contains("<rdf:li rdf:resource="));
    assert!(feed("morgenbote", "/atom.xml").contains("<feed xmlns=\"http://www.w3.org/2005/Atom\""));
    let json: Value = serde_json::from_str(&feed("northern-ledger", "/feed.json")).unwrap();
    assert!(json["items"].as_array().unwrap().len() > 5, "{json}");
    assert!(feed("brujula-sur", "/feed/").contains("<link>/nacional/2021/"), "relative links");
    assert!(feed("harbour-post", "/sitemaps/news.xml").contains("<news:title>"));
}

#[test]
fn legacy_charsets_are_in_the_bytes() {
    let newsroom = newsroom(1);
    let front = get(&newsroom, "nevskaya-hronika", "/");
    assert_eq!(front.header("content-type"), Some("text/html; charset=windows-1251"));
    assert!(text(&front).contains("Невская хроника") && !text(&front).contains("charset"));
    let feed = get(&newsroom, "nevskaya-hronika", "/export/rss.xml");
    assert!(text(&feed).starts_with("<?xml version=\"1.0\" encoding=\"windows-1251\"?>"));
    let front = get(&newsroom, "duna-figyelo", "/");
    assert_eq!(front.header("content-type"), Some("text/html"));
    assert!(decoded(&front, "iso-8859-2").contains("Duna Figyelő"));
    assert!(decoded(&front, "iso-8859-2").contains("charset=iso-8859-2"));
}

#[test]
fn robots_refuse_what_a_feed_lists() {
    let newsroom = newsroom(1);
    let robots = text(&get(&newsroom, "harbour-post", "/robots.txt"));
    assert!(robots.contains("User-agent: *\nDisallow: /members/\n"), "{robots}");
    assert!(text(&get(&newsroom, "harbour-post", "/rss")).contains(".localhost:8090/members/"));
    assert!(!text(&get(&newsroom, "harbour-post", "/sitemaps/news.xml")).contains("/members/"));
    assert!(text(&get(&newsroom, "lanterne", "/robots.txt")).contains("Disallow:\n"));
}

#[test]
fn a_feed_keeps_a_dead_link() {
    let newsroom = newsroom(1);
    let dead = "/tech/2021/09/logiciels-espions-exportations-europe.html";
    assert!(text(&get(&newsroom, "lanterne", "/rss.xml")).contains(dead));
    assert_eq!(get(&newsroom, "lanterne", dead).status, 404);
}

#[test]
fn an_old_address_leads_to_the_article() {
    let newsroom = newsroom(1);
    let old = get(&newsroom, "harbour-post", "/world/pegasus-macron-number-list");
    assert_eq!(old.status, 301);
    assert!(old.header("location").unwrap().starts_with("http://harbour-post.localhost:8090/world/2021/jul/"));
    assert!(text(&get(&newsroom, "harbour-post", "/rss")).contains("/world/pegasus-macron-number-list</link>"));
    assert_eq!(get(&newsroom, "brujula-sur", "/?p=20714").status, 302);
    assert_eq!(get(&newsroom, "brujula-sur", "/?p=1").status, 200);
}

#[test]
fn a_query_is_noise_and_the_page_says_so() {
    let newsroom = newsroom(1);
    let article = newsroom.press.articles.iter().find(|a| a.url.contains("lanterne")).unwrap();
    let plain = get(&newsroom, "lanterne", &article.path);
    let counted = get(&newsroom, "lanterne", &format!("{}?xtor=RSS-42", article.path));
    assert_eq!(plain.body, counted.body);
    assert!(text(&counted).contains(&format!("<link rel=\"canonical\" href=\"{}\">", escaped(&article.url))));
}

#[test]
fn a_paywall_shows_a_teaser_only() {
    let newsroom = newsroom(1);
    let walled = newsroom.press.articles.iter().filter(|a| a.file.paywalled && a.here(1).is_some());
    let mut seen = 0;
    for article in walled {
        let page = text(&get(&newsroom, &newsroom.press.sites[article.site].id, &article.path));
        let last = article.texts[0].last().unwrap().words.chars().take(40).collect::<String>();
        assert!(!page.contains(&last), "{} shows its end", article.url);
        seen += 1;
    }
    assert!(seen >= 2, "the newsroom has {seen} paywalled articles");
}

#[test]
fn the_second_edition_corrects_withdraws_and_adds() {
    let newsroom = newsroom(2);
    let articles = &newsroom.press.articles;
    assert!(articles.iter().filter(|a| a.file.edition == 2).count() >= 3);
    assert!(articles.iter().filter(|a| a.file.edition2.as_ref().is_some_and(|c| !c.gone)).count() >= 5);
    let gone = articles.iter().find(|a| a.file.edition2.as_ref().is_some_and(|c| c.gone)).unwrap();
    let site = &newsroom.press.sites[gone.site];
    assert_eq!(get(&newsroom, &site.id, &gone.path).status, 410);
    for feed in &site.file.feeds {
        assert!(!text(&get(&newsroom, &site.id, &feed.path)).contains(&gone.path));
    }
    newsroom.edition(1);
    assert_eq!(get(&newsroom, &site.id, &gone.path).status, 200);
}

#[test]
fn what_has_not_changed_is_not_sent_again_and_what_has_is() {
    let newsroom = newsroom(1);
    let pages: Vec<(String, String)> = {
        let site = |a: &Article| newsroom.press.sites[a.site].id.clone();
        newsroom.press.articles.iter().map(|a| (site(a), a.path.clone())).collect()
    };
    let mut kept = 0;
    for (site, path) in &pages {
        let first = get(&newsroom, site, path);
        let mut asked = HeaderMap::new();
        let mut copy = |from: &str, to: header::HeaderName| {
            if let Some(value) = first.header(from) {
                asked.insert(to, HeaderValue::from_str(value).unwrap());
            }
        };
        copy("etag", header::IF_NONE_MATCH);
        copy("last-modified", header::IF_MODIFIED_SINCE);
        if first.status != 200 || asked.is_empty() {
            continue;
        }
        let again = |edition| {
            newsroom.edition(edition);
            let answer = newsroom.answer(&format!("{site}.localhost"), path, &asked);
            newsroom.edition(1);
            answer
        };
        assert_eq!(again(1).status, 304, "{site}{path}");
        kept += 1;
        let article = newsroom.press.articles.iter().find(|a| a.url.ends_with(path.as_str())).unwrap();
        if article.file.edition2.as_ref().is_some_and(|c| !c.gone) {
            assert_eq!(again(2).status, 200, "{site}{path} was corrected");
        }
    }
    assert!(kept > 50, "{kept} pages have validators");
}

#[test]
fn a_strange_host_gets_the_list_of_sites() {
    let newsroom = newsroom(1);
    let roster = newsroom.answer("127.0.0.1:8090", "/", &HeaderMap::new());
    assert_eq!(roster.status, 200);
    assert!(text(&roster).contains("href=\"http://al-fanar.localhost:8090/\""), "{}", text(&roster));
    assert_eq!(newsroom.answer("evil.example", "/robots.txt", &HeaderMap::new()).status, 404);
    assert!(text(&newsroom.answer("LANTERNE.localhost.", "/", &HeaderMap::new())).contains("À la une"));
    assert_eq!(get(&newsroom, "lanterne", "/no/such/page").status, 404);
    assert_eq!(get(&newsroom, "lanterne", "//[").status, 404);
}

#[tokio::test]
async fn it_answers_on_a_socket_by_host_name() {
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(Arc::new(newsroom(1)).serve(listener, async move {
        stopped.await.ok();
    }));
    let ask = async |request: &str| {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let robots = ask("GET /robots.txt HTTP/1.1\r\nHost: harbour-post.localhost:1\r\nConnection: close\r\n\r\n").await;
    assert!(robots.starts_with("HTTP/1.1 200 OK") && robots.contains("Disallow: /members/"), "{robots}");
    let post =
        ask("POST / HTTP/1.1\r\nHost: lanterne.localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    assert!(post.starts_with("HTTP/1.1 405"), "{post}");
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
}
