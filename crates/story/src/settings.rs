//! The numbers that placing goes by.
//!
//! Those of the words' score were fitted on several public sets of dated, labelled headlines and
//! articles in nine languages and checked on sets never seen; after a change, score
//! `courant export stories` on such sets again, not on the demo.

/// What placing goes by. The defaults are what Courant ships.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// An article joins the best strand whose score is at least this.
    pub join: f32,
    /// Two stories of one language become one at this score of their sums.
    pub merge: f32,
    /// What each day between an article and a strand costs.
    pub day_cost: f32,
    /// Strands further away than this many days are no candidates by words.
    pub window_days: f32,
    /// Hard evidence across languages is not believed when, in a language that both sides have,
    /// the words score less than this.
    pub veto: f32,
    /// What a link between two articles of one language adds to the score of their words,
    pub link_bonus: f32,
    /// and what each of at most two documents does that both link to.
    pub shared_link_bonus: f32,
    /// All that links add to a score within a language is at most this: less than [`Self::join`],
    /// for without words links join nothing there.
    pub most_bonus: f32,
    /// Links count as evidence across languages between articles at most this many days apart,
    pub link_days: f32,
    /// and within a language, where words must agree as well, this many.
    pub tie_days: f32,
    /// Two articles in different languages are kin by their links when the cosine of what they
    /// point to (themselves, and documents outside their own host) is above this.
    pub kinship: f32,
    /// A page that more articles of one language than this link to is everybody's source, hence no
    /// evidence.
    pub link_uses: usize,
    /// Of the pairs of members of two stories, at least this share must be alike before the two
    /// are merged by words: it keeps one chain of lookalikes from growing into a giant.
    pub quorum: f32,
    /// From this cosine on, two members are alike.
    pub alike: f32,
    /// So many single articles are remembered; beyond, the ones placed longest ago are forgotten.
    /// Stories of two and more are always remembered.
    pub singles: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            join: 0.303,
            merge: 0.303,
            day_cost: 0.04,
            window_days: 14.0,
            veto: 0.2,
            link_bonus: 0.12,
            shared_link_bonus: 0.1,
            most_bonus: 0.22,
            link_days: 2.5,
            tie_days: 7.0,
            kinship: 0.45,
            link_uses: 12,
            quorum: 0.5,
            alike: 0.15,
            singles: 200_000,
        }
    }
}
