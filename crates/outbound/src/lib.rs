//! The one guarded HTTP client: every request to an address that came from a page, a feed or a
//! reader goes through here.
//!
//! Two steps that cannot be left out: [`Client::resolve`] turns a URL into addresses that the guard
//! has checked, and [`Client::send`] connects to those and no others, so that a name cannot change
//! its mind in between. Redirects are answers here: whoever follows one asks again, and is checked
//! again. No cookies, no proxies from the environment, no credentials.
//!
//! It does not know robots.txt, politeness, feeds, or why anybody asks.

mod client;
mod decode;
mod error;
mod guard;
mod places;
mod resolve;

pub use client::{Client, Config, Request, Response};
pub use error::OutboundError;
pub use guard::{Refusal, fetchable, permitted};
pub use ipnet::IpNet;
pub use places::{Place, SMALL_DECODED, SMALL_RAW};
pub use resolve::Resolved;
