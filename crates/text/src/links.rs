//! Links out of the article's own text: canonical, each with its anchor and the sentence round it.

use courant_model::{CanonicalUrl, Link};

use crate::html::dom::attribute;
use crate::page::Page;
use crate::sentences;

/// More links than this make a directory.
const MOST: usize = 300;

/// Gathers the links of the kept blocks, in order; a page that is linked twice is two links, with two
/// sentences.
pub(crate) fn find(page: &Page<'_>, kept: &[usize]) -> Vec<Link> {
    let own = courant_model::canonical(page.url);
    let mut found: Vec<Link> = Vec::new();
    for at in kept {
        let block = &page.blocks.blocks[*at];
        for (range, part) in &block.links {
            let Some(href) = attribute(page.blocks.parts[*part].element, "href") else { continue };
            let Some(url) = page.resolve(href).and_then(|url| CanonicalUrl::parse(url.as_str())) else { continue };
            let is_own =
                url.key() == own.key() || page.head.canonical.as_ref().is_some_and(|own| own.key() == url.key());
            if is_own || found.len() >= MOST {
                continue;
            }
            let anchor = block.text[range.clone()].trim().replace('\n', " ");
            found.push(Link { url, anchor, sentence: sentences::around(&block.text, range) });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hints;
    use url::Url;

    #[test]
    fn links_are_absolute_and_know_their_sentence() {
        let html = "<base href='https://example.org/dir/'><p>It began. As <a href='../vice?utm_source=x#top'>Vice</a> wrote, it ended. \
                    <a href='#note'>One</a> <a href='mailto:a@example.org'>mail</a> <a href='javascript:x()'>x</a></p>";
        let (html, _) = crate::html::dom::parse(html);
        let (url, hints) = (Url::parse("https://example.org/dir/").expect("an address"), Hints::default());
        let page = Page::of(&html, &url, &hints);
        let links = find(&page, &[0]);
        assert_eq!(links.len(), 1, "{links:?}");
        assert_eq!(links[0].url.as_str(), "https://example.org/vice");
        assert_eq!(links[0].anchor, "Vice");
        assert_eq!(links[0].sentence.as_deref(), Some("As Vice wrote, it ended."));
    }
}
