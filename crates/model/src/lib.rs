//! The nouns of Courant: what every other crate may speak of.
//!
//! Nothing here touches network, disk or clock, and nothing derives `Serialize`: each border (the
//! record, the index, the outside JSON) owns its own shape and converts at its edge. Read the
//! modules in this order: where something is, when it was, what it says, who said it, what happened.

mod address;
mod article;
mod catalogue;
mod change;
mod frontier;
mod host;
mod id;
mod language;
mod rights;
mod story;
mod when;
mod words;

pub use address::{CanonicalUrl, authority, canonical, canonical_spelling, origin, site};
pub use article::{
    Article, Author, Capture, Claim, Credit, Draft, Image, Link, PageKind, Rating, Reading, Revision, Translation,
};
pub use catalogue::{Catalogue, HostRule, Member, Network, Outlet, OutletOrigin, Project};
pub use change::{Change, ChangeKind, Facts};
pub use frontier::{Outcome, Polling, Quiet, Target, TargetKind, TargetState, Validators};
pub use host::{HostState, KeptFile, OriginFile, RequestLine};
pub use id::{ArticleId, IdError, NetworkId, OutletId, ProjectId, Seq, StoryId};
pub use language::{Direction, Language};
pub use rights::Rights;
pub use story::{Evidence, Placement, Story, StoryFeatures, StoryMember, Term};
pub use when::{DateSource, Dated, Precision};
pub use words::{Token, Words};
