//! TDMRep reservations of an origin (placeholder while the reader is being written).

/// What is reserved of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Whether text and data mining is reserved.
    pub reserved: bool,
    /// Where the policy is.
    pub policy: Option<String>,
    /// The pattern that said so.
    pub location: String,
}

/// All that an origin says.
#[derive(Debug, Clone, Default)]
pub struct Reservations;

impl Reservations {
    /// Reads the file.
    pub fn parse(_: &[u8]) -> Self {
        Self
    }

    /// What it says of a path.
    pub fn of(&self, _: &str) -> Option<Reservation> {
        None
    }
}
