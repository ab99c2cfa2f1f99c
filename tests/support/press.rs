//! What the rig prints: articles of our own words, in the markup of a news site, at a wished size.
//!
//! A page is what it says of itself (title, Open Graph, JSON-LD) and an article of some seven hundred
//! words, both its own; styles, a menu, lists of related pages and scripts stand around them, the same
//! on all pages. Everything follows from the number of host and page, so that two runs print the same.

use std::fmt::Write as _;

/// Words that sentences are made of. They mean nothing together, and are told apart by any reader.
const WORDS: &[&str] = &[
    "ledger",
    "minister",
    "company",
    "harbour",
    "invoice",
    "auditor",
    "payment",
    "account",
    "contract",
    "island",
    "lawyer",
    "document",
    "reporter",
    "transfer",
    "shipment",
    "register",
    "director",
    "signature",
    "trustee",
    "bank",
    "court",
    "witness",
    "customs",
    "licence",
    "tender",
    "village",
    "river",
    "factory",
    "pipeline",
    "warehouse",
    "regulator",
    "committee",
    "archive",
    "letter",
    "meeting",
    "spokesman",
    "agency",
    "border",
    "vessel",
    "owner",
];
const VERBS: &[&str] = &["showed", "named", "listed", "paid", "signed", "left", "moved", "kept", "sold", "denied"];
const JOINTS: &[&str] = &["of the", "for a", "near the", "with one", "by the", "after the", "before a", "against the"];

/// A press of so many pages a host, each of about so many bytes.
#[derive(Debug, Clone)]
pub struct Press {
    pages: usize,
    menu: Vec<u8>,
    foot: Vec<u8>,
}

/// A page in the order of its parts.
#[derive(Debug)]
pub struct Page<'a> {
    /// Its own: what it says of itself.
    pub head: String,
    /// Of all pages: styles and the menu.
    pub menu: &'a [u8],
    /// Its own.
    pub article: String,
    /// Of all pages: what stands after the article.
    pub foot: &'a [u8],
}

/// Numbers that look like chance and are none (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap_or_default()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

impl Press {
    /// A press of `pages` a host, each page about `bytes` long.
    pub fn new(pages: usize, bytes: usize) -> Self {
        let menu = styles() + &menu(pages);
        let own = head(&title(0, 0), "http://127.77.1.1:8000/news/0-ledger-showed-minister", &date(0)).len();
        let foot = foot(pages, bytes.saturating_sub(menu.len() + own + article(0, 0).len()));
        Self { pages, menu: menu.into_bytes(), foot: foot.into_bytes() }
    }

    /// Pages a host.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// A page of a host that is known as `place`.
    pub fn page(&self, host: usize, page: usize, place: &str) -> Page<'_> {
        Page {
            head: head(&title(host, page), &format!("http://{place}{}", self.path(host, page)), &date(page)),
            menu: &self.menu,
            article: article(host, page),
            foot: &self.foot,
        }
    }

    /// The path of a page.
    pub fn path(&self, host: usize, page: usize) -> String {
        let mut dice = Dice((host * 100_003 + page) as u64);
        format!("/news/{page}-{}-{}-{}", dice.pick(WORDS), dice.pick(VERBS), dice.pick(WORDS))
    }

    /// The front page: links to the first `pages`.
    pub fn front(&self, host: usize, pages: usize) -> String {
        let mut html =
            "<!doctype html><html lang=en><head><title>The Rig</title></head><body><h1>The Rig</h1><ul>".to_owned();
        for page in 0..pages {
            let _ = write!(html, "<li><a href=\"{}\">{}</a></li>", self.path(host, page), title(host, page));
        }
        html + "</ul></body></html>"
    }

    /// The feed: the first `pages`, and so many that robots.txt disallows.
    pub fn feed(&self, host: usize, place: &str, pages: usize, forbidden: usize) -> String {
        let mut xml = format!("<rss version=\"2.0\"><channel><title>Rig {host}</title><link>http://{place}/</link>");
        for page in 0..pages {
            let _ = write!(
                xml,
                "<item><title>{}</title><link>http://{place}{}</link></item>",
                title(host, page),
                self.path(host, page)
            );
        }
        for page in 0..forbidden {
            let _ = write!(xml, "<item><title>Private</title><link>http://{place}/private/{page}</link></item>");
        }
        xml + "</channel></rss>"
    }
}

/// What a page says of itself.
fn head(title: &str, url: &str, date: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | The Rig</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"canonical\" href=\"{url}\">\
         <meta name=\"description\" content=\"{title}: what the papers say.\">\
         <meta property=\"og:site_name\" content=\"The Rig\"><meta property=\"og:type\" content=\"article\">\
         <meta property=\"og:title\" content=\"{title}\"><meta property=\"og:url\" content=\"{url}\">\
         <meta property=\"og:description\" content=\"{title}: what the papers say.\">\
         <meta property=\"article:published_time\" content=\"{date}\"><meta name=\"author\" content=\"Ada Fictional\">\
         <script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\
         \"headline\":\"{title}\",\"datePublished\":\"{date}\",\"mainEntityOfPage\":\"{url}\",\
         \"author\":{{\"@type\":\"Person\",\"name\":\"Ada Fictional\"}},\
         \"publisher\":{{\"@type\":\"NewsMediaOrganization\",\"name\":\"The Rig\"}}}}</script>"
    )
}

/// A title, a byline, a date, some seven hundred words.
fn article(host: usize, page: usize) -> String {
    let mut dice = Dice((host * 7_919 + page) as u64);
    let (title, date) = (title(host, page), date(page));
    let mut html = format!(
        "<main><article class=\"story\"><header><h1>{title}</h1><p class=\"byline\">By Ada Fictional</p>\
         <time datetime=\"{date}\">{} October 2025</time></header><div class=\"story-body\">",
        day(page)
    );
    for number in 0..14 {
        if number % 5 == 4 {
            let _ = write!(html, "<h2>The {} and the {}</h2>", dice.pick(WORDS), dice.pick(WORDS));
        }
        html.push_str("<p>");
        for _ in 0..4 {
            html.push_str(&sentence(&mut dice));
        }
        html.push_str("</p>");
    }
    html + "</div></article></main>"
}

fn day(page: usize) -> usize {
    1 + page % 28
}

fn date(page: usize) -> String {
    format!("2025-10-{:02}T09:30:00+01:00", day(page))
}

fn title(host: usize, page: usize) -> String {
    let mut dice = Dice((host * 104_729 + page * 31) as u64);
    format!(
        "The {} {} {} {} {} number {}",
        dice.pick(WORDS),
        dice.pick(VERBS),
        dice.pick(JOINTS),
        dice.pick(WORDS),
        dice.pick(WORDS),
        host * 1000 + page
    )
}

fn sentence(dice: &mut Dice) -> String {
    let mut words = format!("The {} {}", dice.pick(WORDS), dice.pick(VERBS));
    for _ in 0..3 {
        let _ = write!(words, " {} {}", dice.pick(JOINTS), dice.pick(WORDS));
    }
    words + ". "
}

fn styles() -> String {
    let mut html = "<style>".to_owned();
    for number in 0..250 {
        let _ = write!(html, ".c{number}{{margin:{number}px auto;padding:0 {number}px;color:#{number:03}}}");
    }
    html + "</style></head><body class=\"page\">"
}

fn menu(pages: usize) -> String {
    let mut html = "<header class=\"site\"><nav class=\"menu\"><ul>".to_owned();
    for number in 0..120 {
        let _ = write!(
            html,
            "<li class=\"c{number}\"><a href=\"/\" data-n=\"{}\">{}</a></li>",
            number % pages.max(1),
            WORDS[number % WORDS.len()]
        );
    }
    html + "</ul></nav></header>"
}

/// Related pages, comments' boxes, a footer; and as much script as is missing to `bytes`.
fn foot(pages: usize, bytes: usize) -> String {
    let mut dice = Dice(42);
    let mut html = "<aside class=\"related\"><h3>Read also</h3><ul>".to_owned();
    for number in 0..150 {
        let (a, b) = (dice.pick(WORDS), dice.pick(WORDS));
        let _ = write!(
            html,
            "<li class=\"teaser c{number}\"><a href=\"/\" title=\"{a} {}\"><span class=\"kicker\">{a}</span> \
             <span class=\"headline\">The {b} and the {a}</span></a></li>",
            number % pages.max(1)
        );
    }
    html.push_str(
        "</ul></aside><section class=\"newsletter\"><form><input name=\"mail\"><button>Join</button></form></section>",
    );
    html.push_str("<footer><p>All rights reserved.</p></footer>");
    while html.len() + 2_100 < bytes {
        html.push_str("<script>window.q=window.q||[];");
        for number in 0..40 {
            let _ = write!(
                html,
                "q.push({{k:\"{}\",n:{number},v:[{},{}]}});",
                dice.pick(WORDS),
                dice.roll(1000),
                dice.roll(1000)
            );
        }
        html.push_str("</script>");
    }
    const END: &str = "</body></html>";
    // What is still missing, in one more script.
    let missing = bytes.saturating_sub(html.len() + END.len() + "<script>//</script>".len());
    let _ = write!(html, "<script>//{:.<missing$}</script>{END}", "");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_as_long_as_wished_and_each_its_own() {
        let press = Press::new(5, 142_227);
        let place = "127.77.1.1:80";
        let page = press.page(3, 4, place);
        let size = page.head.len() + page.menu.len() + page.article.len() + page.foot.len();
        assert!((141_000..143_500).contains(&size), "{size}");
        assert_eq!(page.article, press.page(3, 4, place).article, "the same in each run");
        assert_ne!(title(3, 4), title(4, 3));
        assert!(page.head.contains(&press.path(3, 4)) && page.head.contains(&title(3, 4)), "{}", page.head);
        let words = page.article.split_whitespace().count();
        assert!((500..900).contains(&words), "{words}");
        assert!(press.front(3, 5).contains(&press.path(3, 4)) && press.feed(3, place, 5, 1).contains("/private/0"));
        assert!(!press.front(3, 4).contains(&press.path(3, 4)), "only as many as were asked for");
    }
}
