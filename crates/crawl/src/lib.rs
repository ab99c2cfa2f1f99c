//! Newsrooms' servers, as a welcome guest: robots files, turns, visits; what feeds and sitemaps say;
//! when to come back.
//!
//! [`Guest::visit`] is the one way to a server, and hands back everything it saw. Reading is pure:
//! bytes in, a reading with notes out, never an error. The record and the archive are unknown here:
//! what must be kept is handed back, what was kept is made known again.

pub mod discover;
mod entities;
mod feed;
mod fetch;
mod guest;
pub mod headers;
mod ledger;
mod markup;
mod politeness;
mod robots;
pub mod schedule;
mod sitemap;
pub mod tdmrep;
mod tree;
mod visit;
mod when;

pub use feed::{Entry, FeedReading, read_feed};
pub use fetch::{Ask, Exchange, fetch};
pub use guest::{Clock, Guest, Manners};
pub use ledger::{Alone, Claim, Fault, Ledger};
pub use politeness::{Answer, Ended, Hosts, NoTurn, Pace, Parked, Turn};
pub use robots::{Robots, RobotsStats, RobotsVerdict, agent_valid};
pub use sitemap::{News, SitemapEntry, SitemapReading, read_sitemap};
pub use visit::{Ending, FailureKind, FetchedFile, RefusedBy, Visit};
