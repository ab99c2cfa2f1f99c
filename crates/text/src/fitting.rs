//! For the command that makes the weights of the body (`scripts/body-weights`): what blocks are judged
//! by, and a reading with other weights than the shipped ones. No part of the interface.

use courant_model::Reading;
use url::Url;

use crate::body::{self, NAMES, Trees};
use crate::page::Page;
use crate::{Hints, charset, html, reading, title};

/// A block and what it is judged by.
#[derive(Debug)]
pub struct Sample {
    /// Its text.
    pub text: String,
    /// How much it says.
    pub weight: usize,
    /// In the order of [`names`].
    pub values: Vec<f32>,
}

/// What the features are called.
pub fn names() -> &'static [&'static str] {
    NAMES
}

/// All blocks of a page that are judged, and the page's `articleBody` where it has one.
pub fn samples(bytes: &[u8], url: &Url, hints: &Hints) -> (Vec<Sample>, Option<String>) {
    let tld = url.host_str().and_then(|host| host.rsplit('.').next());
    let decoded = charset::decode_html(bytes, None, tld);
    let (dom, _) = html::dom::parse(&decoded.text);
    let page = Page::of(&dom, url, hints);
    let title = title::find(&page);
    let mut samples = Vec::new();
    body::look(&page, &title, &body::Lines::of(&page, &title), |row| {
        let block = &page.blocks.blocks[row.at];
        samples.push(Sample { text: block.text.clone(), weight: block.weight, values: row.values.to_vec() });
    });
    (samples, page.structured.body)
}

/// Weights other than the shipped ones.
#[derive(Debug)]
pub struct Weights(Trees);

impl Weights {
    /// Reads a table of weights, as `data/body.trees` is one.
    ///
    /// # Errors
    /// Names the line that is no part of such a table.
    pub fn parse(table: &str) -> Result<Self, String> {
        Trees::parse(table).map(Self)
    }
}

/// [`crate::read()`] with other weights.
pub fn read(bytes: &[u8], url: &Url, hints: &Hints, weights: &Weights) -> Reading {
    reading::read_by(bytes, None, url, hints, &weights.0)
}
