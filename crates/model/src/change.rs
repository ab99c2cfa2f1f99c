//! The log: one append-only list of what happened to articles and stories, and of what people
//! decided. A row holds ids, a kind and small facts, never text: whoever reads it takes the
//! current state from the record.

use jiff::Timestamp;

use crate::{ArticleId, Seq, StoryId};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// An article was seen for the first time.
    ArticleNew,
    /// Its title, standfirst, byline or body changed.
    ArticleRevised,
    /// What is known of it changed (its dates, rights, address, language …), or a newer extractor read
    /// its words otherwise: its words as readers see them stand, and this is never an edit. The fact
    /// `changed` names the fields.
    ArticleUpdated,
    /// The outlet took it away.
    ArticleWithdrawn,
    /// It stands again.
    ArticleReturned,
    /// Courant removed it for good, at somebody's request.
    ArticlePurged,
    /// An article founded a story.
    StoryCreated,
    /// An article joined a story.
    StoryJoined,
    /// A story was taken in by another.
    StoryMerged,
    /// A story was parted.
    StorySplit,
    /// A story's title changed.
    StoryRenamed,
    /// A person decided something: the facts say what.
    Decision,
}

impl ChangeKind {
    /// All kinds, in the order of the log's documentation.
    pub const ALL: [Self; 12] = [
        Self::ArticleNew,
        Self::ArticleRevised,
        Self::ArticleUpdated,
        Self::ArticleWithdrawn,
        Self::ArticleReturned,
        Self::ArticlePurged,
        Self::StoryCreated,
        Self::StoryJoined,
        Self::StoryMerged,
        Self::StorySplit,
        Self::StoryRenamed,
        Self::Decision,
    ];

    /// The name that the record and the outside shapes use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ArticleNew => "article.new",
            Self::ArticleRevised => "article.revised",
            Self::ArticleUpdated => "article.updated",
            Self::ArticleWithdrawn => "article.withdrawn",
            Self::ArticleReturned => "article.returned",
            Self::ArticlePurged => "article.purged",
            Self::StoryCreated => "story.created",
            Self::StoryJoined => "story.joined",
            Self::StoryMerged => "story.merged",
            Self::StorySplit => "story.split",
            Self::StoryRenamed => "story.renamed",
            Self::Decision => "decision",
        }
    }

    /// Reads what [`Self::as_str`] wrote; `decision.merge` and its kin are all [`Self::Decision`].
    pub fn parse(name: &str) -> Option<Self> {
        if name.starts_with("decision") {
            return Some(Self::Decision);
        }
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether placing reads this kind. Its own rows are not among them, so that its output never
    /// wakes it.
    pub fn concerns_placing(self) -> bool {
        matches!(
            self,
            Self::ArticleNew
                | Self::ArticleRevised
                | Self::ArticleUpdated
                | Self::ArticleWithdrawn
                | Self::ArticleReturned
                | Self::ArticlePurged
                | Self::Decision
        )
    }
}

/// Small facts of a change: `revision` = `2`, `changed` = `title body`, `into` = a story id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(pub Vec<(String, String)>);

impl Facts {
    /// No facts.
    pub fn none() -> Self {
        Self::default()
    }

    /// These facts and one more.
    #[expect(clippy::needless_pass_by_value, reason = "a chain of facts reads better with plain values")]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// The fact of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its position: rows become visible in this order, without gaps that fill later.
    pub seq: Seq,
    /// When the record was written.
    pub at: Timestamp,
    /// What happened.
    pub kind: ChangeKind,
    /// To which article.
    pub article: Option<ArticleId>,
    /// To which story.
    pub story: Option<StoryId>,
    /// Small facts.
    pub facts: Facts,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_back() {
        for kind in ChangeKind::ALL {
            assert_eq!(ChangeKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(ChangeKind::parse("decision.merge"), Some(ChangeKind::Decision));
        assert_eq!(ChangeKind::parse("article.eaten"), None);
    }

    #[test]
    fn placing_never_reads_its_own_rows() {
        assert!(!ChangeKind::StoryJoined.concerns_placing());
        assert!(ChangeKind::ArticleNew.concerns_placing());
        assert!(ChangeKind::ArticleUpdated.concerns_placing(), "links and dates decide where an article stands");
    }
}
