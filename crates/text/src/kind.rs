//! What a page is. Only an article becomes one: walls, challenges, logins, pages that are not there,
//! lists and empty shells are told apart, each with its reason. Where it is in doubt, a page is no
//! article: it will be fetched again, while a wall in the corpus would stay.

use courant_model::{DateSource, PageKind};

use crate::body::{Body, SHORT};
use crate::fold::fold;
use crate::html::blocks::Kind;
use crate::html::dom::value_of;
use crate::html::tokens::Tokens;
use crate::lexicon::{self, Walls};
use crate::page::Page;
use crate::phrases::Phrases;
use crate::published::Dates;
use crate::script::weight;
use crate::title::Title;

/// A paragraph of an article says at least this much (see [`weight`]); lower, and it is a label.
const PARAGRAPH: usize = 40;

/// What a page is, and why, where it is no article.
pub(crate) fn of(page: &Page<'_>, title: &Title, body: &Body, dates: &Dates) -> (PageKind, Option<String>) {
    let look = Look::of(page, title, body);
    let found = look.challenge().or_else(|| look.missing()).or_else(|| look.consent()).or_else(|| look.login());
    let found = found.or_else(|| look.index(dates)).or_else(|| look.shell());
    found.map_or((PageKind::Article, None), |(kind, why)| (kind, Some(format!("{}: {why}", kind.as_str()))))
}

/// What is looked at.
struct Look<'p, 'a> {
    page: &'p Page<'a>,
    title: String,
    /// All text, folded, of a page that shows little.
    text: String,
    /// What the whole page shows.
    shown: usize,
    /// What the article says.
    said: usize,
    longest: usize,
    article: bool,
}

type Verdict = Option<(PageKind, String)>;

impl<'p, 'a> Look<'p, 'a> {
    fn of(page: &'p Page<'a>, title: &Title, body: &Body) -> Self {
        let blocks = &page.blocks.blocks;
        let weights: Vec<usize> = match body.structured.is_empty() {
            true => body
                .blocks
                .iter()
                .filter(|at| !matches!(blocks[**at].kind, Kind::Heading(_)))
                .map(|at| blocks[*at].weight)
                .collect(),
            false => body.structured.iter().map(|paragraph| weight(paragraph)).collect(),
        };
        let shown = page.blocks.weight(0..blocks.len());
        let texts = blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>();
        let text = if shown < 12_000 { fold(&texts.join(" \n ")) } else { String::new() };
        Self {
            page,
            title: fold(&format!("{} | {}", page.head.title, title.text)),
            text,
            shown,
            said: weights.iter().sum(),
            longest: weights.iter().copied().max().unwrap_or(0),
            article: page.structured.is_article || page.microdata.is_article,
        }
    }

    /// The first of the phrases that `text` holds.
    fn phrase(text: &str, pick: fn(&'static Walls) -> &'static Phrases<'static>) -> Option<&'static str> {
        pick(lexicon::walls()).first(text)
    }

    fn attribute_holds(&self, words: &[&str]) -> bool {
        self.page.blocks.parts.iter().any(|part| {
            ["id", "class", "name", "action", "src"]
                .iter()
                .filter_map(|name| value_of(part.element, name))
                .any(|value| words.iter().any(|word| value.contains(word)))
        })
    }

    fn challenge(&self) -> Verdict {
        const MARKS: &[&str] = &[
            "cf-chl",
            "challenge-form",
            "challenge-platform",
            "px-captcha",
            "datadome",
            "captcha-delivery",
            "cf-error-details",
            "ddg-captcha",
            "incapsula",
        ];
        if self.said >= 1_000 {
            return None;
        }
        let phrase = Self::phrase(&self.title, |walls| &walls.challenge)
            .or_else(|| (self.shown < 3_000).then(|| Self::phrase(&self.text, |walls| &walls.challenge)).flatten());
        if self.said < 600 && self.attribute_holds(MARKS) {
            return Some((PageKind::Challenge, "the markup of a bot challenge".to_owned()));
        }
        phrase.filter(|_| !self.article).map(|phrase| (PageKind::Challenge, format!("'{phrase}'")))
    }

    fn missing(&self) -> Verdict {
        if self.article && self.said >= SHORT {
            return None;
        }
        let in_title = Self::phrase(&self.title, |walls| &walls.missing).filter(|_| self.said < 2_000);
        let number = self
            .title
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == "404")
            .then_some("404")
            .filter(|_| self.said < 400);
        let in_text = || {
            Self::phrase(&self.text, |walls| &walls.missing)
                .filter(|_| self.said < 300 && self.shown < 4_000 && !self.article)
        };
        in_title.or(number).or_else(in_text).map(|phrase| (PageKind::SoftNotFound, format!("'{phrase}'")))
    }

    fn consent(&self) -> Verdict {
        let host_or_path = format!("{}{}", self.page.url.host_str().unwrap_or_default(), self.page.url.path());
        if self.page.url.host_str().is_some_and(|host| host.starts_with("consent."))
            || host_or_path.contains("/consent/")
        {
            return Some((PageKind::ConsentWall, "its address".to_owned()));
        }
        if self.article && self.said >= SHORT {
            return None;
        }
        let phrase = Self::phrase(&self.text, |walls| &walls.consent)
            .or_else(|| Self::phrase(&self.title, |walls| &walls.consent))?;
        let blocks = &self.page.blocks;
        let in_layers: usize =
            self.outermost(Tokens::CONSENT).map(|part| blocks.weight(blocks.parts[part].blocks.clone())).sum();
        let most = in_layers * 2 > self.shown && self.shown < 12_000 && self.said < 1_000;
        let little = self.said < 400 && self.shown < 3_000;
        (most || little).then(|| (PageKind::ConsentWall, format!("'{phrase}'")))
    }

    /// The outermost parts that are called so.
    fn outermost(&self, tokens: Tokens) -> impl Iterator<Item = usize> + '_ {
        let parts = &self.page.blocks.parts;
        let mut end = 0;
        (0..parts.len()).filter(move |at| {
            let found = *at >= end && parts[*at].tokens.meets(tokens);
            if found {
                end = parts[*at].end;
            }
            found
        })
    }

    fn login(&self) -> Verdict {
        if self.article || self.said >= 500 || self.shown >= 4_000 {
            return None;
        }
        let path = self.page.url.path().to_ascii_lowercase();
        let address = ["/login", "/signin", "/sign-in", "/anmelden", "/connexion", "/iniciar-sesion", "/account/"]
            .iter()
            .any(|part| path.contains(part));
        let phrase = Self::phrase(&self.text, |walls| &walls.login);
        match (phrase, address) {
            (Some(phrase), _) if self.said < 300 || address => Some((PageKind::Login, format!("'{phrase}'"))),
            (None, true) if self.said < 200 => Some((PageKind::Login, "its address".to_owned())),
            _ => None,
        }
    }

    /// A front page, a section, a list: evidence for and against, in points.
    fn index(&self, dates: &Dates) -> Verdict {
        let page = self.page;
        let kind = page.head.meta_value("og:type").unwrap_or_default().to_ascii_lowercase();
        let root = matches!(page.url.path(), "" | "/" | "/index.html" | "/index.php") && page.url.query().is_none();
        let listed = self.listed_titles();
        let mut points = 0i32;
        let mut why: Vec<String> = Vec::new();
        let mut weigh = |condition: bool, value: i32, reason: &str| {
            if condition {
                points += value;
                if value > 0 {
                    why.push(reason.to_owned());
                }
            }
        };
        weigh(root, 5, "the root of a site");
        weigh(page.structured.is_list, 2, "json-ld describes a list");
        weigh(kind == "website", 1, "og:type website");
        weigh(listed >= 5, 1, "titles that are links");
        weigh(listed >= 10 && self.said < 2_000, 1, "many of them");
        weigh(self.said < SHORT, 1, "little text of its own");
        weigh(self.said < 1_000 && listed * 60 > self.said, 2, "more links than text");
        weigh(dates.published.is_none(), 1, "no date");
        weigh(short_path(page), 1, "a short address");
        let told = dates.published.is_some_and(|dated| {
            matches!(dated.source, DateSource::JsonLd | DateSource::Meta | DateSource::Microdata | DateSource::Time)
        });
        weigh(told, -1, "");
        weigh(self.article, -3, "");
        weigh(kind.contains("article"), -2, "");
        weigh(self.said >= 1_500, -2, "");
        weigh(self.longest >= 200, -1, "");
        (points >= 4).then(|| (PageKind::Index, why.join(", ")))
    }

    /// How many headings, items or blocks are a link that reads like a title.
    fn listed_titles(&self) -> usize {
        let is_title = |block: &&crate::html::blocks::Block| {
            block.link_share() > 0.8
                && block.weight >= 20
                && block.text.contains([' ', '、', ',']) | (block.weight >= 30)
        };
        self.page.blocks.blocks.iter().filter(is_title).count()
    }

    fn shell(&self) -> Verdict {
        if self.title.trim_matches([' ', '|']).is_empty() {
            return Some((PageKind::Other, "no title".to_owned()));
        }
        if self.longest < PARAGRAPH {
            return Some((PageKind::Other, "no paragraph".to_owned()));
        }
        if self.page.head.refreshes && self.said < SHORT {
            return Some((PageKind::Other, "it only leads elsewhere".to_owned()));
        }
        None
    }
}

/// `/world`, `/section/news/`: no number, no slug of several words.
fn short_path(page: &Page<'_>) -> bool {
    let path = page.url.path().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let slug = last.split(['-', '_']).filter(|word| !word.is_empty()).count() >= 4;
    let number = path.bytes().filter(u8::is_ascii_digit).count() >= 3;
    let file = last.contains('.') && last.len() > 12;
    !slug && !number && !file && page.url.query().is_none() && path.matches('/').count() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hints;
    use url::Url;

    fn check(url: &str, html: &str, expected: PageKind) {
        let hints = Hints::default();
        let reading = crate::read(
            html.as_bytes(),
            Some("text/html; charset=utf-8"),
            &Url::parse(url).expect("an address"),
            &hints,
        );
        assert_eq!(reading.kind, expected, "{:?} {html:.200}", reading.notes);
        if expected != PageKind::Article {
            assert!(reading.notes.iter().any(|note| note.starts_with(expected.as_str())), "{:?}", reading.notes);
        }
    }

    const PARAGRAPH: &str =
        "A paragraph of the article that says enough to be taken for what it is, and a little more. ";

    #[test]
    fn articles_are_articles_long_and_short() {
        let url = "https://example.org/2021/07/19/a-headline-of-words";
        check(
            url,
            &format!("<title>Head</title><h1>A headline of words</h1><p>{}</p>", PARAGRAPH.repeat(5)),
            PageKind::Article,
        );
        check(url, &format!("<h1>A headline of words</h1><p>{PARAGRAPH}</p>"), PageKind::Article);
        check(
            url,
            "<html lang=zh><title>間諜軟體公司被起訴_報</title><h1>間諜軟體公司被起訴</h1><p>法院週二受理了對一家間諜軟體公司的訴訟。</p>",
            PageKind::Article,
        );
        let related: String =
            (0..25).map(|n| format!("<li><a href=/{n}>Another title of another story {n}</a></li>")).collect();
        check(
            url,
            &format!("<h1>A headline of words</h1><p>{}</p><ul>{related}</ul>", PARAGRAPH.repeat(6)),
            PageKind::Article,
        );
    }

    #[test]
    fn an_article_may_speak_of_walls() {
        let url = "https://example.org/2021/07/19/a-headline-of-words";
        let text =
            "The site said 'page not found' and asked visitors to accept all cookies; we value your privacy, it said. ";
        check(url, &format!("<h1>A headline of words</h1><p>{}</p>", text.repeat(12)), PageKind::Article);
    }

    #[test]
    fn walls_are_told_apart() {
        let url = "https://example.org/2021/07/19/a-headline-of-words";
        check(
            url,
            "<title>Just a moment...</title><h1>example.org</h1><p>Checking your browser before accessing the site, please wait.</p>",
            PageKind::Challenge,
        );
        check(
            url,
            "<title>Page not found | Outlet</title><h1>Oops</h1><p>The page you are looking for may have moved. Try the search or go back to the front page.</p>",
            PageKind::SoftNotFound,
        );
        check(
            url,
            "<title>Seite nicht gefunden</title><p>Diese Seite gibt es leider nicht mehr. Bitte nutzen Sie die Suche oder das Menü.</p>",
            PageKind::SoftNotFound,
        );
        check(
            url,
            &format!(
                "<title>Zustimmung</title><div id=cmp-container><h1>Willkommen</h1><p>Wir verwenden Cookies. {}</p></div>",
                PARAGRAPH.repeat(4)
            ),
            PageKind::ConsentWall,
        );
        check(
            "https://example.org/login?next=/a",
            "<title>Sign in</title><h1>Sign in</h1><form><input type=password></form><p>Sign in to continue reading. Forgot your password?</p>",
            PageKind::Login,
        );
    }

    #[test]
    fn lists_and_shells_are_no_articles() {
        let list: String =
            (0..12).map(|n| format!("<li><a href=/{n}>The title of story number {n}</a></li>")).collect();
        check("https://example.org/", &format!("<title>Outlet</title><h1>Outlet</h1><ul>{list}</ul>"), PageKind::Index);
        check(
            "https://example.org/world",
            &format!(
                "<title>World</title><h1>World</h1><p>All news of the world, day by day, as our desk sees it.</p><ul>{list}</ul>"
            ),
            PageKind::Index,
        );
        let teasers: String = (0..9)
            .map(|n| format!("<div><h3><a href=/{n}>The title of story number {n}</a></h3><p>{PARAGRAPH}</p></div>"))
            .collect();
        check(
            "https://example.org/politics/",
            &format!("<title>Politics</title><h1>Politics</h1>{teasers}"),
            PageKind::Index,
        );
        check(
            "https://example.org/2021/07/19/a-headline-of-words",
            "<title>Head of words</title><div id=app></div>",
            PageKind::Other,
        );
        check("https://example.org/a", "", PageKind::Other);
    }
}
