//! The command line: its names, flags and help. A contract: kept stable, described in docs/CLI.md.
//!
//! Help texts are the doc comments here. What a flag means is decided in `commands`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Follows what investigative newsrooms publish, in every language they publish it.
#[derive(Debug, Parser)]
#[command(name = "courant", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    /// Settings file [default: ./courant.toml where it exists]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// The place of all data [default: the setting data_dir, courant-data]
    #[arg(long, global = true, value_name = "DIR", env = "COURANT_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Crawl the bundled newsroom on loopback and serve the site: the whole of Courant in a minute
    Demo(DemoArgs),
    /// Crawl, place, index and serve, for good
    Run(RunArgs),
    /// Serve the site and the API alone
    Serve(ServeArgs),
    /// Visit what is due, and record it
    Crawl(CrawlArgs),
    /// Place recorded articles in stories and index them
    Curate(CurateArgs),
    /// Find articles
    Search(SearchArgs),
    /// List stories, or show one
    #[command(subcommand)]
    Stories(StoriesCommand),
    /// Show what changed in an article
    Diff(DiffArgs),
    /// List outlets, or show one
    #[command(subcommand)]
    Outlets(OutletsCommand),
    /// Take in articles from files
    #[command(subcommand)]
    Import(ImportCommand),
    /// Show what Courant makes of an input, and why
    #[command(subcommand)]
    Inspect(InspectCommand),
    /// Make what is derived anew
    #[command(subcommand)]
    Rebuild(RebuildCommand),
    /// Prove that the index says what the record says
    Verify(JsonArgs),
    /// Show how the crawl, the log and the index stand
    Status(StatusArgs),
    /// Print the settings in force
    Config,
}

impl Command {
    /// Whether it only shows what is there, by asking the API in its own process.
    pub(crate) fn only_shows(&self) -> bool {
        matches!(self, Self::Search(_) | Self::Stories(_) | Self::Diff(_) | Self::Outlets(_) | Self::Status(_))
    }
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where the site listens [default: 127.0.0.1:8080, or a free port if that is taken]
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) bind: Option<SocketAddr>,
    /// Where the bundled newsroom listens [default: 127.0.0.1:8421, or a free port if that is taken]
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) newsroom: Option<SocketAddr>,
    /// End when both editions are read, instead of serving on
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Where the site listens [default: the setting serve.bind]
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) bind: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where the site listens [default: the setting serve.bind]
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) bind: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct CrawlArgs {
    /// End when nothing more is due
    #[arg(long)]
    pub(crate) once: bool,
    /// Only this outlet (may be given several times)
    #[arg(long, value_name = "ID")]
    pub(crate) outlet: Vec<String>,
    /// Back-fill: what the outlet's sitemaps date since then (2024, 2024-05 or 2024-05-31), then end
    #[arg(long, value_name = "DATE", requires = "outlet", conflicts_with = "once")]
    pub(crate) since: Option<String>,
    /// With --since: read the sitemaps, say how long the pages would take, and leave them
    #[arg(long, requires = "since")]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CurateArgs {
    /// End when all that is recorded is placed and indexed
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct JsonArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Only this host
    #[arg(long)]
    pub(crate) host: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortFlag {
    /// Best match first
    Relevance,
    /// Latest published first
    Newest,
    /// Earliest published first
    Oldest,
    /// Last changed first
    Changed,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// Words, "phrases", OR, NOT, and fields such as title: or outlet:
    #[arg(value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    /// Only of this outlet (may be given several times, as the next four)
    #[arg(long, value_name = "ID")]
    pub(crate) outlet: Vec<String>,
    /// Only of outlets of this network
    #[arg(long, value_name = "ID")]
    pub(crate) network: Vec<String>,
    /// Only of this project
    #[arg(long, value_name = "ID")]
    pub(crate) project: Vec<String>,
    /// Only in this language (fr, ar, zh, …)
    #[arg(long, value_name = "CODE")]
    pub(crate) lang: Vec<String>,
    /// Only of outlets of this country (FR, MX, …)
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Vec<String>,
    /// Published on this day or later (2021-07-19, or an RFC 3339 time)
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// Published on this day or earlier
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<String>,
    /// Only with these words in the byline
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Option<String>,
    /// Only of this story
    #[arg(long, value_name = "ID")]
    pub(crate) story: Option<String>,
    /// In which order [default: relevance; newest where no words are asked for]
    #[arg(long, value_enum)]
    pub(crate) sort: Option<SortFlag>,
    /// At most so many (1 to 100)
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) limit: u16,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Print only how many there are
    #[arg(long)]
    pub(crate) count: bool,
    /// Count by outlet, language, author, section and more as well
    #[arg(long)]
    pub(crate) facets: bool,
    /// Count over time as well
    #[arg(long, value_enum, value_name = "INTERVAL")]
    pub(crate) histogram: Option<IntervalFlag>,
    /// By the clock of this time zone (Europe/Paris) [default: UTC]
    #[arg(long, value_name = "ZONE", requires = "histogram")]
    pub(crate) zone: Option<String>,
    /// Look for words in the script that they are typed in only
    #[arg(long)]
    pub(crate) one_script: bool,
    /// Show only the best of a group of near copies
    #[arg(long)]
    pub(crate) collapse: bool,
}

/// How long the buckets of a histogram are.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum IntervalFlag {
    Hour,
    Day,
    Week,
    Month,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoriesCommand {
    /// Stories, the one with the newest article first
    List {
        /// Only with at least so many articles
        #[arg(long, default_value_t = 2)]
        at_least: u32,
        /// Only with an article in this language
        #[arg(long, value_name = "CODE")]
        lang: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: u16,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// One story: its articles in time order, and why each is there
    Show {
        /// Story id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Article id or address
    pub(crate) article: String,
    /// Revision to compare from [default: the one before]
    #[arg(long, value_name = "N")]
    pub(crate) from: Option<u32>,
    /// Revision to compare to [default: the current one]
    #[arg(long, value_name = "N")]
    pub(crate) to: Option<u32>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OutletsCommand {
    /// All outlets
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Add an outlet by its home page: its feeds and sitemaps are found, five articles shown
    Add(AddArgs),
    /// Probe an outlet step by step: names, robots.txt, each feed and sitemap, three articles
    Check {
        /// Outlet id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove an outlet that was added; its articles stay
    Remove {
        /// Outlet id
        id: String,
    },
    /// One outlet: its feeds, how its addresses stand, its newest articles
    Show {
        /// Outlet id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// Address of the home page
    #[arg(value_name = "HOMEPAGE")]
    pub(crate) homepage: String,
    /// Its id [default: its site]
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// Its name [default: as its home page says]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Its country (ISO 3166-1, two letters)
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<String>,
    /// A language it publishes in (ISO 639; may be given several times) [default: as its pages say]
    #[arg(long, value_name = "CODE")]
    pub(crate) language: Vec<String>,
    /// Show what would be added, and add nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Add it without asking
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Pages out of WARC files
    Warc {
        /// WARC files, gzipped or plain
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct BatchArgs {
    /// A file of one JSON object a line (- for standard input); answers one object a line
    #[arg(long, value_name = "FILE.jsonl", conflicts_with = "input")]
    pub(crate) batch: Option<PathBuf>,
    /// A file (- for standard input); for url and language the text itself
    #[arg(required_unless_present = "batch")]
    pub(crate) input: Option<String>,
    /// The address that the input stands for
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Print JSON (all but page and query always do)
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum InspectCommand {
    /// An HTML page, a file or an address: what it says, what was taken from where, and what was not and why
    Page(BatchArgs),
    /// A feed: its entries
    Feed(BatchArgs),
    /// A sitemap: its addresses
    Sitemap(BatchArgs),
    /// A robots.txt: what it lets be visited
    Robots(BatchArgs),
    /// An address: its canonical form, and whether it may be fetched
    Url(BatchArgs),
    /// A text: its language
    Language(BatchArgs),
    /// A date in words: its moment
    Date(BatchArgs),
    /// A query: how it is understood
    Query(BatchArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum RebuildCommand {
    /// The index, from the record, beside the live one
    Index,
    /// All stories, from the log
    Stories,
}
