//! The claims that a page reviews, with their dates by the outlet's clock and their addresses absolute.

use courant_model::Claim;

use crate::page::Page;
use crate::published;

/// Gathers them.
pub(crate) fn find(page: &Page<'_>) -> Vec<Claim> {
    let dated = |text: &Option<String>| text.as_deref().and_then(|text| published::structured(page, text));
    let reviews = page.structured.reviews.iter().map(|review| Claim {
        claim: review.claim.clone(),
        claimant: review.claimant.clone(),
        rating: review.rating.clone(),
        url: review
            .url
            .as_deref()
            .and_then(|href| page.resolve(href))
            .filter(|url| url.scheme().starts_with("http"))
            .map(String::from),
        reviewed: dated(&review.reviewed),
        claimed: dated(&review.claimed),
    });
    reviews.collect()
}
