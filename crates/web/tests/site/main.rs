//! The site as its readers meet it: a real record and a real index over a small planted corpus in
//! several scripts, some of it hostile, asked through the router that `courant` serves.
//!
//! `corpus` plants, `reader` asks; `api`, `pages`, `feeds` and `guards` say what must come back.

mod api;
mod corpus;
mod feeds;
mod guards;
mod health;
mod pages;
mod reader;
mod rights;
