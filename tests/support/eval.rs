//! The evaluation data, which lies outside the repository and may not be there.

use std::path::PathBuf;

/// A file below `$COURANT_EVAL` (default: `../shared/eval` beside the repository), where it is there.
/// Where it is not, `what` is named as skipped.
pub fn file(what: &str, name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("COURANT_EVAL").map_or_else(|| crate::root().join("../shared/eval"), PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    crate::skipped(what, &format!("no {} (set COURANT_EVAL to the evaluation data)", path.display()));
    None
}
