//! What went wrong with a request, as RFC 9457 tells it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A problem (RFC 9457), with the field it lies in and the mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What kind of problem, as a URI; `about:blank` means: what the status says.
    pub r#type: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What was wrong this time, with the input that was.
    pub detail: String,
    /// The parameter that the problem lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Problem {
    /// A problem of this status.
    pub fn new(status: u16, title: &str, detail: impl Into<String>) -> Self {
        Self {
            r#type: "about:blank".to_owned(),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            field: None,
            mend: None,
        }
    }

    /// The same, naming the parameter that it lies in.
    pub fn in_field(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// The same, saying what to do about it.
    pub fn mended_by(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_only_what_it_knows() {
        let bare = serde_json::to_value(Problem::new(404, "not found", "no such page")).expect("JSON");
        assert_eq!(bare["type"], "about:blank");
        assert!(bare.get("field").is_none() && bare.get("mend").is_none());
        let full =
            Problem::new(400, "bad request", "limit=x is no number").in_field("limit").mended_by("give 1 to 100");
        assert_eq!(serde_json::to_value(full).expect("JSON")["field"], "limit");
    }
}
