//! The corpus in and out: the one outside shape of each noun, and what can be read in.
//!
//! The API, the command line's `--json` and JSONL say the same, because all of them write these
//! types. They are made from the nouns of `model`, the rows of `store` and plain fields; they know
//! neither queries nor pages. Conventions, for all of them: times are RFC 3339 in UTC, languages
//! are ISO 639, countries ISO 3166-1, ids are as in the addresses of the site, `null` means
//! "unknown", and a field that was not asked for (an article's text in a list) is left out.
//! Reading in ([`import`]) yields items; whoever calls runs them through the line.

mod article;
mod change;
mod host;
pub mod import;
mod outlet;
mod problem;
mod revision;
mod search;
mod status;
mod story;
mod when;

pub use article::{Article, Author, Citations, Claim, Credit, Image, Link, Rights, Translation};
pub use change::{Change, Changes};
pub use host::{HostAccount, RequestLine};
pub use outlet::{Member, Network, Networks, Outlet, OutletAccount, Outlets, Project, Source};
pub use problem::Problem;
pub use revision::{Capture, Diff, DiffPart, Revision, Revisions};
pub use search::{
    Alternative, Bucket, Copy, Expanded, FacetCount, Facets, Histogram, Hit, Run, SearchAnswer, Why, runs,
};
pub use status::{AilingList, BlockedPages, BusyHost, FrontierCount, ParkedHost, Status};
pub use story::{Evidence, Stories, Story, StoryAccount, StoryMember};
pub use when::{Dated, instant};
