//! The record, as whoever keeps it must keep it. One test story (`tests/story`) is told to
//! every implementation.
//!
//! What holds for all of it:
//! - A call that returned `Ok` is durable: it survives a killed process and a lost power supply.
//! - Every call is atomic: all of it, or nothing.
//! - `now` is an argument. The record has no clock of its own.
//! - Times are kept to the microsecond.
//! - [`Changes::changes`] never returns a row while a smaller `seq` can still appear.

use std::net::IpAddr;

use async_trait::async_trait;
use courant_model::{
    Article, ArticleId, CanonicalUrl, Change, Draft, HostState, KeptFile, OriginFile, Outcome, Outlet, OutletId,
    Placement, ProjectId, RequestLine, Revision, Seq, Story, StoryId, StoryMember, Target, TargetKind, TargetState,
};
use jiff::{SignedDuration, Timestamp};

use crate::StoreError;

/// Everything the record can do, in eight parts.
pub trait Record: Outlets + Frontier + Hosts + Articles + Relates + Changes + Stories + Locks + Send + Sync {}

impl<T: Outlets + Frontier + Hosts + Articles + Relates + Changes + Stories + Locks + Send + Sync> Record for T {}

/// Outlets that are not in the catalogue's files: added by a person, or found.
#[async_trait]
pub trait Outlets {
    /// All kept outlets, by id.
    async fn outlets(&self) -> Result<Vec<Outlet>, StoreError>;

    /// Keeps `outlet`, in place of the one with its id.
    async fn put_outlet(&self, outlet: &Outlet, now: Timestamp) -> Result<(), StoreError>;

    /// Forgets a kept outlet and what was to be visited for it. Its articles stay. Returns whether there
    /// was one.
    async fn remove_outlet(&self, id: &OutletId) -> Result<bool, StoreError>;
}

/// Which targets a worker asks for.
#[derive(Debug, Clone)]
pub struct LeaseAsk {
    /// Who asks; a name that no other living process has.
    pub worker: String,
    /// Until when the targets are that worker's own.
    pub until: Timestamp,
    /// At most so many.
    pub limit: usize,
    /// At most so many of one host, so that a batch spreads over hosts.
    pub per_host: usize,
    /// Only these outlets' targets; empty for all.
    pub outlets: Vec<OutletId>,
    /// Only feeds, sitemaps and sections.
    pub lists_only: bool,
    /// Hosts that may not be asked before this moment are passed over.
    pub rested_by: Timestamp,
    /// Hosts the worker holds already, of which it wants no more.
    pub not_hosts: Vec<String>,
}

/// Counts of the frontier, for status pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontierCount {
    /// Of what.
    pub kind: TargetKind,
    /// In which state.
    pub state: TargetState,
    /// How many.
    pub count: u64,
    /// How many of them are due.
    pub due: u64,
}

/// One host's part of the frontier, for status pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCount {
    /// Host, with its port where that is not the usual one.
    pub host: String,
    /// Targets of it that are due and that nobody holds.
    pub due: u64,
    /// Targets that a worker holds.
    pub held: u64,
}

/// How many pages of an outlet answer with something that is not for us, for status pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedCount {
    /// The outlet.
    pub outlet: OutletId,
    /// How many.
    pub count: u64,
}

/// The frontier: what to visit, when; and leases, so that many workers share it and a killed one
/// loses nothing.
#[async_trait]
pub trait Frontier {
    /// Adds the targets that are not there yet (by the key of their canonical URL). A page that
    /// is there already and is not leased keeps everything. Returns how many were new.
    async fn add_targets(&self, targets: &[Target]) -> Result<usize, StoreError>;

    /// Leases targets that are due at `now` and not leased to another: earliest due first, lists
    /// before pages. A lease that ran out counts as none.
    ///
    /// Never one of a host that another worker has claimed, nor of one that lives at an address that
    /// another has claimed (see [`Hosts::claim`]). The hosts of what is leased are the worker's from
    /// then on, as if claimed but never asked: given up without a claim, they are as they were before.
    async fn lease(&self, ask: &LeaseAsk, now: Timestamp) -> Result<Vec<Target>, StoreError>;

    /// Writes back how visits ended and gives up their leases, for visits that made no article. The
    /// end of a visit to an address that is no target changes nothing and is warned of.
    async fn finish(&self, outcomes: &[Outcome], now: Timestamp) -> Result<(), StoreError>;

    /// The target of this address, leased or not.
    async fn target(&self, url: &CanonicalUrl) -> Result<Option<Target>, StoreError>;

    /// Targets of an outlet (or of all) in `state`, last visited first.
    async fn targets(
        &self,
        outlet: Option<&OutletId>,
        state: Option<TargetState>,
        kind: Option<TargetKind>,
        limit: usize,
    ) -> Result<Vec<Target>, StoreError>;

    /// When the earliest target (or list alone) is due that nobody holds; `None` for an empty frontier.
    async fn next_due(
        &self,
        outlets: &[OutletId],
        lists_only: bool,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// Counts by kind and state.
    async fn frontier_counts(
        &self,
        outlet: Option<&OutletId>,
        now: Timestamp,
    ) -> Result<Vec<FrontierCount>, StoreError>;

    /// Gives up every lease of `worker` (at its orderly end).
    async fn release(&self, worker: &str) -> Result<(), StoreError>;

    /// Makes an outlet's targets of these kinds due at `now`, and forgets by what to recognise them
    /// as unchanged. What is leased stays as it is. Returns how many there were.
    async fn hasten(&self, outlet: &OutletId, kinds: &[TargetKind], now: Timestamp) -> Result<usize, StoreError>;

    /// The hosts of which something is due at `now` or held, most first, at most `limit`.
    async fn host_counts(&self, now: Timestamp, limit: usize) -> Result<Vec<HostCount>, StoreError>;

    /// The outlets of which pages are blocked, most first, at most `limit`.
    async fn blocked_counts(&self, limit: usize) -> Result<Vec<BlockedCount>, StoreError>;

    /// Feeds and sections that answer, but by their last visit had brought nothing new for `quiet`, or never
    /// although they were visited more than once: those that never did first, then by their last news. Not
    /// sitemaps, which may well be of a month long past.
    async fn silent_lists(&self, quiet: SignedDuration, limit: usize) -> Result<Vec<Target>, StoreError>;
}

/// What a worker claims before it asks a host.
#[derive(Debug, Clone)]
pub struct HostClaim {
    /// Who.
    pub worker: String,
    /// Host, with its port where that is not the usual one.
    pub host: String,
    /// Where it lives.
    pub address: IpAddr,
    /// The worker's own pause between two requests there.
    pub gap: SignedDuration,
    /// Until when it is the worker's, unless renewed.
    pub until: Timestamp,
}

/// Whose a host is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The worker's, with what is remembered of it.
    Yes(HostState),
    /// Another living worker has this host or address, until then at most.
    Taken {
        /// The host's or the address's name.
        name: String,
        /// The other worker.
        worker: String,
        /// The end of its claim, unless renewed.
        until: Timestamp,
    },
}

/// What politeness must remember of hosts, whatever becomes of the process that asked them: whose
/// turn it is among many workers, when a host may be asked again, the files that speak for an origin,
/// and the log of requests.
#[async_trait]
pub trait Hosts {
    /// Claims a host and its address for a worker, both or neither.
    ///
    /// A claim ends when it is given up ([`Hosts::unclaim`]), when it runs out, or when its worker
    /// is found dead. Whoever takes over a host that was not given up in order waits out its gap from
    /// `now` on, because the last request to it may have ended this moment; and [`LOST_GAP`] where
    /// no robots.txt of it was kept yet, because what it asked for was lost.
    async fn claim(&self, claim: &HostClaim, now: Timestamp) -> Result<Claimed, StoreError>;

    /// Makes all claims under which a worker may have asked last until `until`, if they would end before;
    /// of addresses, those that a host of its own was claimed at last.
    async fn renew_claims(&self, worker: &str, until: Timestamp) -> Result<(), StoreError>;

    /// Remembers these hosts and gives up the worker's claims to them, and to addresses at which
    /// none of its hosts live any more. A host that another worker took over meanwhile is left as that
    /// one knows it.
    async fn unclaim(&self, worker: &str, hosts: &[HostState]) -> Result<(), StoreError>;

    /// What is remembered of a host; its requests are counted from the log, of the day (UTC) of `now`.
    async fn host(&self, host: &str, now: Timestamp) -> Result<Option<HostState>, StoreError>;

    /// Remembers a host. Its requests are not written: the log has them.
    async fn put_host(&self, state: &HostState) -> Result<(), StoreError>;

    /// Hosts parked beyond `now` for a reason, longest first.
    async fn parked_hosts(&self, now: Timestamp) -> Result<Vec<HostState>, StoreError>;

    /// The file kept for an origin.
    async fn origin_file(&self, origin: &str, file: OriginFile) -> Result<Option<KeptFile>, StoreError>;

    /// Keeps a file of an origin.
    async fn put_origin_file(&self, file: &KeptFile) -> Result<(), StoreError>;

    /// The last requests to a host, newest first.
    async fn requests(&self, host: &str, limit: usize) -> Result<Vec<RequestLine>, StoreError>;

    /// Forgets the requests made before then. Returns how many. The one call that is not atomic: it
    /// goes in steps, so that a long log keeps no other write waiting.
    async fn forget_requests(&self, before: Timestamp) -> Result<usize, StoreError>;
}

/// How long a host rests that was first asked by a worker that died: see [`Hosts::claim`].
pub const LOST_GAP: SignedDuration = SignedDuration::from_secs(10);

/// One batch of the collect line: written whole or not at all.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Articles as read.
    pub drafts: Vec<Draft>,
    /// Addresses found gone (404, 410): an article that stands there is withdrawn.
    pub gone: Vec<CanonicalUrl>,
    /// Addresses found unchanged (304 or the same bytes): their article was seen again.
    pub unchanged: Vec<CanonicalUrl>,
    /// How the visits ended, whose leases are given up.
    pub outcomes: Vec<Outcome>,
    /// Targets that the batch's lists named.
    pub found: Vec<Target>,
    /// The requests that were made for all this, or refused, for the log of requests.
    pub requests: Vec<RequestLine>,
}

/// What became of one draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The first time it was seen.
    New(ArticleId),
    /// It says something else now.
    Revised(ArticleId),
    /// It says the same.
    Same(ArticleId),
    /// It was withdrawn and stands again.
    Returned(ArticleId),
}

impl Recorded {
    /// The article.
    pub fn id(self) -> ArticleId {
        match self {
            Self::New(id) | Self::Revised(id) | Self::Same(id) | Self::Returned(id) => id,
        }
    }
}

/// What a batch came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchReport {
    /// One for each draft, in their order.
    pub recorded: Vec<Recorded>,
    /// Articles withdrawn.
    pub withdrawn: Vec<ArticleId>,
    /// Targets that were new.
    pub found: usize,
    /// The log's last row after the batch.
    pub last: Seq,
}

/// Counts of an outlet's articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutletCount {
    /// Whose.
    pub outlet: OutletId,
    /// Articles that stand.
    pub articles: u64,
    /// The latest moment one was first seen.
    pub newest: Option<Timestamp>,
}

/// Articles and their revisions.
#[async_trait]
pub trait Articles {
    /// Writes a batch, its revisions and rows of the log, in one transaction.
    ///
    /// An article is known by any address that ever led to it. A revision is added when title,
    /// standfirst, byline or body differ from the current one *and* both were read by the same
    /// extractor version; across versions the current revision is replaced in place (a newer
    /// extractor never looks like an edit; the caller reads the kept capture again first where it has
    /// one, and puts that reading before the new draft of the same batch). Words replaced in place, and
    /// anything else known of an article that a draft says otherwise (address, outlet, language,
    /// authors, dates, section, tags, images, links, credits, claims, translations, paywall, dateline,
    /// agency, rights), are logged as `article.updated`, whose fact `changed` names the fields, unless the same draft
    /// revised the article or brought it back. That it was merely seen again is not logged.
    ///
    /// A draft seen before the current revision was (an old capture that comes late) changes nothing
    /// but the addresses, unless it is a reading of that revision's own capture. A draft seen after
    /// `now` (a clock that was wrong) counts as seen at `now`, and a revision from the future keeps
    /// nobody out.
    ///
    /// An address that another article has already stays with that one. An alias alone never leads to
    /// another outlet's article, unless that article's own address is among the draft's: a page that
    /// redirects elsewhere is an article of its own.
    async fn record(&self, batch: &Batch, now: Timestamp) -> Result<BatchReport, StoreError>;

    /// The article, `None` where there is none.
    async fn article(&self, id: ArticleId) -> Result<Option<Article>, StoreError>;

    /// The articles of these ids that exist, in the order asked.
    async fn articles(&self, ids: &[ArticleId]) -> Result<Vec<Article>, StoreError>;

    /// The article that any of its addresses names.
    async fn article_at(&self, url: &CanonicalUrl) -> Result<Option<ArticleId>, StoreError>;

    /// All addresses of an article, its first canonical URL first.
    async fn addresses(&self, id: ArticleId) -> Result<Vec<CanonicalUrl>, StoreError>;

    /// The current revision of each of these that exists, with its text, in the order asked.
    async fn texts(&self, ids: &[ArticleId]) -> Result<Vec<Revision>, StoreError>;

    /// All revisions of an article, oldest first, with their texts.
    async fn revisions(&self, id: ArticleId) -> Result<Vec<Revision>, StoreError>;

    /// Ids of articles in id order after `after`, for walks over all of the record.
    async fn article_ids(&self, after: Option<ArticleId>, limit: usize) -> Result<Vec<ArticleId>, StoreError>;

    /// Articles that link to any of these addresses.
    async fn linking_to(&self, urls: &[CanonicalUrl], limit: usize) -> Result<Vec<ArticleId>, StoreError>;

    /// Counts by outlet, of articles that are not withdrawn.
    async fn outlet_counts(&self) -> Result<Vec<OutletCount>, StoreError>;
}

/// What an article is to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relations {
    /// Whose relations these are.
    pub article: ArticleId,
    /// The original of the group of near copies it belongs to, itself where it is the original.
    pub copy_of: Option<ArticleId>,
    /// The outlets that it cites, each with the sentence that does.
    pub cites: Vec<(OutletId, String)>,
    /// The projects that it belongs to, each with the sentence that is the evidence.
    pub projects: Vec<(ProjectId, String)>,
}

/// What articles are to each other, as far as somebody found out.
#[async_trait]
pub trait Relates {
    /// Keeps these in place of what was known of each of their articles; those of articles that are not there
    /// are passed over. Where anything is otherwise than before, `article.updated` is logged, whose fact
    /// `changed` names `copies`, `cites`, `projects`. Returns the log's last row.
    async fn relate(&self, relations: &[Relations], now: Timestamp) -> Result<Seq, StoreError>;

    /// Of these articles those that have any, in the order asked.
    async fn relations(&self, ids: &[ArticleId]) -> Result<Vec<Relations>, StoreError>;
}

/// The log and the cursors over it.
#[async_trait]
pub trait Changes {
    /// Rows after `after`, in order, at most `limit`.
    async fn changes(&self, after: Seq, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// The log's last row.
    async fn last_seq(&self) -> Result<Seq, StoreError>;

    /// Where the reader called `name` stands; [`Seq::START`] for one that never moved.
    async fn cursor(&self, name: &str) -> Result<Seq, StoreError>;
}

/// One step of the curator: what it decided about the rows `from..=to`.
#[derive(Debug, Clone)]
pub struct PlacementBatch {
    /// The cursor as the curator knows it; if the record's differs, nothing is written and
    /// [`StoreError::Deposed`] is returned: another curator went on.
    pub from: Seq,
    /// Where the cursor stands afterwards.
    pub to: Seq,
    /// In the order decided.
    pub placements: Vec<Placement>,
    /// Stories whose members changed otherwise (an article revised, withdrawn, returned), whose
    /// account is to be made again.
    pub touched: Vec<StoryId>,
    /// The placer's memory at `to`, opaque, where the curator chose to keep it.
    pub snapshot: Option<Vec<u8>>,
}

/// In which order stories are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoryOrder {
    /// The one whose latest article is newest first.
    Latest,
    /// The one with most outlets, then articles, first.
    Widest,
    /// The one that changed last first.
    Changed,
}

/// Which stories are listed.
#[derive(Debug, Clone)]
pub struct StoryAsk {
    /// In which order.
    pub order: StoryOrder,
    /// Only those with at least so many articles.
    pub at_least: u32,
    /// Only those with an article in this language.
    pub language: Option<courant_model::Language>,
    /// So many are passed over.
    pub offset: usize,
    /// At most so many.
    pub limit: usize,
}

/// Stories and who stands in them.
#[async_trait]
pub trait Stories {
    /// Writes a step of the curator: memberships, story accounts, rows of the log (`story.*`) and
    /// the cursor named `place`, in one transaction. Returns the log's last row.
    ///
    /// A founded or joined article that stands in another story leaves it. A merged story's
    /// members move, its id redirects for good (redirects of redirects are flattened). The row
    /// `story.merged` names the story that ended; its fact `into` is the one that goes on.
    async fn place(&self, batch: &PlacementBatch, now: Timestamp) -> Result<Seq, StoreError>;

    /// The last kept snapshot of the placer, and the row of the log up to which it knows all
    /// placements: whoever wakes from it takes in the rows `story.*` after that one. It may stand
    /// before or after the cursor `place` (see [`Self::forget_stories`]).
    async fn snapshot(&self) -> Result<Option<(Seq, Vec<u8>)>, StoreError>;

    /// The story of this id, or the one its id redirects to.
    async fn story(&self, id: StoryId) -> Result<Option<Story>, StoreError>;

    /// The stories of these ids (redirects followed), in the order asked.
    async fn stories(&self, ids: &[StoryId]) -> Result<Vec<Story>, StoreError>;

    /// A list of stories that stand, and how many there are in all.
    async fn story_list(&self, ask: &StoryAsk) -> Result<(Vec<Story>, u64), StoreError>;

    /// The members of a story, by their articles' moments.
    async fn members(&self, id: StoryId) -> Result<Vec<StoryMember>, StoreError>;

    /// The rows of the log that concern a story or its members, newest first: its account.
    async fn story_changes(&self, id: StoryId, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// Forgets all placements, redirects, the snapshot and the cursor `place`, so that the log is
    /// read again from its start. What people decided stays.
    ///
    /// `snapshot`, the memory of a placer that remembers nothing, is kept in the same transaction at
    /// the log's last row: whoever wakes from it, even a process that was killed halfway through
    /// placing again, takes in the placements logged after the forgetting and none of those forgotten.
    async fn forget_stories(&self, snapshot: &[u8], now: Timestamp) -> Result<(), StoreError>;
}

/// A role that one process at a time may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Places articles and writes the index.
    Curator,
}

impl Role {
    /// Its name in messages and lock files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Curator => "curator",
        }
    }
}

/// Held while a role is held; dropping it gives the role up. A process that dies gives up its own.
pub trait Held: Send + Sync {}

/// Roles.
#[async_trait]
pub trait Locks {
    /// Takes `role`, or returns [`StoreError::Taken`] at once where another process holds it.
    async fn take(&self, role: Role) -> Result<Box<dyn Held>, StoreError>;

    /// Enters `worker` among the living until the returned value is dropped, and gives up the
    /// leases of workers that entered before and are living no more: a killed process's targets
    /// are free again as soon as the next one starts, instead of when their leases run out.
    async fn enter(&self, worker: &str) -> Result<Box<dyn Held>, StoreError>;
}

/// How long a worker may keep a lease before others may take its targets.
pub const LEASE: SignedDuration = SignedDuration::from_mins(10);
