//! What readers see: the JSON API, the pages and the feeds.
//!
//! [`site`] makes one router out of a [`Site`], the little world that handlers may ask: the record,
//! the index, the catalogue, a clock. Readers never lock and nothing here writes articles or the
//! index. Handlers have one shape: read the parameters, ask (`account`, `health`), fill the view, answer. All
//! HTML is made here, from templates that escape; how newsrooms are crawled, pages read and stories
//! made is unknown here.

mod account;
mod api;
mod ask;
mod asked;
mod assets;
mod difference;
mod fault;
mod feeds;
mod guard;
mod health;
mod pages;
mod site;
mod tongue;
mod view;
mod when;

pub use site::{Site, serve, site};
