use super::*;

fn read(text: &str) -> FeedReading {
    let url = Url::parse("https://press.example/feeds/all.xml").expect("a URL");
    read_feed(text.as_bytes(), None, &url)
}

fn only(text: &str) -> Entry {
    let mut reading = read(text);
    assert_eq!(reading.entries.len(), 1, "{text}: {:?}", reading.notes);
    reading.entries.remove(0)
}

fn when(date: Option<Dated>) -> String {
    date.map_or("none".to_owned(), |date| date.to_text())
}

#[test]
fn rss_says_what_it_says() {
    let text = "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>
        <title>Press &amp; Co</title><language>pt-BR</language><ttl>45</ttl>
        <item><title>Contas &lt;i>secretas&lt;/i> de 5 &amp;lt; 6</title><link>/a?b=1&amp;c=2</link>
        <guid isPermaLink='false'>tag:1</guid><dc:creator>Ana Reis</dc:creator><dc:creator>Rui Sá</dc:creator>
        <pubDate>Tue, 5 Oct 2021 18:00:00 +0100</pubDate><description><![CDATA[<p>Um.</p><p>Dois.</p>]]></description>
        </item></channel></rss>";
    let reading = read(text);
    assert_eq!(reading.title.as_deref(), Some("Press & Co"));
    assert_eq!(reading.language, Some(Language::parse("pt")));
    assert_eq!(reading.ttl, Some(SignedDuration::from_mins(45)));
    let entry = only(text);
    assert_eq!(entry.title.as_deref(), Some("Contas secretas de 5 < 6"));
    assert_eq!(entry.url.as_deref(), Some("https://press.example/a?b=1&c=2"));
    assert_eq!(entry.id.as_deref(), Some("tag:1"));
    assert_eq!(entry.authors, ["Ana Reis", "Rui Sá"]);
    assert_eq!(when(entry.published), "2021-10-05T18:00:00+01:00");
    assert_eq!(entry.summary.as_deref(), Some("Um. Dois."));
    assert_eq!(entry.language, Some(Language::parse("pt")));
}

#[test]
fn atom_says_what_it_says() {
    let entry = only(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de' xml:base='https://blatt.example/x/'>
        <title>Blatt</title><author><name>Redaktion</name></author><entry>
        <link rel='enclosure' href='a.mp3'/><link rel='self' href='s'/><link rel='alternate' type='text/html' href='eins'/>
        <id>urn:1</id><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Eins <b>zwei</b></div></title>
        <published>2021-07-19T08:00:00Z</published><updated>2021-07-20T08:00:00Z</updated>
        <summary type='text'>a &lt; b</summary></entry></feed>",
    );
    assert_eq!(entry.title.as_deref(), Some("Eins zwei"));
    assert_eq!(entry.url.as_deref(), Some("https://blatt.example/x/eins"));
    assert_eq!(entry.authors, ["Redaktion"]);
    assert_eq!(entry.summary.as_deref(), Some("a < b"));
    assert_eq!(
        (when(entry.published).as_str(), when(entry.updated).as_str()),
        ("2021-07-19T08:00:00Z", "2021-07-20T08:00:00Z")
    );
    assert_eq!(entry.language, Some(Language::parse("de")));
}

#[test]
fn rdf_items_stand_beside_their_channel() {
    let text = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>
        <channel rdf:about='https://a.example/'><title>A</title></channel>
        <item rdf:about='https://a.example/1'><title>One</title><link>https://a.example/1</link></item>
        <item rdf:about='https://a.example/2'><title>Two</title></item></rdf:RDF>";
    let reading = read(text);
    assert_eq!(reading.title.as_deref(), Some("A"));
    let urls: Vec<_> = reading.entries.iter().filter_map(|entry| entry.url.as_deref()).collect();
    assert_eq!(urls, ["https://a.example/1", "https://a.example/2"]);
}

#[test]
fn json_feed_says_what_it_says() {
    let entry = only(
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "J", "language": "en", "items": [
        {"id": 7, "url": "/seven", "title": "Seven &amp; eight", "authors": [{"name": "Jo"}],
         "date_published": "2026-11-20T10:00:00Z", "content_html": "<p>Text</p>"}]}"#,
    );
    assert_eq!(entry.id.as_deref(), Some("7"));
    assert_eq!(entry.url.as_deref(), Some("https://press.example/seven"));
    assert_eq!(entry.title.as_deref(), Some("Seven & eight"));
    assert_eq!(entry.summary.as_deref(), Some("Text"));
    assert_eq!(entry.authors, ["Jo"]);
}

#[test]
fn a_broken_feed_yields_what_stands() {
    let reading = read(
        "<rss><channel><title>T</title><item><title>One</title><item><title>Two & three</title><link>https://a.example/",
    );
    assert_eq!(reading.entries.len(), 2);
    assert_eq!(reading.entries[1].title.as_deref(), Some("Two & three"));
    assert_eq!(reading.entries[1].url.as_deref(), Some("https://a.example/"));
}

#[test]
fn what_is_no_feed_says_so() {
    for (text, note) in [
        ("<!doctype html><html><body>Not found</body></html>", "HTML page"),
        ("", "no elements"),
        ("<svg/>", "svg"),
        ("{\"a\": 1}", "no items"),
        ("{", "cannot read the JSON"),
        ("<rss><channel><title>Empty</title></channel></rss>", "no entries"),
    ] {
        let notes = read(text).notes.join("; ");
        assert!(notes.contains(note), "{text}: {notes}");
    }
}

#[test]
fn names_are_told_from_addresses() {
    for (text, expected) in [
        ("jo@example.org (Jo Bell)", "Jo Bell"),
        ("Jo Bell <jo@example.org>", "Jo Bell"),
        ("jo@example.org", "jo@example.org"),
        ("Jo Bell (Paris)", "Jo Bell (Paris)"),
    ] {
        let mut names = Vec::new();
        push_name(&mut names, text);
        assert_eq!(names, [expected]);
    }
}

#[test]
fn an_advertisement_says_so() {
    let marked = |entry: &str| only(entry).sponsored;
    assert!(!marked("<rss><channel><item><title>The harbour</title><category>Ports</category></item></channel></rss>"));
    for entry in [
        "<item><title>Ten mattresses</title><category>Shopping</category><category>Sponsored</category></item>",
        "<item><title>Ten mattresses</title><dc:subject>Advertorial</dc:subject></item>",
        "<entry><title>Ten mattresses</title><category term='sponsored content' label='x'/></entry>",
        "<item><title>[Sponsored] Ten mattresses</title></item>",
    ] {
        assert!(
            marked(&format!("<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>{entry}</channel></rss>")),
            "{entry}"
        );
    }
    let json = r#"{"items": [{"id": "1", "title": "Ten mattresses", "tags": ["x", "Sponsored"]}, {"id": "2", "tags": ["x"]}]}"#;
    let reading = read_feed(json.as_bytes(), None, &Url::parse("https://press.example/feed").expect("a URL"));
    assert_eq!(reading.entries.iter().map(|entry| entry.sponsored).collect::<Vec<_>>(), [true, false]);
}
