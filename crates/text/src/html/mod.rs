//! Markup to facts: one DOM, one walk over it, and what the head, the structured data and the blocks
//! of text each say. What the facts mean for an article is decided in the files above this folder.

pub(crate) mod blocks;
pub(crate) mod claims;
pub(crate) mod dom;
pub(crate) mod head;
pub(crate) mod json_ld;
mod look;
pub(crate) mod microdata;
mod rows;
pub(crate) mod tokens;
