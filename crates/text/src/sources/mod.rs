//! Whose work an article says that it builds on: the newsrooms that it credits, each with the sentence
//! that does. A name alone is no credit: a pattern of its language stands beside it ("as first
//! reported by Vice"), or the sentence links there from the name.
//!
//! The patterns are in `data/languages` ([`templates`]), the names an argument ([`names`]).

mod names;
mod templates;
mod tokens;

use std::collections::HashSet;
use std::ops::Range;

use courant_model::{CanonicalUrl, Credit, Language};

use crate::body::Body;
use crate::fold::fold;
use crate::html::blocks::{Block, Kind};
use crate::html::dom::attribute;
use crate::lexicon::{self, Lexicon};
use crate::newsrooms::Newsroom;
use crate::page::Page;
use crate::{sentences, title};
use names::{Found, Names};
use templates::Around;
use tokens::{Token, tokens};

pub(crate) use names::Keys;
pub(crate) use templates::{Between, Template};

/// More credits than this are a review of the press.
const MOST: usize = 100;
/// So many sentences that name somebody are looked at.
const SENTENCES: usize = 300;
/// A longer sentence is a table or a list, in bytes.
const LONGEST: usize = 1_500;

/// Finds the credits of standfirst and body.
pub(crate) fn find(page: &Page<'_>, language: Language, standfirst: Option<&str>, body: &Body) -> Vec<Credit> {
    let newsrooms = &page.hints.newsrooms;
    let blocks = body.blocks.iter().map(|at| &page.blocks.blocks[*at]).filter(|_| body.structured.is_empty());
    let blocks = blocks.filter(|block| !matches!(block.kind, Kind::Heading(_)));
    let texts = standfirst.into_iter().map(|text| (text, None));
    let texts = texts.chain(blocks.map(|block| (block.text.as_str(), Some(block))));
    let texts = texts.chain(body.structured.iter().map(|text| (text.as_str(), None)));
    let texts: Vec<_> = texts.filter(|(text, _)| newsrooms.may_be_in(text)).collect();
    if texts.is_empty() {
        return Vec::new();
    }
    let mut places = HashSet::new();
    texts.iter().for_each(|(text, _)| newsrooms.named_in(text, &mut places));
    let own = own_names(page);
    let lexicon = lexicon::of(language);
    let others = newsrooms.names_in(language, &places).filter(|(_, name)| own.is_empty() || !own.contains(&fold(name)));
    let names = Names::of(others, language, lexicon);
    let mut reader = Reader { page, language, lexicon, names: &names, found: Vec::new(), left: SENTENCES };
    texts.into_iter().for_each(|(text, block)| reader.text(text, block));
    reader.found
}

/// The names of the page's own newsroom, folded: nobody credits oneself.
fn own_names(page: &Page<'_>) -> Vec<String> {
    let own = CanonicalUrl::parse(page.url.as_str());
    let own = own.as_ref().and_then(|url| page.hints.newsrooms.at(url));
    own.into_iter().flat_map(|own| own.names.iter().map(|(_, name)| fold(name))).collect()
}

struct Reader<'a> {
    page: &'a Page<'a>,
    language: Language,
    lexicon: Option<&'static Lexicon>,
    names: &'a Names<'a>,
    found: Vec<Credit>,
    /// How many sentences may still be looked at.
    left: usize,
}

impl Reader<'_> {
    fn text(&mut self, text: &str, block: Option<&Block>) {
        for range in sentences::all(text) {
            if range.len() > LONGEST || self.left == 0 || self.found.len() >= MOST {
                continue;
            }
            // Cutting a sentence up costs more than a look.
            if !self.page.hints.newsrooms.may_be_in(&text[range.clone()]) {
                continue;
            }
            let tokens = tokens(&text[range.clone()]);
            let names = self.names.find(&tokens);
            self.left -= usize::from(!names.is_empty());
            for name in &names {
                self.credit(text, &range, &tokens, name, block);
            }
        }
    }

    fn credit(
        &mut self,
        text: &str,
        range: &Range<usize>,
        tokens: &[Token<'_>],
        name: &Found<'_>,
        block: Option<&Block>,
    ) {
        let place = range.start + tokens[name.from].start..range.start + tokens[name.to - 1].end();
        // Of editions that share a name, the one that is linked to, else the one in the text's language.
        let linked = |newsroom: &&&Newsroom| self.links_to(newsroom, range, block);
        let linked_one = name.newsrooms.iter().find(linked).copied();
        let Some(newsroom) = linked_one
            .or_else(|| name.newsrooms.iter().find(|newsroom| newsroom.languages.contains(&self.language)).copied())
            .or(name.newsrooms.first().copied())
        else {
            return;
        };
        let by_name = linked_one.is_some() && self.links_to(newsroom, &place, block);
        if !by_name && !self.is_told(tokens, name) {
            return;
        }
        let sentence = text[range.clone()].trim().replace('\n', " ");
        if self.found.iter().any(|known| known.outlet == newsroom.id && known.sentence == sentence) {
            return;
        }
        let name = text[place].to_owned();
        // The outlet may be none of the catalogue's, or under another name there.
        if title::is_site(self.page, &name) {
            return;
        }
        self.found.push(Credit { outlet: newsroom.id.clone(), name, sentence, linked: linked_one.is_some() });
    }

    /// Whether a pattern stands beside the name.
    fn is_told(&self, tokens: &[Token<'_>], name: &Found<'_>) -> bool {
        let Some(lexicon) = self.lexicon else { return false };
        let prefix = name.prefix.as_ref().map(|folded| Token {
            raw: "",
            folded: folded.clone(),
            start: tokens[name.from].start,
            tied: false,
            kind: tokens::Kind::Word,
        });
        let before = prefix.iter().chain(tokens[..name.from].iter().rev()).collect();
        let around = Around { before, behind: &tokens[name.to..] };
        lexicon.sources.iter().any(|template| around.fits(template, &lexicon.between))
    }

    /// Whether a link of `block` that touches `range` leads to the newsroom.
    fn links_to(&self, newsroom: &Newsroom, range: &Range<usize>, block: Option<&Block>) -> bool {
        let Some(block) = block else { return false };
        let touches = |link: &Range<usize>| link.start < range.end && range.start < link.end;
        block.links.iter().filter(|(link, _)| touches(link)).any(|(_, part)| {
            let href = attribute(self.page.blocks.parts[*part].element, "href");
            let url = href.and_then(|href| self.page.resolve(href)).and_then(|url| CanonicalUrl::parse(url.as_str()));
            url.and_then(|url| self.page.hints.newsrooms.at(&url)).is_some_and(|owner| owner.id == newsroom.id)
        })
    }
}

#[cfg(test)]
mod tests;
