//! Whole pages of our own, one for each structure and script, and what no reading may choke on.

use courant_model::{DateSource, Language, PageKind, Reading};
use url::Url;

use crate::agencies::{Agencies, Agency};
use crate::{Hints, read};

fn agencies() -> Agencies {
    let agency = |name: &str, credit: &str| Agency { name: name.to_owned(), credits: vec![credit.to_owned()] };
    Agencies::new(vec![agency("Agence France-Presse", "AFP"), agency("Deutsche Presse-Agentur", "dpa")])
}

fn page(url: &str, content_type: &str, bytes: &[u8]) -> Reading {
    let hints = Hints { agencies: agencies().into(), ..Hints::default() };
    read(bytes, Some(content_type), &Url::parse(url).expect("an address"), &hints)
}

fn names(reading: &Reading) -> Vec<&str> {
    reading.authors.iter().map(|author| author.name.as_str()).collect()
}

#[test]
fn a_page_with_json_ld_is_read_whole() {
    let html = r##"<!doctype html><html lang="fr"><head><meta charset="utf-8">
<title>Amazon ferme les serveurs d'un éditeur de logiciels espions | La Lanterne</title>
<meta property="og:site_name" content="La Lanterne"><meta name="robots" content="noarchive">
<link rel="canonical" href="https://lanterne.example/tech/amazon.html">
<link rel="alternate" hreflang="en" href="https://lanterne.example/en/amazon.html">
<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Amazon ferme les serveurs d'un éditeur de logiciels espions",
"author":{"@id":"#vb"},"datePublished":"2021-07-19T18:42:00+02:00","dateModified":"2021-07-19T19:10:00+02:00","articleSection":"Tech",
"keywords":["espionnage","Amazon"],"isAccessibleForFree":false,"publisher":{"@type":"Organization","name":"La Lanterne"}},
{"@type":"Person","@id":"#vb","name":"Victoria Beurnez"}]}</script></head><body>
<nav><a href="/">Accueil</a></nav><article><h1>Amazon ferme les serveurs d'un éditeur de logiciels espions</h1>
<p class="chapo">Une ONG avait montré que le logiciel passait par ces serveurs.</p>
<p class="signature">Par Victoria Beurnez</p>
<figure><img src="/img/a.jpg"><figcaption>Le logo d'Amazon - Angela Weiss © 2019 AFP</figcaption></figure>
<div class="corps"><p>PARIS (AFP) - L'hébergeur a coupé lundi les comptes d'un éditeur, comme l'a révélé <a href="https://vice.example/motherboard/aws?utm_source=x">Vice</a> dans la journée.</p>
<h2>Un rapport technique</h2><p>L'organisation avait publié dimanche un rapport qui décrit ces serveurs, et qui a été relu par des chercheurs.</p></div></article>
<footer><p>Mentions légales</p></footer></body></html>"##;
    let reading =
        page("https://lanterne.example/tech/amazon.html?xtor=RSS-1", "text/html; charset=utf-8", html.as_bytes());
    assert_eq!(reading.kind, PageKind::Article, "{:?}", reading.notes);
    assert_eq!(reading.title, "Amazon ferme les serveurs d'un éditeur de logiciels espions");
    assert_eq!(reading.standfirst.as_deref(), Some("Une ONG avait montré que le logiciel passait par ces serveurs."));
    assert_eq!(names(&reading), ["Victoria Beurnez"]);
    assert_eq!(reading.published.map(|dated| dated.to_text()).as_deref(), Some("2021-07-19T18:42:00+02:00"));
    assert_eq!(reading.published.map(|dated| dated.source), Some(DateSource::JsonLd));
    assert_eq!(reading.modified.map(|dated| dated.to_text()).as_deref(), Some("2021-07-19T19:10:00+02:00"));
    assert_eq!(
        (reading.section.as_deref(), reading.tags.as_slice()),
        (Some("Tech"), &["espionnage".to_owned(), "Amazon".to_owned()][..])
    );
    assert_eq!(reading.language, Language::parse("fr"));
    let paragraphs: Vec<&str> = reading.body.split("\n\n").collect();
    assert_eq!(paragraphs.len(), 3, "{}", reading.body);
    assert!(paragraphs[0].starts_with("PARIS (AFP) - L'hébergeur") && paragraphs[1] == "Un rapport technique");
    assert_eq!((reading.dateline.as_deref(), reading.agency.as_deref()), (Some("PARIS"), Some("Agence France-Presse")));
    assert_eq!(reading.images.len(), 1);
    assert_eq!(reading.images[0].caption.as_deref(), Some("Le logo d'Amazon"));
    assert_eq!(reading.images[0].credit.as_deref(), Some("Angela Weiss / AFP"));
    assert_eq!(reading.links.len(), 1);
    assert_eq!(reading.links[0].url.as_str(), "https://vice.example/motherboard/aws");
    assert!(reading.links[0].sentence.as_deref().is_some_and(|sentence| sentence.contains("révélé Vice")));
    assert_eq!(reading.canonical.as_ref().map(|url| url.as_str()), Some("https://lanterne.example/tech/amazon.html"));
    assert_eq!(reading.translations.len(), 1);
    assert!(reading.paywalled && reading.rights.noarchive);
    assert_eq!(reading.site_name.as_deref(), Some("La Lanterne"));
}

#[test]
fn a_russian_page_in_windows_1251_is_read() {
    let html = "<html><head><title>Хроника: суд начал слушания</title></head><body><table><tr><td><a href=/>Политика</a></td><td>\
        <font>19 июля 2021, 18:42 | Мир</font><h1>Суд начал слушания по делу о слежке за журналистами</h1>\
        <p>Суд в Париже начал в понедельник слушания по делу о слежке за журналистами и адвокатами, сообщила прокуратура.</p>\
        <p>Компания, которая продаёт программу, отвергает обвинения и говорит, что её клиенты - только государства.</p>\
        <p align=right><i>Анна Петрова</i></p></td></tr></table></body></html>";
    let bytes = encoding_rs::WINDOWS_1251.encode(html).0.into_owned();
    let reading = page("http://hronika.example/news/1107.html", "text/html; charset=windows-1251", &bytes);
    assert_eq!((reading.kind, reading.encoding.as_str()), (PageKind::Article, "windows-1251"));
    assert_eq!(reading.title, "Суд начал слушания по делу о слежке за журналистами");
    assert_eq!(names(&reading), ["Анна Петрова"]);
    assert_eq!(reading.published.map(|dated| dated.to_text()).as_deref(), Some("2021-07-19T18:42:00Z"));
    assert_eq!(reading.language, Language::parse("ru"));
    assert_eq!(reading.body.split("\n\n").count(), 2, "{}", reading.body);
    assert_eq!(reading.section.as_deref(), Some("Мир"));
}

fn check(language: &str, html: &str, title: &str, author: &str, published: &str, first: &str) {
    let reading = page("https://outlet.example/a/1", "text/html; charset=utf-8", html.as_bytes());
    assert_eq!(reading.kind, PageKind::Article, "{:?}", reading.notes);
    assert_eq!(reading.title, title);
    assert_eq!(names(&reading), [author]);
    assert_eq!(reading.published.map(|dated| dated.to_text()).as_deref(), Some(published));
    assert_eq!(reading.language, Language::parse(language));
    assert!(reading.body.starts_with(first) && !reading.body.contains(author), "{}", reading.body);
}

#[test]
fn bare_pages_are_read_in_every_script() {
    check(
        "ar",
        "<html lang=ar dir=rtl><title>المحكمة تفتح تحقيقاً | المنارة</title><h1>المحكمة تفتح تحقيقاً في التجسس على صحافيين</h1>\
         <div>بقلم: سامر عيتاني</div><div>الاثنين ١٩ تموز ٢٠٢١ - ١٨:٤٢</div>\
         <div><p>فتحت المحكمة في باريس الاثنين تحقيقاً في التجسس على هواتف صحافيين ومحامين، بعد شكوى تقدّم بها موقع إخباري.</p>\
         <p>وتنفي الشركة المنتجة للبرنامج كل الاتهامات، وتقول إن زبائنها حكومات فقط.</p></div>",
        "المحكمة تفتح تحقيقاً في التجسس على صحافيين",
        "سامر عيتاني",
        "2021-07-19T18:42:00Z",
        "فتحت المحكمة",
    );
    check(
        "he",
        "<html lang=he dir=rtl><h1>בית המשפט פתח בחקירה על מעקב אחר עיתונאים</h1><p>מאת: דנה לוי</p><p>19 ביולי 2021, 18:42</p>\
         <div><p>בית המשפט בפריז פתח ביום שני בחקירה על מעקב אחר טלפונים של עיתונאים ועורכי דין, בעקבות תלונה של אתר חדשות.</p>\
         <p>החברה שמייצרת את התוכנה מכחישה את כל הטענות ואומרת שלקוחותיה הן מדינות בלבד.</p></div>",
        "בית המשפט פתח בחקירה על מעקב אחר עיתונאים",
        "דנה לוי",
        "2021-07-19T18:42:00Z",
        "בית המשפט בפריז",
    );
    check(
        "hi",
        "<html lang=hi><h1>अदालत ने पत्रकारों की जासूसी की जांच शुरू की</h1><div>लेखक: अनुराधा शर्मा | प्रकाशित: १९ जुलाई २०२१, १८:४२ IST</div>\
         <div><p>पेरिस की एक अदालत ने सोमवार को पत्रकारों और वकीलों के फ़ोन की जासूसी की जांच शुरू की, अभियोजक ने बताया।</p>\
         <p>सॉफ़्टवेयर बनाने वाली कंपनी सभी आरोपों से इनकार करती है और कहती है कि उसके ग्राहक केवल सरकारें हैं।</p></div>",
        "अदालत ने पत्रकारों की जासूसी की जांच शुरू की",
        "अनुराधा शर्मा",
        "2021-07-19T18:42:00+05:30",
        "पेरिस की एक अदालत",
    );
    check(
        "zh",
        "<title>法院受理對間諜軟體公司的訴訟_週報</title><h1>法院受理對間諜軟體公司的訴訟</h1><div>2021年7月19日 18:42\u{3000}記者\u{FF1A}沈硯秋</div>\
         <div id=content><p>巴黎法院週一受理了四名記者對一家間諜軟體公司的訴訟\u{FF0C}檢方說將展開調查。</p><p>該公司否認所有指控\u{FF0C}並說其客戶只有政府。</p></div>",
        "法院受理對間諜軟體公司的訴訟",
        "沈硯秋",
        "2021-07-19T18:42:00Z",
        "巴黎法院",
    );
    check(
        "ja",
        "<html lang=ja><h1>パリの裁判所、記者への監視の捜査を開始</h1><p class=date>2021年7月19日 午後6時42分</p><p class=byline>記者 山田太郎</p>\
         <div><p>パリの裁判所は月曜日、記者や弁護士の電話が監視されていたとする訴えを受け、捜査を始めたと発表した。</p><p>ソフトを作った会社はすべての疑いを否定している。</p></div>",
        "パリの裁判所、記者への監視の捜査を開始",
        "山田太郎",
        "2021-07-19T18:42:00Z",
        "パリの裁判所は",
    );
}

#[test]
fn microdata_and_a_wire_credit_are_read() {
    let html = "<html lang=de><article itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop=headline>Gericht ermittelt wegen Überwachung</h1>\
        <p itemprop=description>Vier Journalisten hatten Anzeige erstattet.</p><p>Von <span itemprop=author>Anna Weber</span> · <time itemprop=datePublished datetime='2021-07-19T18:42:00+02:00'>19. Juli 2021</time></p>\
        <div itemprop=articleBody><p>PARIS. Das Gericht hat am Montag Ermittlungen wegen der Überwachung von Telefonen aufgenommen, sagte ein Sprecher.</p>\
        <p>Die Firma weist alle Vorwürfe zurück und sagt, ihre Kunden seien nur Staaten. (dpa)</p></div></article>";
    let reading = page("https://morgenbote.example/a-1.2935120", "text/html", html.as_bytes());
    assert_eq!(names(&reading), ["Anna Weber"]);
    assert_eq!(reading.standfirst.as_deref(), Some("Vier Journalisten hatten Anzeige erstattet."));
    assert_eq!(
        (reading.dateline.as_deref(), reading.agency.as_deref()),
        (Some("PARIS"), Some("Deutsche Presse-Agentur"))
    );
    assert_eq!(reading.published.map(|dated| dated.source), Some(DateSource::Microdata));
}

#[test]
fn hostile_pages_are_read_soon_and_in_part() {
    let open = "<div>".repeat(100_000);
    let tags = "<b><i><p>".repeat(200_000);
    let attributes = format!("<p {}>", (0..100_000).map(|n| format!("a{n}=b ")).collect::<String>());
    let classes = format!("<p class='{}'>x", "related ".repeat(200_000));
    let json = format!("<script type='application/ld+json'>{}</script>", "[".repeat(500_000));
    let links = "<p><a href='/a'>A link that reads like a title</a>".repeat(20_000);
    let entities = "&amp;".repeat(500_000);
    for html in [open, tags, attributes, classes, json, links, entities] {
        let reading = page("https://outlet.example/a/1", "text/html", html.as_bytes());
        assert_ne!(reading.kind, PageKind::Article, "{:.40}", html);
    }
}

#[test]
fn garbage_and_nothing_are_read_too() {
    let noise: Vec<u8> = (0..50_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bytes in
        [&b""[..], &noise, b"\0\0\0\0", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3", b"<", b"</html>", b"\xFF\xFE", b"plain text"]
    {
        let reading = page("https://outlet.example/a/1", "application/octet-stream", bytes);
        assert_ne!(reading.kind, PageKind::Article);
        assert_eq!(reading.extractor, crate::EXTRACTOR);
    }
}
